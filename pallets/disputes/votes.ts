/** Votes of a panel: committed under a hash, then opened, then counted. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { voteCommitment } from '../../primitives/votes.ts';
import { repatriateReserved, slashReserved } from '../balances/index.ts';
import { parameter } from '../parameters/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { genesisHash } from '../system/index.ts';
import { changeJurors, jurorOf } from './jurors.ts';
import { openOf, rule } from './reports.ts';
import { COMMIT_MARGIN, type Disputes } from './state.ts';
import { type Dispute, MAX_LEVEL, type Panel, type Seat, type Verdict } from './types.ts';

/** What a juror commits to; see {@link voteCommitment}. */
export function commitmentOf(
  ctx: Context,
  { id, ...vote }: { id: bigint; level: number; juror: Uint8Array; verdict: Verdict; salt: Uint8Array },
): Uint8Array {
  return voteCommitment({ genesis: genesisHash(ctx), dispute: id, ...vote });
}

interface Sitting {
  readonly dispute: Dispute;
  readonly panel: Panel;
  readonly times: { readonly commitUntil: number; readonly until: number };
}

/** A dispute whose panel sits. */
function sittingOf(disputes: Disputes, id: bigint): Sitting {
  const dispute = openOf(disputes, id);
  const { phase, level } = dispute;
  const panel = disputes.store.panels.get(id, level);
  ensure(phase.tag === 'Vote' && panel !== undefined, disputes.errors.WrongPhase);
  return { dispute, panel, times: phase.value };
}

function seatOf({ errors }: Disputes, { seats }: Panel, who: Uint8Array): Seat {
  const seat = seats.find(({ juror }) => sameBytes(juror, who));
  ensure(seat, errors.NotDrawn);
  return seat;
}

function putVote({ store }: Disputes, id: bigint, { dispute, panel }: Sitting, seat: Seat, vote: Seat['vote']): void {
  const seats = panel.seats.map((each) => (each === seat ? { ...each, vote } : each));
  store.panels.put(id, dispute.level, { ...panel, seats });
}

export function commit(disputes: Disputes, who: Uint8Array, id: bigint, commitment: Uint8Array): void {
  const { ctx, errors, events } = disputes;
  const sitting = sittingOf(disputes, id);
  const seat = seatOf(disputes, sitting.panel, who);
  ensure(ctx.block < sitting.times.commitUntil, errors.TooLate);
  ensure(seat.vote.tag === 'Awaited', errors.AlreadyCommitted);
  putVote(disputes, id, sitting, seat, { tag: 'Committed', value: commitment });
  events.Committed({ id, juror: who });
  const isLast = sitting.panel.seats.every((each) => each === seat || each.vote.tag !== 'Awaited');
  if (isLast) shorten(disputes, id, sitting);
}

/** Nobody is waited for: votes are opened soon. The time to open them ends when it would have, so that nobody is surprised. */
function shorten({ ctx, store, events }: Disputes, id: bigint, { dispute, times }: Sitting): void {
  const commitUntil = ctx.block + COMMIT_MARGIN;
  if (commitUntil >= times.commitUntil) return;
  store.disputes.put(id, { ...dispute, phase: { tag: 'Vote', value: { ...times, commitUntil } } });
  events.AllCommitted({ id, commitUntil });
}

/** Whether a vote and a salt are what a seat has committed to. */
function ensureOpens(
  disputes: Disputes,
  id: bigint,
  level: number,
  seat: Seat,
  verdict: Verdict,
  salt: Uint8Array,
): void {
  const { ctx, errors } = disputes;
  ensure(seat.vote.tag === 'Committed', errors.NotCommitted);
  const commitment = commitmentOf(ctx, { id, level, juror: seat.juror, verdict, salt });
  ensure(sameBytes(commitment, seat.vote.value), errors.WrongVote);
}

