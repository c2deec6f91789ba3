/** Panels are drawn by a beacon of the tally that was unknown to everybody when the panel was called for (docs/adr/023). */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { hashOf } from '../../primitives/crypto/hash.ts';
import { parameter } from '../parameters/index.ts';
import { ensure, latin1 } from '../support/index.ts';
import { genesisHash } from '../system/index.ts';
import { awaitedBeacons, latestBeacons } from '../tally/index.ts';
import { changeJurors, lossOfSeat, unitPrice, unitsOf } from './jurors.ts';
import { KEPT_BEACONS, type Disputes } from './state.ts';
import { type Beacon, type Dispute, type Juror, MAX_LEVEL, type Seat, SEATS } from './types.ts';
import { at } from '../../primitives/at.ts';

const TICKET_BYTES = 8;

/** Notes beacons in the block of their reveal: a panel takes the one that is its, not one that suits whoever asks. */
export function noteBeacons({ ctx, store, events }: Disputes): void {
  for (const { round, closedAt, value, block } of latestBeacons(ctx)) {
    if (block !== ctx.block) continue;
    const number = store.nextBeacon.get();
    store.beacons.put(number, { round, closedAt, value });
    if (number >= KEPT_BEACONS) store.beacons.remove(number - KEPT_BEACONS);
    store.nextBeacon.put(number + 1);
    events.BeaconNoted({ number, round });
  }
}

/** The phase in which a panel waits for its beacon, as of now. */
export function waiting({ ctx, store }: Disputes): Dispute['phase'] {
  const until = ctx.block + Number(parameter(ctx, 'DisputeDraw'));
  return { tag: 'Draw', value: { frozen: ctx.block, firstBeacon: store.nextBeacon.get(), until } };
}

type Close = Pick<Beacon, 'closedAt' | 'round'>;
const isEarlier = (a: Close, b: Close): boolean =>
  a.closedAt === b.closedAt ? a.round < b.round : a.closedAt < b.closedAt;

/**
 * The beacon of the round that closed first of those that were open when the panel was called for: their secrets were shown to nobody then. In which order rounds are
 * revealed says nothing: whoever puts their posts into a block has seen what each of them would draw.
 */
function beaconFor({ ctx, store }: Disputes, frozen: number, first: number): Beacon | undefined {
  let found: Beacon | undefined;
  // If the first is no longer kept it might have been the one: no later one takes its place.
  for (let number = first; ; number++) {
    const beacon = store.beacons.get(number);
    if (beacon === undefined) break;
    if (beacon.closedAt >= frozen && (found === undefined || isEarlier(beacon, found))) found = beacon;
  }
  if (found === undefined) return undefined;
  const chosen = found;
  const isAwaited = awaitedBeacons(ctx).some((round) => round.closedAt >= frozen && isEarlier(round, chosen));
  return isAwaited ? undefined : chosen;
}

/** What tickets of one panel are made of. */
interface Lot {
  readonly genesis: Uint8Array;
  readonly beacon: Beacon;
  readonly id: bigint;
  readonly level: number;
}
interface Ticket {
  readonly juror: Uint8Array;
  readonly number: bigint;
}

/** A ticket for each unit of a bond. Others' coming and going changes nothing of it. */
function ticketsOf({ genesis, beacon, id, level }: Lot, account: Uint8Array, units: number): Ticket[] {
  const hash = hashOf('tacit/panel/1', genesis, beacon.value, id, level, account);
  const view = new DataView(hash.buffer, hash.byteOffset, hash.byteLength);
  return Array.from({ length: units }, (_, unit) => ({
    juror: account,
    number: view.getBigUint64(unit * TICKET_BYTES, true),
  }));
}

/** Who may judge: bonded before the report, not leaving before the panel was called for, no party, and on no earlier panel. */
function eligible(disputes: Disputes, id: bigint, dispute: Dispute, frozen: number): Juror[] {
  const { store } = disputes;
  const barred = new Set(store.parties.get(id).map(latin1));
  for (let level = 0; level < dispute.level; level++) {
    for (const { juror } of store.panels.get(id, level)?.seats ?? []) barred.add(latin1(juror));
  }
  return store.pool.get().filter(({ account, since, leaving }) => {
    const isInTime = since < dispute.reportedAt && (leaving === undefined || leaving >= frozen);
    return isInTime && !barred.has(latin1(account));
  });
}

/** Draws the panel of a dispute that waits for it: the lowest tickets, one seat each. */
export function draw(disputes: Disputes, id: bigint, dispute: Dispute): Dispute {
  const { ctx, store, errors, events } = disputes;
  const { phase, level } = dispute;
  ensure(phase.tag === 'Draw', errors.WrongPhase);
  const { frozen, firstBeacon } = phase.value;
  const beacon = beaconFor(disputes, frozen, firstBeacon);
  ensure(beacon, errors.NoBeacon);
  const price = unitPrice(ctx);
  const lot = { genesis: genesisHash(ctx), beacon, id, level };
  const tickets = eligible(disputes, id, dispute, frozen).flatMap((juror) =>
    ticketsOf(lot, juror.account, unitsOf(price, juror)),
  );
  ensure(tickets.length >= seatsAt(level), errors.TooFewJurors);
  // The sort is stable: equal tickets, which chance does not make, stand in the order of the pool.
  tickets.sort((a, b) => (a.number < b.number ? -1 : Number(a.number > b.number)));
  const drawn = tickets.slice(0, seatsAt(level)).map(({ juror }) => juror);
  const seats = seated(drawn);
  const [silent, wrong] = [lossOfSeat(ctx, 'JurorSilent'), lossOfSeat(ctx, 'JurorWrong')];
  store.panels.put(id, level, { seats, isTied: false, silent, wrong });
  for (const { juror } of seats) store.seats.put(juror, id, level);
  changeJurors(
    disputes,
    seats.map(({ juror }) => ({ account: juror, lost: 0n, panels: 1 })),
  );
  const commitUntil = ctx.block + Number(parameter(ctx, 'DisputeCommit'));
  const until = commitUntil + Number(parameter(ctx, 'DisputeReveal'));
  events.PanelDrawn({ id, level, jurors: drawn, commitUntil, until });
  return { ...dispute, phase: { tag: 'Vote', value: { commitUntil, until } } };
}

/** Seats of a panel. */
export function seatsAt(level: number): number {
  return at<number>(SEATS, Math.min(level, MAX_LEVEL));
}

function seated(drawn: readonly Uint8Array[]): Seat[] {
  const seats: Seat[] = [];
  for (const juror of drawn) {
    const known = seats.findIndex((seat) => sameBytes(seat.juror, juror));
    if (known < 0) seats.push({ juror, seats: 1, vote: { tag: 'Awaited' } });
    else seats[known] = { ...at(seats, known), seats: at(seats, known).seats + 1 };
  }
  return seats;
}
