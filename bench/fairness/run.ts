/**
 * Measures how fair rules of a round are: `npm run fairness -- [flags]`. Method and figures: docs/fairness.md.
 *
 *     --draws N       draws of each partition of each data set; 20 if not given
 *     --games FILE    games that were played before, and new ones; .tacit/fairness.jsonl
 *     --json FILE     where to write the figures; bench/fairness/results.json
 *     --page          write docs/fairness.md and its pictures too
 *     --quick         one small game of four parties, printed and not kept: whether all of it still works
 *
 * Exit code 0 whatever the figures say, 2 for wrong flags.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { PROPOSED, TODAY } from './candidates.ts';
import { gamesOf, namesOf, play } from './games.ts';
import { Kernel } from './kernel.ts';
import { renderPage } from './page.ts';
import { crowdsPicture, ranksPicture } from './pictures.ts';
import { type Results, resultsOf } from './results.ts';

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Parties of the quick game: two with data of their own, a duplicate of the second, and the replayer. */
const QUICK_PARTIES: readonly number[] = [0, 1, 4, 7];

const FLAGS = {
  draws: { type: 'string', default: '20' },
  games: { type: 'string', default: root('.tacit/fairness.jsonl') },
  json: { type: 'string', default: root('bench/fairness/results.json') },
  page: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
} as const;

function parsed(): ReturnType<typeof parseArgs<{ options: typeof FLAGS }>>['values'] {
  try {
    const { values } = parseArgs({ options: FLAGS });
    if (!/^[1-9][0-9]{0,2}$/.test(values.draws)) throw new TypeError('--draws is a whole number from 1 to 999');
    return values;
  } catch (error) {
    console.error((error as Error).message);
    process.exit(2);
  }
}

function write(file: string, content: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

function summary({ ranks, crowds }: Results): string {
  const lines = [TODAY, PROPOSED].map(({ name }) => {
    const first = ranks.filter(({ rule, view }) => rule === name && view === 'first');
    const most = crowds.filter(({ rule, attack }) => rule === name && attack !== 'disguised');
    const least = Math.min(...first.map(({ spearman }) => spearman.least)).toFixed(3);
    const mean = (first.reduce((sum, { spearman }) => sum + spearman.mean, 0) / first.length).toFixed(3);
    return `${name}: rank correlation ${mean}, least ${least}; most that copies or replays get: ${Math.max(...most.map(({ relative }) => relative)).toFixed(2)} of one`;
  });
  return lines.join('\n');
}

const flags = parsed();
if (flags.quick) {
  const game = play(await Kernel.create(), { set: 'mnist', partition: 'demo', draw: 0 }, QUICK_PARTIES);
  console.log(summary(resultsOf([game])));
} else {
  const games = await gamesOf(namesOf(Number(flags.draws)), flags.games, (name, seconds) =>
    console.log(`${name}: ${seconds.toFixed(1)} s`),
  );
  const results = resultsOf(games);
  write(flags.json, `${JSON.stringify(results)}\n`);
  if (flags.page) {
    write(root('docs/pictures/fairness-ranks.svg'), ranksPicture(results));
    write(root('docs/pictures/fairness-crowds.svg'), crowdsPicture(results));
    write(root('docs/fairness.md'), renderPage(results));
  }
  console.log(summary(results));
}
