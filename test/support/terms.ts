/** Terms of licences for tests: what everyone may do for nothing, and changes of it. */
import { openTerms as plainTerms } from '../../client/sdk/terms.ts';
import { licensing } from '../../pallets/licensing/index.ts';
import { type Terms, terms as termsTy } from '../../pallets/licensing/types.ts';
import { blake2b256 } from '../../primitives/crypto/hash.ts';

/** The SDK's, with changes: tests and clients mean the same by it. */
export const openTerms = (spdx: string, more: Partial<Terms> = {}): Terms => ({ ...plainTerms(spdx), ...more });
export const idOfTerms = (terms: Terms): Uint8Array => blake2b256(termsTy.codec.enc(terms));
export const storeTerms = (terms: Terms) => licensing.call.storeTerms({ terms });
