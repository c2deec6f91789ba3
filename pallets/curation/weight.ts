/**
 * Who may speak about a model, and how much it counts: what was spent for the grant and cannot come back. The rest of a price goes to the model's owner, and an
 * owner that buys its own licences gets it back; what is burned and what goes to the treasury is lost to everyone alike. Identities count for nothing.
 */
import { grantOf, grantsFor, TIER } from '../licensing/index.ts';
import { standingOf } from '../ownership/index.ts';
import { type Context, ensure } from '../support/index.ts';
import type { Curation } from './state.ts';

/**
 * The grant by which an account may use a model: its own, not a seat in another's; the first one that suits, if any does. Others may pass grants on to an
 * account: those never come in the way of its own.
 */
export function voiceOf(
  { ctx, errors }: Curation,
  model: bigint,
  who: Uint8Array,
  suits: (grant: bigint) => boolean,
): bigint {
  const asset = { tag: 'Model' as const, value: model };
  const grants = standingOf(ctx, asset).revoked ? [] : grantsFor(ctx, asset, who, TIER.inference);
  const grant = grants.find((one) => suits(one)) ?? grants[0];
  ensure(grant !== undefined, errors.NoLicence);
  return grant;
}

/** What was spent for a grant and cannot come back, in units of 10^-6 TAC. */
export function spentFor(ctx: Context, grant: bigint): bigint {
  return grantOf(ctx, grant)?.lost ?? 0n;
}
