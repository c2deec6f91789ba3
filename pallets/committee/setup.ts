/**
 * The set-up of a term (specification §2): encryption keys, dealt subset keys, digests. Where a box does not open, or digests disagree, everything begins anew
 * without whoever is shown to be at fault, or was silent when it should have shown something.
 */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { fheParams, quorum } from '../../primitives/fhe/params.ts';
import { accuse, digestsOf, faultsOfDispute, witnesses } from './disputes.ts';
import {
  basisOf,
  chooseMembers,
  exclude,
  isQuiet,
  isServed,
  membersThat,
  noteQuiet,
  presentMembers,
  withoutNamed,
  withStatus,
  wouldGain,
} from './members.ts';
import { type Committee, configOf, currentTerm } from './state.ts';
import { SETUP_STEPS, type SetupPost, type Term, type TermPhase } from './types.ts';

/** A term without all members is dealt anew after `retryBlocks` times at most 2 to this power. */
const MAX_SHORT_TERMS = 6;

/** Begins attempt `attempt` of term `number`; without enough validators there is no term yet. */
function begin(committee: Committee, number: number, attempt: number): void {
  const { ctx, store, events } = committee;
  const { paramsId, setupBlocks } = configOf(committee);
  const members = chooseMembers(committee, fheParams(paramsId).n, number);
  if (members === undefined) return;
  store.basis.put(basisOf(ctx));
  store.current.put({
    term: number,
    attempt,
    paramsId,
    phase: { tag: 'Keys' },
    deadline: ctx.block + setupBlocks,
    members,
    dealers: [],
    disputed: undefined,
    sequence: 0,
    liveRounds: 0,
    silent: [],
  });
  events.TermStarted({ term: number, attempt });
}

/** Before the extrinsics of a block: a first term, and the next one when it is due. */
export function beginIfDue(committee: Committee): void {
  const { store } = committee;
  // A chain without a committee section in its genesis has no tally.
  if (store.config.get() === undefined) return;
  const current = store.current.get();
  if (current === undefined) {
    begin(committee, 1, 0);
    return;
  }
  const end = endOf(committee, current);
  if (end === undefined) return;
  // Whoever asks for deals without end gets them ever more seldom, whatever it does in between.
  if (!failed(current)) store.shortTerms.put(end === 'asked' ? lessSoon(committee) : 0);
  // After a failure the slate is clean (the bonds are slashed): a committee that everyone is out of would never come about.
  store.excluded.put(failed(current) ? [] : store.excluded.get().filter(({ until }) => until > current.term));
  store.quiet.put([]);
  forget(committee, current.term);
  begin(committee, current.term + 1, 0);
}

const failed = ({ phase }: Term): boolean => phase.tag === 'Failed';

/** One more term in a row that ends because somebody asks for a deal. */
const lessSoon = ({ store }: Committee): number => Math.min(store.shortTerms.get() + 1, MAX_SHORT_TERMS);

/**
 * Why the next term is due, if it is: `over` for other validators, the term's rounds used up, too few members left, a failure; `asked` for a member that the
 * next deal would win. Never under a live round.
 */
function endOf(committee: Committee, current: Term): 'over' | 'asked' | undefined {
  const { ctx, store } = committee;
  const { phase, deadline, liveRounds, sequence } = current;
  if (failed(current)) return ctx.block >= deadline ? 'over' : undefined;
  if (liveRounds > 0) return undefined;
  if (!sameBytes(store.basis.get() ?? new Uint8Array(), basisOf(ctx))) return 'over';
  if (phase.tag !== 'Active') return undefined;
  const left = withoutNamed(committee, current);
  if (sequence >= configOf(committee).termRounds || !isServed(left)) return 'over';
  return ctx.block >= deadline && wouldGain(committee, left) ? 'asked' : undefined;
}

function forget({ store }: Committee, term: number): void {
  const { encryptionKeys, deals, digests, subsetDigests, openings, reveals } = store;
  for (const item of [encryptionKeys, deals, digests, subsetDigests, openings, reveals]) item.clear(term);
}

