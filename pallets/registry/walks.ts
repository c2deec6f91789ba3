/** Walks over lineage, for who asks. One walk looks at a bounded number of assets and links, and says if that was not all. */
import { type Asset, assetName, dataAsset } from '../ownership/index.ts';
import type { Context } from '../support/index.ts';
import { parentsOf } from './lineage.ts';
import { portfolioOf } from './portfolios.ts';
import { state } from './state.ts';
import { type Family, MAX_PAGE, MAX_WALK, type Relative } from './types.ts';

/** Direct relatives of an asset. */
type Next = (asset: Asset) => Iterable<Asset>;

/** The nearest first, each once. */
function walk(start: Asset, next: Next): { found: Relative[]; truncated: boolean } {
  const found: Relative[] = [];
  const seen = new Set([assetName(start)]);
  const queue: Relative[] = [{ asset: start, distance: 0 }];
  let looked = 0;
  for (const { asset, distance } of queue) {
    if (++looked > MAX_WALK) return { found, truncated: true };
    for (const relative of next(asset)) {
      if (++looked > MAX_WALK) return { found, truncated: true };
      if (seen.has(assetName(relative))) continue;
      seen.add(assetName(relative));
      const member = { asset: relative, distance: distance + 1 };
      found.push(member);
      queue.push(member);
    }
  }
  return { found, truncated: false };
}

function page(start: Asset, next: Next, from: number, limit: number): Family {
  const { found, truncated } = walk(start, next);
  const end = Math.min(found.length, from + Math.min(limit, MAX_PAGE));
  return { members: found.slice(from, end), next: end < found.length ? end : undefined, truncated };
}

/** What an asset comes from: parents of models, items of portfolios. */
export function ancestorsOf(ctx: Context, asset: Asset, from: number, limit: number): Family {
  const next: Next = (each) =>
    each.tag === 'Portfolio'
      ? (portfolioOf(ctx, each.value)?.items ?? []).map(({ data }) => dataAsset(data))
      : parentsOf(ctx, each).map(({ parent }) => parent);
  return page(asset, next, from, limit);
}

/** What came from an asset. */
export function descendantsOf(ctx: Context, asset: Asset, from: number, limit: number): Family {
  const { store } = state.use(ctx);
  function* next(each: Asset): Generator<Asset> {
    const count = store.childCount.get(each);
    // One at a time: a popular asset has more children than a walk looks at.
    for (let place = 0; place < count; place++) {
      const child = store.children.get(each, place);
      if (child !== undefined) yield child.asset;
    }
  }
  return page(asset, next, from, limit);
}
