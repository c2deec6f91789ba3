/** Calls of `Licensing`: terms as long as they may be, grants with every seat, works that come from as many others as they may, each by a waiver. */
import { buildLocalSpec, parseChainSpec } from '../../../chain-spec/index.ts';
import { mint } from '../../../pallets/balances/index.ts';
import { defaultTable } from '../../../pallets/licensing/gate/index.ts';
import { bindDerivation, licensing, type Terms } from '../../../pallets/licensing/index.ts';
import { type Asset, createAsset } from '../../../pallets/ownership/index.ts';
import { type Context, type MultiAddress, Origin, type RuntimeCall } from '../../../pallets/support/index.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { terms as termsTy } from '../../../pallets/licensing/types.ts';
import { runtime } from '../../../runtime/index.ts';
import { TestChain } from '../../../test/runtime/chain.ts';
import type { Prepared } from '../measure.ts';
import type { Scenario } from '../scenario.ts';

const spec = parseChainSpec(buildLocalSpec({ validators: 4 }));
const { call } = licensing;
const PARENTS = 64;
const SEATS = 64;
const MONEY = 10_000_000_000n;
const who = (n: number): Uint8Array => new Uint8Array(32).fill(n);
const to = (account: Uint8Array): MultiAddress => ({ tag: 'Id', value: account });
const [owner, holder, other, maker] = [who(0xa1), who(0xa2), who(0xa3), who(0xa4)] as const;
const seat = (n: number): Uint8Array => who(n + 1);
const work: Asset = { tag: 'Model', value: 1_000n };
/** Whose the parents of the work are. */
const licensor = (n: number): Uint8Array => blake2b256(who(n));
const parent = (n: number): Asset => ({ tag: 'Data', value: BigInt(2_000 + n) });
const idOf = (terms: Terms): Uint8Array => blake2b256(termsTy.codec.enc(terms));
const reason = who(7);

const base: Terms = {
  base: { tag: 'Custom', value: who(9) },
  purposes: 1,
  tiers: 31,
  seats: undefined,
  price: { tag: 'Subscription', value: { amount: 10_000n, period: 100 } },
  duration: undefined,
  uses: undefined,
  grace: 100,
  transferable: true,
  derivatives: { tag: 'Yes' },
  revenueShare: 0,
  revenueCeiling: undefined,
  restrictions: 1,
  territory: [],
  renewal: { tag: 'Automatic' },
  approvers: [],
  approvals: 0,
};
/** The same, and nobody is bound by it. */
const narrower: Terms = { ...base, tiers: 30 };
const counted: Terms = { ...base, uses: 1_000_000n };
/** Nothing is in escrow: a sale is opened by the call that makes it count. */
const singly: Terms = { ...base, price: { tag: 'PerUse', value: { amount: 5n } }, grace: 0, renewal: { tag: 'None' } };
const guarded: Terms = { ...singly, approvers: [other], approvals: 1 };
/** Every list as long as it may be. */
const longest: Terms = {
  ...base,
  base: { tag: 'Spdx', value: 'x'.repeat(128) },
  price: { tag: 'Volume', value: { steps: Array.from({ length: 8 }, (_, i) => ({ from: BigInt(i), amount: 5n })) } },
  grace: 0,
  renewal: { tag: 'None' },
  territory: Array.from({ length: 64 }, (_, i) => new Uint8Array([65 + (i >> 4), 65 + (i & 15)])),
  approvers: Array.from({ length: 8 }, (_, i) => who(i)),
  approvals: 8,
};
/** What each parent of the work is under: more is forbidden there than by the work's own terms, which a waiver lets pass. */
const strict = (n: number): Terms => ({
  ...base,
  price: { tag: 'Free' },
  grace: 0,
  renewal: { tag: 'None' },
  restrictions: 3,
  revenueCeiling: undefined,
  base: { tag: 'Custom', value: who(n + 20) },
});

/** A block in which the owner has a work, and people have money. */
class Bench {
  readonly #ctx: Context = new TestChain(spec).begin().ctx;

