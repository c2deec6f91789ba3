/** The steps of a round as the audit judges them: what 2f+1 posts say, and what the state took from it. */
import { isLastRequest, type TallyStep } from '../../primitives/round/index.ts';
import type { Evaluator } from '../evaluation/evaluate.ts';
import { CHECK } from './book.ts';
import type { ClaimsAudit } from './claims.ts';
import { compareAggregates, compareScores, compareSums } from './evaluation.ts';
import type { Agreement } from './judge.ts';
import {
  type CheckOutcome,
  compareAccepted,
  compareAggregate,
  comparePayout,
  isInconclusive,
  judgeAggregate,
  judgeCheck,
  judgePayout,
} from './openings.ts';
import { checkDirection, checkNotes, checkTotal } from './payout.ts';
import { compareKeys, compareKeyTest, judgeKeying, judgeKeyTest } from './round-keys.ts';
import type { RoundScene } from './scene.ts';
import { comparePast } from './novelty.ts';
import { checkPublic } from './standing.ts';
import { compareSubmissions, compareVerdicts } from './sealed.ts';
import { checkGates, compareSum, judgeSum } from './sums.ts';

/** A step that is over, to be judged. */
export interface StepScene {
  readonly scene: RoundScene;
  readonly attempt: number;
  /** Whether it ended in this very block: then what the state took from it is compared. */
  readonly isNew: boolean;
  readonly claims: ClaimsAudit;
  readonly seal: () => Promise<Evaluator>;
}

/** Who is to be named for a step. */
export interface Verdict {
  readonly liars: readonly number[];
  /** Members whose key sum was wrong. */
  readonly wrong?: readonly number[];
}

type Judge = (step: StepScene) => Promise<Verdict | undefined>;

const STEPS = {
  async Keying(step) {
    const found = judgeKeying(step.scene, step.attempt);
    if (agreed('Keying', step, found)) compareKeys(step.scene, found);
    return step.isNew ? found : undefined;
  },
  async KeyCheck(step) {
    const found = judgeKeyTest(step.scene, step.attempt);
    if (!agreed('KeyCheck', step, found)) return found;
    compareKeyTest(step.scene, found);
    return { liars: found.liars, wrong: found.result.wrong };
  },
  Reveal: async () => undefined,
  Check: async (step) => judgeChecks('Check', step),
  CheckEach: async (step) => judgeChecks('CheckEach', step),
  async Aggregate(step) {
    const { scene, attempt } = step;
    const found = judgeAggregate(scene, attempt);
    if (agreed('Aggregate', step, found)) {
      compareAggregate(scene, found.result);
      compareAggregates(scene, await step.seal(), found.result);
      checkPublic(scene);
      if (isLastRequest(scene.info.round.rule, attempt)) {
        comparePast(scene);
        checkDirection(scene);
        checkTotal(scene, found.result.counts);
      }
    }
    return found;
  },
  async Payout(step) {
    const found = judgePayout(step.scene);
    if (agreed('Payout', step, found)) {
      checkPublic(step.scene);
      comparePayout(step.scene, found.result);
      compareScores(step.scene, await step.seal(), found.result);
      const mint = checkNotes(step.scene, found.result.z);
      if (mint !== undefined) step.claims.minted(mint);
    }
    return found;
  },
  async Sum(step) {
    const found = judgeSum(step.scene);
    if (agreed('Sum', step, found)) {
      checkGates(step.scene, found.result);
      compareSum(step.scene, found.result);
      compareSums(step.scene, await step.seal(), found.result);
    }
    return found;
  },
} satisfies Record<TallyStep, Judge>;

/** Judges a step that is over; undefined if nobody is to be named for it. */
export function judgeStep(step: TallyStep, scene: StepScene): Promise<Verdict | undefined> {
  const judge: Judge = STEPS[step];
  return judge(scene);
}

/** Whether a step has ended in this block with 2f+1 that agree. */
function agreed<T>(
  step: TallyStep,
  { scene, isNew }: StepScene,
  found: Agreement<T> | undefined,
): found is Agreement<T> {
  // A round that fails, and a keying that begins anew, end a step on which nobody agreed.
  const mayBeOpen = scene.info.round.phase.tag === 'Failed' || step === 'Keying';
  scene.book.expect(CHECK.openings, found !== undefined || mayBeOpen, `no 2f+1 members agree in step ${step}`);
  return found !== undefined && isNew;
}

function judgeChecks(name: 'Check' | 'CheckEach', step: StepScene): Verdict | undefined {
  const found = judgeCheck(step.scene, name);
  if (agreed(name, step, found)) compareCheck(step.scene, name, found.result);
  return found;
}

function compareCheck(scene: RoundScene, step: 'Check' | 'CheckEach', outcome: CheckOutcome): void {
  const { book, info } = scene;
  compareVerdicts(scene, outcome.verdicts);
  const settles = step === 'CheckEach' || !isInconclusive(outcome);
  book.same(CHECK.openings, 'whether the check settles the round', settles, info.round.checked);
  if (!settles || outcome.passed === undefined) return;
  compareSubmissions(scene, outcome.passed);
  compareAccepted(scene, outcome.passed, outcome);
}
