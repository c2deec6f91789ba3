/** The table in the state: what the chain begins with, and who replaces it. */
import { expect } from 'chai';
import { checkDerivation, licensing } from '../../../pallets/licensing/index.ts';
import { defaultTable, type Table, tableHash } from '../../../pallets/licensing/gate/index.ts';
import { Origin } from '../../../pallets/support/index.ts';
import { BUYER, call, CAROL, DATA, errors, makeTerms, OWNER, scene, who } from './support.ts';

const EMPTY: Table = { ...defaultTable, licences: [] };
/** Without the licences of the Creative Commons. */
const SHORT: Table = {
  ...defaultTable,
  licences: defaultTable.licences
    .filter(({ name }) => !name.startsWith('CC-'))
    .map((licence) => ({ ...licence, outbound: licence.outbound.filter((name) => !name.startsWith('CC-')) })),
};

describe('licensing: the table', () => {
  it('is there from genesis, with its hash', () => {
    const { store } = licensing.use(scene().ctx);
    expect(store.tableHash.get()).to.deep.equal(tableHash(defaultTable));
    expect(tableHash(store.table.get()!)).to.deep.equal(tableHash(defaultTable));
  });

  it('is replaced by the chain itself only, by one that the gate can decide by', () => {
    const chain = scene();
    for (const n of [OWNER, BUYER])
      chain.expectNoop(Origin.signed(who(n)), call.setTable({ table: SHORT }), 'BadOrigin');
    chain.expectNoop(Origin.none, call.setTable({ table: SHORT }), 'unknown.NoUnsignedValidator');
    chain.expectNoop(Origin.root, call.setTable({ table: EMPTY }), errors.BadTable);
    expect(chain.dispatch(Origin.root, call.setTable({ table: SHORT }))).to.equal('ok');
    expect(licensing.use(chain.ctx).store.tableHash.get()).to.deep.equal(tableHash(SHORT));
  });

  it('decides from then on: a licence that it knows no more is none', () => {
    const chain = scene();
    const shared = chain.stored(makeTerms({ base: { tag: 'Spdx', value: 'CC-BY-4.0' } }));
    chain.ok(OWNER, call.setTerms({ asset: DATA, terms: shared }));
    const parents = [{ asset: DATA, relation: 'TrainedOn' as const }];
    const d = { owner: who(CAROL), terms: shared, parents };
    expect(() => checkDerivation(chain.ctx, d)).not.to.throw();
    chain.dispatch(Origin.root, call.setTable({ table: SHORT }));
    expect(() => checkDerivation(chain.ctx, d)).to.throw('NoLicence');
    chain.refuses(OWNER, call.setTerms({ asset: DATA, terms: shared }), errors.UnknownLicence);
  });
});
