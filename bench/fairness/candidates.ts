/** The rules of the comparison, today's first. */
import type { Rule } from './rules.ts';

const linear = (value: Rule['value'], past: number, share: number): Rule => {
  const what = value === 'shapley' ? '' : 'leave-one-out';
  const new_ = past === 0 ? '' : `${share} % of the last ${past === 1 ? 'aggregate' : `${past} aggregates`}`;
  const name = [what, new_].filter((text) => text !== '').join(', ') || "today's rule";
  return { name, value, past, share, by: 'nothing' };
};

export const TODAY: Rule = linear('shapley', 0, 0);

/** Rules that differ in what they take out: each may share rewards besides. */
export const LINEAR: readonly Rule[] = [
  TODAY,
  ...[25, 50, 75, 80, 90, 100].map((share) => linear('shapley', 1, share)),
  ...[50, 75, 100].map((share) => linear('shapley', 2, share)),
  ...[50, 75, 100].map((share) => linear('shapley', 4, share)),
  linear('leaveOneOut', 0, 0),
  linear('leaveOneOut', 1, 75),
];

/** Likeness that counts as a copy: more than two parties with examples of their own reach in any game. */
export const LIKENESS = 97;

/** The share that is proposed; docs/fairness.md has the table that it was chosen from. */
export const PROPOSED_SHARE = 50;
const novelty = linear('shapley', 1, PROPOSED_SHARE);

export const SHARING: readonly Rule[] = [
  TODAY,
  { ...TODAY, name: "today's rule, shared by likeness", by: LIKENESS },
  novelty,
  { ...novelty, name: `${novelty.name}, shared by likeness`, by: LIKENESS },
  { ...novelty, name: `${novelty.name}, shared softly`, by: 'softly' },
  { ...novelty, name: `${novelty.name}, shared by source`, by: 'source' },
  { ...linear('shapley', 1, 100), name: '100 % of the last aggregate, shared by source', by: 'source' },
  linear('leaveOneOut', 0, 0),
];

/** What is proposed: {@link novelty}, and one reward for what names one source. */
export const PROPOSED: Rule = SHARING.find(({ by, share }) => by === 'source' && share === PROPOSED_SHARE) as Rule;
