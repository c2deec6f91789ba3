import { expect } from 'chai';
import { acceptTitle } from '../../support/ownership.ts';
import { balances, EXISTENTIAL_DEPOSIT, freeOf } from '../../../pallets/balances/index.ts';
import {
  type Asset,
  createAsset,
  divideEarnings,
  earn,
  earnedOf,
  EARNINGS,
  earningsOf,
  ensureLive,
  freeze,
  lift,
  MAX_TAGS,
  ownership,
  restoreAsset,
  revokeAsset,
  setOptedOut,
  setTag,
  standingOf,
  suspend,
  thaw,
} from '../../../pallets/ownership/index.ts';
import { DispatchFailure, type MockRuntime, palletAccount, type PalletError } from '../../../pallets/support/index.ts';
import { asset } from '../../support/registry.ts';
import { ALICE, BOB, burnedBy, DATA, free, MONEY, ok, POOR, transfer, who, withData } from './support.ts';

const { errors } = ownership;
const MODEL = asset('Model', 0n);
function fails(body: () => unknown, error: PalletError): void {
  expect(body).to.throw(DispatchFailure).with.deep.property('value', error.value);
}
const isLive = (chain: MockRuntime): boolean => {
  try {
    ensureLive(chain.ctx, DATA);
    return true;
  } catch {
    return false;
  }
};
const kept = (chain: MockRuntime): number => [...ownership.use(chain.ctx).store.standings.entries()].length;

describe('pallets/ownership: standing', () => {
  it('is live until the block that was said, and again from it on', () => {
    const chain = withData();
    freeze(chain.ctx, DATA, 4);
    suspend(chain.ctx, DATA, 6);
    const shown = [];
    for (let block = 1; block <= 7; block++) {
      chain.runToBlock(block);
      if (block === 5) lift(chain.ctx, DATA);
      shown.push(isLive(chain));
    }
    expect(shown).to.deep.equal([false, false, false, false, true, true, true]);
  });

  it('a ruling holds until it is taken back; what says nothing is not kept', () => {
    const chain = withData();
    revokeAsset(chain.ctx, DATA);
    fails(() => ensureLive(chain.ctx, DATA), errors.Revoked);
    freeze(chain.ctx, DATA, 90);
    restoreAsset(chain.ctx, DATA);
    fails(() => ensureLive(chain.ctx, DATA), errors.Frozen);
    setOptedOut(chain.ctx, DATA, true);
    thaw(chain.ctx, DATA);
    expect([isLive(chain), kept(chain)]).to.deep.equal([true, 1]);
    setOptedOut(chain.ctx, DATA, false);
    expect(kept(chain)).to.equal(0);
  });

  it('goes along with an asset, whoever gets it', () => {
    const chain = withData();
    setOptedOut(chain.ctx, DATA, true);
    freeze(chain.ctx, DATA, 90);
    const before = standingOf(chain.ctx, DATA);
    ok(chain, ALICE, transfer(BOB));
    expect(standingOf(chain.ctx, DATA)).to.deep.equal(before);
  });

  it('words are put on once, and taken off', () => {
    const chain = withData();
    const events = (): number => chain.events.filter(({ name }) => name === 'TagSet').length;
    for (const set of [true, true]) setTag(chain.ctx, DATA, 'Copy', set);
    setTag(chain.ctx, DATA, 'Disputed', true);
    expect([standingOf(chain.ctx, DATA).tags.map(({ tag }) => tag), events()]).to.deep.equal([['Copy', 'Disputed'], 2]);
    for (const tag of ['Copy', 'Disputed', 'Harmful'] as const) setTag(chain.ctx, DATA, tag, false);
    expect([kept(chain), events()]).to.deep.equal([0, 4]);
    const all = ['Disputed', 'Copy', 'Unlicensed', 'Misleading', 'UnderReview', 'Harmful'] as const;
    for (const tag of all) setTag(chain.ctx, DATA, tag, true);
    expect(standingOf(chain.ctx, DATA).tags.length).to.equal(all.length).and.be.at.most(MAX_TAGS);
  });

  it('nothing stands of what nobody owns', () => {
    const chain = withData();
    const nobody: Asset = asset('Model', 7n);
    for (const body of [
      () => setOptedOut(chain.ctx, nobody, true),
      () => freeze(chain.ctx, nobody, 9),
      () => suspend(chain.ctx, nobody, 9),
      () => setTag(chain.ctx, nobody, 'Copy', true),
      () => revokeAsset(chain.ctx, nobody),
      () => ensureLive(chain.ctx, nobody),
      () => earn(chain.ctx, nobody, who(ALICE), 1n),
    ])
      fails(body, errors.UnknownAsset);
  });
});

