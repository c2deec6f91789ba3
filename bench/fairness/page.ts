/** docs/fairness.md, written from the figures. */
import { LIKENESS, LINEAR, PROPOSED, PROPOSED_DISCOUNT, SHARING, TODAY } from './candidates.ts';
import { type Attack, CROWDS } from './measure.ts';
import { approach, harmed, limits, method, onChain } from './prose.ts';
import { GROUPS, type RankRow, type Results, type View } from './results.ts';

const two = (value: number): string => (Math.abs(value) < 0.005 ? '0.00' : value.toFixed(2));
const percent = (value: number): string => `${Math.round(100 * value)} %`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
  return lines.join('\n');
}

const groupName = ({ set, partition }: { set: string; partition: string }): string => `${set}, ${partition}`;

const meanOf = (rows: readonly RankRow[]): number =>
  rows.reduce((sum, { spearman }) => sum + spearman.mean, 0) / rows.length;
const leastOf = (rows: readonly RankRow[]): number => Math.min(...rows.map(({ spearman }) => spearman.least));

function rowsOf({ ranks, effects }: Results, rule: string, view: View): RankRow[] {
  return [...ranks, ...effects].filter((row) => row.rule === rule && row.view === view);
}

/** Mean and least of one view, a column for each group and one for all. */
function rankTable(results: Results, view: View, names: readonly string[]): string {
  const rows = names.map((name) => {
    const found = rowsOf(results, name, view);
    const cells = found.map(({ spearman }) => `${two(spearman.mean)} (${two(spearman.least)})`);
    return [
      name === 'effects' ? 'real effect of each round' : name,
      ...cells,
      `**${two(meanOf(found))}** (${two(leastOf(found))})`,
    ];
  });
  return table(['taken out of the weights', ...GROUPS.map(groupName), 'all'], rows);
}

function viewsTable(results: Results, names: readonly string[]): string {
  const views: readonly (readonly [View, string])[] = [
    ['first', 'first round'],
    ['all', 'all rounds'],
    ['held', 'all rounds, other examples'],
    ['merged', 'all rounds, copies one player'],
    ['honest', 'first round, data holders only'],
    ['effects', 'all rounds, with the real effect of rounds'],
  ];
  const rows = names.map((name) => {
    const means = views.map(([view]) => meanOf(rowsOf(results, name, view)));
    return [name, ...means.map(two), `**${two(means.reduce((sum, one) => sum + one, 0) / means.length)}**`];
  });
  return table(['taken out of the weights', ...views.map(([, title]) => title), 'mean'], rows);
}

function kendallTable(results: Results, names: readonly string[]): string {
  const rows = names.map((name) => {
    const found = rowsOf(results, name, 'first');
    return [
      name === 'effects' ? 'real effect of each round' : name,
      ...found.map(({ kendall }) => `${two(kendall.mean)} (${two(kendall.least)})`),
    ];
  });
  return table(['taken out of the weights', ...GROUPS.map(groupName)], rows);
}

function crowdTable({ crowds }: Results, attack: Attack): string {
  const rows = SHARING.map(({ name }) => {
    const found = crowds.filter((row) => row.rule === name && row.attack === attack);
    const last = found.at(-1);
    return [
      name,
      ...found.map(({ relative }) => two(relative)),
      two(Math.max(...found.map(({ worst }) => worst))),
      percent(last?.lost ?? 0),
    ];
  });
  return table(['rule', ...CROWDS.map((count) => `${count}`), 'worst group', 'others lose'], rows);
}

function harm(results: Results): string {
  const of = (rule: string): Results['repeaters'] => results.repeaters.filter((row) => row.rule === rule);
  const repeaters = [...new Set(results.repeaters.map(({ rule }) => rule))].map((rule) => [
    rule,
    ...of(rule).flatMap(({ worker, replayer }) => [percent(worker), percent(replayer)]),
  ]);
  const [first, last] = of(TODAY.name).map(({ likeness }) => two(likeness));
  const changes = results.changes
    .filter(({ rule }) => LINEAR.some(({ name, past }) => name === rule && past <= 1))
    .map(({ rule, better, worse, worst, unpaid, most }) => [
      rule,
      `${better}`,
      `${worse}`,
      two(worst),
      percent(most),
      `${unpaid}`,
    ]);
  return [
    `Games in which the first round ranks better, and worse, than today, and the largest loss of correlation; the largest share of the pool that anybody gets, median; games whose first round pays nothing since its total is not above zero:`,
    table(['taken out of the weights', 'better', 'worse', 'largest loss', 'largest share', 'unpaid'], changes),
    `Honest work that repeats the past: in the place of the replayer a party that holds everybody's examples. Nobody could send better work, and what it sends is much of what the last round gave: a cosine of ${first} in the first paid round, ${last} in the last (medians). Its share of the pool, and that of the replayer in the same place:`,
    table(['taken out of the weights', 'first round: worker', 'replayer', 'last round: worker', 'replayer'], repeaters),
    harmed(honestOrder(results)),
  ].join('\n\n');
}

