/** Who sits in a committee, and whom it goes on without: the named, the silent, the reserve (specification §2, §10). */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { fheParams, quorum } from '../../primitives/fhe/params.ts';
import { validators } from '../session/index.ts';
import type { Context } from '../support/index.ts';
import type { Committee } from './state.ts';
import type { Member, Term } from './types.ts';

type Status = Member['status']['tag'];

/** Hash of who may be in a committee: a new term begins when it changes. */
export function basisOf(ctx: Context): Uint8Array {
  return hash32Of(
    'tacit/committee-basis/1',
    ...validators(ctx).flatMap(({ account, keys }) => [account, keys.committee]),
  );
}

function isExcluded({ store }: Committee, account: Uint8Array, term: number): boolean {
  return store.excluded.get().some((one) => one.until >= term && sameBytes(one.account, account));
}

/** Whether the account has let a deadline of the present term's set-up pass. */
export function isQuiet({ store }: Committee, account: Uint8Array): boolean {
  return store.quiet.get().some((one) => sameBytes(one, account));
}

/**
 * The committee of term `term`: the first `n` validators, the excluded ones replaced from the reserve (validators beyond `n`, in order). Where the reserve is
 * used up an excluded member stays in its place and takes no part; `f` is never lowered. Undefined with too few validators.
 */
export function chooseMembers(committee: Committee, n: number, term: number): Member[] | undefined {
  const all = validators(committee.ctx).map(({ account, keys }) => ({ account, key: keys.committee }));
  if (all.length < n) return undefined;
  const isOut = ({ account }: { account: Uint8Array }): boolean => isExcluded(committee, account, term);
  const reserve = all.slice(n).filter((one) => !isOut(one));
  return all.slice(0, n).map((one) => {
    const chosen = isOut(one) ? (reserve.shift() ?? one) : one;
    const status: Status = isOut(chosen) ? 'Excluded' : isQuiet(committee, chosen.account) ? 'Absent' : 'Waiting';
    return { ...chosen, status: { tag: status } };
  });
}

/** Numbers of the members with that status. */
export function membersThat({ members }: Pick<Term, 'members'>, status: Status): number[] {
  return [...members.keys()].filter((index) => members[index]?.status.tag === status);
}

/** Numbers of the present members. */
export function presentMembers(term: Pick<Term, 'members'>): number[] {
  return membersThat(term, 'Present');
}

/** The members with the standing of some of them changed. */
export function withStatus(members: readonly Member[], which: readonly number[], status: Status): Member[] {
  return members.map((one, index) => (which.includes(index) ? { ...one, status: { tag: status } } : one));
}

/** The term without the members that were named in its rounds: so later rounds find it. */
export function withoutNamed(committee: Committee, current: Term): Term {
  const named = [...current.members.keys()].filter((index) => {
    const account = current.members[index]?.account;
    return account !== undefined && isExcluded(committee, account, current.term);
  });
  return { ...current, members: withStatus(current.members, named, 'Excluded') };
}

/** Whether the term has the members that its openings need. */
export function isServed(term: Term): boolean {
  return presentMembers(term).length >= quorum(fheParams(term.paramsId));
}

/** Whether a new deal would seat somebody whom the present one lacks: a member that asks for it, or a reserve for one that is out. */
export function wouldGain(committee: Committee, term: Term): boolean {
  if (membersThat(term, 'Returned').length > 0) return true;
  const next = chooseMembers(committee, term.members.length, term.term + 1);
  return membersThat(term, 'Excluded').some((index) => {
    const [now, then] = [term.members[index], next?.[index]];
    return now !== undefined && then !== undefined && !sameBytes(now.account, then.account);
  });
}

/** Keeps an account out up to term `until`. */
export function exclude({ store }: Committee, account: Uint8Array, until: number): void {
  const others = store.excluded.get().filter((one) => !sameBytes(one.account, account));
  store.excluded.put([...others, { account, until }]);
}

/** Remembers members that let a deadline pass: nobody waits for them in the later attempts of this term. */
export function noteQuiet(committee: Committee, { members }: Pick<Term, 'members'>, which: readonly number[]): void {
  const { store } = committee;
  const fresh = which.flatMap((index) => {
    const account = members[index]?.account;
    return account === undefined || isQuiet(committee, account) ? [] : [account];
  });
  if (fresh.length > 0) store.quiet.put([...store.quiet.get(), ...fresh]);
}
