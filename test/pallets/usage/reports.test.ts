/** Reports of a meter with a real committee: what is billed, what runs out, what a gateway that lies or is silent gets. */
import { expect } from 'chai';
import { access, grantOf, licensing, spendUses } from '../../../pallets/licensing/index.ts';
import { earningsOf } from '../../../pallets/ownership/index.ts';
import { TREASURY } from '../../../pallets/support/index.ts';
import { freeOf } from '../../../pallets/balances/index.ts';
import { findRound, tally } from '../../../pallets/tally/index.ts';
import { USAGE_ESCROW } from '../../../pallets/usage/index.ts';
import { LANES } from '../../../primitives/proofs/lane.ts';
import { account, call, phaseOf, sealedOf, SETTINGS, submitSealed } from '../../support/committee.ts';
import { lyingVector } from '../../support/lying-vector.ts';
import { conclude as untilOver } from '../../support/pallet-sums.ts';
import { idOfTerms, openTerms } from '../../support/terms.ts';
import {
  ASSET,
  begun,
  buy,
  calls,
  errors,
  free,
  GATEWAY,
  HOLDERS,
  metered,
  MODEL,
  noop,
  placed,
  PRICE,
  report,
  reported,
  reserved,
  statesOf,
  storeOf,
  submitCounts,
  TERMS,
  withCommittee,
} from './support.ts';

const CONCLUDE = calls.concludeReport({ meter: 0 });
const DEPOSIT = 10_000_000n;
const why = ({ test }: ReturnType<typeof withCommittee>, who: string) =>
  access(test.chain.ctx, ASSET, account(who)).reason?.tag;

