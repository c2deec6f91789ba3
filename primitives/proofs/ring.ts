/**
 * Claims (specification §8): an unsigned statement "I own one unspent note of this bin, its amount is `amount`, pay it to `destination`".
 * In this version the whole amount of a note is claimed in the open: whoever sees a claim sees its amount, though not whose note it is.
 *
 * The challenge covers genesis, bin root, amount, fee, destination, tag and every prover message: nothing of a claim can be changed by
 * someone who sees it, and no message can be chosen after the challenge.
 */
import { concatBytes, littleEndian, type RandomBytes } from '../crypto/bytes.ts';
import { hash32Of } from '../crypto/hash.ts';
import { Prg } from '../crypto/prg.ts';
import { decodeKeyPoint, encodeScalar, hashToScalar, reduce64, type Scalar } from '../crypto/ristretto.ts';
import { isTacitError, TacitError } from '../errors.ts';
import { type Bin, binRoot, CLAIM_LIMIT, decodeBin, encodeBin, type NoteOpening, ringNotes } from './notes.ts';
import {
  type Challenge,
  decodeRingProof,
  encodeRingProof,
  messagePoints,
  proveRing,
  RING_PROOF_BYTES,
  tagOfKey,
  verifyRing,
} from './ring-proof.ts';

export { RING_PROOF_BYTES } from './ring-proof.ts';

/** The public terms of a claim. */
export interface ClaimTerms {
  /** The note's whole amount, in units of 10^-6 TAC; below {@link CLAIM_LIMIT}. */
  readonly amount: bigint;
  /** Constant fee taken out of the amount. */
  readonly fee: bigint;
  /** Account that receives `amount - fee`, 32 bytes. */
  readonly destination: Uint8Array;
}

const TERMS_BYTES = 8 + 8 + 32;

/** Checks that cost nothing; throws `ring/amount-range`, `ring/fee`, `ring/destination`. */
export function checkClaimTerms({ amount, fee, destination }: ClaimTerms): void {
  if (amount <= 0n || amount >= CLAIM_LIMIT) throw new TacitError('ring/amount-range', 'amount out of range');
  if (fee < 0n || fee >= amount) throw new TacitError('ring/fee', 'the fee takes the whole amount');
  if (destination.length !== 32) throw new TacitError('ring/destination', 'a destination has 32 bytes');
}

/** The challenge of a claim; `messages` begin with the tag. */
function claimChallenge(genesis: Uint8Array, root: Uint8Array, terms: ClaimTerms): Challenge {
  return (messages) =>
    hashToScalar(
      'tacit/claim/1',
      genesis,
      root,
      terms.amount,
      terms.fee,
      terms.destination,
      ...messagePoints(messages).map((point) => point.toBytes()),
    );
}

/** The tag of a note key as stored on the chain, 32 bytes: one per note, unlinkable to it without `key`. */
export function claimTag(key: Scalar): Uint8Array {
  return tagOfKey(key).toBytes();
}

/** The tag inside a proof: checks length, canonical form and that it is not zero; throws `ring/proof-length`, `crypto/bad-point`, `crypto/identity`. */
export function tagOfProof(proof: Uint8Array): Uint8Array {
  if (proof.length !== RING_PROOF_BYTES) {
    throw new TacitError('ring/proof-length', `a proof has ${RING_PROOF_BYTES} bytes`, { length: proof.length });
  }
  const tag = proof.slice(0, 32);
  decodeKeyPoint(tag);
  return tag;
}

export interface ClaimWitness {
  /** Place of the note in the bin. */
  readonly place: number;
  /** One-time secret `k` of the note. */
  readonly key: Scalar;
  readonly opening: NoteOpening;
}

/**
 * Proves a claim of the note at `witness.place`.
 * @param random 32 fresh bytes are drawn; nonces also depend on the secrets and terms
 * @throws `ring/amount-range`, `ring/fee`, `ring/destination`, `ring/wrong-amount`
 */
export function proveClaim(bin: Bin, terms: ClaimTerms, witness: ClaimWitness, random: RandomBytes): Uint8Array {
  checkClaimTerms(terms);
  const { amount, twin, blinding } = witness.opening;
  if (terms.amount !== amount) throw new TacitError('ring/wrong-amount', 'a claim names the whole amount of its note');
  if (witness.place < 0 || witness.place >= bin.notes.length) throw new TacitError('ring/place', 'no such note');
  const root = binRoot(bin);
  const nonces = new Prg(
    hash32Of(
      'tacit/claim-nonce/1',
      random(32),
      encodeScalar(witness.key),
      encodeScalar(blinding),
      bin.genesis,
      root,
      encodeTerms(terms),
      witness.place,
      twin,
    ),
  );
  const proof = proveRing(
    { notes: ringNotes(bin), modulus: bin.modulus, amount },
    { entry: 2 * witness.place + twin, key: witness.key, blinding },
    claimChallenge(bin.genesis, root, terms),
    () => reduce64(nonces.next(64)),
  );
  return encodeRingProof(proof);
}

function encodeTerms({ amount, fee, destination }: ClaimTerms): Uint8Array {
  return concatBytes(littleEndian(amount, 8), littleEndian(fee, 8), destination);
}

/** Whether the claim holds; false for anything malformed. Does not know which tags are spent. */
export function verifyClaim(bin: Bin, terms: ClaimTerms, proof: Uint8Array): boolean {
  try {
    checkClaimTerms(terms);
    const decoded = decodeRingProof(proof);
    const statement = { notes: ringNotes(bin), modulus: bin.modulus, amount: terms.amount };
    return verifyRing(statement, decoded, claimChallenge(bin.genesis, binRoot(bin), terms));
  } catch (error) {
    if (isTacitError(error)) return false;
    throw error;
  }
}

/** The parts of a verification task of kind `claim`: bin, terms, proof. */
export function claimTask(bin: Bin, terms: ClaimTerms, proof: Uint8Array): Uint8Array[] {
  return [encodeBin(bin), encodeTerms(terms), proof];
}

/** {@link verifyClaim} on the parts of {@link claimTask}: what a worker thread runs. False for anything malformed. */
export function verifyClaimTask(parts: readonly Uint8Array[]): boolean {
  const [bin, terms, proof] = parts;
  if (parts.length !== 3 || bin === undefined || terms === undefined || proof === undefined) return false;
  if (terms.length !== TERMS_BYTES) return false;
  try {
    const view = new DataView(terms.buffer, terms.byteOffset, terms.length);
    return verifyClaim(
      decodeBin(bin),
      { amount: view.getBigUint64(0, true), fee: view.getBigUint64(8, true), destination: terms.slice(16) },
      proof,
    );
  } catch (error) {
    if (isTacitError(error)) return false;
    throw error;
  }
}
