/** Revocation of one grant: by the licensor if the holder lets it pass, else by a ruling. */
import { ensureMay } from '../ownership/index.ts';
import { parameter } from '../parameters/index.ts';
import { ensure } from '../support/index.ts';
import { later, refresh } from './access.ts';
import { heldGrant, knownGrant } from './known.ts';
import type { Grant } from './records.ts';
import { giveBack } from './sales.ts';
import type { Licensing } from './state.ts';

/** Puts a grant whose revocation has changed, and what its accounts may do by it. */
function put(licensing: Licensing, id: bigint, grant: Grant): void {
  licensing.store.grants.put(id, grant);
  refresh(licensing, id, grant);
}

/** The licensor announces that a grant ends, and why. The holder has some time to contest that; then only a ruling ends it. */
export function revoke(licensing: Licensing, who: Uint8Array, id: bigint, reason: Uint8Array): undefined {
  const { ctx, events, errors } = licensing;
  const grant = knownGrant(licensing, id);
  ensureMay(ctx, grant.asset, who, 'licensing');
  ensure(grant.state.tag === 'Open', errors.NotOpen);
  ensure(!grant.isContested, errors.Contested);
  ensure(grant.revocation === undefined, errors.BeingRevoked);
  const from = later(ctx.block, Number(parameter(ctx, 'LicenceRevokeBlocks')));
  put(licensing, id, { ...grant, revocation: { reason, from, isRuling: false } });
  events.RevocationAnnounced({ grant: id, reason, from });
}

/** Fails unless a revocation by the licensor is announced and has not come about. */
function ensureRunning({ ctx, errors }: Licensing, { revocation }: Grant): void {
  ensure(revocation !== undefined && !revocation.isRuling, errors.NotBeingRevoked);
  ensure(ctx.block < revocation.from, errors.TooLate);
}

export function contest(licensing: Licensing, who: Uint8Array, id: bigint): undefined {
  const grant = heldGrant(licensing, id, who);
  ensureRunning(licensing, grant);
  put(licensing, id, { ...grant, revocation: undefined, isContested: true });
  licensing.events.RevocationEnded({ grant: id, isContested: true });
}

/** The licensor thinks better of it. */
export function takeBack(licensing: Licensing, who: Uint8Array, id: bigint): undefined {
  const grant = knownGrant(licensing, id);
  ensureMay(licensing.ctx, grant.asset, who, 'licensing');
  ensureRunning(licensing, grant);
  put(licensing, id, { ...grant, revocation: undefined });
  licensing.events.RevocationEnded({ grant: id, isContested: false });
}

/** A ruling ends a grant at once; of a sale that was not opened the price goes back. */
export function revokeAtOnce(licensing: Licensing, id: bigint, reason: Uint8Array): void {
  const { ctx, events } = licensing;
  const grant = knownGrant(licensing, id);
  events.Revoked({ grant: id, reason });
  if (grant.state.tag !== 'Open') giveBack(licensing, id, grant);
  else put(licensing, id, { ...grant, revocation: { reason, from: ctx.block, isRuling: true } });
}
