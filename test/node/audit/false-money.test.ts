import { CHECK } from '../../../node/audit/book.ts';
import { mint, reserve, transfer } from '../../../pallets/balances/index.ts';
import { ESCROW, royalty } from '../../../pallets/royalty/index.ts';
import { session } from '../../../pallets/session/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { keyOf } from './chain.ts';
import { auditor, type Case, findsEach, once, phase, playUntil } from './findings.ts';

describe('node/audit: false money', function () {
  this.timeout(600_000);

  const cases: Record<string, Case> = {
    'money out of nothing': {
      check: CHECK.money,
      what: 'sum of all accounts',
      hooks: () => ({
        System: once(
          (ctx) => ctx.block === 2,
          (ctx) =>
            system.use(ctx).store.account.mutate(keyOf('anna').publicKey, (account) => {
              return { ...account, data: { ...account.data, free: account.data.free + 1n } };
            }),
        ),
      }),
      play(chain) {
        for (let i = 0; i < 3; i++) chain.block();
      },
    },
    'money that no rule issues': {
      check: CHECK.money,
      what: 'minted against what the issuance tells',
      block: 2,
      hooks: () => ({
        Balances: once(
          (ctx) => ctx.block === 2,
          (ctx) => mint(ctx, keyOf('anna').publicKey, 7n),
        ),
      }),
      play(chain) {
        for (let i = 0; i < 3; i++) chain.block();
      },
    },
    'an issuance that is counted too low': {
      check: CHECK.money,
      what: 'minted against what the issuance counts',
      block: 2,
      hooks: () => ({
        Royalty: once(
          (ctx) => ctx.block === 2,
          (ctx) => royalty.use(ctx).store.issuance.mutate((now) => ({ ...now, issued: now.issued + 5n })),
        ),
      }),
      play(chain) {
        for (let i = 0; i < 3; i++) chain.block();
      },
    },
    'an escrow that was emptied': {
      check: CHECK.money,
      what: 'are backed by',
      hooks: () => ({
        Royalty: once(phase('Keying'), (ctx) => royalty.use(ctx).store.pools.mutate(0n, (pool) => pool + 1n)),
      }),
      play(chain) {
        chain.runToActive();
        playUntil(chain, 'Keying');
      },
    },
    'an escrow that paid a stranger': {
      check: CHECK.money,
      what: 'are backed by',
      hooks: () => ({
        Royalty: once(phase('Keying'), (ctx) => transfer(ctx, ESCROW, keyOf('anna').publicKey, 1n, 'allowDeath')),
      }),
      play(chain) {
        chain.runToActive();
        playUntil(chain, 'Keying');
      },
    },
    'a bond that is forgotten': {
      check: CHECK.money,
      what: 'deposits of 0 of',
      block: 2,
      hooks: () => ({
        Session: once(
          (ctx) => ctx.block === 2,
          (ctx) => session.use(ctx).store.bonds.remove(keyOf('validator 0').publicKey),
        ),
      }),
      play: (chain) => chain.runToActive(),
    },
    'a deposit that nobody holds': {
      check: CHECK.money,
      what: 'are backed by 1 reserved',
      block: 3,
      hooks: () => ({
        Tally: once(
          (ctx) => ctx.block === 3,
          (ctx) => reserve(ctx, keyOf('anna').publicKey, 1n),
        ),
      }),
      play: (chain) => chain.runToActive(),
    },
    'a deposit that cannot be told': {
      check: CHECK.money,
      what: 'deposits of Royalty cannot be told',
      block: 2,
      hooks: () => ({
        Royalty: once(
          (ctx) => ctx.block === 2,
          (ctx) => royalty.use(ctx).store.live.put([7]),
        ),
      }),
      play(chain) {
        for (let i = 0; i < 3; i++) chain.block();
      },
    },
    'a state in which something does not hold that its pallet says': {
      check: CHECK.state,
      what: 'is frozen, which nothing does here (held in block',
      hooks: () => ({
        System: once(
          (ctx) => ctx.block === 3,
          (ctx) =>
            system.use(ctx).store.account.mutate(keyOf('anna').publicKey, (account) => {
              return { ...account, data: { ...account.data, frozen: 1n } };
            }),
        ),
      }),
      play(chain) {
        for (let i = 0; i < 4; i++) chain.block();
      },
    },
  };

  describe('finds what the state machine makes wrong of money and of what pallets hold', () =>
    findsEach(auditor(), cases));
});
