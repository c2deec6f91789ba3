/** Meters: gateways that a licensor names, and the grants whose holders have their uses counted by one. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { reserve, unreserve } from '../balances/index.ts';
import { exhaust, grantOf, meteredUses, meterUses, storedTerms, type Terms, unmeterUses } from '../licensing/index.ts';
import { addDeposit, ensureMay, returnDeposit, sameAsset } from '../ownership/index.ts';
import { parameter } from '../parameters/index.ts';
import { ensure } from '../support/index.ts';
import { GATEWAY_DEPOSIT, METER_DEPOSIT, type Usage } from './state.ts';
import { LEAST_GRANTS, MAX_SLOTS, type Meter, type Slot } from './types.ts';

export function knownMeter({ store, errors }: Usage, id: number): Meter {
  const found = store.meters.get(id);
  ensure(found, errors.UnknownMeter);
  return found;
}

/** A meter of this gateway, whether it is still named or not. */
export function ownMeter(usage: Usage, id: number, gateway: Uint8Array): Meter {
  const meter = knownMeter(usage, id);
  ensure(sameBytes(meter.gateway, gateway), usage.errors.NotGateway);
  return meter;
}

/** Names a gateway for a model, or takes that back: then it begins nothing more, and who leaves its meters keeps what is left. */
export function nameGateway(usage: Usage, who: Uint8Array, model: bigint, gateway: Uint8Array, isNamed: boolean): void {
  const { ctx, store, events, errors } = usage;
  const asset = { tag: 'Model', value: model } as const;
  ensureMay(ctx, asset, who, 'licensing');
  const wasNamed = store.gateways.has(model, gateway);
  ensure(wasNamed !== isNamed, isNamed ? errors.AlreadyNamed : errors.NotGateway);
  if (isNamed) {
    addDeposit(ctx, asset, GATEWAY_DEPOSIT);
    store.gateways.put(model, gateway, undefined);
  } else {
    returnDeposit(ctx, asset, GATEWAY_DEPOSIT);
    store.gateways.remove(model, gateway);
  }
  events.GatewaySet({ model, gateway, isNamed });
}

/** What each use costs; undefined if that depends on how many a grant has had. */
function pricePerUse({ price }: Terms): bigint | undefined {
  if (price.tag === 'Volume') return undefined;
  return price.tag === 'PerUse' ? price.value.amount : 0n;
}

export function openMeter(usage: Usage, gateway: Uint8Array, model: bigint, id: Uint8Array, kMin: number): void {
  const { ctx, store, events, errors } = usage;
  ensure(store.gateways.has(model, gateway), errors.NotGateway);
  const terms = storedTerms(ctx, id);
  ensure(terms, errors.UnknownTerms);
  const price = pricePerUse(terms);
  ensure(price !== undefined, errors.PricedByCount);
  ensure(kMin >= LEAST_GRANTS && kMin <= MAX_SLOTS, errors.BadLeast);
  reserve(ctx, gateway, METER_DEPOSIT);
  const meter = store.nextMeter.get();
  store.nextMeter.put(meter + 1);
  const fresh = { kMin, since: ctx.block, billed: 0n, slots: [], report: undefined };
  store.meters.put(meter, { gateway, model, terms: id, price, ...fresh });
  store.metersOf.put(gateway, meter, undefined);
  events.MeterOpened({ meter, model, gateway });
}

/** The holder of a grant agrees to have its uses counted. Until the gateway gives the grant a place, nothing is counted and it may leave as it came. */
export function join(usage: Usage, holder: Uint8Array, id: number, grant: bigint): void {
  const { ctx, store, events, errors } = usage;
  const meter = knownMeter(usage, id);
  ensure(store.gateways.has(meter.model, meter.gateway), errors.NotGateway);
  const found = grantOf(ctx, grant);
  const isOfModel = found && sameAsset(found.asset, { tag: 'Model', value: meter.model });
  ensure(isOfModel && sameBytes(found.terms, meter.terms), errors.OtherTerms);
  meterUses(ctx, grant, holder, id);
  events.Joined({ meter: id, grant });
}

