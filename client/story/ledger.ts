/** The final blocks of the chain, each read once: what everybody waits in, and what the balance sheet is made of. */
import type { ApiPromise } from '@polkadot/api';
import type { DispatchError, EventRecord } from '@polkadot/types/interfaces';
import type { Codec } from '@polkadot/types/types';
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { fromHex, toHex } from '../../primitives/crypto/hex.ts';
import { TacitError } from '../../primitives/errors.ts';
import { isDisconnected, within } from '../sdk/connect.ts';

/** What polkadot.js gives as JSON. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface ChainEvent {
  /** `pallet.Name`. */
  readonly name: string;
  /** Place of the extrinsic in its block; none of what the block itself did. */
  readonly extrinsic: number | undefined;
  readonly data: Readonly<Record<string, Json>>;
}

export interface Block {
  readonly number: number;
  readonly hash: string;
  /** Hashes of its extrinsics. */
  readonly extrinsics: readonly string[];
  readonly events: readonly ChainEvent[];
}

/** Longer than any phase takes on a busy machine. */
const PATIENCE_MS = 300_000;

interface Waiter {
  readonly hear: (block: Block) => void;
  readonly fail: (error: unknown) => void;
}

export class Ledger implements AsyncDisposable {
  readonly blocks: Block[] = [];
  readonly #api: ApiPromise;
  readonly #waiters = new Set<Waiter>();
  #head = 0;
  #isReading = false;
  #stop: () => void = () => undefined;

  private constructor(api: ApiPromise) {
    this.#api = api;
  }

  /** Follows the chain from its first block on. */
  static async follow(api: ApiPromise): Promise<Ledger> {
    const ledger = new Ledger(api);
    ledger.#stop = await api.rpc.chain.subscribeFinalizedHeads(({ number }) => ledger.#heard(number.toNumber()));
    return ledger;
  }

  /** The first thing that `look` finds in a final block, those that are known from number `from` on included. @throws `story/timeout` */
  async until<T>(what: string, look: (block: Block) => T | undefined, from = 1): Promise<T> {
    for (const block of this.blocks.slice(from - 1)) {
      const found = look(block);
      if (found !== undefined) return found;
    }
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const hear = (block: Block): void => {
      const found = block.number < from ? undefined : look(block);
      if (found !== undefined) resolve(found);
    };
    const waiter: Waiter = { hear, fail: reject };
    this.#waiters.add(waiter);
    const late = (): Error => new TacitError('story/timeout', `${what}: not in ${PATIENCE_MS / 1000} s`);
    return within(promise, PATIENCE_MS, late).finally(() => this.#waiters.delete(waiter));
  }

  /** Waits for a final block of this height. */
  async height(number: number): Promise<Block> {
    return this.until(`block ${number}`, (block) => (block.number >= number ? block : undefined), number);
  }

  /** Height of the newest final block that was read. */
  get top(): number {
    return this.blocks.length;
  }

  #heard(head: number): void {
    this.#head = Math.max(this.#head, head);
    if (!this.#isReading) void this.#read();
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    try {
      while (this.blocks.length < this.#head) {
        const block = await readBlock(this.#api, this.blocks.length + 1);
        this.blocks.push(block);
        for (const { hear } of this.#waiters) hear(block);
      }
    } catch (error) {
      // a connection that broke is made again, and the next head tells how far to read
      if (!isDisconnected(error)) for (const { fail } of this.#waiters) fail(error);
    } finally {
      this.#isReading = false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop();
  }
}

async function readBlock(api: ApiPromise, number: number): Promise<Block> {
  const hash = await api.rpc.chain.getBlockHash(number);
  const [raw, records] = await Promise.all([
    // as text: what was submitted to a round is large, and nobody decodes it here
    api.rpc.chain.getBlock.raw(hash) as Promise<{ block: { extrinsics: string[] } }>,
    api.query['system']!['events']!.at(hash) as Promise<unknown> as Promise<EventRecord[]>,
  ]);
  return {
    number,
    hash: hash.toHex(),
    extrinsics: raw.block.extrinsics.map((bytes) => toHex(blake2b256(fromHex(bytes)))),
    events: records.map((record) => eventOf(api, record)),
  };
}

function eventOf(api: ApiPromise, { phase, event }: EventRecord): ChainEvent {
  const names = event.data.names ?? [];
  const data = Object.fromEntries(
    [...event.data].map((value: Codec, place) => [names[place] ?? `${place}`, value.toJSON() as Json]),
  );
  const name = `${event.section}.${event.method}`;
  const extrinsic = phase.isApplyExtrinsic ? phase.asApplyExtrinsic.toNumber() : undefined;
  if (name !== 'system.ExtrinsicFailed') return { name, extrinsic, data };
  return { name, extrinsic, data: { error: errorName(api, event.data[0] as DispatchError) } };
}

/** `pallet.Name` of a module's error. */
function errorName(api: ApiPromise, error: DispatchError): string {
  if (!error.isModule) return error.type;
  const { section, name } = api.registry.findMetaError(error.asModule);
  return `${section}.${name}`;
}
