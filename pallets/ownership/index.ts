import { field, option, u32, vec } from '../../primitives/scale/index.ts';
import { WHOLE } from '../../primitives/money.ts';
import { TacitError } from '../../primitives/errors.ts';
import { pin } from '../balances/index.ts';
import { accountId, balance, type Context, definePallet, lookup, method, multiAddress } from '../support/index.ts';
import { earningsOf } from './earnings.ts';
import { standingOf } from './standing.ts';
import { EARNINGS, type Ownership, state } from './state.ts';
import { assetName, giveShare, setDelegate, titleOf, transferTitle } from './titles.ts';
import {
  asset,
  basisPoints,
  logEntry,
  type LogEntry,
  roles,
  standing,
  type Standing,
  title,
  type Title,
  type Asset,
} from './types.ts';
import { weights } from './weights.ts';

/** The most entries of a log that one answer has. */
const PAGE = 100;

/** Whose each asset is: the ground of licences, royalties and disputes. */
export const ownership = definePallet({
  ...state,
  calls: {
    transfer: {
      index: 0,
      docs: 'Give an asset to another account: its deposit and the owner’s part of what it earns go along, its delegates end.',
      args: { asset: field(asset, 'Which asset.'), to: multiAddress },
      weight: ({ measured }) => measured(weights.transfer),
      run(pallet, { asset, to }) {
        transferTitle(pallet, asset, pallet.origin.signed(), lookup(to));
      },
    },
    giveShare: {
      index: 1,
      docs: 'Give another account a part of what an asset earns, out of the caller’s own part.',
      args: { asset: field(asset, 'Which asset.'), to: multiAddress, bps: basisPoints },
      weight: ({ measured }) => measured(weights.giveShare),
      run(pallet, { asset, to, bps }) {
        giveShare(pallet, asset, pallet.origin.signed(), lookup(to), bps);
      },
    },
    setDelegate: {
      index: 2,
      docs: 'Let another account act for the owner in some roles; 0 ends it. A deposit is reserved for each delegate.',
      args: { asset: field(asset, 'Which asset.'), delegate: multiAddress, roles },
      weight: ({ measured }) => measured(weights.setDelegate),
      run(pallet, { asset, delegate, roles }) {
        setDelegate(pallet, asset, pallet.origin.signed(), lookup(delegate), roles);
      },
    },
  },
  genesis({ ctx }) {
    pin(ctx, EARNINGS);
  },
  *deposits({ store }) {
    for (const [, { owner, deposit }] of store.titles.entries()) yield [owner, deposit];
  },
  *owes({ store }) {
    for (const [, { amount }] of store.earnings.entries()) yield [EARNINGS, amount];
  },
  tryState,
  apis: {
    OwnershipApi: {
      version: 1,
      docs: 'Who holds which asset, and what holds of it.',
      methods: {
        title: method({
          docs: 'Who holds an asset, and who has which part of it.',
          inputs: { asset },
          output: option(title),
          run: (ctx, { asset }): Title | undefined => titleOf(ctx, asset),
        }),
        standing: method({
          docs: 'What holds of an asset whoever owns it: opt-out, rulings, reviews.',
          inputs: { asset },
          output: standing,
          run: (ctx, { asset }): Standing => standingOf(ctx, asset),
        }),
        roles: method({
          docs: 'What an account may do in the owner’s place, as bits.',
          inputs: { asset, who: accountId },
          output: roles,
          run: (ctx, { asset, who }): number => state.use(ctx).store.delegates.get(asset, who) ?? 0,
        }),
        log: method({
          docs: 'What happened to the title of an asset, in order; at most 100 entries an answer.',
          inputs: { asset, from: u32, limit: u32 },
          output: vec(logEntry),
          run: (ctx, { asset, from, limit }): LogEntry[] => logOf(ctx, asset, from, limit),
        }),
        earnings: method({
          docs: 'What an asset has earned and nobody has distributed yet.',
          inputs: { asset },
          output: balance,
          run: (ctx, { asset }): bigint => earningsOf(ctx, asset),
        }),
      },
    },
  },
});

function logOf(ctx: Context, asset: Asset, from: number, limit: number): LogEntry[] {
  const { store } = state.use(ctx);
  const end = Math.min(titleOf(ctx, asset)?.entries ?? 0, from + Math.min(limit, PAGE));
  const entries: LogEntry[] = [];
  for (let at = from; at < end; at++) {
    const entry = store.log.get(asset, at);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

/** Parts are the whole, delegates and entries are as many as counted, and nothing stands of what nobody owns. */
function tryState({ store }: Ownership): undefined {
  const broken = (what: string): never => {
    throw new TacitError('ownership/broken-title', what);
  };
  for (const [[which], { shares, delegates, entries }] of store.titles.entries()) {
    const name = assetName(which);
    if (shares.reduce((sum, { bps }) => sum + bps, 0) !== WHOLE) broken(`the parts of ${name} are not the whole`);
    if ([...store.delegates.entries(which)].length !== delegates) broken(`delegates of ${name} are miscounted`);
    if ([...store.log.entries(which)].length !== entries) broken(`the log of ${name} is miscounted`);
  }
  for (const [[which], { revoked }] of store.standings.entries()) {
    if (revoked !== store.revokedSince.has(which)) broken(`${assetName(which)} is revoked since no block, or not`);
  }
  for (const [[which]] of store.revokedSince.entries())
    if (!store.standings.get(which).revoked) broken(`${assetName(which)} is not revoked`);
  for (const item of [store.standings, store.revokedSince, store.earnings, store.delegates, store.log]) {
    for (const [[which]] of item.entries()) if (!store.titles.has(which)) broken(`${assetName(which)} has no title`);
  }
}

export { divideEarnings, earn, earnedOf, earningsOf, type Passed } from './earnings.ts';
export * from './standing.ts';
export { DELEGATE_DEPOSIT, EARNINGS, LOG_FEE } from './state.ts';
export {
  addDeposit,
  assetName,
  createAsset,
  ensureMay,
  isHolder,
  mayAct,
  returnDeposit,
  sameAsset,
  titleOf,
} from './titles.ts';
export * from './types.ts';
