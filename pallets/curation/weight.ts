/**
 * Who may speak about a model, and how much it counts: what was spent for the grant and cannot come back. The rest of a price goes to the model's owner, and an
 * owner that buys its own licences gets it back; what is burned and what goes to the treasury is lost to everyone alike. Identities count for nothing.
 */
import { access, grantOf, heldLicences, TIER } from '../licensing/index.ts';
import { type Context, ensure } from '../support/index.ts';
import type { Curation } from './state.ts';

/** The grants by which an account may use a model: its own, not seats in others'. */
export function voicesOf({ ctx, errors }: Curation, model: bigint, who: Uint8Array): bigint[] {
  const asset = { tag: 'Model' as const, value: model };
  const grants = heldLicences(ctx, asset, who);
  ensure(grants.length > 0 && (access(ctx, asset, who).tiers & TIER.inference) !== 0, errors.NoLicence);
  return grants;
}

/** The one for which most was spent: whoever is given another one by somebody speaks as it did before. */
export function voiceOf(curation: Curation, model: bigint, who: Uint8Array): bigint {
  const spent = (grant: bigint): bigint => spentFor(curation.ctx, grant);
  return voicesOf(curation, model, who).reduce((most, grant) => (spent(grant) > spent(most) ? grant : most));
}

/** What was spent for a grant and cannot come back, in units of 10^-6 TAC. */
export function spentFor(ctx: Context, grant: bigint): bigint {
  return grantOf(ctx, grant)?.lost ?? 0n;
}
