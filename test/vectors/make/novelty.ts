/** What of a round's weights is new, and whose items count (§9.6). */
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { countHolders, countingItems } from '../../../primitives/round/holders.ts';
import { noveltyWeights } from '../../../primitives/round/novelty.ts';
import { bad, type Case, good, randomOf, type Vectors } from './cases.ts';

const random = randomOf('novelty');
const signed = (count: number): number[] => Array.from(random(count), (byte) => byte - 128);
const times = (vector: readonly number[], by: number): number[] => vector.map((value) => value * by);
const plus = (...vectors: readonly (readonly number[])[]): number[] =>
  vectors[0]!.map((_, j) => vectors.reduce((sum, vector) => sum + vector[j]!, 0));

type Given = readonly [weights: readonly number[], past: readonly (readonly number[])[], discount: number];
const run = ([weights, past, discount]: Given): Int32Array =>
  noveltyWeights(
    Int32Array.from(weights),
    past.map((one) => Int32Array.from(one)),
    discount,
  );

function projections(): Case[] {
  const [v, a, b, c, d] = [signed(12), signed(12), signed(12), signed(12), signed(12)];
  const zero = times(v, 0);
  const along = plus(times(a, 3), times(b, -2));
  const kinds: Readonly<Record<string, Given>> = {
    'no discount': [v, [a], 0],
    'no past': [v, [], 75],
    'one round, three quarters': [v, [a], 75],
    'one round, all of it': [v, [a], 100],
    'four rounds': [v, [a, b, c, d], 50],
    'what the past is multiplied by does not matter': [v, [times(a, 7), times(b, -3)], 50],
    'a past of zero counts for nothing': [v, [zero, a, zero], 75],
    'only zero': [v, [zero], 100],
    'the same round twice': [v, [a, a], 60],
    'a combination of those before it': [v, [a, b, plus(a, b)], 60],
    'weights within the past': [along, [a, b], 100],
    'weights within the past, in part': [along, [a, b], 33],
    'halves go up': [[1, -1, 3, -3], [[1, -1, 3, -3]], 50],
    'the largest coordinates': [times([1, -1, 1], 2 ** 25), [[2 ** 25, 1, 0]], 50],
  };
  const given = ([weights, past, discount]: Given) => ({ weights, past, discount });
  const refused: Readonly<Record<string, Given>> = {
    'a discount of 101': [v, [a], 101],
    'a discount below zero': [v, [a], -1],
    'half a hundredth': [v, [a], 0.5],
    'five rounds': [v, [a, b, c, d, a], 50],
    'another length': [v, [a.slice(1)], 50],
    'a coordinate above 2^25': [v, [plus(times(a, 0), [2 ** 25 + 1, ...times(a, 0).slice(1)])], 50],
  };
  return [
    ...Object.entries(kinds).map(([name, kind]) => good('noveltyWeights', name, given(kind), [...run(kind)])),
    ...Object.entries(refused).map(([name, kind]) => bad('noveltyWeights', name, given(kind), () => run(kind))),
  ];
}

function items(): Case[] {
  const name = (holder: number): Uint8Array => hash32Of('tacit/vectors/1', holder);
  const kinds: Readonly<Record<string, readonly [holders: boolean, of: readonly number[], passed: readonly number[]]>> =
    {
      'each its own': [true, [1, 2, 3, 4], [0, 1, 3]],
      'three of one holder': [true, [1, 2, 1, 1, 3], [0, 1, 2, 3, 4]],
      'the first of a holder did not pass': [true, [1, 2, 1, 1, 3], [1, 2, 3]],
      'all of one holder': [true, [7, 7, 7], [0, 1, 2]],
      'holders do not count': [false, [1, 1, 2], [0, 1, 2]],
      nobody: [true, [], []],
    };
  return Object.entries(kinds).map(([label, [holders, of, passed]]) => {
    const named = of.map(name);
    const counting = countingItems({ holders }, passed, (item) => named[item]!);
    return good('countingItems', label, { holders, of: named, passed }, { counting, holders: countHolders(named) });
  });
}

export function noveltyVectors(): Vectors {
  return { spec: ['§9.6'], cases: [...projections(), ...items()] };
}
