/** A model whose grants are metered by a gateway, on a chain with a real committee and real proofs; money is counted after every call. */
import { freeOf, reservedOf } from '../../../pallets/balances/index.ts';
import { licensing } from '../../../pallets/licensing/index.ts';
import type { Terms } from '../../../pallets/licensing/types.ts';
import { Origin, type PalletError, type RuntimeCall } from '../../../pallets/support/index.ts';
import { findRound, type Round } from '../../../pallets/tally/index.ts';
import { usage } from '../../../pallets/usage/index.ts';
import { LANES } from '../../../primitives/proofs/lane.ts';
import { meterVector } from '../../../primitives/proofs/meter.ts';
import { laneSpecOf } from '../../../primitives/round/index.ts';
import {
  account,
  call,
  phaseOf,
  sealedOf,
  submitSealed,
  testChain,
  type TestChain,
  type TestCommittee,
} from '../../support/committee.ts';
import { conclude as untilOver, surveyed } from '../../support/pallet-sums.ts';
import { idOfTerms, openTerms, storeTerms } from '../../support/terms.ts';

export const { errors, call: calls } = usage;
export const MODEL = 0n;
export const ASSET = { tag: 'Model', value: MODEL } as const;
export const GATEWAY = 'gateway';
export const PRICE = 1_003n;
export const HOLDERS = ['ada', 'ben', 'cas'];
/** Ten uses, each of which is paid. */
export const TERMS = openTerms('MIT', {
  price: { tag: 'PerUse', value: { amount: PRICE } },
  uses: 10n,
  transferable: true,
});

const ACCOUNTS = [...HOLDERS, GATEWAY, 'dee', 'eve', 'rival'];
export const withCommittee = (): TestCommittee => surveyed(ACCOUNTS, { pallets: [usage] });
/** The same without a committee: what needs no round. */
export const without = (accounts: readonly string[] = []): TestChain =>
  testChain({ accounts: [...ACCOUNTS, ...accounts], pallets: [usage] });

export const storeOf = ({ chain }: TestChain) => usage.use(chain.ctx).store;
export const free = ({ chain }: TestChain, who: string): bigint => freeOf(chain.ctx, account(who));
export const reserved = ({ chain }: TestChain, who: string): bigint => reservedOf(chain.ctx, account(who));
export const noop = ({ chain }: TestChain, who: string, what: RuntimeCall, error: PalletError | string): void =>
  chain.expectNoop(Origin.signed(account(who)), what, error);

/** Stores terms and offers the model under them. @returns the number of the offer */
export function offer(test: TestChain, terms: Terms): bigint {
  const id = licensing.use(test.chain.ctx).store.nextOffer.get();
  call(test, 'owner', storeTerms(terms));
  const what = { asset: ASSET, terms: idOfTerms(terms), buyer: undefined, until: undefined };
  call(test, 'owner', licensing.call.offer(what));
  return id;
}

/** @returns the number of the grant */
export function buy(test: TestChain, who: string, id: bigint): bigint {
  const grant = licensing.use(test.chain.ctx).store.nextGrant.get();
  call(test, who, licensing.call.buy({ asset: ASSET, offer: id, most: 10n ** 9n }));
  if (licensing.use(test.chain.ctx).store.grants.get(grant)?.state.tag !== 'Open')
    call(test, who, licensing.call.open({ grant }));
  return grant;
}

/** Meter 0 of the gateway, with grants of these holders on it: grant `i` in place `i`. */
export function metered(test: TestChain, holders: readonly string[] = HOLDERS, terms: Terms = TERMS): void {
  const id = offer(test, terms);
  call(test, 'owner', calls.nameGateway({ model: MODEL, gateway: account(GATEWAY), isNamed: true }));
  call(test, GATEWAY, calls.openMeter({ model: MODEL, terms: idOfTerms(terms), kMin: 2 }));
  for (const who of holders) placed(test, who, buy(test, who, id));
}

/** The holder agrees, and the gateway gives the grant a place. */
export function placed(test: TestChain, who: string, grant: bigint, meter = 0, gateway = GATEWAY): void {
  call(test, who, calls.join({ meter, grant }));
  call(test, gateway, calls.admit({ meter, grant }));
}

export const report = (total: bigint, openBlocks = 8): RuntimeCall => calls.report({ meter: 0, total, openBlocks });
export const roundOf = (test: TestChain): number => storeOf(test).meters.get(0)?.report?.round ?? -1;

/** Begins a report and waits for its round. @returns the round */
export function begun(members: TestCommittee, total: bigint): number {
  call(members.test, GATEWAY, report(total));
  const round = roundOf(members.test);
  members.runUntil(() => phaseOf(members.test, round) === 'Open');
  return round;
}

export function submitCounts(members: TestCommittee, round: number, counts: readonly number[]): void {
  const { lanes } = findRound(members.test.chain.ctx, round) as Round;
  const values = meterVector(laneSpecOf(lanes[0] as Round['lanes'][number]), counts);
  const sealed = sealedOf(members.test, round, GATEWAY, LANES.meter, 0, values);
  submitSealed(members, GATEWAY, round, LANES.meter, 0, sealed);
}

/** A whole report with true counts, concluded by a stranger. */
export function reported(members: TestCommittee, counts: readonly number[]): void {
  const round = begun(members, BigInt(counts.reduce((sum, count) => sum + count, 0)));
  submitCounts(members, round, counts);
  untilOver(members, round);
  call(members.test, 'eve', calls.concludeReport({ meter: 0 }));
}

export const statesOf = (test: TestChain): string[] | undefined =>
  storeOf(test)
    .meters.get(0)
    ?.slots.map(({ state }) => state.tag);
