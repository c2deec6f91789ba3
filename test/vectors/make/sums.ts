/** Whole rounds that are summed: ballots, statistics and a meter, with vectors that are not what they say, and members that lie (§6.6). */
import { genesisHash } from '../../../pallets/system/index.ts';
import { tally } from '../../../pallets/tally/index.ts';
import { LANES } from '../../../primitives/proofs/lane.ts';
import { meterVector } from '../../../primitives/proofs/meter.ts';
import { laneSpecOf } from '../../../primitives/round/index.ts';
import { lyingVector } from '../../support/lying-vector.ts';
import { testChain } from '../../support/pallet-chain.ts';
import { TestCommittee } from '../../support/pallet-members.ts';
import { phaseOf, submitSealed } from '../../support/pallet-round.ts';
import { BALLOTS, cast, castHonest, NAMES, openBallots, openMeter, openStatistics } from '../../support/pallet-sums.ts';
import { survey } from '../../support/survey.ts';
import { type Case, type Datum, good, type Vectors } from './cases.ts';
import { laneGiven } from './linear.ts';
import { blocksOf, fateOf, lied, recorded, recordOf } from './round.ts';

/** Who lies where it posts shares, and who says nothing in the last step. */
interface Conducted {
  readonly liar?: number;
  readonly silent?: number;
}

/** What the chain holds of a round that is over. */
function stateOf({ test }: TestCommittee, id: number): Datum {
  const { store } = tally.use(test.chain.ctx);
  const { submissions, failure, failedIn } = recordOf(test, id);
  const fates = Array.from({ length: submissions }, (_, index) => fateOf(store.submissions.get(id, index)!));
  const opened = store.sums.get(id);
  if (opened !== undefined) return { submissions: fates, ...opened };
  if (failedIn?.phase.tag === 'Sum') return { failedIn: failedIn.phase.tag, silent: failedIn.silent };
  return { failure: failure?.tag, submissions: fates };
}

function sumCase(
  name: string,
  begin: (members: TestCommittee) => number,
  fill: (members: TestCommittee, round: number) => void,
  { liar, silent }: Conducted = {},
): Case {
  const { test, done } = recorded(testChain({ seed: `vectors ${name}`, accounts: NAMES, pallets: [survey] }));
  const members = new TestCommittee(test);
  members.runToActive();
  members.conduct = (post, member) => {
    const isSum = 'round' in post && post.body.tag === 'Sum';
    if (isSum && (member === silent || (silent !== undefined && member === liar))) return undefined;
    return member === liar ? lied(post) : post;
  };
  const id = begin(members);
  fill(members, id);
  members.runUntil(() => ['Settled', 'Failed'].includes(phaseOf(test, id)));
  const { lanes, rule, term, paramsId } = recordOf(test, id);
  const given = {
    context: { genesis: genesisHash(test.chain.ctx), term, round: id, params: paramsId },
    kMin: rule.kMin,
    lane: laneGiven(laneSpecOf(lanes[0]!)),
    blocks: blocksOf(done, id),
  };
  return good('sumRound', name, given, stateOf(members, id));
}

const ballots = (members: TestCommittee): number => openBallots(members, NAMES);
const lyingBallot = (members: TestCommittee, round: number, who: string, values: readonly number[]): void =>
  submitSealed(members, who, round, LANES.ballot, 0, lyingVector(members.test, round, who, values));

function meter(members: TestCommittee, round: number): void {
  const spec = laneSpecOf(recordOf(members.test, round).lanes[0]!);
  cast(members, round, 'anna', meterVector(spec, [10, 2]), LANES.meter);
}

export function sumVectors(): Vectors {
  const lie = (members: TestCommittee, round: number): void => lyingBallot(members, round, 'eve', [-5, 105, 0, 0, 0]);
  return {
    spec: ['§6.6', '§4.2', '§5.11'],
    cases: [
      sumCase(
        'ballots, one below zero, and a member that lies',
        ballots,
        (members, round) => {
          castHonest(members, round);
          lie(members, round);
        },
        { liar: 2 },
      ),
      sumCase('too few ballots are what they say', ballots, (members, round) => {
        for (const who of NAMES.slice(0, BALLOTS.kMin - 1)) cast(members, round, who, [0, 0, 0, 0, 100]);
        lie(members, round);
      }),
      sumCase('two members say nothing in the last step', ballots, castHonest, { liar: 1, silent: 3 }),
      sumCase(
        'reports',
        (members) => openStatistics(members, NAMES),
        (members, round) => {
          for (const [i, who] of NAMES.slice(0, 3).entries())
            cast(members, round, who, [i, 4_000, 7 * i], LANES.counts);
        },
      ),
      sumCase('a meter: which bounds are reached', (members) => openMeter(members, 'anna'), meter),
    ],
  };
}
