/**
 * Who may speak about a model, and how much it counts: what was spent for the grant and cannot come back. The rest of a price goes to the model's owner, and an
 * owner that buys its own licences gets it back; what is burned and what goes to the treasury is lost to everyone alike. Identities count for nothing.
 */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { access, grantOf, TIER } from '../licensing/index.ts';
import { type Context, ensure } from '../support/index.ts';
import type { Curation } from './state.ts';

/** The grant by which an account may use a model: its own, not a seat in another's. */
export function voiceOf({ ctx, errors }: Curation, model: bigint, who: Uint8Array): bigint {
  const { tiers, grant } = access(ctx, { tag: 'Model', value: model }, who);
  ensure((tiers & TIER.inference) !== 0 && grant !== undefined, errors.NoLicence);
  ensure(sameBytes(grantOf(ctx, grant)?.holder ?? new Uint8Array(), who), errors.NoLicence);
  return grant;
}

/** What was spent for a grant and cannot come back, in units of 10^-6 TAC. */
export function spentFor(ctx: Context, grant: bigint): bigint {
  return grantOf(ctx, grant)?.lost ?? 0n;
}
