/** Posts of the set-up at the door: phase, form, proofs, signature. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { decodeKeyPoint, decodeScalar, POINT_BYTES } from '../../primitives/crypto/ristretto.ts';
import { publicKeyOf } from '../../primitives/crypto/box.ts';
import { schnorrTask } from '../../primitives/crypto/schnorr.ts';
import { isTacitError } from '../../primitives/errors.ts';
import { dealBytes } from '../../primitives/fhe/deal.ts';
import { fheParams, subsetsWith } from '../../primitives/fhe/params.ts';
import { rawBytes } from '../../primitives/scale/index.ts';
import { invalid, type UnsignedValidity, type VerifyTask } from '../support/index.ts';
import { genesisHash } from '../system/index.ts';
import { shownBy } from './disputes.ts';
import type { Committee } from './state.ts';
import {
  type BoxOpening,
  COMMITTEE_PALLET,
  type Deal,
  keyProofMessage,
  postText,
  SETUP_STEPS,
  type SetupPost,
  setupPost,
  type SetupStep,
  type Term,
  type TermPhase,
} from './types.ts';

/** Reasons of refusal, as `InvalidTransaction::Custom` shows them. */
export const REFUSED = { otherTerm: 1, notMember: 2, badForm: 5 } as const;

const PRIORITY = 1n << 62n;
const LONGEVITY = 64n;

/** What must be verified of a post: the member's signature, and of a new encryption key its proof. */
export function postTasks({ ctx, store }: Committee, post: SetupPost, signature: Uint8Array): VerifyTask[] {
  const { term, attempt, member, body } = post;
  const genesis = genesisHash(ctx);
  const key = store.current.get()?.members[member]?.key;
  if (key === undefined) return [];
  const text = postText(genesis, COMMITTEE_PALLET, rawBytes(setupPost, post));
  const tasks: VerifyTask[] = [{ kind: 'sr25519', parts: [key, text, signature] }];
  if (body.tag === 'Keys') {
    const message = keyProofMessage(genesis, term, attempt, member);
    tasks.push({ kind: 'schnorr', parts: schnorrTask(body.value.key, message, body.value.proof) });
  }
  return tasks;
}

/** Phases in which a member may post which body. */
const PHASES: Readonly<Record<SetupStep, readonly TermPhase[]>> = {
  Keys: ['Keys'],
  Deal: ['Deal'],
  Digest: ['Digest'],
  Reveal: ['Reveal'],
  Opening: ['Digest', 'Reveal'],
  Late: ['Active'],
};
const ORDER: readonly TermPhase[] = ['Keys', 'Deal', 'Digest', 'Reveal', 'Active', 'Failed'];

/** Judges a post in the pool and again when it is applied: time and place first, then the signature over the bytes as they came, then what a member has signed. */
export function validatePost(committee: Committee, post: SetupPost, signature: Uint8Array): UnsignedValidity {
  const { ctx, store } = committee;
  const current = store.current.get();
  if (current === undefined || post.term !== current.term || post.attempt < current.attempt) {
    return invalid(REFUSED.otherTerm);
  }
  const member = current.members[post.member];
  if (member === undefined || member.status.tag === 'Excluded') return invalid(REFUSED.notMember);
  const phases = PHASES[post.body.tag];
  const now = ORDER.indexOf(current.phase.tag);
  if (post.attempt > current.attempt || phases.every((phase) => ORDER.indexOf(phase) > now)) return invalid('Future');
  if (!phases.includes(current.phase.tag) || isPosted(committee, current, post)) return invalid('Stale');
  const [signed, ...proofs] = postTasks(committee, post, signature);
  if (signed === undefined || !ctx.host.verify(signed)) return invalid('BadProof');
  if (!ctx.host.believes && !refusesNothing(() => hasForm(committee, current, post))) return invalid(REFUSED.badForm);
  if (!proofs.every((task) => ctx.host.verify(task))) return invalid('BadProof');
  if (ctx.host.believes || post.body.tag !== 'Opening') return accepted(current, post);
  return shows(committee, current, post.member, post.body.value.opening)
    ? accepted(current, post)
    : invalid('BadProof');
}

