/** Licences as those see them who sell, buy and use: offers and access are read with proof; calls are sent and their numbers given back. */
import type { KeyringPair } from '@polkadot/keyring/types';
import { toHex } from '../../primitives/crypto/hex.ts';
import {
  decodeAll,
  fixed,
  type Of,
  option,
  str,
  struct,
  tuple,
  u16,
  u64,
  u128,
  vec,
} from '../../primitives/scale/index.ts';
import type { Chain } from './connect.ts';
import { type AccessEntry, Asset, calls, Relation, storage, type Terms } from './generated/chain.ts';
import type { State } from './light/index.ts';
import { eventField, send } from './transact.ts';

/** What somebody offers: a grant of an asset under terms. */
export interface OfferView {
  readonly offer: bigint;
  readonly terms: Terms;
}

/** The offers of an asset that everyone may take, oldest first. */
export async function readOffers(state: State, asset: Asset): Promise<OfferView[]> {
  const found = await state.entries(storage.licensing.offers, asset);
  const open = found.filter(([, { buyer, until }]) => buyer === undefined && (until ?? Infinity) > state.block.number);
  const views = await Promise.all(
    open.map(async ([[, offer], { terms }]) => ({
      offer,
      terms: (await state.get(storage.licensing.terms, terms))?.terms,
    })),
  );
  return views
    .flatMap(({ offer, terms }) => (terms === undefined ? [] : [{ offer, terms }]))
    .sort((a, b) => Number(a.offer - b.offer));
}

/** What an account may do with an asset by each of its grants and seats; an entry with tiers 0 waits to be opened. */
export async function readAccess(state: State, asset: Asset, account: Uint8Array): Promise<AccessEntry[]> {
  return state.get(storage.licensing.access, asset, account);
}

/** Offers grants of an asset under stored terms to everyone, until it is withdrawn. @returns the offer's number */
export async function offerLicence(chain: Chain, owner: KeyringPair, asset: Asset, terms: Uint8Array): Promise<bigint> {
  const sent = await send(chain, calls.licensing.offer({ asset, terms, buyer: undefined, until: undefined }), owner);
  return BigInt(eventField(sent, 'licensing', 'Offered', 'offer'));
}

/**
 * Buys by an offer for `most` units at most, and opens the grant: the price is released to the seller, and the licence holds from then on.
 * @returns the grant's number
 */
export async function buyLicence(
  chain: Chain,
  buyer: KeyringPair,
  asset: Asset,
  offer: bigint,
  most: bigint,
): Promise<bigint> {
  const sent = await send(chain, calls.licensing.buy({ asset, offer, most }), buyer);
  const grant = BigInt(eventField(sent, 'licensing', 'Bought', 'grant'));
  await send(chain, calls.licensing.open({ grant }), buyer, { until: 'finalized' });
  return grant;
}

/** What the chain would say to one parent of a work. */
const verdict = struct('tacit_licensing::Verdict', {
  parent: Asset,
  /** The clause that refuses; undefined if nothing does. */
  clause: option(str),
  /** What would help. */
  cure: str,
  /** The part of the work's earnings that goes to the parent, in basis points. */
  shareBps: u16,
  /** The most that it gets in all. */
  ceiling: option(u128),
});
export type DerivationView = Of<typeof verdict>;

const origin = struct('tacit_licensing::Origin', { asset: Asset, relation: Relation, grant: option(u64) });
const question = tuple(fixed(32), option(fixed(32)), vec(origin));
const answer = vec(verdict);

/**
 * Asks the node whether a work of `owner` under stored terms may come from these parents: one answer for each. Nothing of it is proved: the chain judges again
 * when the work is registered.
 */
export async function checkDerivation(
  { api }: Pick<Chain, 'api'>,
  owner: Uint8Array,
  terms: Uint8Array,
  parents: readonly Of<typeof origin>[],
): Promise<DerivationView[]> {
  const asked = toHex(question.codec.enc([owner, terms, [...parents]]));
  const told = await api.rpc.state.call('LicensingApi_check_derivation', asked);
  return decodeAll(answer, told.toU8a(true));
}
