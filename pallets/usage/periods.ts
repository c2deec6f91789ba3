/** Statistics: several reporters count, and what is opened is the sum of what they counted. */
import { present } from '../../primitives/at.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { burn, reserve, slashReserved, unreserve } from '../balances/index.ts';
import { ensureMay } from '../ownership/index.ts';
import { ensure } from '../support/index.ts';
import {
  admitReporter,
  createStatisticsRound,
  endedRounds,
  findRound,
  postsBytesOf,
  type Round,
  statisticsOf,
  takeNote,
} from '../tally/index.ts';
import { lengthToFee } from '../transaction-payment/index.ts';
import { COUNTER_FEE, MAX_OPEN, PERIOD_BLOCKS, PERIOD_DEPOSIT, PERIOD_FEE, USAGE, type Usage } from './state.ts';
import type { Period } from './types.ts';

export interface PeriodArgs {
  readonly model: bigint;
  readonly counters: readonly string[];
  readonly reporters: readonly Uint8Array[];
  /** The largest count of one report. */
  readonly most: bigint;
  readonly kMin: number;
  readonly openBlocks: number;
}

/** What the committee posts for a round free of charge, at the price of any other bytes in blocks. */
export const postsFeeOf = (round: Round): bigint => lengthToFee(postsBytesOf(round));

/** Places for rounds are few: one for each model, one for each who opens, and not all of them for this. */
function ensureFree({ store, errors }: Usage, who: Uint8Array, model: bigint): void {
  const open = store.openPeriods.get();
  ensure(
    open.every((one) => one.model !== model),
    errors.ModelBusy,
  );
  const openers = open.map((one) => present(store.periods.get(one.model, one.period), 'an open period').opener);
  ensure(!openers.some((opener) => sameBytes(opener, who)), errors.OpenerBusy);
  ensure(open.length < MAX_OPEN, errors.TooManyOpen);
}

/** Opens a period for a model's owner or its delegate for rounds; all its reporters are admitted at once. */
export function openPeriod(usage: Usage, who: Uint8Array, args: PeriodArgs): void {
  const { ctx, store, events, errors } = usage;
  const { model, counters, reporters, most, kMin, openBlocks } = args;
  ensureMay(ctx, { tag: 'Model', value: model }, who, 'rounds');
  ensureFree(usage, who, model);
  const isNamed = counters.length > 0 && counters.every((name) => name !== '');
  ensure(isNamed && new Set(counters).size === counters.length, errors.BadCounters);
  ensure(new Set(reporters.map(toHex)).size === reporters.length, errors.BadReporters);
  ensure(openBlocks <= PERIOD_BLOCKS, errors.TooLong);
  reserve(ctx, who, PERIOD_DEPOSIT);
  const maxReports = reporters.length;
  const plan = { counters: counters.length, most, kMin, maxReports, openBlocks, maxExtensions: 0 };
  const round = createStatisticsRound(ctx, USAGE, plan);
  for (const reporter of reporters) admitReporter(ctx, round, reporter);
  const fee = PERIOD_FEE + COUNTER_FEE * BigInt(counters.length);
  burn(ctx, who, fee + postsFeeOf(present(findRound(ctx, round), 'the new round')), 'keepAlive');
  const number = store.nextPeriod.get(model);
  store.nextPeriod.put(model, number + 1);
  store.openPeriods.put([...store.openPeriods.get(), { model, period: number }]);
  const state = { tag: 'Open' } as const;
  store.periods.put(model, number, { opener: who, counters: [...counters], reporters: maxReports, kMin, round, state });
  events.PeriodOpened({ model, period: number, opener: who, round });
}

/** Whether a round failed for want of what was to be submitted, and not by the committee. */
export const lacksReports = ({ failure }: Round): boolean =>
  failure?.tag === 'TooFew' || failure?.tag === 'TooFewAccepted';

/** The round of a period is over: its totals are kept, or it has failed. Anyone may ask for it. */
export function concludePeriod(usage: Usage, model: bigint, number: number): void {
  const { ctx, store, events, errors } = usage;
  const period = store.periods.get(model, number);
  ensure(period, errors.UnknownPeriod);
  ensure(period.state.tag === 'Open', errors.NotOpen);
  const ended = endedRounds(ctx, USAGE).find(({ round }) => round === period.round);
  ensure(ended, errors.NotEnded);
  const result = statisticsOf(ctx, period.round);
  const state: Period['state'] = result ? { tag: 'Ended', value: result } : { tag: 'Failed' };
  store.periods.put(model, number, { ...period, state });
  store.openPeriods.put(store.openPeriods.get().filter((one) => one.model !== model));
  takeNote(ctx, USAGE, period.round);
  // Reporters are named without being asked, so silence costs them nothing: who named them and had a place for that pays.
  const lost = lacksReports(ended) ? PERIOD_DEPOSIT / 2n : 0n;
  if (lost > 0n) slashReserved(ctx, period.opener, lost);
  unreserve(ctx, period.opener, PERIOD_DEPOSIT - lost);
  if (result === undefined) events.PeriodFailed({ model, period: number, lost });
  else events.PeriodEnded({ model, period: number, reports: result.reports });
}
