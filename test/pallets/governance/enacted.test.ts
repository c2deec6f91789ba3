/** What only the chain itself may do in other pallets, brought through a proposal in the product's runtime. */
import { expect } from 'chai';
import { curation } from '../../../pallets/curation/index.ts';
import { governancePallet } from '../../../pallets/governance/index.ts';
import { licensing } from '../../../pallets/licensing/index.ts';
import { tableHash } from '../../../pallets/licensing/table/hash.ts';
import { defaultTable } from '../../../pallets/licensing/table/default.ts';
import { ATTESTS, registry } from '../../../pallets/registry/index.ts';
import type { RuntimeCall } from '../../../pallets/support/index.ts';
import { runtime } from '../../../runtime/index.ts';
import { dev, TestChain } from '../../runtime/chain.ts';
import { named, newModel } from '../../support/registry.ts';
import { idOfTerms, openTerms, storeTerms } from '../../support/terms.ts';

const { call } = governancePallet(runtime.callTy);
const [alice, bob, eve] = [dev('Alice'), dev('Bob'), dev('Eve')];
type Pair = typeof alice;
const MODEL = { tag: 'Model' as const, value: 0n };
const PRICE = 1_000_000n;

class Chain extends TestChain {
  readonly #nonces = new Map<string, number>();
  #proposals = 0n;

  make(pair: Pair, ...calls: RuntimeCall[]): void {
    const first = this.#nonces.get(pair.address) ?? 0;
    this.#nonces.set(pair.address, first + calls.length);
    const done = this.block(calls.map((made, i) => this.signed(pair, made, first + i)));
    expect(done.outcomes).to.deep.equal(calls.map(() => 'ok'));
    expect(done.events.filter(({ name }) => name === 'ExtrinsicFailed')).to.deep.equal([]);
  }

  /** Proposes a call, votes for it, waits, and brings it. */
  govern(made: RuntimeCall): void {
    const id = this.#proposals++;
    const choice = { tag: 'Aye' as const, value: { tag: 'X1' as const } };
    const proposing = { call: runtime.callTy.codec.enc(made), title: 'Of another pallet', reasons: new Uint8Array(32) };
    this.make(alice, call.propose(proposing), call.vote({ id, choice, amount: 20_000_000_000_000n }));
    const { enactFrom } = governancePallet(runtime.callTy).use(this.ctx()).store.proposals.get(id)!;
    while (this.number < enactFrom - 1) this.block();
    this.make(bob, call.enact({ id, call: made }));
  }
}

describe('pallets/governance: calls of other pallets that only the chain makes', () => {
  it('a proposal replaces the table of licences', () => {
    const chain = new Chain();
    const table = { ...defaultTable, licences: defaultTable.licences.slice(0, -1) };
    expect(tableHash(table)).not.to.deep.equal(tableHash(defaultTable));
    const { store } = licensing.use(chain.ctx());
    expect(store.tableHash.get()).to.deep.equal(tableHash(defaultTable));
    chain.govern(licensing.call.setTable({ table }));
    expect(licensing.use(chain.ctx()).store.tableHash.get()).to.deep.equal(tableHash(table));
  });

  it('proposals admit an attester, and dismiss it', () => {
    const chain = new Chain();
    chain.make(eve, registry.call.registerAttester({ name: 'Auditors', kinds: ATTESTS.SafetyAudit }));
    const who = { tag: 'Id' as const, value: eve.publicKey };
    chain.govern(registry.call.admitAttester({ who, kinds: ATTESTS.SafetyAudit, until: 1_000 }));
    chain.make(bob, newModel(named('weights')));
    const claim = { asset: MODEL, kind: { tag: 'SafetyAudit' as const }, digest: named('report'), until: 1_000 };
    chain.make(eve, registry.call.makeClaim(claim));
    const valid = (): unknown =>
      registry.apis['EvidenceApi']!.methods['validAt']!.run(chain.ctx(), { id: 0n, block: chain.number });
    expect(valid()).to.equal(true);
    chain.govern(registry.call.dismissAttester({ who }));
    expect(valid()).to.equal(false);
  });

  it('a proposal strikes an evaluation', () => {
    const chain = new Chain();
    chain.make(bob, newModel(named('weights')));
    const terms = openTerms('MIT', { price: { tag: 'Once', value: { amount: PRICE } } });
    const offer = { asset: MODEL, terms: idOfTerms(terms), buyer: undefined, until: undefined };
    chain.make(bob, storeTerms(terms), licensing.call.offer(offer));
    chain.make(eve, licensing.call.buy({ asset: MODEL, offer: 0n, most: PRICE }), licensing.call.open({ grant: 0n }));
    chain.make(eve, curation.call.evaluate({ model: 0n, rating: 100, input: '', output: '' }));
    expect(curation.use(chain.ctx()).store.evaluations.has(0n, 0)).to.equal(true);
    chain.govern(curation.call.strike({ model: 0n, evaluation: 0 }));
    expect(curation.use(chain.ctx()).store.evaluations.has(0n, 0)).to.equal(false);
  });
});
