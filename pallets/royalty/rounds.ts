/** The money side of rounds: pool and stakes in, notes and returns out. */
import { at, present } from '../../primitives/at.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { fheParams } from '../../primitives/fhe/params.ts';
import { splitEnrolment } from '../../primitives/proofs/enrolment.ts';
import { mintNote } from '../../primitives/proofs/notes.ts';
import { burn, reserve, slashReserved, transfer, unreserve } from '../balances/index.ts';
import { paidBy } from '../../primitives/round/score.ts';
import { largestRemainder } from '../../primitives/money.ts';
import { ensureLive, ensureMay, modelAsset, titleOf } from '../ownership/index.ts';
import { LEAST_CLAIM, mintNotes } from '../notes/index.ts';
import { contain, type Context, ensure, measuredWeight } from '../support/index.ts';
import { lengthToFee } from '../transaction-payment/index.ts';
import {
  addItem,
  type Consumer,
  createRound as createTallyRound,
  endedRounds,
  endingRounds,
  takeNote,
  findRound,
  type Item,
  payoutOf,
  type PayoutVector,
  postsBytesOf,
  priceShareOf,
  type Round,
  roundItems,
} from '../tally/index.ts';
import { ESCROW, ROUND_DEPOSIT, type Royalty, ROUNDS_PER_MODEL, ROUNDS_PER_OWNER, state } from './state.ts';
import { checkRule, tallyRuleOf, termsOf } from './rule/check.ts';
import { holderOf } from './rule/holders.ts';
import { addToPast, pastOf } from './rule/past.ts';
import { ensureTakesAnyone, judgeShown, putStatement } from './rule/standing.ts';
import type { Evidence, RoundPool, RoyaltyRule } from './rule/types.ts';
import { returnStakes } from './stakes.ts';
import { ROYALTY_PALLET, type RoyaltyRound } from './types.ts';
import { hooks } from './weights.ts';

/** Adds to a model's pool. */
export function fund({ ctx, store, events, errors }: Royalty, by: Uint8Array, model: bigint, amount: bigint): void {
  ensure(titleOf(ctx, modelAsset(model)), errors.UnknownModel);
  transfer(ctx, by, ESCROW, amount, 'keepAlive');
  store.pools.mutate(model, (pool) => pool + amount);
  events.PoolFunded({ model, by, amount });
}

/** Rounds of the royalty pallet: a pool is shared by scores against a direction. */
const ROYALTY: Consumer = { pallet: ROYALTY_PALLET, opens: ['Direction', 'Aggregate', 'Payout'] };

/** What the posts of a round cost its owner: as much as any other bytes in blocks. The committee itself posts free of charge. */
function roundFee(round: Round): bigint {
  return lengthToFee(postsBytesOf(round));
}

/** Fails unless `owner` may begin a round of these models under a rule now, as far as pools and rounds under way decide it. */
export function ensureMayBegin(
  royalty: Royalty,
  owner: Uint8Array,
  models: readonly RoundPool[],
  rule: RoyaltyRule,
): void {
  const { ctx, store, errors } = royalty;
  for (const { model, pool } of models) {
    ensureMay(ctx, modelAsset(model), owner, 'rounds');
    ensureLive(ctx, modelAsset(model));
    ensure(store.pools.get(model) >= pool, errors.PoolTooSmall);
  }
  checkRule(royalty, models, rule);
  ensureFree(royalty, models, owner);
  // A note of a round that pays nothing is worth its stake, and has to be worth a claim.
  ensure(rule.stake >= LEAST_CLAIM, errors.StakeTooSmall);
}

