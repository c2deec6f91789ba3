import { concatBytes, fromLittleEndian, utf8 } from '../../primitives/crypto/bytes.ts';
import { fromHex, toHex } from '../../primitives/crypto/hex.ts';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import type { NodeStore } from '../../primitives/trie/index.ts';
import type { BlockRef, HexHash, MetaStore } from '../base/types.ts';
import { type BodyPart, decodeBody, encodeBody, largeOf, splitBody, u32 } from './body.ts';
import { damaged } from './damage.ts';
import type { KeyValue, Write } from './keyvalue.ts';

/** First byte of a key: what is stored under it. */
const AREA = {
  header: 0x01,
  body: 0x02,
  /** Large extrinsics by hash, and how many stored bodies hold each. */
  large: 0x03,
  largeUses: 0x04,
  justification: 0x05,
  /** Number (big endian) -> hash, finalized blocks only. */
  canonical: 0x06,
  /** Number (big endian) ++ hash of each block above the finalized one. */
  open: 0x07,
  trie: 0x08,
  head: 0x09,
  meta: 0x0a,
} as const;

/** Raised when the layout changes: an older database is refused, not misread. */
const LAYOUT = 1;

export interface NewBlock {
  readonly ref: BlockRef;
  /** Encoded header. */
  readonly header: Uint8Array;
  readonly body: readonly Uint8Array[];
  /** What `Trie.apply` inserted, by hash in hex. */
  readonly trie: ReadonlyMap<string, Uint8Array>;
}

export interface NewFinality {
  /** Newly finalized blocks, parents first. */
  readonly enacted: readonly BlockRef[];
  /** Blocks of branches that died with it. */
  readonly pruned: readonly BlockRef[];
  readonly justification: { readonly hash: HexHash; readonly bytes: Uint8Array };
}

/**
 * The blocks, states and small records of one chain. A block is one batch, finality is one synced batch, so that after
 * a crash the database stands at some block boundary and never behind a finality it acknowledged.
 */
export class BlockStore {
  /** What errors call the database. */
  readonly place: string;
  readonly nodes: NodeStore;
  readonly meta: MetaStore;
  readonly #kv: KeyValue;

