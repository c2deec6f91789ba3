import { bounded, field, newtype, type Of, struct, type Ty, vec } from '../../primitives/scale/index.ts';
import { accountId, blockNumber, h256 } from '../support/index.ts';
import { proxyType } from './kinds.ts';

/** The most proxies of an account, and announcements of a delegate. */
export const MAX_PROXIES = 32;
export const MAX_PENDING = 32;

/** `BoundedVec<T, N>` of Substrate, under the path that clients know. */
function boundedVec<T>(of: Ty<T>, max: number): Ty<T[]> {
  const params = [{ name: 'T', type: of as Ty<unknown> }, { name: 'S' }];
  return newtype('bounded_collections::bounded_vec::BoundedVec', bounded(vec(of), max), { params });
}

/** A proxy of an account. Those of an account are kept in order of delegate, type, delay: the widest type of a delegate is found first. */
const proxyDefinition = struct('pallet_proxy::ProxyDefinition', {
  delegate: field(accountId, 'Who may call for the account.'),
  proxyType: field(proxyType, 'What it may call.'),
  delay: field(blockNumber, 'Blocks that a call is announced before it is made; 0: none is.'),
});
export type ProxyDefinition = Of<typeof proxyDefinition>;

const announcement = struct('pallet_proxy::Announcement', {
  real: field(accountId, 'The account that the call will be made for.'),
  callHash: field(h256, 'blake2b-256 of the encoded call.'),
  height: field(blockNumber, 'The block in which it was announced.'),
});
export type Announcement = Of<typeof announcement>;

export const proxyDefinitions = boundedVec(proxyDefinition, MAX_PROXIES);
export const announcements = boundedVec(announcement, MAX_PENDING);
