/** docs/sketch.md: what sketches do to scores, said by the figures. */
import type { Results, Row } from './results.ts';

const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
const three = (value: number): string => value.toFixed(3);

/** Figures as a table. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map((row) => [
    row.isSketched ? `${row.model}, sketched` : `${row.model}, its own coordinates`,
    row.coordinates.toLocaleString('en'),
    row.values.toLocaleString('en'),
    percent(row.error.median),
    percent(row.error.worst),
    row.isSketched ? percent(row.linear) : '',
    row.isSketched ? row.promised.toFixed(2) : '',
    three(row.rank.mean),
    three(row.rank.least),
  ]);
  const head = [
    'model',
    'coordinates',
    'values',
    'largest error, median',
    'worst',
    'before rounding',
    'over §9.7',
    'rank correlation',
    'least',
  ];
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** What stands out, in a sentence of each model. */
function summary(rows: readonly Row[]): string {
  const names = [...new Set(rows.map(({ model }) => model))];
  return names
    .map((name) => {
      const sketched = rows.filter(({ model, isSketched }) => model === name && isSketched);
      const cells = sketched.map(
        ({ values, rank, error }) =>
          `${values.toLocaleString('en')} values: ${percent(error.median)}, rank ${three(rank.mean)}`,
      );
      return `* ${name}: ${cells.join('; ')}.`;
    })
    .join('\n');
}

/** The page. */
export function renderPage({ draws, seeds, rows }: Results): string {
  return `${[
    '# What sketches do to scores',
    'Written by `npm run sketch -- --page`; do not edit. Figures: bench/sketch/results.json.',
    'A model with more coordinates than a round carries takes part by count sketches ([spec §9.7](spec/09-scores.md)). Scores are then right on average over seeds, and wrong by some amount under each. This page measures by how much, on updates that were really trained.',
    'Median of the largest error of a score, as a part of the largest score, and mean rank correlation with the scores of the whole updates:',
    summary(rows),
    '## Figures',
    tableOf(rows),
    '*Largest error*: of the scores of one round, the one that is furthest from the score of the whole updates, over the largest of these scores; median and worst of all rounds. *Before rounding*: the same median, of sketches that are neither scaled to one length nor rounded. *Over §9.7*: root mean square of the errors before rounding, over what the variance there says. *Rank correlation*: Spearman’s, with the scores of the whole updates; mean and least.',
    '## Method',
    `*Parties* are the demo’s eight: six with MNIST examples of their own, of them one with wrong labels, one with another’s examples, one with two digits only; one sends noise, one replays the last step. ${draws} draws of their examples, ${seeds} seeds of the sketch for each: ${draws * seeds} rounds a row.`,
    '*Models.* The demo’s softmax regression, which a round carries as it is; and a network of one hidden layer of rectified units. Both after one step of everybody who trains; five full-batch steps of local training make an update.',
    '*Scores* are Shapley values of §9.1. Those of the whole updates are in reals, of updates of length 1. Those of sketches are what a round pays: `partsOf` of the SDK makes 8-bit integers with a mean magnitude of 16, and scores are the exact integers of the closed form. The row without a sketch says what rounding costs by itself.',
    '## How to read it',
    `Few rounds: ${draws} draws are not many, and rounds of one draw have their parties in common. A party that is worth nearly what another and its copy are worth changes places with these two; that one change is a rank correlation of 0.93 (the copy has the same score as its original, so three ranks move).`,
    'Rounding adds to the error where an update has a few large coordinates. Of a sketch of `m` values with a mean magnitude of 16, a coordinate of more than `8/sqrt(m)` of the length is cut off at 127: 0.25 at 1,024 values, 0.09 at 8,192. A round with a lower `normSq` cuts less and rounds more coarsely. Sketches keep single large coordinates as they are.',
    'An error belongs to its seed. A model that keeps its seed, as it must for a past (§9.6), has similar errors in rounds with similar updates: they do not cancel over rounds. Nothing here measures what happens where somebody chooses an update for a seed; §9.7 argues that no score is to be had by it.',
  ].join('\n\n')}\n`;
}
