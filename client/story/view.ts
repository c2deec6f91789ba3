/** The state of one block as a client of polkadot.js reads it: storage and runtime APIs; it remembers what it was asked. */
import type { ApiPromise } from '@polkadot/api';
import type { ApiDecoration } from '@polkadot/api/types';
import type { Codec } from '@polkadot/types/types';
import { TacitError } from '../../primitives/errors.ts';

type Ask = (...args: unknown[]) => Promise<Codec>;

export interface Money {
  readonly free: bigint;
  readonly reserved: bigint;
}

export class View {
  /** Names of what was read, each once. */
  readonly asked = new Set<string>();
  readonly #at: ApiDecoration<'promise'>;

  private constructor(at: ApiDecoration<'promise'>) {
    this.#at = at;
  }

  static async of(api: ApiPromise, blockHash: string): Promise<View> {
    return new View(await api.at(blockHash));
  }

  /** An entry of storage. */
  async stored(pallet: string, item: string, ...keys: unknown[]): Promise<unknown> {
    this.asked.add(`${pallet}.${item}`);
    const entry = this.#at.query[pallet]?.[item] as Ask | undefined;
    return (await known(entry, `${pallet}.${item}`)(...keys)).toJSON();
  }

  /** The answer of a runtime API. */
  async ask(api: string, method: string, ...args: unknown[]): Promise<unknown> {
    this.asked.add(`${api}.${method}`);
    const call = (this.#at.call as Record<string, Record<string, Ask> | undefined>)[api]?.[method];
    return (await known(call, `${api}.${method}`)(...args)).toJSON();
  }

  /** What an account holds. */
  async money(address: string): Promise<Money> {
    const { data } = (await this.stored('system', 'account', address)) as { data: Record<string, number | string> };
    return { free: BigInt(data['free'] ?? 0), reserved: BigInt(data['reserved'] ?? 0) };
  }

  async free(address: string): Promise<string> {
    return `${(await this.money(address)).free}`;
  }

  /** What an account may collect. */
  async owed(address: string): Promise<bigint> {
    return BigInt((await this.ask('royaltyApi', 'owed', address)) as number | string);
  }
}

function known(found: Ask | undefined, name: string): Ask {
  if (found) return found;
  throw new TacitError('story/no-such-thing', `this chain has no ${name}`);
}
