/** Members named: kept with the hash of the post that shows it, slashed, and excluded. */
import { punish } from '../session/index.ts';
import type { Context } from '../support/index.ts';
import { exclude } from './members.ts';
import { configOf, state } from './state.ts';
import type { OffenceKind } from './types.ts';

export interface Accusation {
  /** The term whose member it is: in another, somebody else may sit in its place. */
  readonly term: number;
  readonly member: number;
  readonly kind: OffenceKind;
  /** The round, or undefined for the set-up of the term. */
  readonly round?: number;
  readonly step: number;
  readonly attempt: number;
  /** blake2b-256 of the SCALE bytes of the post's body: the post itself, signed, stands in a block. */
  readonly evidence: Uint8Array;
}

/**
 * Names a member of the present term. Later rounds of the term and the next term go on without it; in the rounds under way its posts are still compared, and
 * every lie costs. The caller names nobody twice for one post. Nobody is named for a term that is over: a late post may still wait to be compared when the next
 * one begins.
 */
export function offend(ctx: Context, accusation: Accusation): void {
  const committee = state.use(ctx);
  const { store, events } = committee;
  const { term, member, kind, round, step, attempt, evidence } = accusation;
  const current = store.current.get();
  const account = current?.members[member]?.account;
  if (current?.term !== term || account === undefined) return;
  const id = store.offenceCount.get();
  store.offenceCount.put(id + 1);
  store.offences.put(id, {
    term,
    member,
    account,
    kind: { tag: kind },
    round,
    step,
    attempt,
    evidence,
    block: ctx.block,
  });
  exclude(committee, account, term + 1);
  punish(ctx, account, `committee:${kind}`, evidence, configOf(committee).slash);
  events.Offended({ term, member, account, kind: { tag: kind } });
}
