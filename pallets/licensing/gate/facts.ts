/** Facts of one parent, one relation and one child: what the conditions of rules ask. */
import { sameBytes } from '../../../primitives/crypto/bytes.ts';
import {
  ALL_OBLIGATIONS,
  type Condition,
  type Fact,
  type LicenceProfile,
  RELATION_BIT,
  TRAIT,
} from '../table/types.ts';
import { ALL_PURPOSES, baseLicence, type RelationName, type Terms, TIER } from '../types.ts';
import type { Licence } from './profile.ts';

/** One parent under one licence, one child under all of a set of licences. */
export interface Case {
  readonly parent: Licence;
  readonly parentTerms: Terms;
  readonly relation: RelationName;
  readonly child: readonly Licence[];
  readonly childTerms: Terms;
}

/** The bits of the one that the other lacks. */
const without = (one: number, other: number): number => one & ~other;
const KINDS = ['No', 'Yes', 'Reciprocal', 'ByApproval'] as const satisfies Terms['derivatives']['tag'][];

const obligationsOf = ({ profile, exception }: Licence): number => without(profile.obligations, exception?.waives ?? 0);

/** A permission that was added may be dropped, none may be added to somebody else's work. */
function isSame(parent: Licence, other: Licence): boolean {
  return parent.profile.name === other.profile.name && (!other.exception || other.exception === parent.exception);
}
const isListed = (parent: Licence, other: Licence): boolean =>
  isSame(parent, other) || (!other.exception && parent.profile.outbound.includes(other.profile.name));

const parentPurposes = ({ parent, parentTerms }: Case): number => parent.profile.purposes & parentTerms.purposes;

const reaches = ({ parent: { profile, exception }, relation }: Case): boolean =>
  (without(profile.reach, exception?.frees ?? 0) & RELATION_BIT[relation]) !== 0;
const forbidden = ({ parent, parentTerms }: Case): number => parent.profile.restrictions | parentTerms.restrictions;
/** Uses that the child has to forbid: those of the terms always, those of the licence where it reaches the child. */
const flowingDown = (it: Case): number => (reaches(it) ? forbidden(it) : it.parentTerms.restrictions);

/**
 * What terms lay on top of a licence that admits no further restriction holds nobody: the text lets who receives the work ignore it (GPL-3.0 section 7,
 * CC-BY-SA-4.0 section 2(a)(5)). So it keeps nothing of what a parent asks either.
 */
const isRiderVoid = ({ child }: Case): boolean => child.some(({ profile }) => (profile.traits & TRAIT.noFurther) !== 0);
const over = (child: readonly Licence[], of: (profile: LicenceProfile) => number, start: number): number =>
  child.reduce((bits, { profile }) => bits & of(profile), start);

function childPurposes(it: Case): number {
  const written = over(it.child, ({ purposes }) => purposes, ALL_PURPOSES);
  return isRiderVoid(it) ? written : written & it.childTerms.purposes;
}
function childRestrictions(it: Case): number {
  const written = it.child.reduce((bits, { profile }) => bits | profile.restrictions, 0);
  return isRiderVoid(it) ? written : written | it.childTerms.restrictions;
}

export const purposesAdded = (it: Case): number => without(childPurposes(it), parentPurposes(it));
export const restrictionsLost = (it: Case): number => without(flowingDown(it), childRestrictions(it));

/** Licences of the child that are neither the parent's nor named by it. */
const others = ({ parent, child }: Case): Licence[] => child.filter((licence) => !isListed(parent, licence));

export function obligationsLost(it: Case): number {
  return without(
    obligationsOf(it.parent),
    over(others(it), ({ tolerates }) => tolerates, ALL_OBLIGATIONS),
  );
}

