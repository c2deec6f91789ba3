/** Whether a work may come from others: standing, consent, licence, clause; waivers for exactly one work; what holds of it ever after. */
import { expect } from 'chai';
import {
  bindDerivation,
  checkDerivation,
  type Derivation,
  licensing,
  type RelationName,
  type Terms,
  termsUnder,
} from '../../../pallets/licensing/index.ts';
import { createAsset, freeze, ownership, revokeAsset, setOptedOut } from '../../../pallets/ownership/index.ts';
import { DispatchFailure, type PalletError } from '../../../pallets/support/index.ts';
import { acceptShare, acceptTitle } from '../../support/ownership.ts';
import {
  BUYER,
  by,
  call,
  CAROL,
  CHILD,
  DATA,
  errors,
  EVE,
  makeTerms,
  MODEL,
  once,
  OWNER,
  scene,
  type Scene,
  to,
  who,
} from './support.ts';

const CUSTOM: Terms['base'] = { tag: 'Custom', value: who(9) };
const OPEN = makeTerms({ base: CUSTOM });
/** What the works of the tests are to be under. */
const OWN = makeTerms({ base: { tag: 'Custom', value: who(8) }, price: once(700n) });
const from = (relation: RelationName = 'TrainedOn', grant?: bigint, asset = DATA) => ({ asset, relation, grant });
const derive = (chain: Scene, by: Partial<Derivation> = {}): Derivation => {
  return { owner: who(BUYER), terms: chain.stored(OWN), parents: [from()], ...by };
};
/** The name of the refusal, or what is owed. */
function outcome(chain: Scene, d: Derivation): unknown {
  try {
    return checkDerivation(chain.ctx, d);
  } catch (error) {
    if (!(error instanceof DispatchFailure)) throw error;
    return error.message;
  }
}
const named = ({ pallet, name }: PalletError): string => `${pallet}.${name}`;
const put = (chain: Scene, terms: Terms, asset = DATA): void =>
  chain.ok(OWNER, call.setTerms({ asset, terms: chain.stored(terms) }));
const NOTHING = [{ shareBps: 0, ceiling: undefined }];
const api = (chain: Scene, d: Derivation) => {
  const parents = d.parents.map((parent) => ({ ...parent, relation: { tag: parent.relation } }));
  const inputs = { owner: d.owner, terms: d.terms, parents };
  return licensing.apis.LicensingApi!.methods.checkDerivation!.run(chain.ctx, inputs) as {
    clause: string | undefined;
    cure: string;
  }[];
};

