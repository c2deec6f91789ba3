import type { Header } from '../../pallets/support/types.ts';
import { fromHex, toHex } from '../../primitives/crypto/hex.ts';
import type { Applied, Trie } from '../../primitives/trie/index.ts';
import { slotOf } from '../base/seal.ts';
import { type Ask, auraAuthorities, grandpaAuthorities, slotDuration } from '../base/authorities.ts';
import { Emitter } from '../base/emitter.ts';
import type { Giver } from '../base/givers.ts';
import type { Foreseen } from '../../runtime/index.ts';
import type { StateOf } from './ahead.ts';
import { checkForm, checkPlace, checkSeal, executeBlock } from './execute.ts';
import { encodeHeader, refOf } from '../base/header.ts';
import { openTree } from './opened.ts';
import { Serial } from '../base/serial.ts';
import type { ChainParts } from './parts.ts';
import { RecentStates } from './recent-states.ts';
import { deadBranch, refusalOf, unknownBlock } from './refusal.ts';
import { Slots } from './slots.ts';
import type { BlockTree, TreeBlock } from './tree.ts';
import type { AuthoritySet, Block, BlockEvents, BlockOrigin, BlockRef, HexHash, ImportResult } from '../base/types.ts';

/** A block whose slot begins this many milliseconds ahead of our clock is not looked at yet. */
const CLOCK_DRIFT = 500;
type ImportedBlock = { kind: 'imported'; ref: BlockRef; best: boolean };

/**
 * Blocks and their states: import with re-execution, the longest chain as the best one, finality as GRANDPA tells it.
 * Writers queue: one block or finality at a time.
 */
export class Chain {
  readonly genesisHash: HexHash;
  readonly slotMs: number;
  readonly #parts: ChainParts;
  readonly #events: Emitter<BlockEvents>;
  readonly #writes = new Serial();
  readonly #tree: BlockTree;
  readonly #states: RecentStates;
  readonly #slots: Slots;

