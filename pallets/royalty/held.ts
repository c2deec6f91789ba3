/** What the owners of rounds and the escrow hold, and what must hold of rounds and bins. */
import { present } from '../../primitives/at.ts';
import { type Held, mustHold } from '../support/index.ts';
import { findRound } from '../tally/index.ts';
import { ESCROW, type Royalty } from './state.ts';
import { ROYALTY_PALLET } from './types.ts';

export const held = {
  *deposits({ store }: Royalty): Generator<Held> {
    for (const id of store.live.get()) {
      const { owner, deposit } = present(store.rounds.get(id), 'a live round');
      yield [owner, deposit];
    }
  },
  /** Pools, live rounds with the stakes of their items, and what the notes of bins are worth. */
  *owes({ ctx, store }: Royalty): Generator<Held> {
    for (const [, pool] of store.pools.entries()) yield [ESCROW, pool];
    for (const id of store.live.get()) {
      const { pool, stake } = present(store.rounds.get(id), 'a live round');
      yield [ESCROW, pool + stake * BigInt(present(findRound(ctx, id), 'a live round').items)];
    }
    for (const [, { escrow }] of store.bins.entries()) yield [ESCROW, escrow];
  },
  /** A round is live until its money is settled; every claim has left one tag. */
  tryState({ ctx, store }: Royalty): undefined {
    const live = store.live.get();
    const claims = new Map<number, number>();
    for (const [[id], { state: found }] of store.rounds.entries()) {
      const isListed = live.includes(id);
      mustHold(
        (found.tag === 'Live') === isListed,
        'royalty/broken-round',
        `round ${id} is ${found.tag}, live: ${isListed}`,
      );
      const mine = findRound(ctx, id)?.consumer === ROYALTY_PALLET;
      mustHold(mine, 'royalty/broken-round', `round ${id} is no round of this pallet in the tally`);
    }
    for (const [[id], { claimed }] of store.bins.entries()) claims.set(id, (claims.get(id) ?? 0) + claimed);
    for (const [[id]] of store.tags.entries()) claims.set(id, (claims.get(id) ?? 0) - 1);
    for (const [id, left] of claims)
      mustHold(left === 0, 'royalty/broken-claims', `round ${id}: claims and tags differ by ${left}`);
  },
};
