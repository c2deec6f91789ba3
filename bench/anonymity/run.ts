/**
 * Measures what anonymity claims leave: `npm run anonymity -- [flags]`. Method and figures: docs/anonymity.md.
 *
 *     --rounds N    rounds of a world; 1000 if not given
 *     --sample N    claims that each strategy guesses at; 1500
 *     --seed N      another world; 1
 *     --page        write bench/anonymity/results.json, docs/anonymity.md and its picture
 *     --brief       a small world, printed and not kept: whether all of it still works
 *
 * Exit code 0 whatever the figures say, 2 for wrong flags.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parsedFlags } from '../support/flags.ts';
import { renderPage, titleOf } from './page.ts';
import { hitsPicture } from './picture.ts';
import { type Results, rowOf, type Row, settingsOf } from './results.ts';

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const FLAGS = {
  rounds: { type: 'string', default: '1000' },
  sample: { type: 'string', default: '1500' },
  seed: { type: 'string', default: '1' },
  page: { type: 'boolean', default: false },
  brief: { type: 'boolean', default: false },
} as const;

function told(row: Row): Row {
  const { all, uniform } = row.hits;
  const share = (hits: number): string => `${((100 * hits) / Math.max(1, all.claims)).toFixed(1)} %`;
  console.log(
    `${titleOf(row)}: notes guessed ${share(uniform.note)} by chance, ${share(all.note)} by all that is known; items ${share(all.item)}; ${all.left.toFixed(0)} notes left`,
  );
  return row;
}

const flags = parsedFlags(FLAGS, 5);
const [rounds, sample] = flags.brief ? [60, 100] : [flags.rounds, flags.sample];
const { seed } = flags;
const rows = settingsOf(rounds, flags.brief).map((setting) => told(rowOf({ ...setting, seed }, sample)));
if (flags.page && !flags.brief) {
  const results: Results = { seed, rounds, sample, rows };
  writeFileSync(root('bench/anonymity/results.json'), `${JSON.stringify(results)}\n`);
  writeFileSync(root('docs/pictures/anonymity.svg'), hitsPicture(results));
  writeFileSync(root('docs/anonymity.md'), renderPage(results));
}