function enter(committee: Committee, current: Term, phase: TermPhase, changes: Partial<Term> = {}): void {
  const { ctx, store, events } = committee;
  const deadline = ctx.block + configOf(committee).setupBlocks;
  store.current.put({ ...current, deadline, ...changes, phase: { tag: phase } });
  events.PhaseBegan({ term: current.term, attempt: current.attempt, phase: { tag: phase } });
}

/** Ends a set-up without a term; after `retryBlocks` the next begins. */
export function failTerm(committee: Committee): void {
  const { ctx, store, events } = committee;
  const current = currentTerm(committee);
  store.current.put({ ...current, phase: { tag: 'Failed' }, deadline: ctx.block + configOf(committee).retryBlocks });
  events.TermFailed({ term: current.term });
}

/** Keeps a post that has been validated. */
export function keepPost(committee: Committee, { member, body }: SetupPost): void {
  const { store, events } = committee;
  const current = currentTerm(committee);
  const { term, attempt } = current;
  switch (body.tag) {
    case 'Keys':
      store.encryptionKeys.put(term, attempt, member, body.value.key);
      store.current.put({ ...current, members: withStatus(current.members, [member], 'Present') });
      break;
    case 'Deal':
      for (const { subset, sealed } of body.value.deals) {
        store.deals.put(term, attempt, subset, { dealer: member, sealed });
      }
      break;
    case 'Digest':
      store.digests.put(term, attempt, member, body.value.digests);
      break;
    case 'Reveal':
      store.reveals.put(term, attempt, body.value.ephemeralSecret);
      break;
    case 'Opening':
      store.openings.put(term, attempt, member, body.value.opening);
      break;
    case 'Late': {
      const status = body.value.holds ? 'Present' : 'Returned';
      store.current.put({ ...current, members: withStatus(current.members, [member], status) });
      break;
    }
  }
  events.Posted({ term, attempt, member, step: SETUP_STEPS.indexOf(body.tag) });
}

/** After the extrinsics of a block: passes on as soon as a phase has all it waits for, or at its deadline. */
export function advance(committee: Committee): void {
  const { ctx, store } = committee;
  const current = store.current.get();
  if (current === undefined) return;
  const due = ctx.block >= current.deadline;
  switch (current.phase.tag) {
    case 'Keys':
      return endKeys(committee, current, due);
    case 'Deal':
      return endDeal(committee, current, due);
    case 'Digest':
      return endDigest(committee, current, due);
    case 'Reveal':
      return endReveal(committee, current, due);
    case 'Active':
    case 'Failed':
      return undefined;
  }
}

function endKeys(committee: Committee, current: Term, due: boolean): void {
  const late = membersThat(current, 'Waiting');
  if (!due && late.length > 0) return;
  noteQuiet(committee, current, late);
  const members = withStatus(current.members, late, 'Absent');
  const params = fheParams(current.paramsId);
  const present = presentMembers({ members });
  if (present.length < quorum(params)) return failTerm(committee);
  const prompt = present.filter((index) => !isQuiet(committee, accountOf(current, index)));
  // 2f+1 present members leave none of the subsets, of 2f+1 members each, without one.
  const dealers = params.subsets.map((subset) => {
    const among = (those: readonly number[]): number | undefined => subset.find((member) => those.includes(member));
    return (among(prompt) ?? among(present)) as number;
  });
  enter(committee, current, 'Deal', { members, dealers });
}

function endDeal(committee: Committee, current: Term, due: boolean): void {
  const { store } = committee;
  const missing = [...current.dealers.keys()].filter((subset) => {
    return !store.deals.has(current.term, current.attempt, subset);
  });
  if (missing.length === 0) return enter(committee, current, 'Digest');
  if (!due) return undefined;
  const { subsets } = fheParams(current.paramsId);
  noteQuiet(
    committee,
    current,
    missing.map((subset) => current.dealers[subset] as number),
  );
  const prompt = presentMembers(current).filter((index) => !isQuiet(committee, accountOf(current, index)));
  const dealers = [...current.dealers];
  for (const subset of missing) {
    const next = subsets[subset]?.find((member) => prompt.includes(member));
    if (next === undefined) return failTerm(committee);
    dealers[subset] = next;
  }
  return enter(committee, current, 'Deal', { dealers });
}

