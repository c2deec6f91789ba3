import type { Header } from '../../pallets/support/types.ts';
import { slotOf } from '../base/seal.ts';

/**
 * Blocks of one slot, on whatever branch, that are taken from gossip. The slot's author can sign any number of them; two show what it is. Blocks on which the
 * others have built come by sync, which has no such limit.
 */
const MAX_PER_SLOT = 3;

/** How many blocks above the finalized one claim a slot. */
export class Slots {
  readonly #counts = new Map<number, number>();

  constructor(headers: Iterable<Header>) {
    this.reset(headers);
  }

  add(header: Header): void {
    const slot = slotOf(header);
    this.#counts.set(slot, (this.#counts.get(slot) ?? 0) + 1);
  }

  /** Counts these and no others. */
  reset(headers: Iterable<Header>): void {
    this.#counts.clear();
    for (const header of headers) this.add(header);
  }

  /** Whether there are so many of the header's slot that gossip brings no more. */
  isFull(header: Header): boolean {
    return (this.#counts.get(slotOf(header)) ?? 0) >= MAX_PER_SLOT;
  }
}
