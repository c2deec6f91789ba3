/**
 * The homomorphic side of a round (specification §6, §7, §9.3): which ciphertexts are summed with which weights. SEAL
 * computes; the hashes of what comes out are agreed on chain and recomputed by the audit.
 */
import { at, present } from '../../primitives/at.ts';
import { LANES } from '../../primitives/proofs/lane.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { TacitError } from '../../primitives/errors.ts';
import { type FheParams, fheParams } from '../../primitives/fhe/params.ts';
import type { WeightedTerm } from '../../primitives/fhe/evaluate.ts';
import type { Ciphertext } from '../../primitives/fhe/types.ts';
import { ciphertextHash } from '../../primitives/fhe/wire.ts';
import {
  acceptedCounts,
  aggregateOfParts,
  coefficientPolynomial,
  countsNorm,
  countsPolynomial,
  functionalPolynomial,
  partWeights,
  type PublicTerms,
  publicTerms,
  type ScoreBounds,
  scoreBounds,
  signedBytes,
  VERDICT,
} from '../../primitives/round/index.ts';
import type { RoundInfo } from './payloads.ts';

/** What of SEAL is needed here. */
export interface Evaluator {
  sum(ciphertexts: readonly Ciphertext[]): Ciphertext;
  weightedSum(terms: readonly WeightedTerm[]): Ciphertext;
}

/** A ciphertext with the hash by which the chain knows it. */
export interface Evaluated {
  readonly ciphertext: Ciphertext;
  readonly hash: Uint8Array;
}

function hashed(params: FheParams, ciphertext: Ciphertext): Evaluated {
  return { ciphertext, hash: ciphertextHash(params, ciphertext) };
}

/** Where the ciphertexts of a round's submissions are found, by their numbers; undefined of one that is malformed. None is held longer than its turn. */
export type Ciphertexts = (submission: number) => Ciphertext | undefined;

/** The ciphertexts of accepted items' update parts. */
function updatesOf(
  { items, submissions }: RoundInfo,
  ciphertexts: Ciphertexts,
): (item: number, part: number) => Ciphertext {
  const places = new Map<string, number>();
  submissions.forEach(({ lane, account, part }, index) => {
    if (lane === LANES.update) places.set(`${toHex(account)}/${part}`, index);
  });
  return (item, part) => {
    const account = items[item]?.account;
    const index = account && places.get(`${toHex(account)}/${part}`);
    const found = index === undefined ? undefined : ciphertexts(index);
    if (found === undefined) {
      throw new TacitError('tally/no-update', `accepted item ${item} has no well-formed part ${part}`);
    }
    return found;
  };
}

/** Numbers of a lane's accepted submissions, in the order of their submission. */
function acceptedOf({ submissions }: RoundInfo, wanted: number): number[] {
  return submissions.flatMap(({ lane, verdict }, index) =>
    lane === wanted && verdict === VERDICT.accepted ? [index] : [],
  );
}

function wellFormed(ciphertexts: Ciphertexts, submission: number): Ciphertext {
  return present(ciphertexts(submission), `the ciphertext of submission ${submission}`);
}

/** Ciphertexts that are summed at once. */
const AT_ONCE = 16;

/** The sum of any number of ciphertexts, of which few are held at a time. */
function sumInTurn<T>(evaluator: Evaluator, entries: readonly T[], ciphertextOf: (entry: T) => Ciphertext): Ciphertext {
  let sum = evaluator.sum(entries.slice(0, AT_ONCE).map(ciphertextOf));
  for (let from = AT_ONCE; from < entries.length; from += AT_ONCE) {
    sum = evaluator.sum([sum, ...entries.slice(from, from + AT_ONCE).map(ciphertextOf)]);
  }
  return sum;
}

export interface EvaluatedAggregate {
  /** Per update part the sum over the accepted items, then the points of all counts if any are worth points. */
  readonly sums: Evaluated[];
  /** Weight norm of the points of all counts, 0 if there are none. */
  readonly countsNorm: bigint;
}

/** `U` encrypted, and what the counts are worth in coefficient 0 of a ciphertext of its own. */
export function evaluateAggregate(evaluator: Evaluator, info: RoundInfo, ciphertexts: Ciphertexts): EvaluatedAggregate {
  const { rule, accepted, paramsId } = info.round;
  const params = fheParams(paramsId);
  const updateOf = updatesOf(info, ciphertexts);
  const sums = rule.parts.map((_, part) =>
    hashed(
      params,
      sumInTurn(evaluator, accepted, (item) => updateOf(item, part)),
    ),
  );
  const counts = evaluateCounts(evaluator, info, ciphertexts);
  if (counts === undefined) return { sums, countsNorm: 0n };
  const terms = publicTermsOf(info);
  const weights = countsPolynomial(accepted, terms.factors, params.degree);
  const all = hashed(params, evaluator.weightedSum([{ ciphertext: counts, weights }]));
  return { sums: [...sums, all], countsNorm: countsNorm(acceptedCounts(rule, info.submissions), terms) };
}

