/** The committee's posts at the door: form, time, signature. What they say is judged in `onFinalize` (judge.ts). */
import { publicKeyOf } from '../../primitives/crypto/box.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { decodeScalar } from '../../primitives/crypto/ristretto.ts';
import { isTacitError } from '../../primitives/errors.ts';
import { type FheParams, fheParams, subsetsWith } from '../../primitives/fhe/params.ts';
import { decodeKeyPoly, decodeResidues } from '../../primitives/fhe/wire.ts';
import { keyCheckCount } from '../../primitives/fhe/key-check.ts';
import { memberKey, postText } from '../committee/index.ts';
import { invalid, type UnsignedValidity, type VerifyTask } from '../support/index.ts';
import { genesisHash } from '../system/index.ts';
import { configOf, stepOf } from './rounds.ts';
import { aggregateSlots, CHECK_VALUES, keyingAssignment, keyingPosters, TEST_VALUES } from './shares.ts';
import type { Tally } from './state.ts';
import {
  MAX_REASON,
  type Round,
  TALLY_PALLET,
  TALLY_STEPS,
  type TallyBody,
  type TallyPost,
  tallyPost,
} from './types.ts';

/** Reasons of refusal, as `InvalidTransaction::Custom` shows them. */
export const REFUSED = { unknownRound: 1, notMember: 2, wrongStep: 3, badForm: 5 } as const;

/** Posts are few and everything waits for them: they go first, for as many blocks as a step may take. */
const PRIORITY = 1n << 62n;
const LONGEVITY = 64n;

function signatureTask({ ctx }: Tally, key: Uint8Array, post: TallyPost, signature: Uint8Array): VerifyTask {
  const text = postText(genesisHash(ctx), TALLY_PALLET, tallyPost.codec.enc(post));
  return { kind: 'sr25519', parts: [key, text, signature] };
}

/** What must be verified of a post, or nothing if it is refused anyway. */
export function postTasks(tally: Tally, post: TallyPost, signature: Uint8Array): VerifyTask[] {
  const key = memberKey(tally.ctx, post.term, post.member);
  return key === undefined ? [] : [signatureTask(tally, key, post, signature)];
}

/** Whether the step of a post stands, or is over but still compared; `early` if it has not begun. */
function timing(tally: Tally, round: Round, post: TallyPost): 'now' | 'late' | 'early' | 'stale' {
  const { step, attempt } = { step: TALLY_STEPS.indexOf(post.body.tag), attempt: post.attempt };
  const done = round.finished.find((known) => known.step === step && known.attempt === attempt);
  if (done !== undefined) {
    const inWindow = done.block + configOf(tally).lateWindow >= tally.ctx.block;
    // Of keys that were thrown away nothing is compared: the members passed over since then change what a post must look like.
    const isLast = round.finished.findLast((known) => known.step === step)?.attempt === attempt;
    const isThrownAway = round.phase.tag === 'Keying' || round.phase.tag === 'KeyCheck';
    return inWindow && isLast && !isThrownAway && comparesLate(post.body.tag) ? 'late' : 'stale';
  }
  if (round.endedAt !== undefined) return 'stale';
  if (stepOf(round.phase.tag) === post.body.tag && round.attempt === attempt) return 'now';
  const last = round.finished.at(-1);
  return last !== undefined && (step < last.step || attempt < round.attempt) ? 'stale' : 'early';
}

/** Steps whose late posts can still be compared with what was decoded. */
export function comparesLate(step: TallyBody['tag']): boolean {
  return step !== 'Keying' && step !== 'Reveal';
}

/** Judges a post in the pool and again when it is applied: cheap checks first, the signature last. */
export function validatePost(tally: Tally, post: TallyPost, signature: Uint8Array): UnsignedValidity {
  const { ctx, store } = tally;
  const round = store.rounds.get(post.round);
  if (round === undefined || round.term !== post.term) return invalid(REFUSED.unknownRound);
  const key = memberKey(ctx, post.term, post.member);
  if (key === undefined) return invalid(REFUSED.notMember);
  const step = TALLY_STEPS.indexOf(post.body.tag);
  const when = timing(tally, round, post);
  if (when === 'early') return invalid('Future');
  if (when === 'stale' || store.posts.has(post.round, step, post.attempt, post.member)) return invalid('Stale');
  if (!hasForm(tally, round, post)) return invalid(REFUSED.badForm);
  if (!ctx.host.verify(signatureTask(tally, key, post, signature))) return invalid('BadProof');
  return {
    priority: PRIORITY,
    requires: [],
    provides: [postTag(post)],
    longevity: LONGEVITY,
    propagate: true,
  };
}

