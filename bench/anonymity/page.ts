/** docs/anonymity.md, written from the figures. */
import { paces, approach, limits, method, strategies, sybils, toWallets } from './prose.ts';
import { DAY, type Habits, HOUR, STRATEGIES, type StrategyName } from './setting.ts';
import { DEFAULT_DELAY, DELAYS, RINGS, type Results, type Row, SPLITS } from './results.ts';

export function delayName(delay: Habits['delay']): string {
  if (delay === 'at once') return delay;
  const [count, unit] = delay >= DAY ? [delay / DAY, 'day'] : [delay / HOUR, 'hour'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** A setting in words. */
export function titleOf({ delay, places, splitAt, sybils: share }: Omit<Row, 'hits' | 'pace'>): string {
  return `${delayName(delay)}, rings of ${places}, split from ${splitAt} times the largest on, ${share} % sybils`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

type Guess = 'note' | 'item' | 'account';

function percent({ hits }: Row, name: StrategyName, guess: Guess): string {
  const { claims, [guess]: right } = hits[name];
  return ((100 * right) / Math.max(1, claims)).toFixed(1);
}

const plain = ({ rows }: Results, places: number, splitAt: number): Row[] =>
  rows.filter((row) => row.places === places && row.splitAt === splitAt && row.sybils === 0);

/** Right guesses by strategy, a row for each delay; what is left in doubt under all that is known. */
function hitTable(results: Results, places: number): string {
  const rows = plain(results, places, SPLITS[0] as number).map((row) => [
    delayName(row.delay),
    ...STRATEGIES.map((name) => `${percent(row, name, 'note')} / ${percent(row, name, 'item')}`),
    percent(row, 'all', 'account'),
    row.hits.all.left.toFixed(0),
  ]);
  return table(['mean delay', ...STRATEGIES, 'account, all', 'notes left, all'], rows);
}

function splitTable(results: Results): string {
  const rows = RINGS.flatMap((places) =>
    DELAYS.map((delay) => {
      const cells = SPLITS.flatMap((splitAt) => {
        const row = plain(results, places, splitAt).find((one) => one.delay === delay);
        return row === undefined
          ? []
          : [
              percent(row, 'all', 'item'),
              row.pace.days.toFixed(1),
              `${row.pace.paid}`,
              (row.pace.claims / 100).toFixed(1),
            ];
      });
      return [places.toLocaleString('en'), delayName(delay), ...cells];
    }),
  );
  const cells = ['item guessed, %', 'days', 'paid, %', 'claims per item'];
  return table(['ring', 'mean delay', ...cells, ...cells.map((cell) => `split: ${cell}`)], rows);
}

function sybilTable(results: Results): string {
  const rows = RINGS.flatMap((places) =>
    (['at once', DEFAULT_DELAY] as const).flatMap((delay) =>
      results.rows
        .filter((row) => row.places === places && row.delay === delay && row.splitAt === SPLITS[0])
        .map((row) => [
          places.toLocaleString('en'),
          delayName(delay),
          `${row.sybils} %`,
          percent(row, 'uniform', 'note'),
          percent(row, 'all', 'note'),
          percent(row, 'all', 'item'),
          row.hits.uniform.left.toFixed(0),
          row.hits.all.left.toFixed(0),
        ]),
    ),
  );
  const head = [
    'ring',
    'mean delay',
    'sybils',
    'note by chance',
    'note by all',
    'item by all',
    'honest notes',
    'notes left, all',
  ];
  return table(head, rows);
}

/** The page. */
export function renderPage(results: Results): string {
  const { rounds, sample, seed } = results;
  return `${[
    '# What anonymity claims leave',
    approach(),
    method(rounds, sample, seed),
    strategies(),
    '## Right guesses',
    'Percent of claims: the note guessed right / the item guessed right. *Account*: the account whose item it was. *Notes left*: two to the power of the entropy of the weights, the median over claims.',
    ...RINGS.flatMap((places) => [`Rings of ${places.toLocaleString('en')}:`, hitTable(results, places)]),
    '![Right guesses by mean delay, strategy and ring](pictures/anonymity.svg)',
    '## Sybils',
    sybils(),
    sybilTable(results),
    '## Splits, and how soon money comes',
    paces(),
    splitTable(results),
    toWallets(),
    limits(),
  ].join('\n\n')}\n`;
}
