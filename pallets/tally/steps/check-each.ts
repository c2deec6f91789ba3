/** CheckEach: every payload and every enrolment by itself, because a combination failed. */
import { present } from '../../../primitives/at.ts';
import { conclude } from './accepted.ts';
import { type CheckResult, hasCheckForm, judgeCheck } from './checks.ts';
import { defineStep } from './step.ts';

export const checkEach = defineStep<'CheckEach', CheckResult>({
  name: 'CheckEach',
  isJudgedAtOnce: false,
  hasForm: (_, round, _member, body) => hasCheckForm(round, 'CheckEach', body),
  judge: (tally, round) => judgeCheck(tally, round, 'CheckEach'),
  take(tally, round, { passed, enrolled, verdicts }) {
    conclude(tally, round, { passed: present(passed, 'the outcome of each check'), enrolled, verdicts });
  },
});
