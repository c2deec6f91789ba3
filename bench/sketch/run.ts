/**
 * Measures what sketches do to scores: `npm run sketch -- [flags]`. Method and figures: docs/sketch.md.
 *
 *     --draws N   draws of the parties' examples; 4 if not given
 *     --seeds N   seeds of the sketch for each draw; 8
 *     --page      write bench/sketch/results.json and docs/sketch.md
 *     --brief     a small network and few seeds, printed and not kept: whether all of it still works
 *
 * Exit code 0 whatever the figures say, 2 for wrong flags.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parsedFlags } from '../support/flags.ts';
import { network, SOFTMAX } from './games.ts';
import { UNITS } from './net.ts';
import { renderPage, tableOf } from './page.ts';
import { type Results, type Row, rowsOf } from './results.ts';

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const FLAGS = {
  draws: { type: 'string', default: '4' },
  seeds: { type: 'string', default: '8' },
  page: { type: 'boolean', default: false },
  brief: { type: 'boolean', default: false },
} as const;

const flags = parsedFlags(FLAGS, 2);
const [draws, seeds] = flags.brief ? [1, 2] : [flags.draws, flags.seeds];
const rows: Row[] = [];
for (const model of [SOFTMAX, network(flags.brief ? 16 : UNITS)]) {
  rows.push(...(await rowsOf(model, draws, seeds)));
  console.log(`${model.name}: done`);
}
console.log(tableOf(rows));
if (flags.page && !flags.brief) {
  const results: Results = { draws, seeds, rows };
  writeFileSync(root('bench/sketch/results.json'), `${JSON.stringify(results)}\n`);
  writeFileSync(root('docs/sketch.md'), renderPage(results));
}
