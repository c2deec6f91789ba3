/**
 * Follows finality as a chain's own voters prove it: a block counts when the precommits of more than two thirds of the known set stand under it, and a set
 * is handed over by the header that names the next one, itself final by the votes of the old set.
 *
 * What this cannot see: keys of a set that has been replaced, used again by thieves. A checkpoint that is younger than the theft does.
 */
import { type Header, headerHash } from '../../../primitives/block/header.ts';
import { sameBytes } from '../../../primitives/crypto/bytes.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { ed25519Verify } from '../../../primitives/crypto/signature.ts';
import { isTacitError, type TacitError } from '../../../primitives/errors.ts';
import { verifyJustification } from '../../../primitives/grandpa/index.ts';
import { storage } from '../generated/chain.ts';
import { storageKey, storedValue } from '../storage.ts';
import { refused } from './errors.ts';
import { nextSetIn } from './handover.ts';
import type { AuthoritySet, TrustRoot } from './root.ts';
import type { FinalityProof, NodeRpc } from './rpc.ts';

/** Changes of the voters that are followed in one go: beyond, a younger checkpoint is wanted. */
const MAX_HANDOVERS = 1024;
/** Proven blocks that are remembered: others may hear of a block when a later one is proved already. */
const REMEMBERED = 1024;

/** A block that is proved to be final. */
export interface FinalBlock {
  readonly number: number;
  /** `0x` hexadecimal. */
  readonly hash: string;
  readonly header: Header;
}

export class Finality {
  readonly #rpc: NodeRpc;
  #set: AuthoritySet;
  #newest: { readonly number: number; readonly hash: string | undefined };
  /** The block above which {@link set} votes. */
  #began: number;
  readonly #proven = new Map<string, FinalBlock>();

  constructor(rpc: NodeRpc, { set, block }: TrustRoot) {
    this.#rpc = rpc;
    this.#set = set;
    this.#newest = block;
    this.#began = block.number;
  }

  /** Who votes above {@link newest}. */
  get set(): AuthoritySet {
    return this.#set;
  }

  /** The highest block that has been proved; at first the trust root's. */
  get newest(): { readonly number: number; readonly hash: string | undefined } {
    return this.#newest;
  }

  /**
   * Proves that the block of this hash is final. Blocks below {@link newest} can be proved too, down to where the present set began.
   * @throws `light/not-final`, `light/bad-handover`, `light/too-many-handovers`, `light/conflict`, `light/behind`, `light/nothing-final` for block 0
   */
  async prove(hash: string): Promise<FinalBlock> {
    const proven = this.#proven.get(hash);
    if (proven !== undefined) return proven;
    const header = await this.header(hash);
    const { number } = header;
    if (number === 0) throw refused('nothing-final', 'no block above the first is final yet');
    if (number <= this.#began && hash !== this.#newest.hash) {
      const why = `block ${number} is of before the voters that are known, who vote above block ${this.#began}`;
      throw refused('behind', why, { number });
    }
    if (number === this.#newest.number && hash !== this.#newest.hash)
      throw refused('conflict', `the node shows ${hash} as block ${number}; ${this.#newest.hash} is proved`, { hash });
    for (let handovers = 0; ; handovers++) {
      const why = await this.#reasonAgainst(header, await this.#rpc.finalityProof(number));
      if (why === undefined) return { number, hash, header };
      if (handovers >= MAX_HANDOVERS)
        throw refused(
          'too-many-handovers',
          `more than ${MAX_HANDOVERS} changes of the voters; start from a younger checkpoint`,
        );
      if (!(await this.#handover(number))) throw this.#notFinal(number, hash, why);
    }
  }

  #notFinal(number: number, hash: string, why: string): TacitError {
    const hint =
      this.#newest.number === this.#began ? '. Is it a node of the chain whose specification was given?' : '';
    return refused('not-final', `the node does not prove that block ${number} is final: ${why}${hint}`, {
      number,
      hash,
    });
  }

  /** The header of this hash, final or not. Throws `light/wrong-header`. */
  async header(hash: string): Promise<Header> {
    const header = await this.#rpc.header(hash);
    if (toHex(headerHash(header)) === hash) return header;
    throw refused('wrong-header', `the header that the node gives for ${hash} is another's`, { hash });
  }

  /** Takes in a proof by the present set; or says why it is none. */
  async #reasonAgainst(header: Header, proof: FinalityProof | undefined): Promise<string | undefined> {
    if (proof === undefined) return 'it has no proof';
    let last = header;
    const chain = [last];
    for (const next of proof.unknownHeaders) {
      // whoever votes above a change of the voters is another set
      if (nextSetIn(last) !== undefined) return 'the voters change on the way to the proof';
      if (next.number !== last.number + 1 || !sameBytes(next.parentHash, headerHash(last)))
        return 'the headers to the proven block are no chain';
      last = next;
      chain.push(next);
    }
    const hash = toHex(headerHash(last));
    try {
      const { target } = await verifyJustification(
        proof.justification,
        this.#set.authorities,
        this.#set.setId,
        ({ publicKey, message, signature }) => ed25519Verify(signature, message, publicKey),
      );
      if (target.hash !== hash || target.number !== last.number) return `the proof is of block ${target.number}`;
    } catch (error) {
      if (isTacitError(error, 'grandpa/bad-justification')) return error.message;
      throw error;
    }
    for (const block of chain) this.#remember(block);
    if (last.number <= this.#newest.number) return undefined;
    this.#newest = { number: last.number, hash };
    const next = nextSetIn(last);
    if (next === undefined) return undefined;
    this.#set = { setId: this.#set.setId + 1n, authorities: next };
    this.#began = last.number;
    return undefined;
  }

  #remember(header: Header): void {
    const hash = toHex(headerHash(header));
    this.#proven.set(hash, { number: header.number, hash, header });
    for (const oldest of this.#proven.keys()) {
      if (this.#proven.size <= REMEMBERED) break;
      this.#proven.delete(oldest);
    }
  }

  /** Follows the next change of the voters below `limit`, if the chain knows one. */
  async #handover(limit: number): Promise<boolean> {
    const next = this.#set.setId + 1n;
    // where to look is the node's word; what stands there is proved
    const item = storage.grandpa.setBegan;
    const number = storedValue(item, await this.#rpc.hint(toHex(storageKey(item, next))));
    if (number === undefined || number <= this.#began || number > limit) return false;
    const header = await this.header(await this.#rpc.hashOf(number));
    const claimed = `the node says that set ${next} of the voters began with block ${number}`;
    if (header.number !== number || nextSetIn(header) === undefined)
      throw refused('bad-handover', `${claimed}; its header does not`, { number });
    const proof = await this.#rpc.finalityProof(number);
    const why = await this.#reasonAgainst(header, proof && { ...proof, unknownHeaders: [] });
    if (why !== undefined) throw refused('bad-handover', `${claimed}, and does not prove that: ${why}`, { number });
    return true;
  }
}