  constructor() {
    this.#ctx.phase = { tag: 'ApplyExtrinsic', value: 0 };
    for (const account of [owner, holder, other, maker]) mint(this.#ctx, account, MONEY);
    createAsset(this.#ctx, work, owner, 0n);
  }

  get ctx(): Context {
    return this.#ctx;
  }

  make(account: Uint8Array, made: RuntimeCall): this {
    const error = runtime.composition.dispatch(this.#ctx, Origin.signed(account), made);
    if (error !== undefined) throw new Error(`${made.value.tag}: ${runtime.composition.errorName(error)}`);
    return this;
  }

  ready(account: Uint8Array, made: RuntimeCall): Prepared {
    return { composition: runtime.composition, ctx: this.#ctx, origin: Origin.signed(account), call: made };
  }

  store(...list: Terms[]): this {
    for (const terms of list) this.make(maker, call.storeTerms({ terms }));
    return this;
  }

  /** The work comes from as many others as it may; each owner waives a clause for `terms`. */
  bind(terms: Uint8Array): this {
    const parents = Array.from({ length: PARENTS }, (_, n) => ({ asset: parent(n), relation: 'TrainedOn' as const }));
    for (const [n, { asset }] of parents.entries()) {
      mint(this.#ctx, licensor(n), MONEY);
      createAsset(this.#ctx, asset, licensor(n), 0n);
      this.store(strict(n));
      this.make(licensor(n), call.setTerms({ asset, terms: idOf(strict(n)) }));
    }
    bindDerivation(this.#ctx, work, { owner, terms: undefined, parents });
    const clause = { tag: 'RestrictionDropped' as const };
    for (const [n, { asset }] of parents.entries()) this.make(licensor(n), call.waive({ asset, owner, terms, clause }));
    return this;
  }

  /** A sale of the work to the holder, up to where its price is in escrow. */
  sell(terms: Terms): this {
    this.store(terms);
    this.make(owner, call.offer({ asset: work, terms: idOf(terms), buyer: holder, until: undefined }));
    return this.make(holder, call.buy({ asset: work, offer: 0n, most: MONEY }));
  }

  /** A grant of the holder, open, with so many seats. */
  grant(terms: Terms, seats: number): this {
    this.sell(terms).make(holder, call.open({ grant: 0n }));
    const uses = terms.uses === undefined ? undefined : 10n;
    for (let n = 0; n < seats; n++) this.make(holder, call.assignSeat({ grant: 0n, account: to(seat(n)), uses }));
    return this;
  }

  /** So many blocks later. Nothing else happens in them. */
  later(blocks: number): this {
    (this.#ctx.header as { number: number }).number += blocks;
    return this;
  }
}

const grant = { grant: 0n };
const fresh = (): Bench => new Bench();
const full = (): Bench => fresh().grant(counted, SEATS);
const revoked = (): Bench => full().make(owner, call.revoke({ ...grant, reason }));
const amended = (): Bench =>
  full()
    .store(narrower)
    .make(owner, call.proposeAmendment({ ...grant, terms: idOf(narrower) }));
const funded = (): Bench => full().make(holder, call.setRenewalFund({ ...grant, fund: 1_000_000n }));
/** A grant with seats, of a work that its owner may amend by waivers only. */
function boundAmendment(): Bench {
  const terms = { ...counted, tiers: 30 };
  const bench = full().store(terms).bind(idOf(terms));
  return bench.make(owner, call.proposeAmendment({ ...grant, terms: idOf(terms) }));
}
const waiver = { asset: work, owner: holder, terms: idOf(base) };
const clauses = ['NeedsApproval', 'TierMissing', 'NonCommercial', 'ShareAlike', 'SameTerms', 'NoTraining'] as const;
function waived(): Bench {
  const bench = fresh();
  for (const tag of clauses.slice(1)) bench.make(owner, call.waive({ ...waiver, clause: { tag } }));
  return bench;
}

export const licensingScenarios: readonly Scenario[] = [
  { call: 'Licensing.storeTerms', prepare: () => fresh().ready(maker, call.storeTerms({ terms: longest })) },
  {
    call: 'Licensing.removeTerms',
    prepare: () =>
      fresh()
        .store(longest)
        .ready(maker, call.removeTerms({ id: idOf(longest) })),
  },
  {
    call: 'Licensing.setTerms',
    prepare() {
      const bench = fresh()
        .store(narrower, base)
        .make(owner, call.setTerms({ asset: work, terms: idOf(narrower) }));
      return bench.bind(idOf(base)).ready(owner, call.setTerms({ asset: work, terms: idOf(base) }));
    },
  },
  {
    call: 'Licensing.offer',
    prepare() {
      const offer = call.offer({ asset: work, terms: idOf(base), buyer: holder, until: 1_000 });
      return fresh().store(base).bind(idOf(base)).ready(owner, offer);
    },
  },
  {
    call: 'Licensing.withdrawOffer',
    prepare() {
      const offer = call.offer({ asset: work, terms: idOf(base), buyer: holder, until: 1_000 });
      return fresh()
        .store(base)
        .make(owner, offer)
        .ready(owner, call.withdrawOffer({ asset: work, offer: 0n }));
    },
  },
  {
    call: 'Licensing.buy',
    prepare() {
      const offer = call.offer({ asset: work, terms: idOf(singly), buyer: holder, until: 1_000 });
      return fresh()
        .store(singly)
        .make(owner, offer)
        .ready(holder, call.buy({ asset: work, offer: 0n, most: MONEY }));
    },
  },
  { call: 'Licensing.approveSale', prepare: () => fresh().sell(guarded).ready(other, call.approveSale(grant)) },
  { call: 'Licensing.open', prepare: () => fresh().sell(base).ready(holder, call.open(grant)) },
  { call: 'Licensing.refund', prepare: () => fresh().sell(base).ready(owner, call.refund(grant)) },
  {
    call: 'Licensing.assignSeat',
    prepare() {
      const assign = call.assignSeat({ ...grant, account: to(other), uses: 5n });
      return fresh()
        .grant(counted, SEATS - 1)
        .ready(holder, assign);
    },
  },
  {
    call: 'Licensing.moveSeat',
    prepare() {
      const move = call.moveSeat({ ...grant, from: to(seat(SEATS - 1)), to: to(other) });
      return aged().ready(holder, move);
    },
  },
  {
    call: 'Licensing.removeSeat',
    prepare: () => aged().ready(holder, call.removeSeat({ ...grant, account: to(seat(SEATS - 1)) })),
  },
  {
    call: 'Licensing.transfer',
    prepare() {
      const bench = amended().make(holder, call.setRenewalFund({ ...grant, fund: 1_000_000n }));
      return bench.ready(holder, call.transfer({ ...grant, to: to(other) }));
    },
  },
  { call: 'Licensing.renew', prepare: () => full().ready(holder, call.renew({ ...grant, most: MONEY })) },
  {
    call: 'Licensing.setRenewalFund',
    prepare: () => full().ready(holder, call.setRenewalFund({ ...grant, fund: 1_000_000n })),
  },
  { call: 'Licensing.pokeRenewal', prepare: () => funded().later(100).ready(other, call.pokeRenewal(grant)) },
  { call: 'Licensing.revoke', prepare: () => full().ready(owner, call.revoke({ ...grant, reason })) },
  { call: 'Licensing.contest', prepare: () => revoked().ready(holder, call.contest(grant)) },
  { call: 'Licensing.takeBack', prepare: () => revoked().ready(owner, call.takeBack(grant)) },
  {
    call: 'Licensing.proposeAmendment',
    prepare() {
      const bench = full().store(narrower).bind(idOf(narrower));
      return bench.ready(owner, call.proposeAmendment({ ...grant, terms: idOf(narrower) }));
    },
  },
  {
    call: 'Licensing.acceptAmendment',
    prepare: () =>
      boundAmendment().ready(holder, call.acceptAmendment({ ...grant, terms: idOf({ ...counted, tiers: 30 }) })),
  },
  { call: 'Licensing.dropAmendment', prepare: () => amended().ready(owner, call.dropAmendment(grant)) },
  { call: 'Licensing.close', prepare: () => amended().ready(holder, call.close(grant)) },
  {
    call: 'Licensing.waive',
    prepare: () => waived().ready(owner, call.waive({ ...waiver, clause: { tag: 'NeedsApproval' } })),
  },
  {
    call: 'Licensing.withdrawWaiver',
    prepare: () => waived().ready(owner, call.withdrawWaiver({ ...waiver, clause: { tag: 'ShareAlike' } })),
  },
  {
    call: 'Licensing.approveDerivative',
    prepare: () => waived().ready(owner, call.approveDerivative(waiver)),
  },
  {
    call: 'Licensing.setTable',
    prepare: () => ({ ...fresh().ready(owner, call.setTable({ table: defaultTable })), origin: Origin.root }),
  },
];

/** Seats that may be moved. */
function aged(): Bench {
  return fresh()
    .grant(
      { ...counted, price: { tag: 'Once', value: { amount: 10_000n } }, grace: 0, renewal: { tag: 'None' } },
      SEATS,
    )
    .later(600);
}
