/**
 * Whatever people do in whatever order: no cycles, versions that ascend, lineage that only grows, nothing reserved or burned but what is kept. The pallet's
 * own invariants (which walk all of it) are checked after every call.
 */
import { expect } from 'chai';
import * as fc from 'fast-check';
import { totalIssuance } from '../../../pallets/balances/index.ts';
import { licensing } from '../../../pallets/licensing/index.ts';
import { DELEGATE_DEPOSIT, LOG_FEE, OFFER_DEPOSIT, ownership, titleOf } from '../../../pallets/ownership/index.ts';
import {
  DATA_DEPOSIT,
  dataOf,
  DIGEST_DEPOSIT,
  DISCLOSURE_DEPOSIT,
  LINK_FEE,
  MODEL_DEPOSIT,
  parentsOf,
  registry,
  VERSION_FEE,
} from '../../../pallets/registry/index.ts';
import type { MockRuntime, RuntimeCall } from '../../../pallets/support/index.ts';
import { acceptTitle } from '../../support/ownership.ts';
import {
  asset,
  finetunedFrom,
  named,
  newData,
  newModel,
  newVersion,
  numbered,
  type Parent,
  trainedOn,
} from '../../support/registry.ts';
import { idOfTerms, openTerms, storeTerms } from '../../support/terms.ts';
import { ALICE, as, BOB, CAROL, delegate, fresh, ok, reserved, to, who } from './support.ts';

const { call } = registry;
const people = [ALICE, BOB, CAROL];
const terms = openTerms('Apache-2.0', { revenueShare: 300 });
const disclosure = { title: 't', text: '', metadataCid: '', croissant: undefined, statistics: undefined };

