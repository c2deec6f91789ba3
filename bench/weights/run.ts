/**
 * Measures what calls, checks and ends of blocks cost, and writes it where the runtime reads it: `npm run weights -- [flags]`.
 *
 *     --only NAME       this part; again, or comma-separated, for more
 *     --list            the parts: ground, rounds, and pallets by name
 *     --dry-run         measure and compare, write nothing
 *
 * Weights are part of the runtime: all validators must have the same. Run it on a quiet machine, and raise `specVersion` if a chain exists.
 */
import { parseArgs } from 'node:util';
import { scenarios } from './scenarios/index.ts';
import { type Cost } from '../../pallets/support/index.ts';
import { describeMachine } from '../machine.ts';
import { hooksText, placeOf, put, storedCosts, weightsFile } from './files.ts';
import { groundCosts } from './ground.ts';
import { hookCost, scenarioCost } from './figures.ts';
import { groundFile } from './ground-file.ts';
import { hookScenarios } from './hooks.ts';
import { measureRounds, ROUND_CALLS, ROUND_PALLETS } from './rounds.ts';

/** Milliseconds for each call. */
const BUDGET = 400;

const palletOf = (call: string): string => call.slice(0, call.indexOf('.'));
const nameOf = (call: string): string => call.slice(call.indexOf('.') + 1);
const pallets = [...new Set(scenarios.map(({ call }) => palletOf(call)))];
const parts = ['ground', 'rounds', ...pallets];

interface Flags {
  readonly chosen: readonly string[];
  readonly dryRun: boolean;
  readonly list: boolean;
}

function parseFlags(args: readonly string[]): Flags | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', multiple: true },
        list: { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
      },
    });
    const chosen = values.only?.flatMap((text) => text.split(',')) ?? parts;
    const unknown = chosen.find((name) => !parts.includes(name));
    if (unknown !== undefined) return `there is no part '${unknown}'; the parts are ${parts.join(', ')}`;
    return { chosen, dryRun: values['dry-run'], list: values.list };
  } catch (error) {
    return (error as Error).message;
  }
}

function show(call: string, { reads, writes, micros, each }: Cost): void {
  const grows = each === undefined ? '' : `, and ${each.micros} us more for each ${each.unit}`;
  console.log(`${call.padEnd(30)} ${reads} reads, ${writes} writes, ${micros} us${grows}`);
}

/** Measures the scenarios of a pallet; what is measured in rounds stays as it is. */
async function palletFile(pallet: string): Promise<string> {
  const own = scenarios.filter(({ call }) => palletOf(call) === pallet);
  const stored = await storedCosts(pallet);
  const costs = new Map(stored.filter(([name]) => ROUND_CALLS.includes(`${pallet}.${name}`)));
  for (const scenario of own) {
    const cost = scenarioCost(scenario, BUDGET);
    show(scenario.call, cost);
    costs.set(nameOf(scenario.call), cost);
  }
  return weightsFile(costs, hooksText(measureHooks(pallet)));
}

/** Measures what a pallet does at the ends of blocks. */
function measureHooks(pallet: string): Map<string, Cost> {
  const own = hookScenarios.filter(({ hook }) => palletOf(hook) === pallet);
  const costs = own.map((scenario): [string, Cost] => [nameOf(scenario.hook), hookCost(scenario, BUDGET)]);
  for (const [name, cost] of costs) show(`${pallet} at the end: ${name}`, cost);
  return new Map(costs);
}

async function filesOf(part: string): Promise<(readonly [file: string, text: string])[]> {
  if (part === 'rounds') {
    const hooks = new Map(ROUND_PALLETS.map((pallet) => [pallet, measureHooks(pallet)]));
    const { files, costs } = measureRounds((line) => console.error(line), await costsOfScenarios(), hooks);
    for (const [call, cost] of costs) show(call, cost);
    return files;
  }
  if (part === 'ground') return [groundFile(await groundCosts(), describeMachine())];
  return [[placeOf(part), await palletFile(part)]];
}

/** Stored costs of the calls of pallets of rounds that are measured by scenarios. */
async function costsOfScenarios(): Promise<Map<string, Cost>> {
  const all = new Map<string, Cost>();
  for (const pallet of ROUND_PALLETS)
    for (const [name, cost] of await storedCosts(pallet)) all.set(`${pallet}.${name}`, cost);
  return new Map([...all].filter(([name]) => scenarios.some(({ call }) => call === name)));
}

const flags = parseFlags(process.argv.slice(2));
if (typeof flags === 'string') {
  console.error(flags);
  process.exit(2);
}
if (flags.list) console.log(parts.join('\n'));
else {
  for (const part of flags.chosen) {
    console.error(`measuring ${part}`);
    for (const [file, text] of await filesOf(part)) {
      if (flags.dryRun) console.log(text);
      else if (put(file, text)) console.error(`wrote ${file}`);
    }
  }
}