/** Begins a round over the pools of models, for who is their owner or a delegate with the role of rounds, whose round it is. @returns its number */
export function createRound(royalty: Royalty, owner: Uint8Array, models: RoundPool[], rule: RoyaltyRule): number {
  const { ctx, store, events } = royalty;
  ensureMayBegin(royalty, owner, models, rule);
  reserve(ctx, owner, ROUND_DEPOSIT);
  const taken = models.reduce((sum, { pool }) => sum + pool, 0n);
  const id = createTallyRound(ctx, ROYALTY, tallyRuleOf(rule, taken, pastOf(royalty, models, rule)));
  const fee = roundFee(present(findRound(ctx, id), 'the new round'));
  burn(ctx, owner, fee, 'keepAlive');
  events.RoundCharged({ round: id, fee });
  for (const { model, pool } of models) store.pools.mutate(model, (held) => held - pool);
  store.rounds.put(id, {
    models,
    owner,
    pool: taken,
    stake: rule.stake,
    deposit: ROUND_DEPOSIT,
    state: { tag: 'Live' },
    notes: undefined,
    paid: 0n,
    shared: 0n,
    dust: 0n,
    terms: termsOf(rule),
  });
  store.live.put([...store.live.get(), id]);
  events.RoundCreated({ round: id, models, pool: taken });
  return id;
}

/** Rounds under way are few: no model and no owner takes all of their places. */
function ensureFree({ store, errors }: Royalty, models: readonly RoundPool[], owner: Uint8Array): void {
  const live = store.live.get().map((id) => present(store.rounds.get(id), 'a live round'));
  const takes = (round: RoyaltyRound, model: bigint): boolean => round.models.some((one) => one.model === model);
  for (const { model } of models)
    ensure(live.filter((round) => takes(round, model)).length < ROUNDS_PER_MODEL, errors.ModelBusy);
  ensure(live.filter((round) => sameBytes(round.owner, owner)).length < ROUNDS_PER_OWNER, errors.OwnerBusy);
}

/** Enrols an account as the round's next item; its stake goes into escrow. @param shown what it shows of itself, where the round asks for it */
export function enrol(
  royalty: Royalty,
  account: Uint8Array,
  id: number,
  enrolment: Uint8Array,
  shown?: Evidence,
): void {
  const { ctx, store, events, errors } = royalty;
  const round = store.rounds.get(id);
  ensure(round, errors.UnknownRound);
  if (shown === undefined) ensureTakesAnyone(royalty, round);
  const judged = shown && judgeShown(royalty, account, id, round, shown);
  const holder = holderOf(royalty, account, round.terms, shown?.claims ?? []);
  const item = addItem(ctx, id, { account, enrolment, holder });
  transfer(ctx, account, ESCROW, round.stake, 'keepAlive');
  events.Enrolled({ round: id, account, item });
  if (judged !== undefined) putStatement(royalty, account, id, item, judged);
}

/**
 * After the tally has judged: every round that settled in this block pays, for its notes stand in the block that ends it, and the post that settled it weighs that. If
 * none did, the oldest of those that wait pays or gives back, one a block. What goes wrong stays with its round: it is left as it is and
 * tried again in the next block, and the others do not wait for it, as far as the end of the block has room.
 */
export function settleEnded({ ctx }: Royalty): void {
  const rounds = endedRounds(ctx, ROYALTY);
  const settled = rounds.filter(({ phase, endedAt }) => phase.tag === 'Settled' && endedAt === ctx.block);
  for (const round of settled) triesToEnd(ctx, round);
  if (settled.length > 0) return;
  const waiting = rounds.toSorted((a, b) => rankOf(a) - rankOf(b));
  waiting.find((round) => !ctx.takeAtEnd(refundCost(round)) || triesToEnd(ctx, round));
}

/** What it takes to give back what a round holds. */
const refundCost = ({ items }: Round): bigint => measuredWeight(hooks.refund, items);

/** What settling takes at the end of this block, of rounds that no post settles: one of those that wait or may fail in it. */
export function settlingWeight({ ctx }: Royalty): bigint {
  const costs = endingRounds(ctx, ROYALTY).map(refundCost);
  return costs.reduce((a, b) => (a > b ? a : b), 0n);
}

const rankOf = ({ phase }: Round): number => (phase.tag === 'Settled' ? 0 : 1);

/** Whether it went right; if not, nothing of it stands. */
function triesToEnd(ctx: Context, { round }: Round): boolean {
  let ended = true;
  contain(
    ctx,
    () => endRound(state.use(ctx), round),
    () => {
      ended = false;
    },
  );
  return ended;
}

