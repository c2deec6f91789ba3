/** What the ends of blocks do besides judging, each in its worst case: rounds that fail or are forgotten, and what their items had stated. */
import { ESCROW, royalty } from '../../pallets/royalty/index.ts';
import { settleEnded } from '../../pallets/royalty/rounds.ts';
import { forgetStatements } from '../../pallets/royalty/rule/standing.ts';
import type { Context } from '../../pallets/support/index.ts';
import { system } from '../../pallets/system/index.ts';
import { FORGOTTEN_AT_ONCE, findRound, tally } from '../../pallets/tally/index.ts';
import { pruneEnded } from '../../pallets/tally/lifecycle.ts';
import { phaseFor } from '../../pallets/tally/steps/index.ts';
import { present } from '../../primitives/at.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import {
  beginRound,
  contribute,
  phaseOf,
  SETTINGS,
  type TestChain,
  TestCommittee,
  testChain,
} from '../../test/support/committee.ts';
import type { Scenario } from './scenario.ts';

export interface HookScenario extends Pick<Scenario, 'size'> {
  /** `Pallet.hook`, as in the weights file of the pallet. */
  readonly hook: string;
  prepare(size: number): { readonly ctx: Context; run(): void };
}

const FEW = 8;
const MANY = 264;
const named = (what: string, i: number): Uint8Array => hash32Of('tacit/weights/1', what, i);

/** An open round of two contributors, and as many more items with a submission each as if they had come. */
function openRound(items: number): { test: TestChain; id: number } {
  const names = ['first', 'second'];
  const members = new TestCommittee(testChain({ accounts: names, isChecked: false }));
  const { test } = members;
  members.runToActive();
  const { id } = beginRound(test, { maxItems: 256, openBlocks: 40, maxExtensions: 0 });
  members.runUntil(() => phaseOf(test, id) === 'Open');
  for (const name of names) contribute(members, id, name);
  // Late posts of its keys are not compared any more, nor would those of a round that ended at the beginning.
  test.chain.runToBlock(test.chain.ctx.block + SETTINGS.lateWindow + 1);
  if (items > names.length) crowd(test, id, items);
  return { test, id };
}

/** Items and submissions of so many accounts, their deposits reserved, their stakes held. */
function crowd({ chain }: TestChain, id: number, items: number): void {
  const { store } = tally.use(chain.ctx);
  const accounts = system.use(chain.ctx).store.account;
  const item = present(store.items.get(id, 0), 'an item');
  const submission = present(store.submissions.get(id, 0), 'a submission');
  const held = accounts.get(item.account);
  const round = present(store.rounds.get(id), 'the round');
  for (let i = 0; i < items; i++) {
    const who = named('account', i);
    accounts.put(who, { ...held, data: { ...held.data, reserved: SETTINGS.deposit } });
    store.items.put(id, i, { ...item, account: who, holder: who, parts: 0, roomyBlocks: 0 });
    store.submissions.put(id, i, { ...submission, account: who });
  }
  store.rounds.put(id, { ...round, items, submissions: items });
  const { stake } = present(royalty.use(chain.ctx).store.rounds.get(id), 'its money');
  accounts.mutate(ESCROW, (known) => ({
    ...known,
    data: { ...known.data, free: known.data.free + stake * BigInt(items) },
  }));
}

/** The deadline of an open round in which too few lack nothing: it fails, and every deposit returns. */
function failing(items: number) {
  const { test, id } = openRound(items);
  const { ctx } = test.chain;
  return {
    ctx,
    run: () => {
      const pallet = tally.use(ctx);
      phaseFor('Open').atDeadline(pallet, present(findRound(ctx, id), 'the round'));
    },
  };
}

/** A round that has failed for want of contributors: every item has kept its place for so long that a part of its stake is burned. */
function refunding(items: number) {
  const { ctx, run } = failing(items);
  run();
  const { rounds, handed } = tally.use(ctx).store;
  const [found] = [...handed.entries()];
  const id = present(found, 'a round that is over')[0][1];
  rounds.put(id, { ...present(rounds.get(id), 'the round'), roomyBlocks: 1_000 });
  return {
    ctx,
    run: () => {
      ctx.beginEnd();
      settleEnded(royalty.use(ctx));
    },
  };
}

/** A round that has been over for long; of its keys so many are left. */
function forgetting(keys: number) {
  const { ctx, run } = refunding(2);
  run();
  const { store } = tally.use(ctx);
  const id = present(store.ended.get()[0], 'a round that is over');
  const round = present(store.rounds.get(id), 'the round');
  store.rounds.put(id, { ...round, endedAt: 0 });
  for (let i = 0; i < keys; i++) store.usedKeys.put(id, named('key', i), undefined);
  return {
    ctx,
    run: () => {
      ctx.beginEnd();
      pruneEnded(tally.use(ctx));
    },
  };
}

/** Of a round whose money is settled so many data are stated still. */
function forgettingStatements(keys: number) {
  const { test } = openRound(2);
  const { ctx } = test.chain;
  const { stated, forgotten } = royalty.use(ctx).store;
  for (let i = 0; i < keys; i++) stated.put(1, BigInt(i), i % FEW);
  forgotten.put([1]);
  return {
    ctx,
    run: () => {
      ctx.beginEnd();
      forgetStatements(royalty.use(ctx));
    },
  };
}

const KEYS = { unit: 'key', from: FEW, to: FORGOTTEN_AT_ONCE - 64 } as const;

export const hookScenarios: readonly HookScenario[] = [
  { hook: 'Tally.forget', size: KEYS, prepare: forgetting },
  { hook: 'Tally.fail', size: { unit: 'submission', from: FEW, to: MANY }, prepare: failing },
  { hook: 'Royalty.forget', size: KEYS, prepare: forgettingStatements },
  { hook: 'Royalty.refund', size: { unit: 'item', from: FEW, to: MANY }, prepare: refunding },
];
