/** What came from an asset, for walks from parents to children. */
import type { Asset } from '../ownership/index.ts';
import type { Registry } from './state.ts';
import type { Child } from './types.ts';

export function noteChild({ store }: Registry, parent: Asset, child: Child): void {
  const count = store.childCount.get(parent);
  store.children.put(parent, count, child);
  store.childCount.put(parent, count + 1);
}

/** Children of an asset from a place on, in the order in which they came. */
export function childrenOf({ store }: Registry, parent: Asset, from: number, limit: number): Child[] {
  const end = Math.min(store.childCount.get(parent), from + limit);
  const found: Child[] = [];
  for (let place = from; place < end; place++) {
    const child = store.children.get(parent, place);
    if (child !== undefined) found.push(child);
  }
  return found;
}
