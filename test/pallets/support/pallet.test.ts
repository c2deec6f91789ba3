import { expect } from 'chai';
import {
  constant,
  definePallet,
  event,
  fromLatin1,
  type Host,
  map,
  method,
  mockRuntime,
  Origin,
  StateFault,
  storagePrefix,
  value,
} from '../../../pallets/support/index.ts';
import { sample } from './sample.ts';
import { TacitError } from '../../../primitives/errors.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { field, u32 } from '../../../primitives/scale/index.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';

const alice = new Uint8Array(32).fill(1);
const bob = new Uint8Array(32).fill(2);
const fresh = () => mockRuntime([sample], { sample: { firstId: 5n } });

describe('pallets/support: a pallet', () => {
  it('runs calls, keeps its storage, emits events, seeds genesis', () => {
    const chain = fresh();
    expect(chain.dispatch(Origin.signed(alice), sample.call.register({ title: utf8('one') }))).to.equal('ok');
    const { store } = sample.use(chain.ctx);
    expect(store.works.get(5n)).to.deep.equal({ owner: alice, title: utf8('one') });
    expect(store.nextWorkId.get()).to.equal(6n);
    expect(chain.events.map(({ pallet, name, data }) => [pallet, name, data])).to.deep.equal([
      ['Sample', 'Registered', { id: 5n, owner: alice }],
    ]);
  });

  it('a failing call changes nothing, although it wrote before it failed', () => {
    const chain = fresh();
    chain.dispatch(Origin.signed(alice), sample.call.register({ title: utf8('one') }));
    const transfer = sample.call.transfer({ id: 5n, to: bob });
    chain.expectNoop(Origin.signed(bob), transfer, sample.errors.NotOwner);
    chain.expectNoop(Origin.signed(bob), sample.call.transfer({ id: 6n, to: bob }), sample.errors.UnknownWork);
    chain.expectNoop(Origin.none, sample.call.register({ title: utf8('x') }), 'invalid.Call');
    chain.expectNoop(Origin.root, sample.call.register({ title: utf8('x') }), 'BadOrigin');
    expect(sample.use(chain.ctx).store.nextWorkId.get()).to.equal(6n);
  });

  it('expectNoop itself goes red when the call succeeds or fails otherwise', () => {
    const chain = fresh();
    const register = sample.call.register({ title: utf8('one') });
    expect(() => chain.expectNoop(Origin.signed(alice), register, 'BadOrigin')).to.throw('got ok');
    expect(() => chain.expectNoop(Origin.root, register, sample.errors.NotOwner)).to.throw('got BadOrigin');
  });

  it('judges unsigned calls before it runs them', () => {
    const chain = fresh();
    chain.expectNoop(Origin.none, sample.call.grant({ id: 5n, to: bob, uses: 1 }), 'invalid.Custom7');
    chain.dispatch(Origin.signed(alice), sample.call.register({ title: utf8('one') }));
    expect(chain.dispatch(Origin.none, sample.call.grant({ id: 5n, to: bob, uses: 2 }))).to.equal('ok');
    expect(chain.dispatch(Origin.none, sample.call.grant({ id: 5n, to: alice, uses: 3 }))).to.equal('ok');
    const { store } = sample.use(chain.ctx);
    expect([...store.grants.entries(5n)]).to.deep.equal([
      [[5n, alice], 3],
      [[5n, bob], 2],
    ]);
    store.grants.clear(5n);
    expect([...store.grants.entries()]).to.deep.equal([]);
    expect(store.grants.get(5n, bob)).to.equal(0);
  });

  it('is copied as its block began, and goes its own way from there', () => {
    const chain = fresh();
    chain.dispatch(Origin.signed(alice), sample.call.register({ title: utf8('one') }));
    expect(() => chain.copy()).to.throw('cannot be copied');
    chain.runToBlock(4);
    const copy = chain.copy();
    expect([copy.ctx.block, sample.use(copy.ctx).store.ticks.get()]).to.deep.equal([4, 4]);
    copy.dispatch(Origin.signed(bob), sample.call.register({ title: utf8('two') }));
    copy.runToBlock(6);
    const workIds = [chain, copy].map(({ ctx }) => sample.use(ctx).store.nextWorkId.get());
    const ticks = [chain, copy].map(({ ctx }) => sample.use(ctx).store.ticks.get());
    expect([workIds, ticks]).to.deep.equal([
      [6n, 7n],
      [4, 6],
    ]);
  });

  it('runs hooks in every block and keeps state between blocks', () => {
    const chain = fresh();
    const seen: number[] = [];
    chain.runToBlock(11, (block) => seen.push(block));
    expect(seen).to.have.length(10);
    expect(sample.use(chain.ctx).store.ticks.get()).to.equal(11);
    expect(chain.events).to.deep.equal([]);
  });

  it('lays storage out as Substrate does', () => {
    // twox128('System') ++ twox128('Account'), known from every Substrate chain.
    expect(toHex(fromLatin1(storagePrefix('System', 'Account')))).to.match(
      /26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9$/,
    );
    const chain = fresh();
    const key = toHex(sample.use(chain.ctx).store.works.keyOf(5n));
    expect(key.endsWith('0500000000000000')).to.equal(true);
    expect(key.replace('0x', '').length).to.equal(2 * (32 + 16 + 8));
  });

  it('what has no docs does not compile', () => {
    const about = { name: 'Told', index: 1, docs: 'A pallet.' };
    const weight = () => 0n;
    const run = () => undefined;
    const untold = [
      // @ts-expect-error a pallet says what it is for
      () => definePallet({ name: 'Untold', index: 1 }),
      // @ts-expect-error an event
      () => definePallet({ ...about, events: { Reset: null } }),
      // @ts-expect-error a field of an event
      () => definePallet({ ...about, events: { Reset: event('It was reset.', { to: u32 }) } }),
      // @ts-expect-error an error
      () => definePallet({ ...about, errors: { Bad: undefined } }),
      // @ts-expect-error a storage item
      () => definePallet({ ...about, storage: { ticks: value(u32, { default: 0 }) } }),
      // @ts-expect-error a map
      () => definePallet({ ...about, storage: { ticks: map(u32, u32, {}) } }),
      // @ts-expect-error a constant
      () => definePallet({ ...about, constants: { Most: constant(u32, 1) } }),
      // @ts-expect-error a call
      () => definePallet({ ...about, calls: { reset: { index: 0, args: {}, weight, run } } }),
      // @ts-expect-error a runtime API
      () => definePallet({ ...about, apis: { ToldApi: { version: 1, methods: {} } } }),
      // @ts-expect-error a method of it
      () => method({ inputs: {}, output: u32, run: () => 1 }).docs.trim(),
    ];
    for (const define of untold) expect(define).to.throw();
  });

  it('empty docs are none', () => {
    const about = { name: 'Told', index: 1, docs: 'A pallet.' };
    const run = () => undefined;
    const empty = [
      () => definePallet({ ...about, docs: ' ' }),
      () => definePallet({ ...about, events: { Reset: event('') } }),
      () => definePallet({ ...about, events: { Reset: event('It was reset.', { to: field(u32, '') }) } }),
      () => definePallet({ ...about, errors: { Bad: '' } }),
      () => definePallet({ ...about, storage: { ticks: value(u32, { docs: '' }) } }),
      () => definePallet({ ...about, constants: { Most: constant(u32, 1, '') } }),
      () => definePallet({ ...about, calls: { reset: { index: 0, docs: '', args: {}, weight: () => 0n, run } } }),
      () => definePallet({ ...about, apis: { ToldApi: { version: 1, docs: '', methods: {} } } }),
      () =>
        definePallet({
          ...about,
          apis: {
            ToldApi: {
              version: 1,
              docs: 'It.',
              methods: { a: method({ docs: '', inputs: {}, output: u32, run: () => 1 }) },
            },
          },
        }),
    ];
    for (const define of empty) expect(define).to.throw('say what it is');
  });
});

