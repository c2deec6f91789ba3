/**
 * Damaged inputs for everything that reads bytes or texts from outside: `npm run fuzz -- [--inputs N] [--only NAME ...] [--seed S] [--list]`. Each decoder gets so many;
 * the same seed gives the same ones. Exit code 1 if one does what it must not: the input is shown, and belongs into test/fuzz/corpus.json.
 */
import { parseArgs } from 'node:util';
import { attack, type Finding } from './attack.ts';
import { DECODERS } from './decoders/index.ts';

const usage = 'npm run fuzz -- [--inputs COUNT] [--only NAME ...] [--seed NUMBER] [--list]';
/** As much of an input as is shown. */
const SHOWN = 20_000;

function flags() {
  const { values } = parseArgs({
    options: {
      inputs: { type: 'string', default: '1000000' },
      only: { type: 'string', multiple: true },
      seed: { type: 'string', default: '1' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const number = (name: string, text: string): number => {
    if (/^[0-9]{1,10}$/.test(text)) return Number(text);
    throw new Error(`--${name} takes a whole number, not '${text}'`);
  };
  const names = values.only?.flatMap((text) => text.split(','));
  const unknown = names?.find((name) => !DECODERS.some((one) => one.name === name));
  if (unknown !== undefined) throw new Error(`there is no decoder '${unknown}'; --list shows them`);
  const wanted = DECODERS.filter(({ name }) => names?.includes(name) ?? true);
  return { ...values, wanted, inputs: number('inputs', values.inputs), seed: number('seed', values.seed) };
}

function tell({ decoder, what, input }: Finding): void {
  console.log(`FOUND ${decoder}: ${what}`);
  console.log(`  ${JSON.stringify(input.slice(0, SHOWN))}${input.length > SHOWN ? ` (of ${input.length})` : ''}`);
}

async function main(): Promise<number> {
  let wish: ReturnType<typeof flags>;
  try {
    wish = flags();
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return 2;
  }
  if (wish.help) console.log(usage);
  if (wish.list) for (const { name } of wish.wanted) console.log(name);
  if (wish.help || wish.list) return 0;
  let count = 0;
  for (const decoder of wish.wanted) {
    const begin = performance.now();
    const found = await attack(decoder, wish.inputs, wish.seed);
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    console.log(`${decoder.name}: ${found.length === 0 ? 'ok' : `${found.length} found`}, ${seconds} s`);
    for (const finding of found) tell(finding);
    count += found.length;
  }
  console.log(`${wish.wanted.length} decoders, ${wish.inputs} inputs each, seed ${wish.seed}: ${count} found`);
  return count === 0 ? 0 : 1;
}

process.exit(await main());
