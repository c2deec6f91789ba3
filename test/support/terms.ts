/** Terms of licences for tests: what everyone may do for nothing, and changes of it. */
import { licensing } from '../../pallets/licensing/index.ts';
import { ALL_PURPOSES, ALL_TIERS, type Terms, terms as termsTy } from '../../pallets/licensing/types.ts';
import { blake2b256 } from '../../primitives/crypto/hash.ts';

export const openTerms = (spdx: string, more: Partial<Terms> = {}): Terms => ({
  base: { tag: 'Spdx', value: spdx },
  purposes: ALL_PURPOSES,
  tiers: ALL_TIERS,
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
  ...more,
});
export const idOfTerms = (terms: Terms): Uint8Array => blake2b256(termsTy.codec.enc(terms));
export const storeTerms = (terms: Terms) => licensing.call.storeTerms({ terms });
