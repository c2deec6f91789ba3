/**
 * A chain without runtime, for tests of the network: a block is good if its body has the root its header names and is not the
 * one text that stands for a broken rule. Everything else is as ChainApi says.
 */
import type {
  AuthoritySet,
  Block,
  BlockOrigin,
  BlockRef,
  ChainApi,
  ChainEvents,
  Header,
  HexHash,
  ImportResult,
  MetaStore,
  SubmitResult,
} from '../../../node/base/types.ts';
import { headerHash } from '../../../node/base/header.ts';
import { blake2b256, hash32Of } from '../../../primitives/crypto/hash.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';
import { TacitError } from '../../../primitives/errors.ts';
import { orderedRoot } from '../../../primitives/trie/index.ts';

/** A body with this extrinsic makes a block invalid. */
export const BROKEN_RULE = utf8('broken');

interface Stored {
  readonly block: Block;
  justification: Uint8Array | undefined;
  readonly setId: bigint;
}
type Listeners = { [K in keyof ChainEvents]: Set<(event: ChainEvents[K]) => void> };

export class ToyChainApi implements ChainApi {
  readonly genesisHash: HexHash;
  readonly #blocks = new Map<HexHash, Stored>();
  readonly #pool = new Map<HexHash, Uint8Array>();
  readonly #listeners: Listeners = {
    imported: new Set(),
    best: new Set(),
    finalized: new Set(),
    early: new Set(),
    transaction: new Set(),
  };
  readonly #sets: readonly AuthoritySet['authorities'][];
  #best: BlockRef;
  #finalized: BlockRef;
  /** What was submitted from outside, in order. */
  readonly submitted: SubmitResult[] = [];
  /** How many blocks were executed. */
  imports = 0;

  /** `sets`: the authorities of set 0, 1, ...; a block whose body holds `next-set` hands over. */
  constructor(label: string, sets: readonly AuthoritySet['authorities'][]) {
    this.#sets = sets;
    const header: Header = {
      parentHash: new Uint8Array(32),
      number: 0,
      stateRoot: hash32Of('test/genesis/1', label),
      extrinsicsRoot: orderedRoot([]),
      digest: { logs: [] },
    };
    this.genesisHash = headerHash(header);
    this.#blocks.set(this.genesisHash, { block: { header, body: [] }, justification: undefined, setId: 0n });
    this.#best = { hash: this.genesisHash, number: 0 };
    this.#finalized = this.#best;
  }

  best = (): BlockRef => this.#best;
  finalized = (): BlockRef => this.#finalized;
  header = (hash: HexHash): Header | undefined => this.#blocks.get(hash)?.block.header;
  body = (hash: HexHash): readonly Uint8Array[] | undefined => this.#blocks.get(hash)?.block.body;
  justification = (hash: HexHash): Uint8Array | undefined => this.#blocks.get(hash)?.justification;

  hashByNumber(number: number): HexHash | undefined {
    for (let at: HexHash = this.#best.hash; ; ) {
      const header = this.header(at);
      if (header === undefined || header.number < number) return undefined;
      if (header.number === number) return at;
      at = toHex(header.parentHash);
    }
  }

  children(hash: HexHash): HexHash[] {
    return [...this.#blocks].flatMap(([child, { block }]) => (toHex(block.header.parentHash) === hash ? [child] : []));
  }

  isDescendent(ancestor: HexHash, descendant: HexHash): boolean {
    for (let at = descendant; ; ) {
      if (at === ancestor) return true;
      const header = this.header(at);
      if (header === undefined || header.number === 0) return false;
      at = toHex(header.parentHash);
    }
  }

  bestContaining(hash: HexHash): BlockRef | undefined {
    if (this.isDescendent(hash, this.#best.hash)) return this.#best;
    let best: BlockRef | undefined;
    for (const [candidate, { block }] of this.#blocks) {
      const higher = block.header.number > (best?.number ?? -1);
      if (higher && this.isDescendent(hash, candidate)) best = { hash: candidate, number: block.header.number };
    }
    return best;
  }

  authorities(hash: HexHash): AuthoritySet {
    const setId = this.#blocks.get(hash)!.setId;
    return { setId, authorities: this.#sets[Number(setId)]! };
  }

  /** A block on `parent`; imported only if told so. */
  make(parent: HexHash, ...extrinsics: string[]): Block {
    const below = this.header(parent)!;
    const body = extrinsics.map(utf8);
    const header: Header = {
      parentHash: fromHex(parent),
      number: below.number + 1,
      stateRoot: hash32Of('test/state/1', below.stateRoot, ...body),
      extrinsicsRoot: orderedRoot(body),
      digest: { logs: [] },
    };
    return { header, body };
  }

  nameOf = (header: Header): HexHash => headerHash(header);

  async author(...extrinsics: string[]): Promise<BlockRef> {
    const block = this.make(this.#best.hash, ...extrinsics);
    await this.importBlock(block, 'own');
    return this.#best;
  }

  /** Headers that no author has signed, by hash. */
  readonly unsealed = new Set<HexHash>();

  async judgeHeader(header: Header): Promise<ImportResult | undefined> {
    const ref = { hash: headerHash(header), number: header.number };
    if (this.#blocks.has(ref.hash)) return { kind: 'known', ref };
    const parent = this.#blocks.get(toHex(header.parentHash));
    if (parent === undefined) return { kind: 'unknown-parent', ref };
    if (!this.isDescendent(this.#finalized.hash, toHex(header.parentHash))) return { kind: 'stale', ref };
    if (!this.unsealed.has(ref.hash) && ref.number === parent.block.header.number + 1) return undefined;
    return { kind: 'invalid', ref, code: 'test/unsealed', message: 'no seal' };
  }

  async importBlock({ header, body }: Block, origin: BlockOrigin): Promise<ImportResult> {
    const ref = { hash: headerHash(header), number: header.number };
    if (this.#blocks.has(ref.hash)) return { kind: 'known', ref };
    const parent = this.#blocks.get(toHex(header.parentHash));
    if (parent === undefined) return { kind: 'unknown-parent', ref };
    if (!this.isDescendent(this.#finalized.hash, toHex(header.parentHash))) return { kind: 'stale', ref };
    this.imports++;
    if (body.some((extrinsic) => toHex(extrinsic) === toHex(BROKEN_RULE))) {
      return { kind: 'invalid', ref, code: 'test/broken', message: 'a rule is broken' };
    }
    const handsOver = body.some((extrinsic) => toHex(extrinsic) === toHex(utf8('next-set')));
    this.#blocks.set(ref.hash, {
      block: { header, body },
      justification: undefined,
      setId: parent.setId + (handsOver ? 1n : 0n),
    });
    const best = ref.number > this.#best.number;
    if (best) this.#best = ref;
    this.#emit('imported', { ref, header, origin });
    if (best) this.#emit('best', { ref, retracted: [], enacted: [ref] });
    return { kind: 'imported', ref, best };
  }

  async finalize(hash: HexHash, justification: Uint8Array): Promise<void> {
    const stored = this.#blocks.get(hash);
    if (stored === undefined) throw new TacitError('chain/unknown-block', 'unknown');
    const { number } = stored.block.header;
    if (number > this.#finalized.number) {
      if (!this.isDescendent(this.#finalized.hash, hash)) throw new TacitError('chain/finality-conflict', 'conflict');
      this.#finalized = { hash, number };
      if (!this.isDescendent(hash, this.#best.hash)) this.#best = this.bestContaining(hash)!;
    }
    stored.justification = justification;
    this.#emit('finalized', { ref: { hash, number }, enacted: [], pruned: [], justification });
  }

  async submit(bytes: Uint8Array, source: 'external' | 'local'): Promise<SubmitResult> {
    const hash = toHex(blake2b256(bytes));
    let result: SubmitResult = { kind: 'ready', hash };
    if (this.#pool.has(hash)) result = { kind: 'known', hash };
    else if (bytes[0] === 0xff) result = { kind: 'invalid', hash, code: 'BadProof', lasting: false };
    else this.#pool.set(hash, bytes);
    if (source === 'external') this.submitted.push(result);
    if (result.kind === 'ready') this.#emit('transaction', { hash, bytes, propagate: true });
    return result;
  }

  transaction = (hash: HexHash): Uint8Array | undefined => this.#pool.get(hash);
  propagatable = (): HexHash[] => [...this.#pool.keys()];

  on<K extends keyof ChainEvents>(event: K, listener: (event: ChainEvents[K]) => void): () => void {
    this.#listeners[event].add(listener);
    return () => this.#listeners[event].delete(listener);
  }

  #emit<K extends keyof ChainEvents>(event: K, value: ChainEvents[K]): void {
    for (const listener of this.#listeners[event]) listener(value);
  }
}

/** Resolves when `condition` holds; looked at after every event of the chains, so that nothing sleeps. */
export async function eventually(
  chains: readonly ToyChainApi[],
  condition: () => boolean,
  limit = 20_000,
): Promise<void> {
  if (condition()) return;
  const names = ['imported', 'best', 'finalized', 'transaction'] as const;
  const undo: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error('the condition did not come true in time')), limit);
      const check = (): void => {
        if (condition()) resolve();
      };
      for (const chain of chains) for (const name of names) undo.push(chain.on(name, check));
    });
  } finally {
    clearTimeout(timer);
    for (const off of undo) off();
  }
}

/** Resolves when `condition` holds, for what no chain tells of. The test's own time limit ends it. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

export class MemoryMeta implements MetaStore {
  readonly values = new Map<string, Uint8Array>();
  get = (key: string): Uint8Array | undefined => this.values.get(key);
  async put(key: string, value: Uint8Array): Promise<void> {
    this.values.set(key, value);
  }
  async delete(key: string): Promise<void> {
    this.values.delete(key);
  }
}
