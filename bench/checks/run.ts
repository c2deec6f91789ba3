/**
 * `npm run checks [-- --runs 15]`: what the check of submissions takes one member, beside what the rule of the chain counts for it (primitives/fhe/cost.ts). Exit code 1 if
 * the rule counts less than it takes, 2 for wrong flags.
 */
import process from 'node:process';
import { checkCost } from '../../primitives/fhe/cost.ts';
import { BenchCommittee } from '../support/committee.ts';
import { parsedFlags } from '../support/flags.ts';
import { enrolmentMicros, payloadFigures, subsetsOf } from './measure.ts';

const effort = parsedFlags({ runs: { type: 'string', default: '15' } }, 3);

const row = (cells: readonly (string | number)[]): string =>
  cells.map((cell, i) => (typeof cell === 'number' ? cell.toFixed(0) : cell).padStart(i === 0 ? 18 : 9)).join('  ');

console.log('microseconds of one core');
console.log(row(['', 'payload', 'seeds', '', 'measured', 'counted', 'times']));
for (const n of [4, 7, 10] as const) {
  const committee = new BenchCommittee(n);
  const { params } = committee;
  const { all, mine } = subsetsOf(committee);
  console.log(`${n} members: ${all} subsets, ${mine} of each member`);
  const tell = (what: string, measured: number, counted: number, parts: readonly (string | number)[]): void => {
    console.log(row([what, ...parts, measured, counted, (counted / measured).toFixed(2)]));
    if (counted < measured) process.exitCode = 1;
  };
  for (const values of [5, 1_024, 8_192]) {
    const { lane, payload, seeds } = payloadFigures(committee, values, effort);
    const of = (count: number): number => checkCost(params, { lanes: [{ count, values, digits: 2 }], items: 0 });
    tell(`lane of ${values}`, lane, of(0), ['', '', '']);
    tell(`${values} values`, payload + seeds, of(1) - of(0), [payload, seeds, '']);
  }
  tell('an enrolment', enrolmentMicros(committee, effort), checkCost(params, { lanes: [], items: 1 }), ['', '', '']);
}
