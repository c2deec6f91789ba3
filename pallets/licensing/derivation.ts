/** Whether a work may come from others: each one's standing, its owner's word on training, the licence that its maker has, and the gate between both sides' terms. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { WHOLE } from '../../primitives/money.ts';
import { addDeposit, type Asset, ensureLive, standingOf, titleOf } from '../ownership/index.ts';
import { type Context, ensure, fail } from '../support/index.ts';
import { entryOf, isValid } from './access.ts';
import { conflictWith, waivedFor } from './bonds.ts';
import { type ClauseName, decide, type Table } from './gate/index.ts';
import { ensureKnownLicence, openTiersOf, putLicence, termsUnder } from './licences.ts';
import { type Bond, MAX_BONDS, MAX_WAIVERS } from './records.ts';
import { BOND_DEPOSIT, type Licensing, state } from './state.ts';
import { tableOf } from './table-state.ts';
import { knownTerms, refer } from './terms.ts';
import { type RelationName, type Terms, TIER } from './types.ts';
import { spend } from './sales.ts';
import { useWaivers } from './waivers.ts';

/** A work that is to be, and what it comes from. */
export interface Derivation {
  readonly owner: Uint8Array;
  /** What it is to be under. */
  readonly terms: Uint8Array | undefined;
  readonly parents: readonly Parent[];
}
export interface Parent {
  readonly asset: Asset;
  readonly relation: RelationName;
  /** The grant by which its maker used it; without it the best that it holds. */
  readonly grant?: bigint | undefined;
}
/** What a work owes to one that it comes from. */
export interface Owed {
  readonly shareBps: number;
  readonly ceiling: bigint | undefined;
}

/** What each relation needs: training changes or reads the work as training does, and outputs are had by inference. */
const NEEDS: Readonly<Record<RelationName, number>> = {
  TrainedOn: TIER.train,
  FinetunedFrom: TIER.fineTune,
  MergedFrom: TIER.fineTune,
  DistilledFrom: TIER.inference | TIER.train,
  QuantizedFrom: TIER.fineTune,
  AdapterFor: TIER.fineTune,
};
/** The relations in which something is trained: an owner who refuses training refuses these. */
const TRAINS: readonly RelationName[] = ['TrainedOn', 'FinetunedFrom', 'DistilledFrom', 'AdapterFor'];

export interface Refusal {
  readonly clause: ClauseName | 'UnknownAsset' | 'Revoked' | 'Frozen' | 'OptedOut' | 'GrantMissing';
  readonly cure: string;
}
/** What binds the maker of a work: terms by which it uses a parent, or nothing, as it owns that and has it under none. */
type Bound = {
  readonly id: Uint8Array | undefined;
  readonly isOwner: boolean;
  /** The grant that allows it. */
  readonly grant?: bigint | undefined;
};
type Binding = { readonly refusal: Refusal } | Bound;

const refuse = (clause: Refusal['clause'], cure: string): { refusal: Refusal } => ({ refusal: { clause, cure } });

function standingFault({ ctx }: Licensing, { asset, relation }: Parent): Refusal | undefined {
  if (titleOf(ctx, asset) === undefined) return { clause: 'UnknownAsset', cure: 'Name an asset that is registered.' };
  const { revoked, optedOut, frozenUntil = 0, suspendedUntil = 0 } = standingOf(ctx, asset);
  if (revoked) return { clause: 'Revoked', cure: 'None, unless a later ruling restores it.' };
  const until = Math.max(frozenUntil, suspendedUntil);
  if (ctx.block < until) return { clause: 'Frozen', cure: `Wait for block ${until}, or for the ruling.` };
  if (optedOut && TRAINS.includes(relation))
    return { clause: 'OptedOut', cure: 'Its owner has to allow training again: no licence goes before that.' };
  return undefined;
}

/** Uses that are paid singly are paid by vouchers, and none pays for a work: such a grant serves none. */
const isPaidSingly = ({ price }: Terms): boolean => price.tag === 'PerUse' || price.tag === 'Volume';

/** What a work owes under terms; the least comes first, and what allows no work at all comes last. */
function byBurden(one: Terms, other: Terms): number {
  const burden = ({ derivatives, revenueShare, revenueCeiling }: Terms): readonly bigint[] => [
    BigInt(derivatives.tag === 'No'),
    BigInt(revenueShare),
    revenueCeiling ?? 1n << 128n,
  ];
  const [left, right] = [burden(one), burden(other)];
  const place = left.findIndex((each, at) => each !== right[at]);
  return place < 0 ? 0 : left[place]! < right[place]! ? -1 : 1;
}

