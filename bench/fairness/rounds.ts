/**
 * The rounds of a deal as the chain has them: everybody contributes to the one public model, each aggregate is opened and moves it. Round 1 is of those who hold data; in the PAID
 * rounds after it the noise sender sends noise, and the replayer the aggregate that was opened last.
 */
import { BLOCKS, NORM_SQ } from '../../client/demo/learning.ts';
import { noiseUpdate, type Party } from '../../client/demo/parties.ts';
import { RETRAINING_STEPS } from '../../client/demo/retrained.ts';
import { shapleyByDefinition, sumOfUpdates } from '../../client/demo/shapley.ts';
import type { Examples } from '../../client/demo/softmax.ts';
import { quantise } from '../../client/sdk/quantise.ts';
import { type Kernel, MODEL } from './kernel.ts';
import type { Deal } from './partitions.ts';
import { byClass, byPixel, evaluate, federatedStep, toUnitBlocks, trainedUpdate, type Weights } from './trainer.ts';

/** The vectors of one paid round as its rule gets them: `[part]` integers. */
export interface RoundVectors {
  /** `[party][part]`. */
  readonly updates: readonly (readonly Int8Array[])[];
  readonly direction: readonly Int8Array[];
  /** Opened before, the last first. */
  readonly past: readonly (readonly Int32Array[])[];
}

/** Inner products of a round's vectors, part by part: updates in the order of the parties, the direction, past aggregates with the last first. All exact. */
export interface RoundGram {
  readonly parties: number;
  /** `[part][row][column]`. */
  readonly parts: readonly (readonly (readonly number[])[])[];
}

/** The vector as a round of two parts takes it. */
const inParts = (update: Float64Array): Int8Array[] => quantise(update, BigInt(NORM_SQ), BLOCKS);

/** What a party sends in a step from `model`, of unit length. */
function sent(kernel: Kernel, party: Party, seed: string, model: Weights, last: Weights | undefined): Weights {
  if (party.shard.count > 0) return trainedUpdate(kernel, model, party.shard);
  return toUnitBlocks(party.kind === 'noise' ? byPixel(noiseUpdate(seed)) : (last as Weights).slice());
}

/** A deal's paid rounds, and what each was worth to each party by its real effect. */
export interface PaidRounds {
  readonly rounds: readonly RoundVectors[];
  /**
   * `[round][party]`: the Shapley value of the game in which a coalition moves the public model by the mean of its members' updates, and is worth minus the loss after that one step.
   * It takes all coalitions and every update in the clear. No rule that sees one round can be expected to know more of a round.
   */
  readonly effects: readonly (readonly number[])[];
}

/** Rounds 2 to RETRAINING_STEPS of a deal. */
export function paidRounds(kernel: Kernel, { parties, validation, seed }: Deal): PaidRounds {
  const rounds: RoundVectors[] = [];
  const effects: number[][] = [];
  const past: Int32Array[][] = [];
  let model: Weights = new Float32Array(MODEL);
  let last: Weights | undefined;
  for (let round = 1; round <= RETRAINING_STEPS; round++) {
    const present = parties.filter(({ shard }) => round > 1 || shard.count > 0);
    const reals = present.map((party) => sent(kernel, party, seed, model, last));
    const updates = reals.map((update) => inParts(byClass(update)));
    if (round > 1) {
      const direction = inParts(byClass(trainedUpdate(kernel, model, validation)));
      rounds.push({ updates, direction, past: [...past] });
      effects.push(effectsOf(kernel, model, reals, validation));
    }
    past.unshift(sumOfUpdates(updates));
    ({ model, mean: last } = federatedStep(model, reals));
  }
  kernel.clear();
  return { rounds, effects };
}

/** The first of some examples: a fourth of them says enough of a step. */
function someOf(examples: Examples): Examples {
  const count = Math.ceil(examples.count / 4);
  return { ...examples, count, labels: examples.labels.subarray(0, count) };
}

function effectsOf(kernel: Kernel, model: Weights, updates: readonly Weights[], validation: Examples): number[] {
  const some = someOf(validation);
  const values = Array.from({ length: 1 << updates.length }, (_, coalition) => {
    const members = updates.filter((_update, i) => coalition & (1 << i));
    return -evaluate(kernel, members.length > 0 ? federatedStep(model, members).model : model, some).loss;
  });
  return shapleyByDefinition(values);
}

const dot = (left: ArrayLike<number>, right: ArrayLike<number>): number => {
  let sum = 0;
  for (let j = 0; j < left.length; j++) sum += (left[j] as number) * (right[j] as number);
  return sum;
};

/** All that rules without rounding depend on. */
export function gramOf({ updates, direction, past }: RoundVectors): RoundGram {
  const vectors = [...updates, direction, ...past];
  const parts = direction.map((_, part) =>
    vectors.map((row) => vectors.map((column) => dot(row[part] as Int8Array, column[part] as Int8Array))),
  );
  return { parties: updates.length, parts };
}