export function reveal(disputes: Disputes, who: Uint8Array, id: bigint, verdict: Verdict, salt: Uint8Array): void {
  const { ctx, errors, events } = disputes;
  const sitting = sittingOf(disputes, id);
  const { commitUntil, until } = sitting.times;
  const seat = seatOf(disputes, sitting.panel, who);
  ensure(ctx.block >= commitUntil, errors.TooEarly);
  ensure(ctx.block < until, errors.TooLate);
  ensureOpens(disputes, id, sitting.dispute.level, seat, verdict, salt);
  putVote(disputes, id, sitting, seat, { tag: 'Cast', value: { tag: verdict } });
  events.Voted({ id, juror: who, verdict: { tag: verdict } });
}

/**
 * Whoever knows a juror's vote before it is to be opened takes its voice, and what silence costs; as much again is burned, so that nobody denounces itself to be
 * silent for less. A juror that shows its vote to sell it puts itself into the buyer's hands.
 */
export function denounce(
  disputes: Disputes,
  by: Uint8Array,
  id: bigint,
  { juror, verdict, salt }: { juror: Uint8Array; verdict: Verdict; salt: Uint8Array },
): void {
  const { ctx, errors, events } = disputes;
  const sitting = sittingOf(disputes, id);
  const seat = seatOf(disputes, sitting.panel, juror);
  ensure(!sameBytes(by, juror), errors.OwnVote);
  ensure(ctx.block < sitting.times.commitUntil, errors.TooLate);
  ensureOpens(disputes, id, sitting.dispute.level, seat, verdict, salt);
  putVote(disputes, id, sitting, seat, { tag: 'Denounced' });
  const lost = lossOf(jurorOf(disputes, juror)?.bond ?? 0n, 2 * seat.seats, sitting.panel.silent);
  const reward = repatriateReserved(ctx, juror, by, lost / 2n);
  slashReserved(ctx, juror, lost - reward);
  changeJurors(disputes, [{ account: juror, lost, panels: 0 }]);
  events.Denounced({ id, juror, by, lost });
}

/** What a juror loses for so many seats, at most what is left of its bond. */
export function lossOf(bond: bigint, seats: number, ofSeat: bigint): bigint {
  const loss = ofSeat * BigInt(seats);
  return loss < bond ? loss : bond;
}

const countOf = (seats: readonly Seat[], verdict: Verdict): number =>
  seats.reduce((sum, { vote, seats }) => sum + (vote.tag === 'Cast' && vote.value.tag === verdict ? seats : 0), 0);

/** Most of the seats must have been voted, and most of these one way. */
export function majorityOf({ seats }: Panel): Verdict | undefined {
  const all = seats.reduce((sum, seat) => sum + seat.seats, 0);
  const [upheld, dismissed] = [countOf(seats, 'Upheld'), countOf(seats, 'Dismissed')];
  if (2 * (upheld + dismissed) <= all || upheld === dismissed) return undefined;
  return upheld > dismissed ? 'Upheld' : 'Dismissed';
}

const isWaitedFor = ({ vote }: Seat): boolean => vote.tag === 'Awaited' || vote.tag === 'Committed';

/** Counts the votes when the time is over, or when nobody is waited for any more. */
export function count(disputes: Disputes, id: bigint): void {
  const { ctx, errors, store } = disputes;
  const { dispute, panel, times } = sittingOf(disputes, id);
  const isDone = ctx.block >= times.until || (ctx.block >= times.commitUntil && !panel.seats.some(isWaitedFor));
  ensure(isDone, errors.TooEarly);
  const verdict = majorityOf(panel);
  if (verdict !== undefined) return rule(disputes, id, dispute, { verdict, basis: 'Panel' });
  // Nothing is decided: what the panel was called for to change stays, and who called for it has its bond back.
  store.panels.put(id, dispute.level, { ...panel, isTied: true });
  const bonds = dispute.bonds.map((bond) => (bond.level === dispute.level ? { ...bond, isSpared: true } : bond));
  const stands = { ...dispute, bonds };
  if (dispute.ruling === undefined) return rule(disputes, id, stands, { verdict: 'Dismissed', basis: 'NoMajority' });
  const until = ctx.block + (dispute.level < MAX_LEVEL ? Number(parameter(ctx, 'DisputeAppeal')) : 0);
  store.disputes.put(id, { ...stands, phase: { tag: 'Ruled', value: { until } } });
  disputes.events.Ruled({ id, ruling: dispute.ruling });
}
