/** `npm run crowd [-- --items 1000] [--members 4]`: what a round of many payees costs, phase by phase and for each payload. */
import { parseArgs } from 'node:util';
import { measureCrowd } from './measure.ts';

const { values } = parseArgs({
  options: { items: { type: 'string', default: '100' }, members: { type: 'string', default: '4' } },
});
const items = Number(values.items);
const { members, phases } = measureCrowd(items, `tacit-test-256-n${values.members}`);
console.log(`a round of ${items} payees, ${members} members, a part of 12 values each; milliseconds of one core`);
console.log('phase        chain    dearest   a member   chain a payload   a member a payload');
for (const [phase, { chain, most, member }] of phases) {
  const cells = [chain, most, member].map((ms) => ms.toFixed(0).padStart(8));
  const each = [chain, member].map((ms) => (ms / items).toFixed(3).padStart(16));
  console.log(phase.padEnd(10), ...cells, ...each);
}
