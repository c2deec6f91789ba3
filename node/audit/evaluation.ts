/** Check 10: the homomorphic evaluations, recomputed by SEAL from the submissions in the bodies, and sampled with the project's own kernel (§6, §9). */
import { at } from '../../primitives/at.ts';
import { weightedSum } from '../../primitives/fhe/evaluate.ts';
import type { FheParams } from '../../primitives/fhe/params.ts';
import type { Ciphertext } from '../../primitives/fhe/types.ts';
import { ciphertextOf } from '../../primitives/linear/member.ts';
import { ciphertextHash } from '../../primitives/fhe/wire.ts';
import { partsOfRequest } from '../../primitives/round/index.ts';
import {
  type Ciphertexts,
  type Evaluator,
  evaluateAggregate,
  evaluateScores,
  evaluateSum,
} from '../evaluation/evaluate.ts';
import { CHECK, type CheckBook } from './book.ts';
import type { AggregateOutcome, PayoutOutcome } from './openings.ts';
import type { RoundFile, RoundScene } from './scene.ts';
import type { SumOutcome } from './sums.ts';

const ONE = Int32Array.of(1);

/** SEAL's evaluator; one sum and one weighted sum, chosen by `pick`, are computed by our kernel as well. */
function sampled(params: FheParams, seal: Evaluator, pick: number, book: CheckBook): Evaluator {
  const calls = { sum: 0, weightedSum: 0 };
  const compare = (name: keyof typeof calls, result: Ciphertext, again: () => Ciphertext): Ciphertext => {
    if (calls[name]++ === pick) {
      const [bySeal, byKernel] = [result, again()].map((ciphertext) => ciphertextHash(params, ciphertext));
      book.same(CHECK.evaluation, `${name} ${pick} by SEAL against our own kernel`, byKernel, bySeal);
    }
    return result;
  };
  return {
    sum: (terms) =>
      compare('sum', seal.sum(terms), () =>
        weightedSum(
          params,
          terms.map((ciphertext) => ({ ciphertext, weights: ONE })),
        ),
      ),
    weightedSum: (terms) => compare('weightedSum', seal.weightedSum(terms), () => weightedSum(params, terms)),
  };
}

const ciphertextsOf =
  ({ opened }: RoundFile): Ciphertexts =>
  (submission) => {
    const found = opened[submission];
    return found && ciphertextOf(found);
  };

export function compareAggregates(scene: RoundScene, seal: Evaluator, { number, ciphertexts }: AggregateOutcome): void {
  const { book, params, info, file, block } = scene;
  const parts = partsOfRequest(info.round.rule, number);
  const evaluator = sampled(params, seal, at(block.hash, 0) % parts.length, book);
  const { sums } = evaluateAggregate(evaluator, info, number, ciphertextsOf(file));
  sums.forEach(({ hash }, place) => {
    const part = parts[place];
    const what = part === undefined ? 'ciphertext of the counts' : `summed ciphertext of part ${part}`;
    book.same(CHECK.evaluation, what, hash, ciphertexts[place]);
  });
}

export function compareScores(scene: RoundScene, seal: Evaluator, { scores }: PayoutOutcome): void {
  const { book, params, info, partOf, file, block } = scene;
  const evaluator = sampled(params, seal, at(block.hash, 1) % info.round.accepted.length, book);
  const evaluated = evaluateScores(evaluator, info, partOf, ciphertextsOf(file), ({ hash }) => hash);
  evaluated.scores.forEach((hash, i) => {
    book.same(CHECK.evaluation, `score ciphertext of item ${info.round.accepted[i]}`, hash, scores[i]);
  });
  book.same(CHECK.evaluation, 'number of scores', evaluated.scores.length, scores.length);
}

export function compareSums(
  { book, params, info, file }: RoundScene,
  seal: Evaluator,
  { ciphertext }: SumOutcome,
): void {
  const { total } = evaluateSum(sampled(params, seal, 0, book), info, ciphertextsOf(file));
  book.same(CHECK.evaluation, 'ciphertext of the sum', total.hash, ciphertext);
}
