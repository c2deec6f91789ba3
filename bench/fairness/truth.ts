/**
 * What every coalition of a deal achieves when the model is trained with its members alone, from zero, as client/demo/retrained.ts has it: RETRAINING_STEPS federated steps in
 * which members with data train, and the others send what they send in the round. Nothing of one coalition's training is used for another's but the first local training, which
 * begins from zero for all.
 */
import {
  contributionOf,
  LOCAL_RATE,
  LOCAL_STEPS,
  NORM_SQ,
  PAST_STEPS,
  publicHistory,
  SERVER_STEP,
} from '../../client/demo/learning.ts';
import { RETRAINING_STEPS } from '../../client/demo/retrained.ts';
import type { Deal } from './partitions.ts';
import { type Kernel, MODEL } from './kernel.ts';
import { byPixel, evaluate, federatedStep, trainedUpdate, type Weights } from './trainer.ts';

/** What all values depend on besides the deal. */
export const SETTINGS = { LOCAL_STEPS, LOCAL_RATE, SERVER_STEP, PAST_STEPS, RETRAINING_STEPS, NORM_SQ };

/** Values of all `2^n` coalitions; bit i of the index says whether party i takes part. */
export interface CoalitionValues {
  /** Minus the mean cross-entropy on the validation examples: the demo's value. */
  readonly loss: number[];
  /** Share of validation examples that are recognised. */
  readonly accuracy: number[];
  /** Minus the mean cross-entropy on examples that nothing was made from. */
  readonly heldLoss: number[];
}

/** Trains and measures every coalition of `deal`. */
export function coalitionValues(kernel: Kernel, deal: Deal): CoalitionValues {
  const { parties, validation, held } = deal;
  const first = firstUpdates(kernel, deal);
  const values: CoalitionValues = { loss: [], accuracy: [], heldLoss: [] };
  const twins = twinsOf(deal);
  for (let coalition = 0; coalition < 1 << parties.length; coalition++) {
    const same = withoutTwins(coalition, twins);
    if (same < coalition) {
      for (const list of Object.values(values)) list.push(list[same] as number);
      continue;
    }
    const members = parties.map((_, i) => i).filter((i) => coalition & (1 << i));
    let model: Weights = new Float32Array(MODEL);
    for (let step = 0; step < RETRAINING_STEPS && members.length > 0; step++) {
      const updates = members.map((i) => {
        const { shard } = parties[i] as Deal['parties'][number];
        return step === 0 || shard.count === 0 ? (first[i] as Weights) : trainedUpdate(kernel, model, shard);
      });
      model = federatedStep(model, updates).model;
    }
    const { loss, accuracy } = evaluate(kernel, model, validation);
    values.loss.push(-loss);
    values.accuracy.push(accuracy);
    values.heldLoss.push(-evaluate(kernel, model, held).loss);
  }
  kernel.clear();
  return values;
}

/** What each party sends in the first step, from zero; who holds no data sends it in every step. */
function firstUpdates(kernel: Kernel, { parties, seed }: Deal): Weights[] {
  const zero = new Float32Array(MODEL);
  const { earlierAggregate } = publicHistory(parties);
  return parties.map((party) => {
    const fixed = party.shard.count === 0;
    return fixed
      ? byPixel(contributionOf(party, new Float64Array(), earlierAggregate, seed))
      : trainedUpdate(kernel, zero, party.shard);
  });
}

/** Pairs of parties that hold the same examples under the same labels: in a coalition one can stand for the other. */
function twinsOf({ parties }: Deal): (readonly [number, number])[] {
  return parties.flatMap(({ kind }, later) => {
    const earlier = parties.findIndex(({ indices }) => indices.join() === parties[later]?.indices.join());
    return kind === 'duplicate' && earlier < later ? [[earlier, later] as const] : [];
  });
}

/** The coalition with the earlier twin in place of the later, if that is alone. */
function withoutTwins(coalition: number, twins: readonly (readonly [number, number])[]): number {
  return twins.reduce((bits, [earlier, later]) => {
    const isAlone = (bits & (1 << later)) !== 0 && (bits & (1 << earlier)) === 0;
    return isAlone ? (bits & ~(1 << later)) | (1 << earlier) : bits;
  }, coalition);
}