describe('pallets/usage: reports', function () {
  it('bill their total to the last unit, exhaust whose bound is reached, and say no count', () => {
    const members = withCommittee();
    const { test } = members;
    metered(test);
    const before = {
      treasury: freeOf(test.chain.ctx, TREASURY),
      gateway: free(test, GATEWAY),
      held: reserved(test, GATEWAY),
    };
    const round = begun(members, 17n);
    const bill = 17n * PRICE;
    expect(freeOf(test.chain.ctx, USAGE_ESCROW)).to.equal(bill);
    expect(reserved(test, GATEWAY) - before.held).to.equal(DEPOSIT);
    noop(test, 'eve', CONCLUDE, errors.NotEnded);
    noop(test, GATEWAY, report(18n), errors.ReportOpen);
    noop(test, GATEWAY, calls.closeMeter({ meter: 0 }), errors.ReportOpen);
    submitCounts(members, round, [10, 3, 4]);
    untilOver(members, round);
    const posts = before.gateway - free(test, GATEWAY) - DEPOSIT - bill;
    call(test, 'eve', CONCLUDE);
    const parts = { treasury: bill / 100n, burned: bill / 100n };
    expect(earningsOf(test.chain.ctx, ASSET)).to.equal(bill - parts.treasury - parts.burned);
    expect(freeOf(test.chain.ctx, TREASURY) - before.treasury).to.equal(parts.treasury);
    expect(freeOf(test.chain.ctx, USAGE_ESCROW)).to.equal(0n);
    expect([free(test, GATEWAY), reserved(test, GATEWAY)]).to.deep.equal([before.gateway - bill - posts, before.held]);
    expect(posts > 0n).to.equal(true);
    expect(statesOf(test)).to.deep.equal(['Exhausted', 'Live', 'Live']);
    expect(HOLDERS.map((who) => why(members, who))).to.deep.equal(['UsesExhausted', undefined, undefined]);
    expect([0n, 1n].map((grant) => grantOf(test.chain.ctx, grant)?.used)).to.deep.equal([10n, 0n]);
    expect(tally.use(test.chain.ctx).store.sums.get(round)?.sums).to.deep.equal([1n, 0n, 0n]);
    expect([...tally.use(test.chain.ctx).store.handed.entries()]).to.have.length(0);
    noop(test, 'eve', CONCLUDE, errors.NoReport);
  });

  it('go on: only what is new is billed, who is used up stays in the sum, who comes later is in the next', () => {
    const members = withCommittee();
    const { test } = members;
    metered(test);
    reported(members, [10, 3, 4]);
    const earned = earningsOf(test.chain.ctx, ASSET);
    noop(test, GATEWAY, report(17n), errors.NothingNew);
    const late = buy(test, 'dee', 0n);
    const round = begun(members, 22n);
    placed(test, 'dee', late);
    submitCounts(members, round, [10, 8, 4]);
    untilOver(members, round);
    call(test, 'eve', CONCLUDE);
    const bill = 5n * PRICE;
    expect(earningsOf(test.chain.ctx, ASSET) - earned).to.equal(bill - 2n * (bill / 100n));
    expect(statesOf(test)).to.deep.equal(['Exhausted', 'Live', 'Live', 'Live']);
    reported(members, [10, 10, 4, 10]);
    expect(statesOf(test)).to.deep.equal(['Exhausted', 'Exhausted', 'Live', 'Exhausted']);
    expect(storeOf(test).meters.get(0)).to.deep.include({ billed: 34n, report: undefined });
  });

  it('hold counts against what vouchers and renewals leave by then', () => {
    const members = withCommittee();
    const { test } = members;
    const bundle = openTerms('MIT', {
      price: { tag: 'Bundle', value: { uses: 6n, amount: 50_000n } },
      renewal: { tag: 'Manual' },
    });
    metered(test, ['ada', 'ben'], bundle);
    call(test, 'ada', licensing.call.renew({ grant: 0n, most: 50_000n }));
    const earned = earningsOf(test.chain.ctx, ASSET);
    reported(members, [11, 6]);
    expect(statesOf(test)).to.deep.equal(['Live', 'Exhausted']);
    // A bundle is paid when it is bought.
    expect(earningsOf(test.chain.ctx, ASSET)).to.equal(earned);
    call(test, 'ben', licensing.call.renew({ grant: 1n, most: 50_000n }));
    expect(why(members, 'ben')).to.equal(undefined);
    placed(test, 'ben', 1n);
    reported(members, [11, 6, 5]);
    expect(statesOf(test)).to.deep.equal(['Live', 'Exhausted', 'Live']);
    // A voucher that is settled meanwhile takes one: eleven are left, and eleven were counted.
    spendUses(test.chain.ctx, 0n, 1n);
    reported(members, [11, 6, 6]);
    expect(statesOf(test)).to.deep.equal(['Exhausted', 'Exhausted', 'Exhausted']);
    expect([0n, 1n].map((grant) => grantOf(test.chain.ctx, grant)?.used)).to.deep.equal([12n, 12n]);
  });

  it('take no uses that a holder has bought since they began: the next report judges by what is left then', () => {
    const members = withCommittee();
    const { test } = members;
    const bundle = openTerms('MIT', {
      price: { tag: 'Bundle', value: { uses: 6n, amount: 50_000n } },
      renewal: { tag: 'Manual' },
    });
    metered(test, ['ada', 'ben'], bundle);
    const round = begun(members, 12n);
    call(test, 'ada', licensing.call.renew({ grant: 0n, most: 50_000n }));
    submitCounts(members, round, [6, 6]);
    untilOver(members, round);
    call(test, 'eve', CONCLUDE);
    expect(tally.use(test.chain.ctx).store.sums.get(round)?.sums).to.deep.equal([1n, 1n]);
    expect(statesOf(test)).to.deep.equal(['Live', 'Exhausted']);
    expect([why(members, 'ada'), grantOf(test.chain.ctx, 0n)?.used]).to.deep.equal([undefined, 0n]);
    reported(members, [11, 6]);
    expect(statesOf(test)).to.deep.equal(['Live', 'Exhausted']);
    reported(members, [12, 6]);
    expect(statesOf(test)).to.deep.equal(['Exhausted', 'Exhausted']);
    expect(grantOf(test.chain.ctx, 0n)?.used).to.equal(12n);
  });

  it('end whatever a grant has been used for before [a count at its end held the report’s place, and there are two]', () => {
    const members = withCommittee();
    const { test } = members;
    const uses = 1n << 63n;
    const bundle = openTerms('MIT', {
      price: { tag: 'Bundle', value: { uses, amount: 1n } },
      renewal: { tag: 'Manual' },
    });
    metered(test, ['ben'], bundle);
    const grant = buy(test, 'ada', licensing.use(test.chain.ctx).store.nextOffer.get() - 1n);
    spendUses(test.chain.ctx, grant, uses);
    call(test, 'ada', licensing.call.renew({ grant, most: 1n }));
    spendUses(test.chain.ctx, grant, uses - 1n);
    placed(test, 'ada', grant);
    reported(members, [2, 1]);
    expect(statesOf(test)).to.deep.equal(['Live', 'Exhausted']);
    expect(storeOf(test).reporting.get()).to.deep.equal([]);
    expect(grantOf(test.chain.ctx, grant)?.used).to.equal(2n * uses - 1n);
  });

  it('that are false cost the gateway both deposits; the bill is back, nothing is marked, the uses are in the next', () => {
    const members = withCommittee();
    const { test } = members;
    metered(test, ['ada', 'ben']);
    const before = free(test, GATEWAY);
    const round = begun(members, 12n);
    const posts = before - free(test, GATEWAY) - DEPOSIT - 12n * PRICE;
    // Counts 10 and 2 with bounds 10 and 10, one digit: hides that the first is used up.
    const lie = lyingVector(test, round, GATEWAY, [0, 0, 1, 1, 10, 2, -1, 7], undefined, LANES.meter);
    submitSealed(members, GATEWAY, round, LANES.meter, 0, lie);
    expect(untilOver(members, round).failure?.tag).to.equal('TooFewAccepted');
    call(test, 'eve', CONCLUDE);
    expect(before - free(test, GATEWAY)).to.equal(posts + DEPOSIT + SETTINGS.deposit);
    expect(statesOf(test)).to.deep.equal(['Live', 'Live']);
    expect(earningsOf(test.chain.ctx, ASSET)).to.equal(0n);
    expect(storeOf(test).reporting.get()).to.deep.equal([]);
    reported(members, [10, 2]);
    expect(statesOf(test)).to.deep.equal(['Exhausted', 'Live']);
  });

  it('that never come cost the deposit; a committee that fails costs nothing', () => {
    const members = withCommittee();
    const { test } = members;
    metered(test, ['ada', 'ben']);
    const held = reserved(test, GATEWAY);
    /** What a report costs besides its posts. */
    const lost = (course: (round: number) => void): bigint => {
      const before = free(test, GATEWAY);
      const round = begun(members, 12n);
      const posts = before - free(test, GATEWAY) - DEPOSIT - 12n * PRICE;
      course(round);
      untilOver(members, round);
      call(test, 'eve', CONCLUDE);
      expect(findRound(test.chain.ctx, round)?.phase.tag).to.equal('Failed');
      expect(reserved(test, GATEWAY)).to.equal(held);
      return before - free(test, GATEWAY) - posts;
    };
    expect(lost(() => undefined)).to.equal(DEPOSIT);
    const isMute = (round: number): void => {
      submitCounts(members, round, [10, 2]);
      members.conduct = (post) => ('round' in post && post.body.tag === 'Sum' ? undefined : post);
    };
    expect(lost(isMute)).to.equal(0n);
    expect(statesOf(test)).to.deep.equal(['Live', 'Live']);
  });

  it('of one cannot be handed in by another, nor again for another report', () => {
    const members = withCommittee();
    const { test } = members;
    metered(test, ['ada', 'ben']);
    const first = begun(members, 12n);
    const { lanes } = findRound(test.chain.ctx, first) as NonNullable<ReturnType<typeof findRound>>;
    expect(lanes[0]?.total).to.equal(12n);
    const values = [1, 0, 0, 1, 0, 2, 15, 7];
    const sealed = sealedOf(test, first, GATEWAY, LANES.meter, 0, values);
    const submit = (round: number) => tally.call.submit({ round, lane: LANES.meter, part: 0, sealed });
    noop(test, 'rival', submit(first), tally.errors.NotAdmitted);
    submitSealed(members, GATEWAY, first, LANES.meter, 0, sealed);
    untilOver(members, first);
    call(test, 'eve', CONCLUDE);
    const second = begun(members, 13n);
    noop(test, GATEWAY, submit(second), tally.errors.BadProof);
    expect(phaseOf(test, second)).to.equal('Open');
  });

  it('are for named gateways with enough grants, one at a time, of which few have a place', () => {
    const members = withCommittee();
    const { test } = members;
    metered(test, ['ada']);
    noop(test, GATEWAY, report(3n), errors.TooFewGrants);
    placed(test, 'ben', buy(test, 'ben', 0n));
    noop(test, 'rival', report(3n), errors.NotGateway);
    noop(test, GATEWAY, report(0n), errors.NothingNew);
    noop(test, GATEWAY, report(3n, 1_801), errors.TooLong);
    noop(test, GATEWAY, report(10n ** 12n), 'Balances.InsufficientBalance');
    noop(test, GATEWAY, calls.report({ meter: 1, total: 3n, openBlocks: 8 }), errors.UnknownMeter);
    noop(test, 'eve', CONCLUDE, errors.NoReport);
  });

  it('take one place for each gateway, and not all of the tally', () => {
    const { test } = withCommittee();
    metered(test, ['ada', 'ben']);
    /** One more meter, of a gateway, with two grants on it. */
    const another = (gateway: string, meter: number): void => {
      if (gateway !== GATEWAY)
        call(test, 'owner', calls.nameGateway({ model: MODEL, gateway: account(gateway), isNamed: true }));
      call(test, gateway, calls.openMeter({ model: MODEL, terms: idOfTerms(TERMS), kMin: 2 }));
      for (const who of ['cas', 'dee']) placed(test, who, buy(test, who, 0n), meter, gateway);
    };
    another(GATEWAY, 1);
    another('rival', 2);
    another('eve', 3);
    const reportOf = (meter: number) => calls.report({ meter, total: 3n, openBlocks: 8 });
    call(test, GATEWAY, reportOf(0));
    noop(test, GATEWAY, reportOf(1), errors.OpenerBusy);
    call(test, 'rival', reportOf(2));
    noop(test, 'eve', reportOf(3), errors.TooManyOpen);
  });

  it('of a gateway that is named no more are refused', () => {
    const { test } = withCommittee();
    metered(test, ['ada', 'ben']);
    call(test, 'owner', calls.nameGateway({ model: MODEL, gateway: account(GATEWAY), isNamed: false }));
    noop(test, GATEWAY, report(3n), errors.NotGateway);
  });
});
