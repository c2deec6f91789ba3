/**
 * The set-up of a term (specification §2): encryption keys, dealt subset keys, digests; where digests disagree the dealer reveals, the liar is
 * replaced and everything begins anew.
 */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { blake2b256, hash32Of } from '../../primitives/crypto/hash.ts';
import { decodeScalar, hashToPoint } from '../../primitives/crypto/ristretto.ts';
import { keyOfDeal, subsetKeyDigest, type TermContext } from '../../primitives/fhe/deal.ts';
import { fheParams, quorum, subsetsWith } from '../../primitives/fhe/params.ts';
import { validators } from '../session/index.ts';
import type { Context } from '../support/index.ts';
import { genesisHash } from '../system/index.ts';
import { offend } from './offences.ts';
import { type Committee, configOf, currentTerm } from './state.ts';
import {
  type Member,
  type OffenceKind,
  SETUP_STEPS,
  type SetupBody,
  type SetupPost,
  type SetupStep,
  setupBody,
  type Term,
  type TermPhase,
} from './types.ts';

/** Hash of who may be in a committee: a new term begins when it changes. */
export function basisOf(ctx: Context): Uint8Array {
  return hash32Of(
    'tacit/committee-basis/1',
    ...validators(ctx).flatMap(({ account, keys }) => [account, keys.committee]),
  );
}

/**
 * The committee: the first `n` validators, the excluded ones replaced from the reserve (validators beyond `n`, in order). Where the reserve is used up an
 * excluded member stays in its place and takes no part; `f` is never lowered.
 */
function chooseMembers(ctx: Context, n: number, excluded: readonly Uint8Array[]): Member[] {
  const all = validators(ctx).map(({ account, keys }) => ({ account, key: keys.committee }));
  const isExcluded = ({ account }: { account: Uint8Array }): boolean => excluded.some((one) => sameBytes(one, account));
  const reserve = all.slice(n).filter((one) => !isExcluded(one));
  return all.slice(0, n).map((one) => {
    const chosen = isExcluded(one) ? (reserve.shift() ?? one) : one;
    return { ...chosen, status: { tag: isExcluded(chosen) ? 'Excluded' : 'Waiting' } };
  });
}

/** Begins attempt `attempt` of term `number`; without enough validators there is no term yet. */
function begin(committee: Committee, number: number, attempt: number): void {
  const { ctx, store, events } = committee;
  const { paramsId, setupBlocks } = configOf(committee);
  const members = chooseMembers(ctx, fheParams(paramsId).n, store.excluded.get());
  if (members.length < fheParams(paramsId).n) return;
  store.basis.put(basisOf(ctx));
  store.current.put({
    term: number,
    attempt,
    paramsId,
    phase: { tag: 'Keys' },
    deadline: ctx.block + setupBlocks,
    members,
    dealers: [],
    disputed: [],
    sequence: 0,
    liveRounds: 0,
  });
  events.TermStarted({ term: number, attempt });
}

/** Before the extrinsics of a block: a first term, a term for changed validators, a new try after a failed one. */
export function beginIfDue(committee: Committee): void {
  const { ctx, store } = committee;
  // A chain without a committee section in its genesis has no tally.
  if (store.config.get() === undefined) return;
  const current = store.current.get();
  if (current === undefined) {
    begin(committee, 1, 0);
    return;
  }
  const changed = !sameBytes(store.basis.get() ?? new Uint8Array(), basisOf(ctx));
  const over = current.phase.tag === 'Failed' && ctx.block >= current.deadline;
  if (!over && !(changed && current.liveRounds === 0)) return;
  // Whoever was named stays out of this committee; with other validators, or after a failure, the slate is clean (the bonds are slashed).
  store.excluded.put([]);
  forget(committee, current.term);
  begin(committee, current.term + 1, 0);
}

function forget({ store }: Committee, term: number): void {
  for (const item of [store.encryptionKeys, store.deals, store.digests, store.subsetDigests, store.reveals]) {
    item.clear(term);
  }
}

function enter(committee: Committee, current: Term, phase: TermPhase, changes: Partial<Term> = {}): void {
  const { ctx, store, events } = committee;
  const deadline = ctx.block + configOf(committee).setupBlocks;
  store.current.put({ ...current, ...changes, phase: { tag: phase }, deadline });
  events.PhaseBegan({ term: current.term, attempt: current.attempt, phase: { tag: phase } });
}

function failTerm(committee: Committee): void {
  const { ctx, store, events } = committee;
  const current = currentTerm(committee);
  store.current.put({ ...current, phase: { tag: 'Failed' }, deadline: ctx.block + configOf(committee).retryBlocks });
  events.TermFailed({ term: current.term });
}

/** Numbers of the present members. */
export function presentMembers({ members }: Pick<Term, 'members'>): number[] {
  return [...members.keys()].filter((index) => members[index]?.status.tag === 'Present');
}

