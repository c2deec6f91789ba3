/**
 * Rounds that follow each other under one rule. The rule stands; what each round needs anew, commitments to its direction and who reports, is prepared with its
 * money held. When a round is due anyone begins it: it costs nobody but who prepared it, and can fail nobody else's.
 */
import { sameBytes } from '../../../primitives/crypto/bytes.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { postsBytes } from '../../../primitives/round/requests.ts';
import { reserve, unreserve } from '../../balances/index.ts';
import { activeTerm } from '../../committee/index.ts';
import { LEAST_CLAIM } from '../../notes/index.ts';
import { addDeposit, ensureMay, mayAct, modelAsset, returnDeposit } from '../../ownership/index.ts';
import { ensure } from '../../support/index.ts';
import { lengthToFee } from '../../transaction-payment/index.ts';
import type { RoyaltyRule } from '../rule/types.ts';
import { createRound, ensureMayBegin } from '../rounds.ts';
import { ROUND_DEPOSIT, type Royalty } from '../state.ts';
import { RULE_DEPOSIT } from './decl.ts';
import { MAX_QUEUED, type QueuedRound, type RoundTemplate } from './types.ts';

/** Sets the rule; the first round under a first one is due a period later. A new rule leaves what is prepared, and when the next is due. */
export function setRoundRule(royalty: Royalty, who: Uint8Array, model: bigint, template: RoundTemplate): void {
  const { ctx, store, events, errors } = royalty;
  ensureMay(ctx, modelAsset(model), who, 'rounds');
  ensure(template.period > 0 && template.poolLeast <= template.poolMost, errors.BadPeriod);
  ensure(template.stake >= LEAST_CLAIM, errors.StakeTooSmall);
  const before = store.schedules.get(model);
  if (before === undefined) addDeposit(ctx, modelAsset(model), RULE_DEPOSIT);
  const due = before?.due ?? ctx.block + template.period;
  store.schedules.put(model, { template, due });
  events.RoundRuleSet({ model, due });
}

/** Ends the rule; whoever prepared rounds has back what was held. */
export function clearRoundRule(royalty: Royalty, who: Uint8Array, model: bigint): void {
  const { ctx, store, events, errors } = royalty;
  ensureMay(ctx, modelAsset(model), who, 'rounds');
  ensure(store.schedules.has(model), errors.NoRule);
  const queue = store.queues.get(model);
  store.schedules.remove(model);
  store.queues.remove(model);
  returnDeposit(ctx, modelAsset(model), RULE_DEPOSIT);
  for (const { by, deposit } of queue) {
    unreserve(ctx, by, deposit);
    events.RoundDropped({ model, by });
  }
  events.RoundRuleCleared({ model });
}

/** Prepares a round: its deposit and the fee for the posts of the committee are held of who does. */
export function queueRound(
  royalty: Royalty,
  by: Uint8Array,
  model: bigint,
  prepared: Pick<QueuedRound, 'directions' | 'reporters'>,
): void {
  const { ctx, store, events, errors } = royalty;
  ensureMay(ctx, modelAsset(model), by, 'rounds');
  const schedule = store.schedules.get(model);
  ensure(schedule, errors.NoRule);
  const queue = store.queues.get(model);
  ensure(queue.length < MAX_QUEUED, errors.TooManyQueued);
  const term = activeTerm(ctx);
  ensure(term, errors.NoCommittee);
  ruleOf(royalty, model, schedule.template, prepared);
  const deposit = ROUND_DEPOSIT + lengthToFee(postsBytes(fheParams(term.paramsId), schedule.template));
  reserve(ctx, by, deposit);
  store.queues.put(model, [...queue, { by, deposit, ...prepared }]);
  events.RoundQueued({ model, by, deposit });
}

/** Drops a prepared round: who prepared it may, whoever decides over rounds of the model, and anyone once who prepared it no longer does. */
export function dropQueuedRound(royalty: Royalty, who: Uint8Array, model: bigint, place: number): void {
  const { ctx, store, events, errors } = royalty;
  const queue = store.queues.get(model);
  const dropped = queue[place];
  ensure(dropped, errors.NothingQueued);
  const may = (account: Uint8Array): boolean => mayAct(ctx, modelAsset(model), account, 'rounds');
  ensure(sameBytes(dropped.by, who) || may(who) || !may(dropped.by), errors.NotYours);
  putQueue(royalty, model, queue.toSpliced(place, 1));
  unreserve(ctx, dropped.by, dropped.deposit);
  events.RoundDropped({ model, by: dropped.by });
}

function putQueue({ store }: Royalty, model: bigint, queue: QueuedRound[]): void {
  if (queue.length === 0) store.queues.remove(model);
  else store.queues.put(model, queue);
}

/** Begins the round that is due. Whatever keeps it from beginning fails the call, and it stays due. */
export function openDueRound(royalty: Royalty, model: bigint): void {
  const { ctx, store, events, errors } = royalty;
  const schedule = store.schedules.get(model);
  ensure(schedule, errors.NoRule);
  ensure(ctx.block >= schedule.due, errors.NotDue);
  const [next, ...later] = store.queues.get(model);
  ensure(next, errors.NothingQueued);
  const held = store.pools.get(model);
  const { poolLeast, poolMost } = schedule.template;
  ensure(held >= poolLeast, errors.PoolTooSmall);
  // It takes what the pool holds, up to the most that it may.
  const pools = [{ model, pool: held < poolMost ? held : poolMost }];
  const rule = ruleOf(royalty, model, schedule.template, next);
  ensureMayBegin(royalty, next.by, pools, rule);
  const due = ctx.block + schedule.template.period;
  putQueue(royalty, model, later);
  store.schedules.put(model, { ...schedule, due });
  unreserve(ctx, next.by, next.deposit);
  const round = createRound(royalty, next.by, pools, rule);
  events.DueRoundOpened({ model, round, due });
}

/** The rule of the round that begins: what is counted, and for how many points, stands in the template. */
function ruleOf(
  { errors }: Royalty,
  model: bigint,
  template: RoundTemplate,
  { directions, reporters }: Pick<QueuedRound, 'directions' | 'reporters'>,
): RoyaltyRule {
  const { period: _, poolLeast: __, poolMost: ___, counts, ...shape } = template;
  const named = reporters.map(({ account, count, total }) => {
    const counted = counts[count];
    ensure(counted, errors.NoSuchCount);
    return { account, total, ...counted, model };
  });
  return { ...shape, directions, reporters: named };
}
