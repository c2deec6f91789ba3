import { compact, named, newtype, type Of, str, struct, u32, u128 } from '../../primitives/scale/index.ts';
import { balance } from '../support/types.ts';

/** How many extrinsics an account has signed, and the like. */
export const nonce = named('Nonce', u32);
const refCount = named('RefCount', u32);

/** polkadot-sdk `pallet_balances::types`: kept in `System.Account`, where clients look for it. */
export const accountData = struct('pallet_balances::types::AccountData', {
  free: balance,
  reserved: balance,
  frozen: balance,
  flags: newtype('pallet_balances::types::ExtraFlags', u128),
});
export const accountInfo = struct('frame_system::AccountInfo', {
  nonce,
  consumers: refCount,
  providers: refCount,
  sufficients: refCount,
  data: accountData,
});
export type AccountInfo = Of<typeof accountInfo>;

/** `flags` with the top bit set: the account follows the rules of today's pallet_balances. */
export const emptyAccount: AccountInfo = {
  nonce: 0,
  consumers: 0,
  providers: 0,
  sufficients: 0,
  data: { free: 0n, reserved: 0n, frozen: 0n, flags: 1n << 127n },
};

export const lastRuntimeUpgradeInfo = struct('frame_system::LastRuntimeUpgradeInfo', {
  specVersion: compact(u32),
  specName: str,
});
