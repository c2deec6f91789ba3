/** Grants as calls find them. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { ensure } from '../support/index.ts';
import { untilOf } from './access.ts';
import type { Grant } from './records.ts';
import type { Licensing } from './state.ts';
import { knownTerms } from './terms.ts';
import type { Terms } from './types.ts';

export function knownGrant({ store, errors }: Licensing, id: bigint): Grant {
  const found = store.grants.get(id);
  ensure(found, errors.UnknownGrant);
  return found;
}

/** A grant that is open, of `who`. */
export function heldGrant(licensing: Licensing, id: bigint, who: Uint8Array): Grant {
  const grant = knownGrant(licensing, id);
  ensure(sameBytes(grant.holder, who), licensing.errors.NotHolder);
  ensure(grant.state.tag === 'Open', licensing.errors.NotOpen);
  return grant;
}

/** Fails unless an open grant holds in this block, its grace counted in. */
export function ensureHolding(licensing: Licensing, grant: Grant, terms: Terms): void {
  const { ctx, errors } = licensing;
  const until = untilOf(grant, terms);
  const from = grant.revocation?.from;
  ensure(from === undefined || ctx.block < from, errors.GrantRevoked);
  ensure(until === undefined || ctx.block < until, errors.Expired);
}

/** A grant of `who` that is open and holds, with its terms. */
export function liveGrant(licensing: Licensing, id: bigint, who: Uint8Array): { grant: Grant; terms: Terms } {
  const grant = heldGrant(licensing, id, who);
  const terms = knownTerms(licensing, grant.terms);
  ensureHolding(licensing, grant, terms);
  return { grant, terms };
}
