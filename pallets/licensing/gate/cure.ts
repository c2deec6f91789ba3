/** What would help a refused work, in words. */
import { OBLIGATION, type Rule } from '../table/types.ts';
import { PURPOSE, RESTRICTION, TIER } from '../types.ts';
import { type Case, obligationsLost, purposesAdded, restrictionsLost } from './facts.ts';

/** The names of the bits that are set. */
export function namesOf(bits: number, of: Readonly<Record<string, number>>): string {
  const named = Object.entries(of).filter(([, bit]) => (bits & bit) !== 0);
  return named.length === 0 ? 'none' : named.map(([name]) => name).join(', ');
}

function tiersLacking({ parentTerms, childTerms }: Case, { when }: Rule): number {
  return when.reduce((bits, { fact }) => {
    if (fact.tag === 'ParentLacksTier') return bits | (fact.value.tiers & ~parentTerms.tiers);
    if (fact.tag === 'ChildLacksTier') return bits | (fact.value.tiers & ~childTerms.tiers);
    return bits;
  }, 0);
}

const added = ({ child, parent }: Case): string =>
  child
    .filter(({ profile }) => profile.name !== parent.profile.name)
    .map(({ profile }) => profile.name)
    .join(', ') || 'the terms themselves';

/** The cure of a rule, with the names of the case in the places of `{licence}` and the like. */
export function cureText(rule: Rule, it: Case): string {
  const { name, outbound } = it.parent.profile;
  const words: Readonly<Record<string, string>> = {
    licence: name,
    listed: [name, ...outbound].join(', '),
    uses: namesOf(restrictionsLost(it), RESTRICTION),
    purposes: namesOf(purposesAdded(it), PURPOSE),
    asked: namesOf(obligationsLost(it), OBLIGATION),
    added: added(it),
    tiers: namesOf(tiersLacking(it, rule), TIER),
  };
  return rule.cure.replaceAll(/\{([a-z]+)\}/g, (whole, word: string) => words[word] ?? whole);
}