/** Whether the one holds somewhere where the other does not. An empty list is everywhere. */
function isWider(one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean {
  if (other.length === 0) return false;
  return one.length === 0 || one.some((country) => !other.some((known) => sameBytes(known, country)));
}

function termsAdd(it: Case): boolean {
  const { parentTerms, childTerms } = it;
  const isClosed = ['No', 'ByApproval'].includes(childTerms.derivatives.tag);
  return (
    without(childTerms.restrictions, forbidden(it)) !== 0 ||
    without(parentPurposes(it), childTerms.purposes) !== 0 ||
    isWider(parentTerms.territory, childTerms.territory) ||
    (isClosed && childTerms.derivatives.tag !== parentTerms.derivatives.tag)
  );
}

/** Tiers that put the work itself into somebody's hands; metadata and answers do not. */
const GIVEN_OUT = TIER.architecture | TIER.fineTune | TIER.train;
/** A price for a copy binds nobody who has it; a count of seats, uses or blocks does. */
function termsMeter({ childTerms: { tiers, seats, uses, duration, price } }: Case): boolean {
  const isCounted = seats !== undefined || uses !== undefined || duration !== undefined;
  return (tiers & GIVEN_OUT) !== 0 && (isCounted || !['Free', 'Once'].includes(price.tag));
}

const CLOSING = TRAIT.shareAlike | TRAIT.noDerivatives | TRAIT.noTraining;
function licenceAdds(it: Case): boolean {
  return others(it).some(
    (licence) =>
      (licence.profile.traits & CLOSING) !== 0 ||
      without(obligationsOf(licence), it.parent.profile.tolerates) !== 0 ||
      without(licence.profile.restrictions, forbidden(it)) !== 0 ||
      without(parentPurposes(it), licence.profile.purposes) !== 0,
  );
}

function childBinds(it: Case): boolean {
  return others(it).some(
    ({ profile }) => (profile.traits & TRAIT.noFurther) !== 0 && (profile.reach & RELATION_BIT[it.relation]) !== 0,
  );
}

/** Price, seats, duration, approvers and shares are between the owner and a buyer: two terms with different ones are the same in what may be done. */
function isSameTerms({ parentTerms, childTerms }: Case): boolean {
  const [one, other] = [parentTerms, childTerms];
  return (
    sameBytes(baseLicence.codec.enc(one.base), baseLicence.codec.enc(other.base)) &&
    one.tiers === other.tiers &&
    one.purposes === other.purposes &&
    one.restrictions === other.restrictions &&
    one.derivatives.tag === other.derivatives.tag &&
    !isWider(one.territory, other.territory) &&
    !isWider(other.territory, one.territory)
  );
}

type Asked<T extends Fact['tag']> = Extract<Fact, { tag: T }> extends { value: infer V } ? V : undefined;
const FACTS: { readonly [T in Fact['tag']]: (it: Case, asked: Asked<T>) => boolean } = {
  ParentTrait: ({ parent }, { traits }) => (parent.profile.traits & traits) !== 0,
  Reaches: reaches,
  ParentLacksTier: ({ parentTerms }, { tiers }) => without(tiers, parentTerms.tiers) !== 0,
  ParentDerivatives: ({ parentTerms }, { kind }) => parentTerms.derivatives.tag === KINDS[kind],
  ParentForbids: (it, { restrictions }) => (forbidden(it) & restrictions) !== 0,
  ParentExcludes: (it, { purposes }) => (parentPurposes(it) & purposes) === 0,
  ParentAsks: ({ parent }, { obligations }) => (obligationsOf(parent) & obligations) !== 0,
  ChildListed: ({ parent, child }) => child.some((licence) => isListed(parent, licence)),
  SameLicence: ({ parent, child }) => child.some((licence) => isSame(parent, licence)),
  SameTerms: isSameTerms,
  PurposeAdded: (it, { purposes }) => (purposesAdded(it) & purposes) !== 0,
  RestrictionLost: (it, { restrictions }) => (restrictionsLost(it) & restrictions) !== 0,
  TermsAdd: termsAdd,
  TermsMeter: termsMeter,
  LicenceAdds: licenceAdds,
  ObligationLost: (it, { obligations }) => (obligationsLost(it) & obligations) !== 0,
  ChildLacksTier: ({ childTerms }, { tiers }) => without(tiers, childTerms.tiers) !== 0,
  ChildBinds: childBinds,
  ChildPriced: ({ childTerms }) => childTerms.price.tag !== 'Free',
  TerritoryAdded: ({ parentTerms, childTerms }) => isWider(childTerms.territory, parentTerms.territory),
};

export function holds(it: Case, { holds: isWanted, fact }: Condition): boolean {
  const ask = FACTS[fact.tag] as (it: Case, asked: unknown) => boolean;
  return ask(it, 'value' in fact ? fact.value : undefined) === isWanted;
}
