import { field, option, u32, vec } from '../../primitives/scale/index.ts';
import { WHOLE } from '../../primitives/money.ts';
import { TacitError } from '../../primitives/errors.ts';
import { pin } from '../balances/index.ts';
import { accountId, balance, type Context, definePallet, lookup, method, multiAddress } from '../support/index.ts';
import { earningsOf } from './earnings.ts';
import { standingOf } from './standing.ts';
import { EARNINGS, OFFER_DEPOSIT, type Ownership, state } from './state.ts';
import { accept, closeOffer, offer } from './offers.ts';
import { assetName, setDelegate, titleOf } from './titles.ts';
import {
  asset,
  basisPoints,
  logEntry,
  type LogEntry,
  offered,
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
      docs: 'Offer an asset to another account: once it accepts, the deposit and the owner’s part of what it earns go along, and delegates end.',
      args: { asset: field(asset, 'Which asset.'), to: multiAddress },
      weight: ({ measured }) => measured(weights.transfer),
      run(pallet, { asset, to }) {
        offer(pallet, asset, pallet.origin.signed(), lookup(to), { tag: 'Title' });
      },
    },
    giveShare: {
      index: 1,
      docs: 'Give another account a part of what an asset earns, out of the caller’s own; who has none yet, nor the title, has to accept it.',
      args: { asset: field(asset, 'Which asset.'), to: multiAddress, bps: basisPoints },
      weight: ({ measured }) => measured(weights.giveShare),
      run(pallet, { asset, to, bps }) {
        offer(pallet, asset, pallet.origin.signed(), lookup(to), { tag: 'Share', value: bps });
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
    accept: {
      index: 3,
      docs: 'Accept a title or a part that is offered to the caller.',
      args: {
        asset: field(asset, 'Which asset.'),
        from: field(multiAddress, 'Who offers it.'),
        what: field(offered, 'What the caller accepts: it gets that, or nothing.'),
      },
      weight: ({ measured }) => measured(weights.accept),
      run(pallet, { asset, from, what }) {
        accept(pallet, asset, lookup(from), pallet.origin.signed(), what);
      },
    },
    closeOffer: {
      index: 4,
      docs: 'Take back an offer of the caller’s, or refuse one that was made to it; its deposit returns.',
      args: {
        asset: field(asset, 'Which asset.'),
        from: field(multiAddress, 'Who offers it.'),
        to: field(multiAddress, 'To whom.'),
      },
      weight: ({ measured }) => measured(weights.closeOffer),
      run(pallet, { asset, from, to }) {
        closeOffer(pallet, pallet.origin.signed(), asset, lookup(from), lookup(to));
      },
    },
  },
  genesis({ ctx }) {
    pin(ctx, EARNINGS);
  },
  *deposits({ store }) {
    for (const [, { owner, deposit }] of store.titles.entries()) yield [owner, deposit];
    for (const [[, from]] of store.offers.entries()) yield [from, OFFER_DEPOSIT];
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
  for (const item of [store.standings, store.revokedSince, store.earnings, store.delegates, store.log, store.offers]) {
    for (const [[which]] of item.entries()) if (!store.titles.has(which)) broken(`${assetName(which)} has no title`);
  }
}

export { divideEarnings, earn, earnedOf, earningsOf, type Passed } from './earnings.ts';
export * from './standing.ts';
export { DELEGATE_DEPOSIT, EARNINGS, LOG_FEE, OFFER_DEPOSIT } from './state.ts';
export {
  addDeposit,
  assetName,
  createAsset,
  dataAsset,
  ensureMay,
  isHolder,
  mayAct,
  modelAsset,
  returnDeposit,
  sameAsset,
  titleOf,
} from './titles.ts';
export * from './types.ts';
