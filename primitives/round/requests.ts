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
import { PARTS_AT_ONCE } from './limits.ts';
import { openedValues, type RoundRule, type SumRule } from './rule.ts';

/** Who posts the key sum of which subsets when `silent` members are passed over (at most f). */
export function keyingAssignment(params: FheParams, silent: readonly number[]): number[] {
  return keyAssignment(params, new Set(silent));
}

/** Members that post a key sum, ascending. */
export function keyingPosters(params: FheParams, silent: readonly number[]): number[] {
  return keyPosters(keyingAssignment(params, silent));
}

type Parts = Pick<RoundRule, 'parts'>;

/** In how many requests `U` is opened. They are numbered from 0, by the `attempt` of request and posts. */
export function aggregateRequests({ parts }: Parts): number {
  return Math.ceil(parts.length / PARTS_AT_ONCE);
}

/** Whether a request for `U` is the last: it opens the points of all counts as well. */
export function isLastRequest(rule: Parts, number: number): boolean {
  return number === aggregateRequests(rule) - 1;
}

/** The update parts that a request for `U` opens, in their order. */
export function partsOfRequest({ parts }: Parts, number: number): number[] {
  const from = number * PARTS_AT_ONCE;
  return [...parts.keys()].slice(from, from + PARTS_AT_ONCE);
}

/** Coefficients of `U` that a request opens. */
export function aggregateSlots(rule: Parts, number: number): number {
  return partsOfRequest(rule, number).reduce((sum, part) => sum + at(rule.parts, part), 0);
}

/** What of a round's checks decides the requests for `U`. */
export interface CountedSums {
  /** Items in the sums. */
  readonly accepted: number;
  /** `countsNorm` of the round's counts, 0 if there are none. */
  readonly countsNorm: bigint;
}

/**
 * One request for `U`: every value of some update parts, of the sums over the accepted items; in the last also the points of all counts, if any counts are worth points. Each
 * coefficient is in one request and no other.
 * @param ciphertexts hashes of the sum of each of its parts, then of the counts
 */
export function aggregateRequest(
  context: RoundContext,
  rule: Parts,
  number: number,
  { accepted, countsNorm }: CountedSums,
  ciphertexts: readonly Uint8Array[],
): OpeningRequest {
  const slots = partsOfRequest(rule, number).map((part, source) => {
    return { source, from: 0, count: at(rule.parts, part), scale: 1n, weightNorm: BigInt(accepted) };
  });
  if (countsNorm > 0n && isLastRequest(rule, number))
    slots.push({ source: slots.length, from: 0, count: 1, scale: 1n, weightNorm: countsNorm });
  return { context, step: 'aggregate', attempt: number, sources: ciphertexts, slots };
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

const HASH_BYTES = 32;
/** What a post has besides its shares: call, signature, hashes of four sums. */
const POST_BYTES = 320;

/** Bytes of one member's posts for `U`; what the first has besides its shares is among what is small. */
function aggregatePostsBytes({ dataPrimes }: FheParams, rule: Parts): number {
  const numbers = Array.from({ length: aggregateRequests(rule) }, (_, number) => number);
  const shares = numbers.reduce((sum, number) => sum + residueBytes(dataPrimes, aggregateSlots(rule, number)), 0);
  return shares + POST_BYTES * Math.max(0, numbers.length - 1);
}

/** Bytes of all posts of a round in which every member posts once in each step and for each request but in CheckEach: what the chain carries for it free of charge. */
export function postsBytes(params: FheParams, rule: Pick<RoundRule, 'parts' | 'maxItems'>, sum?: SumRule): number {
  const { dataPrimes, n } = params;
  const sums = keyPolyBytes(params) * keyPosters(keyAssignment(params, new Set())).length;
  // Keys, secrets and the shares of single values are small beside the vectors. A payout is a hash and a share of each item.
  const small = 8_192;
  const payouts = HASH_BYTES * rule.maxItems + residueBytes(dataPrimes, rule.maxItems);
  const summed = residueBytes(dataPrimes, sum ? openedValues(sum) : 0);
  return sums + n * (payouts + aggregatePostsBytes(params, rule) + summed + small);
}
