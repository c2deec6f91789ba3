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

/** Only items of live rounds have stated anything, each once, and each data is stated once. */
function checkStatements({ ctx, store }: Royalty): void {
  const live = store.live.get();
  for (const [[id], statements] of store.statements.entries()) {
    const items = statements.map(({ item }) => item);
    const data = statements.flatMap((one) => one.data);
    const areOnce = new Set(items).size === items.length && new Set(data).size === data.length;
    const known = findRound(ctx, id)?.items ?? 0;
    const isWhole = live.includes(id) && items.length > 0 && items.every((item) => item < known);
    mustHold(areOnce && isWhole, 'royalty/broken-statements', `what items of round ${id} have stated cannot be`);
  }
}