describe('licensing: derived works', () => {
  it('come from nothing that has no licence', () => {
    const chain = scene();
    expect(outcome(chain, derive(chain))).to.equal(named(errors.NoLicence));
    put(chain, OPEN);
    expect(outcome(chain, derive(chain))).to.deep.equal(NOTHING);
    chain.ok(OWNER, call.setTerms({ asset: DATA, terms: undefined }));
    expect(outcome(chain, derive(chain))).to.equal(named(errors.NoLicence));
  });

  it('come from nothing that is unknown, frozen or revoked, whoever asks', () => {
    const chain = scene();
    put(chain, OPEN);
    const unknown = derive(chain, { parents: [from('TrainedOn', undefined, { tag: 'Data', value: 77n })] });
    expect(outcome(chain, unknown)).to.equal('Ownership.UnknownAsset');
    freeze(chain.ctx, DATA, 9);
    for (const owner of [BUYER, OWNER])
      expect(outcome(chain, derive(chain, { owner: who(owner) }))).to.equal('Ownership.Frozen');
    revokeAsset(chain.ctx, DATA);
    expect(outcome(chain, derive(chain))).to.equal('Ownership.Revoked');
  });

  it('an opt-out goes before every licence, in every relation that trains, for grants and owners too', () => {
    const chain = scene();
    put(chain, OPEN);
    const grant = chain.bought(BUYER, makeTerms({ base: CUSTOM, price: once(500n) }), DATA);
    setOptedOut(chain.ctx, DATA, true);
    for (const relation of ['TrainedOn', 'FinetunedFrom', 'DistilledFrom', 'AdapterFor'] as const) {
      for (const by of [{}, { owner: who(OWNER) }]) {
        const d = derive(chain, { ...by, parents: [from(relation)] });
        expect(outcome(chain, d), relation).to.equal(named(errors.OptedOut));
      }
      expect(outcome(chain, derive(chain, { parents: [from(relation, grant)] }))).to.equal(named(errors.OptedOut));
    }
    const merged = derive(chain, { parents: [from('MergedFrom'), from('QuantizedFrom')] });
    expect(outcome(chain, merged)).to.deep.equal([...NOTHING, ...NOTHING]);
    const waive = { asset: DATA, owner: who(BUYER), terms: chain.stored(OWN) };
    chain.ok(OWNER, call.approveDerivative(waive));
    expect(outcome(chain, derive(chain))).to.equal(named(errors.OptedOut));
  });

  it('need a grant where the terms are not open: of their own maker, valid, and with the tier of the relation', () => {
    const chain = scene();
    const sold = makeTerms({ base: CUSTOM, price: once(500n), tiers: 16, duration: 10 });
    put(chain, sold);
    expect(outcome(chain, derive(chain))).to.equal(named(errors.GrantMissing));
    expect(outcome(chain, derive(chain, { parents: [from('FinetunedFrom')] }))).to.equal(named(errors.TierMissing));
    const grant = chain.bought(BUYER, sold, DATA);
    expect(outcome(chain, derive(chain))).to.deep.equal(NOTHING);
    expect(outcome(chain, derive(chain, { parents: [from('TrainedOn', grant)] }))).to.deep.equal(NOTHING);
    const tuned = derive(chain, { parents: [from('FinetunedFrom', grant)] });
    expect(outcome(chain, tuned)).to.equal(named(errors.TierMissing));
    // another's grant, a seat, a grant of something else
    const others = [
      derive(chain, { owner: who(CAROL), parents: [from('TrainedOn', grant)] }),
      derive(chain, { parents: [from('TrainedOn', 77n)] }),
      derive(chain, { parents: [from('TrainedOn', chain.bought(BUYER, sold, MODEL))] }),
    ];
    for (const d of others) expect(outcome(chain, d)).to.equal(named(errors.GrantMissing));
    chain.ok(BUYER, call.assignSeat({ grant, account: to(CAROL), uses: undefined }));
    expect(outcome(chain, derive(chain, { owner: who(CAROL) }))).to.equal(named(errors.GrantMissing));
    chain.runToBlock(11);
    expect(outcome(chain, derive(chain)), 'after its end').to.equal(named(errors.GrantMissing));
  });

  it('need a grant that is open: what waits in escrow allows nothing', () => {
    const chain = scene();
    const sold = makeTerms({ base: CUSTOM, price: once(500n) });
    put(chain, sold);
    const offer = chain.offered(sold, undefined, DATA);
    chain.ok(BUYER, call.buy({ asset: DATA, offer, most: 500n }));
    expect(outcome(chain, derive(chain))).to.equal(named(errors.GrantMissing));
    chain.ok(BUYER, call.open({ grant: 0n }));
    expect(outcome(chain, derive(chain))).to.deep.equal(NOTHING);
  });

  it('a grant’s terms bind where they differ from those of the asset', () => {
    const chain = scene();
    put(chain, makeTerms({ base: CUSTOM, derivatives: { tag: 'No' } }));
    expect(outcome(chain, derive(chain))).to.equal(named(errors.NoDerivatives));
    const grant = chain.bought(
      BUYER,
      makeTerms({ base: CUSTOM, price: once(500n), revenueShare: 1_500, revenueCeiling: 99n }),
      DATA,
    );
    const owed = [{ shareBps: 1_500, ceiling: 99n }];
    expect(outcome(chain, derive(chain))).to.deep.equal(owed);
    expect(outcome(chain, derive(chain, { parents: [from('TrainedOn', grant)] }))).to.deep.equal(owed);
    expect(outcome(chain, derive(chain, { owner: who(CAROL) }))).to.equal(named(errors.NoDerivatives));
  });

  it('who owns a work is not bound by its terms; a co-owner is', () => {
    const chain = scene();
    put(chain, makeTerms({ base: CUSTOM, price: once(5n), derivatives: { tag: 'No' }, revenueShare: 0 }));
    chain.ok(OWNER, ownership.call.giveShare({ asset: DATA, to: to(BUYER), bps: 9_999 }));
    chain.ok(BUYER, acceptShare(DATA, who(OWNER), 9_999));
    expect(outcome(chain, derive(chain, { owner: who(OWNER) }))).to.deep.equal(NOTHING);
    expect(outcome(chain, derive(chain))).to.equal(named(errors.GrantMissing));
    chain.ok(OWNER, call.setTerms({ asset: DATA, terms: undefined }));
    expect(outcome(chain, derive(chain, { owner: who(OWNER), terms: undefined }))).to.deep.equal(NOTHING);
  });

  it('owe the whole at most', () => {
    const chain = scene();
    put(chain, makeTerms({ base: CUSTOM, revenueShare: 5_000 }), DATA);
    put(chain, makeTerms({ base: CUSTOM, revenueShare: 5_000 }), MODEL);
    const both = [from(), from('FinetunedFrom', undefined, MODEL)];
    expect(outcome(chain, derive(chain, { parents: both }))).to.deep.equal([
      { shareBps: 5_000, ceiling: undefined },
      { shareBps: 5_000, ceiling: undefined },
    ]);
    put(chain, makeTerms({ base: CUSTOM, revenueShare: 5_001 }), MODEL);
    expect(outcome(chain, derive(chain, { parents: both }))).to.equal(named(errors.ShareOverflow));
    const many = Array.from({ length: 65 }, () => from());
    expect(outcome(chain, derive(chain, { parents: many }))).to.equal(named(errors.TooManyParents));
  });

  it('a refused one is told the parent, the clause and the cure, of each parent', () => {
    const chain = scene();
    put(chain, makeTerms({ base: CUSTOM, restrictions: 2 }));
    const d = derive(chain, { parents: [from('FinetunedFrom', undefined, MODEL), from()] });
    const [model, data] = api(chain, d);
    expect([model?.clause, data?.clause]).to.deep.equal(['NoLicence', 'RestrictionDropped']);
    expect(data?.cure).to.include('weapons');
    expect(outcome(chain, derive(chain))).to.equal(named(errors.RestrictionDropped));
    const kept = { ...OWN, restrictions: 2 };
    expect(outcome(chain, derive(chain, { terms: chain.stored(kept) }))).to.deep.equal(NOTHING);
    expect(outcome(chain, derive(chain, { terms: undefined }))).to.equal(named(errors.ChildUnlicensed));
    expect(outcome(chain, derive(chain, { terms: who(3) }))).to.equal(named(errors.UnknownTerms));
  });
});

