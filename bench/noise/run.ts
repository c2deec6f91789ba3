/** `npm run noise`: the room that every kind of opening leaves, computed from the parameters. Exit code 1 if one leaves none. */
import { bitsOf, noiseTable } from './table.ts';

const COLUMNS = [
  'parameters',
  'opening',
  'values',
  'weight norm',
  'noise',
  'flood',
  'together',
  'Q/2t',
  'room',
  'hidden',
];
const rows = noiseTable();
const cells = rows.map((row) => {
  const bits = [row.weightNorm, row.noise, row.flood, row.together, row.limit].map(bitsOf);
  // as a part of what decodes, in thousandths: the flood takes all that it can
  const room = `${(Number(((row.limit - row.together) * 1000n) / row.limit) / 10).toFixed(1)} %`;
  return [row.paramsId, row.kind, String(row.values), ...bits, room, `2^-${row.hidden}`];
});
const widths = COLUMNS.map((title, i) => Math.max(title.length, ...cells.map((row) => row[i]?.length ?? 0)));
const line = (row: readonly string[]): string =>
  row
    .map((text, i) => text.padEnd(widths[i] ?? 0))
    .join('  ')
    .trimEnd();
console.log(line(COLUMNS));
for (const row of cells) console.log(line(row));
console.log(
  'weight norm to Q/2t in bits; room: what of Q/2t is left; hidden: distance of these values from ones that show nothing of the noise',
);
process.exitCode = rows.every(({ together, limit }) => together < limit) ? 0 : 1;