/**
 * What `owner` itself may use the asset by: the grant named, or, since anybody may give it one, the lightest of the grants with the tiers and of terms that are
 * open to everyone.
 */
function lightest(
  licensing: Licensing,
  owner: Uint8Array,
  { asset, relation, grant }: Parent,
): Omit<Bound, 'isOwner'>[] {
  const { ctx, store } = licensing;
  const needs = NEEDS[relation];
  const held = store.access
    .get(asset, owner)
    .filter((entry) => entry.isHolder && isValid(entry, ctx.block))
    .flatMap(({ grant: id, tiers }) => {
      const found = store.grants.get(id);
      return found ? [{ grant: id, id: found.terms, terms: knownTerms(licensing, found.terms), tiers }] : [];
    })
    .filter(({ terms }) => !isPaidSingly(terms));
  if (grant !== undefined) return held.filter((each) => each.grant === grant);
  const under = termsUnder(ctx, asset);
  const open = under && (openTiersOf(under.terms) & needs) === needs ? [{ ...under, grant: undefined }] : [];
  const fit = [...held.filter(({ tiers }) => (tiers & needs) === needs), ...open];
  return fit.toSorted((one, other) => byBurden(one.terms, other.terms));
}

function bindingOf(licensing: Licensing, owner: Uint8Array, parent: Parent): Binding {
  const { ctx } = licensing;
  const { asset, relation } = parent;
  const [best] = lightest(licensing, owner, parent);
  // Whoever owns a portfolio owns none of its items: it uses them as anyone does.
  const isOwner = asset.tag !== 'Portfolio' && sameBytes(titleOf(ctx, asset)?.owner ?? new Uint8Array(0), owner);
  if (best !== undefined) return { id: best.id, isOwner, grant: best.grant };
  const buy = 'Buy a grant of its owner that allows this, and open it.';
  if (parent.grant !== undefined)
    return refuse('GrantMissing', `Name a grant that the owner of the work holds. ${buy}`);
  const under = termsUnder(ctx, asset);
  if (isOwner) return { id: under?.id, isOwner };
  if (under === undefined) return refuse('NoLicence', 'Its owner puts it under terms, or sells a grant.');
  if (openTiersOf(under.terms) !== 0) return { id: under.id, isOwner };
  const lacks = (under.terms.tiers & NEEDS[relation]) !== NEEDS[relation];
  return refuse(lacks ? 'TierMissing' : 'GrantMissing', buy);
}

export interface Verdict extends Owed {
  readonly parent: Asset;
  readonly refusal: Refusal | undefined;
}

function judgeOne(
  licensing: Licensing,
  table: Table,
  d: Derivation,
  terms: Terms | undefined,
  parent: Parent,
): Verdict {
  const { asset, relation } = parent;
  const none = { parent: asset, shareBps: 0, ceiling: undefined };
  const fault = standingFault(licensing, parent);
  if (fault !== undefined) return { ...none, refusal: fault };
  const binding = bindingOf(licensing, d.owner, parent);
  if ('refusal' in binding) return { ...none, refusal: binding.refusal };
  // Whoever owns a work is not bound by the terms that it gives to others, but by what the work itself comes from.
  const inherited = binding.isOwner ? conflictWith(licensing, asset, d) : undefined;
  if (binding.id === undefined) return { ...none, refusal: inherited };
  const bound = knownTerms(licensing, binding.id);
  const owed = { parent: asset, shareBps: bound.revenueShare, ceiling: bound.revenueCeiling };
  // Its co-owners have their share all the same.
  if (binding.isOwner) return { ...owed, refusal: inherited };
  const waived = d.terms === undefined ? [] : waivedFor(licensing, asset, d.owner, d.terms);
  return { ...owed, refusal: decide(table, bound, relation, terms, waived) };
}

/** A work owes no more than it may, with what it takes over of works of the same owner counted in. */
function ensureFewBonds({ ctx, store, errors }: Licensing, { owner, parents }: Derivation): void {
  const bonds = parents.map(({ asset }) => {
    const title = titleOf(ctx, asset);
    return title && sameBytes(title.owner, owner) ? store.bonds.get(asset).length : 1;
  });
  ensure(parents.length <= MAX_BONDS && bonds.reduce((sum, each) => sum + each, 0) <= MAX_BONDS, errors.TooManyParents);
}

