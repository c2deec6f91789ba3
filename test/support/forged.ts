/** Contributions that are well signed and not honest: what a contributor with its own software can send. */
import { openOnce, sealOnce } from '../../primitives/crypto/aead.ts';
import { concatBytes } from '../../primitives/crypto/bytes.ts';
import { hash32Of, type HashPart } from '../../primitives/crypto/hash.ts';
import { hashToScalar, J0, reduce64 } from '../../primitives/crypto/ristretto.ts';
import { proveSchnorr, SCHNORR_BYTES } from '../../primitives/crypto/schnorr.ts';
import { linearBytes, linearShape } from '../../primitives/linear/shape.ts';
import { encodeSealed, joinKey, parseSealed, SEED_BYTES } from '../../primitives/proofs/sealed.ts';
import { type Binding, payloadData, submissionMessage } from '../../primitives/proofs/transcript.ts';
import { laneSpecOf } from '../../primitives/round/index.ts';
import {
  account,
  contextOfRound,
  enrolmentOf,
  partOf,
  roundInfoOf,
  sealedOf,
  type TestChain,
  walletSeed,
} from './committee.ts';

/** What is wrong: a payload box that does not open, a ciphertext that is off by one in its first coefficient, or a wire that is opened falsely. */
export type Forgery = 'payloadBox' | 'ciphertext' | 'opened';

/** A sealed submission whose proof of knowledge holds and whose payload does not. @param update the values, if not the round's usual ones */
export function forged(
  test: TestChain,
  id: number,
  who: string,
  part: number,
  what: Forgery,
  lane = 0,
  update: ArrayLike<number> = partOf(test.random),
): Uint8Array {
  // The first draw of `buildSubmission` is the ephemeral secret; then come the seeds and the summands of the payload's key.
  const draws: Uint8Array[] = [];
  const recording: TestChain = {
    ...test,
    random(n) {
      const bytes = test.random(n);
      draws.push(bytes);
      return bytes;
    },
  };
  const { round } = roundInfoOf(test.chain.ctx, id);
  const record = round.lanes.find((known) => known.lane === lane && known.part === part);
  if (record === undefined) throw new Error('no such lane');
  const usage = Array.from({ length: record.values }, (_, i) => (i === 0 ? Number(record.total ?? 0n) : 0));
  const values = lane === 0 ? update : usage;
  const honest = sealedOf(recording, id, who, lane, part, values);
  const binding: Binding = { context: contextOfRound(test, round), spec: laneSpecOf(record), account: account(who) };
  const sealed = parseSealed(test.params, binding.spec, honest);
  const ephemeral = reduce64(draws[0] as Uint8Array);
  const subsets = test.params.subsets.length;
  const key = joinKey(draws.slice(1 + subsets, 1 + 2 * subsets));
  if (draws.slice(1, 1 + 2 * subsets).some(({ length }) => length !== SEED_BYTES)) throw new Error('draws are others');
  const data = payloadData(binding, sealed);
  const payload = openOnce(key, sealed.payloadBox, data);
  if (payload === undefined) throw new Error('the payload does not open');
  // The ciphertext stands first, the opened wires last.
  const at = what === 'opened' ? payload.length - linearBytes(linearShape(binding.spec)).opened : 0;
  payload[at] = (payload[at] as number) ^ 1;
  const payloadBox =
    what === 'payloadBox'
      ? sealed.payloadBox.map((byte, i) => (i === 0 ? byte ^ 1 : byte))
      : sealOnce(key, payload, data);
  const proof = proveSchnorr(ephemeral, submissionMessage(binding, sealed, payloadBox), test.random(32));
  return encodeSealed(binding.spec, { ...sealed, payloadBox, proof });
}

const DELTA_AT = 2 + 5 * 32;

/** Signs an enrolment's body anew, as the wallet that made it can; `key` proves a note key of another account. */
function signedAnew(test: TestChain, id: number, who: string, body: Uint8Array, keyOwner = who): Uint8Array {
  const { round } = roundInfoOf(test.chain.ctx, id);
  const { genesis, term } = contextOfRound(test, round);
  const bound: HashPart[] = [genesis, round.paramsId, term, round.round, account(who)];
  const root = hash32Of('tacit/enrolment-wallet/1', walletSeed(who), ...bound, body.slice(SALT_AT, KEY_AT));
  const ephemeral = hashToScalar('tacit/enrolment-ephemeral/1', root);
  const key = hashToScalar('tacit/note-key/1', walletSeed(keyOwner), genesis, round.round, account(keyOwner));
  const message = hash32Of('tacit/enrolment/1', ...bound, body);
  const proofs = [proveSchnorr(ephemeral, message, test.random(32)), proveSchnorr(key, message, test.random(32), J0)];
  return concatBytes(body, ...proofs);
}

const SALT_AT = 2 + 32;
const KEY_AT = SALT_AT + 32;
const bodyOf = (enrolment: Uint8Array): Uint8Array => enrolment.slice(0, enrolment.length - 2 * SCHNORR_BYTES);

/** An enrolment whose mask is another than the one it commits to. */
export function badEnrolment(test: TestChain, id: number, who: string): Uint8Array {
  const body = bodyOf(enrolmentOf(test, id, who));
  body[DELTA_AT] = (body[DELTA_AT] as number) ^ 1;
  return signedAnew(test, id, who, body);
}

/** A good enrolment of `who` but for its note key, which is that of another account: one person has both. */
export function sharedKeyEnrolment(test: TestChain, id: number, who: string, other: string): Uint8Array {
  const body = bodyOf(enrolmentOf(test, id, who));
  body.set(enrolmentOf(test, id, other).subarray(KEY_AT, KEY_AT + 32), KEY_AT);
  return signedAnew(test, id, who, body, other);
}
