/** The two pictures of docs/fairness.md, as SVG. */
import { LINEAR, SHARING } from './candidates.ts';
import { ATTACKS, type Attack, CROWDS } from './measure.ts';
import { type CrowdRow, GROUPS, type RankRow, type Results } from './results.ts';
import { COLOURS, element, INK, line, picture, text } from '../support/svg.ts';

/** Where a panel stands, and its size. */
interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Rules of the first picture: what is taken out of the weights grows to the right. */
const COLUMNS: readonly (readonly [rule: string, label: string])[] = [
  ...LINEAR.filter(({ value, past }) => value === 'shapley' && past <= 1).map(
    ({ name, discount, past }) => [name, past === 0 ? 'today' : `${discount} %`] as const,
  ),
  ['leave-one-out', 'leave one out'],
  ['effects', 'real effect'],
];

/** Correlations of one rule in one panel: a dot for each draw, a bar for their mean. */
function strip(row: RankRow, at: number, yOf: (value: number) => number): string[] {
  const dots = row.draws.map((value, i) => {
    const aside = ((i % 5) - 2) * 2.2;
    return element('circle', {
      cx: at + aside,
      cy: yOf(value),
      r: 1.9,
      fill: COLOURS[0] as string,
      'fill-opacity': 0.45,
    });
  });
  const mean = yOf(row.spearman.mean);
  return [...dots, line(at - 9, mean, at + 9, mean, { stroke: INK, 'stroke-width': 2 })];
}

function rankPanel(results: Results, index: number, { x, y, width, height }: Place): string[] {
  const group = GROUPS[index] as (typeof GROUPS)[number];
  const low = -0.5;
  const yOf = (value: number): number => y + (height * (1 - Math.max(low, value))) / (1 - low);
  const rows = [...results.ranks, ...results.effects].filter(
    ({ set, partition, view }) => set === group.set && partition === group.partition && view === 'first',
  );
  const step = width / COLUMNS.length;
  return [
    text(x, y - 10, `${group.set}, ${group.partition}`, { 'font-weight': 'bold' }),
    ...[1, 0.8, 0.6, 0.4, 0.2, 0, -0.2, -0.4].flatMap((value) => [
      line(x, yOf(value), x + width, yOf(value)),
      text(x - 6, yOf(value) + 4, value.toFixed(1), { 'font-size': 10, 'text-anchor': 'end' }),
    ]),
    ...COLUMNS.flatMap(([rule, label], k) => {
      const at = x + (k + 0.5) * step;
      const row = rows.find((one) => one.rule === rule);
      const name = text(at, y + height + 14, label, {
        'font-size': 10,
        'text-anchor': 'end',
        transform: `rotate(-35 ${at.toFixed(1)} ${(y + height + 14).toFixed(1)})`,
      });
      return [...(row ? strip(row, at, yOf) : []), name];
    }),
  ];
}

/** Rank correlation with retrained values, of every draw under every rule. */
export function ranksPicture(results: Results): string {
  const panels = GROUPS.flatMap((_, i) =>
    rankPanel(results, i, { x: 60 + (i % 2) * 440, y: 60 + Math.floor(i / 2) * 285, width: 370, height: 190 }),
  );
  const title =
    "Spearman's rank correlation with retrained Shapley values, first paid round: a dot for each draw, a bar for the mean";
  return picture(900, 900, title, [text(60, 26, title, { 'font-size': 13 }), ...panels]);
}

const TITLES: Readonly<Record<Attack, string>> = {
  copies: 'copies of an honest update',
  replays: 'replays of the last aggregate',
  disguised: 'copies under noise (cosine 0.9)',
};

/** Least and most of the scale of earnings: below it stands at its foot. */
const [LOW, HIGH] = [0.1, 16];

function crowdPanel(rows: readonly CrowdRow[], attack: Attack, { x, y, width, height }: Place): string[] {
  const xOf = (count: number): number => x + (width * Math.log2(count)) / Math.log2(CROWDS.at(-1) as number);
  const yOf = (ratio: number): number => y + (height * Math.log(HIGH / Math.max(LOW, ratio))) / Math.log(HIGH / LOW);
  return [
    text(x, y - 10, TITLES[attack], { 'font-weight': 'bold' }),
    ...[0.1, 0.25, 0.5, 1, 2, 4, 8, 16].flatMap((ratio) => [
      line(x, yOf(ratio), x + width, yOf(ratio)),
      text(x - 6, yOf(ratio) + 4, `${ratio}`, { 'font-size': 10, 'text-anchor': 'end' }),
    ]),
    line(x, yOf(1.5), x + width, yOf(1.5), { stroke: INK, 'stroke-dasharray': '4 3' }),
    ...CROWDS.map((count) =>
      text(xOf(count), y + height + 16, `${count}`, { 'font-size': 10, 'text-anchor': 'middle' }),
    ),
    ...SHARING.flatMap(({ name }, k) => {
      const points = rows.filter((row) => row.rule === name && row.attack === attack);
      const path = points
        .map(({ count, relative }) => `${xOf(count).toFixed(1)},${yOf(relative).toFixed(1)}`)
        .join(' ');
      return [element('polyline', { points: path, fill: 'none', stroke: COLOURS[k] as string, 'stroke-width': 2 })];
    }),
  ];
}

/** What one party gets with more and more accounts, as a multiple of what one honest party gets. */
export function crowdsPicture({ crowds }: Results): string {
  const panels = ATTACKS.flatMap((attack, i) =>
    crowdPanel(crowds, attack, { x: 50 + i * 285, y: 70, width: 230, height: 260 }),
  );
  const legend = SHARING.flatMap(({ name }, k) => {
    const [x, y] = [60 + (k % 2) * 400, 378 + Math.floor(k / 2) * 20];
    return [line(x, y - 4, x + 24, y - 4, { stroke: COLOURS[k] as string, 'stroke-width': 3 }), text(x + 32, y, name)];
  });
  const title =
    'What all accounts of one party get, over what one honest party gets (dashed: 1.5), by the number of accounts';
  return picture(900, 460, title, [text(50, 26, title, { 'font-size': 13 }), ...panels, ...legend]);
}
