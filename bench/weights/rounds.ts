/** The rounds that are run for figures, and the files of the pallets that serve rounds. */
import type { Cost } from '../../pallets/support/index.ts';
import { fheParamsFor } from '../../primitives/fhe/params.ts';
import type { RoundPhase } from '../../primitives/round/phases.ts';
import { measureBallots } from './ballots.ts';
import { type EndCost, endCosts, type Judged, roundCosts } from './figures.ts';
import { hooksText, number, placeOf, weightsFile } from './files.ts';
import { measureRound, type RoundFigures } from './round.ts';

/** Per committee: contributors of a small round, and of two in the ring for tests that differ in them; the larger the committee, the longer a round takes here. */
const SIZES: readonly CommitteeSizes[] = [
  { n: 4, few: 4, items: [8, 96] },
  { n: 7, few: 4, items: [8, 64] },
  { n: 10, few: 3, items: [6, 38] },
];
/** Values of an update, where their number is not looked at. */
const FEW_VALUES = 12;
/** Voters of a small round of ballots, and of two in the ring for tests. */
const FEW_VOTERS = 2;
const VOTERS = [4, 36] as const;
/** Milliseconds for each post and call: there are many. */
const BUDGET = 20;

export interface CommitteeSizes {
  readonly n: 4 | 7 | 10;
  readonly few: number;
  readonly items: readonly [few: number, more: number];
}

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
 * Microseconds of judging a phase, keys included, with the post that decides it or at the end of the block that began in it, by the members of the round's committee: for the
 * round, for each of its items or further submissions, and for each value of what it opens.
 */
export const ends = {
${committees.join('\n')}
} as const;
`;
}

/** Runs rounds, and keeps what they took. */
class Runs {
  readonly figures: RoundFigures[] = [];
  readonly #tell: (line: string) => void;

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  /** A round that pays; besides its contributors it has a forger and a reporter. */
  pay(paramsId: string, contributors: number, values: number, isRich: boolean): Judged {
    this.#tell(
      `a round that pays, ${paramsId}, ${contributors} contributors, ${values} values${isRich ? ', held against the past' : ''}`,
    );
    const figures = measureRound({ paramsId, items: contributors, values, budget: BUDGET, forger: true, isRich });
    this.figures.push(figures);
    return { figures, items: contributors + 1, vectors: 1, values };
  }

  /** A round of ballots, one of them forged. */
  vote(paramsId: string, voters: number, options: number): Judged {
    this.#tell(`a round of ballots, ${paramsId}, ${voters} voters, ${options} options`);
    const figures = measureBallots({ paramsId, voters, options, budget: BUDGET, forger: true });
    this.figures.push(figures);
    return { figures, items: 0, vectors: voters + 1, values: options };
  }
}

/** What the phases of a committee's rounds cost: items and vectors in the ring for tests, values in that of the product. */
function committeeEnds(runs: Runs, { n, few, items }: CommitteeSizes): Map<RoundPhase, EndCost> {
  const { id, degree } = fheParamsFor(n);
  const small = `tacit-test-256-n${n}`;
  const plain = runs.pay(id, few, FEW_VALUES, false);
  const paid = [FEW_VALUES, degree].map((values) => runs.pay(id, few, values, true)) as [Judged, Judged];
  const voted = [FEW_VALUES, degree].map((values) => runs.vote(id, FEW_VOTERS, values)) as [Judged, Judged];
  const crowds = items.map((count) => runs.pay(small, count, FEW_VALUES, true)) as [Judged, Judged];
  const ballots = VOTERS.map((count) => runs.vote(small, count, FEW_VALUES)) as [Judged, Judged];
  const all = [plain, ...paid, ...voted, ...crowds, ...ballots];
  return endCosts({ items: crowds, vectors: ballots, values: [paid, voted], all });
}

/**
 * @param tell progress, a line at a time
 * @param kept costs of calls of these pallets that are measured elsewhere, by `Pallet.call`
 * @param hooks what the pallets do at the ends of blocks, by pallet
 * @param sizes of the rounds; smaller ones to see that the whole runs
 */
export function measureRounds(
  tell: (line: string) => void,
  kept: ReadonlyMap<string, Cost>,
  hooks: ReadonlyMap<string, ReadonlyMap<string, Cost>>,
  sizes: readonly CommitteeSizes[] = SIZES,
): {
  files: (readonly [file: string, text: string])[];
  costs: ReadonlyMap<string, Cost>;
} {
  const runs = new Runs(tell);
  const ends = new Map(sizes.map((one) => [one.n, committeeEnds(runs, one)]));
  const costs = roundCosts(runs.figures);
  const files = ROUND_PALLETS.map((pallet) => {
    const own = [...costs, ...kept].filter(([call]) => call.startsWith(`${pallet}.`));
    const named = new Map(own.map(([call, cost]) => [call.slice(pallet.length + 1), cost]));
    const more = hooksText(hooks.get(pallet) ?? new Map()) + (pallet === 'Tally' ? endsText(ends) : '');
    return [placeOf(pallet), weightsFile(named, more)] as const;
  });
  return { files, costs };
}