describe('licensing: waivers', () => {
  const STRICT = makeTerms({ base: CUSTOM, restrictions: 2, derivatives: { tag: 'ByApproval' } });
  const waiver = (chain: Scene, clause: 'RestrictionDropped' | 'NeedsApproval' | 'NoLicence', by: object = {}) => {
    return { asset: DATA, owner: who(BUYER), terms: chain.stored(OWN), clause: { tag: clause }, ...by };
  };

  it('each lets one clause pass, for one owner under one set of terms, and no other', () => {
    const chain = scene();
    put(chain, STRICT);
    expect(outcome(chain, derive(chain))).to.equal(named(errors.NeedsApproval));
    chain.ok(OWNER, call.approveDerivative(waiver(chain, 'NeedsApproval')));
    expect(outcome(chain, derive(chain))).to.equal(named(errors.RestrictionDropped));
    chain.ok(OWNER, call.waive(waiver(chain, 'RestrictionDropped')));
    expect(outcome(chain, derive(chain))).to.deep.equal(NOTHING);
    const others = [
      derive(chain, { owner: who(CAROL) }),
      derive(chain, { terms: chain.stored({ ...OWN, price: once(701n) }) }),
    ];
    for (const d of others) expect(outcome(chain, d)).to.equal(named(errors.NeedsApproval));
  });

  it('are given by who decides over the parent, once each, and taken back before they are used', () => {
    const chain = scene();
    put(chain, STRICT);
    const approval = waiver(chain, 'NeedsApproval');
    chain.expectNoop(by(BUYER), call.waive(approval), 'Ownership.NotAllowed');
    chain.refuses(OWNER, call.waive(waiver(chain, 'NoLicence')), errors.NotWaivable);
    const before = chain.reserved(OWNER);
    chain.ok(OWNER, call.waive(approval));
    chain.refuses(OWNER, call.approveDerivative(approval), errors.AlreadyWaived);
    expect(chain.reserved(OWNER)).to.equal(before + 50_000n);
    chain.expectNoop(by(BUYER), call.withdrawWaiver(approval), 'Ownership.NotAllowed');
    chain.refuses(OWNER, call.withdrawWaiver(waiver(chain, 'RestrictionDropped')), errors.NoWaiver);
    chain.ok(OWNER, call.withdrawWaiver(approval));
    expect(chain.reserved(OWNER)).to.equal(before);
    expect(outcome(chain, derive(chain))).to.equal(named(errors.NeedsApproval));
  });

  it('are used up by the work that they were for', () => {
    const chain = scene();
    put(chain, STRICT);
    const d = derive(chain);
    const before = chain.reserved(OWNER);
    for (const clause of ['NeedsApproval', 'RestrictionDropped'] as const)
      chain.ok(OWNER, call.waive(waiver(chain, clause)));
    checkDerivation(chain.ctx, d);
    createAsset(chain.ctx, CHILD, who(BUYER), 0n);
    bindDerivation(chain.ctx, CHILD, d);
    expect(chain.reserved(OWNER)).to.equal(before);
    expect(termsUnder(chain.ctx, CHILD)?.id).to.deep.equal(chain.stored(OWN));
    expect(outcome(chain, d)).to.equal(named(errors.NeedsApproval));
  });

  it('a failed attempt uses nothing up and writes nothing', () => {
    const chain = scene();
    put(chain, STRICT);
    chain.ok(OWNER, call.waive(waiver(chain, 'NeedsApproval')));
    const before = chain.ctx.storage.entries('').length;
    expect(outcome(chain, derive(chain))).to.equal(named(errors.RestrictionDropped));
    expect(chain.ctx.storage.entries('').length).to.equal(before);
    expect(
      licensing.use(chain.ctx).store.waivers.get(DATA, { owner: who(BUYER), terms: chain.stored(OWN) }),
    ).to.have.length(1);
  });
});

