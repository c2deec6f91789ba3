/** How a dispute ends: who loses what, who gets it, and what stays of it. */
import { concatBytes } from '../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { largestRemainder } from '../../primitives/money.ts';
import { repatriateReserved, slashReserved, unreserve } from '../balances/index.ts';
import { parameter } from '../parameters/index.ts';
import { ensure, latin1 } from '../support/index.ts';
import { accountOf, loserOf } from './appeals.ts';
import { applyHolds, revokes } from './effects.ts';
import { type Change, changeJurors } from './jurors.ts';
import { openOf } from './reports.ts';
import type { Disputes } from './state.ts';
import { revokeGrant } from './subjects.ts';
import {
  type Bond,
  dispute as disputeTy,
  type Dispute,
  entries as entriesTy,
  type Finding,
  type Outcome,
  type Panel,
  panel as panelTy,
  type Seat,
} from './types.ts';
import { lossOf } from './votes.ts';

/** A piece of money that somebody loses, and where it is reserved. */
interface Piece {
  readonly account: Uint8Array;
  readonly amount: bigint;
}
interface Winner {
  readonly account: Uint8Array;
  readonly weight: bigint;
}

function panelsOf({ store }: Disputes, id: bigint, { level }: Dispute): Panel[] {
  const levels = Array.from({ length: level + 1 }, (_, each) => store.panels.get(id, each));
  return levels.filter((each) => each !== undefined);
}

type Fate = 'right' | 'wrong' | 'silent' | 'denounced';

/** How a juror stands to the end. Of a panel without a majority nobody who voted was wrong. */
function fateOf({ vote }: Seat, isTied: boolean, outcome: Outcome): Fate {
  if (vote.tag === 'Denounced') return 'denounced';
  if (vote.tag !== 'Cast') return 'silent';
  return isTied || vote.value.tag === outcome ? 'right' : 'wrong';
}

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
    if (outcome === 'Upheld') revokeGrant(disputes, subject.value, digest);
    return;
  }
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

/** Bonds of the winners and the spared go back; all that is lost goes to the jurors who judged as it ended. */
function settle(disputes: Disputes, id: bigint, dispute: Dispute, outcome: Outcome): void {
  const loser = loserOf(dispute);
  const isLost = ({ side, isSpared }: Bond): boolean => side.tag === loser && !isSpared;
  for (const { account, amount } of dispute.bonds.filter((bond) => !isLost(bond))) {
    unreserve(disputes.ctx, account, amount);
  }
  const lost = dispute.bonds.filter(isLost);
  for (const { account, amount } of lost) disputes.events.BondLost({ id, account, amount });
  const { pieces, right } = dismissJurors(disputes, id, dispute, outcome);
  if (right.length > 0) {
    share(disputes, id, [...lost, ...pieces], right);
    return;
  }
  // Nobody judged: the other side gets what its opponent put up; what jurors lose by silence must profit nobody who could have had them silent.
  for (const { account, amount } of pieces) slashReserved(disputes.ctx, account, amount);
  if (loser === undefined) return;
  const winner = accountOf(dispute, loser === 'Reporter' ? 'Respondent' : 'Reporter');
  for (const { account, amount } of lost) repatriateReserved(disputes.ctx, account, winner, amount);
}

/** Lets the jurors go. What they lose stays reserved until it is shared out. */
function dismissJurors(disputes: Disputes, id: bigint, dispute: Dispute, outcome: Outcome) {
  const { store, events } = disputes;
  const bonds = new Map(store.pool.get().map(({ account, bond }) => [latin1(account), bond]));
  const pieces: Piece[] = [];
  const right: Winner[] = [];
  const changed: Change[] = [];
  for (const { seats, isTied, silent, wrong } of panelsOf(disputes, id, dispute)) {
    for (const seat of seats) {
      const fate = fateOf(seat, isTied, outcome);
      const account = seat.juror;
      store.seats.remove(account, id);
      if (fate === 'right') right.push({ account, weight: BigInt(seat.seats) });
      const isLoser = fate === 'silent' || fate === 'wrong';
      const ofSeat = fate === 'silent' ? silent : wrong;
      const lost = isLoser ? lossOf(bonds.get(latin1(account)) ?? 0n, seat.seats, ofSeat) : 0n;
      changed.push({ account, lost, panels: -1 });
      if (lost === 0n) continue;
      pieces.push({ account, amount: lost });
      events.JurorLost({ id, juror: account, amount: lost, isSilent: fate === 'silent' });
    }
  }
  if (changed.length > 0) changeJurors(disputes, changed);
  return { pieces, right };
}

/** Moves the pieces to the winners in proportion to their seats, to the last unit. */
function share({ ctx, events }: Disputes, id: bigint, pieces: readonly Piece[], winners: readonly Winner[]): void {
  const total = pieces.reduce((sum, { amount }) => sum + amount, 0n);
  const parts = largestRemainder(
    total,
    winners.map(({ weight }) => weight),
  );
  const sources = pieces.map(({ account, amount }) => ({ account, left: amount }));
  for (const [place, { account }] of winners.entries()) {
    const part = parts[place] ?? 0n;
    let missing = part;
    for (const source of sources) {
      const moved = source.left < missing ? source.left : missing;
      if (moved === 0n) continue;
      repatriateReserved(ctx, source.account, account, moved);
      source.left -= moved;
      missing -= moved;
    }
    if (part > 0n) events.JurorPaid({ id, juror: account, amount: part });
  }
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