describe('pallets/ownership: earnings', () => {
  const TAKER = palletAccount('testtake');

  const left = (chain: MockRuntime) => [earnedOf(chain.ctx, DATA), freeOf(chain.ctx, EARNINGS)];

  it('wait until they are divided, to the last unit, with what was burned', () => {
    const chain = withData();
    createAsset(chain.ctx, MODEL, who(BOB), 0n);
    const before = free(chain, BOB);
    earn(chain.ctx, DATA, who(BOB), 1n, 7n);
    earn(chain.ctx, DATA, who(BOB), 999_999n, 3n);
    earn(chain.ctx, DATA, who(BOB), 0n);
    expect(before - free(chain, BOB)).to.equal(1_000_000n);
    expect(left(chain)).to.deep.equal([{ amount: 1_000_000n, burned: 10n }, 1_000_000n]);
    // A change of hands moves none of it: who divides it says whose it is.
    ok(chain, ALICE, transfer(BOB));
    const passed = [{ to: MODEL, amount: 300_000n, burned: 4n }];
    divideEarnings(chain.ctx, DATA, { passed, taken: 600_000n, to: TAKER });
    expect(left(chain)).to.deep.equal([{ amount: 100_000n, burned: 0n }, 400_000n]);
    expect([earnedOf(chain.ctx, MODEL), freeOf(chain.ctx, TAKER)]).to.deep.equal([
      { amount: 300_000n, burned: 4n },
      600_000n,
    ]);
    divideEarnings(chain.ctx, DATA, { passed: [], taken: 100_000n, to: TAKER });
    expect([...ownership.use(chain.ctx).store.earnings.entries()].map(([key]) => key)).to.deep.equal([[MODEL]]);
  });

  it('are not divided beyond what there is', () => {
    const chain = withData();
    createAsset(chain.ctx, MODEL, who(BOB), 0n);
    earn(chain.ctx, DATA, who(BOB), 10_000n, 10n);
    const divide = (amount: bigint, burned: bigint, taken: bigint) => () =>
      divideEarnings(chain.ctx, DATA, { passed: [{ to: MODEL, amount, burned }], taken, to: TAKER });
    expect(divide(5_001n, 0n, 5_000n)).to.throw('earned less');
    expect(divide(5_000n, 11n, 5_000n)).to.throw('earned less');
    divide(5_000n, 10n, 5_000n)();
  });

  it('less than an account needs to exist is not lost on the way', () => {
    const chain = withData();
    earn(chain.ctx, DATA, who(BOB), 1n);
    expect(freeOf(chain.ctx, EARNINGS) < EXISTENTIAL_DEPOSIT).to.equal(true);
    const handOver = (): void => {
      ok(chain, ALICE, transfer(BOB));
      ok(chain, BOB, acceptTitle(DATA, who(ALICE)));
    };
    expect(burnedBy(chain, handOver)).to.equal(20_000n);
    expect([earningsOf(chain.ctx, DATA), freeOf(chain.ctx, EARNINGS)]).to.deep.equal([1n, 1n]);
  });

  it('are not paid with what keeps the payer alive, or what it has not', () => {
    const chain = withData();
    fails(() => earn(chain.ctx, DATA, who(POOR), free(chain, POOR)), balances.errors.Expendability);
    fails(() => earn(chain.ctx, DATA, who(POOR), MONEY), balances.errors.InsufficientBalance);
    expect(earningsOf(chain.ctx, DATA)).to.equal(0n);
  });
});
