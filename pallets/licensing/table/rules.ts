/** The rules that the chain begins with, in the order in which they are asked. */
import { ALL_PURPOSES, ALL_RESTRICTIONS, PURPOSE, type RelationName, RESTRICTION, TIER } from '../types.ts';
import type { ClauseName } from '../gate/clauses.ts';
import { ALL_OBLIGATIONS, ALL_RELATIONS, type Fact, OBLIGATION, RELATION_BIT, type Rule, TRAIT } from './types.ts';

const is = (fact: Fact) => ({ holds: true, fact });
const not = (fact: Fact) => ({ holds: false, fact });
const among = (...relations: RelationName[]): number => relations.reduce((bits, name) => bits | RELATION_BIT[name], 0);

function refuse(clause: ClauseName, relations: number, when: Rule['when'], cure: string): Rule {
  return { clause: { tag: clause }, relations, when, cure };
}
const lacksTier = (relations: number, tiers: number): Rule =>
  refuse(
    'TierMissing',
    relations,
    [is({ tag: 'ParentLacksTier', value: { tiers } })],
    'Buy a grant of its owner, or agree on terms, with the tiers {tiers}.',
  );
const trait = (traits: number) => is({ tag: 'ParentTrait', value: { traits } });
const parentSays = (kind: number) => is({ tag: 'ParentDerivatives', value: { kind } });
const reaches = is({ tag: 'Reaches' });

/** What the parent forbids altogether, or allows only to some. */
const refusals: readonly Rule[] = [
  refuse(
    'NoDerivatives',
    ALL_RELATIONS,
    [trait(TRAIT.noDerivatives)],
    'Another licence of {licence}’s owner that allows derived works.',
  ),
  refuse('NoDerivatives', ALL_RELATIONS, [parentSays(0)], 'Terms of its owner that allow derived works.'),
  refuse(
    'NoTraining',
    among('TrainedOn', 'DistilledFrom'),
    [trait(TRAIT.noTraining)],
    'Another licence of its owner that allows training.',
  ),
  lacksTier(among('TrainedOn'), TIER.train),
  lacksTier(among('FinetunedFrom', 'MergedFrom', 'QuantizedFrom', 'AdapterFor'), TIER.fineTune),
  lacksTier(among('DistilledFrom'), TIER.inference | TIER.train),
  refuse('NeedsApproval', ALL_RELATIONS, [parentSays(3)], 'The owner’s approval of this work.'),
];

const commercial = PURPOSE.commercial;
/** What the child must forbid because the parent does. */
const kept: readonly Rule[] = [
  refuse(
    'NonCommercial',
    ALL_RELATIONS,
    [is({ tag: 'PurposeAdded', value: { purposes: commercial } })],
    'Terms without the commercial purpose, that rest on a licence which may be narrowed.',
  ),
  refuse(
    'NonCommercial',
    ALL_RELATIONS,
    [is({ tag: 'ParentExcludes', value: { purposes: commercial } }), is({ tag: 'ChildPriced' })],
    'A price of nothing: selling the work is a commercial use of the one it comes from.',
  ),
  refuse(
    'PurposeWidened',
    ALL_RELATIONS,
    [is({ tag: 'PurposeAdded', value: { purposes: ALL_PURPOSES & ~commercial } })],
    'Terms without the purposes {purposes}.',
  ),
  refuse(
    'CompetingModel',
    among('TrainedOn', 'DistilledFrom'),
    [is({ tag: 'ParentForbids', value: { restrictions: RESTRICTION.competingModels } }), not({ tag: 'SameLicence' })],
    'Put the work under {licence}, or ask the owner for terms that allow it.',
  ),
  refuse(
    'RestrictionDropped',
    ALL_RELATIONS,
    [is({ tag: 'RestrictionLost', value: { restrictions: ALL_RESTRICTIONS } })],
    'Terms that forbid also: {uses}.',
  ),
  refuse(
    'TerritoryWidened',
    ALL_RELATIONS,
    [is({ tag: 'TerritoryAdded' })],
    'Terms that hold in no more countries than those of the work it comes from.',
  ),
];

/** What the child must be under, and what it may not add. */
const reciprocal: readonly Rule[] = [
  refuse(
    'SameTerms',
    ALL_RELATIONS,
    [parentSays(2), not({ tag: 'SameTerms' })],
    'The same base, tiers, purposes, derivatives, restrictions and territory.',
  ),
  refuse(
    'ShareAlike',
    ALL_RELATIONS,
    [trait(TRAIT.shareAlike), reaches, not({ tag: 'ChildListed' })],
    'Put the work under one of: {listed}.',
  ),
  refuse(
    'AgreementDropped',
    ALL_RELATIONS,
    [trait(TRAIT.goesAlong), reaches, not({ tag: 'ChildListed' })],
    'Put the work under {licence}, or add AND LicenseRef-{licence} to its expression.',
  ),
  refuse(
    'FurtherRestriction',
    ALL_RELATIONS,
    [trait(TRAIT.noFurther), reaches, is({ tag: 'TermsAdd' })],
    'Terms that forbid, narrow and keep back nothing beyond {licence}.',
  ),
  refuse(
    'FurtherRestriction',
    ALL_RELATIONS,
    [trait(TRAIT.noFurther), reaches, is({ tag: 'LicenceAdds' })],
    'Leave out the licences that ask more: {added}.',
  ),
  refuse(
    'FurtherRestriction',
    ALL_RELATIONS,
    [trait(TRAIT.noFurther), reaches, is({ tag: 'TermsMeter' })],
    'Terms without bound of seats, uses and time, free or for a price paid once; or only the tier inference.',
  ),
  refuse(
    'ObligationRefused',
    ALL_RELATIONS,
    [reaches, is({ tag: 'ObligationLost', value: { obligations: ALL_OBLIGATIONS } })],
    'A licence of the work that leaves room for: {asked}.',
  ),
  // A library under one copyleft licence within a work under another that binds the whole of it.
  refuse(
    'ObligationRefused',
    among('AdapterFor'),
    [trait(TRAIT.shareAlike), not(reaches.fact), is({ tag: 'ChildBinds' }), not({ tag: 'ChildListed' })],
    'A licence of the work that does not bind what it is combined with, or one of: {listed}.',
  ),
  refuse(
    'SourceWithheld',
    ALL_RELATIONS,
    [
      reaches,
      is({ tag: 'ParentAsks', value: { obligations: OBLIGATION.networkSource } }),
      is({ tag: 'ChildLacksTier', value: { tiers: TIER.architecture | TIER.fineTune } }),
    ],
    'Terms that open the work itself: the tiers {tiers}.',
  ),
];

export const defaultRules: readonly Rule[] = [...refusals, ...kept, ...reciprocal];
