import { bool, compact } from '../../primitives/scale/index.ts';
import { balance, definePallet, lookup, multiAddress } from '../support/index.ts';
import { held } from './held.ts';
import { genesisBalances, reducible, transfer } from './money.ts';
import { state } from './state.ts';
import { weights } from './weights.ts';

/** Free and reserved money of accounts, and how much there is of it. */
export const balances = definePallet({
  ...state,
  ...held,
  calls: {
    transferAllowDeath: {
      index: 0,
      docs: 'Transfer some free balance; the sender may end below the existential deposit and is removed then.',
      args: { dest: multiAddress, value: compact(balance) },
      weight: ({ measured }) => measured(weights.transferAllowDeath),
      run({ ctx, origin }, { dest, value }) {
        transfer(ctx, origin.signed(), lookup(dest), value, 'allowDeath');
      },
    },
    transferKeepAlive: {
      index: 3,
      docs: 'Transfer some free balance; fails if the sender would end below the existential deposit.',
      args: { dest: multiAddress, value: compact(balance) },
      weight: ({ measured }) => measured(weights.transferKeepAlive),
      run({ ctx, origin }, { dest, value }) {
        transfer(ctx, origin.signed(), lookup(dest), value, 'keepAlive');
      },
    },
    transferAll: {
      index: 4,
      docs: 'Transfer all that can be transferred.',
      args: { dest: multiAddress, keepAlive: bool },
      weight: ({ measured }) => measured(weights.transferAll),
      run({ ctx, origin }, { dest, keepAlive }) {
        const from = origin.signed();
        const existence = keepAlive ? 'keepAlive' : 'allowDeath';
        transfer(ctx, from, lookup(dest), reducible(ctx, from, existence), existence);
      },
    },
  },
  genesis({ ctx }, config: { accounts: readonly (readonly [account: Uint8Array, amount: bigint])[] }) {
    genesisBalances(ctx, config.accounts);
  },
});

export { holdings } from './held.ts';
export {
  burn,
  burnWithdrawn,
  checkIssuance,
  deposit,
  type Existence,
  freeOf,
  mint,
  pin,
  reducible,
  repatriateReserved,
  reserve,
  reservedOf,
  reservers,
  slashReserved,
  totalIssuance,
  transfer,
  unreserve,
  withdraw,
} from './money.ts';
export { EXISTENTIAL_DEPOSIT } from '../../primitives/money.ts';
