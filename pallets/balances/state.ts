import { enumeration, fixed, struct, u32, u128, vec } from '../../primitives/scale/index.ts';
import { accountId, constant, defineState, map, value } from '../support/index.ts';

/** The least an account holds, in units of 10^-6 TAC: what keeps the state free of empty accounts. */
export const EXISTENTIAL_DEPOSIT = 1_000n;

const lock = struct('pallet_balances::types::BalanceLock', {
  id: fixed(8),
  amount: u128,
  reasons: enumeration('pallet_balances::types::Reasons', { Fee: null, Misc: null, All: null }),
});
const reserveData = struct('pallet_balances::types::ReserveData', { id: fixed(8), amount: u128 });

export const state = defineState({
  name: 'Balances',
  index: 3,
  storage: {
    totalIssuance: value(u128, { default: 0n, docs: 'All units there are: issued minus burned.' }),
    locks: map(accountId, vec(lock), {
      default: [],
      docs: 'Always empty: this chain locks nothing. Wallets ask for it.',
    }),
    reserves: map(accountId, vec(reserveData), {
      default: [],
      docs: 'Always empty: reserves are not named here. Wallets ask for it.',
    }),
  },
  events: {
    Endowed: { account: accountId, freeBalance: u128 },
    DustLost: { account: accountId, amount: u128 },
    Transfer: { from: accountId, to: accountId, amount: u128 },
    Reserved: { who: accountId, amount: u128 },
    Unreserved: { who: accountId, amount: u128 },
    ReserveRepatriated: { from: accountId, to: accountId, amount: u128 },
    Deposit: { who: accountId, amount: u128 },
    Withdraw: { who: accountId, amount: u128 },
    Slashed: { who: accountId, amount: u128 },
    Minted: { who: accountId, amount: u128 },
    Burned: { who: accountId, amount: u128 },
  },
  errors: {
    InsufficientBalance: 'Balance too low to send value.',
    Expendability: 'The transfer would take the account below the existential deposit.',
    ExistentialDeposit: 'Value too low to create an account.',
    LiquidityRestrictions: 'The account must stay alive because something is reserved of it.',
  },
  constants: {
    ExistentialDeposit: constant(u128, EXISTENTIAL_DEPOSIT, 'The least an account holds.'),
    MaxLocks: constant(u32, 0, 'Locks are not used.'),
    MaxReserves: constant(u32, 0, 'Named reserves are not used.'),
  },
});
