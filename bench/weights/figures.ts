/** From measurements to what stands in the files. */
import type { Cost } from '../../pallets/support/index.ts';
import { at } from '../../primitives/at.ts';
import { ROUND_PHASES, type RoundPhase } from '../../primitives/round/phases.ts';
import { roundedUp } from './files.ts';
import type { HookScenario } from './hooks.ts';
import { type Cost as Sample, costOf, costOfBody } from './measure.ts';
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
  return grownCost(size, (units) => costOf(prepare(units), budget));
}

/** The same of what a hook does. */
export function hookCost({ size, prepare }: HookScenario, budget: number): Cost {
  return grownCost(size, (units) => {
    const { ctx, run } = prepare(units);
    return costOfBody(ctx, run, budget);
  });
}

function grownCost(size: Scenario['size'], of: (units: number) => Sample): Cost {
  if (size === undefined) return rounded(of(0));
  const [small, large] = [size.from, size.to].map(of) as [Sample, Sample];
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

/** What a round is judged by in a phase. */
export interface Judged {
  readonly figures: Pick<RoundFigures, 'ends'>;
  readonly items: number;
  readonly vectors: number;
  readonly values: number;
}

/** Two rounds that differ in one of their sizes. */
export type Pair = readonly [small: Judged, large: Judged];

/** Rounds of a committee. Pairs may be of another ring than each other: what an item costs does not follow from the ring. */
export interface Compared {
  readonly items: Pair;
  readonly vectors: Pair;
  readonly values: readonly Pair[];
  /** The rounds under whose figures the base may not fall. */
  readonly all: readonly Judged[];
}

type Size = 'items' | 'vectors' | 'values';

/** What items, vectors and values add, from rounds that differ in them, and what is left for a round however small: none of these costs more than the figures say. */
export function endCosts({ items, vectors, values, all }: Compared): Map<RoundPhase, EndCost> {
  const phases = ROUND_PHASES.filter((phase) => all.some(({ figures }) => figures.ends.has(phase)));
  return new Map(
    phases.map((phase) => {
      const of = ({ figures }: Judged): number | undefined => figures.ends.get(phase);
      const grown = ([small, large]: Pair, size: Size): number => {
        const [less, more] = [of(small), of(large)];
        return less === undefined || more === undefined ? 0 : Math.max(0, (more - less) / (large[size] - small[size]));
      };
      const isEmpty = WITHOUT_ITEMS.includes(phase);
      const item = isEmpty ? 0 : roundedUp(grown(items, 'items'));
      const vector = isEmpty ? 0 : roundedUp(grown(vectors, 'vectors'));
      const value = roundedUp(Math.max(...values.map((pair) => grown(pair, 'values'))));
      const left = all.map((one) => (of(one) ?? 0) - item * one.items - vector * one.vectors - value * one.values);
      return [phase, { micros: roundedUp(Math.max(0, ...left)), item, vector, value }];
    }),
  );
}
