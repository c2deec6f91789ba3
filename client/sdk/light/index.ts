/**
 * A light client: nothing that a node says is taken without proof. Owns the trust root, finality (justifications and changes of the voters) and storage
 * proofs. Does not own the connection, nor what the values mean. Runs in Node and in browsers.
 *
 * ```ts
 * const light = new LightClient((method, params) => provider.send(method, params), trustRootOf(chainJson));
 * const state = await light.finalizedState();
 * const round = await state.get(storage.tally.rounds, 7); // proved, or an error `light/...` with the reason
 * ```
 */
import { sameBytes, utf8 } from '../../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { orderedRoot } from '../../../primitives/trie/index.ts';
import { storage, version } from '../generated/chain.ts';
import { storageKey } from '../storage.ts';
import { isBehind, refused } from './errors.ts';
import { type FinalBlock, Finality } from './finality.ts';
import { type Checkpoint, checkpointOf, type TrustRoot } from './root.ts';
import { NodeRpc, type Request } from './rpc.ts';
import { provenState, type State } from './state.ts';
import { type Recording, recordingOf } from './recording.ts';

export { isBehind, isRefusal } from './errors.ts';
export type { FinalBlock } from './finality.ts';
export { type AuthoritySet, type Checkpoint, type TrustRoot, trustRootOf } from './root.ts';
export type { Request } from './rpc.ts';
export type { State } from './state.ts';
export { replaying, type Recording, recordingSchema } from './recording.ts';

/** A final block older than this is no news: the node is cut off, or keeps the news back. */
const MAX_AGE_MS = 10 * 60_000;
/** How long a node may be behind before that is told: it may have just started. */
const PATIENCE_MS = 30_000;
const AGAIN_MS = 500;

export interface LightOptions {
  /** Milliseconds that the newest final block may be old by this machine's clock; on a development chain by default any. */
  readonly maxAgeMs?: number;
  /** Milliseconds to wait for a node that is behind. */
  readonly patienceMs?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Where an extrinsic stands in the final chain, and the events of its block as they are stored. */
export interface Outcome {
  readonly number: number;
  readonly hash: string;
  /** Its place in the body, from 0. */
  readonly index: number;
  readonly events: Uint8Array;
}

export class LightClient {
  readonly root: TrustRoot;
  readonly #request: Request;
  readonly #rpc: NodeRpc;
  readonly #finality: Finality;
  readonly #options: Required<LightOptions>;
  #queue: Promise<unknown> = Promise.resolve();
  #genesis: string | undefined;

  constructor(request: Request, root: TrustRoot, options: LightOptions = {}) {
    this.root = root;
    this.#request = request;
    this.#rpc = new NodeRpc(request);
    this.#finality = new Finality(this.#rpc, root);
    const maxAgeMs = root.chainType === 'Development' ? Number.POSITIVE_INFINITY : MAX_AGE_MS;
    this.#options = { maxAgeMs, patienceMs: PATIENCE_MS, now: Date.now, ...options };
  }

