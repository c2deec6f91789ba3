/** Where the people act: each step is signed, sent, waited for in a final block, read back, and compared with what it should have done. */
import { isDeepStrictEqual } from 'node:util';
import type { ApiPromise } from '@polkadot/api';
import type { SubmittableExtrinsic } from '@polkadot/api/types';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import type { Chain } from '../sdk/connect.ts';
import type { Block, ChainEvent, Json, Ledger } from './ledger.ts';
import type { Person, People } from './people.ts';
import type { StoryCheck, StoryEntry } from './report.ts';
import { View } from './view.ts';

export type Transaction = SubmittableExtrinsic<'promise'>;

/** What came of an extrinsic, in a final block. */
export interface Done {
  readonly block: number;
  readonly blockHash: string;
  readonly extrinsic: string | null;
  readonly events: readonly ChainEvent[];
}

/** What is compared: name, found, expected. */
export type Pairs = Readonly<Record<string, readonly [found: unknown, expected: unknown]>>;

interface Told {
  readonly chapter: number;
  readonly step: string;
  readonly what: string;
  /** Reads back, in the state after the step. */
  readonly check: (view: View, done: Done) => Promise<Pairs>;
  /** What the person sees, in words. */
  readonly sees: (done: Done, found: Readonly<Record<string, unknown>>) => string;
}
export interface Act extends Told {
  readonly who: Person;
  readonly call: Transaction;
  /** The error that the chain must answer with. */
  readonly refused?: string;
}

export class Stage {
  readonly api: ApiPromise;
  readonly chain: Chain;
  readonly ledger: Ledger;
  readonly people: People;
  readonly entries: StoryEntry[] = [];
  readonly #say: (chapter: number, who: string, text: string) => void;

  constructor(
    connection: { api: ApiPromise; chain: Chain; ledger: Ledger },
    people: People,
    say: (chapter: number, who: string, text: string) => void,
  ) {
    this.api = connection.api;
    this.chain = connection.chain;
    this.ledger = connection.ledger;
    this.people = people;
    this.#say = say;
  }

  /** A call of the chain. */
  tx(pallet: string, call: string, ...args: unknown[]): Transaction {
    const made = this.api.tx[pallet]?.[call];
    if (!made) throw new TacitError('story/no-such-thing', `this chain has no call ${pallet}.${call}`);
    return made(...args);
  }

  /** Sends a call and checks what came of it. @throws `story/failed-step`, named by the step */
  async act({ who, call, refused, ...told }: Act): Promise<Done> {
    try {
      const done = await this.#send(who, call, told.step);
      const error = failureOf(done);
      if (refused === undefined && error !== undefined) throw new Error(`the chain refused it: ${error}`);
      const outcome: Pairs = refused === undefined ? {} : { refused: [error ?? 'accepted', refused] };
      return await this.#check(who.name, told, done, outcome);
    } catch (error) {
      throw named(told.step, error);
    }
  }

  /**
   * Runs what the client of the chain does by itself (it signs, sends and waits), then looks for the event that tells of it.
   * @param find the event, as it must be
   */
  async witness(
    who: string,
    told: Told,
    work: () => Promise<unknown>,
    find: (event: ChainEvent) => boolean,
  ): Promise<Done> {
    try {
      const from = this.ledger.top + 1;
      await work();
      const done = await this.ledger.until(told.step, (block) => doneOf(block, find), from);
      return await this.#check(who, told, done, {});
    } catch (error) {
      throw named(told.step, error);
    }
  }

  async view(blockHash: string): Promise<View> {
    return View.of(this.api, blockHash);
  }

