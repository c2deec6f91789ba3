/** What the demo round is made of: data, rule, and the plain values that the encrypted ones must equal. */
import { randomBytes } from 'node:crypto';
import { toHex } from '../../primitives/crypto/hex.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { SALT_BYTES } from '../../primitives/round/commitments.ts';
import { ROUND_TEMPLATES, type RoundPlan } from '../sdk/plan.ts';
import { partLengths } from '../sdk/quantise.ts';
import { roundData, UPDATE_NORM_SQ } from './learning.ts';
import { loadMnist } from './mnist.ts';
import { dealShards, PARTIES } from './parties.ts';
import { retrainedShapley } from './retrained.ts';
import { closedFormShapley, spearman, sumOfUpdates } from './shapley.ts';
import { PARAMETERS } from './softmax.ts';
import { countUses, TEST_IMAGES } from './usage.ts';

const TAC = 1_000_000n;

/** What the model's user has paid: 10 TAC for each of the 500 uses. */
export const POOL: bigint = BigInt(TEST_IMAGES) * 10n * TAC;
/**
 * The stake must carry the lowest score that the rate of this pool could meet: `rate <= pool / T` is about 40 units per point, no score is below
 * -4.8e7 (Cauchy-Schwarz for eight parties), so 2,000 TAC always suffice and the pool, not the stake, decides the rate.
 */
export const STAKE: bigint = 2_000n * TAC;
/** Stake, deposit of a submission, and fees. */
export const PARTY_FUNDS: bigint = STAKE + 200n * TAC;
/** One use weighs as much as about a fifth of a per mille of an ideal update's score: usage makes up a sixth of the total. */
export const USE_POINTS = 40_000n;
export const GAMMA = 1n;

export interface Setting {
  /** `n^2 * phi_i` on plain updates. */
  readonly shapley: readonly bigint[];
  readonly uses: readonly number[];
  readonly direction: readonly Int8Array[];
  /** `U`, part by part. */
  readonly aggregate: readonly Int32Array[];
  /** Hash of the model's weights before the round. */
  readonly fingerprint: Uint8Array;
  readonly spearmanRetrained: number;
}

/** Deals the data, trains, and computes everything in the plain: about a second. */
export function prepareSetting(seed: string): Setting {
  const { train, test } = loadMnist();
  const { parties, validation } = dealShards(train, seed);
  const { updates, direction, model } = roundData(parties, validation, seed);
  const shapley = closedFormShapley(updates, direction);
  return {
    shapley,
    direction,
    uses: countUses(train, test, parties),
    aggregate: sumOfUpdates(updates),
    fingerprint: hash32Of('tacit/demo-model/1', new Uint8Array(model.buffer)),
    spearmanRetrained: spearman(shapley.map(Number), retrainedShapley(seed, parties)),
  };
}

/** The rule of the demo round. */
export function planOf(setting: Setting, reporter: Uint8Array): RoundPlan {
  return {
    // Its eight parties are dealt their data, and nothing was opened before.
    ...ROUND_TEMPLATES.known,
    parts: partLengths(PARAMETERS),
    normSq: BigInt(UPDATE_NORM_SQ),
    reporters: [{ account: reporter, total: BigInt(TEST_IMAGES), points: USE_POINTS }],
    gamma: GAMMA,
    tMin: 1_000_000n,
    pool: POOL,
    stake: STAKE,
    kMin: PARTIES.length,
    maxItems: PARTIES.length,
    openBlocks: 10,
    // on a slow machine the parties need longer than ten blocks; the round closes when all of them are there
    maxExtensions: 10,
    salt: new Uint8Array(randomBytes(SALT_BYTES)),
    direction: setting.direction,
  };
}

/** A name of the architecture, for the registry. */
export const ARCHITECTURE: string = toHex(hash32Of('tacit/demo-architecture/1', 'softmax regression 784x10'));
