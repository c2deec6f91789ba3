/** What the owners of rounds and the escrow hold, and what must hold of rounds. */
import { present } from '../../primitives/at.ts';
import { type Held, mustHold } from '../support/index.ts';
import { findRound } from '../tally/index.ts';
import { checkBacking } from './issuance/check-backing.ts';
import { checkUses } from './issuance/check.ts';
import { checkPasts } from './rule/past.ts';
import { ESCROW, type Royalty } from './state.ts';
import { checkStreams } from './streams/check.ts';
import { ROYALTY_PALLET } from './types.ts';

export const held = {
  *deposits({ store }: Royalty): Generator<Held> {
    for (const id of store.live.get()) {
      const { owner, deposit } = present(store.rounds.get(id), 'a live round');
      yield [owner, deposit];
    }
    for (const [, queue] of store.queues.entries()) for (const { by, deposit } of queue) yield [by, deposit];
  },
  /** Pools, live rounds with the stakes of their items, what accounts may collect, what was issued and not taken, what stands behind data. */
  *owes({ ctx, store }: Royalty): Generator<Held> {
    for (const [, pool] of store.pools.entries()) yield [ESCROW, pool];
    for (const id of store.live.get()) {
      const { pool, stake } = present(store.rounds.get(id), 'a live round');
      yield [ESCROW, pool + stake * BigInt(present(findRound(ctx, id), 'a live round').items)];
    }
    for (const [, owed] of store.owed.entries()) yield [ESCROW, owed];
    for (const [, { left }] of store.periods.entries()) yield [ESCROW, left];
    yield [ESCROW, store.issuance.get().left];
    for (const [, { active, leaving }] of store.backings.entries()) yield [ESCROW, active + leaving];
  },
  /** A round is live until its money is settled, and has notes only if it is; streams and the issuance add up; what is prepared has a rule; the past is what has settled. */
  tryState(royalty: Royalty): undefined {
    checkStreams(royalty);
    checkUses(royalty);
    checkBacking(royalty);
    checkRounds(royalty);
    checkStatements(royalty);
    checkPasts(royalty);
    for (const [[model], queue] of royalty.store.queues.entries())
      mustHold(
        queue.length > 0 && royalty.store.schedules.has(model),
        'royalty/broken-queue',
        `rounds of model ${model} are prepared without a rule`,
      );
  },
};

function checkRounds({ ctx, store }: Royalty): void {
  const live = store.live.get();
  for (const [[id], { state: found, models, pool }] of store.rounds.entries()) {
    const given = models.reduce((sum, one) => sum + one.pool, 0n);
    mustHold(given === pool, 'royalty/broken-round', `round ${id} has ${pool}, its models gave ${given}`);
    const isListed = live.includes(id);
    mustHold(
      (found.tag === 'Live') === isListed,
      'royalty/broken-round',
      `round ${id} is ${found.tag}, live: ${isListed}`,
    );
    const mine = findRound(ctx, id)?.consumer === ROYALTY_PALLET;
    mustHold(mine, 'royalty/broken-round', `round ${id} is no round of this pallet in the tally`);
  }
}

/** Only items of live rounds have stated anything, and each data is stated once. */
function checkStatements({ ctx, store }: Royalty): void {
  const live = store.live.get();
  const forgotten = new Set(store.forgotten.get());
  const counts = new Map<number, number>();
  for (const [[id, item], { data }] of store.statements.entries()) {
    if (forgotten.has(id)) continue;
    const isWhole = live.includes(id) && item < (findRound(ctx, id)?.items ?? 0);
    const isFound = data.every((one) => store.stated.get(id, one) === item);
    mustHold(isWhole && isFound, 'royalty/broken-statements', `what item ${item} of round ${id} has stated cannot be`);
    counts.set(id, (counts.get(id) ?? 0) + data.length);
  }
  for (const [[id]] of store.stated.entries()) {
    if (forgotten.has(id)) continue;
    const left = (counts.get(id) ?? 0) - 1;
    mustHold(left >= 0, 'royalty/broken-statements', `data counts as stated in round ${id} that no item has stated`);
    counts.set(id, left);
  }
}
