/** What a check has found is kept as long as it is true, and no longer. */
import { expect } from 'chai';
import { checkIssuance, holdings } from '../../../pallets/balances/index.ts';
import {
  checkPallets,
  Journal,
  JournalOverlay,
  Context,
  MemoryState,
  type MockRuntime,
  mockRuntime,
  Origin,
  Overlay,
  remembered,
} from '../../../pallets/support/index.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';
import { BUNDLE, BUYER, CAROL, DATA, makeTerms, once, scene } from '../licensing/support.ts';
import { sample } from './sample.ts';

const alice = new Uint8Array(32).fill(1);
const fresh = (): MockRuntime => mockRuntime([sample], { sample: { firstId: 5n } });
const register = sample.call.register({ title: utf8('one') });

/** A check that tells how often it was computed. */
function counted<T>(read: (ctx: Context) => T): { readonly look: (ctx: Context) => T; readonly times: () => number } {
  let times = 0;
  const look = remembered((ctx) => {
    times++;
    return read(ctx);
  });
  return { look, times: () => times };
}

describe('pallets/support: a remembered check', () => {
  it('is computed again only when an item was written that it has read, in a call, beside one or in a hook', () => {
    const chain = fresh();
    const works = counted((ctx) => [...sample.use(ctx).store.works.entries()].length);
    const next = counted((ctx) => sample.use(ctx).store.nextWorkId.get());
    const ticks = counted((ctx) => sample.use(ctx).store.ticks.get());
    const all = [works, next, ticks];
    const look = (): unknown[] => all.map((each) => each.look(chain.ctx));
    const times = (): number[] => all.map((each) => each.times());
    expect([look(), look(), times()]).to.deep.equal([
      [0, 5n, 1],
      [0, 5n, 1],
      [1, 1, 1],
    ]);
    chain.runToBlock(4);
    expect([look(), times()]).to.deep.equal([
      [0, 5n, 4],
      [1, 1, 2],
    ]);
    expect(chain.dispatch(Origin.signed(alice), register)).to.equal('ok');
    expect([look(), look(), times()]).to.deep.equal([
      [1, 6n, 4],
      [1, 6n, 4],
      [2, 2, 2],
    ]);
    sample.use(chain.ctx).store.works.remove(5n);
    expect([look(), times()]).to.deep.equal([
      [0, 6n, 4],
      [3, 2, 2],
    ]);
  });

  it('is computed again in another block if it has read the header, and what it is part of too', () => {
    const chain = fresh();
    const block = counted((ctx) => ctx.block);
    const outer = counted((ctx) => block.look(ctx) + Number(sample.use(ctx).store.nextWorkId.get()));
    expect([outer.look(chain.ctx), outer.look(chain.ctx)]).to.deep.equal([6, 6]);
    chain.runToBlock(2);
    expect([outer.look(chain.ctx), outer.times(), block.times()]).to.deep.equal([7, 2, 2]);
    chain.dispatch(Origin.signed(alice), register);
    expect([outer.look(chain.ctx), outer.times(), block.times()]).to.deep.equal([8, 3, 2]);
  });

  it('is part of others with all that it has read, whether it was computed for them or kept', () => {
    const chain = fresh();
    const inner = counted((ctx) => sample.use(ctx).store.nextWorkId.get());
    const outers = [1n, 2n].map((more) => counted((ctx) => inner.look(ctx) + more));
    const look = (): bigint[] => outers.map((outer) => outer.look(chain.ctx));
    expect([look(), inner.times()]).to.deep.equal([[6n, 7n], 1]);
    chain.dispatch(Origin.signed(alice), register);
    expect([look(), inner.times()]).to.deep.equal([[7n, 8n], 2]);
  });

  it('throws each time anew, and is not allowed to write', () => {
    const chain = fresh();
    const broken = counted(() => {
      throw new Error('broken');
    });
    for (const times of [1, 2]) {
      expect(() => broken.look(chain.ctx)).to.throw('broken');
      expect(broken.times()).to.equal(times);
    }
    const writes = remembered((ctx) => sample.use(ctx).store.works.remove(5n));
    expect(() => writes(chain.ctx)).to.throw('a check has written');
  });

  it('that was made in a layer is not kept: the layer may be dropped', () => {
    const { ctx } = fresh();
    const next = counted((read) => sample.use(read).store.nextWorkId.get());
    const outer = counted((read) => next.look(read) + 1n);
    const drop = new Error('dropped');
    const tried = (): void =>
      ctx.transactional(() => {
        sample.use(ctx).store.nextWorkId.put(9n);
        expect(outer.look(ctx)).to.equal(10n);
        throw drop;
      });
    expect(tried).to.throw(drop);
    expect([outer.look(ctx), next.look(ctx)]).to.deep.equal([6n, 5n]);
  });

  it('is kept for one state, not for another that the same function looks at', () => {
    const next = counted((ctx) => sample.use(ctx).store.nextWorkId.get());
    const chains = [5n, 7n].map((firstId) => mockRuntime([sample], { sample: { firstId } }));
    expect(chains.map(({ ctx }) => next.look(ctx))).to.deep.equal([5n, 7n]);
  });
});