  async #send(who: Person, call: Transaction, step: string): Promise<Done> {
    const from = this.ledger.top + 1;
    const hash = await who.inTurn(async () => {
      const nonce = await this.api.rpc.system.accountNextIndex(who.address);
      return (await this.api.rpc.author.submitExtrinsic(await call.signAsync(who.pair, { nonce }))).toHex();
    });
    return this.ledger.until(
      step,
      (block) => {
        const place = block.extrinsics.indexOf(hash);
        return place < 0 ? undefined : ofExtrinsic(block, place);
      },
      from,
    );
  }

  async #check(who: string, told: Told, done: Done, outcome: Pairs): Promise<Done> {
    const view = await this.view(done.blockHash);
    const pairs: Pairs = { ...outcome, ...(await told.check(view, done)) };
    const check = checkOf([...view.asked], pairs);
    const { chapter, step, what } = told;
    const events = done.events.map(({ name, data }) => ({ name, data }));
    const sees = told.sees(done, check.found);
    ensureEqual(this.#note({ chapter, step, who, what, sees, ...done, events, check }));
    return done;
  }

  /** What is seen of the chain as a whole, in a final block, without an extrinsic of anybody. @throws `story/failed-step` */
  sum(
    told: Pick<StoryEntry, 'chapter' | 'step' | 'who' | 'what' | 'sees'> & { readonly read: readonly string[] },
    { number, hash }: Block,
    pairs: Pairs,
  ): StoryEntry {
    const { read, who, sees, ...rest } = told;
    const done = { block: number, blockHash: hash, extrinsic: null, events: [] };
    const entry = this.#note({ ...rest, who, sees, ...done, check: checkOf(read, pairs) });
    ensureEqual(entry);
    return entry;
  }

  /** Puts an entry into the report and says it. */
  #note(entry: StoryEntry): StoryEntry {
    this.entries.push(entry);
    this.#say(entry.chapter, entry.who, `${entry.what}: ${entry.sees}`);
    return entry;
  }
}

function checkOf(read: readonly string[], pairs: Pairs): StoryCheck {
  const side = (place: 0 | 1) => Object.fromEntries(Object.entries(pairs).map(([name, pair]) => [name, pair[place]]));
  const [found, expected] = [side(0), side(1)];
  return { read: [...read], expected, found, equal: isDeepStrictEqual(found, expected) };
}

function ensureEqual({ step, check: { equal, found, expected } }: StoryEntry): void {
  if (equal) return;
  const differ = Object.keys(expected).filter((name) => !isDeepStrictEqual(found[name], expected[name]));
  const text = (side: Readonly<Record<string, unknown>>): string =>
    JSON.stringify(Object.fromEntries(differ.map((name) => [name, side[name]])));
  throw new TacitError('story/failed-step', `step '${step}': found ${text(found)}, not ${text(expected)}`, { step });
}

/** The error with the step's name. */
function named(step: string, error: unknown): Error {
  if (isTacitError(error, 'story/failed-step')) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new TacitError('story/failed-step', `step '${step}': ${why}`, { step });
}

function ofExtrinsic(block: Block, place: number): Done {
  const { number, hash, extrinsics } = block;
  const events = block.events.filter(({ extrinsic }) => extrinsic === place);
  return { block: number, blockHash: hash, extrinsic: extrinsics[place] ?? null, events };
}

/** The extrinsic of a block, or the end of one, that brought an event. */
function doneOf(block: Block, find: (event: ChainEvent) => boolean): Done | undefined {
  const found = block.events.find(find);
  if (found === undefined) return undefined;
  if (found.extrinsic !== undefined) return ofExtrinsic(block, found.extrinsic);
  return { block: block.number, blockHash: block.hash, extrinsic: null, events: [found] };
}

const failureOf = ({ events }: Done): string | undefined =>
  events.find(({ name }) => name === 'system.ExtrinsicFailed')?.data['error'] as string | undefined;

/** A field of an event that must be among those of a step. */
export function field<T extends Json>({ events }: Done, name: string, key: string): T {
  const value = events.find((event) => event.name === name)?.data[key];
  if (value === undefined) throw new TacitError('story/no-event', `no ${name} with ${key}`);
  return value as T;
}
