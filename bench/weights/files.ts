/** The files that the figures are written to, as TypeScript: they are part of the runtime. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Cost } from '../../pallets/support/index.ts';
import { repository } from '../support/process.ts';

/** Rounded up to two digits: what a machine's mood adds does not change the file, and with it every fee. */
export function roundedUp(value: number): number {
  if (value <= 0) return 0;
  const step = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.ceil(value / step - 1e-9) * step).toPrecision(2));
}

const number = (value: number): string =>
  value >= 10_000 ? value.toLocaleString('en').replaceAll(',', '_') : `${value}`;

function entry(name: string, { reads, writes, micros, each }: Cost): string {
  const plain = `reads: ${reads}, writes: ${writes}, micros: ${number(micros)}`;
  if (each === undefined) return `  ${name}: { ${plain} },`;
  const grown = `unit: '${each.unit}', reads: ${each.reads}, writes: ${each.writes}, micros: ${number(each.micros)}`;
  return `  ${name}: {\n    reads: ${reads},\n    writes: ${writes},\n    micros: ${number(micros)},\n    each: { ${grown} },\n  },`;
}

const HEAD =
  '/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */';

/** The text of a pallet's `weights.ts`. @param more declarations after the calls' */
export function weightsFile(costs: ReadonlyMap<string, Cost>, more = ''): string {
  const entries = [...costs].map(([name, cost]) => entry(name, cost)).join('\n');
  return `${HEAD}\nimport type { Cost } from '../support/index.ts';\n\nexport const weights = {\n${entries}\n} as const satisfies Record<string, Cost>;\n${more}`;
}

/** Where the weights of a pallet lie. */
export function placeOf(pallet: string): string {
  const folder = pallet === 'Template' ? '_template' : pallet.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
  return join(repository, 'pallets', folder, 'weights.ts');
}

/** What stands in the file of a pallet, by the names of its calls. */
export async function storedCosts(pallet: string): Promise<[call: string, cost: Cost][]> {
  if (!existsSync(placeOf(pallet))) return [];
  const { weights } = await stored(pallet);
  return Object.entries(weights);
}

let looks = 0;

/** The file as it is now: a part of the run may have written it. */
async function stored(pallet: string): Promise<{ weights: Record<string, Cost> }> {
  looks++;
  return (await import(`${pathToFileURL(placeOf(pallet)).href}?look=${looks}`)) as Awaited<ReturnType<typeof stored>>;
}

/** The declaration of what a pallet does at the ends of blocks. */
export function hooksText(costs: ReadonlyMap<string, Cost>): string {
  if (costs.size === 0) return '';
  const entries = [...costs].map(([name, cost]) => entry(name, cost)).join('\n');
  return `
/** What the ends of blocks do besides judging. */
export const hooks = {
${entries}
} as const satisfies Record<string, Cost>;
`;
}

/** Writes a file if it changes. @returns whether it did */
export function put(file: string, text: string): boolean {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return false;
  writeFileSync(file, text);
  return true;
}

export { number };
