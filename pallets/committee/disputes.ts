/** Disputes of a set-up (specification §2): deals and digests that do not fit, who is shown to be at fault, and what is remembered of the silent. */
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { decodeScalar, hashToPoint } from '../../primitives/crypto/ristretto.ts';
import {
  type BoxOpening as Opened,
  type DealFaults,
  faultsOfDeal,
  openedBox,
  type StandingDeal,
  type TermContext,
} from '../../primitives/fhe/deal.ts';
import { fheParams, subsetsWith } from '../../primitives/fhe/params.ts';
import type { Context } from '../support/index.ts';
import { genesisHash } from '../system/index.ts';
import { offend } from './offences.ts';
import type { Committee } from './state.ts';
import {
  type BoxOpening,
  type OffenceKind,
  SETUP_STEPS,
  type SetupBody,
  type SetupStep,
  setupBody,
  type Term,
} from './types.ts';

/** What the keys of a set-up are bound to. */
export function contextOf(ctx: Context, { term, attempt }: Term): TermContext {
  return { genesis: genesisHash(ctx), term, attempt };
}

/** By member; a member that is not present gets a point whose logarithm nobody knows, so that every deal has the same shape. */
export function encryptionKeysOf({ store }: Committee, { term, attempt, members }: Term): Map<number, Uint8Array> {
  const keyOf = (member: number): Uint8Array => {
    return store.encryptionKeys.get(term, attempt, member) ?? hashToPoint('tacit/absent-member/1', member).toBytes();
  };
  return new Map([...members.keys()].map((member) => [member, keyOf(member)]));
}

/** The deal of a subset with all it was made from; undefined if it has not been dealt. */
export function standingDeal(committee: Committee, current: Term, subset: number): StandingDeal | undefined {
  const dealt = committee.store.deals.get(current.term, current.attempt, subset);
  return (
    dealt && {
      term: contextOf(committee.ctx, current),
      subset,
      dealer: dealt.dealer,
      sealed: dealt.sealed,
      encryptionKeys: encryptionKeysOf(committee, current),
    }
  );
}

/** Who has posted which digest of a subset's key, by member. */
export function digestsOf(
  { store }: Committee,
  { term, attempt, paramsId }: Term,
  subset: number,
): Map<number, Uint8Array> {
  const params = fheParams(paramsId);
  const found = new Map<number, Uint8Array>();
  for (const member of params.subsets[subset] ?? []) {
    const digest = store.digests.get(term, attempt, member)?.[subsetsWith(params, member).indexOf(subset)];
    if (digest !== undefined) found.set(member, digest);
  }
  return found;
}

/** What a member's opened box shows, or undefined if the opening proves nothing. */
export function shownBy(
  committee: Committee,
  current: Term,
  member: number,
  opening: BoxOpening,
): ReturnType<typeof openedBox> {
  const deal = standingDeal(committee, current, opening.subset);
  return deal && openedBox(fheParams(current.paramsId), deal, member, opening);
}

/** Members that have something to show in the present dispute, besides its dealer: they posted a digest of the disputed key. */
export function witnesses(committee: Committee, current: Term): number[] {
  const { disputed } = current;
  if (disputed === undefined) return [];
  const dealer = committee.store.deals.get(current.term, current.attempt, disputed)?.dealer;
  return [...digestsOf(committee, current, disputed).keys()].filter((member) => member !== dealer);
}

/** Who is shown to be at fault in the present dispute. */
export function faultsOfDispute(committee: Committee, current: Term): DealFaults {
  const { store } = committee;
  const { term, attempt, disputed, paramsId } = current;
  const deal = disputed === undefined ? undefined : standingDeal(committee, current, disputed);
  if (deal === undefined) return { badDeal: false, badDigests: [] };
  const openings = new Map<number, Opened>();
  for (const member of witnesses(committee, current)) {
    const opening = store.openings.get(term, attempt, member);
    if (opening !== undefined) openings.set(member, opening);
  }
  const secret = store.reveals.get(term, attempt);
  return faultsOfDeal(fheParams(paramsId), deal, {
    digests: digestsOf(committee, current, deal.subset),
    revealed: secret && decodeScalar(secret),
    openings,
  });
}

/** Names a member of the set-up, with its own post as the evidence. */
export function accuse(committee: Committee, current: Term, member: number, kind: OffenceKind): void {
  const step: SetupStep = kind === 'BadDeal' ? 'Deal' : 'Digest';
  const evidence = blake2b256(evidenceOf(committee, current, member, step));
  const { term, attempt } = current;
  offend(committee.ctx, { term, member, kind, step: SETUP_STEPS.indexOf(step), attempt, evidence });
}

/** The bytes of the named post's body, put together again from what was kept of it. */
function evidenceOf(
  { store }: Committee,
  { term, attempt, paramsId }: Term,
  member: number,
  step: SetupStep,
): Uint8Array {
  if (step === 'Digest') {
    const digests = store.digests.get(term, attempt, member) ?? [];
    return setupBody.codec.enc({ tag: 'Digest', value: { digests } } satisfies SetupBody);
  }
  const deals = subsetsWith(fheParams(paramsId), member).flatMap((subset) => {
    const dealt = store.deals.get(term, attempt, subset);
    return dealt?.dealer === member ? [{ subset, sealed: dealt.sealed }] : [];
  });
  return setupBody.codec.enc({ tag: 'Deal', value: { deals } } satisfies SetupBody);
}
