/** Check: one random combination of all payloads and one of all enrolments. What fails in it is opened one by one. */
import { enter } from '../rounds.ts';
import { conclude } from './accepted.ts';
import { type CheckResult, hasCheckForm, judgeCheck } from './checks.ts';
import { defineStep } from './step.ts';

export const check = defineStep<'Check', CheckResult>({
  name: 'Check',
  hasForm: (_, round, _member, body) => body.items === round.items && hasCheckForm(round, 'Check', body),
  judge: (tally, round) => judgeCheck(tally, round, 'Check'),
  take(tally, round, { passed, enrolled, verdicts }) {
    if (passed === undefined || enrolled.includes(false)) enter(tally, round, 'CheckEach');
    else conclude(tally, round, { passed, enrolled, verdicts });
  },
});