/** Keeps a post that has been validated. */
export function keepPost(committee: Committee, { member, body }: SetupPost): void {
  const { store, events } = committee;
  const current = currentTerm(committee);
  const { term, attempt } = current;
  switch (body.tag) {
    case 'Keys': {
      store.encryptionKeys.put(term, attempt, member, body.value.key);
      const members = current.members.map((one, index): Member => {
        return index === member ? { ...one, status: { tag: 'Present' } } : one;
      });
      store.current.put({ ...current, members });
      break;
    }
    case 'Deal':
      for (const { subset, sealed } of body.value.deals) {
        store.deals.put(term, attempt, subset, { dealer: member, sealed });
      }
      break;
    case 'Digest':
      store.digests.put(term, attempt, member, body.value.digests);
      break;
    case 'Reveal':
      for (const { subset, ephemeralSecret } of body.value.reveals) {
        store.reveals.put(term, attempt, subset, ephemeralSecret);
      }
      break;
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
  if (!due && current.members.some(({ status }) => status.tag === 'Waiting')) return;
  const members = current.members.map((member): Member => {
    return member.status.tag === 'Waiting' ? { ...member, status: { tag: 'Absent' } } : member;
  });
  const params = fheParams(current.paramsId);
  const present = presentMembers({ members });
  if (present.length < quorum(params)) return failTerm(committee);
  // 2f+1 present members leave none of the subsets, of 2f+1 members each, without one.
  const dealers = params.subsets.map((subset) => subset.find((member) => present.includes(member)) as number);
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
  const present = presentMembers(current);
  const dealers = [...current.dealers];
  for (const subset of missing) {
    const next = subsets[subset]?.find((member) => member > (dealers[subset] as number) && present.includes(member));
    if (next === undefined) return failTerm(committee);
    dealers[subset] = next;
  }
  return enter(committee, current, 'Deal', { dealers });
}

/** Who has posted which digest of a subset's key, by member. */
function digestsOf({ store }: Committee, { term, attempt, paramsId }: Term, subset: number): Map<number, Uint8Array> {
  const params = fheParams(paramsId);
  const found = new Map<number, Uint8Array>();
  for (const member of params.subsets[subset] ?? []) {
    const digest = store.digests.get(term, attempt, member)?.[subsetsWith(params, member).indexOf(subset)];
    if (digest !== undefined) found.set(member, digest);
  }
  return found;
}

function endDigest(committee: Committee, current: Term, due: boolean): void {
  const { ctx, store, events } = committee;
  const { term, attempt } = current;
  const params = fheParams(current.paramsId);
  const posters = presentMembers(current).filter((member) => store.digests.has(term, attempt, member));
  if (posters.length < presentMembers(current).length && !due) return;
  // A missing digest is a crash, not a fault; but the term needs 2f+1 members that hold their keys.
  if (posters.length < quorum(params)) return failTerm(committee);
  const agreed = params.subsets.map((_, subset) => {
    const complaint = subsetKeyDigest(params, contextOf(ctx, current), subset, undefined);
    const [first, ...others] = digestsOf(committee, current, subset).values();
    if (first === undefined || sameBytes(first, complaint)) return undefined;
    return others.every((digest) => sameBytes(digest, first)) ? first : undefined;
  });
  const disputed = [...agreed.keys()].filter((subset) => agreed[subset] === undefined);
  if (disputed.length > 0) return enter(committee, current, 'Reveal', { disputed });
  agreed.forEach((digest, subset) => {
    store.subsetDigests.put(term, subset, digest as Uint8Array);
  });
  enter(committee, current, 'Active');
  events.TermActive({ term });
}

function endReveal(committee: Committee, current: Term, due: boolean): void {
  const { store } = committee;
  const { term, attempt } = current;
  const secrets = current.disputed.map((subset) => store.reveals.get(term, attempt, subset));
  if (!due && secrets.some((secret) => secret === undefined)) return;
  const named = new Map<number, OffenceKind>();
  current.disputed.forEach((subset, i) => {
    for (const [member, kind] of faultsOf(committee, current, subset, secrets[i])) named.set(member, kind);
  });
  for (const [member, kind] of named) accuse(committee, current, member, kind);
  const accounts = [...named.keys()].map((member) => current.members[member]?.account as Uint8Array);
  store.excluded.put([...store.excluded.get(), ...accounts]);
  forget(committee, term);
  if (attempt + 1 > fheParams(current.paramsId).f) failTerm(committee);
  else begin(committee, term, attempt + 1);
}

/** Opens a disputed deal by its dealer's revealed secret: whoever posted a digest of another key is named, or the dealer who has no one key to show. */
function faultsOf(
  committee: Committee,
  current: Term,
  subset: number,
  revealed: Uint8Array | undefined,
): [member: number, kind: OffenceKind][] {
  const { ctx, store } = committee;
  const { term, attempt } = current;
  const params = fheParams(current.paramsId);
  const context = contextOf(ctx, current);
  const dealer = current.dealers[subset] as number;
  const sealed = store.deals.get(term, attempt, subset)?.sealed;
  const keys = encryptionKeysOf(committee, current);
  const key = sealed && revealed && keyOfDeal(params, context, subset, dealer, sealed, decodeScalar(revealed), keys);
  if (key === undefined) return [[dealer, 'BadDeal']];
  const right = subsetKeyDigest(params, context, subset, key);
  const wrong = [...digestsOf(committee, current, subset)].filter(([, digest]) => !sameBytes(digest, right));
  return wrong.map(([member]) => [member, 'BadDigest']);
}

function accuse(committee: Committee, current: Term, member: number, kind: OffenceKind): void {
  const step: SetupStep = kind === 'BadDeal' ? 'Deal' : 'Digest';
  const evidence = blake2b256(evidenceOf(committee, current, member, step));
  offend(committee.ctx, { member, kind, step: SETUP_STEPS.indexOf(step), attempt: current.attempt, evidence });
}

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
