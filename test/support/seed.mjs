// Property tests draw the same cases in every run, so that a red run can be repeated; TACIT_TEST_SEED=N draws others, TACIT_TEST_SEED=random new ones each time.
import { configureGlobal } from 'fast-check';

const wanted = process.env.TACIT_TEST_SEED ?? '20260725';
if (wanted !== 'random') {
  const seed = Number(wanted);
  if (!Number.isSafeInteger(seed)) throw new Error(`TACIT_TEST_SEED is a whole number or 'random', not '${wanted}'`);
  configureGlobal({ seed });
}
