/** Between vectors of words and the big integers of the model. */
import * as fc from 'fast-check';
import { PLAIN_MODULUS as t } from '../../../../primitives/fhe/params.ts';
import type { LinearShape } from '../../../../primitives/linear/shape.ts';
import { type K, Model } from './model.ts';

/** The field of linear proofs. */
export const real = new Model({ p: t, degree: 3, root: 3n, base: 16n });

export const elementsOf = (words: BigUint64Array): K[] =>
  Array.from({ length: words.length / 3 }, (_, i) => Array.from(words.subarray(3 * i, 3 * i + 3)));
export const elementOf = (words: BigUint64Array): K => Array.from(words);
export const wordsOf = (elements: readonly K[]): BigUint64Array => BigUint64Array.from(elements.flat());

/** Rows of digits with zeros behind the last one, then the three rows of masks. */
export function tableOf(shape: LinearShape, digits: ArrayLike<number | bigint>, masks: BigUint64Array): bigint[][] {
  const { rows, wires } = shape;
  const cell = (row: number, wire: number): bigint =>
    row < rows ? BigInt(digits[row * wires + wire] ?? 0) : (masks[(row - rows) * wires + wire] as bigint);
  return Array.from({ length: rows + 3 }, (_, row) => Array.from({ length: wires }, (__, wire) => cell(row, wire)));
}

/** Elements of F_t, the edges of the reductions among them. */
export const word = fc.oneof(
  fc.bigInt(0n, t - 1n),
  fc.constantFrom(0n, 1n, 15n, 16n, t - 1n, t - 15n, t - 2n, 1n << 49n, (1n << 25n) - 1n, 1n << 25n, (1n << 50n) - 28n),
);
export const element = fc.tuple(word, word, word);
/** Elements outside of F_t. */
export const point = element.filter(([, b, c]) => b !== 0n || c !== 0n);
