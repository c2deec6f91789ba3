/** The checks at the pool's door: the costly ones in threads, a bounded number at a time. */
import { sameBytes } from '../../../primitives/crypto/bytes.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import type { ChainRuntime, Host, TransactionSource, Validation, VerifyTask } from '../../base/runtime.ts';
import type { HexHash, Verifier } from '../../base/types.ts';
import type { Chain } from '../chain.ts';
import { Checking } from './checking.ts';

export interface DoorParts {
  readonly chain: Chain;
  readonly runtime: ChainRuntime;
  readonly verifier: Verifier & Host;
}

export type Valid = Extract<Validation, { valid: unknown }>;

export interface Passage<T> {
  /** Why a transaction could not enter though its checks succeed; undefined if it could. Changes nothing: nobody has shown who sent it. */
  refuse(hoped: Valid): T | undefined;
  enter(validation: Validation): T;
}

/** Takes every check for passed: what is left to refuse a transaction is cheap. */
const BELIEVING: Host = { verify: () => true };

/** Checks whose first part is the signer. */
const SIGNATURES: ReadonlySet<VerifyTask['kind']> = new Set(['sr25519', 'ed25519', 'ecdsa']);

export class Door {
  readonly #parts: DoorParts;
  readonly #checking = new Checking();

  constructor(parts: DoorParts) {
    this.#parts = parts;
  }

  /** Whether a transaction is being checked. */
  has(hash: HexHash): boolean {
    return this.#checking.has(hash);
  }

  /**
   * Has a transaction's checks carried out and then runs `enter`, on one and the same best block as its last validation. What is refused however its checks
   * end is refused before any: by the state, or by `refuse`, which hears how it would be judged if they succeed. Undefined if too many are being checked.
   */
  pass<T>(
    hash: HexHash,
    bytes: Uint8Array,
    source: TransactionSource,
    { refuse, enter }: Passage<T>,
  ): Promise<T | undefined> {
    return this.#checking.run(hash, bytes.length, async () => {
      const { chain, runtime, verifier } = this.#parts;
      const best = chain.best().hash;
      const hoped = runtime.validate(chain.state(best)!, fromHex(best), source, bytes, BELIEVING);
      const refused = 'valid' in hoped ? refuse(hoped) : enter(hoped);
      if (refused !== undefined) return refused;
      const [first, ...others] = runtime.tasks(chain.state(best)!, fromHex(best), bytes);
      const rest = others.filter((task) => first && !isSameTask(task, first));
      const verify = (task: VerifyTask): Promise<unknown> => verifier.verify([task], 'patient');
      if (first && !(await this.#checking.verify(first, verify))) return undefined;
      // The first check admits the transaction. What its calls ask for besides is worth doing for one that can be in a block and pays.
      if (rest.length > 0 && 'valid' in this.validate(bytes, source)) await verifier.verify(rest, 'patient');
      return enter(this.validate(bytes, source));
    });
  }

  /** The account or key that signed a transaction, in hex; undefined if it bears no signature of one. */
  signer(bytes: Uint8Array): string | undefined {
    const { chain, runtime } = this.#parts;
    const best = chain.best().hash;
    const [first] = runtime.tasks(chain.state(best)!, fromHex(best), bytes);
    return first && SIGNATURES.has(first.kind) ? toHex(first.parts[0]!) : undefined;
  }

  /** Judges a transaction on the state of a block, the best one if none is named. */
  validate(bytes: Uint8Array, source: TransactionSource, at = this.#parts.chain.best().hash): Validation {
    const { chain, runtime, verifier } = this.#parts;
    return runtime.validate(chain.state(at)!, fromHex(at), source, bytes, verifier);
  }
}

/** A post's signature is asked for at the door and declared by the call. */
function isSameTask(a: VerifyTask, b: VerifyTask): boolean {
  return (
    a.kind === b.kind && a.parts.length === b.parts.length && a.parts.every((part, i) => sameBytes(part, b.parts[i]!))
  );
}
