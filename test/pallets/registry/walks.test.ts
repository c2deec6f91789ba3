/** What clients ask: pages and walks, with their bounds. */
import { expect } from 'chai';
import * as fc from 'fast-check';
import { licensing } from '../../../pallets/licensing/index.ts';
import { assetName } from '../../../pallets/ownership/index.ts';
import { type Family, MAX_PAGE, MAX_WALK, mintPortfolio, registry } from '../../../pallets/registry/index.ts';
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
import { ALICE, fresh, ok, who } from './support.ts';

type Asset = Parent['asset'];
const ask = <T>(chain: MockRuntime, method: string, inputs: object): T =>
  registry.apis.RegistryApi?.methods[method]?.run(chain.ctx, { from: 0, limit: 1000, ...inputs }) as T;
const names = ({ members }: Family): string[] =>
  members.map(({ asset, distance }) => `${distance}: ${assetName(asset)}`);
/** Everything is Alice’s: she needs no licence of herself, but for portfolios, which have items of others. */
const mit = idOfTerms(openTerms('MIT'));
const model = (chain: MockRuntime, n: number, parents: Parent[] = [], terms?: Uint8Array) =>
  ok(chain, ALICE, newModel(named(`${n}`), { parents, terms }));

/** data 0, 1 -> portfolio 0; models 0 (data 0), 1 (portfolio 0, model 0), 2 (model 1, data 0). */
function scene(): MockRuntime {
  const chain = fresh();
  ok(chain, ALICE, storeTerms(openTerms('MIT')));
  for (const content of ['a', 'b']) ok(chain, ALICE, newData(content, { collective: true }));
  mintPortfolio(chain.ctx, who(ALICE), {
    items: [0n, 1n].map((data) => ({ data, weight: 1n })),
    criteria: { digest: named('c'), text: '' },
    curators: [],
    curatorsBps: 0,
  });
  ok(chain, ALICE, licensing.call.setTerms({ asset: asset('Portfolio', 0n), terms: mit }));
  model(chain, 0, [trainedOn(0n)]);
  model(chain, 1, [parentOf('Portfolio', 0n, 'TrainedOn'), finetunedFrom(0n)], mit);
  model(chain, 2, [finetunedFrom(1n), trainedOn(0n)], mit);
  return chain;
}

