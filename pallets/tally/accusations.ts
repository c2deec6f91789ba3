/** Naming members whose posts are not true. */
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { stepIndex, type TallyStep } from '../../primitives/round/phases.ts';
import { type OffenceKind, offend } from '../committee/index.ts';
import type { Tally } from './state.ts';
import { type Round, tallyBody } from './types.ts';

/** Posts of one step and attempt. */
export interface PostPlace {
  readonly step: TallyStep;
  readonly attempt: number;
}

/** Names the posters, each once per post. The evidence is the post itself. */
export function accuse(
  { ctx, store }: Tally,
  { round, term }: Round,
  { step, attempt }: PostPlace,
  members: readonly number[],
  kind: OffenceKind,
): void {
  const index = stepIndex(step);
  for (const member of members) {
    const body = store.posts.get(round, index, attempt, member);
    if (body === undefined || store.named.has(round, index, attempt, member)) continue;
    store.named.put(round, index, attempt, member, undefined);
    const evidence = blake2b256(tallyBody.codec.enc(body));
    offend(ctx, { term, member, kind, round, step: index, attempt, evidence });
  }
}
