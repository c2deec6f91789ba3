import { expect } from 'chai';
import { licensing, termsUnder } from '../../../pallets/licensing/index.ts';
import { freeze, ownership, revokeAsset, titleOf } from '../../../pallets/ownership/index.ts';
import { LINK_FEE, MAX_LINKS, MODEL_DEPOSIT, parentsOf, registry } from '../../../pallets/registry/index.ts';
import type { MockRuntime } from '../../../pallets/support/index.ts';
import {
  asset,
  finetunedFrom,
  named,
  newData,
  newModel,
  newVersion,
  numbered,
  type Parent,
  parentOf,
  trainedOn,
} from '../../support/registry.ts';
import { idOfTerms, openTerms, storeTerms } from '../../support/terms.ts';
import { acceptTitle } from '../../support/ownership.ts';
import { ALICE, as, BOB, burnedBy, CAROL, DAVE, delegate, free, fresh, ok, reserved, to, who } from './support.ts';

const { call, errors } = registry;
const apache = idOfTerms(openTerms('Apache-2.0'));
/** A tenth of what comes of it, up to a thousand TAC. */
const sharing = openTerms('CC-BY-4.0', { revenueShare: 1_000, revenueCeiling: 1_000_000_000n });
const shared = idOfTerms(sharing);
const put = (tag: Parent['asset']['tag'], id: bigint, terms: Uint8Array | undefined) =>
  licensing.call.setTerms({ asset: asset(tag, id), terms });
const model = (name: string, parents: Parent[] = [], terms: Uint8Array | undefined = apache) =>
  newModel(named(name), { parents, terms });

/** Alice has data 0 and 1 under terms that share, Bob model 0 under Apache-2.0. */
function scene(): MockRuntime {
  const chain = fresh();
  for (const terms of [openTerms('Apache-2.0'), sharing]) ok(chain, DAVE, storeTerms(terms));
  for (const [id, content] of ['digits', 'letters'].entries()) {
    ok(chain, ALICE, newData(content));
    ok(chain, ALICE, put('Data', BigInt(id), shared));
  }
  ok(chain, BOB, model('0'));
  return chain;
}

