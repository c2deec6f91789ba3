import { EXISTENTIAL_DEPOSIT } from '../../primitives/money.ts';
import { enumeration, field, fixed, struct, u32, vec } from '../../primitives/scale/index.ts';
import { accountId, balance, constant, defineState, event, map, value } from '../support/index.ts';

const lock = struct('pallet_balances::types::BalanceLock', {
  id: fixed(8),
  amount: balance,
  reasons: enumeration('pallet_balances::types::Reasons', { Fee: null, Misc: null, All: null }),
});
const reserveData = struct('pallet_balances::types::ReserveData', { id: fixed(8), amount: balance });

const who = field(accountId, 'Whose balance it is.');

export const state = defineState({
  name: 'Balances',
  index: 3,
  docs: 'Free and reserved money of accounts, and how much there is of it.',
  storage: {
    totalIssuance: value(balance, { default: 0n, docs: 'All units there are: issued minus burned.' }),
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
    Endowed: event('An account came into being with its first balance.', {
      account: field(accountId, 'The new account.'),
      freeBalance: field(balance, 'What it began with.'),
    }),
    DustLost: event('An account fell below the existential deposit and was removed; its rest was burned.', {
      account: field(accountId, 'The account that was.'),
      amount: field(balance, 'What was burned.'),
    }),
    Transfer: event('Free balance went from one account to another.', {
      from: field(accountId, 'Who paid.'),
      to: field(accountId, 'Who got it.'),
      amount: field(balance, 'How much.'),
    }),
    Reserved: event('Free balance became reserved.', { who, amount: field(balance, 'How much is reserved more.') }),
    Unreserved: event('Reserved balance became free.', { who, amount: field(balance, 'How much is free more.') }),
    ReserveRepatriated: event('Reserved balance of one account became free balance of another.', {
      from: field(accountId, 'Whose it was.'),
      to: field(accountId, 'Whose it is.'),
      amount: field(balance, 'How much.'),
    }),
    Deposit: event('An account got what had been withdrawn before: fees, to the author of the block.', {
      who,
      amount: field(balance, 'How much.'),
    }),
    Withdraw: event('Balance was taken from an account, for fees.', { who, amount: field(balance, 'How much.') }),
    Slashed: event('Reserved balance was burned, as a punishment.', { who, amount: field(balance, 'How much.') }),
    Minted: event('New units were issued to an account.', { who, amount: field(balance, 'How much.') }),
    Burned: event('Units of an account were destroyed.', { who, amount: field(balance, 'How much.') }),
  },
  errors: {
    InsufficientBalance: 'Balance too low to send value.',
    Expendability: 'The transfer would take the account below the existential deposit.',
    ExistentialDeposit: 'Value too low to create an account.',
    LiquidityRestrictions: 'The account must stay alive because something is reserved of it.',
  },
  constants: {
    ExistentialDeposit: constant(balance, EXISTENTIAL_DEPOSIT, 'The least an account holds.'),
    MaxLocks: constant(u32, 0, 'Locks are not used.'),
    MaxReserves: constant(u32, 0, 'Named reserves are not used.'),
  },
});
