/**
 * Whatever is called in whatever order, beside a model that knows only what was called: sums are those of the votes, no unit votes twice on one proposal, a call
 * runs once and not before its time, and in the end all money is where it belongs. Reserves and the pallet's own invariants are looked at after every call.
 */
import { expect } from 'chai';
import * as fc from 'fast-check';
import { balances, reservedOf, totalIssuance } from '../../../pallets/balances/index.ts';
import { Origin, type RuntimeCall, TREASURY } from '../../../pallets/support/index.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import {
  accounts,
  call,
  governance,
  makeModel,
  MONEY,
  openScene,
  PERIODS,
  propose,
  type Scene,
  setBurn,
  TAC,
  type Times,
  to,
} from './scene.ts';

const PEOPLE = accounts.slice(0, 5);
const TIMES: Readonly<Record<Times, bigint>> = { X1: 1n, X2: 2n, X3: 3n, X4: 4n };
const PATRON = accounts[8]!;
const MODELS = [1n, 2n];

interface Vote {
  readonly side: 'Aye' | 'Nay' | 'Abstain';
  readonly times: Times;
  readonly amount: bigint;
}
interface Known {
  readonly opened: number;
  readonly votes: Map<string, Vote>;
}
type Step =
  | { tag: 'propose'; who: number }
  | { tag: 'vote'; who: number; back: number; vote: Vote }
  | { tag: 'removeVote' | 'enact' | 'close' | 'withdraw' | 'cancel'; who: number; back: number }
  | { tag: 'unlock' | 'stand' | 'removeApproval' | 'holdElection'; who: number }
  | { tag: 'approve'; who: number; first: number; amount: bigint }
  | { tag: 'suspend' | 'lift' | 'overrule' | 'endReview'; who: number; model: bigint; reason: number }
  | { tag: 'pay'; who: number; to: number; amount: bigint }
  | { tag: 'spend'; who: number; amount: bigint }
  | { tag: 'wait'; blocks: number };

const who = fc.nat({ max: PEOPLE.length - 1 });
/** How far back from the latest proposal. */
const back = fc.nat({ max: 3 });
const amount = fc.bigInt({ min: TAC - 1n, max: MONEY });
const vote = fc.record({
  side: fc.constantFrom('Aye' as const, 'Aye' as const, 'Aye' as const, 'Nay' as const, 'Abstain' as const),
  times: fc.constantFrom<Times>('X1', 'X2', 'X3', 'X4'),
  amount: fc.bigInt({ min: TAC - 1n, max: MONEY / 2n }),
});
const on = (...tags: ('removeVote' | 'enact' | 'close' | 'withdraw' | 'cancel')[]) =>
  fc.record({ tag: fc.constantFrom(...tags), who, back });
const ofPanel = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      tag: fc.constantFrom('suspend' as const, 'suspend' as const, 'lift' as const, 'endReview' as const),
      who: fc.nat({ max: 2 }),
      model: fc.constantFrom(...MODELS),
      reason: fc.nat({ max: 1 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      tag: fc.constant('overrule' as const),
      who,
      model: fc.constantFrom(...MODELS),
      reason: fc.constant(0),
    }),
  },
  { weight: 3, arbitrary: fc.record({ tag: fc.constantFrom('stand' as const, 'removeApproval' as const), who }) },
  { weight: 2, arbitrary: fc.record({ tag: fc.constant('holdElection' as const), who }) },
  { weight: 3, arbitrary: fc.record({ tag: fc.constant('approve' as const), who, first: fc.nat({ max: 9 }), amount }) },
);
const ofProposals = fc.oneof(
  { weight: 4, arbitrary: fc.record({ tag: fc.constant('propose' as const), who }) },
  { weight: 12, arbitrary: fc.record({ tag: fc.constant('vote' as const), who, back, vote }) },
  { weight: 10, arbitrary: on('enact') },
  { weight: 6, arbitrary: on('removeVote', 'close', 'withdraw') },
  { weight: 1, arbitrary: on('cancel') },
);
const ofMoney = fc.oneof(
  fc.record({ tag: fc.constant('unlock' as const), who }),
  fc.record({ tag: fc.constant('pay' as const), who, to: who, amount }),
  fc.record({ tag: fc.constant('spend' as const), who, amount }),
);
const stepsOf = (proposals: number, panel: number): fc.Arbitrary<Step[]> => {
  const wait = fc.record({ tag: fc.constant('wait' as const), blocks: fc.integer({ min: 1, max: 7 }) });
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: proposals, arbitrary: ofProposals },
    { weight: panel, arbitrary: ofPanel },
    { weight: 5, arbitrary: ofMoney },
    { weight: 10, arbitrary: wait },
  );
  return fc.array(step, { minLength: 80, maxLength: 140, size: 'max' });
};

