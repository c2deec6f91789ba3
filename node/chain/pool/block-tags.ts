import { toHex } from '../../../primitives/crypto/hex.ts';
import type { Validation } from '../../base/runtime.ts';
import { slices } from '../../base/serial.ts';
import type { BlockRef, HexHash } from '../../base/types.ts';
import type { Chain } from '../chain.ts';
import { type PoolTransaction, tagOf } from './queue.ts';

/** Tags of transactions that have left the pool, kept to recognise them in blocks. */
const REMEMBERED = 16_384;
/** Extrinsics of a block that never were in the pool, and are asked for their tags before anything else happens. */
const AT_ONCE = 64;
/** Milliseconds after which the event loop has its turn. */
const SLICE_MS = 5;

export interface BlockTagsParts {
  readonly chain: Pick<Chain, 'header' | 'hashByNumber'>;
  /** Judges an extrinsic on the state of a block. */
  validate(at: HexHash, bytes: Uint8Array): Validation;
  /** Hears of what an extrinsic of the chain provides. */
  provided(hash: HexHash, tags: readonly string[]): void;
  readonly onError: (error: unknown) => void;
}

/** What the extrinsics of blocks provide: remembered of those that were pooled here, asked of the state for the others. */
export class BlockTags {
  readonly #parts: BlockTagsParts;
  readonly #known = new Map<HexHash, readonly string[]>();

  constructor(parts: BlockTagsParts) {
    this.#parts = parts;
  }

  remember({ hash, provides }: PoolTransaction): void {
    this.#known.set(hash, provides);
    if (this.#known.size > REMEMBERED) this.#known.delete(this.#known.keys().next().value!);
  }

  of(hash: HexHash): readonly string[] | undefined {
    return this.#known.get(hash);
  }

  /** Tells what a block's extrinsics provide; of thousands of strangers most are told later. */
  tell(block: BlockRef, body: readonly Uint8Array[], hashes: readonly HexHash[]): void {
    const { provided, onError } = this.#parts;
    const strangers: [HexHash, Uint8Array][] = [];
    for (const [i, hash] of hashes.entries()) {
      const tags = this.#known.get(hash);
      if (tags) provided(hash, tags);
      else strangers.push([hash, body[i]!]);
    }
    for (const [hash, bytes] of strangers.splice(0, AT_ONCE)) provided(hash, this.#ask(block, bytes));
    if (strangers.length > 0) this.#tellLater(block, strangers).catch(onError);
  }

  /** The same for thousands of extrinsics that nobody had told us of, without keeping the event loop from votes. */
  async #tellLater(block: BlockRef, strangers: readonly [HexHash, Uint8Array][]): Promise<void> {
    const pause = slices(SLICE_MS);
    for (const [hash, bytes] of strangers) {
      await pause();
      if (this.#parts.chain.hashByNumber(block.number) !== block.hash) return;
      this.#parts.provided(hash, this.#ask(block, bytes));
    }
  }

  /** What an extrinsic that never was in the pool has provided: asked of the state before its block. */
  #ask(block: BlockRef, bytes: Uint8Array): string[] {
    const parentHash = this.#parts.chain.header(block.hash)?.parentHash;
    const validation = parentHash && this.#parts.validate(toHex(parentHash), bytes);
    return validation && 'valid' in validation ? validation.valid.provides.map(tagOf) : [];
  }
}
