/**
 * One step of federated training as the demo's round sees it. The public model has been trained for PAST_STEPS steps by the parties that
 * train; now every party makes its update: from its shard, or out of nothing, or by replaying the aggregate of an earlier step. All
 * updates are scaled to one fixed length, and the model moves along their mean.
 */
import { joinParts, quantise } from '../sdk/quantise.ts';
import { noiseUpdate, type Party } from './parties.ts';
import { type Examples, localUpdate, PARAMETERS } from './softmax.ts';

/** Full-batch gradient steps of one local training, and their rate. */
export const LOCAL_STEPS = 5;
export const LOCAL_RATE = 0.5;
/** Length of a federated step if all updates agree. */
export const SERVER_STEP = 1;
/** Federated steps that the public model has behind it when the round begins. */
export const PAST_STEPS = 1;
/** Blocks of an update, coordinate `j` in block `j mod BLOCKS`, that training scales to one length: neither half of the coordinates outweighs the other. */
export const BLOCKS = 2;
/** Squared norm of every block of a quantised update, and of the direction: mean magnitude 16, far from the limits of int8. */
export const NORM_SQ = 1_000_000;
/** Squared norm of an update in a round of the demo. */
export const UPDATE_NORM_SQ: number = BLOCKS * NORM_SQ;

/** Each block scaled to norm 1/sqrt(BLOCKS), so that the whole has norm 1. */
export function unitBlocks(update: Float64Array): Float64Array {
  const squares = new Float64Array(BLOCKS);
  update.forEach((x, j) => {
    squares[j % BLOCKS] = (squares[j % BLOCKS] as number) + x * x;
  });
  return update.map((x, j) => x / Math.sqrt(BLOCKS * (squares[j % BLOCKS] as number)));
}

/** Moves `model` along the mean of updates of unit length; returns the new model and that mean. */
export function federatedStep(
  model: Float64Array,
  updates: readonly Float64Array[],
): { model: Float64Array; mean: Float64Array } {
  const mean = new Float64Array(PARAMETERS);
  for (const update of updates) {
    for (let j = 0; j < PARAMETERS; j++) mean[j] = (mean[j] as number) + (update[j] as number) / updates.length;
  }
  return { model: model.map((weight, j) => weight + SERVER_STEP * (mean[j] as number)), mean };
}

/** A trained update of unit length. */
export function trainedUpdate(model: Float64Array, shard: Examples): Float64Array {
  return unitBlocks(localUpdate(model, shard, LOCAL_STEPS, LOCAL_RATE));
}

/** The public history: the model before the round, and the aggregate of the first step, which anyone may replay. */
export function publicHistory(parties: readonly Party[]): { model: Float64Array; earlierAggregate: Float64Array } {
  const training = parties.filter((party) => party.shard.count > 0);
  let model: Float64Array = new Float64Array(PARAMETERS);
  let earlierAggregate: Float64Array | undefined;
  for (let step = 0; step < PAST_STEPS; step++) {
    const result = federatedStep(
      model,
      training.map((party) => trainedUpdate(model, party.shard)),
    );
    model = result.model;
    earlierAggregate ??= result.mean;
  }
  return { model, earlierAggregate: earlierAggregate as Float64Array };
}

/** The update, of unit length, that a party contributes to a step that starts from `model`. */
export function contributionOf(
  party: Party,
  model: Float64Array,
  earlierAggregate: Float64Array,
  seed: string,
): Float64Array {
  if (party.kind === 'noise') return unitBlocks(noiseUpdate(seed));
  if (party.kind === 'replay') return unitBlocks(earlierAggregate);
  return trainedUpdate(model, party.shard);
}

/** The vector as the round takes it: one part of int8, of squared norm {@link UPDATE_NORM_SQ}. */
export function quantised(update: Float64Array): Int8Array[] {
  return quantise(update, BigInt(UPDATE_NORM_SQ));
}

export interface RoundData {
  /** `[party][part]`. */
  readonly updates: Int8Array[][];
  /** `[part]`: the validation direction `g`. */
  readonly direction: Int8Array[];
  /** The model before the round. */
  readonly model: Float64Array;
}

/** Everything the parties and the model's owner bring to the round. */
export function roundData(parties: readonly Party[], validation: Examples, seed: string): RoundData {
  const { model, earlierAggregate } = publicHistory(parties);
  return {
    model,
    updates: parties.map((party) => quantised(contributionOf(party, model, earlierAggregate, seed))),
    direction: quantised(trainedUpdate(model, validation)),
  };
}

/** The model after the round, from the opened aggregate `U`. */
export function applyAggregate(model: Float64Array, aggregate: readonly Int32Array[], parties: number): Float64Array {
  const scale = SERVER_STEP / (parties * Math.sqrt(UPDATE_NORM_SQ));
  const sum = joinParts(aggregate, PARAMETERS);
  return model.map((weight, j) => weight + scale * (sum[j] as number));
}