/** The chain and what is known of it from the calls that succeeded. */
class Run {
  readonly proposals: Known[] = [];
  readonly enacted = new Map<bigint, number>();
  readonly seen = new Set<string>();
  readonly chain: Scene = openScene();
  readonly #electorates: bigint[] = [];

  constructor() {
    for (const model of MODELS) makeModel(this.chain, model, accounts[9]!);
    // A panel is in office from the beginning: by chance alone there is hardly ever one.
    for (const account of PEOPLE.slice(0, 3)) this.chain.ok(account, call.stand({}));
    this.chain.ok(PATRON, call.approve({ candidates: [0, 1, 2], amount: 10_000n * TAC }));
    this.chain.runToBlock(PERIODS.termBlocks);
    this.chain.ok(PATRON, call.holdElection({}));
  }

  step(step: Step): void {
    if (step.tag === 'wait') {
      this.chain.runToBlock(this.chain.ctx.block + step.blocks);
      this.#compare();
      return;
    }
    const { origin, made, done } = this.#call(step);
    const before = this.chain.events.length;
    if (this.chain.dispatch(origin, made) !== 'ok') {
      this.#compare();
      return;
    }
    this.seen.add(step.tag);
    for (const { name, data } of this.chain.events.slice(before)) if (name === 'Enacted') this.#noteEnacted(data);
    done?.();
    this.#compare();
  }

  #noteEnacted(data: unknown): void {
    const { id } = data as { id: bigint };
    const { block } = this.chain.ctx;
    const from = this.proposals[Number(id)]!.opened + PERIODS.votingBlocks + PERIODS.timeLockBlocks;
    expect(this.enacted.has(id), `proposal ${id} ran before`).to.equal(false);
    expect(block, `proposal ${id}`).to.be.within(from, from + PERIODS.windowBlocks - 1);
    const { ayes, nays, support } = this.#sums(Number(id));
    expect(ayes > nays && support * 10_000n >= 200n * this.#electorates[Number(id)]!).to.equal(true);
    this.enacted.set(id, block);
  }

  #call(step: Exclude<Step, { tag: 'wait' }>): { origin: Origin; made: RuntimeCall; done?: () => void } {
    const account = PEOPLE[step.who]!;
    const origin = Origin.signed(account);
    const latest = this.proposals.length - 1;
    const at = 'back' in step ? Math.max(0, latest - step.back) : 0;
    const id = BigInt(at);
    const key = toHex(account);
    switch (step.tag) {
      case 'propose': {
        const electorate = totalIssuance(this.chain.ctx);
        const done = () => {
          this.#electorates.push(electorate);
          this.proposals.push({ opened: this.chain.ctx.block, votes: new Map() });
        };
        return { origin, made: propose(setBurn(BigInt(latest + 1))), done };
      }
      case 'vote': {
        const { side, times, amount: units } = step.vote;
        const choice = side === 'Abstain' ? { tag: side, value: undefined } : { tag: side, value: { tag: times } };
        const done = () => this.proposals[at]!.votes.set(key, step.vote);
        return { origin, made: call.vote({ id, choice, amount: units }), done };
      }
      case 'removeVote':
        return { origin, made: call.removeVote({ id }), done: () => this.proposals[at]!.votes.delete(key) };
      case 'enact':
        return { origin, made: call.enact({ id, call: setBurn(id) }) };
      case 'close':
      case 'withdraw':
        return { origin, made: call[step.tag]({ id }) };
      case 'cancel':
        return { origin: Origin.root, made: call.cancel({ id, depositLost: step.who === 0 }) };
      case 'unlock':
        return { origin, made: call.unlock({ who: to(account) }) };
      case 'stand':
      case 'removeApproval':
      case 'holdElection':
        return { origin, made: call[step.tag]({}) };
      case 'approve':
        return { origin, made: call.approve({ candidates: this.#candidates(step.first), amount: step.amount }) };
      case 'suspend':
        return { origin, made: call.panelSuspend({ model: step.model, reason: new Uint8Array(32).fill(step.reason) }) };
      case 'lift':
        return { origin, made: call.panelLift({ model: step.model }) };
      case 'endReview':
        return { origin, made: call.endReview({ model: step.model }) };
      case 'overrule':
        return { origin: Origin.root, made: call.overrule({ model: step.model }) };
      case 'pay':
        return { origin, made: balances.call.transferKeepAlive({ dest: to(PEOPLE[step.to]!), value: step.amount }) };
      case 'spend':
        return { origin: Origin.root, made: call.spend({ beneficiary: to(account), amount: step.amount }) };
    }
  }

  #candidates(first: number): number[] {
    const known = governance.use(this.chain.ctx).store.candidates.get();
    return known
      .slice(first % Math.max(1, known.length))
      .map(({ id }) => id)
      .slice(0, 8);
  }

  #sums(at: number): { ayes: bigint; nays: bigint; support: bigint; voters: number } {
    const sums = { ayes: 0n, nays: 0n, support: 0n, voters: 0 };
    for (const { side, times, amount: units } of this.proposals[at]!.votes.values()) {
      sums.voters++;
      if (side === 'Aye') sums.ayes += units * TIMES[times];
      if (side === 'Nay') sums.nays += units * TIMES[times];
      if (side !== 'Nay') sums.support += units;
    }
    return sums;
  }

