/** Real updates of two models: the demo's, which a round carries as it is, and a network eighty times as large. The parties are the demo's, with other examples in each draw. */
import { Draw } from '../../client/demo/draw.ts';
import { LOCAL_RATE, LOCAL_STEPS } from '../../client/demo/learning.ts';
import { loadMnist } from '../../client/demo/mnist.ts';
import { dealShards } from '../../client/demo/parties.ts';
import { type Examples, localUpdate, PARAMETERS } from '../../client/demo/softmax.ts';
import { freshNet, netUpdate, parametersOf } from './net.ts';

/** A model as far as a game needs it. */
export interface Model {
  readonly name: string;
  readonly parameters: number;
  start(seed: string): Float64Array;
  /** What local training changes. */
  update(start: Float64Array, examples: Examples): Float64Array;
}

export const SOFTMAX: Model = {
  name: 'softmax regression',
  parameters: PARAMETERS,
  start: () => new Float64Array(PARAMETERS),
  update: (start, examples) => localUpdate(start, examples, LOCAL_STEPS, LOCAL_RATE),
};

export function network(units: number): Model {
  return {
    name: `network of ${units} units`,
    parameters: parametersOf(units),
    start: (seed) => freshNet(units, seed),
    update: (start, examples) => netUpdate(start, units, examples, { steps: LOCAL_STEPS, rate: NET_RATE }),
  };
}

/** At the demo's rate the loss of the network does not fall from step to step. */
const NET_RATE = 0.1;

/** What everybody brings to one round, each of length 1. */
export interface Game {
  readonly updates: readonly Float64Array[];
  readonly direction: Float64Array;
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  return vector.map((x) => x / length);
}

/** The round after one step of everybody who trains. The replayer sends what that step has changed, as in the demo. */
export function playGame(model: Model, draw: number): Game {
  const seed = `sketch ${draw}`;
  const { parties, validation } = dealShards(loadMnist().train, seed);
  const start = model.start(seed);
  const trained = parties.filter(({ shard }) => shard.count > 0).map(({ shard }) => model.update(start, shard));
  const step = new Float64Array(model.parameters);
  for (const update of trained)
    for (let j = 0; j < step.length; j++) step[j] = (step[j] as number) + (update[j] as number) / trained.length;
  const now = start.map((weight, j) => weight + (step[j] as number));
  const noise = new Draw(seed, 'noise');
  const updates = parties.map(({ kind, shard }) => {
    if (kind === 'noise') return Float64Array.from({ length: model.parameters }, () => noise.normal());
    return kind === 'replay' ? step : model.update(now, shard);
  });
  return { updates: updates.map(unit), direction: unit(model.update(now, validation)) };
}
