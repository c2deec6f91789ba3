/** What holds of a round of many items or parts once it is over. */
import { expect } from 'chai';
import { closedFormShapley } from '../../client/demo/shapley.ts';
import { notes } from '../../pallets/notes/index.ts';
import { royalty } from '../../pallets/royalty/index.ts';
import { payoutOf, type PayoutVector } from '../../pallets/tally/index.ts';
import { present } from '../../primitives/at.ts';
import { parseEnrolment, recoverEnrolment } from '../../primitives/proofs/enrolment.ts';
import { noteAmount, openNote } from '../../primitives/proofs/notes.ts';
import { contextOfRound, roundInfoOf, walletSeed } from './committee.ts';
import type { Crowd } from './crowd.ts';

/** Keys that a block forgets of ended rounds, and what else it removes. */
const FORGOTTEN_AT_ONCE = 512;

/** Every note holds stake and score of the plain computation, to the last unit. */
export function expectPaid({ members, id, names, updates, direction }: Crowd): {
  readonly vector: PayoutVector;
  readonly stake: bigint;
  readonly total: bigint;
} {
  const { test } = members;
  const { ctx } = test.chain;
  const vector = present(payoutOf(ctx, id), 'the payout');
  const scores = closedFormShapley(updates, direction);
  const total = scores.reduce((sum, score) => sum + score, 0n);
  expect(vector.negative ? -vector.sum : vector.sum).to.equal(total);
  expect(vector.rate > 0n).to.equal(true);
  const info = roundInfoOf(ctx, id);
  const { stake } = info.round.rule;
  const minted = present(royalty.use(ctx).store.rounds.get(id)?.notes, 'notes');
  for (const [place, score] of scores.entries()) {
    const item = present(info.items[place], 'an item');
    const binding = { context: contextOfRound(test, info.round), account: item.account };
    const enrolment = parseEnrolment(test.params, item.enrolment);
    const { m, r } = recoverEnrolment(test.params, binding, walletSeed(present(names[place], 'a name')), enrolment);
    const z = present(vector.z[place], 'a payout');
    const amount = vector.grains * stake + vector.rate * score;
    expect(noteAmount(z, m, test.params.t)).to.equal(amount);
    const number = minted.first + place;
    const note = present(notes.use(ctx).store.notes.get(minted.class, Math.floor(number / 64))[number % 64], 'a note');
    expect(openNote(note, z, m, r, test.params.t).amount).to.equal(amount);
  }
  return { vector, stake, total };
}

/** Bytes and keys under storage items of rounds and notes. */
export function sizeOf({ members }: Crowd): { bytes: number; keys: number } {
  const { ctx } = members.test.chain;
  let [bytes, keys] = [0, 0];
  for (const [key, value] of ctx.storage.entries('')) {
    bytes += key.length + value.length;
    keys += 1;
  }
  return { bytes, keys };
}

/** Blocks pass in which the round is forgotten, some hundred keys in each at most. */
export function forgetBounded(crowd: Crowd, blocks: number): void {
  const { chain } = crowd.members.test;
  let { keys } = sizeOf(crowd);
  for (let block = 0; block < blocks; block++) {
    chain.runToBlock(chain.ctx.block + 1);
    const now = sizeOf(crowd).keys;
    expect(keys - now, `block ${chain.ctx.block}`).to.be.at.most(FORGOTTEN_AT_ONCE + 16);
    keys = now;
  }
}
