/** Whatever people do in whatever order over many blocks: money, panels, phases, outcomes. The harness checks bonds, parties and standings after each step. */
import { expect } from 'chai';
import * as fc from 'fast-check';
import { reservedOf } from '../../../pallets/balances/index.ts';
import { disputes } from '../../../pallets/disputes/index.ts';
import { type Asset, OFFER_DEPOSIT, ownership, standingOf } from '../../../pallets/ownership/index.ts';
import { parameters, PARAMETERS } from '../../../pallets/parameters/index.ts';
import { Origin, type RuntimeCall } from '../../../pallets/support/index.ts';
import { acceptShare, acceptTitle } from '../../support/ownership.ts';
import {
  ANYONE,
  by,
  call,
  commitOf,
  court,
  type Court,
  DEPOSIT,
  digest,
  HEIR,
  MODEL,
  ORIGINAL,
  OWNER,
  panelOf,
  report,
  REPORTER,
  revealOf,
  saltOf,
  UNIT,
  VICTIM,
  who,
} from './support.ts';

const SOME = Array.from({ length: 30 }, (_, i) => 20 + i);
const PEOPLE = [OWNER, VICTIM, REPORTER, HEIR, ANYONE, ...SOME];
const KINDS = ['Copy', 'Unlicensed', 'Misleading', 'Harmful'] as const;
const VERDICTS = ['Upheld', 'Dismissed'] as const;