  /** The state of the block `hash`, once it is proved to be final: maybe an old one. What is to hold now is read by {@link latestState}. */
  async stateOf(hash: string): Promise<State> {
    return provenState(this.#rpc, await this.#prove(hash));
  }

  /**
   * Where an extrinsic stands in the block `hash`, once that is proved to be final and to hold it, and what the block's events are.
   * @param extrinsic its hash, blake2b-256 of its bytes
   * @throws `light/wrong-body`, `light/not-included` if the block is another or does not hold it, and what {@link stateOf} throws
   */
  async outcomeOf(extrinsic: string, hash: string): Promise<Outcome> {
    const block = await this.#known(hash);
    const body = await this.#rpc.body(hash);
    const { number } = block;
    if (!sameBytes(orderedRoot(body), block.header.extrinsicsRoot))
      throw refused('wrong-body', `the node shows other extrinsics than those of block ${number}`, { number, hash });
    const index = body.findIndex((bytes) => toHex(blake2b256(bytes)) === extrinsic);
    if (index < 0) {
      const why = `the node says that block ${number} holds the extrinsic ${extrinsic}; the block does not`;
      throw refused('not-included', why, { number, hash, extrinsic });
    }
    const key = storageKey(storage.system.events);
    const events = await provenState(this.#rpc, block).raw(key);
    return { number, hash, index, events: events ?? Uint8Array.of(0) };
  }

  /**
   * The state of the block `hash`, which the node names as the newest final one. Final blocks of the past are proved as well: a node that names one would
   * show a round that was open, or a note that was unspent.
   * @throws `light/behind` below a block that is proved already, `light/stale` if it is old by this clock, and what {@link stateOf} throws
   */
  async latestState(hash: string): Promise<State> {
    const state = await this.stateOf(hash);
    this.#checkOrder(state);
    await this.#checkAge(state);
    return state;
  }

  /**
   * The state of the newest final block; waits for a node that is behind.
   * @throws `light/...` with the reason, if the node does not prove what it says
   */
  async finalizedState(): Promise<State> {
    const { now, patienceMs } = this.#options;
    for (const started = now(); ; ) {
      try {
        return await this.latestState(await this.#rpc.finalizedHead());
      } catch (error) {
        if (!isBehind(error) || now() - started >= patienceMs) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }

  /**
   * Hash of block 0, `0x` hexadecimal, as the state of a final block has it.
   * @throws `light/other-chain` if it is not the trust root's, `light/other-runtime` if the chain runs what this client does not know
   */
  async genesis(): Promise<string> {
    if (this.#genesis !== undefined) return this.#genesis;
    const state = await this.finalizedState();
    const found = toHex(await state.get(storage.system.blockHash, 0));
    const { genesis } = this.root;
    if (genesis !== undefined && genesis !== found)
      throw refused('other-chain', `the chain begins with ${found}, the trusted one with ${genesis}`, { found });
    const known = `${version.specName}-${version.specVersion}`;
    const code = new TextDecoder().decode((await state.raw(utf8(':code'))) ?? new Uint8Array(0));
    if (code !== known)
      throw refused(
        'other-runtime',
        `the chain runs '${code.slice(0, 64)}'; this client knows '${known}': get the client of that version`,
      );
    this.#genesis = found;
    return found;
  }

  /** The newest proven block as a trust root for later. */
  async checkpoint(): Promise<Checkpoint> {
    const genesis = await this.genesis();
    const { number, hash } = this.#finality.newest;
    if (hash === undefined) throw refused('nothing-final', 'no block is proved yet');
    return checkpointOf(this.root, genesis, { number, hash }, this.#finality.set);
  }

  /** Another client of the same node that begins at the trust root, and keeps what the node proves: whoever has the root can check it again without a node. */
  recorded(): { readonly light: LightClient; readonly recording: () => Recording } {
    const { request, recording } = recordingOf(this.#request);
    return { light: new LightClient(request, this.root, this.#options), recording };
  }

  /** A block of before the present voters is final as well if a later final one has it among those before it. */
  async #known(hash: string): Promise<FinalBlock> {
    try {
      return await this.#prove(hash);
    } catch (error) {
      if (!isTacitError(error, 'light/behind')) throw error;
      const header = await this.#finality.header(hash);
      const { number } = header;
      const state = await this.finalizedState();
      if (toHex(await state.get(storage.system.blockHash, number)) !== hash) throw error;
      return { number, hash, header };
    }
  }

  /** One after the other: each proof may change who votes on the next. */
  #prove(hash: string): Promise<FinalBlock> {
    const next = this.#queue.then(() => this.#finality.prove(hash));
    this.#queue = next.catch(() => undefined);
    return next;
  }

  #checkOrder({ block: { number } }: State): void {
    const known = this.#finality.newest.number;
    if (number >= known) return;
    throw refused('behind', `the node shows block ${number} as the last final one; block ${known} is proved already`, {
      number,
      known,
    });
  }

  async #checkAge(state: State): Promise<void> {
    const { maxAgeMs, now } = this.#options;
    if (maxAgeMs === Number.POSITIVE_INFINITY) return;
    const age = now() - Number(await state.get(storage.timestamp.now));
    if (age <= maxAgeMs) return;
    const { number } = state.block;
    throw refused(
      'stale',
      `the newest block that the node shows as final, ${number}, is ${Math.round(age / 60_000)} min old by this clock: the node is cut off, or the chain stands still`,
      { number, age },
    );
  }
}