const small = fc.constantFrom(0, 0, 0, 1, 1, 2, 4);
const parents = fc.array(fc.tuple(fc.constantFrom('data', 'model'), small), { maxLength: 2 });
const step = fc.record({
  how: fc.constantFrom(
    'data',
    'data',
    'digest',
    'disclose',
    'withdraw',
    'optOut',
    'model',
    'model',
    'version',
    'version',
    'parents',
    'deprecate',
    'transfer',
    'delegate',
    'license',
  ),
  by: fc.constantFrom(...people),
  to: fc.constantFrom(...people),
  id: small,
  name: fc.nat({ max: 25 }),
  parents,
  minor: fc.nat({ max: 3 }),
  pre: fc.constantFrom('', '', 'rc.1', 'rc.2', '01'),
  branch: fc.constantFrom('main', 'main', 'dev'),
  from: fc.constantFrom([0], [0], [0], [1], [1], [2], [0, 1], [1, 0], []),
  isSet: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const parentsIn = (list: Step['parents']): Parent[] =>
  list.map(([kind, id]) => (kind === 'data' ? trainedOn(BigInt(id)) : finetunedFrom(BigInt(id))));

function callOf(it: Step): RuntimeCall {
  const id = BigInt(it.id);
  const model = asset('Model', id);
  const semver = numbered(1, it.minor, 0, it.pre);
  const naming = parentsIn(it.parents);
  const fingerprint = named(`model ${it.name}`);
  switch (it.how) {
    case 'data':
      return newData(`data ${it.name}`, {
        optedOut: it.isSet && it.name > 20,
        disclosure: it.isSet ? disclosure : undefined,
      });
    case 'digest':
      return call.addDigest({ id, digest: { tag: 'Croissant', value: named(`c${it.name}`) } });
    case 'disclose':
      return call.disclose({ id, disclosure });
    case 'withdraw':
      return call.withdrawDisclosure({ id });
    case 'optOut':
      return call.setOptOut({ id, optedOut: it.isSet });
    case 'model':
      return newModel(fingerprint, { branch: it.branch, semver, parents: naming, terms: idOfTerms(terms) });
    case 'version':
      return newVersion(id, fingerprint, { branch: it.branch, semver, from: [...it.from], parents: naming });
    case 'parents':
      return call.declareParents({ model: id, version: it.from[0] ?? 0, parents: naming });
    case 'deprecate':
      return call.deprecateVersion({ model: id, version: it.from[0] ?? 0 });
    case 'transfer':
      return ownership.call.transfer({ asset: it.isSet ? model : asset('Data', id), to: to(it.to) });
    case 'delegate':
      return delegate(model, it.to, ...(it.isSet ? (['metadata', 'licensing'] as const) : (['rounds'] as const)));
    case 'license':
      return licensing.call.setTerms({ asset: asset('Data', id), terms: it.isSet ? idOfTerms(terms) : undefined });
  }
}

/** What is burned for good, by what stands. */
function burnedFor(chain: MockRuntime): bigint {
  const { store } = registry.use(chain.ctx);
  let sum = 0n;
  for (const [[id], { versions }] of store.models.entries())
    sum += BigInt(versions - 1) * VERSION_FEE + BigInt(store.links.get(id).length) * LINK_FEE;
  for (const [, { entries }] of ownership.use(chain.ctx).store.titles.entries()) sum += BigInt(entries - 1) * LOG_FEE;
  return sum;
}
/** What is reserved of all, by what stands. */
function keptFor(chain: MockRuntime): bigint {
  const { store } = registry.use(chain.ctx);
  let sum = 0n;
  for (const [[id]] of store.data.entries()) {
    const { digests, disclosure: told } = dataOf(chain.ctx, id)!;
    sum += DATA_DEPOSIT + BigInt(digests.length) * DIGEST_DEPOSIT + (told === undefined ? 0n : DISCLOSURE_DEPOSIT);
  }
  for (const [[id]] of store.models.entries()) {
    const bonds = licensing.use(chain.ctx).store.bonds.get(asset('Model', id)).length;
    const delegates = titleOf(chain.ctx, asset('Model', id))?.delegates ?? 0;
    sum += MODEL_DEPOSIT + BigInt(bonds) * BOND + BigInt(delegates) * DELEGATE_DEPOSIT;
  }
  const offers = [...ownership.use(chain.ctx).store.offers.entries()].length;
  return sum + BigInt(offers) * OFFER_DEPOSIT;
}
const BOND = 50_000n;

function play(steps: readonly Step[], seen: Map<string, number>): void {
  const chain = fresh();
  ok(chain, CAROL, storeTerms(terms));
  const [issued, kept] = [totalIssuance(chain.ctx), reserved(chain, CAROL)];
  const lineage = new Map<bigint, readonly object[]>();
  for (const each of steps) {
    if (chain.dispatch(as(each.by), callOf(each)) === 'ok') seen.set(each.how, (seen.get(each.how) ?? 0) + 1);
    // What is offered is taken, or stands: that fails if it went to another meanwhile.
    const offered = asset(each.isSet ? 'Model' : 'Data', BigInt(each.id));
    if (each.how === 'transfer') chain.dispatch(as(each.to), acceptTitle(offered, who(each.by)));
    for (const [[id]] of registry.use(chain.ctx).store.models.entries()) {
      const before = lineage.get(id) ?? [];
      const after = parentsOf(chain.ctx, asset('Model', id));
      expect(after.slice(0, before.length), 'links are only added').to.deep.equal(before);
      lineage.set(id, after);
    }
    expect(issued - totalIssuance(chain.ctx)).to.equal(burnedFor(chain));
    const all = people.reduce((sum, n) => sum + reserved(chain, n), 0n);
    expect(all - kept).to.equal(keptFor(chain));
  }
}

describe('pallets/registry: sequences', () => {
  it('keep lineage without cycles and growing, versions ascending, deposits and fees exact', function () {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 70 }), (steps) => play(steps, seen)),
      { numRuns: 80 },
    );
    // No kind of call is refused each time.
    for (const how of [
      'data',
      'digest',
      'disclose',
      'withdraw',
      'optOut',
      'model',
      'version',
      'parents',
      'deprecate',
      'transfer',
      'delegate',
      'license',
    ])
      expect(seen.get(how), how).to.be.greaterThan(0);
  });
});