/** One post per round, step, attempt and member. */
function postTag({ round, attempt, member, body }: TallyPost): Uint8Array {
  const tag = new Uint8Array(8);
  const view = new DataView(tag.buffer);
  view.setUint8(0, TALLY_PALLET);
  view.setUint32(1, round, true);
  view.setUint8(5, TALLY_STEPS.indexOf(body.tag));
  view.setUint8(6, attempt);
  view.setUint8(7, member);
  return tag;
}

function hasForm(tally: Tally, round: Round, post: TallyPost): boolean {
  try {
    return checkForm(tally, round, fheParams(round.paramsId), post);
  } catch (error) {
    if (isTacitError(error)) return false;
    throw error;
  }
}

/** Exact lengths, reduced residues and scalars, and whatever can be checked of one post alone. */
function checkForm(tally: Tally, round: Round, params: FheParams, { member, body }: TallyPost): boolean {
  const mine = subsetsWith(params, member);
  switch (body.tag) {
    case 'Keying': {
      const { sum, sealKeys, maskKeys } = body.value;
      if (sealKeys.length !== mine.length || maskKeys.length !== mine.length) return false;
      if (!keyingPosters(params, round.silent).includes(member)) return sum.length === 0;
      decodeKeyPoly(params, sum);
      return true;
    }
    case 'KeyCheck': {
      const count = keyCheckCount(keyingAssignment(params, round.silent));
      decodeResidues(params.keyPrimes, body.value.functionals, count);
      decodeResidues(params.dataPrimes, body.value.test, TEST_VALUES);
      return true;
    }
    case 'Reveal':
      return revealsKeys(tally, round, mine, body.value.secrets);
    case 'Check':
    case 'CheckEach': {
      const { verdicts, residues, scalars } = body.value;
      if (verdicts.length !== round.submissions || verdicts.some((verdict) => verdict > MAX_REASON)) return false;
      const formed = verdicts.filter((verdict) => verdict === 0).length;
      const each = body.tag === 'CheckEach';
      const items = each ? round.items : 1;
      const payloads = each ? formed : 1;
      if (scalars.length !== payloads + 2 * items) return false;
      for (const scalar of scalars) decodeScalar(scalar);
      decodeResidues(params.dataPrimes, residues, payloads * CHECK_VALUES);
      return true;
    }
    case 'Aggregate': {
      if (body.value.ciphertexts.length !== round.rule.parts.length) return false;
      decodeResidues(params.dataPrimes, body.value.shares, aggregateSlots(round.rule));
      return true;
    }
    case 'Total': {
      if (body.value.scores.length !== round.accepted.length) return false;
      decodeResidues(params.dataPrimes, body.value.shares, 1);
      return true;
    }
    case 'Payout':
      decodeResidues(params.dataPrimes, body.value.shares, round.accepted.length);
      return true;
  }
}

/** Whether every secret is the one of its subset's `X_A^seal`: there is nothing else to lie about. */
function revealsKeys({ store }: Tally, round: Round, mine: readonly number[], secrets: readonly Uint8Array[]): boolean {
  const keys = store.boxKeys.get(round.round)?.seal;
  if (keys === undefined || secrets.length !== mine.length) return false;
  return mine.every((subset, i) => {
    const secret = secrets[i] as Uint8Array;
    const known = store.secrets.get(round.round, subset);
    if (known !== undefined) return sameBytes(known, secret);
    return sameBytes(publicKeyOf(decodeScalar(secret)), keys[subset] as Uint8Array);
  });
}

/** Keeps a post that has been validated; `onFinalize` judges it. */
export function keepPost({ store, events }: Tally, { round, attempt, member, body }: TallyPost): void {
  const step = TALLY_STEPS.indexOf(body.tag);
  store.posts.put(round, step, attempt, member, body);
  const touched = store.touched.get();
  if (!touched.some((known) => known.round === round && known.step === step && known.attempt === attempt)) {
    store.touched.put([...touched, { round, step, attempt }]);
  }
  if (body.tag === 'Reveal') keepSecrets(store, round, member, body.value.secrets);
  events.Posted({ round, step, attempt, member });
}

function keepSecrets(store: Tally['store'], round: number, member: number, secrets: readonly Uint8Array[]): void {
  const params = fheParams(store.rounds.get(round)?.paramsId ?? '');
  subsetsWith(params, member).forEach((subset, i) => {
    store.secrets.put(round, subset, secrets[i] as Uint8Array);
  });
}