/** Means over groups among data holders alone: today, as proposed, all of the projection. */
function honestOrder(results: Results): { today: string; proposed: string; all: string } {
  const of = (rule: string): string => two(meanOf(rowsOf(results, rule, 'honest')));
  return { today: of(TODAY.name), proposed: of(PROPOSED.name), all: of('100 % of the last aggregate') };
}

function sketchTable({ sketches }: Results): string {
  const rows = sketches.map(({ values, noise, wronged, missed }) => [
    `${values}`,
    two(noise),
    `${(100 * wronged).toFixed(1)} %`,
    `${(100 * missed).toFixed(1)} %`,
  ]);
  return table(['values opened per item', 'noise', 'pairs of others taken for copies', 'copies not seen'], rows);
}

/** Whether the aims are met, in a sentence. */
function verdict(results: Results): string {
  const first = rowsOf(results, PROPOSED.name, 'first');
  const [mean, least] = [meanOf(first), leastOf(first)];
  const crowds = results.crowds.filter(({ rule }) => rule === PROPOSED.name);
  const most = Math.max(...crowds.map(({ worst }) => worst));
  const met = (is: boolean): string => (is ? 'met' : '**not met**');
  const effects = rowsOf(results, 'effects', 'first');
  const reached = LINEAR.filter(({ name }) => meanOf(rowsOf(results, name, 'first')) >= 0.95);
  const demo = first.filter(({ set, partition }) => set === 'mnist' && partition === 'demo');
  const even = first.filter(({ partition }) => partition !== 'dirichlet');
  return [
    `* Rank correlation with retrained values, mean at least 0.95: ${two(mean)}, ${met(mean >= 0.95)} (today ${two(meanOf(rowsOf(results, TODAY.name, 'first')))}).`,
    `* The least of all games at least 0.88: ${two(least)}, ${met(least >= 0.88)} (today ${two(leastOf(rowsOf(results, TODAY.name, 'first')))}).`,
    `* Accounts of one holder together at most 1.5 times one honest party: ${two(most)} in the worst group, ${met(most <= 1.5)}.`,
    '',
    `Of the demo's partition of MNIST alone the figures are ${two(meanOf(demo))} and ${two(leastOf(demo))}, of all groups but those with lopsided labels ${two(meanOf(even))} and ${two(leastOf(even))}. Rules in the tables with a mean of 0.95 over all groups: ${reached.length === 0 ? 'none' : reached.map(({ name }) => name).join('; ')}. The exact Shapley values of the rounds' real effects, which take`,
    `every update in the clear and all coalitions, reach ${two(meanOf(effects))}, least ${two(leastOf(effects))}: what retraining from zero says of parties with lopsided labels does not stand in one round.`,
  ].join('\n');
}

function order(results: Results): string[] {
  const linear = LINEAR.map(({ name }) => name);
  const few = LINEAR.filter(({ past, value }) => past <= 1 && value === 'shapley').map(({ name }) => name);
  const compared = [...few, 'leave-one-out', 'effects'];
  return [
    '## Order',
    `Spearman's correlation of the first paid round with retrained values: mean of the draws, in brackets the least. The last row compares what no rule can know: the exact Shapley values of the loss after that one round, from every update in the clear.`,
    rankTable(results, 'first', compared),
    '![Rank correlations of all draws](pictures/fairness-ranks.svg)',
    'All four paid rounds added up. Here two or four aggregates are open before the later rounds:',
    rankTable(results, 'all', [...linear, 'effects']),
    `The same by other yardsticks, means over all groups. *Data holders only* leaves replayers and noise out of the round and out of the retrained game. *Copies one player* gives the demo's duplicate and its original one reward between them. *Real effect* adds up, round by round, the exact Shapley values of the loss after that one round.`,
    viewsTable(results, linear),
    "Kendall's tau-b of the first round:",
    kendallTable(results, compared),
  ];
}

function crowds(results: Results): string[] {
  return [
    '## Copies and replays',
    `One party takes part with 1 to 28 accounts, beside the seven others. The figures are what its accounts get together, over what one honest party gets: for copies what the same party gets with one account, for replays the mean of the ordinary parties. Medians over all games; *worst group* is the largest median of a group at any number; *others lose* is what 28 accounts take from them.`,
    "Copies of the first party's update:",
    crowdTable(results, 'copies'),
    'Replays of the last aggregate:',
    crowdTable(results, 'replays'),
    'Copies under noise of their own, so that two of them have a cosine of 0.9. Noise costs them a twentieth of their score:',
    crowdTable(results, 'disguised'),
    '![What many accounts get](pictures/fairness-crowds.svg)',
  ];
}

/** The page. */
export function renderPage(results: Results): string {
  const likeness = {
    likeness: LIKENESS,
    most: two(results.closest.most),
    wronged: percent(results.closest.wronged),
    sketches: sketchTable(results),
  };
  return `${[
    '# Fairness of scores',
    approach(PROPOSED_DISCOUNT),
    '## What was aimed at',
    verdict(results),
    method(results.draws, results.retrained.length),
    ...order(results),
    ...crowds(results),
    '## When it hurts',
    harm(results),
    limits(likeness),
    onChain(PROPOSED_DISCOUNT),
  ].join('\n\n')}\n`;
}