describe('pallets/registry: lineage', () => {
  it('attack: a parent asks for more just before the call that names it', () => {
    const chain = scene();
    const parent = { ...trainedOn(0n), mostBps: 1_000, mostInAll: 1_000_000_000n };
    const refused = [
      { revenueShare: 1_001, revenueCeiling: 1_000_000_000n },
      { revenueShare: 1_000, revenueCeiling: 1_000_000_001n },
      { revenueShare: 1 },
    ];
    const taken = [
      { revenueShare: 1_000, revenueCeiling: 1_000_000_000n },
      { revenueShare: 1, revenueCeiling: 1n },
      // What gets nothing needs no ceiling.
      { revenueShare: 0 },
    ];
    const under = (asks: (typeof refused)[number]): void => {
      const terms = openTerms('CC-BY-4.0', asks);
      // The first of those that are taken is stored already.
      if (!licensing.use(chain.ctx).store.terms.has(idOfTerms(terms))) ok(chain, DAVE, storeTerms(terms));
      ok(chain, ALICE, put('Data', 0n, idOfTerms(terms)));
    };
    ok(chain, CAROL, model('grows'));
    for (const asks of refused) {
      under(asks);
      const calls = [
        model('late', [parent]),
        newVersion(1n, named('late'), { parents: [parent] }),
        call.declareParents({ model: 1n, version: 0, parents: [parent] }),
      ];
      for (const late of calls) chain.expectNoop(as(CAROL), late, errors.ShareAbove);
    }
    for (const [i, asks] of taken.entries()) {
      under(asks);
      ok(chain, CAROL, model(`fair ${i}`, [parent]));
    }
    // Without a bound of the whole, only the share counts.
    under({ revenueShare: 1_000 });
    ok(chain, CAROL, model('open', [{ ...parent, mostInAll: undefined }]));
  });

  it('keeps with each link the terms of the day, the version and the block', () => {
    const chain = scene();
    const burned = burnedBy(chain, () => ok(chain, CAROL, model('1', [trainedOn(0n), finetunedFrom(0n)])));
    expect(burned).to.equal(2n * LINK_FEE);
    const { block } = chain.ctx;
    const first = [
      { parent: asset('Data', 0n), relation: 'TrainedOn', shareBps: 1_000, ceiling: 1_000_000_000n, version: 0, block },
      { parent: asset('Model', 0n), relation: 'FinetunedFrom', shareBps: 0, ceiling: undefined, version: 0, block },
    ];
    expect(parentsOf(chain.ctx, asset('Model', 1n))).to.deep.equal(first);
    expect(termsUnder(chain.ctx, asset('Model', 1n))?.id).to.deep.equal(apache);
    // Other terms bind who comes later; what was agreed stays.
    chain.runToBlock(block + 1);
    const dearer = openTerms('CC-BY-4.0', { revenueShare: 3_000 });
    ok(chain, DAVE, storeTerms(dearer));
    for (const id of [0n, 1n]) ok(chain, ALICE, put('Data', id, idOfTerms(dearer)));
    ok(chain, CAROL, newVersion(1n, named('1.1'), { parents: [trainedOn(1n)] }));
    expect(parentsOf(chain.ctx, asset('Model', 1n))).to.deep.equal([
      ...first,
      {
        parent: asset('Data', 1n),
        relation: 'TrainedOn',
        shareBps: 3_000,
        ceiling: undefined,
        version: 1,
        block: block + 1,
      },
    ]);
    expect([parentsOf(chain.ctx, asset('Data', 0n)), parentsOf(chain.ctx, asset('Model', 7n))]).to.deep.equal([[], []]);
  });

  it('names parents that there are, once with each relation, of a kind that fits it', () => {
    const chain = scene();
    const refused = (parents: Parent[], error: (typeof errors)[keyof typeof errors]) =>
      chain.expectNoop(as(CAROL), model('1', parents), error);
    refused([trainedOn(7n)], errors.UnknownData);
    refused([parentOf('Portfolio', 0n, 'TrainedOn')], errors.UnknownPortfolio);
    refused([finetunedFrom(9n)], errors.UnknownModel);
    refused([trainedOn(0n), trainedOn(0n)], errors.DuplicateParent);
    refused([parentOf('Model', 0n, 'TrainedOn')], errors.WrongRelation);
    for (const relation of ['FinetunedFrom', 'MergedFrom', 'DistilledFrom', 'QuantizedFrom', 'AdapterFor'] as const)
      refused([parentOf('Data', 0n, relation)], errors.WrongRelation);
    ok(chain, CAROL, model('1', [parentOf('Model', 0n, 'MergedFrom'), parentOf('Model', 0n, 'DistilledFrom')]));
    const again = { model: 1n, version: 0, parents: [parentOf('Model', 0n, 'MergedFrom')] };
    chain.expectNoop(as(CAROL), call.declareParents(again), errors.DuplicateParent);
    chain.expectNoop(as(CAROL), call.declareParents({ ...again, version: 4 }), errors.UnknownVersion);
    chain.expectNoop(as(CAROL), call.declareParents({ ...again, model: 4n }), errors.UnknownModel);
    chain.expectNoop(as(CAROL), call.declareParents({ ...again, parents: [] }), errors.NoParents);
  });

  it('has no cycles: a model’s parents are older than itself, whatever its versions name', () => {
    const chain = scene();
    // Its own number is the next one.
    chain.expectNoop(as(CAROL), model('1', [finetunedFrom(1n)]), errors.YoungerParent);
    ok(chain, CAROL, model('1', [finetunedFrom(0n)]));
    const next = (parents: Parent[]) => newVersion(0n, named('0.1'), { parents });
    for (const parent of [0n, 1n]) chain.expectNoop(as(BOB), next([finetunedFrom(parent)]), errors.YoungerParent);
    chain.expectNoop(
      as(BOB),
      call.declareParents({ model: 0n, version: 0, parents: [finetunedFrom(1n)] }),
      errors.YoungerParent,
    );
  });

  it('attack: a second call rewrites nothing, and what is added later binds as much as what came first', () => {
    const chain = scene();
    ok(chain, CAROL, model('1', [trainedOn(0n)]));
    const before = parentsOf(chain.ctx, asset('Model', 1n));
    // None of the calls names what was named; versions without parents keep them; another owner has them too.
    ok(chain, CAROL, newVersion(1n, named('1.1')));
    ok(chain, CAROL, ownership.call.transfer({ asset: asset('Model', 1n), to: to(BOB) }));
    ok(chain, BOB, acceptTitle(asset('Model', 1n), who(CAROL)));
    ok(chain, BOB, call.declareParents({ model: 1n, version: 0, parents: [finetunedFrom(0n)] }));
    const after = parentsOf(chain.ctx, asset('Model', 1n));
    expect(after.slice(0, 1)).to.deep.equal(before);
    expect(after.map(({ parent }) => parent)).to.deep.equal([asset('Data', 0n), asset('Model', 0n)]);
    expect(licensing.use(chain.ctx).store.bonds.get(asset('Model', 1n)).length, 'licensing knows of the data').to.equal(
      1,
    );
    // The same content as another model, without its lineage.
    for (const fingerprint of ['1', '1.1']) chain.expectNoop(as(CAROL), model(fingerprint), errors.AlreadyRegistered);
  });

  it('attack: parents of a later version do not make the model forget what it owes to the first ones', () => {
    const chain = scene();
    const shareAlike = openTerms('CC-BY-SA-4.0');
    const closed = openTerms('Apache-2.0', { tiers: 1 });
    for (const terms of [shareAlike, closed]) ok(chain, DAVE, storeTerms(terms));
    ok(chain, ALICE, put('Data', 1n, idOfTerms(shareAlike)));
    ok(chain, CAROL, model('1', [trainedOn(1n)], idOfTerms(shareAlike)));
    chain.expectNoop(as(CAROL), put('Model', 1n, idOfTerms(closed)), licensing.errors.ShareAlike);
    const bonds = () =>
      licensing
        .use(chain.ctx)
        .store.bonds.get(asset('Model', 1n))
        .map(({ parent }) => parent);
    expect(bonds()).to.deep.equal([asset('Data', 1n)]);
    ok(chain, ALICE, newData('more'));
    ok(chain, ALICE, put('Data', 2n, shared));
    ok(chain, CAROL, call.declareParents({ model: 1n, version: 0, parents: [trainedOn(2n)] }));
    expect(bonds()).to.deep.equal([asset('Data', 1n), asset('Data', 2n)]);
    chain.expectNoop(as(CAROL), put('Model', 1n, idOfTerms(closed)), licensing.errors.ShareAlike);
  });

  it('attack: a stranger mints a model trained on somebody’s data without consent', () => {
    const chain = scene();
    ok(chain, ALICE, put('Data', 0n, undefined));
    chain.expectNoop(as(CAROL), model('1', [trainedOn(0n)]), licensing.errors.NoLicence);
    const paid = openTerms('CC-BY-4.0', { price: { tag: 'Once', value: { amount: 5_000_000n } } });
    ok(chain, DAVE, storeTerms(paid));
    ok(chain, ALICE, put('Data', 0n, idOfTerms(paid)));
    chain.expectNoop(as(CAROL), model('1', [trainedOn(0n)]), licensing.errors.GrantMissing);
    // Nor by a version or a declaration of a model that stands, nor by a grant of somebody else.
    ok(chain, CAROL, model('1'));
    chain.expectNoop(
      as(CAROL),
      newVersion(1n, named('1.1'), { parents: [trainedOn(0n)] }),
      licensing.errors.GrantMissing,
    );
    const offered = licensing.call.offer({
      asset: asset('Data', 0n),
      terms: idOfTerms(paid),
      buyer: undefined,
      until: undefined,
    });
    ok(chain, ALICE, offered);
    ok(chain, BOB, licensing.call.buy({ asset: asset('Data', 0n), offer: 0n, most: 6_000_000n }));
    ok(chain, BOB, licensing.call.open({ grant: 0n }));
    const declare = (grant?: bigint) =>
      call.declareParents({ model: 1n, version: 0, parents: [parentOf('Data', 0n, 'TrainedOn', grant)] });
    chain.expectNoop(as(CAROL), declare(0n), licensing.errors.GrantMissing);
    chain.expectNoop(as(CAROL), declare(), licensing.errors.GrantMissing);
    ok(chain, BOB, model('2', [parentOf('Data', 0n, 'TrainedOn', 0n)]));
    // Her own data the owner needs no leave for.
    ok(chain, ALICE, model('3', [trainedOn(0n)]));
  });

  it('nothing is derived from what is opted out, frozen or revoked, nor under no licence', () => {
    const chain = scene();
    ok(chain, ALICE, call.setOptOut({ id: 0n, optedOut: true }));
    chain.expectNoop(as(CAROL), model('1', [trainedOn(0n)]), errors.OptedOut);
    chain.expectNoop(as(ALICE), model('1', [trainedOn(0n)]), errors.OptedOut);
    ok(chain, ALICE, call.setOptOut({ id: 0n, optedOut: false }));
    chain.expectNoop(as(CAROL), newModel(named('1'), { parents: [trainedOn(0n)] }), licensing.errors.ChildUnlicensed);
    chain.expectNoop(as(CAROL), model('1', [], named('unknown terms')), licensing.errors.UnknownTerms);
    freeze(chain.ctx, asset('Data', 0n), 5);
    chain.expectNoop(as(CAROL), model('1', [trainedOn(0n)]), ownership.errors.Frozen);
    chain.runToBlock(5);
    ok(chain, CAROL, model('1', [trainedOn(0n)]));
    revokeAsset(chain.ctx, asset('Data', 0n));
    chain.expectNoop(as(CAROL), model('2', [trainedOn(0n)]), ownership.errors.Revoked);
  });

  it('parents together never get more than the model earns, over all of its calls', () => {
    const chain = scene();
    const half = openTerms('CC-BY-4.0', { revenueShare: 5_000 });
    ok(chain, DAVE, storeTerms(half));
    for (const id of [0n, 1n]) ok(chain, ALICE, put('Data', id, idOfTerms(half)));
    ok(chain, ALICE, newData('third'));
    ok(chain, ALICE, put('Data', 2n, shared));
    ok(chain, CAROL, model('1', [trainedOn(0n), trainedOn(1n)]));
    const more = { model: 1n, version: 0, parents: [trainedOn(2n)] };
    chain.expectNoop(as(CAROL), call.declareParents(more), errors.SharesExceedWhole);
  });

  it('a model has at most 64 parents', () => {
    const chain = scene();
    for (let n = 0; n < MAX_LINKS; n++) ok(chain, BOB, newModel(named(`p${n}`)));
    const parent = (n: number) => finetunedFrom(BigInt(n));
    // Bob’s own models need no licence.
    ok(chain, BOB, model('child'));
    const id = BigInt(MAX_LINKS + 1);
    for (let n = 0; n < MAX_LINKS; n += 16) {
      const parents = Array.from({ length: 16 }, (_, i) => parent(n + i));
      ok(chain, BOB, call.declareParents({ model: id, version: 0, parents }));
    }
    const more = { model: id, version: 0, parents: [parent(MAX_LINKS)] };
    chain.expectNoop(as(BOB), call.declareParents(more), errors.TooManyParents);
    expect(reserved(chain, BOB)).to.equal(BigInt(MAX_LINKS + 2) * MODEL_DEPOSIT);
  });

  it('attack: a delegate for metadata gives the model’s earnings away by naming its own data', () => {
    const chain = scene();
    ok(chain, BOB, delegate(asset('Model', 0n), CAROL, 'metadata', 'rounds', 'money'));
    ok(chain, BOB, delegate(asset('Model', 0n), DAVE, 'licensing'));
    const parents = [trainedOn(0n)];
    const declare = call.declareParents({ model: 0n, version: 0, parents });
    chain.expectNoop(as(CAROL), newVersion(0n, named('0.1'), { parents }), ownership.errors.NotAllowed);
    chain.expectNoop(as(CAROL), declare, ownership.errors.NotAllowed);
    ok(chain, CAROL, newVersion(0n, named('0.1')));
    chain.expectNoop(
      as(DAVE),
      newVersion(0n, named('0.2'), { parents, semver: numbered(2, 0, 0), from: [1] }),
      ownership.errors.NotAllowed,
    );
    const before = [free(chain, BOB), free(chain, DAVE)] as const;
    const bond = (): bigint => titleOf(chain.ctx, asset('Model', 0n))?.deposit ?? 0n;
    const had = bond();
    ok(chain, DAVE, declare);
    expect([before[0] - free(chain, BOB), before[1] - free(chain, DAVE)]).to.deep.equal([bond() - had, LINK_FEE]);
  });
});
