/** What a report may be about, whose it is, and what a ruling does to a grant. */
import { partOf } from '../../primitives/money.ts';
import { standingEvaluation } from '../curation/index.ts';
import { grantOf, grantUntil, revokeByRuling } from '../licensing/index.ts';
import { type Asset, titleOf } from '../ownership/index.ts';
import { parameter } from '../parameters/index.ts';
import { attesterBond, claimEnd, claimOf } from '../registry/index.ts';
import { type Context, ensure } from '../support/index.ts';
import type { Disputes } from './state.ts';
import type { Dispute, Kind, Subject } from './types.ts';

/** What may be said of a subject. */
const KINDS: Record<Subject['tag'], readonly Kind[]> = {
  Asset: ['Copy', 'Unlicensed', 'Misleading', 'Harmful'],
  Grant: ['Misuse', 'Expired'],
  Evaluation: ['False', 'Bought', 'Improper', 'Unfounded'],
  Claim: ['False'],
};

/** What of a subject is fixed when it is reported. */
interface Reported extends Pick<Dispute, 'asset' | 'slash'> {
  readonly who: Uint8Array;
}

/**
 * The asset that a subject is, or that a grant, an evaluation or a claim is of; and who answers for it. Fails with `WrongKind`, `UnknownAsset`, `UnknownGrant`,
 * `UnknownEvaluation`, `UnknownClaim`, `ClaimTooOld`.
 */
export function reportedOf(disputes: Disputes, subject: Subject, kind: Kind): Reported {
  const { ctx, errors } = disputes;
  ensure(KINDS[subject.tag].includes(kind), errors.WrongKind);
  switch (subject.tag) {
    case 'Asset': {
      const title = titleOf(ctx, subject.value);
      ensure(title, errors.UnknownAsset);
      return { who: title.owner, asset: subject.value, slash: 0n };
    }
    case 'Grant': {
      const grant = grantOf(ctx, subject.value);
      ensure(grant, errors.UnknownGrant);
      return { who: grant.holder, asset: grant.asset, slash: 0n };
    }
    case 'Evaluation': {
      const { model, evaluation } = subject.value;
      const found = standingEvaluation(ctx, model, evaluation);
      ensure(found, errors.UnknownEvaluation);
      return { who: found.account, asset: { tag: 'Model', value: model }, slash: 0n };
    }
    case 'Claim':
      return reportedClaim(disputes, subject.value);
  }
}

/**
 * A claim can be reported while there is a bond behind it, and for as long after its end as the bond of an attester that leaves stays at stake: who sees a
 * report come does not get away by taking the claim back.
 */
function reportedClaim({ ctx, errors }: Disputes, id: bigint): Reported {
  const claim = claimOf(ctx, id);
  ensure(claim, errors.UnknownClaim);
  const bond = attesterBond(ctx, claim.attester);
  const isOld = ctx.block >= claimEnd(ctx, claim) + Number(parameter(ctx, 'AttesterUnbonding'));
  ensure(bond !== undefined && !isOld, errors.ClaimTooOld);
  const slash = partOf(bond, Number(parameter(ctx, 'ClaimSlash')));
  return { who: claim.attester, asset: claim.asset, slash };
}

/** Disputes about a subject that are open, in the order of their reports. */
export function openAbout({ store }: Disputes, subject: Subject): readonly bigint[] {
  if (subject.tag === 'Asset') return store.holds.get(subject.value).open;
  if (subject.tag !== 'Grant') return store.cases.get(subject).open;
  const id = store.ofGrant.get(subject.value);
  return id === undefined ? [] : [id];
}

/** Owner and co-owners of an asset as they are now. */
export function holdersOf(ctx: Context, asset: Asset): Uint8Array[] {
  const title = titleOf(ctx, asset);
  return title === undefined ? [] : [title.owner, ...title.shares.map(({ account }) => account)];
}

/** Whether the time of a grant is over, its grace included: it was not paid for any further. */
export function isOver(ctx: Context, grant: bigint): boolean {
  const until = grantUntil(ctx, grant);
  return until !== undefined && ctx.block >= until;
}

/** Ends a grant for good; its holder may have closed it meanwhile. @param reason the digest of the dispute’s record */
export function revokeGrant({ ctx }: Disputes, grant: bigint, reason: Uint8Array): void {
  if (grantOf(ctx, grant) !== undefined) revokeByRuling(ctx, grant, reason);
}
