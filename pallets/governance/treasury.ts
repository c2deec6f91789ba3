import { transfer } from '../balances/index.ts';
import { parameter } from '../parameters/index.ts';
import { ensure, TREASURY } from '../support/index.ts';
import { numberOf } from './proposals.ts';
import type { Governance } from './state.ts';

/** What was spent in the period that runs now. */
export function spendingNow({ ctx, store }: Governance): { since: number; spent: bigint } {
  const known = store.spending.get();
  const isOver = ctx.block >= known.since + numberOf(ctx, 'TreasuryPeriod');
  return isOver ? { since: ctx.block, spent: 0n } : known;
}

/** Pays out of the treasury, within what it may spend in a period. */
export function spend(pallet: Governance, beneficiary: Uint8Array, amount: bigint): void {
  const { ctx, store, events, errors } = pallet;
  const { since, spent } = spendingNow(pallet);
  ensure(spent + amount <= parameter(ctx, 'TreasuryLimit'), errors.SpendLimit);
  transfer(ctx, TREASURY, beneficiary, amount, 'keepAlive');
  store.spending.put({ since, spent: spent + amount });
  events.Spent({ beneficiary, amount });
}

/** Puts down at which height another runtime shall hold. Nothing acts on it: it is a record that everybody can read and prove. */
export function scheduleUpgrade(pallet: Governance, height: number, code: Uint8Array): void {
  const { ctx, store, events, errors } = pallet;
  ensure(height >= ctx.block + numberOf(ctx, 'UpgradeNotice'), errors.TooSoon);
  store.upgrade.put({ height, code, decided: ctx.block });
  events.UpgradeScheduled({ height, code });
}

export function cancelUpgrade({ store, events, errors }: Governance): void {
  ensure(store.upgrade.get() !== undefined, errors.NoUpgrade);
  store.upgrade.remove();
  events.UpgradeCancelled();
}
