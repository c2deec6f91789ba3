/** Looking up what has to be there: where its absence is a fault of ours, it is thrown and never made into a zero. */
import { TacitError } from './errors.ts';

/** Element `index` of a list, or the value of a map's key. Throws `at/out-of-range`. */
export function at<T>(from: ArrayLike<T>, index: number): T;
export function at<K, T>(from: ReadonlyMap<K, T>, key: K): T;
export function at<T>(from: ArrayLike<T> | ReadonlyMap<unknown, T>, key: unknown): T {
  const value = from instanceof Map ? (from as ReadonlyMap<unknown, T>).get(key) : (from as ArrayLike<T>)[Number(key)];
  if (value === undefined) throw new TacitError('at/out-of-range', `nothing stands at ${String(key)}`);
  return value;
}

/** `value`, which is there. @param what names it in the error. Throws `at/missing`. */
export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new TacitError('at/missing', `${what} is missing`);
  return value;
}
