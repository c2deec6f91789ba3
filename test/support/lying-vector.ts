/** Vectors of a round without payout as a contributor with its own software makes them: well signed and not honest. */
import { sealOnce } from '../../primitives/crypto/aead.ts';
import { publicKeyOf, sealTo } from '../../primitives/crypto/box.ts';
import { randomScalar } from '../../primitives/crypto/ristretto.ts';
import { proveSchnorr } from '../../primitives/crypto/schnorr.ts';
import { encodePayload, type Payload } from '../../primitives/linear/payload.ts';
import { DIGIT_BASE, LANES } from '../../primitives/proofs/lane.ts';
import { encodeSealed, joinKey, SEED_BYTES } from '../../primitives/proofs/sealed.ts';
import {
  type Binding,
  boxData,
  keyDigestOf,
  payloadData,
  type SealedHead,
  submissionMessage,
} from '../../primitives/proofs/transcript.ts';
import { laneSpecOf } from '../../primitives/round/index.ts';
import { forge } from '../primitives/linear/support/forger.ts';
import { account, contextOfRound, keysOfRound, roundInfoOf, type TestChain } from './committee.ts';

/** The digits of a value, least significant first; of one below zero the lowest is below zero. */
function digitsOfAny(value: number, digits: number): bigint[] {
  if (value < 0) return Array.from({ length: digits }, (_, i) => (i === 0 ? BigInt(value) : 0n));
  return Array.from({ length: digits }, (_, i) => BigInt(Math.floor(value / DIGIT_BASE ** i) % DIGIT_BASE));
}

/** What of a submission is broken, under a proof of knowledge that holds. */
export interface Spoil {
  readonly head?: (honest: SealedHead) => SealedHead;
  readonly payload?: (honest: Uint8Array) => Uint8Array;
  readonly box?: (honest: Uint8Array) => Uint8Array;
}

const whole = <T>(honest: T): T => honest;

/**
 * A sealed vector of a voter that writes its own prover: any integers, everything of the proof that can be right is right. With `payload`, another's payload
 * under this voter's own seal.
 */
export function lyingVector(
  test: TestChain,
  id: number,
  who: string,
  values: readonly number[],
  payload?: Payload,
  lane: number = LANES.ballot,
  spoil: Spoil = {},
): Uint8Array {
  const { params, random } = test;
  const info = roundInfoOf(test.chain.ctx, id);
  const record = info.round.lanes.find((known) => known.lane === lane);
  if (record === undefined) throw new Error('no such lane');
  const binding: Binding = {
    context: contextOfRound(test, info.round),
    spec: laneSpecOf(record),
    account: account(who),
  };
  const keys = keysOfRound(test, info);
  const secret = randomScalar(random);
  const seeds = params.subsets.map(() => random(SEED_BYTES));
  const summands = params.subsets.map(() => random(SEED_BYTES));
  const key = joinKey(summands);
  const seal = (to: readonly Uint8Array[], purpose: 'key' | 'seed', secrets: readonly Uint8Array[]): Uint8Array[] =>
    secrets.map((one, A) => sealTo(to[A] as Uint8Array, one, boxData(binding, purpose, A), secret));
  const honest: SealedHead = {
    ephemeral: publicKeyOf(secret),
    keyDigest: keyDigestOf(key),
    keyBoxes: seal(keys.sealKeys, 'key', summands),
    seedBoxes: seal(keys.maskKeys, 'seed', seeds),
  };
  const head = (spoil.head ?? whole)(honest);
  const digits = values.flatMap((value) => digitsOfAny(value, binding.spec.digits));
  const proved = payload ?? forge({ params, keys }, binding, digits, { head, seeds }).submission.payload;
  const bytes = (spoil.payload ?? whole)(encodePayload(params, binding.spec, proved));
  const payloadBox = (spoil.box ?? whole)(sealOnce(key, bytes, payloadData(binding, head)));
  const proof = proveSchnorr(secret, submissionMessage(binding, head, payloadBox), random(32));
  return encodeSealed(binding.spec, { ...head, proof, payloadBox });
}
