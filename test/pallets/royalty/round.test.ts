import { expect } from 'chai';
import { freeOf, reservedOf } from '../../../pallets/balances/index.ts';
import { CLAIM_FEE, LEAST_CLAIM, notes } from '../../../pallets/notes/index.ts';
import type { NoteClass } from '../../../pallets/notes/types.ts';
import { poolOf, royalty } from '../../../pallets/royalty/index.ts';
import { MODEL_DEPOSIT } from '../../../pallets/registry/index.ts';
import { Origin } from '../../../pallets/support/index.ts';
import { aggregateParts, findRound, openedPart, payoutOf, type Round, tally } from '../../../pallets/tally/index.ts';
import { openedBy } from '../../support/claims.ts';
import { type HeldNote, largestOf, spend } from '../../support/spend.ts';
import { VERDICT } from '../../../primitives/round/phases.ts';
import { signedBytes } from '../../../primitives/round/score.ts';
import {
  account,
  beginRound,
  contribute,
  PART_VALUES,
  phaseOf,
  publish,
  report,
  roundInfoOf,
  TestCommittee,
  testChain,
  type TestRound,
} from '../../support/committee.ts';

const NAMES = ['anna', 'bo', 'cleo', 'dan'];

describe('a royalty round on the pallets', () => {
  const test = testChain({ accounts: NAMES });
  const members = new TestCommittee(test);
  let begun: TestRound;
  const updates: Int8Array[][] = [];
  const usage = [20, 5, 25, 0];

  before(() => {
    members.runToActive();
    begun = beginRound(test);
    members.runUntil(() => phaseOf(test, begun.id) === 'Open');
    for (const name of NAMES) updates.push(contribute(members, begun.id, name));
    report(members, begun.id, usage);
    members.runUntil(() => phaseOf(test, begun.id) === 'Direction');
    publish(members, begun);
    members.runUntil(() => phaseOf(test, begun.id) === 'Settled');
  });

  it('opens the sum of the updates', () => {
    const { ctx } = test.chain;
    const round = findRound(ctx, begun.id) as Round;
    const expected = [0, 1].map((part) => {
      const values = updates.map((parts) => parts[part] as Int8Array);
      return Array.from(values[0] as Int8Array, (_, j) => values.reduce((sum, value) => sum + (value[j] as number), 0));
    });
    expect(aggregateParts(tally.use(ctx), round).map((part) => [...part])).to.deep.equal(expected);
  });

  it('pays every item its score times the rate and its stake, to the last unit', () => {
    const { ctx } = test.chain;
    const round = findRound(ctx, begun.id) as Round;
    const vector = payoutOf(ctx, begun.id);
    if (vector === undefined) throw new Error('no payout vector');
    const scores = scoresOf(updates, begun.direction, usage);
    const total = scores.reduce((sum, score) => sum + score, 0n);
    expect(vector.negative ? -vector.sum : vector.sum).to.equal(total);
    expect(vector.rate > 0n).to.equal(true);
    const amounts = NAMES.map((name, index) => openedBy(test, begun.id, name, index).opening.amount);
    const { grains } = vector;
    expect(amounts).to.deep.equal(scores.map((score) => grains * round.rule.stake + vector.rate * score));
    const paid = (total * vector.rate) / grains;
    // Rounding takes next to nothing of the pool.
    expect(round.rule.pool - paid < round.rule.pool / 1_000n).to.equal(true);
    const money = royalty.use(ctx).store.rounds.get(begun.id);
    expect(money?.paid).to.equal(paid);
    expect(money?.dust).to.equal(round.rule.pool - paid);
    expect(poolOf(ctx, 0n)).to.equal(round.rule.pool - paid);
    // The owner's deposit for the round is back: only the model's is held.
    expect(reservedOf(ctx, account('owner'))).to.equal(MODEL_DEPOSIT);
  });

  it('pays claims to fresh accounts, as much as each note holds but for dust that stays hidden', () => {
    const { chain } = test;
    chain.runToBlock(chain.ctx.block + 2);
    const { grains } = payoutOf(chain.ctx, begun.id) as NonNullable<ReturnType<typeof payoutOf>>;
    NAMES.forEach((name, index) => {
      let held = openedBy(test, begun.id, name, index);
      const units = held.opening.amount / grains;
      let taken = 0n;
      for (let claims = 0; held.opening.amount / grains >= LEAST_CLAIM; claims++) {
        const destination = account(`fresh ${claims} of ${name}`);
        const amount = largestOf(chain.ctx, held);
        const { call: claim, change } = spend(chain.ctx, held, { destination, amount }, test.random);
        expect(chain.dispatch(Origin.none, claim)).to.equal('ok');
        expect(freeOf(chain.ctx, destination)).to.equal(amount - CLAIM_FEE);
        taken += amount;
        held = change[0] as HeldNote;
        chain.runToBlock(chain.ctx.block + 2);
      }
      expect(units - taken < LEAST_CLAIM).to.equal(true);
      expect(taken > 0n).to.equal(true);
    });
    const [{ brought, paid }] = notes.use(chain.ctx).store.classes.get() as [NoteClass];
    const money = royalty.use(chain.ctx).store.rounds.get(begun.id);
    const { rule } = findRound(chain.ctx, begun.id) as Round;
    expect(brought).to.equal((money?.paid ?? 0n) + rule.stake * BigInt(NAMES.length));
    expect(brought - paid < LEAST_CLAIM * BigInt(NAMES.length)).to.equal(true);
    // Nothing goes back to the pool for that.
    expect(poolOf(chain.ctx, 0n)).to.equal(rule.pool - (money?.paid ?? 0n));
  });

  it('forgets the posts and keys when nobody can be late any more, and keeps what wallets and receipts need', () => {
    const { chain } = test;
    chain.runToBlock(chain.ctx.block + 12);
    const info = roundInfoOf(chain.ctx, begun.id);
    // receipts say of each submission that it was counted, and work the weights out from the direction
    expect(info.submissions.map(({ verdict }) => verdict)).to.deep.equal(
      Array.from({ length: 9 }, () => VERDICT.accepted),
    );
    const parts = info.directions.map((_, part) => openedPart(chain.ctx, begun.id, part));
    expect(parts.map((part) => part && signedBytes(part.direction.values))).to.deep.equal(begun.direction);
    expect([...tally.use(chain.ctx).store.submissionOf.entries()]).to.deep.equal([]);
    expect(info.publicKey).to.equal(undefined);
    expect(info.items).to.have.length(NAMES.length);
    expect(info.payout?.z).to.have.length(NAMES.length);
    // The owner gets what it pays for, today and later.
    expect(parts.map((part) => part?.aggregate.length)).to.deep.equal([4 * PART_VALUES, 4 * PART_VALUES]);
    expect([...tally.use(chain.ctx).store.posts.entries()]).to.deep.equal([]);
  });
});

/** The score by its definition, in the open. */
function scoresOf(
  updates: readonly Int8Array[][],
  direction: readonly Int8Array[],
  usage: readonly number[],
): bigint[] {
  const n = updates.length;
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
    Array.from(a).reduce((sum, x, j) => sum + x * (b[j] as number), 0);
  return updates.map((parts, i) => {
    const shapley = parts.reduce((sum, u, part) => {
      const total = Array.from(u, (_, j) => updates.reduce((all, other) => all + (other[part]?.[j] as number), 0));
      return sum + 2 * n * dot(u, direction[part] as Int8Array) - dot(u, total);
    }, 0);
    return BigInt(shapley + 100 * (usage[i] as number));
  });
}
