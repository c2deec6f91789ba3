/** Claims with hidden change over rings of 64 and 1,024 (§12), and the multiplication of many points that they rest on. */
import { pippenger } from '@noble/curves/abstract/curve.js';
import { ristretto255 } from '@noble/curves/ed25519.js';
import { decodePoints, sumOfProducts } from '../../primitives/crypto/points.ts';
import { commit, G, H, J0, type Point, randomScalar, type Scalar, times } from '../../primitives/crypto/ristretto.ts';
import { type HiddenBin, openHiddenBin, type OpenBin } from '../../primitives/proofs/hidden-bin.ts';
import { type HiddenClaim, verifyHiddenClaims } from '../../primitives/proofs/hidden-check.ts';
import {
  type ChangeSecrets,
  type HiddenTerms,
  type HiddenWitness,
  proveHiddenClaim,
} from '../../primitives/proofs/hidden-claim.ts';
import { type BenchCase, timed } from '../harness.ts';
import { context, params, random } from '../support/committee.ts';

const GRAINS = 32n;
const HELD = 1_234_567n * GRAINS;
const PAID = 200_000n;
const PLACE = 5;
/** Claims of a block that are checked together. */
const TOGETHER = 16;

const nextScalar = (): Scalar => randomScalar(random);

/** Points nobody knows more of than their sums; made by additions, which are cheap. */
function manyPoints(count: number, base: Point): Point[] {
  const step = times(base, nextScalar());
  const points = [times(base, nextScalar())];
  while (points.length < count) points.push((points.at(-1) as Point).add(step));
  return points;
}

/** A bin that is full, one note of it known. */
function closedBin(digits: number): { bin: HiddenBin; witness: HiddenWitness } {
  const [key, blinding] = [nextScalar(), nextScalar()];
  const [keys, commitments] = [manyPoints(4 ** digits, J0), manyPoints(4 ** digits, H)];
  keys[PLACE] = times(J0, key);
  commitments[PLACE] = commit(HELD, blinding);
  const notes = keys.map((one, i) => ({ key: one.toBytes(), commitment: (commitments[i] as Point).toBytes() }));
  const head = { genesis: context.genesis, modulus: params.t, grains: GRAINS, index: 0, digits };
  return {
    bin: { ...head, notes },
    witness: { place: PLACE, key, opening: { amount: HELD, twin: 0, blinding } },
  };
}

function knownBin(digits: number): { bin: OpenBin; witness: HiddenWitness } {
  const { bin, witness } = closedBin(digits);
  return { bin: openHiddenBin(bin), witness };
}

/** The largest claim of the chain: in a bin of 1,024, with two notes of change. */
export function fullHiddenBin(): {
  bin: HiddenBin;
  witness: HiddenWitness;
  terms: Omit<HiddenTerms, 'outputs'>;
  change: ChangeSecrets[];
} {
  const left = HELD - PAID * GRAINS;
  const change = [1n, left - 1n].map((amount) => ({ key: J0.toBytes(), amount, blinding: nextScalar() }));
  return { ...closedBin(5), terms: { amount: PAID, fee: 10_000n, destination: random(32) }, change };
}

function claim(bin: OpenBin, witness: HiddenWitness): HiddenClaim {
  const change = [{ key: J0.toBytes(), amount: HELD - PAID * GRAINS, blinding: nextScalar() }];
  const terms = { amount: PAID, fee: 10_000n, destination: random(32) };
  return { bin, ...proveHiddenClaim(bin, terms, witness, change, random) };
}

/** noble's multiplication (Pippenger) of all points of a ring, keys and commitments. */
function byNoble(count: number): () => unknown {
  const points = manyPoints(count, G);
  const scalars = points.map(nextScalar);
  return () => pippenger(ristretto255.Point, points, scalars);
}

function proofCase(digits: number): BenchCase {
  const places = 4 ** digits;
  return {
    name: `hidden-claim-proof-${places}`,
    title: `proof of a claim with hidden change, one note in a ring of ${places.toLocaleString('en')}`,
    unit: 'ms',
    pace: 'processor',
    reference: `@noble/curves: multi-scalar multiplication of ${2 * places} points`,
    async run() {
      const { bin, witness } = knownBin(digits);
      return timed(() => claim(bin, witness), { runs: 5, reference: byNoble(2 * places) });
    },
  };
}

function verificationCase(digits: number, together: number, aim?: number): BenchCase {
  const places = 4 ** digits;
  const each = together === 1 ? '' : `, each of ${together} that are checked together`;
  return {
    name: `hidden-claim-verification-${places}${together === 1 ? '' : `-of-${together}`}`,
    title: `verification of a claim with hidden change in a ring of ${places.toLocaleString('en')}${each}`,
    unit: 'ms',
    pace: 'processor',
    reference: `@noble/curves: multi-scalar multiplication of ${2 * places} points`,
    ...(aim !== undefined && { aim }),
    async run() {
      const { bin, witness } = knownBin(digits);
      const claims = Array.from({ length: together }, () => claim(bin, witness));
      const verify = (): void => {
        if (!verifyHiddenClaims(claims)) throw new Error('the claims do not verify');
      };
      const samples = timed(verify, { runs: 5, reference: byNoble(2 * places) });
      return samples.map((sample) => ({ ...sample, value: sample.value / together }));
    },
  };
}

const RING = 2048;

const multiplication: BenchCase = {
  name: 'sum-of-products',
  title: `multi-scalar multiplication of ${RING} points of ristretto255, decoded before`,
  unit: 'ms',
  pace: 'processor',
  reference: '@noble/curves: the same points and scalars',
  async run() {
    const points = manyPoints(RING, G);
    const scalars = points.map(nextScalar);
    const decoded = decodePoints(points.map((point) => point.toBytes()));
    const run = (): unknown => sumOfProducts({ points: decoded, scalars });
    return timed(run, {
      runs: 7,
      calls: 3,
      referenceCalls: 1,
      reference: () => pippenger(ristretto255.Point, points, scalars),
    });
  },
};

export const hiddenClaims: readonly BenchCase[] = [
  multiplication,
  proofCase(3),
  proofCase(5),
  verificationCase(3, 1),
  verificationCase(5, 1),
  verificationCase(5, TOGETHER, 30),
];
