import { field, struct, tuple, u16, u32 } from '../../primitives/scale/index.ts';
import {
  accountId,
  balance,
  blockNumber,
  constant,
  defineState,
  dispatchResult,
  event,
  h256,
  map,
} from '../support/index.ts';
import { proxyType } from './kinds.ts';
import { announcements, MAX_PENDING, MAX_PROXIES, proxyDefinitions } from './types.ts';

/** Reserved in units of 10^-6 TAC: for the first entry of an account, and for each. */
export const PROXY_DEPOSIT_BASE = 100_000n;
export const PROXY_DEPOSIT_FACTOR = 30_000n;
export const ANNOUNCEMENT_DEPOSIT_BASE = 100_000n;
export const ANNOUNCEMENT_DEPOSIT_FACTOR = 60_000n;

const pureDeposit = struct('pallet_proxy::PureDeposit', {
  spawner: field(accountId, 'Who made the account.'),
  amount: field(balance, 'What is reserved of the spawner for it.'),
});

const delegator = field(accountId, 'The account that is called for.');
const delegatee = field(accountId, 'Who may call for it, or might.');
const type = field(proxyType, 'What it may call.');
const delay = field(blockNumber, 'Blocks that its calls are announced before.');

export const state = defineState({
  name: 'Proxy',
  index: 31,
  docs: 'Accounts that may make some calls for others, at once or announced; accounts that have no key.',
  storage: {
    proxies: map(accountId, tuple(proxyDefinitions, balance), {
      hasher: 'twox64Concat',
      default: [[], 0n],
      docs: 'The proxies of an account, and what is reserved for them.',
    }),
    announcements: map(accountId, tuple(announcements, balance), {
      hasher: 'twox64Concat',
      default: [[], 0n],
      docs: 'What a proxy has announced, and what is reserved of it for that.',
    }),
    pureDeposits: map(accountId, pureDeposit, {
      hasher: 'twox64Concat',
      docs: 'Of an account without a key: the part of its deposit that is reserved of its spawner.',
    }),
  },
  events: {
    ProxyExecuted: event('A proxy made a call, which succeeded or failed.', {
      result: field(dispatchResult, 'How it ended.'),
    }),
    PureCreated: event('An account without a key was made.', {
      pure: field(accountId, 'The new account.'),
      who: field(accountId, 'Its spawner, and its first proxy.'),
      proxyType: type,
      disambiguationIndex: field(u16, 'Tells apart those made by one extrinsic.'),
    }),
    Announced: event('A proxy announced a call.', {
      real: delegator,
      proxy: field(accountId, 'Who announced it.'),
      callHash: field(h256, 'blake2b-256 of the encoded call.'),
    }),
    ProxyAdded: event('An account has one proxy more.', { delegator, delegatee, proxyType: type, delay }),
    ProxyRemoved: event('An account has one proxy less.', { delegator, delegatee, proxyType: type, delay }),
  },
  errors: {
    TooMany: 'The account has as many proxies, or the proxy as many announcements, as there may be.',
    NotFound: 'There is no such proxy, or no such announcement.',
    NotProxy: 'No such proxy of the account.',
    Unproxyable: 'Only who announced a call may say which of its types it is made by.',
    Duplicate: 'The proxy, or the account without a key, is there already.',
    NoPermission: 'The caller is not the account that these facts tell of.',
    Unannounced: 'The call was not announced, or not long enough ago.',
    NoSelfProxy: 'No account is its own proxy.',
  },
  constants: {
    ProxyDepositBase: constant(balance, PROXY_DEPOSIT_BASE, 'Reserved of an account that has proxies.'),
    ProxyDepositFactor: constant(balance, PROXY_DEPOSIT_FACTOR, 'Reserved for each proxy.'),
    MaxProxies: constant(u32, MAX_PROXIES, 'The most proxies of an account.'),
    MaxPending: constant(u32, MAX_PENDING, 'The most announcements of a proxy.'),
    AnnouncementDepositBase: constant(
      balance,
      ANNOUNCEMENT_DEPOSIT_BASE,
      'Reserved of a proxy that has announced anything.',
    ),
    AnnouncementDepositFactor: constant(balance, ANNOUNCEMENT_DEPOSIT_FACTOR, 'Reserved for each announcement.'),
  },
});

/** The pallet at work on one state. */
export type Proxy = ReturnType<typeof state.use>;
