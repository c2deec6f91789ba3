/** What derived works owe to those they come from. It was decided when they came into being; whatever they are licensed under later is held against it. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { type Asset, sameAsset, titleOf } from '../ownership/index.ts';
import { fail } from '../support/index.ts';
import { type ClauseName, type Conflict, decide } from './gate/index.ts';
import { type Bond, MAX_WAIVERS } from './records.ts';
import type { Licensing } from './state.ts';
import { tableOf } from './table-state.ts';
import { knownTerms } from './terms.ts';
import { useWaivers } from './waivers.ts';

/** Clauses that the owner of `parent` waives for a work of `owner` under these terms. */
export function waivedFor({ store }: Licensing, parent: Asset, owner: Uint8Array, terms: Uint8Array): ClauseName[] {
  return store.waivers.get(parent, { owner, terms }).map(({ tag }) => tag);
}

/** What was waived when the work came into being, and what has been since; of a parent, in whichever relation. */
function waivedOf(
  licensing: Licensing,
  bonds: readonly Bond[],
  parent: Asset,
  owner: Uint8Array,
  terms: Uint8Array,
): ClauseName[] {
  const kept = bonds.filter((bond) => sameAsset(bond.parent, parent)).flatMap(({ waived }) => waived);
  const before = kept.filter((one) => sameBytes(one.terms, terms)).map(({ clause }) => clause.tag);
  return [...before, ...waivedFor(licensing, parent, owner, terms)];
}

/** The first refusal of terms by what an asset owes, for a work of `owner`: the asset itself, or what the same owner makes of it. */
export function conflictWith(
  licensing: Licensing,
  asset: Asset,
  { owner, terms: id }: { readonly owner: Uint8Array; readonly terms: Uint8Array | undefined },
): Conflict | undefined {
  const bonds = licensing.store.bonds.get(asset);
  if (bonds.length === 0) return undefined;
  const table = tableOf(licensing.ctx);
  const terms = id && knownTerms(licensing, id);
  for (const bond of bonds) {
    const waived = id ? waivedOf(licensing, bonds, bond.parent, owner, id) : [];
    const conflict = decide(table, knownTerms(licensing, bond.terms), bond.relation.tag, terms, waived);
    if (conflict !== undefined) return conflict;
  }
  return undefined;
}

/** Fails by the clause unless every work that an asset comes from lets it be under these terms. */
export function ensureKept(licensing: Licensing, asset: Asset, terms: Uint8Array): void {
  const owner = titleOf(licensing.ctx, asset)?.owner ?? new Uint8Array(32);
  const conflict = conflictWith(licensing, asset, { owner, terms });
  if (conflict !== undefined) fail(licensing.errors[conflict.clause]);
}

/** Uses up the waivers that a work that exists was given since, for terms that it comes under now: they hold for it from here on, and for no other. */
export function keepWaivers(licensing: Licensing, asset: Asset, terms: Uint8Array): void {
  const { ctx, store } = licensing;
  const bonds = store.bonds.get(asset);
  const owner = titleOf(ctx, asset)?.owner;
  if (owner === undefined) return;
  let isChanged = false;
  const kept = bonds.map((bond): Bond => {
    const used = useWaivers(licensing, bond.parent, { asset, owner, terms });
    isChanged ||= used.length > 0;
    // The oldest give way: they are of terms that were left long ago.
    return used.length === 0 ? bond : { ...bond, waived: [...bond.waived, ...used].slice(-MAX_WAIVERS) };
  });
  if (isChanged) store.bonds.put(asset, kept);
}
