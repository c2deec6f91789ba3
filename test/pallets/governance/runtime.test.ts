/** Governance in the product's runtime: signed extrinsics, blocks with weights and fees, and what clients ask. */
import { expect } from 'chai';
import { freeOf } from '../../../pallets/balances/index.ts';
import { parameter } from '../../../pallets/parameters/index.ts';
import type { RuntimeCall } from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { utilityPallet } from '../../../pallets/utility/index.ts';
import { governancePallet } from '../../../pallets/governance/index.ts';
import { parameters } from '../../../pallets/parameters/index.ts';
import { runtime } from '../../../runtime/index.ts';
import { dev, TestChain } from '../../runtime/chain.ts';

const { call, apis } = governancePallet(runtime.callTy);
const [alice, bob] = [dev('Alice'), dev('Bob')];
const K = 1_000_000_000n;
const wanted = parameters.call.setParameter({ name: { tag: 'LicenceBurn' }, value: 250n });
const proposing = (made: RuntimeCall): RuntimeCall =>
  call.propose({ call: runtime.callTy.codec.enc(made), title: 'Burn more', reasons: new Uint8Array(32) });
const aye = (id: bigint): RuntimeCall =>
  call.vote({ id, choice: { tag: 'Aye', value: { tag: 'X1' } }, amount: 20_000n * K });

class Chain extends TestChain {
  readonly #nonces = new Map<string, number>();

  make(pair: typeof alice, ...calls: RuntimeCall[]) {
    const first = this.#nonces.get(pair.address) ?? 0;
    this.#nonces.set(pair.address, first + calls.length);
    const done = this.block(calls.map((made, i) => this.signed(pair, made, first + i)));
    expect(done.outcomes).to.deep.equal(calls.map(() => 'ok'));
    return done.events.filter(({ name }) => name === 'ExtrinsicFailed').length;
  }

  until(block: number): void {
    while (this.number < block - 1) this.block();
  }

  ask<T>(method: string, inputs: Record<string, unknown> = {}): T {
    return apis['GovernanceApi']!.methods[method]!.run(this.ctx(), inputs) as T;
  }
}

describe('pallets/governance: in the runtime', () => {
  it('changes a parameter by the development chain’s periods, from the first block to the last', () => {
    const chain = new Chain();
    expect(chain.make(alice, proposing(wanted), aye(0n))).to.equal(0);
    const [info] = chain.ask<{ id: bigint; phase: { tag: string }; proposal: { closes: number; enactFrom: number } }[]>(
      'proposals',
      { from: 0n, limit: 10 },
    );
    const { closes, enactFrom } = info!.proposal;
    expect([info!.phase.tag, closes, enactFrom]).to.deep.equal(['Voting', 9, 12]);
    chain.until(enactFrom - 1);
    expect(chain.make(bob, call.enact({ id: 0n, call: wanted })), 'a block too early').to.equal(1);
    expect(parameter(chain.ctx(), 'LicenceBurn')).to.equal(100n);
    expect(chain.make(bob, call.enact({ id: 0n, call: wanted }))).to.equal(0);
    expect([chain.number, parameter(chain.ctx(), 'LicenceBurn')]).to.deep.equal([enactFrom, 250n]);
    expect(chain.make(bob, call.enact({ id: 0n, call: wanted })), 'a second time').to.equal(1);
  });

  it('the heaviest call that is taken finds room in a block, and who brings it pays for its weight', () => {
    const utility = utilityPallet(runtime.callTy);
    const weightOf = (made: RuntimeCall): bigint => runtime.composition.infoOf(made).weight;
    const { maxExtrinsic } = system.constants.BlockWeights.value.perClass.normal;
    const most = 500_000_000_000n;
    expect(most * 2n < (maxExtrinsic as { refTime: bigint }).refTime).to.equal(true);
    // Batches of elections, of which each weighs some milliseconds.
    const one = weightOf(call.holdElection({}));
    const batch = (n: number) => utility.call.batch({ calls: Array.from({ length: n }, () => call.holdElection({})) });
    const many = Number((most - weightOf(batch(0))) / one);
    const heavy = utility.call.batch({
      calls: Array.from({ length: Math.ceil(many / 200) }, (_, i) => batch(Math.min(200, many - 200 * i))),
    });
    expect(weightOf(heavy) > (most * 9n) / 10n && weightOf(heavy) <= most).to.equal(true);
    const chain = new Chain();
    expect(chain.make(alice, proposing(heavy), aye(0n))).to.equal(0);
    chain.until(12);
    const before = freeOf(chain.ctx(), bob.publicKey);
    expect(chain.make(bob, call.enact({ id: 0n, call: heavy }))).to.equal(0);
    const paid = before - freeOf(chain.ctx(), bob.publicKey);
    const remark = system.call.remark({ remark: new Uint8Array(0) });
    chain.make(bob, remark);
    const cheap = before - paid - freeOf(chain.ctx(), bob.publicKey);
    expect(paid > 100n * cheap, `${paid} against ${cheap}`).to.equal(true);
  });

  it('pages through proposals, and tells deposits, votes, panel, treasury and upgrade', () => {
    const chain = new Chain();
    chain.make(alice, proposing(wanted), proposing(wanted), proposing(wanted), aye(1n));
    const ids = (from: bigint, limit: number) =>
      chain.ask<{ id: bigint }[]>('proposals', { from, limit }).map(({ id }) => id);
    expect([ids(0n, 2), ids(2n, 2), ids(3n, 2), ids(0n, 0)]).to.deep.equal([[0n, 1n], [2n], [], []]);
    expect(chain.ask('proposal', { id: 7n })).to.equal(undefined);
    const { proposal } = chain.ask<{ proposal: { tally: { ayeStake: bigint } } }>('proposal', { id: 1n });
    expect(proposal.tally.ayeStake).to.equal(20_000n * K);
    const deposits = [chain.ask<bigint>('deposit', { callLength: 10 })];
    chain.make(alice, proposing(wanted));
    deposits.push(chain.ask<bigint>('deposit', { callLength: 10 }));
    expect(deposits).to.deep.equal([100_001_000n, 200_001_000n]);
    const votes = chain.ask<{ held: bigint; commitments: unknown[]; unlocks: unknown[] }>('votes', {
      who: alice.publicKey,
    });
    expect([votes.held, votes.commitments.length]).to.deep.equal([20_000n * K, 1]);
    expect(votes.unlocks).to.deep.equal([{ block: 9, amount: 20_000n * K }]);
    const panel = chain.ask<{ inOffice: boolean; election: unknown }>('panel');
    expect([panel.inOffice, panel.election]).to.deep.equal([false, { number: 1, closes: 30 }]);
    const treasury = chain.ask<{ free: bigint; left: bigint }>('treasury');
    expect([treasury.free, treasury.left]).to.deep.equal([0n, 1_000_000n * 1_000_000n]);
    expect(chain.ask('upgrade')).to.equal(undefined);
  });
});