describe('pallets/support: a hook that fails', () => {
  const written = value(u32, { default: 0, docs: 'What the hook has written.' });
  /** A pallet whose `onFinalize` writes and then throws; another one after it. */
  const pallets = (error: () => unknown) => {
    const broken = definePallet({
      name: 'Broken',
      index: 8,
      docs: 'Throws.',
      storage: { written },
      errors: {},
      onFinalize({ store }) {
        store.written.put(7);
        throw error();
      },
    });
    const next = definePallet({
      name: 'Next',
      index: 9,
      docs: 'Counts.',
      storage: { written },
      errors: {},
      onFinalize({ store }) {
        store.written.put(store.written.get() + 1);
      },
    });
    return { broken, next };
  };

  it('by a fault of the code undoes its own work, is reported, and stops neither the others nor the chain', () => {
    const reported: unknown[] = [];
    const { broken, next } = pallets(() => new TypeError('undefined is not a function'));
    const host: Host = { verify: () => true, report: (error) => reported.push(error) };
    const chain = mockRuntime([broken, next], {}, { host });
    chain.runToBlock(4);
    expect(broken.use(chain.ctx).store.written.get()).to.equal(0);
    expect(next.use(chain.ctx).store.written.get()).to.equal(3);
    expect(reported).to.have.length(3);
  });

  it('on purpose, or because the state cannot be read, ends the block', () => {
    for (const error of [
      new TacitError('test/refused', 'the block lacks something'),
      new StateFault(new Error('disk')),
    ]) {
      const { broken, next } = pallets(() => error);
      const chain = mockRuntime([broken, next], {});
      expect(() => chain.runToBlock(2)).to.throw(error.message);
    }
  });
});
