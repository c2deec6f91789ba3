/**
 * Train the model of open-round.ts on images that none of its parties has, and write the update:
 *
 *     npx tacit run client/examples/train.ts UPDATE-FILE
 *
 * The update is what changes in the 7,850 weights, as little-endian float64 values. It stays on this machine; contribute.ts encrypts it.
 */
import { writeFileSync } from 'node:fs';
import { publicHistory, trainedUpdate } from '../demo/learning.ts';
import { loadMnist } from '../demo/mnist.ts';
import { dealShards } from '../demo/parties.ts';
import { DEMO_SEED } from '../demo/retrained.ts';
import { evaluate, examplesOf } from '../demo/softmax.ts';
import { orExplain } from './explain.ts';

/** Images of MNIST's test set, which the parties do not train on. */
const FIRST = 5000;
const IMAGES = 400;

await orExplain('train.ts UPDATE-FILE', (path: string) => {
  const { train, test } = loadMnist();
  const { model } = publicHistory(dealShards(train, DEMO_SEED).parties); // the weights everybody knows
  const mine = examplesOf(
    test,
    Uint32Array.from({ length: IMAGES }, (_, i) => FIRST + i),
  );
  const update = trainedUpdate(model, mine);
  writeFileSync(path, new Uint8Array(update.buffer));
  const after = model.map((weight, j) => weight + (update[j] as number));
  const percent = (weights: Float64Array) => `${(100 * evaluate(weights, mine).accuracy).toFixed(1)} %`;
  console.log(
    `${path}: ${update.length} values; right on my ${IMAGES} images: ${percent(model)} before, ${percent(after)} after`,
  );
});
