/** A pallet in which each call has one fault: whoever looks for faults must find them. */
import { balances, freeOf, reserve } from '../../../pallets/balances/index.ts';
import {
  accountId,
  balance,
  definePallet,
  ensure,
  event,
  type Held,
  map,
  storagePrefix,
  value,
} from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { bytes, field, u32 } from '../../../primitives/scale/index.ts';

/** What a call left behind outside of the state. */
const kept: { seen: number } = { seen: 0 };
const ANY = 1_000n;
const amount = field(balance, 'How much.');

export const faulty = definePallet({
  name: 'Faulty',
  index: 200,
  docs: 'Every call has a fault.',
  storage: {
    count: value(u32, { default: 0, docs: 'A number.' }),
    deposits: map(accountId, balance, { docs: 'What is reserved.' }),
    escrow: value(balance, { default: 0n, docs: 'What an account of the pallet should hold.' }),
  },
  events: { Done: event('Something was done.') },
  errors: { Odd: 'The number is odd.', Unlucky: 'It is not the time.' },
  *deposits({ store }): Generator<Held> {
    for (const [[who], held] of store.deposits.entries()) yield [who, held];
  },
  *owes({ store }): Generator<Held> {
    yield [new Uint8Array(32).fill(0xee), store.escrow.get()];
  },
  tryState({ store }) {
    if (store.count.get() > 1_000_000) throw new Error('the number is too large');
  },
  validateUnsigned({ store }, call) {
    if (call.tag !== 'writesWhenJudged') return { unknown: { tag: 'NoUnsignedValidator' } };
    store.count.put(1);
    return {
      priority: 1n,
      requires: [],
      provides: [bytes.codec.enc(new Uint8Array())],
      longevity: 1n,
      propagate: true,
    };
  },
  calls: {
    typeError: {
      index: 0,
      docs: 'Reads what is not there.',
      args: { n: u32 },
      weight: () => 0n,
      run({ origin }, { n }) {
        origin.signed();
        const list: { length: number }[] = [];
        if (n > 2) kept.seen += list[n]!.length;
      },
    },
    writesFirst: {
      index: 1,
      docs: 'Writes before it checks.',
      args: { n: u32 },
      weight: () => 0n,
      run({ origin, store, errors }, { n }) {
        origin.signed();
        store.count.put(n);
        ensure(n % 2 === 0, errors.Odd);
      },
    },
    writesWhenAsked: {
      index: 2,
      docs: 'Writes while its tasks are asked for.',
      args: {},
      weight: () => 0n,
      tasks({ store }) {
        store.count.put(1);
        return [];
      },
      run({ origin }) {
        origin.signed();
      },
    },
    writesWhenJudged: {
      index: 3,
      docs: 'Writes while it is judged.',
      args: {},
      weight: () => 0n,
      run: ({ origin }) => origin.none() as undefined,
    },
    forgetsOrigin: {
      index: 4,
      docs: 'Does not ask who calls.',
      args: { n: u32 },
      weight: () => 0n,
      run({ events }) {
        events.Done();
      },
    },
    makesMoney: {
      index: 5,
      docs: 'Gives what nobody has.',
      args: { amount },
      weight: () => 0n,
      run({ ctx, origin }) {
        const who = origin.signed();
        system
          .use(ctx)
          .store.account.mutate(who, (one) => ({ ...one, data: { ...one.data, free: one.data.free + 1n } }));
      },
    },
    forgetsDeposit: {
      index: 6,
      docs: 'Reserves what it does not note.',
      args: {},
      weight: () => 0n,
      run({ ctx, origin }) {
        reserve(ctx, origin.signed(), ANY);
      },
    },
    owesTooMuch: {
      index: 7,
      docs: 'Owes what it has not got.',
      args: {},
      weight: () => 0n,
      run({ origin, store }) {
        origin.signed();
        store.escrow.put(ANY);
      },
    },
    steals: {
      index: 8,
      docs: 'Takes from whom it is told.',
      args: { from: accountId },
      weight: () => 0n,
      run({ ctx, origin }, { from }) {
        const to = origin.signed();
        ensure(freeOf(ctx, from) > 2n * ANY, faulty.errors.Unlucky);
        const move = (who: Uint8Array, by: bigint): void =>
          system
            .use(ctx)
            .store.account.mutate(who, (one) => ({ ...one, data: { ...one.data, free: one.data.free + by } }));
        move(from, -ANY);
        move(to, ANY);
      },
    },
    weighsNothing: {
      index: 9,
      docs: 'Has a weight that throws.',
      args: { list: bytes },
      weight(_, { list }) {
        if (list.length > 1) throw new RangeError('too long');
        return 0n;
      },
      run({ origin }) {
        origin.signed();
      },
    },
    breaksState: {
      index: 10,
      docs: 'Puts what must not stand.',
      args: { n: u32 },
      weight: () => 0n,
      run({ origin, store }, { n }) {
        origin.signed();
        store.count.put(n);
      },
    },
    writesAnywhere: {
      index: 11,
      docs: 'Writes under no item of any pallet.',
      args: {},
      weight: () => 0n,
      run({ ctx, origin }) {
        origin.signed();
        ctx.storage.put(storagePrefix('Nowhere', 'Nothing'), Uint8Array.of(1));
      },
    },
    keepsWrites: {
      index: 12,
      docs: 'Has its writes outlive its failure.',
      args: {},
      weight: () => 0n,
      run({ ctx, origin, errors }) {
        origin.signed();
        // A write into the layer below, which a failing call does not take back.
        ctx.storage.commit();
        ctx.storage.put(storagePrefix('Faulty', 'Count'), u32.codec.enc(3));
        ctx.storage.begin();
        ensure(false, errors.Unlucky);
      },
    },
  },
});

/** The kind of finding that each call must lead to. */
export const FAULTS: Readonly<Record<string, string>> = {
  typeError: 'fault',
  writesFirst: 'order',
  writesWhenAsked: 'tasks',
  writesWhenJudged: 'tasks',
  forgetsOrigin: 'origin',
  makesMoney: 'state',
  forgetsDeposit: 'state',
  owesTooMuch: 'state',
  steals: 'theft',
  weighsNothing: 'fault',
  breaksState: 'state',
  writesAnywhere: 'codec',
  keepsWrites: 'noop',
};

export const faultyPallets = [system, balances, faulty];