function endRound(royalty: Royalty, id: number): void {
  const { ctx, store } = royalty;
  const tallied = present(findRound(ctx, id), 'the round of the tally');
  const round = present(store.rounds.get(id), 'the round');
  const items = roundItems(ctx, tallied);
  returnStakes(royalty, tallied, round.stake, items);
  const lost = lostDeposit(tallied, round.deposit);
  slashReserved(ctx, round.owner, lost);
  unreserve(ctx, round.owner, round.deposit - lost);
  const vector = payoutOf(ctx, id);
  if (vector === undefined) rollOver(royalty, id, round);
  else pay(royalty, tallied, round, items, vector);
  store.live.put(store.live.get().filter((known) => known !== id));
  store.forgotten.put([...store.forgotten.get(), id]);
  takeNote(ctx, ROYALTY, id);
}

/** What an owner loses of its deposit: all if it withholds its direction, which wastes everyone's round; half if too few take part in a round it made, unless all its places were taken: then it is whoever took them that stayed away. */
function lostDeposit({ failure, items, rule }: Round, deposit: bigint): bigint {
  if (failure?.tag === 'NoDirection') return deposit;
  return failure?.tag === 'TooFew' && items < rule.maxItems ? deposit / 2n : 0n;
}

/** Gives back what a round did not pay to the models, in proportion to what each gave, to the last unit. */
export function returnToPools({ store, events }: Royalty, id: number, { models }: RoyaltyRound, amount: bigint): void {
  const gave = models.map(({ pool }) => pool);
  largestRemainder(amount, gave).forEach((part, place) => {
    const { model } = at(models, place);
    if (part === 0n) return;
    store.pools.mutate(model, (pool) => pool + part);
    events.PoolReturned({ round: id, model, amount: part });
  });
}

function rollOver(royalty: Royalty, id: number, round: RoyaltyRound): void {
  const { store, events } = royalty;
  returnToPools(royalty, id, round, round.pool);
  store.rounds.put(id, { ...round, state: { tag: 'Refunded' }, dust: round.pool });
  events.RoundRefunded({ round: id });
}

/**
 * Lets accepted items collect in the open, in equal parts, what scores were paid less than the price of the aggregate [an owner whose direction nothing follows had it for nothing].
 * @returns all of it
 */
function owePrice({ ctx, store, events }: Royalty, tallied: Round, items: readonly Item[], paid: bigint): bigint {
  const share = priceShareOf(ctx, tallied, paid);
  if (share === 0n) return 0n;
  for (const { account } of items) {
    store.owed.mutate(account, (owed) => owed + share);
    events.PriceOwed({ round: tallied.round, account, amount: share });
  }
  return share * BigInt(items.length);
}

/** Mints a note per accepted item; what all of them together are worth, a public number, goes with them. */
function pay(
  royalty: Royalty,
  tallied: Round,
  round: RoyaltyRound,
  items: readonly Item[],
  vector: PayoutVector,
): void {
  const { ctx, store, events } = royalty;
  const params = fheParams(tallied.paramsId);
  const accepted = vector.items.map((index) => at(items, index));
  const made = accepted.map(({ enrolment }, place) => {
    const { mask, key } = splitEnrolment(params, enrolment);
    return mintNote(at(vector.z, place), mask, key);
  });
  const paid = vector.negative ? 0n : paidBy(vector, vector.sum);
  const shared = owePrice(royalty, tallied, accepted, paid);
  const dust = round.pool - paid - shared;
  const units = paid + round.stake * BigInt(made.length);
  const mint = { modulus: params.t, grains: vector.grains, notes: made, units, from: ESCROW };
  const notes = made.length > 0 ? mintNotes(ctx, mint) : undefined;
  addToPast(royalty, tallied, round.models);
  returnToPools(royalty, tallied.round, round, dust);
  store.rounds.put(tallied.round, { ...round, state: { tag: 'Settled' }, notes, paid, shared, dust });
  events.RoundSettled({ round: tallied.round, paid, shared, dust });
}
