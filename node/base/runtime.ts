/** The runtime as the node uses it: synchronous and pure, a block in, a new state out. */
import type { Runtime } from '../../runtime/index.ts';

export type { Host, TransactionSource, VerifyTask } from '../../runtime/index.ts';

/** The part of the runtime that makes blocks. */
export type ChainRuntime = Pick<Runtime, 'begin' | 'validate' | 'isLasting' | 'call' | 'foresee' | 'tasks'>;
export type BlockRun = ReturnType<Runtime['begin']>;
export type Validation = ReturnType<Runtime['validate']>;
type Refusal = Exclude<Validation, { valid: unknown }>;

/** The name of a refusal: `Stale`, `BadProof`, `Custom7`. */
export function refusalCode(refusal: Refusal): string {
  const reason = 'invalid' in refusal ? refusal.invalid : refusal.unknown;
  return reason.tag === 'Custom' ? `Custom${reason.value}` : reason.tag;
}
