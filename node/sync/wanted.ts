import { toHex } from '../../primitives/crypto/hex.ts';
import { Budget } from '../base/budget.ts';
import { OWN, peerGiver, Shares } from '../base/givers.ts';
import { ASKS_FOR_OTHERS } from '../base/limits.ts';
import type { BlockRef, HexHash } from '../base/types.ts';
import { type BlockSource, codeOf, type Parsed, type SyncParts, useless } from './source.ts';
import { firstOf } from '../base/first-of.ts';

/** Blocks asked for by hash at one time: four named by one peer, fewer where others have named some, and one in any case. How deep below them to look for a known one. */
const WANTED = { most: 16, part: 1 / 3, least: 1 };
const MAX_DEPTH = 1_024;
/** The next peer is asked if the one before has not answered for so long, and who has not begun to is given up (milliseconds). */
const PATIENCE = 1_500;
const FIRST_ANSWER = 5_000;
/** Headers per request on the way down, and bytes of them in all. */
const WANT_BATCH = 128;
const MAX_BYTES = 4 << 20;
/** Peers asked for one block besides the one that named it. */
const MAX_OTHERS = 4;
/** What nobody had is not asked for again so long; twice as long after each further attempt, up to the longest (milliseconds). Who names it anew is asked alone, after the first of them. */
const FIRST_REST = 1_000;
const LONGEST_REST = 30_000;
const MAX_RESTING = 1_024;
/** Peers that are remembered of each as having named it and not had it. */
const MAX_TRIED = 16;

interface Resting {
  readonly until: number;
  readonly rest: number;
  /** When peers that have named it were asked last. */
  readonly tried: ReadonlyMap<string, number>;
}

/** Blocks that something refers to, such as a vote. */
export class Wanted {
  readonly #parts: SyncParts;
  readonly #source: BlockSource;
  readonly #signal: () => AbortSignal;
  readonly #asks: Budget;
  /** Under way, with the peers that have named them. */
  readonly #wanted = new Map<HexHash, string[]>();
  readonly #shares = new Shares(WANTED);
  #turn = 0;
  readonly #resting = new Map<HexHash, Resting>();

  constructor(parts: SyncParts, source: BlockSource, signal: () => AbortSignal) {
    this.#parts = parts;
    this.#source = source;
    this.#signal = signal;
    this.#asks = new Budget(ASKS_FOR_OTHERS, parts.now);
  }

