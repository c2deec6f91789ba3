/**
 * The honest yardstick: Shapley values of the same eight parties when the value of a coalition is what retraining with its members alone
 * achieves. Every one of the 2^8 coalitions trains the model from zero for RETRAINING_STEPS federated steps; in each step its members
 * contribute as they do in the round: who holds data trains on it from the coalition's own model, the noise sender and the replayer send
 * the vector that they send in the round. A coalition's value is minus the mean cross-entropy of its model on the held-out examples.
 *
 * Figures (Spearman's correlation with the closed form): 0.904 for the demo's draw; 0.735 to 0.946, mean 0.856, for eight others. What differs is
 * mostly the replayer: the closed form pays a replayed aggregate like good work, retraining does not (a stated limit of the closed form).
 *
 * The 256 values take about ten seconds on four cores; they are kept in data/retrained.json with a fingerprint of everything they depend on:
 *
 *     npx tacit run client/demo/retrained.ts            recompute the file
 *     npx tacit run client/demo/retrained.ts --check    recompute and compare with the file
 *     npx tacit run client/demo/retrained.ts --draws 8  rank correlation for other draws of the data, nothing is written
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { toHex } from '../../primitives/crypto/hex.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { TacitError } from '../../primitives/errors.ts';
import { z } from 'zod';
import {
  contributionOf,
  federatedStep,
  LOCAL_RATE,
  LOCAL_STEPS,
  PAST_STEPS,
  publicHistory,
  roundData,
  SERVER_STEP,
} from './learning.ts';
import { loadMnist } from './mnist.ts';
import { dealShards, PARTIES, type Party, VALIDATION_EXAMPLES } from './parties.ts';
import { closedFormShapley, shapleyByDefinition, spearman } from './shapley.ts';
import { type Examples, evaluate, PARAMETERS } from './softmax.ts';

/** The draw of the data that the demo uses. */
export const DEMO_SEED = 'tacit demo';
export const RETRAINING_STEPS = 5;
const COALITIONS = 1 << PARTIES.length;
const FILE = new URL('./data/retrained.json', import.meta.url);

interface Share {
  readonly seed: string;
  readonly first: number;
  readonly stride: number;
}

const cached = z.strictObject({
  command: z.string(),
  fingerprint: z.string(),
  /** Value of each coalition; bit i of the index says whether party i takes part. */
  values: z.array(z.number()).length(COALITIONS),
});

/** A hash of all that the values depend on, apart from the code: seed, set-up, shards and labels. */
export function fingerprint(seed: string, parties: readonly Party[]): string {
  const settings = JSON.stringify({
    seed,
    PARTIES,
    VALIDATION_EXAMPLES,
    LOCAL_STEPS,
    LOCAL_RATE,
    SERVER_STEP,
    PAST_STEPS,
    RETRAINING_STEPS,
  });
  const data = parties.flatMap(({ indices, shard }) => [new Uint8Array(indices.slice().buffer), shard.labels]);
  return toHex(hash32Of('tacit/demo-retrained/1', settings, ...data));
}

/** The cached coalition values. */
export function cachedValues(): z.infer<typeof cached> {
  return cached.parse(JSON.parse(readFileSync(FILE, 'utf8')));
}

/** The cached Shapley values, one per party. Throws `demo/stale-retrained` if they belong to another set-up. */
export function retrainedShapley(seed: string, parties: readonly Party[]): number[] {
  const file = cachedValues();
  if (file.fingerprint !== fingerprint(seed, parties)) {
    throw new TacitError(
      'demo/stale-retrained',
      `the retrained values belong to another set-up: run \`${file.command}\``,
    );
  }
  return shapleyByDefinition(file.values);
}

/** What retraining with the members of `coalition` alone achieves. */
export function coalitionValue(
  parties: readonly Party[],
  validation: Examples,
  earlierAggregate: Float64Array,
  seed: string,
  coalition: number,
): number {
  const members = parties.filter((_, party) => coalition & (1 << party));
  let model: Float64Array = new Float64Array(PARAMETERS);
  for (let step = 0; step < RETRAINING_STEPS && members.length > 0; step++) {
    const updates = members.map((party) => contributionOf(party, model, earlierAggregate, seed));
    model = federatedStep(model, updates).model;
  }
  return -evaluate(model, validation).loss;
}

/** The values of coalitions `first`, `first + stride`, ... */
function shareOfValues({ seed, first, stride }: Share): { coalition: number; value: number }[] {
  const { parties, validation } = dealShards(loadMnist().train, seed);
  const { earlierAggregate } = publicHistory(parties);
  const values: { coalition: number; value: number }[] = [];
  for (let coalition = first; coalition < COALITIONS; coalition += stride) {
    values.push({ coalition, value: coalitionValue(parties, validation, earlierAggregate, seed, coalition) });
  }
  return values;
}

/** All coalition values, computed in worker threads. */
async function computeValues(seed: string): Promise<number[]> {
  const stride = availableParallelism();
  const values = Array.from({ length: COALITIONS }, () => Number.NaN);
  await Promise.all(
    Array.from({ length: stride }, (_, first) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: { tacitRetrain: { seed, first, stride } } });
      return new Promise<void>((resolve, reject) => {
        worker.once('error', reject);
        worker.once('message', (found: { coalition: number; value: number }[]) => {
          for (const { coalition, value } of found) values[coalition] = value;
          resolve();
        });
      });
    }),
  );
  return values;
}

function rankCorrelation(seed: string, values: readonly number[]): number {
  const { parties, validation } = dealShards(loadMnist().train, seed);
  const { updates, direction } = roundData(parties, validation, seed);
  return spearman(closedFormShapley(updates, direction).map(Number), shapleyByDefinition(values));
}

async function main(): Promise<void> {
  const { values: flags } = parseArgs({ options: { check: { type: 'boolean' }, draws: { type: 'string' } } });
  if (flags.draws !== undefined) {
    for (let draw = 1; draw <= Number(flags.draws); draw++) {
      const seed = `${DEMO_SEED} ${draw}`;
      console.log(`${seed}: Spearman ${rankCorrelation(seed, await computeValues(seed)).toFixed(3)}`);
    }
    return;
  }
  const values = await computeValues(DEMO_SEED);
  const { parties } = dealShards(loadMnist().train, DEMO_SEED);
  const file = { command: 'node client/demo/retrained.ts', fingerprint: fingerprint(DEMO_SEED, parties), values };
  const shapley = shapleyByDefinition(values);
  parties.forEach(({ name, kind }, i) => console.log(`${name.padEnd(6)} ${kind.padEnd(12)} ${shapley[i]?.toFixed(4)}`));
  console.log(`Spearman with the closed form: ${rankCorrelation(DEMO_SEED, values).toFixed(3)}`);
  if (flags.check) {
    const kept = cachedValues();
    const same = kept.fingerprint === file.fingerprint && kept.values.every((value, i) => value === values[i]);
    console.log(same ? 'the file holds exactly these values' : 'the file DIFFERS');
    if (!same) process.exitCode = 1;
    return;
  }
  writeFileSync(FILE, `${JSON.stringify(file, null, 1)}\n`);
}

const task = workerData as { readonly tacitRetrain?: Share } | null;
if (!isMainThread && task?.tacitRetrain) {
  parentPort?.postMessage(shareOfValues(task.tacitRetrain), []);
} else if (isMainThread && import.meta.main) {
  await main();
}
