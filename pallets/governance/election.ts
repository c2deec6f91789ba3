/** Who sits on the ethics panel: approval voting by stake, counted with every approval, so that holding an election walks nothing but the candidates. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { reserve, totalIssuance, unreserve } from '../balances/index.ts';
import { parameter } from '../parameters/index.ts';
import { ensure, fail } from '../support/index.ts';
import { WHOLE } from '../../primitives/money.ts';
import { commit, commitmentTo, release } from './commitments.ts';
import { priceOfPlace, settle } from './money.ts';
import { numberOf } from './proposals.ts';
import { type Governance, MIN_STAKE } from './state.ts';
import { type Candidate, type Cause, type Commitment, MAX_CANDIDATES, type Member } from './types.ts';

function ensureOpen({ ctx, store, errors }: Governance): { number: number; closes: number } {
  const next = store.election.get();
  ensure(ctx.block < next.closes, errors.ElectionOver);
  return next;
}

/**
 * Stands for the panel, until the election is held: a candidacy is not taken back, so that a place is never taken for nothing. If all places are taken, who has the
 * least backing gives way: otherwise whoever took them all first would be the panel, without anybody's votes.
 */
export function stand(pallet: Governance, who: Uint8Array): void {
  const { ctx, store, events, errors } = pallet;
  ensureOpen(pallet);
  const candidates = store.candidates.get();
  ensure(!candidates.some(({ account }) => sameBytes(account, who)), errors.AlreadyStanding);
  const displaced = candidates.length < MAX_CANDIDATES ? undefined : byBacking(candidates).at(-1);
  const others = candidates.filter((each) => each !== displaced);
  const bond = priceOfPlace(parameter(ctx, 'PanelBond'), others.length);
  reserve(ctx, who, bond);
  if (displaced !== undefined) {
    unreserve(ctx, displaced.account, displaced.bond);
    events.Displaced({ id: displaced.id, who: displaced.account });
  }
  const id = store.nextCandidate.get();
  store.nextCandidate.put(id + 1);
  store.candidates.put([...others, { id, account: who, bond, backing: 0n }]);
  events.Stood({ id, who });
}

const about = (number: number): Cause => ({ tag: 'Election', value: { number, candidates: [] } });

/** Candidates of whom an account approves with an amount. */
interface Approval {
  readonly ids: readonly number[];
  readonly amount: bigint;
}

function approvalOf(pallet: Governance, who: Uint8Array, number: number): (Approval & Commitment) | undefined {
  const found = commitmentTo(pallet, who, about(number));
  return found?.cause.tag === 'Election' ? { ...found, ids: found.cause.value.candidates } : undefined;
}

function backed(candidates: readonly Candidate[], approval: Approval | undefined, sign: 1n | -1n): Candidate[] {
  return candidates.map((each) =>
    approval?.ids.includes(each.id) ? { ...each, backing: each.backing + sign * approval.amount } : each,
  );
}

/** Approves of candidates, or of others than before. The amount is reserved until the term that it elects is over. */
export function approve(pallet: Governance, who: Uint8Array, ids: number[], amount: bigint): void {
  const { ctx, store, events, errors } = pallet;
  const { number, closes } = ensureOpen(pallet);
  ensure(amount >= MIN_STAKE, errors.TooLittle);
  const candidates = store.candidates.get();
  const isKnown = (id: number) => candidates.some((each) => each.id === id);
  const isAscending = ids.every((id, i) => i === 0 || (ids[i - 1] as number) < id);
  ensure(ids.length > 0 && isAscending && ids.every(isKnown), errors.BadCandidates);
  const former = approvalOf(pallet, who, number);
  const until = closes + numberOf(ctx, 'PanelTerm');
  commit(pallet, who, { amount, closes, until, cause: { tag: 'Election', value: { number, candidates: ids } } });
  store.candidates.put(backed(backed(candidates, former, -1n), { ids, amount }, 1n));
  events.Approved({ who, candidates: ids, amount });
}

export function removeApproval(pallet: Governance, who: Uint8Array): void {
  const { store, events, errors } = pallet;
  const { number } = ensureOpen(pallet);
  const former = approvalOf(pallet, who, number) ?? fail(errors.NoVote);
  release(pallet, who, former.cause);
  store.candidates.put(backed(store.candidates.get(), former, -1n));
  events.ApprovalRemoved({ who });
}

/** Those with most backing first; of equal ones who came first. */
function byBacking(candidates: readonly Candidate[]): Candidate[] {
  return candidates.toSorted((a, b) => (a.backing === b.backing ? a.id - b.id : a.backing > b.backing ? -1 : 1));
}

/** Ends the term of the panel, and begins the next one's. Anybody may ask for it, once it is time. */
export function holdElection(pallet: Governance): void {
  const { ctx, store, events, errors } = pallet;
  const { number, closes } = store.election.get();
  ensure(ctx.block >= closes, errors.ElectionOpen);
  const candidates = store.candidates.get();
  // Nobody is elected by nobody.
  const backers = byBacking(candidates).filter(({ backing }) => backing > 0n);
  const elected = backers.slice(0, numberOf(ctx, 'PanelSeats'));
  for (const { account, bond } of store.panel.get()) unreserve(ctx, account, bond);
  for (const { opener, deposit } of store.motions.get()) unreserve(ctx, opener, deposit);
  for (const each of candidates) if (!elected.includes(each)) dismiss(pallet, each);
  const members: Member[] = elected.map(({ account, bond, backing }) => ({ account, bond, backing }));
  const end = ctx.block + numberOf(ctx, 'PanelTerm');
  store.panel.put(members);
  store.candidates.put([]);
  store.motions.put([]);
  store.spared.put([]);
  store.election.put({ number: number + 1, closes: end });
  events.PanelElected({ number, members: members.map(({ account }) => account), closes: end });
}

/** A candidate without a seat has the bond back, unless hardly anybody approved. */
function dismiss({ ctx, events }: Governance, { account, bond, backing }: Candidate): void {
  const least = BigInt(numberOf(ctx, 'GovernanceIgnored')) * totalIssuance(ctx);
  const isIgnored = backing * BigInt(WHOLE) < least;
  settle(ctx, account, bond, isIgnored ? bond : 0n);
  if (isIgnored) events.BondLost({ who: account, amount: bond });
}