function endDigest(committee: Committee, current: Term, due: boolean): void {
  const { store } = committee;
  const { term, attempt } = current;
  const params = fheParams(current.paramsId);
  const present = presentMembers(current);
  // A box that was shown not to open is the end of the attempt: nothing more has to be shown.
  const complaints = present.flatMap((member) => store.openings.get(term, attempt, member) ?? []);
  if (complaints.length > 0) {
    const dealers = new Set(complaints.map(({ subset }) => current.dealers[subset] as number));
    for (const dealer of [...dealers].sort((a, b) => a - b)) accuse(committee, current, dealer, 'BadDeal');
    return beginAnew(committee);
  }
  const holders = present.filter((member) => store.digests.has(term, attempt, member));
  const late = present.filter((member) => !holders.includes(member));
  if (!due && late.some((member) => !isQuiet(committee, accountOf(current, member)))) return;
  noteQuiet(committee, current, late);
  // A missing digest is a crash, not a fault; but the term needs 2f+1 members that hold their keys.
  if (holders.length < quorum(params)) return failTerm(committee);
  const agreed = params.subsets.map((_, subset) => {
    const [first, ...others] = digestsOf(committee, current, subset).values();
    return first !== undefined && others.every((digest) => sameBytes(digest, first)) ? first : undefined;
  });
  const disputed = agreed.indexOf(undefined);
  if (disputed >= 0) return enter(committee, current, 'Reveal', { disputed });
  stand(committee, current, agreed as Uint8Array[], late);
}

/** The term stands on `agreed` digests; those that have not said that they hold the keys are absent until they do. */
function stand(committee: Committee, current: Term, agreed: readonly Uint8Array[], late: readonly number[]): void {
  const { ctx, store, events } = committee;
  agreed.forEach((digest, subset) => {
    store.subsetDigests.put(current.term, subset, digest);
  });
  const members = withStatus(current.members, late, 'Absent');
  const isFull = presentMembers({ members }).length === members.length;
  const short = isFull ? store.shortTerms.get() : lessSoon(committee);
  enter(committee, current, 'Active', { members, deadline: ctx.block + configOf(committee).retryBlocks * 2 ** short });
  events.TermActive({ term: current.term });
}

/** Ends as soon as the dealer or all witnesses have shown what they have: then somebody is at fault. At the deadline the silent are out, but not named. */
function endReveal(committee: Committee, current: Term, due: boolean): void {
  const { store } = committee;
  const { term, attempt, disputed } = current;
  const silent = witnesses(committee, current).filter((member) => !store.openings.has(term, attempt, member));
  if (!due && !store.reveals.has(term, attempt) && silent.length > 0) return;
  const { badDeal, badDigests } = faultsOfDispute(committee, current);
  const dealer = current.dealers[disputed as number] as number;
  if (badDeal) accuse(committee, current, dealer, 'BadDeal');
  for (const member of badDigests) if (member !== dealer || !badDeal) accuse(committee, current, member, 'BadDigest');
  if (!badDeal && badDigests.length === 0) {
    for (const member of [dealer, ...silent]) exclude(committee, accountOf(current, member), term);
  }
  beginAnew(committee);
}

/** All keys of the attempt are thrown away, and the next begins: at most f times. */
function beginAnew(committee: Committee): void {
  const { term, attempt, paramsId } = currentTerm(committee);
  forget(committee, term);
  if (attempt + 1 > fheParams(paramsId).f) failTerm(committee);
  else begin(committee, term, attempt + 1);
}

function accountOf({ members }: Term, index: number): Uint8Array {
  return members[index]?.account as Uint8Array;
}