const isLive = (slot: Slot, grant: bigint): boolean => slot.grant === grant && slot.state.tag === 'Live';
const placeOf = ({ slots }: Meter, grant: bigint): Slot | undefined => slots.find((slot) => isLive(slot, grant));

/** The gateway gives a grant a place, for good: strangers cannot fill its meter, and it serves whom it likes. */
export function admit(usage: Usage, gateway: Uint8Array, id: number, grant: bigint): void {
  const { ctx, store, events, errors } = usage;
  const meter = ownMeter(usage, id, gateway);
  ensure(store.gateways.has(meter.model, gateway), errors.NotGateway);
  ensure(meteredUses(ctx, grant)?.meter === id, errors.NotJoined);
  ensure(placeOf(meter, grant) === undefined, errors.AlreadyAdmitted);
  ensure(meter.slots.length < MAX_SLOTS, errors.MeterFull);
  store.meters.put(id, { ...meter, slots: [...meter.slots, { grant, since: ctx.block, state: { tag: 'Live' } }] });
  events.Admitted({ meter: id, grant });
}

/** The slots of a meter after one of them is over. */
export function slotsAfter({ slots }: Meter, grant: bigint, tag: 'Exhausted' | 'Left'): Slot[] {
  return slots.map((slot) => (isLive(slot, grant) ? { ...slot, state: { tag } } : slot));
}

/** A grant is on its meter no more, which may be gone itself. */
function drop(usage: Usage, id: number, meter: Meter | undefined, grant: bigint, isSpent: boolean): void {
  if (meter !== undefined) usage.store.meters.put(id, { ...meter, slots: slotsAfter(meter, grant, 'Left') });
  usage.events.Left({ meter: id, grant, isSpent });
}

/** Whether a gateway counts a grant: not without a place, nor if it is named no more, or has reported nothing for long since it gave the place. */
function isCounted({ ctx, store }: Usage, meter: Meter, grant: bigint): boolean {
  const slot = placeOf(meter, grant);
  if (slot === undefined || !store.gateways.has(meter.model, meter.gateway)) return false;
  const heard = Math.max(meter.since, slot.since);
  return meter.report !== undefined || ctx.block < heard + Number(parameter(ctx, 'MeterSilence'));
}

/**
 * A holder leaves. Nobody knows how many uses are left, so none are [who could keep them would use them again]. But the holder does not pay for a gateway that
 * no longer counts: then it keeps them, as it does before it has a place.
 */
export function leave(usage: Usage, holder: Uint8Array, grant: bigint): void {
  const { ctx, store, errors } = usage;
  const found = grantOf(ctx, grant);
  ensure(found && sameBytes(found.holder, holder), errors.NotHolder);
  const id = meteredUses(ctx, grant)?.meter;
  ensure(id !== undefined, errors.NotJoined);
  const meter = store.meters.get(id);
  const isSpent = meter !== undefined && isCounted(usage, meter, grant);
  if (isSpent) exhaust(ctx, grant);
  else unmeterUses(ctx, grant, 0n);
  drop(usage, id, meter, grant, isSpent);
}

/** The gateway lets a grant go that has a place, and says in the open how many of its uses were used. */
export function release(usage: Usage, gateway: Uint8Array, id: number, grant: bigint, uses: bigint): void {
  const { ctx, errors } = usage;
  const meter = ownMeter(usage, id, gateway);
  ensure(placeOf(meter, grant), errors.NotAdmitted);
  // A grant that its holder has closed leaves its place behind.
  if (meteredUses(ctx, grant) !== undefined) unmeterUses(ctx, grant, uses);
  drop(usage, id, meter, grant, false);
}

/** Closes a meter on which no grant is any more. */
export function closeMeter(usage: Usage, gateway: Uint8Array, id: number): void {
  const { ctx, store, events, errors } = usage;
  const meter = ownMeter(usage, id, gateway);
  ensure(meter.report === undefined, errors.ReportOpen);
  ensure(
    meter.slots.every(({ state }) => state.tag !== 'Live'),
    errors.StillMetered,
  );
  store.meters.remove(id);
  store.metersOf.remove(gateway, id);
  unreserve(ctx, gateway, METER_DEPOSIT);
  events.MeterClosed({ meter: id });
}
