/**
 * The rules that are compared, on the inner products of a round's vectors: reals, without the rounding of primitives/round/novelty.ts (less than a thousandth of the largest score;
 * test/bench/fairness.test.ts holds them together). Products of all parts are in the units of the round: an update's square is NORM_SQ.
 */
import { copyWeight, holderCounts, likenessCounts } from './copies.ts';
import type { RoundGram } from './rounds.ts';

/** Who contributes: a row of the round's updates, with independent noise in place of a part of it. */
export interface Item {
  readonly row: number;
  /** Length of what is left of the row, 0 to 1; the rest is noise at right angles to everything. */
  readonly clear: number;
  /** Whose data it was made from; the items of one person name one. */
  readonly holder: string;
}

type Matrix = readonly (readonly number[])[];

/** A round with these items in place of its parties. */
export function crowd(round: RoundGram, items: readonly Item[]): RoundGram {
  const rest = (round.parts[0]?.length ?? 0) - round.parties;
  const rows = [...items, ...Array.from({ length: rest }, (_, k) => ({ row: round.parties + k, clear: 1 }))];
  const parts = round.parts.map((matrix) =>
    rows.map((left, i) =>
      rows.map((right, j) => (i === j ? 1 : left.clear * right.clear) * (matrix[left.row]?.[right.row] as number)),
    ),
  );
  return { parties: items.length, parts };
}

/** What a linear rule gives an item: `own * <u, g> - all * <u, U> + flat`, in every part. */
interface Linear {
  readonly own: number;
  readonly all: number;
  readonly flat: number;
}

/** Public numbers of a part that the constants may depend on. */
interface Sums {
  readonly n: number;
  /** `<U, g>`, `|U|^2`, and the square of one update. */
  readonly toDirection: number;
  readonly square: number;
  readonly one: number;
}

/** Today's: the Shapley value of `2<u_S/n, g> - |u_S/n|^2`, times `n^2`. */
const shapley = ({ n }: Sums): Linear => ({ own: 2 * n, all: 1, flat: 0 });

/** What the value of the mean of all loses without the item, times `n^2`. Linear too, since all updates are of one length. */
function leaveOneOut({ n, toDirection, square, one }: Sums): Linear {
  const others = n - 1;
  const flat = (2 * toDirection) / n - square / n ** 2 - (2 * toDirection) / others + (square + one) / others ** 2;
  return { own: (2 * n ** 2) / others, all: (2 * n ** 2) / others ** 2, flat: n ** 2 * flat };
}

/**
 * The Shapley value, times `n^2`, of `2<u, g> - |u|^2` for the mean `u` of a coalition's own members: absent items do not shorten it, as in retraining. Over coalitions of `s` others: an item
 * moves their mean by the part `d = 1 / (s + 1)`.
 */
function membersMean({ n, toDirection, square, one }: Sums): Linear {
  let [own, all, flat] = [2, 0, -one];
  for (let s = 1; s < n; s++) {
    const d = 1 / (s + 1);
    const shrunk = (s * d) ** 2 - 1;
    // Mean product of two others, of the pairs among s: (|U|^2 - 2<u,U> - (n - 2)|u|^2) / ((n - 1)(n - 2)).
    const pairs = s > 1 ? (s - 1) / s / ((n - 1) * (n - 2)) : 0;
    own += (2 * d * n) / (n - 1);
    all += (2 * s * d * d) / (n - 1) - 2 * shrunk * pairs;
    flat += (2 * s * d * d * one) / (n - 1) - (2 * d * toDirection) / (n - 1) - d * d * one;
    flat -= shrunk * (one / s + pairs * (square - (n - 2) * one));
  }
  return { own: n * own, all: n * all, flat: n * flat };
}

export const VALUES = { shapley, leaveOneOut, membersMean } as const;

/** A rule of the comparison. */
export interface Rule {
  readonly name: string;
  readonly value: keyof typeof VALUES;
  /** Past aggregates, and hundredths of the projection on them that are taken out. */
  readonly past: number;
  readonly discount: number;
  /** What copies are told by: nothing, their holder, a likeness (hundredths) of what they send; or softly, every item a part of a copy of those it is like. */
  readonly by: 'nothing' | 'holder' | 'softly' | number;
}