  /**
   * @param onDamage told when the database is of no more use: `db/damaged` when a file cannot be read or a state turns out to have a hole, `db/write-failed`
   * when a write failed. Every time, and the reader or writer fails as well.
   */
  constructor(kv: KeyValue, onDamage: (damage: TacitError) => void = () => undefined) {
    this.place = kv.place;
    this.#kv = {
      ...kv,
      get: (key) => readOr(kv, key, onDamage),
      write: (batch, sync) => writeOr(kv, batch, sync, onDamage),
    };
    this.nodes = {
      get: (hash) => {
        const bytes = this.#kv.get(keyOf(AREA.trie, hash));
        // Nodes are never deleted, and are asked for by those who found their hash in a stored one.
        if (!bytes) onDamage(damaged(kv.place, 'a part of the state is missing', { hash: toHex(hash) }));
        return bytes;
      },
    };
    const metaKey = (name: string): Uint8Array => keyOf(AREA.meta, utf8(name));
    this.meta = {
      get: (name) => this.#kv.get(metaKey(name)),
      put: (name, value) => this.#kv.write([[metaKey(name), value]], true),
      delete: (name) => this.#kv.write([[metaKey(name), undefined]], true),
    };
  }

  /** Makes block 0 of an empty database, or checks that the database is of this chain and layout. */
  async initialize(genesis: NewBlock): Promise<void> {
    const layout = this.#head('layout');
    if (!layout) {
      for await (const _ of this.#kv.range(Uint8Array.of(0), Uint8Array.of(0xff))) {
        throw damaged(this.place, 'it has no beginning');
      }
      await this.#kv.write(
        [
          ...this.#blockWrites(genesis),
          [keyOf(AREA.canonical, bigEndian(0)), fromHex(genesis.ref.hash)],
          [headKey('genesis'), fromHex(genesis.ref.hash)],
          [headKey('finalized'), encodeRef(genesis.ref)],
          [headKey('layout'), u32(LAYOUT)],
        ],
        true,
      );
      return;
    }
    if (Number(fromLittleEndian(layout)) !== LAYOUT) {
      throw new TacitError('db/other-layout', 'the database was written by another version of this software');
    }
    const first = this.#head('genesis');
    if (!first) throw damaged(this.place, 'it does not name its chain');
    const stored = toHex(first);
    if (stored !== genesis.ref.hash) {
      throw new TacitError('db/other-chain', 'the database holds another chain', {
        stored,
        expected: genesis.ref.hash,
      });
    }
  }

  header(hash: HexHash): Uint8Array | undefined {
    return this.#kv.get(keyOf(AREA.header, fromHex(hash)));
  }

  /** Undefined if the block is unknown or a large extrinsic of it was pruned. */
  body(hash: HexHash): Uint8Array[] | undefined {
    const body: Uint8Array[] = [];
    for (const part of this.#parts(hash) ?? [undefined]) {
      const bytes = part && ('inline' in part ? part.inline : this.#kv.get(keyOf(AREA.large, part.large)));
      if (!bytes) return undefined;
      body.push(bytes);
    }
    return body;
  }

  justification(hash: HexHash): Uint8Array | undefined {
    return this.#kv.get(keyOf(AREA.justification, fromHex(hash)));
  }

  /** Hash of the finalized block at this height. */
  canonical(number: number): HexHash | undefined {
    const hash = this.#kv.get(keyOf(AREA.canonical, bigEndian(number)));
    return hash && toHex(hash);
  }

  finalized(): BlockRef {
    const record = this.#head('finalized');
    if (!record) throw new TacitError('db/empty', 'the database holds no chain');
    return decodeRef(record);
  }

  /** Blocks above the finalized one, by number. */
  async open(): Promise<BlockRef[]> {
    const refs: BlockRef[] = [];
    for await (const [key] of this.#kv.range(Uint8Array.of(AREA.open), Uint8Array.of(AREA.open + 1))) {
      refs.push(decodeRef(key.subarray(1)));
    }
    return refs;
  }

  /** Stores a block above the finalized one with its state. */
  async addBlock(block: NewBlock): Promise<void> {
    const open: Write = [keyOf(AREA.open, encodeRef(block.ref)), new Uint8Array(0)];
    await this.#kv.write([...this.#blockWrites(block), open], false);
  }

  async finalize({ enacted, pruned, justification }: NewFinality): Promise<void> {
    const batch: Write[] = [[keyOf(AREA.justification, fromHex(justification.hash)), justification.bytes]];
    for (const ref of [...enacted, ...pruned]) batch.push([keyOf(AREA.open, encodeRef(ref)), undefined]);
    for (const ref of enacted) batch.push([keyOf(AREA.canonical, bigEndian(ref.number)), fromHex(ref.hash)]);
    const uses = new Map<string, number>();
    for (const { hash } of pruned) {
      batch.push([keyOf(AREA.header, fromHex(hash)), undefined], [keyOf(AREA.body, fromHex(hash)), undefined]);
      for (const large of largeOf(this.#parts(hash) ?? [])) batch.push(...this.#release(large, uses));
    }
    const last = enacted.at(-1);
    if (last) batch.push([headKey('finalized'), encodeRef(last)]);
    await this.#kv.write(batch, true);
  }

  /** Drops the large extrinsics of finalized bodies below `number`; of at most `limit` blocks per call. */
  async pruneBodies(number: number, limit = 256): Promise<void> {
    const from = Number(fromLittleEndian(this.#head('prunedTo') ?? u32(1)));
    const to = Math.min(number, from + limit);
    if (to <= from) return;
    const batch: Write[] = [[headKey('prunedTo'), u32(to)]];
    const uses = new Map<string, number>();
    for (let height = from; height < to; height++) {
      const hash = this.canonical(height);
      for (const large of largeOf((hash && this.#parts(hash)) || [])) batch.push(...this.#release(large, uses));
    }
    await this.#kv.write(batch, false);
  }

  close(): Promise<void> {
    return this.#kv.close();
  }

  #head(name: string): Uint8Array | undefined {
    return this.#kv.get(headKey(name));
  }

  #parts(hash: HexHash): BodyPart[] | undefined {
    const record = this.#kv.get(keyOf(AREA.body, fromHex(hash)));
    return record && decodeBody(record);
  }

  #blockWrites({ ref, header, body, trie }: NewBlock): Write[] {
    const hash = fromHex(ref.hash);
    const { parts, large } = splitBody(body);
    const writes: Write[] = [
      [keyOf(AREA.header, hash), header],
      [keyOf(AREA.body, hash), encodeBody(parts)],
    ];
    for (const [node, bytes] of trie) writes.push([keyOf(AREA.trie, fromHex(node)), bytes]);
    for (const [name, bytes] of large) {
      const used = this.#uses(name);
      writes.push([keyOf(AREA.largeUses, fromHex(name)), u32(used + 1)]);
      if (used === 0) writes.push([keyOf(AREA.large, fromHex(name)), bytes]);
    }
    return writes;
  }

  #uses(large: string): number {
    const record = this.#kv.get(keyOf(AREA.largeUses, fromHex(large)));
    return record ? Number(fromLittleEndian(record)) : 0;
  }

  /** Writes that take one body's hold off a large extrinsic; `pending` counts within one batch. */
  #release(large: string, pending: Map<string, number>): Write[] {
    const left = (pending.get(large) ?? this.#uses(large)) - 1;
    pending.set(large, left);
    const uses = keyOf(AREA.largeUses, fromHex(large));
    if (left > 0) return [[uses, u32(left)]];
    return [
      [uses, undefined],
      [keyOf(AREA.large, fromHex(large)), undefined],
    ];
  }
}

/** Reads, and tells of damage where the database cannot. */
function readOr(kv: KeyValue, key: Uint8Array, onDamage: (damage: TacitError) => void): Uint8Array | undefined {
  try {
    return kv.get(key);
  } catch (error) {
    const cause = isTacitError(error) ? error.details['cause'] : String(error);
    onDamage(damaged(kv.place, 'a file of it cannot be read', { cause }));
    throw error;
  }
}

/** Writes, and tells of a database that takes nothing more. */
async function writeOr(
  kv: KeyValue,
  batch: readonly Write[],
  sync: boolean,
  onDamage: (damage: TacitError) => void,
): Promise<void> {
  try {
    await kv.write(batch, sync);
  } catch (error) {
    if (isTacitError(error, 'db/write-failed')) onDamage(error);
    throw error;
  }
}

function keyOf(area: number, name: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(area), name);
}

const headKey = (name: string): Uint8Array => keyOf(AREA.head, utf8(name));

function bigEndian(number: number): Uint8Array {
  return u32(number).reverse();
}

function encodeRef({ hash, number }: BlockRef): Uint8Array {
  return concatBytes(bigEndian(number), fromHex(hash));
}

function decodeRef(record: Uint8Array): BlockRef {
  if (record.length !== 36) throw new TacitError('db/bad-record', 'a block reference has 36 bytes');
  return { number: new DataView(record.buffer, record.byteOffset).getUint32(0), hash: toHex(record.slice(4)) };
}
