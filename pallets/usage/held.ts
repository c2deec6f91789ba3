/** Deposits of openers and gateways, bills of reports under way, and what must hold of periods and meters. */
import { present } from '../../primitives/at.ts';
import { assetName } from '../ownership/index.ts';
import { grantOf, meteredUses } from '../licensing/index.ts';
import { type Held, mustHold } from '../support/index.ts';
import { findRound } from '../tally/index.ts';
import { ESCROW, METER_DEPOSIT, PERIOD_DEPOSIT, REPORT_DEPOSIT, type Usage } from './state.ts';
import { type Meter, USAGE_PALLET } from './types.ts';

export const held = {
  *deposits({ store }: Usage): Generator<Held> {
    for (const { model, period } of store.openPeriods.get())
      yield [present(store.periods.get(model, period), 'an open period').opener, PERIOD_DEPOSIT];
    for (const [, { gateway, report }] of store.meters.entries())
      yield [gateway, METER_DEPOSIT + (report === undefined ? 0n : REPORT_DEPOSIT)];
  },
  *owes({ store }: Usage): Generator<Held> {
    for (const [, { report }] of store.meters.entries()) yield [ESCROW, report?.bill ?? 0n];
  },
  /** Open periods and reports are listed; what is on a meter is metered by licensing, on one meter, and billed as far as it is reported. */
  tryState(usage: Usage): undefined {
    checkPeriods(usage);
    for (const [[id], meter] of usage.store.meters.entries()) checkMeter(usage, id, meter);
  },
};

function checkPeriods({ ctx, store }: Usage): void {
  const open = new Set(store.openPeriods.get().map(({ model, period }) => `${model} ${period}`));
  for (const [[model, number], { state, round }] of store.periods.entries()) {
    const what = `period ${number} of ${assetName({ tag: 'Model', value: model })}`;
    const isListed = open.delete(`${model} ${number}`);
    mustHold(
      (state.tag === 'Open') === isListed,
      'usage/broken-period',
      `${what} is ${state.tag}, listed: ${isListed}`,
    );
    mustHold(number < store.nextPeriod.get(model), 'usage/broken-period', `${what} is not numbered yet`);
    mustHold(findRound(ctx, round)?.consumer === USAGE_PALLET, 'usage/broken-period', `${what} has another’s round`);
  }
  mustHold(open.size === 0, 'usage/broken-period', 'a period is listed that is not there');
}

function checkMeter({ ctx, store }: Usage, id: number, meter: Meter): void {
  const { slots, report, billed, price, gateway } = meter;
  const must = (holds: boolean, what: string): void => mustHold(holds, 'usage/broken-meter', `meter ${id}: ${what}`);
  must(id < store.nextMeter.get() && store.metersOf.has(gateway, id), 'it is not numbered, or not listed');
  must(store.reporting.get().includes(id) === (report !== undefined), 'its report is listed wrongly');
  if (report !== undefined) {
    must(report.total > billed && report.bill === (report.total - billed) * price, 'its bill is not what is new');
    must(findRound(ctx, report.round)?.consumer === USAGE_PALLET, 'its round is another’s');
  }
  const live = slots.filter(({ state }) => state.tag === 'Live').map(({ grant }) => grant);
  must(new Set(live).size === live.length, 'a grant has two places');
  for (const grant of live) {
    const on = meteredUses(ctx, grant)?.meter;
    must(on === id || grantOf(ctx, grant) === undefined, `grant ${grant} has a place, and is on meter ${on}`);
  }
}
