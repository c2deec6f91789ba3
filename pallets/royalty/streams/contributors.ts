/** The part that a model's owner gives to whoever contributes to its rounds. It may be raised at any time; who contributed in the hope of it is told before it falls. */
import { WHOLE } from '../../../primitives/money.ts';
import { type Asset, ensureMay } from '../../ownership/index.ts';
import { parameter } from '../../parameters/index.ts';
import { type Context, ensure } from '../../support/index.ts';
import { type Royalty, state } from '../state.ts';

/** The basis points that count in this block; 0 of what is no model. */
export function contributorsOf(ctx: Context, asset: Asset): number {
  if (asset.tag !== 'Model') return 0;
  const { bps, lower } = state.use(ctx).store.contributors.get(asset.value);
  return lower !== undefined && ctx.block >= lower.from ? lower.bps : bps;
}

/** Sets the part: at once if it is not lower than what counts now, else with notice. An announcement that has not come true is replaced. */
export function setContributorsShare(royalty: Royalty, who: Uint8Array, model: bigint, bps: number): void {
  const { ctx, store, events, errors } = royalty;
  const asset = { tag: 'Model' as const, value: model };
  ensureMay(ctx, asset, who, 'money');
  ensure(bps <= WHOLE, errors.BadShare);
  const now = contributorsOf(ctx, asset);
  const from = bps >= now ? ctx.block : ctx.block + Number(parameter(ctx, 'ContributorsNotice'));
  const lower = bps >= now ? undefined : { bps, from };
  store.contributors.put(model, { bps: lower === undefined ? bps : now, lower });
  events.ContributorsShareSet({ model, bps, from });
}
