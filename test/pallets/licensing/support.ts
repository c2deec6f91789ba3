import { balances, checkIssuance, freeOf, reservedOf, reservers } from '../../../pallets/balances/index.ts';
import { licensing, type Terms, TIER } from '../../../pallets/licensing/index.ts';
import { type Asset, createAsset, earningsOf, ownership } from '../../../pallets/ownership/index.ts';
import { type ParameterName, parameterKey, parameters } from '../../../pallets/parameters/index.ts';
import {
  checkPallets,
  type MultiAddress,
  mockRuntime,
  type MockRuntime,
  Origin,
  type PalletError,
  type RuntimeCall,
  TREASURY,
  remembered,
} from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { terms as termsTy } from '../../../pallets/licensing/types.ts';

export const START = 1_000_000_000n;
export const who = (n: number): Uint8Array => new Uint8Array(32).fill(n);
export const to = (n: number): MultiAddress => ({ tag: 'Id', value: who(n) });
export const by = (n: number): Origin => Origin.signed(who(n));
export const [OWNER, BUYER, CAROL, DAVE, EVE, POOR] = [1, 2, 3, 4, 5, 99] as const;
export const MODEL: Asset = { tag: 'Model', value: 1n };
export const DATA: Asset = { tag: 'Data', value: 1n };
export const CHILD: Asset = { tag: 'Model', value: 2n };
export const { call, errors } = licensing;
const pallets = [system, balances, parameters, ownership, licensing];

/** Terms that everyone may use a work under, and train on it, for nothing. */
export function makeTerms(by: Partial<Terms> = {}): Terms {
  return {
    base: { tag: 'Spdx', value: 'MIT' },
    purposes: 31,
    tiers: 31,
    seats: undefined,
    price: { tag: 'Free' },
    duration: undefined,
    uses: undefined,
    grace: 0,
    transferable: false,
    derivatives: { tag: 'Yes' },
    revenueShare: 0,
    revenueCeiling: undefined,
    restrictions: 0,
    territory: [],
    renewal: { tag: 'None' },
    approvers: [],
    approvals: 0,
    ...by,
  };
}
export const once = (amount: bigint): Terms['price'] => ({ tag: 'Once', value: { amount } });
/** Ten blocks for 10,000 units, three blocks of grace, three seats. */
export const RENTED = makeTerms({
  base: { tag: 'Custom', value: who(9) },
  tiers: TIER.metadata | TIER.inference,
  seats: 3,
  price: { tag: 'Subscription', value: { amount: 10_000n, period: 10 } },
  grace: 3,
  transferable: true,
  renewal: { tag: 'Automatic' },
});
/** A hundred uses for 10,000 units. */
export const BUNDLE = makeTerms({
  base: { tag: 'Custom', value: who(9) },
  tiers: TIER.inference,
  price: { tag: 'Bundle', value: { uses: 100n, amount: 10_000n } },
  renewal: { tag: 'Automatic' },
  transferable: true,
});
export const idOf = (terms: Terms): Uint8Array => blake2b256(termsTy.codec.enc(terms));

export interface Scene extends MockRuntime {
  /** Fails the test unless the call succeeds. */
  ok(n: number, call: RuntimeCall): void;
  refuses(n: number, call: RuntimeCall, error: PalletError): void;
  /** Stores terms if they are not yet. */
  stored(terms: Terms): Uint8Array;
  /** An offer of an asset under terms. @returns its number */
  offered(terms: Terms, buyer?: number, asset?: Asset): bigint;
  /** A grant that `n` has bought, and opened. @returns its number */
  bought(n: number, terms: Terms, asset?: Asset): bigint;
  set(name: ParameterName, value: bigint): void;
  free(n: number): bigint;
  reserved(n: number): bigint;
  earned(asset?: Asset): bigint;
  treasury(): bigint;
}

/** A chain on which Owner has model 1 and data 1, and five accounts have money. Every step checks all money and all records. */
export function scene(): Scene {
  const accounts = [OWNER, BUYER, CAROL, DAVE, EVE].map((n) => [who(n), START] as const);
  const chain = mockRuntime(
    pallets,
    { system: { specName: 'mock', specVersion: 1 }, balances: { accounts } },
    {
      invariants: [remembered(checkIssuance), checkPallets(pallets, { freeOf, reservedOf, reservers })],
    },
  );
  const store = () => licensing.use(chain.ctx).store;
  const made: Scene = Object.create(chain, {
    ctx: { get: () => chain.ctx },
    events: { get: () => chain.events },
  });
  Object.assign(made, {
    ok(n: number, what: RuntimeCall): void {
      const outcome = chain.dispatch(by(n), what);
      if (outcome !== 'ok') throw new Error(`${what.value.tag}: ${outcome}`);
    },
    refuses: (n: number, what: RuntimeCall, error: PalletError) => chain.expectNoop(by(n), what, error),
    stored(terms: Terms) {
      const id = idOf(terms);
      if (!store().terms.has(id)) made.ok(OWNER, call.storeTerms({ terms }));
      return id;
    },
    offered(terms: Terms, buyer?: number, asset = MODEL) {
      const id = made.stored(terms);
      const offer = store().nextOffer.get();
      const only = buyer === undefined ? undefined : who(buyer);
      made.ok(OWNER, call.offer({ asset, terms: id, buyer: only, until: undefined }));
      return offer;
    },
    bought(n: number, terms: Terms, asset = MODEL) {
      const offer = made.offered(terms, n, asset);
      const grant = store().nextGrant.get();
      made.ok(n, call.buy({ asset, offer, most: START }));
      if (store().grants.get(grant)?.state.tag === 'Paid') made.ok(n, call.open({ grant }));
      return grant;
    },
    set(name: ParameterName, value: bigint) {
      const outcome = chain.dispatch(Origin.root, parameters.call.setParameter({ name: parameterKey(name), value }));
      if (outcome !== 'ok') throw new Error(outcome);
    },
    free: (n: number) => freeOf(chain.ctx, who(n)),
    reserved: (n: number) => reservedOf(chain.ctx, who(n)),
    earned: (asset = MODEL) => earningsOf(chain.ctx, asset),
    treasury: () => freeOf(chain.ctx, TREASURY),
  });
  createAsset(chain.ctx, MODEL, who(OWNER), 1_000n);
  createAsset(chain.ctx, DATA, who(OWNER), 1_000n);
  return made;
}

export const grantIn = (chain: MockRuntime, id: bigint) => licensing.use(chain.ctx).store.grants.get(id)!;
export const entriesOf = (chain: MockRuntime, n: number, asset = MODEL) =>
  licensing.use(chain.ctx).store.access.get(asset, who(n));
/** Names of the pallet's events in this block since `from`. */
export const told = (chain: MockRuntime, from = 0): string[] =>
  chain.events
    .slice(from)
    .filter(({ pallet }) => pallet === 'Licensing')
    .map(({ name }) => name);
