/** What clients ask. */
import { WHOLE, largestRemainder } from '../../primitives/money.ts';
import { option, u32, vec } from '../../primitives/scale/index.ts';
import { meteredUses } from '../licensing/index.ts';
import { grantId } from '../licensing/types.ts';
import { modelId } from '../ownership/types.ts';
import { accountId, type Api, type Context, method } from '../support/index.ts';
import { state } from './state.ts';
import {
  type Meter,
  meter,
  meterId,
  type NumberedMeter,
  numberedMeter,
  periodIndex,
  type Statistics,
  statistics,
} from './types.ts';

/** The most periods or meters of one answer. */
const PAGE = 16;

function statisticsOf(ctx: Context, model: bigint, number: number): Statistics | undefined {
  const period = state.use(ctx).store.periods.get(model, number);
  if (period === undefined) return undefined;
  const totals = period.state.tag === 'Ended' ? period.state.value.totals : [];
  return { number, period, shares: largestRemainder(BigInt(WHOLE), totals).map(Number) };
}

function periodsOf(ctx: Context, model: bigint, from: number, limit: number): Statistics[] {
  const end = Math.min(state.use(ctx).store.nextPeriod.get(model), from + Math.min(limit, PAGE));
  const found: Statistics[] = [];
  for (let number = from; number < end; number++) {
    const one = statisticsOf(ctx, model, number);
    if (one !== undefined) found.push(one);
  }
  return found;
}

function metersOf(ctx: Context, gateway: Uint8Array, from: number, limit: number): NumberedMeter[] {
  const { store } = state.use(ctx);
  const ids = [...store.metersOf.entries(gateway)].map(([[, id]]) => id).sort((a, b) => a - b);
  return ids.slice(from, from + Math.min(limit, PAGE)).flatMap((id) => {
    const found = store.meters.get(id);
    return found === undefined ? [] : [{ id, meter: found }];
  });
}

export const usageApi: Api = {
  version: 1,
  docs: 'Statistics of models, and meters of their uses.',
  methods: {
    period: method({
      docs: 'Statistics of one period of a model.',
      inputs: { model: modelId, period: periodIndex },
      output: option(statistics),
      run: (ctx, { model, period }): Statistics | undefined => statisticsOf(ctx, model, period),
    }),
    periods: method({
      docs: 'Statistics of a model from a period on, in order; at most 16 an answer.',
      inputs: { model: modelId, from: periodIndex, limit: u32 },
      output: vec(statistics),
      run: (ctx, { model, from, limit }): Statistics[] => periodsOf(ctx, model, from, limit),
    }),
    meter: method({
      docs: 'A meter by its number; none if it never was or is closed.',
      inputs: { meter: meterId },
      output: option(meter),
      run: (ctx, { meter }): Meter | undefined => state.use(ctx).store.meters.get(meter),
    }),
    metersOf: method({
      docs: 'Meters of a gateway, in order; at most 16 an answer.',
      inputs: { gateway: accountId, from: u32, limit: u32 },
      output: vec(numberedMeter),
      run: (ctx, { gateway, from, limit }): NumberedMeter[] => metersOf(ctx, gateway, from, limit),
    }),
    meterOf: method({
      docs: 'The meter that the holder of a grant has put it on.',
      inputs: { grant: grantId },
      output: option(meterId),
      run: (ctx, { grant }): number | undefined => meteredUses(ctx, grant)?.meter,
    }),
  },
};
