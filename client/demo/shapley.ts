/**
 * Shapley values: the closed form of the round's own game (exact integers), the definition over a table of coalition values (for games
 * that have no closed form), and Spearman's rank correlation to compare two valuations.
 */
import { TacitError } from '../../primitives/errors.ts';

/** The inner product of two int8 vectors of equal length; exact, since 2^14 * length stays far below 2^53. */
export function innerProduct(left: ArrayLike<number>, right: ArrayLike<number>): bigint {
  if (left.length !== right.length) throw new TacitError('demo/length-mismatch', 'vectors of different lengths');
  let sum = 0;
  for (let j = 0; j < left.length; j++) sum += (left[j] as number) * (right[j] as number);
  return BigInt(sum);
}

/**
 * `n^2 * phi_i` for every party of the game `v(S) = 2<u_S/n, g> - |u_S/n|^2` (specification §9), summed over the parts of an update:
 * `sum over parts (2n<u_i,g> - <u_i,U>)`, `U` the sum of all updates.
 * @param updates `[party][part]` vectors; every party has the same parts
 * @param direction `[part]` vectors, `g`
 */
export function closedFormShapley(
  updates: readonly (readonly Int8Array[])[],
  direction: readonly Int8Array[],
): bigint[] {
  const parties = BigInt(updates.length);
  const aggregate = sumOfUpdates(updates);
  return updates.map((parts) =>
    parts.reduce((sum, u, part) => {
      const g = direction[part];
      const total = aggregate[part];
      if (!g || !total) throw new TacitError('demo/length-mismatch', 'an update and the direction differ in parts');
      return sum + 2n * parties * innerProduct(u, g) - innerProduct(u, total);
    }, 0n),
  );
}

/** `U`, part by part: the coordinate-wise sum over all parties. */
export function sumOfUpdates(updates: readonly (readonly Int8Array[])[]): Int32Array[] {
  const first = updates[0] ?? [];
  return first.map((vector, part) => {
    const sum = new Int32Array(vector.length);
    for (const parts of updates) {
      const u = parts[part];
      if (u?.length !== sum.length) throw new TacitError('demo/length-mismatch', 'two updates differ in shape');
      for (let j = 0; j < sum.length; j++) sum[j] = (sum[j] as number) + (u[j] as number);
    }
    return sum;
  });
}

/**
 * Shapley values by their definition: the mean marginal contribution over all orders of arrival.
 * @param values `2^n` coalition values; bit i of the index says whether player i takes part
 */
export function shapleyByDefinition(values: ArrayLike<number>): number[] {
  const players = Math.log2(values.length);
  if (!Number.isInteger(players)) throw new TacitError('demo/bad-game', 'a game has 2^n coalition values');
  // weight of a coalition of size s without the player: s! (n - s - 1)! / n! = 1 / (n * binomial(n - 1, s))
  const weights: number[] = [];
  for (let s = 0, binomial = 1; s < players; s++) {
    weights.push(1 / (players * binomial));
    binomial = (binomial * (players - 1 - s)) / (s + 1);
  }
  return Array.from({ length: players }, (_, player) => {
    let value = 0;
    for (let coalition = 0; coalition < values.length; coalition++) {
      if (coalition & (1 << player)) continue;
      const marginal = (values[coalition | (1 << player)] as number) - (values[coalition] as number);
      value += (weights[bitCount(coalition)] as number) * marginal;
    }
    return value;
  });
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Ranks 1..n, equal values sharing the mean of their ranks. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => (values[a] as number) - (values[b] as number));
  const rank = values.map(() => 0);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1] as number] === values[order[from] as number]) to++;
    for (let k = from; k <= to; k++) rank[order[k] as number] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return rank;
}

/** Spearman's rank correlation of two valuations of the same parties, in [-1, 1] (Pearson's correlation of the ranks). */
export function spearman(left: readonly number[], right: readonly number[]): number {
  if (left.length !== right.length || left.length < 2)
    throw new TacitError('demo/bad-correlation', 'need two equally long lists, two values at least');
  const a = ranks(left);
  const b = ranks(right);
  const mean = (left.length + 1) / 2;
  let covariance = 0;
  let varianceA = 0;
  let varianceB = 0;
  for (let i = 0; i < a.length; i++) {
    const x = (a[i] as number) - mean;
    const y = (b[i] as number) - mean;
    covariance += x * y;
    varianceA += x * x;
    varianceB += y * y;
  }
  if (varianceA === 0 || varianceB === 0) throw new TacitError('demo/bad-correlation', 'a constant list has no ranks');
  return covariance / Math.sqrt(varianceA * varianceB);
}
