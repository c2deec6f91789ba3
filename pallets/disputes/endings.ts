/** How a dispute ends: what becomes of its subject, and what stays of it. */
import { concatBytes } from '../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { parameter } from '../parameters/index.ts';
import { ensure } from '../support/index.ts';
import { applyHolds, revokes } from './effects.ts';
import { openOf } from './reports.ts';
import type { Disputes } from './state.ts';
import { panelsOf, settle } from './settlement.ts';
import { revokeGrant } from './subjects.ts';
import {
  dispute as disputeTy,
  type Dispute,
  entries as entriesTy,
  type Finding,
  type Outcome,
  panel as panelTy,
} from './types.ts';
import { closeWord } from './words.ts';

/** Ends a dispute whose ruling was not appealed, or cannot be: the first and only time that its money moves. */
export function conclude(disputes: Disputes, id: bigint): void {
  const { ctx, store, errors, events } = disputes;
  const dispute = openOf(disputes, id);
  const { phase, ruling, reporter } = dispute;
  ensure(phase.tag === 'Ruled', errors.WrongPhase);
  ensure(ctx.block >= phase.value.until, errors.TooEarly);
  const outcome: Outcome = ruling?.verdict.tag ?? 'Undecided';
  settle(disputes, id, dispute, outcome);
  const closed: Dispute = { ...dispute, bonds: [], phase: { tag: 'Closed', value: { at: ctx.block } } };
  store.disputes.put(id, closed);
  store.parties.remove(id);
  store.reports.mutate(reporter, (open) => (open === 1 ? undefined : open - 1));
  const digest = digestOf(disputes, id, closed);
  const { subject, kind, respondent, reportedAt } = dispute;
  const kept = { subject, kind, reporter, respondent, reportedAt, closedAt: ctx.block };
  store.records.put(id, { ...kept, outcome: { tag: outcome }, digest });
  takeEffect(disputes, id, dispute, outcome, digest);
  events.Closed({ id, outcome: { tag: outcome }, digest });
}

/** What the subject is left with. */
function takeEffect(disputes: Disputes, id: bigint, dispute: Dispute, outcome: Outcome, digest: Uint8Array): void {
  const { store } = disputes;
  const { subject } = dispute;
  if (subject.tag === 'Grant') {
    store.ofGrant.remove(subject.value);
    if (outcome !== 'Upheld') return;
    revokeGrant(disputes, subject.value, digest);
    if (dispute.kind.tag === 'Misuse') store.misused.put(subject.value, id);
    return;
  }
  if (subject.tag !== 'Asset') return closeWord(disputes, subject, id, dispute, outcome);
  const { open, found } = store.holds.get(subject.value);
  const next = outcome === 'Upheld' ? withFinding(disputes, found, dispute) : found;
  applyHolds(disputes, subject.value, { open: open.filter((each) => each !== id), found: next });
}

/** One finding of a kind: another one changes no more than how long it freezes. */
function withFinding({ ctx }: Disputes, found: readonly Finding[], { kind }: Dispute): Finding[] {
  const blocks = Number(parameter(ctx, 'DisputeFreeze'));
  const frozenUntil = revokes(kind.tag) || blocks === 0 ? undefined : ctx.block + blocks;
  return [...found.filter((each) => each.kind.tag !== kind.tag), { kind, frozenUntil }];
}

/** The hash of the whole record, so that a copy of it can be told from a forgery when the papers are gone. */
function digestOf(disputes: Disputes, id: bigint, dispute: Dispute): Uint8Array {
  const { store } = disputes;
  const encoded = panelsOf(disputes, id, dispute).map((each) => panelTy.codec.enc(each));
  return blake2b256(concatBytes(disputeTy.codec.enc(dispute), entriesTy.codec.enc(store.entries.get(id)), ...encoded));
}

/** Drops the papers of a dispute that has been over for long enough. */
export function prune(disputes: Disputes, id: bigint): void {
  const { ctx, store, errors, events } = disputes;
  const dispute = store.disputes.get(id);
  ensure(dispute, errors.UnknownDispute);
  const { phase, level } = dispute;
  ensure(phase.tag === 'Closed', errors.WrongPhase);
  ensure(ctx.block >= phase.value.at + Number(parameter(ctx, 'DisputeKeep')), errors.TooEarly);
  store.disputes.remove(id);
  store.entries.remove(id);
  for (let each = 0; each <= level; each++) store.panels.remove(id, each);
  events.Pruned({ id });
}
