import { fromHex } from '../../primitives/crypto/hex.ts';
import { type KeyPair } from '../../primitives/crypto/signature.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { TacitError } from '../../primitives/errors.ts';
import { type Applied, orderedRoot } from '../../primitives/trie/index.ts';
import type { Chain } from '../chain/chain.ts';
import { commitRun } from '../chain/execute.ts';
import type { TransactionPool } from '../chain/pool/pool.ts';
import { type BlockRun, type ChainRuntime, type Host, refusalCode } from '../base/runtime.ts';
import type { Block, BlockRef, Header } from '../base/types.ts';
import { authorOf, sealHeader, slotDigest, slotOf } from '../base/seal.ts';
import { Filling } from './filling.ts';

/** Share of a slot that may go by before the block is closed. */
const PROPOSING_SHARE = 0.4;
/**
 * Unfinalized blocks up to which every slot is used. Beyond them the author rests between blocks, the longer the later finality is: the unfinalized blocks stand
 * in everybody's memory, and they must not be without bound while too few vote.
 */
const FINALITY_SLACK = 512;
/** The longest rest, in slots. */
const MAX_REST = 100;
/** Slots that are remembered as used, those used last: some hours of one of ten authors. */
const MAX_SEALED = 1_024;

export interface AuthorParts {
  readonly chain: Chain;
  readonly pool: TransactionPool;
  readonly runtime: ChainRuntime;
  readonly host: Host;
  /** The sr25519 keys that this node authors with. */
  readonly keys: readonly KeyPair[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Whether to leave out a slot, because the node is catching up. */
  readonly paused: () => boolean;
  /** Whether a block that has come so far should be kept open, as long as its slot allows, for what is on its way. Without it none is. */
  readonly awaits?: (run: BlockRun) => boolean;
  /** Instead of the usual number of unfinalized blocks before the author rests. */
  readonly finalitySlack?: number;
  readonly onBlock: (block: { ref: BlockRef; extrinsics: number; ms: number }) => void;
  readonly onError: (error: unknown) => void;
}

/** Builds a block whenever a slot of one of its keys begins. */
export class AuraAuthor {
  readonly #parts: AuthorParts;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = true;
  /** The last slots that a block was sealed in. */
  readonly #sealed = new Set<number>();
  #building: Promise<void> = Promise.resolve();

  constructor(parts: AuthorParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#stopped = false;
    this.#sleep();
  }

  /** Resolves when a block under way is done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#building;
  }

  #sleep(): void {
    const { chain, now } = this.#parts;
    const slot = Math.floor(now() / chain.slotMs) + 1;
    const wait = slot * chain.slotMs - now();
    this.#timer = setTimeout(() => {
      this.#building = this.#onTimer(slot).finally(() => {
        if (!this.#stopped) this.#sleep();
      });
    }, wait);
  }

  async #onTimer(slot: number): Promise<void> {
    const { chain, now, paused, onError } = this.#parts;
    // Timers may fire a moment early, and late by whole slots on a machine that was asleep.
    if (paused() || Math.floor((now() + 2) / chain.slotMs) !== slot) return;
    try {
      await this.propose(slot);
    } catch (error) {
      onError(error);
    }
  }

  /** Builds on the best block and imports the result, if `slot` is one of ours, later than the best block's, and not one to rest in. */
  async propose(slot: number): Promise<BlockRef | undefined> {
    const { chain, keys, onBlock } = this.#parts;
    // A clock that goes back and a branch that is left must not make an author say two things in one slot; a clock that was ahead for a while must not silence it until then.
    if (this.#sealed.has(slot)) return undefined;
    const parent = chain.best();
    if (parent.number > 0 && slotOf(chain.header(parent.hash)!) + this.#rest(parent) >= slot) return undefined;
    const author = authorOf(slot, chain.authors(parent.hash));
    const key = keys.find(({ publicKey }) => sameBytes(publicKey, author));
    if (!key) return undefined;
    const since = performance.now();
    const { block, applied } = await this.#build(parent, slot, key);
    this.#noteSealed(slot);
    const result = await chain.adopt(block, applied);
    if (result.kind !== 'imported') return undefined;
    onBlock({ ref: result.ref, extrinsics: block.body.length, ms: performance.now() - since });
    return result.ref;
  }

  #noteSealed(slot: number): void {
    if (this.#sealed.size >= MAX_SEALED) this.#sealed.delete(this.#sealed.values().next().value!);
    this.#sealed.add(slot);
  }

  /** Slots to leave out after `best`, because finality is far behind it. */
  #rest(best: BlockRef): number {
    const { chain, finalitySlack = FINALITY_SLACK } = this.#parts;
    const late = best.number - chain.finalized().number - finalitySlack;
    return Math.max(0, Math.min(MAX_REST, Math.ceil(late / 2)));
  }

  async #build(parent: BlockRef, slot: number, key: KeyPair): Promise<{ block: Block; applied: Applied }> {
    const { chain, pool, runtime, host, now, awaits } = this.#parts;
    const preRuntime = slotDigest(slot);
    const start = { parentHash: fromHex(parent.hash), number: parent.number + 1, digest: [preRuntime] };
    const parentState = chain.state(parent.hash)!;
    const run = runtime.begin(parentState, start, host);
    const body = run.inherents(BigInt(Math.max(now(), slot * chain.slotMs)));
    for (const inherent of body) {
      const outcome = run.apply(inherent);
      if (outcome !== 'ok') {
        const why = outcome === 'exhausted' ? outcome : refusalCode(outcome);
        throw new TacitError('aura/bad-inherent', `the runtime refuses its own inherent: ${why}`);
      }
    }
    const deadline = (slot + PROPOSING_SHARE) * chain.slotMs;
    await new Filling({ pool, run, body, now, deadline, awaits: () => awaits?.(run) ?? false }).fill();
    const { changes, digestLogs } = run.finish();
    const applied = commitRun(parentState, changes);
    const header: Header = {
      parentHash: start.parentHash,
      number: start.number,
      stateRoot: applied.root,
      extrinsicsRoot: orderedRoot(body),
      digest: { logs: [preRuntime, ...digestLogs] },
    };
    return { block: { header: sealHeader(header, key), body }, applied };
  }
}
