/** The clauses by which a derived work is refused. Each is an error of the pallet under the same name. */
import { enumeration, type Of } from '../../../primitives/scale/index.ts';

/** In the order of their numbers, which are never used again; each with the sentence that its error has. */
export const CLAUSES = {
  NoLicence: 'A work that this one comes from has no licence, or one that the table does not know: nothing is allowed.',
  ChildUnlicensed: 'The work itself has no licence, or one that the table does not know.',
  NoDerivatives: 'Nothing may be made of a work that this one comes from.',
  NoTraining: 'The licence of a work that this one comes from forbids training on it.',
  TierMissing: 'The terms of a work that this one comes from do not allow what was done with it.',
  NeedsApproval: 'The owner of a work that this one comes from has to agree to each derived work.',
  NonCommercial: 'A work that this one comes from is not for commercial use, this one is.',
  PurposeWidened: 'The work allows a purpose that a work it comes from does not allow.',
  CompetingModel: 'A work that this one comes from may not serve to make or improve other models.',
  RestrictionDropped: 'A use that is forbidden for a work that this one comes from is not forbidden for this one.',
  ShareAlike: 'What comes from this work is under its licence, or one that it lists, and this work is under neither.',
  SameTerms: 'What comes from this work is under the same terms, and this work is not.',
  FurtherRestriction: 'The work forbids or asks more than a licence that admits no further restriction.',
  ObligationRefused: 'A work that this one comes from asks what the licence of this one lets nobody add.',
  SourceWithheld: 'A work that this one comes from has to be open to all who use it over a network, this one is not.',
  AgreementDropped:
    'The agreement of a work that this one comes from goes along with it, and this one does not name it.',
  TerritoryWidened: 'The work holds in a country in which a work that it comes from does not.',
} as const satisfies Record<string, string>;
export type ClauseName = keyof typeof CLAUSES;
export const CLAUSE_NAMES = Object.keys(CLAUSES) as ClauseName[];

const variants = Object.fromEntries(CLAUSE_NAMES.map((name) => [name, null])) as Record<ClauseName, null>;

/** SCALE type of a clause's name. */
export const clause = enumeration('tacit_licensing::Clause', variants, {
  variantDocs: Object.fromEntries(CLAUSE_NAMES.map((name) => [name, [CLAUSES[name]]])),
});
export type Clause = Of<typeof clause>;