describe('licensing: what binds a derived work ever after', () => {
  const BOUND = makeTerms({ base: CUSTOM, restrictions: 2, purposes: 2, tiers: 31, price: { tag: 'Free' } });
  const FREE = { base: { tag: 'Custom' as const, value: who(8) }, restrictions: 2, purposes: 2 };
  function born(): Scene {
    const chain = scene();
    put(chain, BOUND);
    const d = derive(chain, { terms: chain.stored(makeTerms(FREE)) });
    checkDerivation(chain.ctx, d);
    createAsset(chain.ctx, CHILD, who(BUYER), 0n);
    bindDerivation(chain.ctx, CHILD, d);
    return chain;
  }
  const under = (terms: Uint8Array) => call.setTerms({ asset: CHILD, terms });
  const sell = (terms: Uint8Array) => call.offer({ asset: CHILD, terms, buyer: undefined, until: undefined });

  it('it is not licensed more freely later, by its own terms, by an offer or by an amendment', () => {
    const chain = born();
    const freer = chain.stored(makeTerms({ ...FREE, restrictions: 0 }));
    const commercial = chain.stored(makeTerms({ ...FREE, purposes: 3 }));
    for (const what of [under, sell]) {
      chain.refuses(BUYER, what(freer), errors.RestrictionDropped);
      chain.refuses(BUYER, what(commercial), errors.NonCommercial);
    }
    const stricter = chain.stored(makeTerms({ ...FREE, restrictions: 3, tiers: 4, duration: 50 }));
    chain.ok(BUYER, under(stricter));
    chain.ok(BUYER, sell(stricter));
    chain.ok(CAROL, call.buy({ asset: CHILD, offer: 0n, most: 0n }));
    chain.refuses(BUYER, call.proposeAmendment({ grant: 0n, terms: freer }), errors.RestrictionDropped);
  });

  it('what its parent comes under later changes nothing, neither laxer nor stricter', () => {
    const chain = born();
    const freer = chain.stored(makeTerms({ ...FREE, restrictions: 0 }));
    put(chain, makeTerms({ base: CUSTOM }));
    chain.refuses(BUYER, under(freer), errors.RestrictionDropped);
    chain.ok(OWNER, call.setTerms({ asset: DATA, terms: undefined }));
    chain.ok(BUYER, under(chain.stored(makeTerms({ ...FREE, restrictions: 6 }))));
    chain.refuses(OWNER, call.removeTerms({ id: chain.stored(BOUND) }), errors.InUse);
  });

  it('a new owner is bound too; a waiver of the parent’s owner frees the terms that it names', () => {
    const chain = born();
    chain.ok(BUYER, ownership.call.transfer({ asset: CHILD, to: to(EVE) }));
    chain.ok(EVE, acceptTitle(CHILD, who(BUYER)));
    const freer = chain.stored(makeTerms({ ...FREE, restrictions: 0 }));
    chain.refuses(EVE, under(freer), errors.RestrictionDropped);
    const clause = { tag: 'RestrictionDropped' as const };
    chain.ok(OWNER, call.waive({ asset: DATA, owner: who(BUYER), terms: freer, clause }));
    chain.refuses(EVE, under(freer), errors.RestrictionDropped);
    chain.ok(OWNER, call.waive({ asset: DATA, owner: who(EVE), terms: freer, clause }));
    const before = chain.reserved(OWNER);
    chain.ok(EVE, under(freer));
    expect(chain.reserved(OWNER), 'it was for one work').to.equal(before - 50_000n);
    chain.ok(EVE, sell(freer));
    const second = derive(chain, { owner: who(EVE), terms: freer });
    put(chain, BOUND);
    expect(outcome(chain, second)).to.equal(named(errors.RestrictionDropped));
  });

  it('its owner pays for the record, and a waiver that it was born by holds for its terms', () => {
    const chain = scene();
    put(chain, BOUND);
    const freer = chain.stored(makeTerms({ ...FREE, restrictions: 0 }));
    chain.ok(
      OWNER,
      call.waive({ asset: DATA, owner: who(BUYER), terms: freer, clause: { tag: 'RestrictionDropped' } }),
    );
    const d = derive(chain, { terms: freer });
    checkDerivation(chain.ctx, d);
    createAsset(chain.ctx, CHILD, who(BUYER), 0n);
    const before = chain.reserved(BUYER);
    bindDerivation(chain.ctx, CHILD, d);
    expect(chain.reserved(BUYER)).to.equal(before + 50_000n);
    chain.ok(BUYER, call.setTerms({ asset: CHILD, terms: undefined }));
    chain.ok(BUYER, under(freer));
    chain.refuses(BUYER, sell(chain.stored(makeTerms({ ...FREE, restrictions: 4 }))), errors.RestrictionDropped);
  });

  it('works that it is said to come from later bind it too, and end what was offered before', () => {
    const chain = born();
    put(chain, makeTerms({ base: CUSTOM, restrictions: 4 }), MODEL);
    const free = chain.stored(makeTerms(FREE));
    chain.ok(BUYER, sell(free));
    const d = derive(chain, { terms: free, parents: [from('FinetunedFrom', undefined, MODEL)] });
    expect(outcome(chain, d)).to.equal(named(errors.RestrictionDropped));
    const both = chain.stored(makeTerms({ ...FREE, restrictions: 6 }));
    chain.ok(CAROL, call.buy({ asset: CHILD, offer: 0n, most: 0n }));
    checkDerivation(chain.ctx, { ...d, terms: both });
    bindDerivation(chain.ctx, CHILD, { ...d, terms: both });
    chain.refuses(CAROL, call.buy({ asset: CHILD, offer: 0n, most: 0n }), errors.OfferEnded);
    chain.refuses(BUYER, under(free), errors.RestrictionDropped);
    chain.refuses(BUYER, under(chain.stored(makeTerms({ ...FREE, restrictions: 4 }))), errors.RestrictionDropped);
    expect(licensing.use(chain.ctx).store.bonds.get(CHILD)).to.have.length(2);
  });
});