  /** Sums of every open proposal, also when its voting is over; until then every vote is money that is reserved. */
  #compare(): void {
    const { ctx } = this.chain;
    for (const [[id], { tally, closes }] of governance.use(ctx).store.proposals.entries()) {
      const { ayes, nays, support, voters } = this.#sums(Number(id));
      const found = [tally.ayes, tally.nays, tally.ayeStake + tally.abstainStake, tally.voters];
      expect(found, `proposal ${id}`).to.deep.equal([ayes, nays, support, voters]);
      if (ctx.block >= closes) continue;
      for (const account of PEOPLE) {
        const voted = this.proposals[Number(id)]!.votes.get(toHex(account))?.amount ?? 0n;
        expect(voted <= reservedOf(ctx, account), `a vote of ${voted} on ${id}`).to.equal(true);
      }
    }
  }

  /** Everybody goes home: nothing stays reserved, and nothing is lost but what the rules take. */
  end(): void {
    const { chain } = this;
    chain.runToBlock(chain.ctx.block + 100);
    for (const id of governance
      .use(chain.ctx)
      .store.open.get()
      .map((open) => open.id))
      chain.ok(PEOPLE[0]!, call.close({ id }));
    for (let term = 0; term < 2; term++) {
      chain.ok(PEOPLE[0]!, call.holdElection({}));
      chain.runToBlock(chain.ctx.block + PERIODS.termBlocks);
    }
    for (const account of [...PEOPLE, PATRON]) {
      if (governance.use(chain.ctx).store.commitments.has(account))
        chain.ok(account, call.unlock({ who: to(account) }));
      expect(chain.reserved(account)).to.equal(0n);
    }
    const held = [...accounts, TREASURY].reduce((sum, account) => sum + chain.free(account), 0n);
    expect(held).to.equal(totalIssuance(chain.ctx));
    const suspensions = [...governance.use(chain.ctx).store.suspensions.entries()].length;
    expect(totalIssuance(chain.ctx)).to.equal(10n * MONEY - BigInt(suspensions) * TAC);
  }
}

describe('pallets/governance: any sequence of calls', function () {
  for (const [name, proposals, panel] of [
    ['proposals', 33, 5],
    ['the panel', 5, 33],
  ] as const) {
    it(`mostly about ${name}: sums are those of the votes, what has passed runs once and in time, no money is left behind`, () => {
      const seen = new Set<string>();
      const counts = { enacted: 0, suspended: 0 };
      fc.assert(
        fc.property(stepsOf(proposals, panel), (steps) => {
          const run = new Run();
          for (const each of steps) run.step(each);
          run.end();
          for (const each of run.seen) seen.add(each);
          counts.enacted += run.enacted.size;
          counts.suspended += [...governance.use(run.chain.ctx).store.suspensions.entries()].length;
        }),
        { numRuns: 20 },
      );
      const both = ['propose', 'vote', 'unlock', 'stand', 'approve', 'holdElection', 'pay', 'spend'];
      const own =
        name === 'proposals'
          ? ['removeVote', 'enact', 'close', 'withdraw', 'cancel']
          : ['suspend', 'lift', 'overrule', 'endReview'];
      expect([...seen]).to.include.members([...both, ...own]);
      expect(name === 'proposals' ? counts.enacted : counts.suspended, JSON.stringify(counts)).to.be.greaterThan(3);
    });
  }
});
