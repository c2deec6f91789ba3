/** Whatever people do in whatever order with what was said, and with disputes about it. The harness checks money, sums, words and bonds after each step. */
import { expect } from 'chai';
import * as fc from 'fast-check';
import { curation } from '../../../pallets/curation/index.ts';
import { disputes, type Kind, type Subject } from '../../../pallets/disputes/index.ts';
import { licensing } from '../../../pallets/licensing/index.ts';
import { registry } from '../../../pallets/registry/index.ts';
import type { RuntimeCall } from '../../../pallets/support/index.ts';
import {
  ANYONE,
  by,
  call,
  commitOf,
  type Court,
  digest,
  HEIR,
  OWNER,
  panelOf,
  REPORTER,
  revealOf,
  VICTIM,
  who,
} from './support.ts';
import {
  about,
  ATTESTER,
  AUTHOR,
  CLAIM,
  claim,
  EVALUATION,
  evaluation,
  GRANT,
  hall,
  RATER,
  rate,
} from './words-support.ts';

const SOME = Array.from({ length: 30 }, (_, i) => 20 + i);
const SUBJECTS: readonly Subject[] = [
  EVALUATION,
  { tag: 'Evaluation', value: { model: 0n, evaluation: 1 } },
  CLAIM,
  { tag: 'Claim', value: 1n },
  { tag: 'Grant', value: GRANT },
];
const KINDS: readonly Kind[] = ['False', 'Bought', 'Improper', 'Unfounded', 'Misuse'];
const to = (n: number) => ({ tag: 'Id' as const, value: who(n) });

