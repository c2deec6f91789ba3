/** The rules of the comparison, today's first. */
import type { Rule } from './rules.ts';

const linear = (value: Rule['value'], past: number, discount: number): Rule => {
  const what = { shapley: '', leaveOneOut: 'leave-one-out', membersMean: 'mean of members' }[value];
  const new_ = past === 0 ? '' : `${discount} % of the last ${past === 1 ? 'aggregate' : `${past} aggregates`}`;
  const name = [what, new_].filter((text) => text !== '').join(', ') || "today's rule";
  return { name, value, past, discount, by: 'nothing' };
};

export const TODAY: Rule = linear('shapley', 0, 0);

/** Rules that differ in what they take out: each may discount rewards besides. */
export const LINEAR: readonly Rule[] = [
  TODAY,
  ...[25, 50, 75, 80, 90, 100].map((discount) => linear('shapley', 1, discount)),
  ...[50, 75, 100].map((discount) => linear('shapley', 2, discount)),
  ...[50, 75, 100].map((discount) => linear('shapley', 4, discount)),
  linear('leaveOneOut', 0, 0),
  linear('leaveOneOut', 1, 50),
  linear('membersMean', 0, 0),
  linear('membersMean', 1, 50),
];

/** Likeness that counts as a copy: more than two parties with examples of their own reach in any game. */
export const LIKENESS = 97;

/** The discount that is proposed; docs/fairness.md has the table that it was chosen from. */
export const PROPOSED_DISCOUNT = 50;
const novelty = linear('shapley', 1, PROPOSED_DISCOUNT);

export const SHARING: readonly Rule[] = [
  TODAY,
  { ...TODAY, name: "today's rule, copies by likeness", by: LIKENESS },
  novelty,
  { ...novelty, name: `${novelty.name}, copies by likeness`, by: LIKENESS },
  { ...novelty, name: `${novelty.name}, copies softly`, by: 'softly' },
  { ...novelty, name: `${novelty.name}, copies by holder`, by: 'holder' },
  { ...linear('shapley', 1, 100), name: '100 % of the last aggregate, copies by holder', by: 'holder' },
  linear('leaveOneOut', 0, 0),
];

/** What is proposed: {@link novelty}, and one reward for items of one holder; of equal items the chain, which counts one, pays the same. */
export const PROPOSED: Rule = SHARING.find(
  ({ by, discount }) => by === 'holder' && discount === PROPOSED_DISCOUNT,
) as Rule;
