/** Rounds that have settled, put into the state as they would stand there: what later ones are held against, without running them. */
import { royalty } from '../../pallets/royalty/index.ts';
import { findRound, tally } from '../../pallets/tally/index.ts';
import { present } from '../../primitives/at.ts';
import { MAX_PAST } from '../../primitives/round/novelty.ts';
import { aggregateBytes } from '../../primitives/round/score.ts';
import { beginRound, POOL, type TestChain } from '../../test/support/committee.ts';
import { undone } from './measure.ts';

/** Coordinates of an aggregate are as large as those of some updates that agree. */
const SPREAD = 16;

/** As many settled rounds of each of these models as count, with updates of these parts, whose aggregates have nothing in common. */
export function plantPast(test: TestChain, models: readonly bigint[], parts: readonly number[]): void {
  const { ctx } = test.chain;
  const { rounds, nextRound, aggregates } = tally.use(ctx).store;
  const { rounds: paid, pasts } = royalty.use(ctx).store;
  const [tallied, money] = undone(ctx, () => {
    const { id } = beginRound(test);
    return [present(findRound(ctx, id), 'a round'), present(paid.get(id), 'its money')] as const;
  });
  for (const model of models) {
    const ids = Array.from({ length: MAX_PAST }, () => {
      const id = nextRound.get();
      nextRound.put(id + 1);
      const rule = { ...tallied.rule, parts: [...parts] };
      rounds.put(id, { ...tallied, round: id, rule, phase: { tag: 'Settled' }, deadline: 0, endedAt: ctx.block });
      paid.put(id, { ...money, models: [{ model, pool: POOL }], pool: POOL, state: { tag: 'Settled' } });
      for (const [part, values] of parts.entries()) {
        const coordinates = Int32Array.from(test.random(values), (byte) => (byte % SPREAD) - SPREAD / 2);
        aggregates.put(id, part, aggregateBytes(coordinates));
      }
      return id;
    });
    pasts.put(model, { parts: [...parts], sketch: undefined }, ids.toReversed());
  }
}
