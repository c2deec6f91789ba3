/** KeyCheck: random functionals of every posted sum, then the opening of a public test encryption (specification §3). */
import { judgeKeyCheck, keyCheckCount, keyTest } from '../../../primitives/fhe/key-check.ts';
import { publicA } from '../../../primitives/fhe/keys.ts';
import { combineOpening, slotCount } from '../../../primitives/fhe/open.ts';
import { fheParams, KEY_TEST_VALUES } from '../../../primitives/fhe/params.ts';
import type { PublicKey } from '../../../primitives/fhe/types.ts';
import { decodeKeyPoly, decodeResidues } from '../../../primitives/fhe/wire.ts';
import { present } from '../../../primitives/at.ts';
import { keyingAssignment } from '../../../primitives/round/requests.ts';
import { accuse } from '../accusations.ts';
import { type Judgement, postsOf, without } from '../judging.ts';
import { failRound } from '../lifecycle.ts';
import { contextOf, enter } from '../rounds.ts';
import type { Tally } from '../state.ts';
import type { Round } from '../types.ts';
import { keyAgain, sumsOf } from './keying.ts';
import { defineStep } from './step.ts';

interface KeyCheckResult {
  /** Members whose posted sum is not what their subsets' keys give. */
  readonly wrong: readonly number[];
  /** Whether the test encryption opened to its plaintext. */
  readonly opens: boolean;
}

export const keyCheck = defineStep<'KeyCheck', KeyCheckResult>({
  name: 'KeyCheck',
  isJudgedAtOnce: false,
  hasForm(_, round, _member, { functionals, test }) {
    const params = fheParams(round.paramsId);
    decodeResidues(params.keyPrimes, functionals, keyCheckCount(keyingAssignment(params, round.silent)));
    decodeResidues(params.dataPrimes, test, KEY_TEST_VALUES);
    return true;
  },
  judge,
  take(tally, round, { wrong, opens }) {
    if (wrong.length > 0) {
      accuse(tally, round, { step: 'Keying', attempt: round.attempt }, wrong, 'BadKeySum');
      keyAgain(tally, round, wrong);
    } else if (opens) enter(tally, round, 'Open');
    // Functionals right and the test wrong: more members lie than the protocol stands.
    else failRound(tally, round, 'Undecodable');
  },
});

/** Judges the functionals of every posted sum, then the opening of the test encryption. */
function judge(tally: Tally, round: Round, attempt: number): Judgement<KeyCheckResult> {
  const params = fheParams(round.paramsId);
  const context = contextOf(tally.ctx, round);
  const posts = postsOf(tally, round, 'KeyCheck', attempt);
  const waiting = { status: posts.length < params.n ? 'waiting' : 'undecodable' } as const;
  if (posts.length <= 2 * params.f) return waiting;
  const assignment = keyingAssignment(params, round.silent);
  const sums = sumsOf(params, round, postsOf(tally, round, 'Keying', attempt));
  const functionals = posts.map(({ member, body }) => ({
    member,
    shares: decodeResidues(params.keyPrimes, body.functionals, keyCheckCount(assignment)),
  }));
  const checked = judgeKeyCheck(params, context, sums, assignment, functionals);
  if (checked.status !== 'judged') return waiting;
  if (checked.wrong.length > 0) {
    return { status: 'done', result: { wrong: checked.wrong, opens: false }, liars: checked.liars };
  }
  const { request, values } = keyTest(params, context, publicKeyOf(tally, round));
  const shares = without(posts, checked.liars).map(({ member, body }) => ({
    member,
    shares: decodeResidues(params.dataPrimes, body.test, slotCount(request)),
  }));
  const opened = combineOpening(params, request, shares);
  if (opened.status !== 'open') return waiting;
  const opens = opened.values.every((value, i) => value === values[i]);
  const liars = [...checked.liars, ...opened.liars].sort((x, y) => x - y);
  return { status: 'done', result: { wrong: [], opens }, liars };
}

/** The round's public key as it stands in state. */
function publicKeyOf(tally: Tally, round: Round): PublicKey {
  const params = fheParams(round.paramsId);
  const b = decodeKeyPoly(params, present(tally.store.publicKeys.get(round.round), 'the round key'));
  return { b, a: publicA(params, contextOf(tally.ctx, round)) };
}