const product = (matrix: Matrix, row: number, combination: readonly number[]): number =>
  combination.reduce((sum, amount, column) => sum + amount * (matrix[row]?.[column] as number), 0);

/** Solves a small symmetric system by elimination. */
function solved(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] as number]);
  rows.forEach((pivot, c) => {
    const scale = pivot[c] as number;
    rows.forEach((row, r) => {
      if (r === c) return;
      const factor = (row[c] as number) / scale;
      for (let k = c; k < row.length; k++) row[k] = (row[k] as number) - factor * (pivot[k] as number);
    });
  });
  return rows.map((row, i) => (row.at(-1) as number) / (row[i] as number));
}

/** The combination of rows, less a part of its projection on the past ones. */
function withoutPast(matrix: Matrix, combination: readonly number[], past: readonly number[], part: number): number[] {
  if (past.length === 0 || part === 0) return [...combination];
  const taken = solved(
    past.map((row) => past.map((column) => matrix[row]?.[column] as number)),
    past.map((row) => product(matrix, row, combination)),
  );
  const out = [...combination];
  past.forEach((row, k) => {
    out[row] = (out[row] as number) - part * (taken[k] as number);
  });
  return out;
}

/** Power of the cosine that counts as a part of a copy where copies count softly: a third of one at 0.9. */
const SOFTNESS = 10;

/** Weights of items, 1 for who shares with nobody. */
function weightsOf(round: RoundGram, items: readonly Item[], by: Rule['by']): number[] {
  if (by === 'nothing') return items.map(() => 1);
  const squares = products(round);
  if (by === 'softly') {
    const cosine = (i: number, j: number): number =>
      Number(squares[i]?.[j]) / Math.sqrt(Number(squares[i]?.[i]) * Number(squares[j]?.[j]));
    return items.map((_, i) => 1 / items.reduce((sum, _item, j) => sum + Math.max(0, cosine(i, j)) ** SOFTNESS, 0));
  }
  const counts = by === 'holder' ? holderCounts(items.map(({ holder }) => holder)) : likenessCounts(squares, by);
  return counts.map(copyWeight);
}

/** Inner products of items over all parts, to whole numbers. */
function products({ parts, parties }: RoundGram): bigint[][] {
  const items = Array.from({ length: parties }, (_, i) => i);
  return items.map((i) =>
    items.map((j) => BigInt(Math.round(parts.reduce((sum, matrix) => sum + (matrix[i]?.[j] as number), 0)))),
  );
}

/** Scores of the items of a round under a rule: those of `w_i*u_i`, `W` items of them, `w` the weights and `W` their sum. */
export function scoresOf(base: RoundGram, items: readonly Item[], rule: Rule): number[] {
  const round = crowd(base, items);
  const places = round.parties;
  const shared = weightsOf(round, items, rule.by);
  const n = shared.reduce((sum, weight) => sum + weight, 0);
  const scores = items.map(() => 0);
  for (const matrix of round.parts) {
    const aggregate = matrix.map((_, row) => shared[row] ?? 0);
    const square = aggregate.reduce<number>((sum, amount, row) => sum + amount * product(matrix, row, aggregate), 0);
    const sums = { n, square, toDirection: product(matrix, places, aggregate), one: matrix[0]?.[0] as number };
    const { own, all, flat } = VALUES[rule.value](sums);
    const combination = aggregate.map((amount, row) => (row === places ? own : -all * amount));
    const past = Array.from({ length: Math.min(rule.past, matrix.length - places - 1) }, (_, k) => places + 1 + k);
    const weights = withoutPast(matrix, combination, past, rule.discount / 100);
    items.forEach((_, i) => {
      scores[i] = (scores[i] as number) + flat + product(matrix, i, weights);
    });
  }
  return scores.map((score, i) => score * (shared[i] as number));
}
