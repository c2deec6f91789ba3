/** The table by which the gate decides, as one value: profiles of licences, exceptions, and the rules over them. */
import {
  bool,
  bounded,
  enumeration,
  field,
  type Of,
  str,
  struct,
  u8,
  u16,
  u32,
  vec,
} from '../../../primitives/scale/index.ts';
import { clause } from '../gate/clauses.ts';
import type { RelationName } from '../types.ts';

export const MAX_LICENCES = 192;
export const MAX_EXCEPTIONS = 32;
export const MAX_RULES = 48;
export const MAX_CONDITIONS = 8;
export const MAX_NAME = 48;
export const MAX_LISTED = 24;
export const MAX_SOURCE = 120;
export const MAX_CURE = 200;
/** What one encoded table may take in the state and in a block. */
export const MAX_TABLE_BYTES = 32_768;

/** How a work comes from another one, one bit each, in the order of {@link RelationName}. */
export const RELATION_BIT: Readonly<Record<RelationName, number>> = {
  TrainedOn: 1,
  FinetunedFrom: 2,
  MergedFrom: 4,
  DistilledFrom: 8,
  QuantizedFrom: 16,
  AdapterFor: 32,
};
export const ALL_RELATIONS = 63;

/** What a licence says of works that come from it, one bit each. */
export const TRAIT = {
  /** Derived works stand under the same licence, or one that it lists. */
  shareAlike: 1,
  /** Nobody may add a restriction or an obligation of their own. */
  noFurther: 2,
  noDerivatives: 4,
  noTraining: 8,
  /** Its agreement goes along: a derived work may have further terms, but names this licence too. */
  goesAlong: 16,
} as const;
export type Trait = keyof typeof TRAIT;
export const ALL_TRAITS = 31;

/** What a licence asks of whoever passes a work on, one bit each. */
export const OBLIGATION = {
  /** Keep notices, name the author. */
  attribution: 1,
  /** Offer the source of what is passed on. */
  source: 2,
  /** Offer it also to those who use the work over a network. */
  networkSource: 4,
  /** Rights end for who sues over patents. */
  patentRetaliation: 8,
  /** Name the author in advertising. */
  advertising: 16,
  /** Carry a name, or do not carry it. */
  naming: 32,
  /** Above so many users, or so much revenue, ask for a licence of its own. */
  threshold: 64,
  /** Keep to a policy of the licensor that may change. */
  policy: 128,
  /** A law or a court is agreed on. */
  jurisdiction: 256,
  /** Ask before offering it as a service. */
  hosting: 512,
  /** Lay no technical measure on the work that takes away what the licence gives. */
  noLocks: 1024,
} as const;
export type Obligation = keyof typeof OBLIGATION;
export const ALL_OBLIGATIONS = 2047;

const name = bounded(str, MAX_NAME);
const names = bounded(vec(name), MAX_LISTED);

export const licenceProfile = struct('tacit_licensing::LicenceProfile', {
  name: field(name, 'SPDX identifier, or the name in the table.'),
  spdx: field(bool, 'Whether SPDX knows it by this name.'),
  traits: field(
    u8,
    'Added up: 1 share-alike, 2 no further restriction, 4 no derivatives, 8 no training, 16 goes along.',
  ),
  obligations: field(u16, 'What it asks of who passes a work on, one bit each.'),
  tolerates: field(u16, 'Which obligations of others may be laid on a work under it.'),
  purposes: field(u16, 'What it allows the work to be used for, as in terms.'),
  restrictions: field(u32, 'Uses that it forbids, as in terms.'),
  reach: field(u8, 'The relations in which its clauses hold for the derived work, one bit each.'),
  outbound: field(names, 'Licences, besides itself, that derived works may be under by its text.'),
  choices: field(names, 'If not empty: it is a choice among these, and has no clauses of its own.'),
  source: field(bounded(str, MAX_SOURCE), 'Where its text stands.'),
});
export type LicenceProfile = Of<typeof licenceProfile>;

/** What may follow WITH in an SPDX expression: a permission added to a licence. */
export const licenceException = struct('tacit_licensing::LicenceException', {
  name: field(name, 'SPDX identifier.'),
  of: field(names, 'Licences that it is written for.'),
  frees: field(u8, 'Relations in which the clauses of the licence no longer hold.'),
  waives: field(u16, 'Obligations that it takes away.'),
  source: field(bounded(str, MAX_SOURCE), 'Where its text stands.'),
});
export type LicenceException = Of<typeof licenceException>;

/** A fact of a parent, a relation and a child. */
export const fact = enumeration('tacit_licensing::Fact', {
  /** The parent's licence has one of these traits. */
  ParentTrait: { traits: u8 },
  /** The relation is one in which the clauses of the parent's licence hold for the child. */
  Reaches: null,
  /** The parent's terms lack one of these tiers. */
  ParentLacksTier: { tiers: u8 },
  /** The parent's own terms say so of derived works. 0 no, 1 yes, 2 reciprocal, 3 by approval. */
  ParentDerivatives: { kind: u8 },
  /** The parent forbids one of these uses. */
  ParentForbids: { restrictions: u32 },
  /** The parent allows none of these purposes. */
  ParentExcludes: { purposes: u16 },
  /** The parent asks one of these. */
  ParentAsks: { obligations: u16 },
  /** The child is under the parent's licence or one that it lists. */
  ChildListed: null,
  /** The child is under the very licence of the parent. */
  SameLicence: null,
  /** What may be done by the child's terms is what may be done by the parent's, no less and no more. */
  SameTerms: null,
  /** The child allows one of these purposes, and the parent does not. */
  PurposeAdded: { purposes: u16 },
  /** The parent forbids one of these uses, and the child does not. */
  RestrictionLost: { restrictions: u32 },
  /** The child's terms forbid, narrow or keep back more than the parent does. */
  TermsAdd: null,
  /** Another licence of the child's forbids or asks what the parent's does not tolerate. */
  LicenceAdds: null,
  /** The parent asks one of these, and the child's licence does not tolerate it. */
  ObligationLost: { obligations: u16 },
  /** The child's terms lack one of these tiers. */
  ChildLacksTier: { tiers: u8 },
  /** A licence of the child's, other than the parent's and those it lists, binds what it is combined with in this relation. */
  ChildBinds: null,
  /** The child is sold. */
  ChildPriced: null,
  /** The child holds somewhere where the parent does not. */
  TerritoryAdded: null,
  /** The child's terms give out the work itself, and count seats, uses or time. */
  TermsMeter: null,
});
export type Fact = Of<typeof fact>;

export const condition = struct('tacit_licensing::Condition', {
  holds: field(bool, 'Whether the fact must be so, or must not.'),
  fact,
});
export type Condition = Of<typeof condition>;

export const rule = struct('tacit_licensing::Rule', {
  clause,
  relations: field(u8, 'The relations it is asked in, one bit each.'),
  when: field(bounded(vec(condition), MAX_CONDITIONS), 'It refuses if all of these hold.'),
  cure: field(
    bounded(str, MAX_CURE),
    'What would help. {licence}, {listed}, {uses}, {purposes}, {asked}, {added}, {tiers} stand for those of the case.',
  ),
});
export type Rule = Of<typeof rule>;

export const table = struct('tacit_licensing::Table', {
  licences: field(bounded(vec(licenceProfile), MAX_LICENCES), 'By name, ascending.'),
  exceptions: field(bounded(vec(licenceException), MAX_EXCEPTIONS), 'By name, ascending.'),
  rules: field(bounded(vec(rule), MAX_RULES), 'Asked in this order; the first that refuses is the answer.'),
});
export type Table = Of<typeof table>;