/** A state that goes on in several ways, each with a journal of its own. */
function parting(): { base: Journal; on: (journal: Journal) => Context } {
  const { composition, ctx } = fresh();
  const state = new MemoryState();
  state.apply(new Map(ctx.storage.entries('')));
  const base = new Journal();
  const on = (journal: Journal): Context =>
    new Context(composition, new JournalOverlay(state, journal), ctx.header, ctx.host);
  return { base, on };
}

describe('pallets/support: a remembered check of a state that goes on in several ways', () => {
  it('keeps in each what was found before, as far as nothing of it was written there, and nothing of the others', () => {
    const { base, on } = parting();
    const next = counted((read) => sample.use(read).store.nextWorkId.get());
    const ticks = counted((read) => sample.use(read).store.ticks.get());
    const look = (read: Context): unknown[] => [next.look(read), ticks.look(read)];
    expect([look(on(base)), next.times(), ticks.times()]).to.deep.equal([[5n, 1], 1, 1]);
    for (const times of [2, 3]) {
      const way = on(new Journal(base));
      expect(look(way)).to.deep.equal([5n, 1]);
      sample.use(way).store.nextWorkId.put(9n);
      expect([look(way), look(way), next.times(), ticks.times()]).to.deep.equal([[9n, 1], [9n, 1], times, 1]);
      expect([look(on(base)), next.times()]).to.deep.equal([[5n, 1], times]);
    }
  });
});

describe('pallets/support: a journal whose base goes on', () => {
  it('takes nothing of what is found there afterwards', () => {
    const { base, on } = parting();
    const next = counted((read) => sample.use(read).store.nextWorkId.get());
    const [goesOn, stays] = [on(base), on(new Journal(base))];
    sample.use(goesOn).store.nextWorkId.put(9n);
    expect([next.look(goesOn), next.look(stays)]).to.deep.equal([9n, 5n]);
  });
});

describe('pallets/support: remembered checks of all pallets', () => {
  const told = (checks: readonly ((ctx: Context) => void)[], ctx: Context): string => {
    try {
      for (const check of checks) check(ctx);
      return 'sound';
    } catch (error) {
      return (error as Error).message;
    }
  };

  it('say of every entry that is taken away, and put back, what they say of a state that they have not seen', () => {
    const chain = scene();
    chain.bought(BUYER, BUNDLE);
    chain.bought(CAROL, makeTerms({ price: once(5_000n) }), DATA);
    const checks = [remembered(checkIssuance), checkPallets(chain.composition.pallets, holdings)];
    const anew = (): string => {
      const state = new MemoryState();
      state.apply(new Map(chain.ctx.storage.entries('')));
      return told(checks, new Context(chain.composition, new Overlay(state), chain.ctx.header, chain.ctx.host));
    };
    const heard = new Set<string>();
    for (const [key, value] of chain.ctx.storage.entries('')) {
      chain.ctx.storage.remove(key);
      const said = anew();
      expect(told(checks, chain.ctx)).to.equal(said);
      heard.add(said);
      chain.ctx.storage.put(key, value);
      expect(told(checks, chain.ctx)).to.equal('sound');
    }
    expect(heard.size).to.be.greaterThan(10);
  });
});
