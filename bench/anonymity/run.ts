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
import { parseArgs } from 'node:util';
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

function parsed(): ReturnType<typeof parseArgs<{ options: typeof FLAGS }>>['values'] {
  try {
    const { values } = parseArgs({ options: FLAGS });
    for (const name of ['rounds', 'sample', 'seed'] as const) {
      if (!/^[1-9][0-9]{0,4}$/.test(values[name])) throw new TypeError(`--${name} is a whole number from 1 to 99999`);
    }
    return values;
  } catch (error) {
    console.error((error as Error).message);
    process.exit(2);
  }
}

function told(row: Row): Row {
  const { all, uniform } = row.hits;
  const share = (hits: number): string => `${((100 * hits) / Math.max(1, all.claims)).toFixed(1)} %`;
  console.log(
    `${titleOf(row)}: notes guessed ${share(uniform.note)} by chance, ${share(all.note)} by all that is known; items ${share(all.item)}; ${all.left.toFixed(0)} notes left`,
  );
  return row;
}

const flags = parsed();
const [rounds, sample] = flags.brief ? [60, 100] : [Number(flags.rounds), Number(flags.sample)];
const seed = Number(flags.seed);
const rows = settingsOf(rounds, flags.brief).map((setting) => told(rowOf({ ...setting, seed }, sample)));
if (flags.page && !flags.brief) {
  const results: Results = { seed, rounds, sample, rows };
  writeFileSync(root('bench/anonymity/results.json'), `${JSON.stringify(results)}\n`);
  writeFileSync(root('docs/pictures/anonymity.svg'), hitsPicture(results));
  writeFileSync(root('docs/anonymity.md'), renderPage(results));
}