const step = fc.record({
  what: fc.constantFrom(
    ...([
      'report',
      'report',
      'further',
      'further',
      'further',
      'further',
      'facts',
      'silence',
      'rate',
      'reward',
    ] as const),
    ...(['withdraw', 'closeRating', 'pass', 'leave', 'free', 'revoke', 'end', 'fund'] as const),
  ),
  n: fc.constantFrom(OWNER, VICTIM, REPORTER, HEIR, ANYONE, AUTHOR, RATER, ATTESTER, 20, 21),
  id: fc.constantFrom(0n, 0n, 1n, 1n, 2n, 3n),
  choice: fc.nat({ max: 255 }),
  blocks: fc.constantFrom(0, 0, 0, 1, 11),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function callOf({ what, id, choice }: Step): RuntimeCall | undefined {
  const place = { model: 0n, evaluation: choice % 2 };
  switch (what) {
    case 'report':
      return about(SUBJECTS[choice % 5]!, KINDS[(choice >> 3) % 5]!, choice % 16);
    case 'facts':
      return call.ruleByFacts({ id });
    case 'silence':
      return call.ruleSilence({ id });
    case 'rate':
      return rate(choice % 3 === 0, BigInt(choice) * 10_000n, choice % 2);
    case 'reward':
      return curation.call.reward(place);
    case 'withdraw':
      return curation.call.withdraw(place);
    case 'closeRating':
      return curation.call.closeRating({ ...place, grant: BigInt((choice >> 1) % 2) });
    case 'pass':
      return licensing.call.transfer({ grant: GRANT, to: to(HEIR) });
    case 'leave':
      return registry.call.leaveAttesters({});
    case 'free':
      return registry.call.withdrawBond({});
    case 'revoke':
      return registry.call.revokeClaim({ id: BigInt(choice % 2) });
    case 'end':
      return call.conclude({ id });
    case 'fund':
      return curation.call.fundPot({ model: 0n, amount: BigInt(choice) * 1_000n });
    default:
      return undefined;
  }
}

/** Whose the call is, so that sequences get far. */
function actor({ what, n, choice }: Step): number {
  if (what === 'withdraw' || what === 'pass') return choice % 2 === 0 ? AUTHOR : RATER;
  if (what === 'rate') return choice % 2 === 0 ? RATER : AUTHOR;
  return what === 'leave' || what === 'free' || what === 'revoke' ? ATTESTER : n;
}

/** What is next for a dispute, as somebody would do it who wants it to go on; half of the time the loser appeals. */
function further(it: Court, { id, choice }: Step): void {
  if (!disputes.use(it.chain.ctx).store.disputes.has(id)) return;
  const { phase, respondent, reporter, ruling } = it.dispute(id);
  const loser = ruling?.verdict.tag === 'Upheld' ? respondent : reporter;
  const vote = (): void => {
    for (const [i, n] of panelOf(it, id).entries()) {
      const verdict = ((choice >> (i % 8)) & 1) === 0 ? 'Upheld' : 'Dismissed';
      it.chain.dispatch(by(n), commitOf(it, n, verdict, id));
      it.chain.dispatch(by(n), revealOf(it, n, verdict, id));
    }
    it.pass(10);
  };
  if (phase.tag === 'Answer') it.chain.dispatch(by(respondent[0]!), call.answer({ id, digests: [] }));
  else if (phase.tag === 'Draw') {
    it.reveal(digest(choice));
    it.chain.dispatch(by(ANYONE), call.draw({ id }));
  } else if (phase.tag === 'Vote') {
    vote();
    vote();
    it.chain.dispatch(by(ANYONE), call.count({ id }));
  } else if (choice % 2 === 0) it.chain.dispatch(by(loser[0]!), call.appeal({ id, digests: [digest(choice)] }));
  else it.pass(10);
}

/** Brings every dispute to its end by calls that anyone may make. */
function finish(it: Court): void {
  const ids = [...disputes.use(it.chain.ctx).store.disputes.entries()].map(([[id]]) => id);
  const isOpen = (): boolean => ids.some((id) => it.dispute(id).phase.tag !== 'Closed');
  for (let windows = 0; isOpen(); windows++) {
    expect(windows, 'a phase that does not end').to.be.lessThan(10);
    it.pass(11);
    for (const id of ids)
      for (const end of [call.ruleSilence, call.lapse, call.count, call.conclude])
        it.chain.dispatch(by(ANYONE), end({ id }));
  }
}

function play(steps: readonly Step[]): void {
  const it = hall(SOME);
  claim(it);
  const gone = new Set<number>();
  for (const each of steps) {
    const made = callOf(each);
    if (each.what === 'further') further(it, each);
    else if (made !== undefined && it.chain.dispatch(by(actor(each)), made) === 'ok' && each.what === 'withdraw') {
      gone.add(each.choice % 2);
    }
    it.pass(each.blocks);
  }
  finish(it);
  const { ctx } = it.chain;
  const records = [...disputes.use(ctx).store.records.entries()].map(([, record]) => record);
  const isUpheld = (subject: Subject): boolean =>
    records.some(
      (each) => each.outcome.tag === 'Upheld' && JSON.stringify(each.subject, text) === JSON.stringify(subject, text),
    );
  for (const [n, subject] of SUBJECTS.slice(0, 2).entries()) {
    expect(evaluation(it, n) === undefined, `evaluation ${n}`).to.equal(isUpheld(subject) || gone.has(n));
    expect(evaluation(it, n)?.suspended ?? false).to.equal(false);
  }
  for (const [n, subject] of SUBJECTS.slice(2, 4).entries()) {
    const { struck } = registry.use(ctx).store.claims.get(BigInt(n))!;
    expect(struck !== undefined, `claim ${n}`).to.equal(isUpheld(subject));
  }
  expect(registry.use(ctx).store.attesters.get(who(ATTESTER))?.disputes ?? 0).to.equal(0);
}
const text = (_: string, part: unknown): unknown => (typeof part === 'bigint' ? `${part}` : part);

describe('pallets/disputes: sequences about what was said', () => {
  it('conserve money, end, and leave evaluations and claims as the outcomes say', function () {
    fc.assert(fc.property(fc.array(step, { minLength: 20, maxLength: 70 }), play), { numRuns: 20 });
  });
});
