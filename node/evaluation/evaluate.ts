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
  aggregateValues,
  coefficientPolynomial,
  countsNorm,
  countsPolynomial,
  functionalPolynomial,
  isLastRequest,
  NO_PARTS,
  type OpenedPart,
  partsOfRequest,
  partWeights,
  type PublicTerms,
  publicTerms,
  type ScoreBounds,
  scoreBounds,
  type ScoredParts,
  scoredParts,
  signedBytes,
  VERDICT,
} from '../../primitives/round/index.ts';
import type { PartInfo } from '../../pallets/tally/types.ts';
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

/** The weighted sum of any number of ciphertexts, which are asked for in their turn. Arithmetic is exact: how it is put together makes no difference. */
function weighInTurn(evaluator: Evaluator, terms: readonly (() => WeightedTerm)[]): Ciphertext {
  let sum: Ciphertext | undefined;
  for (let from = 0; from < terms.length; from += AT_ONCE) {
    const some = evaluator.weightedSum(terms.slice(from, from + AT_ONCE).map((term) => term()));
    sum = sum === undefined ? some : evaluator.sum([sum, some]);
  }
  return present(sum, 'a term of the score');
}

export interface EvaluatedAggregate {
  /** The sum over the accepted items of each update part that the request opens; in the last, then the points of all counts if any are worth points. */
  readonly sums: Evaluated[];
  /** Weight norm of the points of all counts, 0 if there are none or another request opens them. */
  readonly countsNorm: bigint;
}

/** What a request for `U` opens, encrypted: some parts; in the last, what the counts are worth, in coefficient 0 of a ciphertext of its own. */
export function evaluateAggregate(
  evaluator: Evaluator,
  info: RoundInfo,
  number: number,
  ciphertexts: Ciphertexts,
): EvaluatedAggregate {
  const { rule, accepted, paramsId } = info.round;
  const params = fheParams(paramsId);
  const updateOf = updatesOf(info, ciphertexts);
  const sums = partsOfRequest(rule, number).map((part) =>
    hashed(
      params,
      sumInTurn(evaluator, accepted, (item) => updateOf(item, part)),
    ),
  );
  const counts = isLastRequest(rule, number) ? evaluateCounts(evaluator, info, ciphertexts) : undefined;
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

/** What is public of a part of a round's updates, once `U` and `g` stand; undefined before. */
export type PartSource = (part: number) => PartInfo | undefined;

/** The parts of a round, each read in its turn. Throws `tally/no-direction`. */
export function* openedParts({ round }: RoundInfo, partOf: PartSource): Generator<OpenedPart> {
  for (const part of round.rule.parts.keys()) {
    const info = partOf(part);
    if (info === undefined) {
      throw new TacitError('tally/no-direction', `round ${round.round} lacks its aggregate or direction`, { part });
    }
    const { direction, aggregate, past } = info;
    yield {
      direction: signedBytes(direction.values),
      aggregate: aggregateValues(aggregate),
      past: past.map(aggregateValues),
    };
  }
}

/** `v'_p` of the round's score as polynomials, and what all parts come to. */
function scorePolynomials(info: RoundInfo, partOf: PartSource): { polynomials: BigInt64Array[]; scored: ScoredParts } {
  const { rule, accepted, paramsId } = info.round;
  const { degree } = fheParams(paramsId);
  const polynomials: BigInt64Array[] = [];
  let scored = NO_PARTS;
  for (const part of openedParts(info, partOf)) {
    polynomials.push(functionalPolynomial(partWeights(rule, accepted.length, part), rule.gamma, degree));
    scored = scoredParts(rule, accepted.length, [part], scored);
  }
  return { polynomials, scored };
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
 * @param partOf what is public of each part
 * @param each makes of every `D_i`, in its turn, what is needed of it: the ciphertexts themselves are not held
 */
export function evaluateScores<T>(
  evaluator: Evaluator,
  info: RoundInfo,
  partOf: PartSource,
  ciphertexts: Ciphertexts,
  each: (score: Evaluated) => T,
): EvaluatedScores<T> {
  const { rule, accepted, paramsId } = info.round;
  const params = fheParams(paramsId);
  const terms = publicTermsOf(info);
  const { polynomials, scored } = scorePolynomials(info, partOf);
  const counts = evaluateCounts(evaluator, info, ciphertexts);
  const updateOf = updatesOf(info, ciphertexts);
  const scores = accepted.map((item, place) => {
    const summands = polynomials.map((weights, part) => (): WeightedTerm => {
      return { ciphertext: updateOf(item, part), weights };
    });
    if (counts !== undefined) {
      const weights = coefficientPolynomial(item, BigInt(at(terms.factors, place)), params.degree);
      summands.push(() => ({ ciphertext: counts, weights }));
    }
    return each(hashed(params, weighInTurn(evaluator, summands)));
  });
  return { bounds: scoreBounds(rule, scored, acceptedCounts(rule, info.submissions), terms), scores };
}
