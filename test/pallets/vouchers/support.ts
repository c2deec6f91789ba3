/** Channels on a state in memory: an owner sells grants, users with keys open channels and sign. Money and records are checked after every call. */
import { Keyring } from '@polkadot/keyring';
import type { KeyringPair } from '@polkadot/keyring/types';
import { balances, checkIssuance, freeOf, holdings, reservedOf } from '../../../pallets/balances/index.ts';
import { licensing, type Terms } from '../../../pallets/licensing/index.ts';
import { type Asset, createAsset, earnedOf, ownership } from '../../../pallets/ownership/index.ts';
import { parameters, type ParameterName } from '../../../pallets/parameters/index.ts';
import {
  checkPallets,
  type MockRuntime,
  mockRuntime,
  type MultiSignature,
  Origin,
  type RuntimeCall,
  remembered,
} from '../../../pallets/support/index.ts';
import { genesisHash, system } from '../../../pallets/system/index.ts';
import { channelOf, vouchers } from '../../../pallets/vouchers/index.ts';
import { voucherBytes } from '../../../primitives/vouchers.ts';
import { idOfTerms, openTerms, storeTerms } from '../../support/terms.ts';

export const FUNDS = 10n ** 12n;
export const MODEL: Asset = { tag: 'Model', value: 0n };
export const { call, errors } = vouchers;

type Scheme = 'sr25519' | 'ed25519' | 'ecdsa';
const TAGS = { sr25519: 'Sr25519', ed25519: 'Ed25519', ecdsa: 'Ecdsa' } as const;
const pairs = new Map<string, KeyringPair>();
/** Keys of polkadot.js. */
export function keys(name: string, type: Scheme = 'sr25519'): KeyringPair {
  const known = pairs.get(`${type} ${name}`);
  const pair = known ?? new Keyring({ type }).createFromUri(`//${name}`);
  pairs.set(`${type} ${name}`, pair);
  return pair;
}
export const account = (name: string, type?: Scheme): Uint8Array => keys(name, type).addressRaw;
export const by = (name: string): Origin => Origin.signed(account(name));

export function sign(name: string, message: Uint8Array, type: Scheme = 'sr25519'): MultiSignature {
  return { tag: TAGS[type], value: keys(name, type).sign(message) } as MultiSignature;
}

export const perUse = (amount: bigint, more: Partial<Terms> = {}): Terms =>
  openTerms('MIT', { price: { tag: 'PerUse', value: { amount } }, transferable: true, ...more });
export const volume = (...steps: [from: bigint, amount: bigint][]): Terms =>
  openTerms('MIT', { price: { tag: 'Volume', value: { steps: steps.map(([from, amount]) => ({ from, amount })) } } });
export const bundle = (uses: bigint): Terms =>
  openTerms('MIT', { price: { tag: 'Bundle', value: { uses, amount: 10_000n } } });

const pallets = [system, balances, parameters, ownership, licensing, vouchers];

export class Scene {
  readonly chain: MockRuntime;

  /** @param salt makes another chain: another genesis */
  constructor(names: readonly string[] = ['owner', 'user', 'gateway', 'other'], salt = 1) {
    const accounts = names.map((name) => [account(name), FUNDS] as const);
    this.chain = mockRuntime(
      pallets,
      { system: { specName: `mock ${salt}`, specVersion: salt }, balances: { accounts } },
      { invariants: [remembered(checkIssuance), checkPallets(pallets, holdings)] },
    );
    system.use(this.chain.ctx).store.blockHash.put(0, new Uint8Array(32).fill(salt));
    createAsset(this.chain.ctx, MODEL, account('owner'), 0n);
  }

  ok(name: string, what: RuntimeCall): void {
    const outcome = this.chain.dispatch(by(name), what);
    if (outcome !== 'ok') throw new Error(`${what.tag}.${what.value.tag} by ${name}: ${outcome}`);
  }

  set(name: ParameterName, value: bigint): void {
    const outcome = this.chain.dispatch(Origin.root, parameters.call.setParameter({ name: { tag: name }, value }));
    if (outcome !== 'ok') throw new Error(outcome);
  }

  /** A grant that a user has bought and opened. */
  grant(terms: Terms, buyer = 'user'): bigint {
    const { store } = licensing.use(this.chain.ctx);
    if (!store.terms.has(idOfTerms(terms))) this.ok('owner', storeTerms(terms));
    const [offer, grant] = [store.nextOffer.get(), store.nextGrant.get()];
    this.ok(
      'owner',
      licensing.call.offer({ asset: MODEL, terms: idOfTerms(terms), buyer: undefined, until: undefined }),
    );
    this.ok(buyer, licensing.call.buy({ asset: MODEL, offer, most: FUNDS }));
    if (store.grants.get(grant)?.state.tag === 'Paid') this.ok(buyer, licensing.call.open({ grant }));
    return grant;
  }

  /** A channel of `user` to `gateway`. */
  channel(grant: bigint, deposit: bigint, more: { signer?: Uint8Array; until?: number } = {}): bigint {
    const id = vouchers.use(this.chain.ctx).store.nextChannel.get();
    const { signer, until = this.chain.ctx.block + 10_000 } = more;
    this.ok('user', call.open({ grant, gateway: account('gateway'), signer, deposit, until }));
    return id;
  }

  bytes(channel: bigint, uses: bigint, amount: bigint): Uint8Array {
    return voucherBytes({ genesis: genesisHash(this.chain.ctx), channel, uses, amount });
  }

  /** A voucher of `user`, ready to be shown. */
  voucher(channel: bigint, uses: bigint, amount: bigint, signer = 'user', type?: Scheme): RuntimeCall {
    const signature = sign(signer, this.bytes(channel, uses, amount), type);
    return call.settle({ channel, uses, amount, signature });
  }

  of(channel: bigint) {
    return channelOf(this.chain.ctx, channel);
  }

  free = (name: string): bigint => freeOf(this.chain.ctx, account(name));
  reserved = (name: string): bigint => reservedOf(this.chain.ctx, account(name));
  earned = () => earnedOf(this.chain.ctx, MODEL);
  grantOf = (id: bigint) => licensing.use(this.chain.ctx).store.grants.get(id);
}
