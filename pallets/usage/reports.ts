/** Reports of meters: the encrypted counts of all grants in one vector, their public sum billed, each held against what its grant has left. */
import { present } from '../../primitives/at.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { burn, reserve, slashReserved, transfer, unreserve } from '../balances/index.ts';
import { exhaust, meteredUses, payPrice } from '../licensing/index.ts';
import { ensure } from '../support/index.ts';
import { createMeterRound, endedRounds, exhaustedOf, findRound, type Round, takeNote } from '../tally/index.ts';
import { knownMeter, ownMeter, slotsAfter } from './meters.ts';
import { lacksReports, postsFeeOf } from './periods.ts';
import { ESCROW, MAX_OPEN, REPORT_BLOCKS, REPORT_DEPOSIT, USAGE, type Usage } from './state.ts';
import type { Meter, Report } from './types.ts';

/** Places for rounds are few: one for each gateway. */
function ensureFree({ store, errors }: Usage, gateway: Uint8Array): void {
  const open = store.reporting.get();
  const others = open.map((id) => present(store.meters.get(id), 'a meter that reports'));
  ensure(!others.some((other) => sameBytes(other.gateway, gateway)), errors.OpenerBusy);
  ensure(open.length < MAX_OPEN, errors.TooManyOpen);
}

/**
 * What each count is held against: the uses that its grant has left by licensing. One use more than all together is a bound that no count reaches: for grants
 * that are no longer on the meter, whose counts stay in the sum, and for all that have more left.
 */
function boundsOf({ ctx }: Usage, { slots }: Meter, total: bigint): bigint[] {
  const never = total + 1n;
  return slots.map(({ grant, state }) => {
    const left = state.tag === 'Live' ? meteredUses(ctx, grant)?.usesLeft : undefined;
    if (left === undefined || left > never) return never;
    return left === 0n ? 1n : left;
  });
}

/**
 * Begins a report: `total` are all uses that the meter has ever counted. The price of those that are new goes into escrow.
 * @param openBlocks how long the gateway has to submit its counts
 */
export function beginReport(usage: Usage, gateway: Uint8Array, id: number, total: bigint, openBlocks: number): void {
  const { ctx, store, events, errors } = usage;
  const meter = ownMeter(usage, id, gateway);
  ensure(store.gateways.has(meter.model, gateway), errors.NotGateway);
  ensure(meter.report === undefined, errors.ReportOpen);
  ensure(meter.slots.length >= meter.kMin, errors.TooFewGrants);
  ensure(total > meter.billed, errors.NothingNew);
  ensure(openBlocks <= REPORT_BLOCKS, errors.TooLong);
  ensureFree(usage, gateway);
  const uses = total - meter.billed;
  const bill = uses * meter.price;
  reserve(ctx, gateway, REPORT_DEPOSIT);
  if (bill > 0n) transfer(ctx, gateway, ESCROW, bill, 'keepAlive');
  const plan = { total, bounds: boundsOf(usage, meter, total), openBlocks, maxExtensions: 0 };
  const round = createMeterRound(ctx, USAGE, plan, gateway);
  burn(ctx, gateway, postsFeeOf(present(findRound(ctx, round), 'the new round')), 'keepAlive');
  store.meters.put(id, { ...meter, report: { round, total, bill } });
  store.reporting.put([...store.reporting.get(), id]);
  events.Reported({ meter: id, round, uses, bill });
}

/** The round of a report is over: it is paid, and what is used up is so for everyone; or it came to nothing. Anyone may ask for it. */
export function concludeReport(usage: Usage, id: number): void {
  const { ctx, store, errors } = usage;
  const meter = knownMeter(usage, id);
  const { report } = meter;
  ensure(report, errors.NoReport);
  const ended = endedRounds(ctx, USAGE).find(({ round }) => round === report.round);
  ensure(ended, errors.NotEnded);
  const exhausted = exhaustedOf(ctx, report.round);
  if (exhausted === undefined) fail(usage, id, meter, report, ended);
  else settle(usage, id, meter, report, exhausted);
  store.reporting.put(store.reporting.get().filter((known) => known !== id));
  takeNote(ctx, USAGE, report.round);
}

/** Counts that did not come or were false cost the deposit: they had one of the few places. The bill goes back, and the uses are in the next one. */
function fail({ ctx, store, events }: Usage, id: number, meter: Meter, { bill }: Report, ended: Round): void {
  const { gateway } = meter;
  const lost = lacksReports(ended) ? REPORT_DEPOSIT : 0n;
  if (lost > 0n) slashReserved(ctx, gateway, lost);
  else unreserve(ctx, gateway, REPORT_DEPOSIT);
  if (bill > 0n) transfer(ctx, ESCROW, gateway, bill, 'allowDeath');
  store.meters.put(id, { ...meter, report: undefined });
  events.ReportFailed({ meter: id, lost });
}

/**
 * What becomes of a grant's place by a report that held its count against `bound`. A grant that has been given more uses since is not used up, whatever the report says of
 * the bound that it had [a holder who renewed while the gateway reported lost what it had just paid].
 */
function fateOf(usesLeft: bigint | undefined, bound: bigint, isReached: boolean): 'Left' | 'Exhausted' | undefined {
  if (usesLeft === undefined) return 'Left';
  return isReached && usesLeft <= bound ? 'Exhausted' : undefined;
}

function settle(
  usage: Usage,
  id: number,
  meter: Meter,
  { round, total, bill }: Report,
  reached: readonly boolean[],
): void {
  const { ctx, store, events } = usage;
  const { bounds = [] } = findRound(ctx, round)?.sum ?? {};
  const { model, billed } = meter;
  if (bill > 0n) payPrice(ctx, { tag: 'Model', value: model }, ESCROW, bill);
  unreserve(ctx, meter.gateway, REPORT_DEPOSIT);
  let next: Meter = { ...meter, report: undefined, billed: total, since: ctx.block };
  // Who joined since the report began is not in it, and who left is judged no more.
  for (const [place, { grant, state }] of meter.slots.entries()) {
    if (state.tag !== 'Live') continue;
    const fate = fateOf(meteredUses(ctx, grant)?.usesLeft, bounds[place] ?? 0n, reached[place] === true);
    if (fate === undefined) continue;
    if (fate === 'Exhausted') exhaust(ctx, grant);
    next = { ...next, slots: slotsAfter(next, grant, fate) };
    if (fate === 'Left') events.Left({ meter: id, grant, isSpent: true });
    else events.Exhausted({ meter: id, grant });
  }
  store.meters.put(id, next);
  events.Billed({ meter: id, uses: total - billed, bill });
}
