/**
 * `npm run crowd [-- --items 1000] [--members 4] [--parts 1]`: what a round of many payees, or of many parts, costs, phase by phase and for each payload. `--all` measures 100 payees with four, seven and ten
 * members and 1,000 with four, one after the other. Exit code 2 for wrong flags.
 */
import process from 'node:process';
import { parsedFlags } from '../support/flags.ts';
import { measureCrowd, type PhaseCost } from './measure.ts';

const FLAGS = {
  items: { type: 'string', default: '100' },
  members: { type: 'string', default: '4' },
  parts: { type: 'string', default: '1' },
  all: { type: 'boolean', default: false },
} as const;

const values = parsedFlags(FLAGS, 4);
if (![4, 7, 10].includes(values.members)) {
  console.error('--members is 4, 7 or 10');
  process.exit(2);
}

const ALL = [
  [100, 4],
  [100, 7],
  [100, 10],
  [1_000, 4],
] as const;

function tell(items: number, members: number, parts = 1): void {
  const cells = ({ chain, most, member }: PhaseCost): string => {
    const whole = [chain, most, member].map((ms) => ms.toFixed(0).padStart(8));
    const each = [chain, member].map((ms) => (ms / (items * parts)).toFixed(3).padStart(16));
    return [...whole, ...each].join(' ');
  };
  console.log(
    `a round of ${items} payees, ${members} members, updates of ${parts} ${parts === 1 ? 'part' : 'parts'} of 12 values; milliseconds of one core`,
  );
  console.log('phase            chain  dearest a member  chain a payload member a payload');
  const all = { chain: 0, most: 0, member: 0 };
  const phases = measureCrowd({ items, parts, paramsId: `tacit-test-256-n${members}` }, (phase, cost) => {
    console.error(phase.padEnd(13), cells(cost));
  });
  for (const [phase, cost] of phases) {
    console.log(phase.padEnd(13), cells(cost));
    all.chain += cost.chain;
    all.most = Math.max(all.most, cost.most);
    all.member += cost.member;
  }
  console.log('in all'.padEnd(13), cells(all));
}

if (values.all) for (const [items, members] of ALL) tell(items, members);
else tell(values.items, values.members, values.parts);