  /**
   * Fetches a block with its unknown ancestors. `from` is the peer that has passed on what names it: it is asked first, and has a share of
   * what is fetched at a time, so that whoever passes on votes for blocks that nobody has keeps no others away.
   * @param again nobody has named it anew: it is what was named before, and did not come
   */
  want({ hash }: BlockRef, from?: string, again = false): void {
    const known = this.#wanted.get(hash);
    // it is asked too, should the first one keep silent
    if (known !== undefined && from !== undefined && !known.includes(from)) known.push(from);
    if (known !== undefined || this.#isKnown(hash)) return;
    const isResting = this.#rests(hash);
    if (isResting && (again || from === undefined || !this.#mayHave(hash, from))) return;
    const leave = this.#shares.take(from === undefined ? OWN : peerGiver(from), 1);
    if (leave === undefined) return;
    const named = from === undefined ? [] : [from];
    this.#wanted.set(hash, named);
    void this.#fetch(hash, named, isResting ? 0 : MAX_OTHERS).finally(() => {
      leave();
      this.#wanted.delete(hash);
      if (this.#isKnown(hash)) this.#resting.delete(hash);
      else this.#rest(hash, named, isResting);
    });
  }

  #rests(hash: HexHash): boolean {
    return (this.#resting.get(hash)?.until ?? -Infinity) > this.#parts.now();
  }

  /** Whether a peer that names a resting block has not been asked for it a moment ago. */
  #mayHave(hash: HexHash, peer: string): boolean {
    const triedAt = this.#resting.get(hash)?.tried.get(peer) ?? -Infinity;
    return this.#parts.now() - triedAt >= FIRST_REST;
  }

  /** `wasResting`: others than those that have named it were not asked, and its rest is what it was. */
  #rest(hash: HexHash, named: readonly string[], wasResting: boolean): void {
    const now = this.#parts.now();
    const before = this.#resting.get(hash);
    const longer = Math.min(LONGEST_REST, 2 * (before?.rest ?? FIRST_REST / 2));
    const { until, rest } = wasResting && before ? before : { until: now + longer, rest: longer };
    const tried = [...(before?.tried ?? []), ...named.map((peer) => [peer, now] as const)].slice(-MAX_TRIED);
    this.#resting.delete(hash);
    if (this.#resting.size >= MAX_RESTING) this.#resting.delete(this.#resting.keys().next().value!);
    this.#resting.set(hash, { until, rest, tried: new Map(tried) });
  }

  /**
   * Headers from `hash` downwards to a block that we have, then the blocks upwards, one at a time, each after its header has been judged: a branch that a liar
   * makes up costs the memory of its headers, and not one body.
   */
  async #fetch(hash: HexHash, named: readonly string[], mostOthers: number): Promise<void> {
    const { chain, log } = this.#parts;
    try {
      const found = await this.#ask(
        () => named,
        (peer, signal) => this.#headers(peer, hash, signal),
        mostOthers,
      );
      if (found === undefined) return;
      for (const { ref, header } of found.value.reverse()) {
        const judged = await chain.judgeHeader(header);
        if (judged?.kind === 'known') continue;
        if (judged?.kind === 'invalid' && judged.code !== 'chain/internal')
          throw this.#source.blame(found.from, 'invalid-block', `block ${ref.number} has no seal`);
        if (judged !== undefined) throw useless(`block ${ref.number} is ${judged.kind}`);
        const givers = (): string[] => [found.from, ...named];
        const block = await this.#ask(givers, (peer, signal) => this.#block(peer, ref.hash, signal));
        if (block === undefined) return;
        const { kind } = await this.#source.import(block.value, block.from, 'sync');
        if (kind !== 'imported' && kind !== 'known') return;
      }
    } catch (error) {
      log.debug({ from: named[0], block: hash, code: codeOf(error) }, 'wanted block not fetched');
    }
  }

  /** Asks those that are `named`, also those that come to be, then a few others, which are asked for others so often only: the turn goes round. */
  #ask<T>(
    named: () => readonly string[],
    ask: (peer: string, signal: AbortSignal) => Promise<T>,
    mostOthers = MAX_OTHERS,
  ) {
    const { network } = this.#parts;
    const all = network.peers();
    const at = all.length === 0 ? 0 : this.#turn++ % all.length;
    const others = [...all.slice(at), ...all.slice(0, at)];
    const asked = new Set<string>();
    let more = 0;
    const other = (): string | undefined => {
      if (more >= mostOthers) return undefined;
      const found = others.find((peer) => !asked.has(peer) && this.#asks.spend(peer));
      if (found !== undefined) more++;
      return found;
    };
    const next = (): string | undefined => {
      const found = named().find((peer) => !asked.has(peer) && network.peers().includes(peer)) ?? other();
      if (found !== undefined) asked.add(found);
      return found;
    };
    return firstOf(next, ask, { patience: PATIENCE, signal: this.#signal() });
  }

  async #block(peer: string, hash: HexHash, signal: AbortSignal): Promise<Parsed> {
    const block = await this.#source.one(peer, hash, signal);
    if (block?.data.body === undefined) throw useless('the peer has not the block');
    return block;
  }

  async #headers(peer: string, hash: HexHash, signal: AbortSignal): Promise<Parsed[]> {
    const branch: Parsed[] = [];
    // Only a block that exists has a header: who has none to give must not keep the place of others.
    let within = AbortSignal.any([signal, AbortSignal.timeout(FIRST_ANSWER)]);
    let bytes = 0;
    for (let next = hash; !this.#isKnown(next) && branch.length < MAX_DEPTH; ) {
      const headers = await this.#source.ask(peer, { tag: 'hash', value: next }, WANT_BATCH, false, within);
      within = signal;
      if (headers.length === 0) throw useless('the peer has not the block');
      for (const parsed of headers) {
        const { ref, header, data } = parsed;
        if (ref.hash !== next) throw this.#source.blame(peer, 'wrong-answer', 'blocks do not follow their parents');
        if (ref.number <= this.#parts.chain.finalized().number) throw useless('the branch leaves the finalized chain');
        bytes += data.header.length;
        if (bytes > MAX_BYTES) throw useless('the headers are too long');
        branch.push(parsed);
        next = toHex(header.parentHash);
        if (this.#isKnown(next)) break;
      }
    }
    return branch;
  }

  #isKnown(hash: HexHash): boolean {
    return this.#parts.chain.header(hash) !== undefined;
  }
}
