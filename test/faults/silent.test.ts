import { expect } from 'chai';
import type { Chain } from '../../client/sdk/connect.ts';
import { type MiniOutcome, MiniWorld, postsOf } from '../support/mini-round.ts';
import { finalHead, TestNetwork, untilBest, untilFinal } from '../support/test-network.ts';

/** Two of four: more than the one that the protocol stands. */
const SILENT = [1, 2] as const;
const DRIVER = 0;

interface Money {
  readonly free: bigint;
  readonly reserved: bigint;
}

const numberOf = (value: unknown): bigint => BigInt(String(value));

async function moneyOf(chain: Chain, account: string): Promise<Money> {
  const state = await chain.api.at(await chain.api.rpc.chain.getFinalizedHead());
  const found = (await state.query.system?.account?.(account)) as unknown as {
    data: { free: unknown; reserved: unknown };
  };
  const { data } = found;
  return { free: numberOf(data.free), reserved: numberOf(data.reserved) };
}

async function poolOf(chain: Chain, model: number): Promise<bigint> {
  const state = await chain.api.at(await chain.api.rpc.chain.getFinalizedHead());
  return numberOf(await state.query.royalty?.pools?.(model));
}

/** Fees that accounts paid in the finalized blocks after `from`, up to `to`. */
async function feesPaid(chain: Chain, owner: string, from: number, to: number): Promise<ReadonlyMap<string, bigint>> {
  const fees = new Map<string, bigint>();
  for (let number = from + 1; number <= to; number++) {
    const state = await chain.api.at(await chain.api.rpc.chain.getBlockHash(number));
    const events = (await state.query.system?.events?.()) as unknown as {
      event: { method: string; data: unknown[] };
    }[];
    for (const { event } of events) {
      // What the committee's posts cost is the owner's, and is spent whatever becomes of the round.
      if (event.method !== 'TransactionFeePaid' && event.method !== 'RoundCharged') continue;
      const payer = event.method === 'RoundCharged' ? owner : String(event.data[0]);
      fees.set(payer, (fees.get(payer) ?? 0n) + numberOf(event.data[1]));
    }
  }
  return fees;
}

/** Follows the best chain, final or not, until the round is in `phase`. */
async function untilPhaseAtBest(chain: Chain, round: number, phase: string): Promise<void> {
  for (;;) {
    const head = await chain.api.rpc.chain.getHeader();
    const state = await chain.api.at(head.hash);
    const record = (await state.query.tally?.rounds?.(round))?.toJSON() as { phase?: string } | null;
    if (record?.phase === phase) return;
    await untilBest(chain, head.number.toNumber() + 1);
  }
}

describe('two of four validators killed in the middle of a round', function () {
  this.timeout(600_000);

  let network: TestNetwork;
  let chain: Chain;
  let world: MiniWorld;
  let outcome: MiniOutcome;
  let begun: number;
  let money: ReadonlyMap<string, Money>;
  let pool: bigint;
  /** Heights without the two: finalized early and late, and the best block late. */
  const stalled = { early: -1, late: -1, best: -1 };

  const people = (): string[] =>
    [world.owner, world.user, ...world.wallets.map(({ account }) => account)].map((one) => one.address);
  const moneyOfAll = async (): Promise<Map<string, Money>> =>
    new Map(await Promise.all(people().map(async (who): Promise<[string, Money]> => [who, await moneyOf(chain, who)])));

  before(async () => {
    network = await TestNetwork.start({ basePort: 21_800, tally: { stepBlocks: 6 } });
    chain = await network.chain(DRIVER);
    // Accounts that are no validators: nothing of theirs is reserved for anything else.
    world = await MiniWorld.prepare(chain, { seed: 'silent', owner: '//Eve', user: '//Ferdie', rounds: 2 });
    // What was sent in preparation is to be final.
    await untilFinal(chain, (await chain.api.rpc.chain.getHeader()).number.toNumber());
    begun = (await finalHead(chain)).number;
    [money, pool] = [await moneyOfAll(), await poolOf(chain, world.model)];
  });

  after(async () => {
    await network?.stop();
  });

  it('nothing becomes final without them, and all that was begun ends when they are back', async () => {
    outcome = await world.run(chain, {
      async onPhase(phase, { round }) {
        if (phase !== 'Reveal') return;
        const { number } = await finalHead(chain);
        await Promise.all(SILENT.map((index) => network.kill(index)));
        // Votes that were under way may finalize what was the best block then, and no more.
        await untilBest(chain, number + 4);
        stalled.early = (await finalHead(chain)).number;
        await untilPhaseAtBest(chain, round, 'Failed');
        stalled.late = (await finalHead(chain)).number;
        stalled.best = (await chain.api.rpc.chain.getHeader()).number.toNumber();
        await Promise.all(SILENT.map((index) => network.network.launch(index)));
      },
    });
    expect(stalled.late).to.equal(stalled.early);
    expect(stalled.best).to.be.greaterThan(stalled.late + 4);
    const end = await finalHead(chain);
    await Promise.all([0, 1, 2, 3].map((index) => network.expectSame(index, end)));
  });

  it('the round failed at its deadline, and says so', () => {
    expect(outcome.phases.at(-1)).to.equal('Failed');
    expect(outcome.view.failure).to.equal('Deadline');
    // In the step after the one that was under way when they were killed at the latest; the two had not posted there.
    expect(outcome.view.failedIn?.silent).to.include.members([...SILENT]);
    expect(outcome.view.closedAt).to.be.a('number');
  });

  it('stakes and deposits are back, to the last unit, and the pool holds what it held', async () => {
    const now = await moneyOfAll();
    const fees = await feesPaid(chain, world.owner.address, begun, (await finalHead(chain)).number);
    for (const who of people()) {
      const before = money.get(who) as Money;
      expect(now.get(who), who).to.deep.equal({ free: before.free - (fees.get(who) ?? 0n), reserved: before.reserved });
    }
    expect(await poolOf(chain, world.model)).to.equal(pool);
  });

  it('the network goes on: the next round settles, and those who were silent post in it', async () => {
    const next = await world.run(chain);
    expect(next.phases.at(-1), next.view.failure ?? '').to.equal('Settled');
    const { notes, plain } = await world.payout(chain, next);
    expect(notes.map(({ origin }) => origin.score)).to.deep.equal(plain);
    const posts = await postsOf(await chain.light.finalizedState(), next.round);
    for (const index of SILENT) expect(posts.map(({ member }) => member)).to.include(index);
  });
});
