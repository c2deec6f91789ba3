/** The registry’s check of itself finds what is broken, each kind of it. */
import { expect } from 'chai';
import { ownership, titleOf } from '../../../pallets/ownership/index.ts';
import { mintPortfolio, registry } from '../../../pallets/registry/index.ts';
import type { MockRuntime } from '../../../pallets/support/index.ts';
import { TensorTree } from '../../../primitives/proofs/tensor-tree.ts';
import {
  asset,
  finetunedFrom,
  named,
  newData,
  newModel,
  newVersion,
  plainRelease,
  trainedOn,
} from '../../support/registry.ts';
import { ALICE, BOB, fresh, ok, root, to, who } from './support.ts';

const { call } = registry;
type Store = ReturnType<typeof registry.use>['store'];

/** Something of every kind: all of it Alice’s. */
function scene(): MockRuntime {
  const chain = fresh();
  for (const content of ['a', 'b']) ok(chain, ALICE, newData(content));
  mintPortfolio(chain.ctx, who(ALICE), {
    items: [{ data: 0n, weight: 1n }],
    criteria: { digest: named('c'), text: '' },
    curators: [],
    curatorsBps: 0,
  });
  const tensor = { dtype: 'F32', shape: [1n], digest: named('t') };
  const tree = new TensorTree([{ ...tensor, name: 'w' }]);
  const release = (name: string) => ({ ...plainRelease(named(name)), tensors: { root: tree.root, count: 1 } });
  ok(chain, ALICE, newModel(named('0'), { release: release('0'), parents: [trainedOn(0n)] }));
  ok(chain, ALICE, newModel(named('1'), { release: release('1'), parents: [finetunedFrom(0n)] }));
  ok(chain, ALICE, newVersion(1n, named('1.1')));
  const place = (model: bigint) => ({ model, version: 0, name: 'w', ...tree.proofOf('w') });
  ok(chain, ALICE, call.proveSharedTensor({ tensor, first: place(0n), second: place(1n) }));
  ok(chain, BOB, call.registerAttester({ name: 'B', kinds: 15 }));
  root(chain, call.admitAttester({ who: to(BOB), kinds: 15, until: 9 }));
  const kind = { tag: 'Identity' as const };
  ok(chain, BOB, call.makeClaim({ asset: asset('Model', 0n), kind, digest: named('r'), until: 9 }));
  return chain;
}

const link = (store: Store, id: bigint) => store.links.get(id)[0]!;
/** What is broken, and how. */
const breaks: Readonly<Record<string, (store: Store, chain: MockRuntime) => void>> = {
  'a digest of Data 0 is not its own': ({ dataByDigest }) =>
    dataByDigest.put({ tag: 'Sha256', value: named('sha2-256 of a') }, 1n),
  'a digest belongs to no data': ({ dataByDigest }) => dataByDigest.put({ tag: 'Croissant', value: named('x') }, 1n),
  'Data 1 was never counted': ({ nextData }) => nextData.put(1n),
  'Data 0 has no title, or too small a deposit': (_, { ctx }) => {
    const title = titleOf(ctx, asset('Data', 0n))!;
    ownership.use(ctx).store.titles.put(asset('Data', 0n), { ...title, deposit: title.deposit - 1n });
  },
  'Portfolio 0 has items that are none': ({ portfolios }) =>
    portfolios.mutate(0n, (found) => found && { ...found, items: [{ data: 7n, weight: 1n }] }),
  'Model 1 lacks version 1': ({ versions }) => versions.remove(1n, 1),
  'version 1 of Model 1 is not found': ({ fingerprints }) => fingerprints.remove(named('1.1')),
  'versions of Model 1 do not ascend': ({ versions }) =>
    versions.mutate(1n, 1, (found) => found && { ...found, semver: { ...found.semver, patch: 0 } }),
  'version 1 of Model 1 continues a later one': ({ versions }) =>
    versions.mutate(1n, 1, (found) => found && { ...found, from: [1] }),
  'branches of Model 1 are miscounted': ({ branches }) => branches.put(1n, 'other', 0),
  'Model 1 has another tip': ({ branches }) => branches.put(1n, 'main', 0),
  'Model 1 has a younger parent': (store) => store.links.put(1n, [{ ...link(store, 1n), parent: asset('Model', 1n) }]),
  'Model 1 owes more than it earns': (store) => store.links.put(1n, [{ ...link(store, 1n), shareBps: 10_001 }]),
  'children are other than the links say': ({ links }) => links.remove(0n),
  'children are miscounted': ({ childCount }) => childCount.put(asset('Model', 1n), 1),
  'evidence 0 is about one model': ({ evidence }) =>
    evidence.mutate(0n, (found) => found && { ...found, second: found.first }),
  'evidence 0 is not found from the older model': ({ modelEvidence }) => modelEvidence.remove(0n, 0),
  'evidence 0 is not found from the younger model': ({ modelEvidence }) => modelEvidence.put(1n, 0, 9n),
  'evidence is miscounted': ({ sharedCount }) => sharedCount.put(0n, 1n, 2),
  'evidence that is gone is still listed': ({ modelEvidence }) => modelEvidence.put(1n, 1, 0n),
  'claim 0 was made without admission': ({ claims }) => claims.mutate(0n, (found) => found && { ...found, from: 9 }),
  'claims are miscounted': ({ assetClaims }) => assetClaims.remove(asset('Model', 0n), 0),
};

describe('pallets/registry: its check of itself', () => {
  it('finds nothing where nothing is broken', () => {
    const chain = scene();
    expect(() => registry.tryState(chain.ctx)).not.to.throw();
  });

  for (const [what, broken] of Object.entries(breaks)) {
    it(`finds that ${what}`, () => {
      const chain = scene();
      broken(registry.use(chain.ctx).store, chain);
      expect(() => registry.tryState(chain.ctx)).to.throw(what);
    });
  }
});
