/** The worst case of a call: what has to be there before, and the call itself. */
import type { Prepared } from './measure.ts';

export interface Scenario {
  /** `Pallet.call`, as in metadata and in the weights file of the pallet. */
  readonly call: string;
  /** If the call's cost grows with it: what it is counted in (`byte`, `parent`), and two sizes, small and large, between which the growth is measured. */
  readonly size?: { readonly unit: string; readonly from: number; readonly to: number };
  /** @param size of {@link size}, or 0 */
  prepare(size: number): Prepared;
}
