import { Budget } from '../base/budget.ts';
import { ASKS_FOR_OTHERS } from '../base/limits.ts';
import { pause } from '../base/serial.ts';
import type { BlockRef, Header, HexHash } from '../base/types.ts';
import type { Hearing } from '../network/types.ts';
import { isTacitError } from '../../primitives/errors.ts';
import { type BlockSource, codeOf, type SyncParts, useless } from './source.ts';
import { firstOf } from '../base/first-of.ts';

/** Announced blocks of one peer that are fetched or waited for at a time. */
const MAX_PER_PEER = 4;
/** The next one who has the block is asked if the one before has not answered for so long (milliseconds). */
const PATIENCE = 1_500;
/** Peers that have not announced the block are asked too, so many. */
const MAX_OTHERS = 2;
/** A block of the next slot is tried again so much later. */
const FUTURE_RETRY = 500;

interface Work {
  /** Who has announced the block, in order. */
  readonly sources: string[];
  readonly verdict: Promise<Hearing>;
}

/** New blocks, one by one: judged by their headers, fetched from whoever announced them, imported. */
export class Announced {
  readonly #parts: SyncParts;
  readonly #source: BlockSource;
  readonly #signal: () => AbortSignal;
  readonly #asks: Budget;
  readonly #work = new Map<HexHash, Work>();

  constructor(parts: SyncParts, source: BlockSource, signal: () => AbortSignal) {
    this.#parts = parts;
    this.#source = source;
    this.#signal = signal;
    this.#asks = new Budget(ASKS_FOR_OTHERS, parts.now);
  }

  /** A verdict about passing the header on: only blocks that were executed and found valid are. `gap`: its parent is not here. */
  async take(peer: string, ref: BlockRef, header: Header): Promise<Hearing | 'gap'> {
    const under = this.#work.get(ref.hash);
    if (under !== undefined) {
      // Whoever else announces it has it too, should the first one not give it.
      if (!under.sources.includes(peer)) under.sources.push(peer);
      return under.verdict;
    }
    // [LATER] more than one peer's share
    if ([...this.#work.values()].filter(({ sources }) => sources[0] === peer).length >= MAX_PER_PEER) return 'later';
    const sources = [peer];
    const gap = { is: false };
    const verdict = this.#judge(sources, ref, header, gap);
    this.#work.set(ref.hash, { sources, verdict });
    try {
      const result = await verdict;
      return gap.is ? 'gap' : result;
    } finally {
      this.#work.delete(ref.hash);
    }
  }

  async #judge(sources: string[], ref: BlockRef, header: Header, gap: { is: boolean }): Promise<Hearing> {
    const { chain, network, log } = this.#parts;
    let known = await chain.judgeHeader(header);
    if (known?.kind === 'future') {
      await pause(FUTURE_RETRY, this.#signal());
      known = await chain.judgeHeader(header);
    }
    switch (known?.kind) {
      case undefined:
        return this.#fetch(sources, ref);
      case 'invalid':
        // [IGNORE] what fails on this machine is nobody's fault
        if (known.code === 'chain/internal') return 'ignore';
        // [REJECT] not signed by the author of its slot, or not in its place: nobody passes that on who has looked at it
        log.debug({ peer: sources[0], block: ref, code: known.code }, 'announced header refused');
        for (const peer of sources) network.punish(peer, 'bad-seal');
        return 'reject';
      case 'unknown-parent':
        // [IGNORE] a gap: whether the block is good is known when its ancestors are here
        gap.is = true;
        return 'ignore';
      default:
        // [IGNORE] blocks that are known, too early, or can no longer matter
        return 'ignore';
    }
  }

  /** The author of the slot has signed the header: it is worth a body. */
  async #fetch(sources: readonly string[], ref: BlockRef): Promise<Hearing> {
    const found = await this.#find(sources, ref);
    // [LATER] what nobody has given
    if (found === undefined) return 'later';
    try {
      const result = await this.#source.import(found.value, found.from, 'gossip');
      // [ACCEPT] executed and valid; [IGNORE] too early, on a dead branch, or known by now
      return result.kind === 'imported' ? 'accept' : 'ignore';
    } catch (error) {
      // [REJECT] the block itself breaks a rule, whoever sent it
      if (isTacitError(error, 'sync/invalid-block')) return 'reject';
      this.#parts.log.debug({ block: ref.hash, code: codeOf(error) }, 'announced block not imported');
      return 'ignore';
    }
  }

  async #find(sources: readonly string[], ref: BlockRef) {
    const limits = { patience: PATIENCE, signal: this.#signal() };
    try {
      return await firstOf(this.#candidates(sources), (peer, signal) => this.#ask(peer, ref, signal), limits);
    } catch (error) {
      this.#parts.log.debug({ block: ref.hash, code: codeOf(error) }, 'announced block not fetched');
      return undefined;
    }
  }

  /** Those who say that they have it, also those who come to say so; then a few others, who are asked for it so often only. */
  #candidates(sources: readonly string[]): () => string | undefined {
    const asked = new Set<string>();
    let others: readonly string[] | undefined;
    return () => {
      const source = sources.find((peer) => !asked.has(peer));
      others ??= source === undefined ? this.#others(asked) : undefined;
      const next = source ?? others?.find((peer) => !asked.has(peer));
      if (next !== undefined) asked.add(next);
      return next;
    };
  }

  #others(asked: ReadonlySet<string>): string[] {
    const others = this.#parts.network.peers().filter((peer) => !asked.has(peer));
    return others.slice(0, MAX_OTHERS).filter((peer) => this.#asks.spend(peer));
  }

  async #ask(peer: string, ref: BlockRef, signal: AbortSignal) {
    const block = await this.#source.one(peer, ref.hash, signal);
    if (block?.data.body === undefined) throw useless('the peer has not the block');
    return block;
  }
}
