/** The side that lost asks a larger panel. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { unreserve } from '../balances/index.ts';
import { ensure } from '../support/index.ts';
import { waiting } from './draw.ts';
import { addEntry, freezeParties, openOf, putUp } from './reports.ts';
import type { Disputes } from './state.ts';
import { type Dispute, MAX_LEVEL, type Side } from './types.ts';

/** The side against which the ruling is. */
export function loserOf({ ruling }: Dispute): Side | undefined {
  if (ruling === undefined) return undefined;
  return ruling.verdict.tag === 'Upheld' ? 'Respondent' : 'Reporter';
}

export function accountOf({ reporter, respondent }: Dispute, side: Side): Uint8Array {
  return side === 'Reporter' ? reporter : respondent;
}

/** Calls for the next panel. Until it rules, what stands stands. */
export function appeal(disputes: Disputes, who: Uint8Array, id: bigint, digests: readonly Uint8Array[]): void {
  const { ctx, store, errors, events } = disputes;
  const dispute = openOf(disputes, id);
  const { phase, level, bonds, subject } = dispute;
  ensure(phase.tag === 'Ruled', errors.WrongPhase);
  ensure(level < MAX_LEVEL, errors.LastInstance);
  ensure(ctx.block < phase.value.until, errors.TooLate);
  const loser = loserOf(dispute);
  ensure(loser !== undefined && sameBytes(who, accountOf(dispute, loser)), errors.NotLoser);
  ensure(digests.length > 0, errors.NoEvidence);
  const bond = putUp(disputes, loser, who, { level: level + 1, subject });
  freezeParties(disputes, id, dispute);
  addEntry(disputes, id, who, digests);
  store.disputes.put(id, { ...dispute, level: level + 1, bonds: [...bonds, bond], phase: waiting(disputes) });
  events.Appealed({ id, by: who, level: level + 1, digests: [...digests] });
}

/**
 * No panel could be drawn in time. An appeal is over with it: the ruling stays, the bond for the panel goes back, and there is no further appeal. Of a first panel
 * there is no ruling to stay: the dispute can be closed, undecided.
 */
export function lapse(disputes: Disputes, id: bigint): void {
  const { ctx, store, errors, events } = disputes;
  const dispute = openOf(disputes, id);
  const { phase, level, bonds } = dispute;
  ensure(phase.tag === 'Draw', errors.WrongPhase);
  ensure(ctx.block >= phase.value.until, errors.TooEarly);
  const spared = dispute.ruling === undefined ? [] : bonds.filter((bond) => bond.level === level);
  for (const { account, amount } of spared) unreserve(ctx, account, amount);
  const kept = bonds.filter((bond) => !spared.includes(bond));
  store.disputes.put(id, { ...dispute, bonds: kept, phase: { tag: 'Ruled', value: { until: ctx.block } } });
  events.Lapsed({ id, level });
}
