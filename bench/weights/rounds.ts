/** The rounds that are run for figures, and the files of the pallets that serve rounds. */
import type { Cost } from '../../pallets/support/index.ts';
import { fheParamsFor } from '../../primitives/fhe/params.ts';
import type { RoundPhase } from '../../primitives/round/phases.ts';
import { measureBallots } from './ballots.ts';
import { type EndCost, endCosts, roundCosts } from './figures.ts';
import { number, placeOf, weightsFile } from './files.ts';
import { measureRound, type RoundFigures } from './round.ts';

/** Per committee: contributors of a small round and of a larger one; the larger the committee, the longer a round takes here. */
const SIZES = [
  { n: 4, items: [4, 31] },
  { n: 7, items: [4, 12] },
  { n: 10, items: [3, 8] },
] as const;
/** Values of an update, where their number is not looked at. */
const FEW_VALUES = 12;
/** Voters of a small round of ballots and of a larger one. */
const FEW_VOTERS = 2;
const MORE_VOTERS = 8;
/** Milliseconds for each post and call: there are many. */
const BUDGET = 20;

/** The calls that are measured in rounds. */
export const ROUND_CALLS: readonly string[] = [
  'Committee.post',
  'Tally.post',
  'Tally.submit',
  'Tally.publishDirection',
  'Royalty.fund',
  'Royalty.createRound',
  'Royalty.enrol',
];

/** The pallets that serve rounds. */
export const ROUND_PALLETS = ['Committee', 'Tally', 'Royalty'] as const;

type Ends = ReadonlyMap<number, ReadonlyMap<RoundPhase, EndCost>>;

function endsText(ends: Ends): string {
  const line = (phase: string, { micros, item, vector, value }: EndCost): string =>
    `    ${phase}: { micros: ${number(micros)}, item: ${number(item)}, vector: ${number(vector)}, value: ${number(value)} },`;
  const committees = [...ends].map(
    ([n, phases]) => `  ${n}: {\n${[...phases].map(([phase, cost]) => line(phase, cost)).join('\n')}\n  },`,
  );
  return `
/**
 * Microseconds of judging a phase, with the post that decides it or at the end of the block that began in it, by the members of the round's committee: for the round, for
 * each of its items or summed vectors, and for each value of what it opens.
 */
export const ends = {
${committees.join('\n')}
} as const;
`;
}

/**
 * @param tell progress, a line at a time
 * @param kept costs of calls of these pallets that are measured elsewhere, by `Pallet.call`
 */
export function measureRounds(
  tell: (line: string) => void,
  kept: ReadonlyMap<string, Cost>,
): {
  files: (readonly [file: string, text: string])[];
  costs: ReadonlyMap<string, Cost>;
} {
  const figures: RoundFigures[] = [];
  const run = (n: 4 | 7 | 10, items: number, values: number, forger = true): RoundFigures => {
    tell(`a round of ${n} members and ${items} contributors`);
    const done = measureRound({ paramsId: fheParamsFor(n).id, items, values, budget: BUDGET, forger });
    figures.push(done);
    return done;
  };
  const vote = (n: 4 | 7 | 10, voters: number, options: number): RoundFigures => {
    tell(`a round of ballots of ${n} members and ${voters} voters over ${options} options`);
    const done = measureBallots({ paramsId: fheParamsFor(n).id, voters, options, budget: BUDGET, forger: true });
    figures.push(done);
    return done;
  };
  const ends = new Map(
    SIZES.map(({ n, items: [few, more] }) => {
      const { degree } = fheParamsFor(n);
      const [small, many, wide] = [run(n, few, FEW_VALUES), run(n, more, FEW_VALUES), run(n, few, degree)];
      const [some, crowd] = [FEW_VOTERS, MORE_VOTERS];
      const ballots = {
        small: vote(n, some, FEW_VALUES),
        many: vote(n, crowd, FEW_VALUES),
        vectors: crowd - some,
        wide: vote(n, some, degree),
      };
      return [n, endCosts({ small, many, items: more - few, wide, values: degree - FEW_VALUES, ballots })];
    }),
  );
  const costs = roundCosts(figures);
  const files = ROUND_PALLETS.map((pallet) => {
    const own = [...costs, ...kept].filter(([call]) => call.startsWith(`${pallet}.`));
    const named = new Map(own.map(([call, cost]) => [call.slice(pallet.length + 1), cost]));
    return [placeOf(pallet), weightsFile(named, pallet === 'Tally' ? endsText(ends) : '')] as const;
  });
  return { files, costs };
}