function accepted(current: Term, post: SetupPost): UnsignedValidity {
  return {
    priority: PRIORITY,
    requires: [],
    provides: [postTag(current, post)],
    longevity: LONGEVITY,
    propagate: true,
  };
}

/** A complaint shows a box without a key in it; in a dispute any box that is the member's own tells something. */
function shows(committee: Committee, current: Term, member: number, opening: BoxOpening): boolean {
  const box = shownBy(committee, current, member, opening);
  return box !== undefined && (current.phase.tag === 'Reveal' || box.key === undefined);
}

/** One post per attempt, step and member; of deals, one per set of dealers, because a member may take over those of another. */
function postTag({ dealers, phase }: Term, { term, attempt, member, body }: SetupPost): Uint8Array {
  const tag = new Uint8Array(9 + dealers.length);
  const view = new DataView(tag.buffer);
  view.setUint8(0, COMMITTEE_PALLET);
  view.setUint32(1, term, true);
  view.setUint8(5, attempt);
  view.setUint8(6, SETUP_STEPS.indexOf(body.tag));
  view.setUint8(7, member);
  view.setUint8(8, ORDER.indexOf(phase.tag));
  if (body.tag === 'Deal') tag.set(dealers, 9);
  return tag;
}

function isPosted({ store }: Committee, current: Term, { member, body }: SetupPost): boolean {
  const { term, attempt, phase, members } = current;
  switch (body.tag) {
    case 'Keys':
      return store.encryptionKeys.has(term, attempt, member);
    case 'Deal':
      return body.value.deals.some(({ subset }) => store.deals.has(term, attempt, subset));
    case 'Digest':
    case 'Opening': {
      const answered = phase.tag === 'Digest' && store.digests.has(term, attempt, member);
      return answered || store.openings.has(term, attempt, member);
    }
    case 'Reveal':
      return store.reveals.has(term, attempt);
    case 'Late':
      return members[member]?.status.tag === 'Returned';
  }
}

/** Whether `check` holds; what a primitive refuses does not. */
function refusesNothing(check: () => boolean): boolean {
  try {
    return check();
  } catch (error) {
    if (isTacitError(error)) return false;
    throw error;
  }
}

function hasForm(committee: Committee, current: Term, { member, body }: SetupPost): boolean {
  const { store } = committee;
  const { term, attempt, disputed, paramsId } = current;
  const params = fheParams(paramsId);
  const status = current.members[member]?.status.tag;
  switch (body.tag) {
    case 'Keys':
      decodeKeyPoint(body.value.key);
      return true;
    case 'Deal':
      return dealsWhatIsDue(committee, current, member, body.value.deals);
    case 'Digest':
      return status === 'Present' && body.value.digests.length === subsetsWith(params, member).length;
    case 'Opening': {
      const { subset } = body.value.opening;
      if (current.phase.tag === 'Reveal') return subset === disputed && store.digests.has(term, attempt, member);
      return status === 'Present' && subsetsWith(params, member).includes(subset);
    }
    case 'Reveal': {
      const dealt = disputed === undefined ? undefined : store.deals.get(term, attempt, disputed);
      const shown = publicKeyOf(decodeScalar(body.value.ephemeralSecret));
      return dealt?.dealer === member && sameBytes(shown, dealt.sealed.subarray(0, shown.length));
    }
    case 'Late':
      // A member that never registered a key has none to hold; one that is present has nothing to add but that it lost them.
      if (!body.value.holds) return true;
      return status === 'Absent' && store.encryptionKeys.has(term, attempt, member);
  }
}

/** Whether these are the deals of all subsets that the member has to deal now, under keys that are keys: so that every box can be shown to be good or bad. */
function dealsWhatIsDue({ store }: Committee, current: Term, member: number, deals: readonly Deal[]): boolean {
  const { term, attempt, dealers, paramsId } = current;
  const params = fheParams(paramsId);
  const mine = [...dealers.keys()].filter((subset) => {
    return dealers[subset] === member && !store.deals.has(term, attempt, subset);
  });
  if (mine.length === 0 || deals.length !== mine.length) return false;
  return deals.every(({ subset, sealed }, i) => {
    if (subset !== mine[i] || sealed.length !== dealBytes(params)) return false;
    decodeKeyPoint(sealed.subarray(0, POINT_BYTES));
    return true;
  });
}
