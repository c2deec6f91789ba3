/**
 * The long simulation: `npm run sim -- --seeds 30 [--seed S] [--cycles 3] [--scenario n4-liar] [--fault counts-short]`.
 * Every seed goes through cycles of 20 s of chaos and a healing. Exit code 1 if something happened that must not.
 */
import { parseArgs } from 'node:util';
import { FAULTS, type Fault } from './faults.ts';
import { judge } from './judge.ts';
import { SCENARIOS } from './scenarios.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    cycles: { type: 'string', default: '3' },
    scenario: { type: 'string' },
    fault: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const names = `scenarios: ${SCENARIOS.map(({ name }) => name).join(', ')}; faults: ${FAULTS.join(', ')}`;
if (values.help) {
  console.log('npm run sim -- [--seed FIRST] [--seeds COUNT] [--cycles COUNT] [--scenario NAME] [--fault NAME]');
  console.log(names);
  process.exit(0);
}
const first = Number(values.seed);
const fault = FAULTS.find((name) => name === values.fault) as Fault | undefined;
const chosen = SCENARIOS.filter(({ name }) => values.scenario === undefined || name === values.scenario);
if (chosen.length === 0 || (values.fault !== undefined && fault === undefined)) {
  console.error(`no such scenario or fault; ${names}`);
  process.exit(2);
}
let failed = 0;
for (const scenario of chosen) {
  let [inputs, proofs, votes, lies, worst] = [0, 0, 0, 0, 0];
  const began = performance.now();
  for (let seed = first; seed < first + Number(values.seeds); seed++) {
    const result = judge(scenario, seed, { cycles: Number(values.cycles), fault });
    inputs += result.inputs;
    proofs += result.proofs;
    votes += result.votes;
    lies += result.lies;
    worst = Math.max(worst, ...result.healings);
    if (result.problems.length > 0) failed++;
    for (const problem of result.problems.slice(0, 3)) console.log(`  ${scenario.name} --seed ${seed}: ${problem}`);
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(
    `${scenario.name.padEnd(20)} ${inputs} inputs, ${votes} honest votes, ${lies} lies, ${proofs} proofs verified, healed within ${(worst / 1000).toFixed(1)} s; ${seconds} s`,
  );
}
console.log(failed === 0 ? 'nothing happened that must not' : `${failed} seeds failed`);
process.exitCode = failed === 0 ? 0 : 1;
