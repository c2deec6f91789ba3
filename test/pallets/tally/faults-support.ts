/** Rounds on a test chain whose members fail: by silence, or by posts that are well formed and not true. */
import { expect } from 'chai';
import { committee, type Offence } from '../../../pallets/committee/index.ts';
import {
  aggregateParts,
  findRound,
  payoutOf,
  type Round,
  tally,
  type TallyBody,
  type TallyPost,
} from '../../../pallets/tally/index.ts';
import { TALLY_STEPS, type TallyStep } from '../../../primitives/round/index.ts';
import { type CompletedRound, type Conduct, phaseOf, TestCommittee, testChain } from '../../support/committee.ts';

export const NAMES = ['anna', 'bo', 'cleo'];
/** Steps of a royalty round; that of rounds without payout is in ballot-liars.test.ts. */
export const STEPS: readonly TallyStep[] = TALLY_STEPS.filter((step) => step !== 'Sum');

export function isTally(post: Parameters<Conduct>[0]): post is TallyPost {
  return 'round' in post;
}

export function setUp(paramsId = 'tacit-test-256-n4'): TestCommittee {
  const members = new TestCommittee(testChain({ accounts: [...NAMES, 'eve'], paramsId }));
  members.runToActive();
  return members;
}

export function offences({ test }: TestCommittee): Offence[] {
  return [...committee.use(test.chain.ctx).store.offences.entries()].map(([, offence]) => offence);
}

/** The round is settled, and `U` and the total are those of the contributors. */
export function expectRight(members: TestCommittee, done: CompletedRound): void {
  const { ctx } = members.test.chain;
  expect(phaseOf(members.test, done.id)).to.equal('Settled');
  const round = findRound(ctx, done.id) as Round;
  const sums = [0, 1].map((part) =>
    Array.from(done.updates[0]?.[part] as Int8Array, (_, j) =>
      done.updates.reduce((sum, parts) => sum + (parts[part]?.[j] as number), 0),
    ),
  );
  expect(aggregateParts(tally.use(ctx), round).map((part) => [...part])).to.deep.equal(sums);
  const vector = payoutOf(ctx, done.id);
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
    Array.from(a).reduce((sum, x, j) => sum + x * (b[j] as number), 0);
  const n = done.updates.length;
  const total = sums.reduce(
    (all, sum, part) => all + 2 * n * dot(sum, done.direction[part] as Int8Array) - dot(sum, sum),
    0,
  );
  expect(vector?.negative ? -vector.sum : vector?.sum).to.equal(BigInt(total + 100 * 50));
}

/** Flips a bit of the first share (or of the key sum): still well formed, no longer true. */
export function lie(post: TallyPost, salt = 0): TallyPost {
  const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 0 ? byte ^ (1 + salt) : byte));
  const { body } = post;
  const value = { ...body.value } as Record<string, unknown>;
  const field: Partial<Record<TallyStep, string>> = {
    Keying: 'sum',
    KeyCheck: 'test',
    Check: 'residues',
    CheckEach: 'residues',
  };
  const name = field[body.tag] ?? 'shares';
  value[name] = flip(value[name] as Uint8Array);
  return { ...post, body: { tag: body.tag, value } as TallyBody };
}