describe('pallets/registry: what clients ask', () => {
  it('ancestors and descendants, the nearest first, each once', () => {
    const chain = scene();
    const ancestors = (which: Asset) => names(ask(chain, 'ancestors', { asset: which }));
    const descendants = (which: Asset) => names(ask(chain, 'descendants', { asset: which }));
    expect(ancestors(asset('Model', 2n))).to.deep.equal([
      '1: Model 1',
      '1: Data 0',
      '2: Portfolio 0',
      '2: Model 0',
      '3: Data 1',
    ]);
    expect(descendants(asset('Data', 1n))).to.deep.equal(['1: Portfolio 0', '2: Model 1', '3: Model 2']);
    expect(descendants(asset('Data', 0n))).to.deep.equal(['1: Portfolio 0', '1: Model 0', '1: Model 2', '2: Model 1']);
    expect([
      ancestors(asset('Data', 0n)),
      descendants(asset('Model', 2n)),
      ancestors(asset('Model', 77n)),
    ]).to.deep.equal([[], [], []]);
  });

  it('pages that together are all of it', () => {
    const chain = scene();
    const whole = ask<Family>(chain, 'ancestors', { asset: asset('Model', 2n) });
    expect([whole.next, whole.truncated]).to.deep.equal([undefined, false]);
    const pages: Family[] = [];
    for (let from: number | undefined = 0; from !== undefined; from = pages.at(-1)?.next)
      pages.push(ask(chain, 'ancestors', { asset: asset('Model', 2n), from, limit: 2 }));
    expect(pages.map(({ members }) => members.length)).to.deep.equal([2, 2, 1]);
    expect(pages.flatMap(({ members }) => members)).to.deep.equal(whole.members);
    const children = (from: number, limit: number) =>
      ask<object[]>(chain, 'children', { asset: asset('Data', 0n), from, limit });
    expect([...children(0, 2), ...children(2, 2)]).to.deep.equal(children(0, 99));
    expect(children(3, 9)).to.deep.equal([]);
  });

  it('a walk ends at its bound, and says so', () => {
    const chain = fresh();
    ok(chain, ALICE, newData('popular'));
    const { store } = registry.use(chain.ctx);
    for (let n = 0; n < MAX_WALK + 10; n++)
      store.children.put(asset('Data', 0n), n, {
        asset: asset('Model', BigInt(n)),
        relation: { tag: 'TrainedOn' },
        version: 0,
      });
    store.childCount.put(asset('Data', 0n), MAX_WALK + 10);
    const first = ask<Family>(chain, 'descendants', { asset: asset('Data', 0n) });
    expect([first.members.length, first.next, first.truncated]).to.deep.equal([MAX_PAGE, MAX_PAGE, true]);
    const last = ask<Family>(chain, 'descendants', { asset: asset('Data', 0n), from: MAX_WALK - 5 });
    expect([last.members.length, last.next, last.truncated]).to.deep.equal([4, undefined, true]);
    expect(ask<object[]>(chain, 'children', { asset: asset('Data', 0n) }).length).to.equal(MAX_PAGE);
    expect(ask<object[]>(chain, 'children', { asset: asset('Data', 0n), from: MAX_WALK + 5 }).length).to.equal(5);
  });

  it('versions by page, and branches with their tips', () => {
    const chain = fresh();
    model(chain, 0);
    for (let n = 1; n <= 4; n++)
      ok(
        chain,
        ALICE,
        newVersion(0n, named(`0.${n}`), {
          branch: n % 2 ? 'main' : 'dev',
          semver: numbered(2, n, 0),
          from: [n < 3 ? 0 : n - 2],
        }),
      );
    const page = (from: number, limit: number) =>
      ask<{ semver: { minor: number } }[]>(chain, 'versions', { model: 0n, from, limit }).map(
        ({ semver }) => semver.minor,
      );
    expect([page(0, 3), page(3, 3), page(9, 3)]).to.deep.equal([[0, 1, 2], [3, 4], []]);
    expect(ask(chain, 'branches', { model: 0n })).to.deep.equal([
      { name: 'dev', tip: 4 },
      { name: 'main', tip: 3 },
    ]);
    const { ctx } = chain;
    expect(ask(chain, 'modelByFingerprint', { fingerprint: named('0.3') })).to.deep.equal({ model: 0n, version: 3 });
    expect(ask(chain, 'registeredAt', { asset: asset('Model', 0n) })).to.equal(ctx.block);
    expect(ask(chain, 'registeredAt', { asset: asset('Data', 0n) })).to.equal(undefined);
  });

  it('both walks agree with lineage followed link by link, whatever it is', () => {
    const links = fc.array(fc.uniqueArray(fc.nat({ max: 11 }), { maxLength: 4 }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(links, (drawn) => {
        const chain = fresh();
        const parents = drawn.map((list, n) => list.filter((parent) => parent < n));
        for (const [n, list] of parents.entries())
          model(
            chain,
            n,
            list.map((parent) => finetunedFrom(BigInt(parent))),
          );
        const reach = (from: number, next: (n: number) => number[]): Set<number> => {
          const found = new Set<number>();
          const visit = (n: number): void => {
            for (const other of next(n))
              if (!found.has(other)) {
                found.add(other);
                visit(other);
              }
          };
          visit(from);
          return found;
        };
        const numbers = ({ members }: Family) => members.map(({ asset }) => Number(asset.value)).sort((a, b) => a - b);
        const sorted = (set: Set<number>) => [...set].sort((a, b) => a - b);
        const childrenOf = (n: number) => parents.flatMap((list, child) => (list.includes(n) ? [child] : []));
        for (const n of parents.keys()) {
          const which = { asset: asset('Model', BigInt(n)) };
          expect(numbers(ask(chain, 'ancestors', which))).to.deep.equal(
            sorted(reach(n, (each) => parents[each] ?? [])),
          );
          expect(numbers(ask(chain, 'descendants', which))).to.deep.equal(sorted(reach(n, childrenOf)));
        }
      }),
      { numRuns: 25 },
    );
  });
});
