/** Blocks full of one call: whether what weights promise is what a processor takes. */
import { type Composition, MEASURED } from '../../pallets/support/index.ts';
import { BASE_BLOCK_WEIGHT, BASE_EXTRINSIC_WEIGHT, classLimits } from '../../pallets/system/limits.ts';
import { type BenchCase, type Sample } from '../harness.ts';
import { costOf } from '../weights/measure.ts';
import { scenarios } from '../weights/scenarios/index.ts';

const [SLOT_MS, BUDGET_MS] = [2000, 60];

/** Milliseconds that a block full of the call takes to import: the call as measured now, and what is beneath it as the weights have it. */
function blockOf(call: string): number {
  const { size, prepare } = scenarios.find((each) => each.call === call)!;
  const prepared = prepare(size?.to ?? 0);
  const { weight, class: of } = prepared.composition.infoOf(prepared.call);
  const each = BASE_EXTRINSIC_WEIGHT + weight;
  const count = Number((classLimits(of).weight - BASE_BLOCK_WEIGHT) / each);
  const { reads, writes, micros } = costOf(prepared, BUDGET_MS);
  const beneath = MEASURED.extrinsic + MEASURED.checks.sr25519 + reads * MEASURED.read + writes * MEASURED.write;
  return (count * (micros + beneath)) / 1000;
}

/** The call of which one weighs most. */
function heaviest(): string {
  const weights = scenarios.map(({ call, size, prepare }) => {
    const { composition, call: made } = prepare(size?.to ?? 0);
    return { call, weight: weightOf(composition, made) };
  });
  return weights.reduce((a, b) => (a.weight > b.weight ? a : b)).call;
}
const weightOf = (composition: Composition, call: Parameters<Composition['infoOf']>[0]): bigint =>
  composition.infoOf(call).weight;

export const heaviestBlocks: readonly BenchCase[] = [
  {
    name: 'block-of-heaviest',
    title: 'import of a block that is full of the call that weighs most, one thread',
    unit: 'ms',
    pace: 'processor',
    aim: SLOT_MS,
    async run() {
      const call = heaviest();
      return Array.from({ length: 5 }, (): Sample => ({ value: blockOf(call) }));
    },
  },
  {
    name: 'block-of-slowest',
    title:
      'import of a block that is full of one call, of all calls the one that takes longest for what it weighs, one thread',
    unit: 'ms',
    pace: 'processor',
    aim: SLOT_MS,
    async run() {
      const slowest = scenarios
        .map(({ call }) => ({ call, ms: blockOf(call) }))
        .reduce((a, b) => (a.ms > b.ms ? a : b));
      console.error(`the slowest for its weight is ${slowest.call}`);
      return Array.from({ length: 5 }, (): Sample => ({ value: blockOf(slowest.call) }));
    },
  },
];
