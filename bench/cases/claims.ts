/** Claims: one-out-of-many proofs over a ring of 64 (§8). */
import { pippenger } from '@noble/curves/abstract/curve.js';
import { ristretto255 } from '@noble/curves/ed25519.js';
import { commit, J0, randomScalar, times } from '../../primitives/crypto/ristretto.ts';
import { type Bin, BIN_NOTES, mintNote, openNote } from '../../primitives/proofs/notes.ts';
import { type ClaimTerms, type ClaimWitness, proveClaim, verifyClaim } from '../../primitives/proofs/ring.ts';
import { type BenchCase, timed } from '../harness.ts';
import { context, params, random } from '../support/committee.ts';

const AMOUNT = 1_000_000n;
const PLACE = 5;
/** Points in the verifier's one multi-scalar multiplication: keys and commitments of the ring, 14 messages, 17 generators. */
const POINTS = 2 * BIN_NOTES + 14 + 17;

/** A bin without padding, and what the owner of one of its notes knows. */
export function fullBin(): { bin: Bin; terms: ClaimTerms; witness: ClaimWitness } {
  const mask = { m: 1n << 40n, r: randomScalar(random) };
  const key = randomScalar(random);
  const z = AMOUNT + mask.m;
  const notes = Array.from({ length: BIN_NOTES }, (_, place) => {
    const own = place === PLACE;
    const r = own ? mask.r : randomScalar(random);
    return mintNote(z, commit(mask.m, r).toBytes(), times(J0, own ? key : randomScalar(random)).toBytes());
  });
  const bin: Bin = { genesis: context.genesis, round: context.round, index: 0, modulus: params.t, notes };
  const note = notes[PLACE] as (typeof notes)[number];
  return {
    bin,
    terms: { amount: AMOUNT, fee: 1000n, destination: random(32) },
    witness: { place: PLACE, key, opening: openNote(note, z, mask.m, mask.r, params.t) },
  };
}

/** noble's own multi-scalar multiplication (Pippenger) of as many points. */
function multiScalarByNoble(): () => unknown {
  const { Point } = ristretto255;
  const points = Array.from({ length: POINTS }, () => Point.BASE.multiply(randomScalar(random)));
  const scalars = points.map(() => randomScalar(random));
  return () => pippenger(Point, points, scalars);
}

export const claimProof: BenchCase = {
  name: 'claim-proof',
  title: 'proof of a claim of one note in a ring of 64',
  unit: 'ms',
  pace: 'processor',
  reference: `@noble/curves: multi-scalar multiplication of ${POINTS} points`,
  async run() {
    const { bin, terms, witness } = fullBin();
    return timed(() => proveClaim(bin, terms, witness, random), { runs: 7, reference: multiScalarByNoble() });
  },
};

export const claimVerification: BenchCase = {
  name: 'claim-verification',
  title: 'verification of a claim in a ring of 64, points decoded from bytes',
  unit: 'ms',
  pace: 'processor',
  reference: `@noble/curves: multi-scalar multiplication of ${POINTS} points`,
  async run() {
    const { bin, terms, witness } = fullBin();
    const proof = proveClaim(bin, terms, witness, random);
    const verify = (): void => {
      if (!verifyClaim(bin, terms, proof)) throw new Error('the claim does not verify');
    };
    return timed(verify, { runs: 9, reference: multiScalarByNoble() });
  },
};