/** What is to be said of each parent, in order. Writes nothing. */
export function judge(licensing: Licensing, d: Derivation): Verdict[] {
  ensureFewBonds(licensing, d);
  const terms = d.terms === undefined ? undefined : knownTerms(licensing, d.terms);
  const table = tableOf(licensing.ctx);
  return d.parents.map((parent) => judgeOne(licensing, table, d, terms, parent));
}

/**
 * Fails by the clause unless a work may come from all of its parents. Writes nothing; {@link bindDerivation} does, once the work is there.
 * @returns what it owes to each, in order, as their terms stand now
 */
export function checkDerivation(ctx: Context, d: Derivation): Owed[] {
  const licensing = state.use(ctx);
  const { errors } = licensing;
  const verdicts = judge(licensing, d);
  for (const { parent, refusal } of verdicts) {
    if (refusal === undefined) continue;
    const { clause } = refusal;
    // What keeps an asset from anything at all is Ownership's to say.
    if (clause === 'UnknownAsset' || clause === 'Revoked' || clause === 'Frozen') ensureLive(ctx, parent);
    else fail(errors[clause]);
  }
  const shares = verdicts.reduce((sum, { shareBps }) => sum + shareBps, 0);
  ensure(shares <= WHOLE, errors.ShareOverflow);
  if (d.terms !== undefined) ensureKnownLicence(licensing, knownTerms(licensing, d.terms));
  return verdicts.map(({ shareBps, ceiling }) => ({ shareBps, ceiling }));
}

/**
 * Keeps what a work owes besides what it owed before, uses up the waivers that were for it, and puts it under its terms. For whoever has just made `asset`, or
 * added to what it comes from, after {@link checkDerivation}, with the same derivation. A deposit for each parent is reserved of its owner.
 */
export function bindDerivation(ctx: Context, asset: Asset, d: Derivation): void {
  const licensing = state.use(ctx);
  const { store } = licensing;
  const bonds: Bond[] = [];
  // All before any: what one uses up is not there any more when the next is looked at.
  const bindings = d.parents.map((parent) => ({ parent, binding: bindingOf(licensing, d.owner, parent) }));
  const work = d.terms && { asset, owner: d.owner, terms: d.terms };
  for (const { parent, binding } of bindings) {
    if ('refusal' in binding) continue;
    if (binding.isOwner) {
      bonds.push(...inheritedBonds(licensing, parent.asset, work));
      continue;
    }
    if (binding.id === undefined) continue;
    if (binding.grant !== undefined) useOnce(licensing, d.owner, parent.asset, binding.grant);
    // Of a parent in two relations the first one has the waivers of both: there are none left for the second.
    const waived = work ? useWaivers(licensing, parent.asset, work) : [];
    bonds.push({ parent: parent.asset, relation: { tag: parent.relation }, terms: binding.id, waived });
  }
  for (const { terms } of bonds) refer(licensing, terms);
  if (bonds.length > 0) {
    const before = store.bonds.get(asset);
    ensure(before.length + bonds.length <= MAX_BONDS, licensing.errors.TooManyParents);
    store.bonds.put(asset, [...before, ...bonds]);
    addDeposit(ctx, asset, BOND_DEPOSIT * BigInt(bonds.length));
  }
  const under = termsUnder(ctx, asset)?.id;
  if (d.terms !== undefined && !(under && sameBytes(under, d.terms))) putLicence(licensing, asset, d.terms);
}

type Work = { readonly asset: Asset; readonly owner: Uint8Array; readonly terms: Uint8Array };

/** What a work of the same owner owes, its child owes too; with what was waived of it for the child's terms, before or now. */
function inheritedBonds(licensing: Licensing, parent: Asset, work: Work | undefined): Bond[] {
  return licensing.store.bonds.get(parent).map((bond): Bond => {
    const now = work ? useWaivers(licensing, bond.parent, work) : [];
    const before = bond.waived.filter(({ terms }) => work !== undefined && sameBytes(terms, work.terms));
    return { ...bond, waived: [...before, ...now].slice(-MAX_WAIVERS) };
  });
}

/** A work is one use of a grant of which the uses are counted. */
function useOnce(licensing: Licensing, owner: Uint8Array, asset: Asset, grant: bigint): void {
  if (entryOf(licensing, asset, owner, grant)?.usesLeft !== undefined) spend(licensing, grant, 1n, owner);
}
