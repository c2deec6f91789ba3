/**
 * The homomorphic side of a round (specification §6, §7, §9.3): which ciphertexts are summed with which weights. SEAL
 * computes; the hashes of what comes out are agreed on chain and recomputed by the audit.
 */
import { at } from '../../primitives/at.ts';
import { LANES } from '../../primitives/proofs/lane.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { TacitError } from '../../primitives/errors.ts';
import { type FheParams, fheParams } from '../../primitives/fhe/params.ts';
import type { WeightedTerm } from '../../primitives/fhe/evaluate.ts';
import type { Ciphertext } from '../../primitives/fhe/types.ts';
import { ciphertextHash } from '../../primitives/fhe/wire.ts';
import { ciphertextOf, type OpenedSubmission } from '../../primitives/linear/member.ts';
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

type Opened = readonly (OpenedSubmission | undefined)[];

/** The ciphertext of an accepted item's update part. */
function updateOf(info: RoundInfo, opened: Opened, itemIndex: number, part: number): Ciphertext {
  const account = info.items[itemIndex]?.account;
  const index = info.submissions.findIndex(
    (known) =>
      account !== undefined && known.lane === LANES.update && known.part === part && sameBytes(known.account, account),
  );
  const submission = opened[index];
  if (submission === undefined) {
    throw new TacitError('tally/no-update', `accepted item ${itemIndex} has no well-formed part ${part}`);
  }
  return ciphertextOf(submission);
}

/** Ciphertexts of a lane's accepted submissions, in the order of their submission. */
function acceptedOf(info: RoundInfo, opened: Opened, wanted: number): Ciphertext[] {
  return info.submissions.flatMap(({ lane, verdict }, index) => {
    const submission = opened[index];
    const counts = lane === wanted && verdict === VERDICT.accepted && submission !== undefined;
    return counts ? [ciphertextOf(submission)] : [];
  });
}

export interface EvaluatedAggregate {
  /** Per update part the sum over the accepted items, then the points of all counts if any are worth points. */
  readonly sums: Evaluated[];
  /** Weight norm of the points of all counts, 0 if there are none. */
  readonly countsNorm: bigint;
}

/** `U` encrypted, and what the counts are worth in coefficient 0 of a ciphertext of its own. */
export function evaluateAggregate(evaluator: Evaluator, info: RoundInfo, opened: Opened): EvaluatedAggregate {
  const { rule, accepted, paramsId } = info.round;
  const params = fheParams(paramsId);
  const sums = rule.parts.map((_, part) =>
    hashed(params, evaluator.sum(accepted.map((item) => updateOf(info, opened, item, part)))),
  );
  const counts = evaluateCounts(evaluator, info, opened);
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
export function evaluateSum(evaluator: Evaluator, info: RoundInfo, opened: Opened): EvaluatedSum {
  const { sum: rule, round, paramsId } = info.round;
  if (rule === undefined) throw new TacitError('tally/no-sum', `round ${round} sums no vectors`);
  const vectors = acceptedOf(info, opened, rule.lane);
  return { rule, accepted: vectors.length, total: hashed(fheParams(paramsId), evaluator.sum(vectors)) };
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

export interface EvaluatedScores {
  readonly bounds: ScoreBounds;
  /** `D_i` per accepted item. */
  readonly scores: Evaluated[];
}

/** Public points and factors of the accepted items of a round, in their order. */
export function publicTermsOf({ round, items }: RoundInfo): PublicTerms {
  return publicTerms(
    round.rule,
    round.accepted.map((index) => at(items, index)),
  );
}

/** All accepted counts, each times its points, in one ciphertext; undefined if nothing was counted that is worth a point. */
function evaluateCounts(evaluator: Evaluator, info: RoundInfo, opened: Opened): Ciphertext | undefined {
  const { rule, paramsId } = info.round;
  const { degree } = fheParams(paramsId);
  const points = acceptedCounts(rule, info.submissions);
  const terms = acceptedOf(info, opened, LANES.usage).map((ciphertext, report) => ({
    ciphertext,
    weights: coefficientPolynomial(0, at(points, report), degree),
  }));
  return points.some((one) => one > 0n) ? evaluator.weightedSum(terms) : undefined;
}

/** The encrypted scores: coefficient 0 of `D_i` is what of item `i`'s score is not public. */
export function evaluateScores(evaluator: Evaluator, info: RoundInfo, opened: Opened): EvaluatedScores {
  const { rule, accepted, paramsId } = info.round;
  const params = fheParams(paramsId);
  const terms = publicTermsOf(info);
  const weights = scoreWeights(info);
  const polynomials = weights.map((part) => functionalPolynomial(part, rule.gamma, params.degree));
  const counts = evaluateCounts(evaluator, info, opened);
  const scores = accepted.map((item, place) => {
    const summands: WeightedTerm[] = polynomials.map((polynomial, part) => ({
      ciphertext: updateOf(info, opened, item, part),
      weights: polynomial,
    }));
    if (counts !== undefined) {
      const factor = BigInt(at(terms.factors, place));
      summands.push({ ciphertext: counts, weights: coefficientPolynomial(item, factor, params.degree) });
    }
    return hashed(params, evaluator.weightedSum(summands));
  });
  return { bounds: scoreBounds(rule, weights, acceptedCounts(rule, info.submissions), terms), scores };
}