  private constructor(parts: ChainParts, tree: BlockTree, genesisHash: HexHash) {
    this.#parts = parts;
    this.#tree = tree;
    this.#states = new RecentStates(parts.store, tree);
    this.genesisHash = genesisHash;
    this.#events = new Emitter(parts.onError);
    this.slotMs = slotDuration(this.#ask(tree.root.ref.hash));
    this.#slots = new Slots(this.#open().map(({ header }) => header));
  }

  /** Opens the chain as the database has it; an empty one begins with the genesis block. Errors: `db/damaged`. */
  static async open(parts: ChainParts): Promise<Chain> {
    const { store, genesis } = parts;
    const ref = refOf(genesis.header);
    const trie = genesis.applied.inserted;
    await store.initialize({ ref, header: encodeHeader(genesis.header), body: [], trie });
    return new Chain(parts, await openTree(store, parts.bodiesKept), ref.hash);
  }

  best(): BlockRef {
    return this.#tree.best.ref;
  }

  finalized(): BlockRef {
    return this.#tree.root.ref;
  }

  header(hash: HexHash): Header | undefined {
    return this.#states.header(hash);
  }

  body(hash: HexHash): readonly Uint8Array[] | undefined {
    return this.#parts.store.body(hash);
  }

  justification(hash: HexHash): Uint8Array | undefined {
    return this.#parts.store.justification(hash);
  }

  /** The state after a block. */
  state(hash: HexHash): Trie | undefined {
    return this.#states.state(hash);
  }

  hashByNumber(number: number): HexHash | undefined {
    if (number <= this.finalized().number) return this.#parts.store.canonical(number);
    let at = this.#tree.best;
    while (at.ref.number > number) at = at.parent!;
    return at.ref.number === number ? at.ref.hash : undefined;
  }

  /** All known blocks at a height. */
  hashesByNumber(number: number): HexHash[] {
    if (number <= this.finalized().number) return [this.#parts.store.canonical(number) ?? []].flat();
    return this.#tree.at(number).map(({ ref }) => ref.hash);
  }

  children(hash: HexHash): HexHash[] {
    const inTree = this.#tree.get(hash);
    if (inTree) return inTree.children.map(({ ref }) => ref.hash);
    const number = this.#canonicalNumber(hash);
    return number === undefined ? [] : [this.#parts.store.canonical(number + 1)!];
  }

  isDescendent(ancestor: HexHash, descendant: HexHash): boolean {
    const [above, below] = [this.#tree.get(descendant), this.#tree.get(ancestor)];
    if (above && below) return this.#tree.isDescendent(below, above);
    const from = this.#canonicalNumber(ancestor);
    if (from === undefined) return false;
    if (above) return true;
    const to = this.#canonicalNumber(descendant);
    return to !== undefined && from <= to;
  }

  bestContaining(hash: HexHash): BlockRef | undefined {
    const inTree = this.#tree.get(hash);
    if (inTree) return this.#tree.bestAbove(inTree).ref;
    return this.#canonicalNumber(hash) === undefined ? undefined : this.best();
  }

  /** Blocks above the finalized one, parents before children. */
  unfinalized(): BlockRef[] {
    return this.#open().map(({ ref }) => ref);
  }

  authorities(hash: HexHash): AuthoritySet {
    return grandpaAuthorities(this.#ask(hash));
  }

  /** sr25519 public keys that author on top of `hash`, in the order of their slots. */
  authors(hash: HexHash): Uint8Array[] {
    return auraAuthorities(this.#ask(hash));
  }

  /** Calls a runtime API on the state of a block. Errors: `chain/unknown-block`, and what the runtime throws. */
  call(hash: HexHash, method: string, input: Uint8Array): Uint8Array {
    const state = this.state(hash);
    if (!state) throw unknownBlock(hash);
    return this.#parts.runtime.call(state, fromHex(hash), method, input, this.#parts.verifier);
  }

  /** What extrinsics would make of the state of a block. Errors: `chain/unknown-block`. */
  foresee(hash: HexHash): Foreseen {
    const state = this.state(hash);
    if (!state) throw unknownBlock(hash);
    return this.#parts.runtime.foresee(state, fromHex(hash), this.#parts.verifier);
  }

  /** Has the workers verify what judging or trying an extrinsic of `giver` on a block will ask for. */
  async verifyAhead(hash: HexHash, extrinsic: Uint8Array, giver: Giver): Promise<void> {
    const state = this.state(hash);
    if (!state) throw unknownBlock(hash);
    const { runtime, verifier } = this.#parts;
    await verifier.verify(runtime.tasks(state, fromHex(hash), extrinsic), giver);
  }

  on<K extends keyof BlockEvents>(event: K, listener: (event: BlockEvents[K]) => void): () => void {
    return this.#events.on(event, listener);
  }

  async judgeHeader(header: Header): Promise<ImportResult | undefined> {
    try {
      return await this.#judgeHeader(refOf(header), header, 'gossip');
    } catch (error) {
      return refusalOf(header, error, this.#parts.onError);
    }
  }

  importBlock(block: Block, origin: BlockOrigin): Promise<ImportResult> {
    return this.#writes.run(() => this.#import(block, origin));
  }

  /** Takes in a block that this node has just built, with the state that building it gave. */
  adopt(block: Block, applied: Applied): Promise<ImportResult> {
    return this.#writes.run(
      async () => this.#cannotImport(refOf(block.header), block.header) ?? this.#insert(block, applied, 'own'),
    );
  }

  finalize(hash: HexHash, justification: Uint8Array): Promise<void> {
    return this.#writes.run(() => this.#finalize(hash, justification));
  }

  /** Ends when what was begun is in the database. */
  async close(): Promise<void> {
    await this.#writes.idle();
    await this.#parts.store.close();
  }

  async #import(block: Block, origin: BlockOrigin): Promise<ImportResult> {
    const { header } = block;
    try {
      const ref = refOf(header);
      const answer = await this.#judgeHeader(ref, header, origin);
      if (answer) return answer;
      const { runtime, verifier } = this.#parts;
      const parent = this.#tree.get(toHex(header.parentHash))!;
      checkForm(block, parent.header);
      const before: StateOf = { hash: header.parentHash, state: this.state(parent.ref.hash)! };
      const applied = await executeBlock(block, runtime, before, verifier);
      return await this.#insert(block, applied, origin);
    } catch (error) {
      return refusalOf(header, error, this.#parts.onError);
    }
  }

  /** What importing answers by the header alone; undefined where its body decides. The seal is the last to be looked at. */
  async #judgeHeader(ref: BlockRef, header: Header, origin: BlockOrigin): Promise<ImportResult | undefined> {
    const answer = this.#cannotImport(ref, header);
    if (answer) return answer;
    const { verifier, now } = this.#parts;
    const parent = this.#tree.get(toHex(header.parentHash))!;
    checkPlace(header, parent.header);
    if (slotOf(header) * this.slotMs > now() + CLOCK_DRIFT) {
      this.#events.emit('early', { ref, slot: slotOf(header) });
      return { kind: 'future', ref };
    }
    await checkSeal(header, this.#ask(parent.ref.hash), verifier);
    const isFull = this.#slots.isFull(header);
    // The verifier has taken its time: the tree may be another by now.
    if (!this.#tree.get(parent.ref.hash)) return { kind: 'stale', ref };
    return origin === 'gossip' && isFull ? { kind: 'stale', ref } : undefined;
  }

  /** Why a block is not looked at: it is here, or has no place here. */
  #cannotImport(ref: BlockRef, header: Header): ImportResult | undefined {
    if (this.#tree.get(ref.hash) || this.#canonicalNumber(ref.hash) !== undefined) return { kind: 'known', ref };
    if (this.#tree.get(toHex(header.parentHash))) return undefined;
    return { kind: ref.number <= this.finalized().number + 1 ? 'stale' : 'unknown-parent', ref };
  }

  async #insert({ header, body }: Block, { trie, inserted }: Applied, origin: BlockOrigin): Promise<ImportedBlock> {
    const ref = refOf(header);
    await this.#parts.store.addBlock({ ref, header: encodeHeader(header), body, trie: inserted });
    const before = this.#tree.best;
    this.#tree.add(ref, header);
    this.#slots.add(header);
    this.#states.keep(ref.hash, trie);
    this.#events.emit('imported', { ref, header, origin });
    const best = this.#tree.best;
    if (best !== before) this.#announceBest(this.#tree.route(before, best));
    return { kind: 'imported', ref, best: best.ref.hash === ref.hash };
  }

  async #finalize(hash: HexHash, justification: Uint8Array): Promise<void> {
    const { store, bodiesKept } = this.#parts;
    const target = this.#tree.get(hash);
    const stored = { hash, bytes: justification };
    if (!target || target === this.#tree.root) {
      if (this.#canonicalNumber(hash) === undefined) {
        throw store.header(hash) ? deadBranch(hash) : unknownBlock(hash);
      }
      if (!store.justification(hash)) await store.finalize({ enacted: [], pruned: [], justification: stored });
      return;
    }
    const before = this.#tree.best;
    const change = this.#tree.route(before, this.#tree.bestAbove(target));
    const { enacted, pruned } = this.#tree.finality(target);
    const refs = { enacted: enacted.map(({ ref }) => ref), pruned: pruned.map(({ ref }) => ref) };
    // First the database, then what everybody sees: nobody is told of a finality that a crash could take back.
    await store.finalize({ ...refs, justification: stored });
    this.#tree.finalize(target);
    this.#slots.reset(this.#open().map(({ header }) => header));
    for (const ref of refs.pruned) this.#states.forget(ref.hash);
    if (this.#tree.best !== before) this.#announceBest(change);
    this.#events.emit('finalized', { ref: target.ref, ...refs, justification });
    if (bodiesKept !== undefined) await store.pruneBodies(target.ref.number - bodiesKept);
  }

  #open(): TreeBlock[] {
    return this.#tree.above(this.#tree.root).slice(1);
  }

  #ask(hash: HexHash): Ask {
    return (method) => this.call(hash, method, NOTHING);
  }

  #announceBest({ retracted, enacted }: ReturnType<BlockTree['route']>): void {
    this.#events.emit('best', {
      ref: this.#tree.best.ref,
      retracted: retracted.map(({ ref }) => ref),
      enacted: enacted.map(({ ref }) => ref),
    });
  }

  /** Height of a finalized block; undefined for all others. */
  #canonicalNumber(hash: HexHash): number | undefined {
    const number = this.header(hash)?.number;
    if (number === undefined || number > this.finalized().number) return undefined;
    return this.#parts.store.canonical(number) === hash ? number : undefined;
  }
}

const NOTHING = new Uint8Array(0);