/** What a round without payout opens, encrypted. */
export interface EvaluatedSum {
  readonly rule: NonNullable<RoundInfo['round']['sum']>;
  /** Vectors in the sum. */
  readonly accepted: number;
  readonly total: Evaluated;
}

/** The sum of all accepted vectors. Throws `tally/no-sum` if the round sums none. */
export function evaluateSum(evaluator: Evaluator, info: RoundInfo, ciphertexts: Ciphertexts): EvaluatedSum {
  const { sum: rule, round, paramsId } = info.round;
  if (rule === undefined) throw new TacitError('tally/no-sum', `round ${round} sums no vectors`);
  const vectors = acceptedOf(info, rule.lane);
  const sum = sumInTurn(evaluator, vectors, (submission) => wellFormed(ciphertexts, submission));
  return { rule, accepted: vectors.length, total: hashed(fheParams(paramsId), sum) };
}

/** `v'_p` of the round's score, once `U` and `g` stand. Throws `tally/no-direction`. */
export function scoreWeights(info: RoundInfo): Int32Array[] {
  const { rule, accepted } = info.round;
  const aggregates = info.aggregate && aggregateOfParts(rule, info.aggregate);
  const past = info.past.map((bytes) => aggregateOfParts(rule, bytes));
  return rule.parts.map((_, part) => {
    const direction = info.directions[part];
    if (aggregates === undefined || direction === undefined) {
      throw new TacitError('tally/no-direction', `round ${info.round.round} lacks its aggregate or direction`);
    }
    return partWeights(rule, accepted.length, {
      direction: signedBytes(direction.values),
      aggregate: at(aggregates, part),
      past: past.map((parts) => at(parts, part)),
    });
  });
}

export interface EvaluatedScores<T> {
  readonly bounds: ScoreBounds;
  /** What was made of the `D_i` of each accepted item. */
  readonly scores: T[];
}

/** Public points and factors of the accepted items of a round, in their order. */
export function publicTermsOf({ round, items }: RoundInfo): PublicTerms {
  return publicTerms(
    round.rule,
    round.accepted.map((index) => at(items, index)),
  );
}

/** All accepted counts, each times its points, in one ciphertext; undefined if nothing was counted that is worth a point. */
function evaluateCounts(evaluator: Evaluator, info: RoundInfo, ciphertexts: Ciphertexts): Ciphertext | undefined {
  const { rule, paramsId } = info.round;
  const { degree } = fheParams(paramsId);
  const points = acceptedCounts(rule, info.submissions);
  const terms = acceptedOf(info, LANES.usage).map((submission, report) => ({
    ciphertext: wellFormed(ciphertexts, submission),
    weights: coefficientPolynomial(0, at(points, report), degree),
  }));
  return points.some((one) => one > 0n) ? evaluator.weightedSum(terms) : undefined;
}

/**
 * The encrypted scores: coefficient 0 of `D_i` is what of item `i`'s score is not public.
 * @param each makes of every `D_i`, in its turn, what is needed of it: the ciphertexts themselves are not held
 */
export function evaluateScores<T>(
  evaluator: Evaluator,
  info: RoundInfo,
  ciphertexts: Ciphertexts,
  each: (score: Evaluated) => T,
): EvaluatedScores<T> {
  const { rule, accepted, paramsId } = info.round;
  const params = fheParams(paramsId);
  const terms = publicTermsOf(info);
  const weights = scoreWeights(info);
  const polynomials = weights.map((part) => functionalPolynomial(part, rule.gamma, params.degree));
  const counts = evaluateCounts(evaluator, info, ciphertexts);
  const updateOf = updatesOf(info, ciphertexts);
  const scores = accepted.map((item, place) => {
    const summands: WeightedTerm[] = polynomials.map((polynomial, part) => ({
      ciphertext: updateOf(item, part),
      weights: polynomial,
    }));
    if (counts !== undefined) {
      const factor = BigInt(at(terms.factors, place));
      summands.push({ ciphertext: counts, weights: coefficientPolynomial(item, factor, params.degree) });
    }
    return each(hashed(params, evaluator.weightedSum(summands)));
  });
  return { bounds: scoreBounds(rule, weights, acceptedCounts(rule, info.submissions), terms), scores };
}
