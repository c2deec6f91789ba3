/** Deposits for proxies and announcements, and what must hold of them. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { type Held, mustHold } from '../support/index.ts';
import {
  ANNOUNCEMENT_DEPOSIT_BASE,
  ANNOUNCEMENT_DEPOSIT_FACTOR,
  type Proxy,
  PROXY_DEPOSIT_BASE,
  PROXY_DEPOSIT_FACTOR,
} from './state.ts';

export const held = {
  /** Of an account without a key the spawner holds a part, which is not the account's own. */
  *deposits({ store }: Proxy): Generator<Held> {
    for (const [[account], [, deposit]] of store.proxies.entries()) yield [account, deposit];
    for (const [[delegate], [, deposit]] of store.announcements.entries()) yield [delegate, deposit];
    for (const [[pure], { spawner, amount }] of store.pureDeposits.entries()) {
      yield [spawner, amount];
      yield [pure, -amount];
    }
  },
  /** Every entry costs what its length says; nothing announced outlives the right to make it. */
  tryState({ store }: Proxy): undefined {
    for (const [[account], [proxies, deposit]] of store.proxies.entries()) {
      const costs = PROXY_DEPOSIT_BASE + PROXY_DEPOSIT_FACTOR * BigInt(proxies.length);
      const what = `${deposit} reserved for ${proxies.length} proxies of ${toHex(account)}`;
      mustHold(proxies.length > 0 && deposit === costs, 'proxy/broken-deposit', what);
    }
    for (const [[delegate], [pending, deposit]] of store.announcements.entries()) {
      const name = toHex(delegate);
      const costs = ANNOUNCEMENT_DEPOSIT_BASE + ANNOUNCEMENT_DEPOSIT_FACTOR * BigInt(pending.length);
      const what = `${deposit} reserved for ${pending.length} announcements of ${name}`;
      mustHold(pending.length > 0 && deposit === costs, 'proxy/broken-deposit', what);
      for (const { real } of pending) {
        const [proxies] = store.proxies.get(real);
        const isProxy = proxies.some((each) => sameBytes(each.delegate, delegate));
        mustHold(
          isProxy,
          'proxy/broken-announcement',
          `${name} has announced for ${toHex(real)}, whose proxy it is not`,
        );
      }
    }
    for (const [[pure]] of store.pureDeposits.entries())
      mustHold(store.proxies.has(pure), 'proxy/broken-pure', `${toHex(pure)} has no proxy left, and a deposit`);
  },
};
