/**
 * Shapes of the share vectors that members post, and the requests they answer: the same functions for the runtime and for the committee's worker.
 */
import { at } from '../at.ts';
import type { FheParams, RoundContext } from '../fhe/params.ts';
import { keyAssignment, keyPosters } from '../fhe/keys.ts';
import type { OpeningRequest } from '../fhe/types.ts';
import { keyPolyBytes, residueBytes } from '../fhe/wire.ts';
import { CHECK_VALUES } from '../linear/functionals.ts';
import { CUBIC } from '../linear/field.ts';
import { openedValues, type RoundRule, type SumRule } from './rule.ts';

/** Who posts the key sum of which subsets when `silent` members are passed over (at most f). */
export function keyingAssignment(params: FheParams, silent: readonly number[]): number[] {
  return keyAssignment(params, new Set(silent));
}

/** Members that post a key sum, ascending. */
export function keyingPosters(params: FheParams, silent: readonly number[]): number[] {
  return keyPosters(keyingAssignment(params, silent));
}

/** Coefficients of `U`. */
export function aggregateSlots(rule: Pick<RoundRule, 'parts'>): number {
  return rule.parts.reduce((sum, values) => sum + values, 0);
}

/**
 * `U`: every value of every update part, of the sums over the accepted items; then the points of all counts, if any counts are worth points.
 * @param ciphertexts hashes of the sum of each part, then of the counts
 * @param accepted items in the sums
 * @param countsNorm `countsNorm` of the round's counts, 0 if there are none
 */
export function aggregateRequest(
  context: RoundContext,
  rule: Pick<RoundRule, 'parts'>,
  { accepted, countsNorm }: { readonly accepted: number; readonly countsNorm: bigint },
  ciphertexts: readonly Uint8Array[],
): OpeningRequest {
  const slots = rule.parts.map((count, source) => {
    return { source, from: 0, count, scale: 1n, weightNorm: BigInt(accepted) };
  });
  if (countsNorm > 0n) slots.push({ source: slots.length, from: 0, count: 1, scale: 1n, weightNorm: countsNorm });
  return { context, step: 'aggregate', attempt: 0, sources: ciphertexts, slots };
}

/** What a round without payout opens of the sum of its accepted vectors. @param accepted vectors in the sum */
export function sumRequest(
  context: RoundContext,
  rule: Pick<SumRule, 'values' | 'bounds'>,
  accepted: number,
  ciphertext: Uint8Array,
): OpeningRequest {
  const slots = [{ source: 0, from: 0, count: openedValues(rule), scale: 1n, weightNorm: BigInt(accepted) }];
  return { context, step: 'sum', attempt: 0, sources: [ciphertext], slots };
}

/** An item's mask in its payout: `enrolmentId` and the public part of the mask. */
export interface PayoutMask {
  readonly id: Uint8Array;
  readonly delta: bigint;
}

/** `z_i = grains*stake + rate*score_i + m_i` of every accepted item; its public points are a constant, as the stake is. */
export function payoutRequest(
  context: RoundContext,
  terms: {
    readonly scores: readonly Uint8Array[];
    readonly rate: bigint;
    readonly grains: bigint;
    readonly stake: bigint;
    /** Public points of each accepted item. */
    readonly points: readonly bigint[];
    readonly weightNorm: bigint;
  },
  masks: readonly PayoutMask[],
): OpeningRequest {
  const { scores, rate, grains, stake, points, weightNorm } = terms;
  const slots = masks.map(({ id, delta }, source) => ({
    source,
    from: 0,
    count: 1,
    scale: rate,
    weightNorm: atLeastOne(weightNorm * rate),
    constant: grains * stake + rate * at(points, source) + delta,
    masks: [id],
  }));
  return { context, step: 'payout', attempt: 0, sources: scores, slots };
}

function atLeastOne(value: bigint): bigint {
  return value < 1n ? 1n : value;
}

/** Per-payload residues `[prime][k]` put side by side as `[prime][payload][k]`: how CheckEach posts them. */
export function joinResidues(params: FheParams, payloads: readonly BigUint64Array[]): BigUint64Array {
  const primes = params.dataPrimes.length;
  const out = new BigUint64Array(primes * payloads.length * CHECK_VALUES);
  payloads.forEach((values, payload) => {
    for (let prime = 0; prime < primes; prime++) {
      const row = values.subarray(prime * CHECK_VALUES, (prime + 1) * CHECK_VALUES);
      out.set(row, (prime * payloads.length + payload) * CHECK_VALUES);
    }
  });
  return out;
}

/** The residues of one payload out of {@link joinResidues}. */
export function residuesOf(params: FheParams, joined: BigUint64Array, payloads: number, payload: number): bigint[] {
  return params.dataPrimes.flatMap((_, prime) => {
    const from = (prime * payloads + payload) * CHECK_VALUES;
    return [...joined.subarray(from, from + CHECK_VALUES)];
  });
}

/** The element of K of one payload, three words, out of those that CheckEach posts one after the other. */
export function elementOf(words: BigUint64Array, payload: number): bigint[] {
  return [...words.subarray(CUBIC * payload, CUBIC * (payload + 1))];
}

/** Bytes of all posts of a round in which every member posts once in each step but CheckEach: what the chain carries for it free of charge. */
export function postsBytes(params: FheParams, rule: Pick<RoundRule, 'parts'>, sum?: SumRule): number {
  const { dataPrimes, n } = params;
  const sums = keyPolyBytes(params) * keyPosters(keyAssignment(params, new Set())).length;
  // Keys, secrets, hashes and the shares of single values are small beside the vectors.
  const small = 8_192;
  return sums + n * (residueBytes(dataPrimes, aggregateSlots(rule) + (sum ? openedValues(sum) : 0)) + small);
}