const step = fc.record({
  what: fc.constantFrom(
    'report',
    'report',
    ...Array.from({ length: 20 }, () => 'further' as const),
    'answer',
    'silence',
    'facts',
    'beacon',
    'draw',
    'votes',
    'commit',
    'reveal',
    'denounce',
    'count',
    'appeal',
    'lapse',
    'conclude',
    'prune',
    'join',
    'leave',
    'release',
    'transfer',
    'give',
    'take',
    'wait',
  ),
  n: fc.constantFrom(...PEOPLE),
  m: fc.constantFrom(...PEOPLE),
  id: fc.constantFrom(0, 0, 1, 1, 2, 3),
  choice: fc.nat({ max: 255 }),
  blocks: fc.constantFrom(0, 0, 0, 0, 1, 5, 11),
});
/** What governance may set in the middle of it: amounts and parts to either bound; of windows the shortest, so that all of them end here. */
const AMOUNTS = [
  'DisputeFee',
  'DisputeSeat',
  'DisputeFreeze',
  'DisputeShared',
  'JurorUnit',
  'JurorSilent',
  'JurorWrong',
];
const WINDOWS = ['DisputeAnswer', 'DisputeGrace', 'DisputeDraw', 'DisputeCommit', 'DisputeReveal', 'DisputeAppeal'];
const change = fc.oneof(
  fc.record({ name: fc.constantFrom(...AMOUNTS), bound: fc.constantFrom('least' as const, 'most' as const) }),
  fc.record({ name: fc.constantFrom(...WINDOWS), bound: fc.constant('least' as const) }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** As much as it can be, or as little. */
function set(it: Court, { name, bound }: Change): void {
  const tag = name as 'DisputeFee';
  const value = PARAMETERS[tag][bound];
  const outcome = it.chain.dispatch(Origin.root, parameters.call.setParameter({ name: { tag }, value }));
  expect(outcome).to.equal('ok');
}

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The call of a step, as far as it is one. */
function callOf(it: Court, { what, n, m, id: place, choice }: Step): RuntimeCall | undefined {
  const id = BigInt(place);
  const asset: Asset = choice % 3 === 0 ? ORIGINAL : MODEL;
  const verdict = VERDICTS[choice % 2]!;
  const exists = disputes.use(it.chain.ctx).store.disputes.has(id);
  switch (what) {
    case 'report':
      return report({ kind: KINDS[choice % 4]!, evidence: choice % 16, asset, against: undefined });
    case 'answer':
      return call.answer({ id, digests: choice % 2 === 0 ? [] : [digest(choice)] });
    case 'silence':
      return call.ruleSilence({ id });
    case 'facts':
      return call.ruleByFacts({ id });
    case 'draw':
      return call.draw({ id });
    case 'commit':
      return exists ? commitOf(it, n, verdict, id) : undefined;
    case 'reveal':
      return exists ? revealOf(it, n, verdict, id) : undefined;
    case 'denounce': {
      const level = exists ? it.dispute(id).level : 0;
      return call.denounce({ id, juror: who(m), verdict: { tag: verdict }, salt: saltOf(who(m), level) });
    }
    case 'count':
      return call.count({ id });
    case 'appeal':
      return call.appeal({ id, digests: [digest(choice)] });
    case 'lapse':
      return call.lapse({ id });
    case 'conclude':
      return call.conclude({ id });
    case 'prune':
      return call.prune({ id });
    case 'join':
      return call.joinJurors({ units: 1 + (choice % 3) });
    case 'leave':
      return call.leaveJurors({});
    case 'release':
      return call.releaseJuror({ juror: who(m) });
    case 'transfer':
      return ownership.call.transfer({ asset, to: { tag: 'Id', value: who(m) } });
    case 'give':
      return ownership.call.giveShare({ asset, to: { tag: 'Id', value: who(m) }, bps: 100 });
    case 'take':
      return choice % 2 === 0 ? acceptTitle(asset, who(m)) : acceptShare(asset, who(m), 100);
    default:
      return undefined;
  }
}

/** The parties act for themselves, so that sequences get far. */
function actor(it: Court, { what, n, id }: Step): number {
  const dispute = disputes.use(it.chain.ctx).store.disputes.get(BigInt(id));
  if (dispute === undefined) return n;
  if (what === 'answer') return dispute.respondent[0]!;
  if (what === 'appeal') return (dispute.ruling?.verdict.tag === 'Upheld' ? dispute.respondent : dispute.reporter)[0]!;
  return n;
}

/** What is next for a dispute, as somebody would do it who wants it to go on; half of the time the loser appeals. */
function further(it: Court, step: Step): void {
  const id = BigInt(step.id);
  if (!disputes.use(it.chain.ctx).store.disputes.has(id)) return;
  const { phase, respondent, reporter, ruling } = it.dispute(id);
  const loser = ruling?.verdict.tag === 'Upheld' ? respondent : reporter;
  switch (phase.tag) {
    case 'Answer':
      it.chain.dispatch(by(respondent[0]!), call.answer({ id, digests: [] }));
      return;
    case 'Draw':
      it.reveal(digest(step.choice));
      it.chain.dispatch(by(ANYONE), call.draw({ id }));
      return;
    case 'Vote':
      vote(it, step);
      it.pass(10);
      vote(it, step);
      it.pass(10);
      it.chain.dispatch(by(ANYONE), call.count({ id }));
      return;
    case 'Ruled':
      if (step.choice % 2 === 0) it.chain.dispatch(by(loser[0]!), call.appeal({ id, digests: [digest(step.choice)] }));
      else it.pass(10);
      it.chain.dispatch(by(ANYONE), call.conclude({ id }));
      return;
    default:
  }
}

/** All of a panel do what they have to do now, each by its own mind. */
function vote(it: Court, { id, choice }: Step): void {
  const place = BigInt(id);
  if (!disputes.use(it.chain.ctx).store.disputes.has(place)) return;
  for (const [i, n] of panelOf(it, place).entries()) {
    const verdict = VERDICTS[(choice >> (i % 8)) & 1]!;
    it.chain.dispatch(by(n), commitOf(it, n, verdict, place));
    it.chain.dispatch(by(n), revealOf(it, n, verdict, place));
  }
}

/** Brings every dispute to its end by calls that anyone may make. Each ends within the windows that are left to it. */
function finish(it: Court): void {
  const { ctx } = it.chain;
  const ids = () => [...disputes.use(it.chain.ctx).store.disputes.entries()].map(([[id]]) => id);
  const isOpen = () => ids().some((id) => it.dispute(id).phase.tag !== 'Closed');
  for (let windows = 0; isOpen(); windows++) {
    // Answer and grace, draw, votes, appeal: none of them is entered twice without somebody who appeals.
    expect(windows, 'a phase that does not end').to.be.lessThan(10);
    it.pass(11);
    for (const id of ids()) {
      for (const end of [call.ruleSilence, call.lapse, call.count, call.conclude]) {
        it.chain.dispatch(by(ANYONE), end({ id }));
      }
    }
  }
  expect(ctx.block).to.be.lessThan(10_000);
}

function play(steps: readonly (Step | Change)[]): void {
  const it = court(SOME);
  for (const each of steps) {
    if ('bound' in each) {
      set(it, each);
      continue;
    }
    const made = callOf(it, each);
    if (each.what === 'votes') vote(it, each);
    else if (each.what === 'further') further(it, each);
    else if (each.what === 'beacon') it.reveal(digest(each.choice), it.chain.ctx.block - (each.choice % 3));
    else if (made !== undefined) it.chain.dispatch(by(actor(it, each)), made);
    it.pass(each.blocks);
  }
  finish(it);
  const { store } = disputes.use(it.chain.ctx);
  const records = [...store.records.entries()];
  expect(records.length).to.equal(Number(store.next.get()));
  for (const asset of [MODEL, ORIGINAL]) {
    const upheld = records.filter(([, { subject, outcome }]) => {
      return (
        subject.tag === 'Asset' &&
        subject.value.tag === asset.tag &&
        subject.value.value === asset.value &&
        outcome.tag === 'Upheld'
      );
    });
    const { tags, revoked, frozenUntil = 0 } = standingOf(it.chain.ctx, asset);
    const kinds = new Set(upheld.map(([, { kind }]) => kind.tag));
    expect(new Set(tags.map(({ tag }) => tag)), 'what was found and nothing else').to.deep.equal(kinds);
    expect(revoked).to.equal([...kinds].some((kind) => kind !== 'Misleading'));
    if (!kinds.has('Misleading')) expect(frozenUntil).to.equal(0);
  }
  for (const n of SOME) {
    const juror = store.pool.get().find(({ account }) => account[0] === n);
    if (juror === undefined) continue;
    expect(juror.panels).to.equal(0);
    if (steps.every((each) => 'what' in each)) expect(juror.bond <= UNIT * 3n).to.equal(true);
  }
  const bonded = store.pool.get().reduce((sum, { bond }) => sum + bond, 0n);
  const reserved = PEOPLE.reduce((sum, n) => sum + reservedOf(it.chain.ctx, who(n)), 0n);
  const offers = [...ownership.use(it.chain.ctx).store.offers.entries()].length;
  const offered = BigInt(offers) * OFFER_DEPOSIT;
  expect(reserved, 'nothing but deposits of works, of offers, and bonds of jurors').to.equal(
    bonded + 2n * DEPOSIT + offered,
  );
}

describe('pallets/disputes: sequences', () => {
  it('conserve money, let nobody judge its own case, end every phase, and leave assets as the outcomes say', function () {
    fc.assert(fc.property(fc.array(step, { minLength: 20, maxLength: 80 }), play), { numRuns: 25 });
  });

  it('do so whatever governance sets every parameter to in the middle of them', function () {
    const mixed = fc.oneof({ weight: 6, arbitrary: step }, { weight: 1, arbitrary: change });
    fc.assert(fc.property(fc.array(mixed, { minLength: 20, maxLength: 80 }), play), { numRuns: 25 });
  });
});
