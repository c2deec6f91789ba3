/** What calls cost beside what is measured by the number of parents. */
import type { WeightHelpers } from '../support/index.ts';
import { MAX_ITEMS, MAX_LINKS, type Parent } from './types.ts';

/** Of each item of a portfolio its entry, its title and its standing are read. */
export const ITEM = { reads: 0, writes: 0, micros: 0, each: { unit: 'item', reads: 3, writes: 0, micros: 12 } };

/** Of each work that a parent of the same owner comes from its terms and waivers are read, and the child is bound to it. */
export const BOND = { reads: 0, writes: 0, micros: 0, each: { unit: 'bond', reads: 4, writes: 3, micros: 70 } };

/**
 * A portfolio that is named has all of its items looked at, models of the same owner hand on what they owe. How much that is stands in the state: as much as may
 * be is paid for.
 */
export function parentsWeight(measured: WeightHelpers['measured'], parents: readonly Parent[]): bigint {
  const portfolios = parents.filter(({ asset }) => asset.tag === 'Portfolio').length;
  const hasModel = parents.some(({ asset }) => asset.tag === 'Model');
  return measured(ITEM, portfolios * MAX_ITEMS) + measured(BOND, hasModel ? MAX_LINKS : 0);
}
