/** From measurements to what stands in the files. */
import type { Cost } from '../../pallets/support/index.ts';
import { at } from '../../primitives/at.ts';
import { ROUND_PHASES, type RoundPhase } from '../../primitives/round/phases.ts';
import { roundedUp } from './files.ts';
import { type Cost as Sample, costOf } from './measure.ts';
import { largest } from './gauge.ts';
import type { RoundFigures } from './round.ts';
import type { Scenario } from './scenario.ts';

/** What a unit of size adds, from the costs of a small and a large call. Never less than nothing: the clock is not that exact. */
function growth(unit: string, units: number, small: Sample, large: Sample): NonNullable<Cost['each']> {
  const each = (from: number, to: number): number => Math.max(0, (to - from) / units);
  return {
    unit,
    reads: roundedUp(each(small.reads, large.reads)),
    writes: roundedUp(each(small.writes, large.writes)),
    micros: roundedUp(each(small.micros, large.micros)),
  };
}

const rounded = ({ reads, writes, micros }: Sample): Cost => ({ reads, writes, micros: roundedUp(micros) });

/** What a scenario's call costs. @param budget milliseconds of measuring; see {@link costOf} */
export function scenarioCost({ size, prepare }: Scenario, budget: number): Cost {
  if (size === undefined) return rounded(costOf(prepare(0), budget));
  const [small, large] = [size.from, size.to].map((units) => costOf(prepare(units), budget)) as [Sample, Sample];
  const each = growth(size.unit, size.to - size.from, small, large);
  // The line through both, at nothing: the smallest call may have some units already.
  const base = (of: keyof Sample): number => Math.max(0, small[of] - each[of] * size.from);
  const flat = { reads: Math.ceil(base('reads')), writes: Math.ceil(base('writes')), micros: base('micros') };
  return { ...rounded(flat), each };
}

/** Costs of the calls of rounds: of several rounds the largest. By `Pallet.call`. */
export function roundCosts(rounds: readonly RoundFigures[]): Map<string, Cost> {
  const costs = new Map<string, Sample>();
  for (const [name, now] of rounds.flatMap(({ calls }) => [...calls])) costs.set(name, largest(now, costs.get(name)));
  const names = new Set(rounds.flatMap(({ sized }) => [...sized.keys()]));
  const grown = [...names].map((name): [string, Cost] => [name, sizedCost(rounds, name)]);
  return new Map([...[...costs].map(([name, cost]): [string, Cost] => [name, rounded(cost)]), ...grown]);
}

/** Every measured cost of a call whose cost follows its size. */
export function sizedCosts(
  rounds: readonly Pick<RoundFigures, 'sized'>[],
): { name: string; size: number; cost: Sample }[] {
  return rounds.flatMap(({ sized }) =>
    [...sized].flatMap(([name, sizes]) => [...sizes].map(([size, cost]) => ({ name, size, cost }))),
  );
}

/** What a call of rounds is counted in. */
const unitOf = (call: string): string => (BY_BYTES.includes(call) ? 'byte' : 'entry');
const BY_BYTES: readonly string[] = ['Tally.submit', 'Tally.postAggregate', 'Tally.postSum'];

/** From the smallest and the largest call of a name in all rounds. */
function sizedCost(rounds: readonly RoundFigures[], name: string): Cost {
  const all = new Map<number, Sample>();
  for (const each of sizedCosts(rounds)) {
    if (each.name === name) all.set(each.size, largest(each.cost, all.get(each.size)));
  }
  const sorted = [...all].toSorted(([a], [b]) => a - b);
  const [[small, less], [large, more]] = [at(sorted, 0), at(sorted, sorted.length - 1)];
  if (small === large) return rounded(more);
  const unit = unitOf(name);
  const grown = growth(unit, large - small, less, more);
  // Bytes are no keys.
  const each = unit === 'byte' ? { ...grown, reads: 0, writes: 0 } : grown;
  // No measured call costs more than the line says, whatever lies between its ends.
  const base = (of: (cost: Sample) => number, step: number): number =>
    Math.max(0, ...sorted.map(([size, cost]) => of(cost) - step * size));
  return {
    reads: Math.ceil(base(({ reads }) => reads, each.reads)),
    writes: Math.ceil(base(({ writes }) => writes, each.writes)),
    micros: roundedUp(base(({ micros }) => micros, each.micros)),
    each,
  };
}

/** Microseconds of the end of a block: of a round however small, more for each of its items or summed vectors, and for each value of what it opens. */
export interface EndCost {
  readonly micros: number;
  readonly item: number;
  readonly vector: number;
  readonly value: number;
}

/** Before the round is open it has no items. */
const WITHOUT_ITEMS: readonly RoundPhase[] = ['Keying', 'KeyCheck'];

/** A small round of a committee, one with more items, and one with more values; how many more. */
export interface Compared {
  readonly small: RoundFigures;
  readonly many: RoundFigures;
  readonly items: number;
  readonly wide: RoundFigures;
  readonly values: number;
  /** The same of rounds of ballots. */
  readonly ballots: {
    readonly small: RoundFigures;
    readonly many: RoundFigures;
    readonly vectors: number;
    readonly wide: RoundFigures;
  };
}

/** What items and values add, from rounds that differ in them. */
export function endCosts({ small, many, items, wide, values, ballots }: Compared): Map<RoundPhase, EndCost> {
  const phases = ROUND_PHASES.filter((phase) => small.ends.has(phase) || ballots.small.ends.has(phase));
  return new Map(
    phases.map((phase) => {
      const least = small.ends.get(phase) ?? ballots.small.ends.get(phase) ?? 0;
      const more = (round: RoundFigures, than: RoundFigures, count: number): number =>
        roundedUp(Math.max(0, ((round.ends.get(phase) ?? 0) - (than.ends.get(phase) ?? 0)) / count));
      const isEmpty = WITHOUT_ITEMS.includes(phase);
      const item = isEmpty ? 0 : more(many, small, items);
      const vector = isEmpty ? 0 : more(ballots.many, ballots.small, ballots.vectors);
      const value = Math.max(more(wide, small, values), more(ballots.wide, ballots.small, values));
      return [phase, { micros: roundedUp(least), item, vector, value }];
    }),
  );
}
