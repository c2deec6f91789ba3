/** What must hold of every account, and what checks of all pallets together ask of accounts. */
import { toHex } from '../../primitives/crypto/hex.ts';
import { EXISTENTIAL_DEPOSIT } from '../../primitives/money.ts';
import { type Context, type Holdings, mustHold } from '../support/index.ts';
import { system } from '../system/index.ts';
import { freeOf, reservedOf, reservers, totalIssuance } from './money.ts';

/** For `checkPallets`. */
export const holdings: Holdings = { freeOf, reservedOf, reservers };

export const held = {
  /** An account lives by its money or by being pinned, is held alive by what is reserved, and all together hold no more than was issued. */
  tryState({ ctx }: { readonly ctx: Context }): undefined {
    let sum = 0n;
    for (const [[who], { data, consumers, providers }] of system.use(ctx).store.account.entries()) {
      const { free, reserved, frozen } = data;
      const name = toHex(who);
      const fits =
        consumers === Number(reserved > 0n) &&
        providers >= Number(free >= EXISTENTIAL_DEPOSIT) &&
        (providers > 0 || (free === 0n && reserved === 0n));
      const counts = `${providers} providers and ${consumers} consumers`;
      mustHold(fits, 'balances/broken-account', `${name} holds ${free} and ${reserved} reserved, with ${counts}`);
      mustHold(frozen === 0n, 'balances/broken-account', `${frozen} of ${name} is frozen, which nothing does here`);
      sum += free + reserved;
    }
    const issued = totalIssuance(ctx);
    mustHold(sum <= issued, 'balances/broken-issuance', `accounts hold ${sum}, issued are ${issued}`);
  },
};
