/** Audits of test chains, and cases of what they must find. */
import { expect } from 'chai';
import { type AuditReport, audit } from '../../../node/audit/audit.ts';
import { CHECK, type CheckId } from '../../../node/audit/book.ts';
import { VerifyPool } from '../../../node/workers/index.ts';
import type { Context } from '../../../pallets/support/index.ts';
import { tally, type TallyPost } from '../../../pallets/tally/index.ts';
import type { Runtime } from '../../../runtime/index.ts';
import { type ChainOptions, runtimeThat, TestChain } from './chain.ts';
import { beginRound, playRound, USERS } from './round.ts';

export const flipped = (bytes: Uint8Array, at = bytes.length - 1): Uint8Array =>
  bytes.map((byte, i) => byte ^ Number(i === at));

/** Member 2 lies in everything that has shares, and about the total when the step is done. */
export const LIAR = 2;
export function lying(post: TallyPost, member: number): TallyPost {
  const { body } = post;
  if (member !== LIAR || body.tag === 'Reveal') return post;
  switch (body.tag) {
    case 'Keying':
      return { ...post, body: { ...body, value: { ...body.value, sum: flipped(body.value.sum, 0) } } };
    case 'KeyCheck':
      return { ...post, body: { ...body, value: { ...body.value, test: flipped(body.value.test, 0) } } };
    case 'Check':
      return { ...post, body: { ...body, value: { ...body.value, verdicts: flipped(body.value.verdicts) } } };
    case 'CheckEach':
      return { ...post, body: { ...body, value: { ...body.value, residues: flipped(body.value.residues, 0) } } };
    case 'Payout':
      return { ...post, body: { ...body, value: { ...body.value, scores: otherFirst(body.value.scores) } } };
    default:
      return { ...post, body: { ...body, value: { ...body.value, shares: flipped(body.value.shares, 0) } } as never };
  }
}
export const isLate = ({ body }: TallyPost, member: number): number =>
  Number(member === LIAR && body.tag === 'Aggregate') * 2;

export function otherFirst([first, ...others]: readonly Uint8Array[], bit = 0): Uint8Array[] {
  return [flipped(first!, bit), ...others];
}

/** What audits a chain; of a suite, which closes it. */
export interface Auditor {
  readonly verifier: VerifyPool;
  auditOf(chain: TestChain, runtime?: Runtime, source?: ReturnType<TestChain['source']>): Promise<AuditReport>;
}

/** To be called in a suite: its auditor. */
export function auditor(): Auditor {
  const verifier = new VerifyPool({ threads: 1 });
  after(() => verifier.close());
  return {
    verifier,
    auditOf: (chain, runtime, source = chain.source()) =>
      audit(source, { spec: chain.spec, verifier, ...(runtime && { runtime }) }),
  };
}

export const failures = ({ checks }: AuditReport): CheckId[] =>
  checks.flatMap(({ id, failure }) => (failure ? [id] : []));
export const failureOf = (report: AuditReport, id: CheckId) => report.checks.find((check) => check.id === id)?.failure;

/** Applies `change` once, at the end of the first block in which `when` holds. */
export function once(when: (ctx: Context) => boolean, change: (ctx: Context) => void): (ctx: Context) => void {
  let done: number | undefined;
  return (ctx) => {
    // The same block is executed again by the audit.
    if ((done !== undefined && done !== ctx.block) || !when(ctx)) return;
    done = ctx.block;
    change(ctx);
  };
}

/** Whether round 1 is in one of the phases. */
export const phase =
  (...names: string[]) =>
  (ctx: Context): boolean =>
    names.includes(tally.use(ctx).store.rounds.get(1)?.phase.tag ?? '');
export const roundOf = (ctx: Context) => tally.use(ctx).store.rounds.get(1)!;

/** A round that is begun and comes as far as one of the phases. */
export function playUntil(chain: TestChain, ...phases: string[]): void {
  beginRound(chain);
  chain.runToPhase(1, ...phases);
}

/** What is wrong on a chain, and which check finds it. */
export interface Case {
  readonly check: CheckId;
  readonly what: string;
  /** The block that is named, where it is the same in every run. */
  readonly block?: number;
  readonly hooks?: () => Record<string, (ctx: Context) => void>;
  readonly options?: ChainOptions;
  /** A whole round, by default. */
  readonly play?: (chain: TestChain) => void;
}

/** A test for each case: the check fails, and a runtime without the fault does not even get the same state. */
export function findsEach({ auditOf }: Auditor, cases: Readonly<Record<string, Case>>): void {
  const whole = (chain: TestChain): void => playRound(chain);
  for (const [name, { check, what, block, hooks, options, play = whole }] of Object.entries(cases)) {
    it(name, async () => {
      const runtime = hooks && runtimeThat(hooks());
      const chain = new TestChain({ users: USERS, ...options, ...(runtime && { runtime }) });
      play(chain);
      chain.finalizeAll();
      const report = await auditOf(chain, runtime);
      expect(failures(report), JSON.stringify(report.checks, null, 1)).to.include(check);
      expect(failureOf(report, check)!.what).to.contain(what);
      if (block !== undefined) expect(failureOf(report, check)!.block).to.equal(block);
      if (runtime === undefined) return;
      // The product's own state machine does not even get the same state.
      const true_ = await auditOf(chain);
      expect(failures(true_)).to.include(CHECK.execution);
      expect(failureOf(true_, CHECK.execution)!.what).to.contain('state root');
    });
  }
}
