/** What derived works owe to those they come from. It was decided when they came into being; whatever they are licensed under later is held against it. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { type Asset, titleOf } from '../ownership/index.ts';
import { fail } from '../support/index.ts';
import { type ClauseName, decide } from './gate/index.ts';
import type { Bond } from './records.ts';
import type { Licensing } from './state.ts';
import { tableOf } from './table-state.ts';
import { knownTerms } from './terms.ts';
import type { Terms } from './types.ts';

/** Clauses that the owner of `parent` waives for a work of `owner` under these terms. */
export function waivedFor({ store }: Licensing, parent: Asset, owner: Uint8Array, terms: Uint8Array): ClauseName[] {
  return store.waivers.get(parent, { owner, terms }).map(({ clause }) => clause.tag);
}

/** What was waived when the work came into being, and what has been since. */
function waivedOf(licensing: Licensing, bond: Bond, owner: Uint8Array, terms: Uint8Array): ClauseName[] {
  const before = bond.waived.filter((one) => sameBytes(one.terms, terms)).map(({ clause }) => clause.tag);
  return [...before, ...waivedFor(licensing, bond.parent, owner, terms)];
}

/** Fails by the clause unless every work that an asset comes from lets it be under these terms. */
export function ensureKept(licensing: Licensing, asset: Asset, id: Uint8Array, terms: Terms): void {
  const bonds = licensing.store.bonds.get(asset);
  if (bonds.length === 0) return;
  const table = tableOf(licensing.ctx);
  const owner = titleOf(licensing.ctx, asset)?.owner ?? new Uint8Array(32);
  for (const bond of bonds) {
    const waived = waivedOf(licensing, bond, owner, id);
    const conflict = decide(table, knownTerms(licensing, bond.terms), bond.relation.tag, terms, waived);
    if (conflict !== undefined) fail(licensing.errors[conflict.clause]);
  }
}
