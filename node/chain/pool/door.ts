/** The checks at the pool's door: the costly ones in threads, a bounded number at a time. */
import { sameBytes } from '../../../primitives/crypto/bytes.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import type { ChainRuntime, Host, TransactionSource, Validation, VerifyTask } from '../../base/runtime.ts';
import type { Giver } from '../../base/givers.ts';
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

/** What is brought to the door, by whom. */
export interface Offer {
  readonly hash: HexHash;
  readonly bytes: Uint8Array;
  readonly source: TransactionSource;
  readonly giver: Giver;
}

/** Takes every check for passed, and notes it: what is left to refuse a transaction is cheap. */
const believing = (asked: VerifyTask[]): Host => ({
  believes: true,
  verify(task) {
    asked.push(task);
    return true;
  },
});

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
   * end is refused before any: by the state, or by `refuse`, which hears how it would be judged if they succeed. Undefined if too much of its giver is being checked.
   */
  pass<T>({ hash, bytes, source, giver }: Offer, { refuse, enter }: Passage<T>): Promise<T | undefined> {
    return this.#checking.run(hash, bytes.length, giver, async () => {
      const { chain, runtime, verifier } = this.#parts;
      const best = chain.best().hash;
      const asked: VerifyTask[] = [];
      const hoped = runtime.validate(chain.state(best)!, fromHex(best), source, bytes, believing(asked));
      const refused = 'valid' in hoped ? refuse(hoped) : enter(hoped);
      if (refused !== undefined) return refused;
      const [first, ...rest] = asked;
      if (first !== undefined) {
        const check = async (task: VerifyTask): Promise<boolean> => (await verifier.verify([task], giver))[0] === true;
        const holds = await this.#checking.verify(first, giver, check);
        if (holds === undefined) return undefined;
        if (holds && rest.length > 0) await verifier.verify(rest, giver);
      }
      const judged = this.validate(bytes, source);
      if (!('valid' in judged)) return enter(judged);
      // Now it is one that can be in a block: what its calls ask for besides is worked out, and worth doing.
      const others = this.#tasks(bytes).filter((task) => !asked.some((known) => isSameTask(task, known)));
      if (others.length === 0) return enter(judged);
      await verifier.verify(others, giver);
      return enter(this.validate(bytes, source));
    });
  }

  /** The account or key that signed a transaction, in hex; undefined if it bears no signature of one. */
  signer(bytes: Uint8Array): string | undefined {
    const [first] = this.#tasks(bytes);
    return first && SIGNATURES.has(first.kind) ? toHex(first.parts[0]!) : undefined;
  }

  /** Judges a transaction on the state of a block, the best one if none is named. */
  validate(bytes: Uint8Array, source: TransactionSource, at = this.#parts.chain.best().hash): Validation {
    const { chain, runtime, verifier } = this.#parts;
    return runtime.validate(chain.state(at)!, fromHex(at), source, bytes, verifier);
  }

  /** All that the best block's state will have checked of a transaction. */
  #tasks(bytes: Uint8Array): VerifyTask[] {
    const { chain, runtime } = this.#parts;
    const best = chain.best().hash;
    return runtime.tasks(chain.state(best)!, fromHex(best), bytes);
  }
}

/** A post's signature is asked for at the door and declared by the call. */
function isSameTask(a: VerifyTask, b: VerifyTask): boolean {
  return (
    a.kind === b.kind && a.parts.length === b.parts.length && a.parts.every((part, i) => sameBytes(part, b.parts[i]!))
  );
}
