/** What calls cost beside what is measured by the number of parents. */
import type { WeightHelpers } from '../support/index.ts';
import { MAX_ITEMS, type Parent } from './types.ts';

/** Of each item of a portfolio its entry, its title and its standing are read. */
export const ITEM = { reads: 0, writes: 0, micros: 0, each: { unit: 'item', reads: 3, writes: 0, micros: 12 } };

/** A portfolio that is named has all of its items looked at. How many it has stands in the state: as many as may be are paid for. */
export function itemsWeight(measured: WeightHelpers['measured'], parents: readonly Parent[]): bigint {
  const portfolios = parents.filter(({ asset }) => asset.tag === 'Portfolio').length;
  return measured(ITEM, portfolios * MAX_ITEMS);
}
