/** Posts of the set-up at the door: phase, form, proofs, signature. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { decodeKeyPoint, decodeScalar } from '../../primitives/crypto/ristretto.ts';
import { publicKeyOf } from '../../primitives/crypto/box.ts';
import { schnorrTask } from '../../primitives/crypto/schnorr.ts';
import { isTacitError } from '../../primitives/errors.ts';
import { dealBytes } from '../../primitives/fhe/deal.ts';
import { fheParams, subsetsWith } from '../../primitives/fhe/params.ts';
import { invalid, type UnsignedValidity, type VerifyTask } from '../support/index.ts';
import { genesisHash } from '../system/index.ts';
import type { Committee } from './state.ts';
import {
  COMMITTEE_PALLET,
  keyProofMessage,
  postText,
  SETUP_STEPS,
  type SetupPost,
  setupPost,
  type Term,
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
  const text = postText(genesis, COMMITTEE_PALLET, setupPost.codec.enc(post));
  const tasks: VerifyTask[] = [{ kind: 'sr25519', parts: [key, text, signature] }];
  if (body.tag === 'Keys') {
    const message = keyProofMessage(genesis, term, attempt, member);
    tasks.push({ kind: 'schnorr', parts: schnorrTask(body.value.key, message, body.value.proof) });
  }
  return tasks;
}

/** Judges a post in the pool and again when it is applied: cheap checks first, the signature last. */
export function validatePost(committee: Committee, post: SetupPost, signature: Uint8Array): UnsignedValidity {
  const { ctx, store } = committee;
  const current = store.current.get();
  if (current === undefined || post.term !== current.term || post.attempt < current.attempt) {
    return invalid(REFUSED.otherTerm);
  }
  const member = current.members[post.member];
  if (member === undefined || member.status.tag === 'Excluded') return invalid(REFUSED.notMember);
  const [now, step] = [SETUP_STEPS.findIndex((name) => name === current.phase.tag), SETUP_STEPS.indexOf(post.body.tag)];
  if (post.attempt > current.attempt || (now >= 0 && step > now)) return invalid('Future');
  if (now !== step || isPosted(committee, current, post)) return invalid('Stale');
  if (!hasForm(committee, current, post)) return invalid(REFUSED.badForm);
  if (!postTasks(committee, post, signature).every((task) => ctx.host.verify(task))) return invalid('BadProof');
  return {
    priority: PRIORITY,
    requires: [],
    provides: [postTag(current, post)],
    longevity: LONGEVITY,
    propagate: true,
  };
}

/** One post per attempt, step and member; of deals, one per set of dealers, because a member may take over those of another. */
function postTag({ dealers }: Term, { term, attempt, member, body }: SetupPost): Uint8Array {
  const tag = new Uint8Array(8 + dealers.length);
  const view = new DataView(tag.buffer);
  view.setUint8(0, COMMITTEE_PALLET);
  view.setUint32(1, term, true);
  view.setUint8(5, attempt);
  view.setUint8(6, SETUP_STEPS.indexOf(body.tag));
  view.setUint8(7, member);
  if (body.tag === 'Deal') tag.set(dealers, 8);
  return tag;
}

function isPosted({ store }: Committee, current: Term, { member, body }: SetupPost): boolean {
  const { term, attempt } = current;
  switch (body.tag) {
    case 'Keys':
      return store.encryptionKeys.has(term, attempt, member);
    case 'Digest':
      return store.digests.has(term, attempt, member);
    case 'Deal':
      return body.value.deals.some(({ subset }) => store.deals.has(term, attempt, subset));
    case 'Reveal':
      return body.value.reveals.some(({ subset }) => store.reveals.has(term, attempt, subset));
  }
}

function hasForm(committee: Committee, current: Term, post: SetupPost): boolean {
  try {
    return checkForm(committee, current, post);
  } catch (error) {
    if (isTacitError(error)) return false;
    throw error;
  }
}

function checkForm({ store }: Committee, current: Term, { member, body }: SetupPost): boolean {
  const { term, attempt, dealers, disputed } = current;
  const params = fheParams(current.paramsId);
  const isPresent = current.members[member]?.status.tag === 'Present';
  switch (body.tag) {
    case 'Keys':
      decodeKeyPoint(body.value.key);
      return true;
    case 'Deal': {
      const mine = [...dealers.keys()].filter((subset) => {
        return dealers[subset] === member && !store.deals.has(term, attempt, subset);
      });
      const { deals } = body.value;
      return (
        mine.length > 0 &&
        deals.length === mine.length &&
        deals.every(({ subset, sealed }, i) => subset === mine[i] && sealed.length === dealBytes(params))
      );
    }
    case 'Digest':
      return isPresent && body.value.digests.length === subsetsWith(params, member).length;
    case 'Reveal': {
      const mine = disputed.filter((subset) => dealers[subset] === member);
      const { reveals } = body.value;
      if (mine.length === 0 || reveals.length !== mine.length) return false;
      return reveals.every(({ subset, ephemeralSecret }, i) => {
        const sealed = store.deals.get(term, attempt, subset)?.sealed;
        const shown = publicKeyOf(decodeScalar(ephemeralSecret));
        return subset === mine[i] && sealed !== undefined && sameBytes(shown, sealed.subarray(0, shown.length));
      });
    }
  }
}
