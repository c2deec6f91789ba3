/** Who wants more than a note holds, or another's note: each attack passes where its guard is removed. */
import { expect } from 'chai';
import {
  commit,
  encodeScalar,
  G,
  modOrder,
  ORDER,
  randomScalar,
  type Scalar,
  times,
  J0,
} from '../../../primitives/crypto/ristretto.ts';
import { concatBytes } from '../../../primitives/crypto/bytes.ts';
import { decodePoints } from '../../../primitives/crypto/points.ts';
import { BASE, basePoints, Combination } from '../../../primitives/proofs/combination.ts';
import { LEAST_MODULUS, openHiddenBin } from '../../../primitives/proofs/hidden-bin.ts';
import { type HiddenClaim, verifyHiddenClaim, verifyHiddenClaims } from '../../../primitives/proofs/hidden-check.ts';
import { claimChallenge, claimContext } from '../../../primitives/proofs/hidden-claim.ts';
import { CLAIM_LIMIT } from '../../../primitives/proofs/notes.ts';
import {
  decodePlaceProof,
  encodePlaceProof,
  openPlaceProof,
  type PlaceProof,
  placeProofBytes,
} from '../../../primitives/proofs/one-of-many.ts';
import { addNotes, addPlaceEquations } from '../../../primitives/proofs/place-check.ts';
import { proveRange } from '../../../primitives/proofs/range-proof.ts';
import { verifyRanges, weightsFrom } from '../../../primitives/proofs/range-check.ts';
import { claimOf, forgeClaim, GRAINS, roundNote, sceneOf, witnessOf } from './support/hidden.ts';
import { random, T } from './support/notes.ts';

const nextScalar = (): Scalar => randomScalar(random);

/** The parts of a claim's proof, and its challenge. */
function readClaim({ bin, terms, proof }: HiddenClaim): { place: PlaceProof; wrap: Uint8Array; x: Scalar } {
  const at = placeProofBytes(bin.digits);
  const place = decodePlaceProof(bin.digits, proof.slice(0, at));
  const wrap = proof.slice(at, at + 32);
  return { place, wrap, x: claimChallenge(claimContext(bin, terms, wrap, place.messages), proof.slice(at + 32)) };
}

/** Whether the equations of the places hold: the claims without their range proofs. Equations: digits, keys, tags; 3 is what values weigh beside keys. */
function placesHold(claims: readonly HiddenClaim[], weightOf: (claim: number, equation: number) => Scalar): boolean {
  const sum = new Combination();
  const values = weightOf(0, 3);
  claims.forEach((claim, i) => {
    const { bin, terms } = claim;
    const { place, wrap, x } = readClaim(claim);
    const weights = { digits: weightOf(i, 0), keys: weightOf(i, 1), tags: weightOf(i, 2), values };
    const { notes, onD } = addPlaceEquations(sum, bin.digits, place, x, weights);
    addNotes(sum, bin.ring, notes, values);
    sum.add(basePoints(), BASE.G, onD * terms.amount * bin.grains);
    const points = decodePoints([...terms.outputs.map(({ commitment }) => commitment), wrap]);
    sum.addAll(points, [...terms.outputs.map(() => onD), -onD]);
  });
  return sum.isZero();
}
const anyWeight = (): Scalar => nextScalar();

describe('primitives/proofs/hidden-claim: attacks', function () {
  const units = 1_234_567n;
  const owners = [roundNote(units, false), roundNote(units, true)];
  const scene = sceneOf(owners);
  const { open } = scene;
  const own = (place: number): { place: number; key: Scalar; blinding: Scalar } => {
    const { key, opening } = witnessOf(scene, place);
    return { place, key, blinding: opening.blinding };
  };
  const held = units * GRAINS;

  it('the forger is an honest prover where it is told nothing else', () => {
    const amount = 200_000n;
    const left = held - amount * GRAINS;
    expect(verifyHiddenClaim(forgeClaim(open, { ...own(0), amount, change: left }))).to.equal(true);
    expect(verifyHiddenClaim(forgeClaim(open, { ...own(1), amount, change: left, wrap: T }))).to.equal(true);
  });

  it('terms that are not admitted are refused although everything is proved', () => {
    const left = (amount: bigint): bigint => held - amount * GRAINS;
    const forged = [
      { amount: 300_000n },
      { amount: 1_234_567n },
      { amount: 5_000n, fee: 5_000n },
      { amount: 200_000n, fee: 200_001n },
      { amount: 200_000n, destination: new Uint8Array(31) },
      { amount: 200_000n, changeKey: new Uint8Array(32) },
      { amount: 200_000n, changeKey: new Uint8Array(32).fill(255) },
    ].map((terms) => forgeClaim(open, { ...own(0), ...terms, change: left(terms.amount) }));
    for (const claim of forged) {
      expect(placesHold([claim], anyWeight), 'guard removed').to.equal(true);
      expect(verifyHiddenClaim(claim)).to.equal(false);
    }
  });

  it('amount and change that are more than the note holds fail the place, however well the change is in range', () => {
    for (const extra of [1n, 5n, 1n << 40n]) {
      const claim = forgeClaim(open, { ...own(0), amount: 200_000n, change: held - 200_000n * GRAINS + extra });
      expect(placesHold([claim], anyWeight)).to.equal(false);
      expect(verifyHiddenClaim(claim)).to.equal(false);
    }
  });

  it('negative change balances, and only the range stands against it', () => {
    const amount = 2_000_000n;
    const change = held - amount * GRAINS;
    expect(change < 0n).to.equal(true);
    for (const said of [0n, -change, BigInt.asUintN(48, change)]) {
      const claim = forgeClaim(open, { ...own(0), amount, change, said });
      expect(placesHold([claim], anyWeight), 'guard removed').to.equal(true);
      expect(verifyHiddenClaim(claim)).to.equal(false);
    }
  });

  it('change that overflows the order of the group is the same', () => {
    const amount = 5n * 10n ** 12n;
    const change = modOrder(held - amount * GRAINS);
    expect(change > ORDER >> 1n).to.equal(true);
    const claim = forgeClaim(open, { ...own(0), amount, change, said: BigInt.asUintN(48, change) });
    expect(placesHold([claim], anyWeight), 'guard removed').to.equal(true);
    expect(verifyHiddenClaim(claim)).to.equal(false);
  });

  it('the twin of an unwrapped note would pay t: its change is out of range, for every amount and every split', () => {
    const amount = 200_000n;
    const change = held + T - amount * GRAINS;
    const claim = forgeClaim(open, { ...own(0), amount, change, wrap: T, said: BigInt.asUintN(48, change) });
    expect(placesHold([claim], anyWeight), 'guard removed').to.equal(true);
    expect(verifyHiddenClaim(claim)).to.equal(false);
    // With a range of 2^51 the same change would be proved: that is why the range is 2^48.
    const blinding = nextScalar();
    const ranged = [{ commitment: commit(change, blinding).toBytes(), bits: 51, unit: 1n }];
    const statement = { context: random(32), ranged };
    const proof = proveRange(statement, [{ value: change, blinding }], nextScalar);
    expect(verifyRanges([{ statement, proof }]), 'guard removed').to.equal(true);
    // The largest amount and two changes of the largest size do not reach it.
    expect(3n * (CLAIM_LIMIT - 1n) < T).to.equal(true);
    expect(LEAST_MODULUS < T).to.equal(true);
  });

  it('a wrapped note does not pay without its wrap, nor an unwrapped one with less than its own', () => {
    const amount = 200_000n;
    const change = held - amount * GRAINS;
    expect(verifyHiddenClaim(forgeClaim(open, { ...own(1), amount, change }))).to.equal(false);
    // value - t = amount + change: the change that balances is negative
    const without = forgeClaim(open, { ...own(1), amount, change: change - T, said: 0n });
    expect(placesHold([without], anyWeight), 'guard removed').to.equal(true);
    expect(verifyHiddenClaim(without)).to.equal(false);
  });

  it('a wrap that is neither 0 nor t would mint: it is proved to be one of them', () => {
    const amount = 2_000_000n;
    for (const wrap of [1_000_000n * GRAINS, 2n * T, -T]) {
      const change = held + wrap - amount * GRAINS;
      const claim = forgeClaim(open, { ...own(0), amount, change, wrap, said: BigInt.asUintN(48, change) });
      expect(placesHold([claim], anyWeight), 'guard removed').to.equal(true);
      expect(verifyHiddenClaim(claim)).to.equal(false);
    }
  });

  it('moduli at which a twin comes within reach are refused', () => {
    for (const modulus of [LEAST_MODULUS, CLAIM_LIMIT, 1n]) {
      expect(() => openHiddenBin({ ...scene.bin, modulus }))
        .to.throw()
        .with.property('code', 'hidden/bad-bin');
    }
    openHiddenBin({ ...scene.bin, modulus: LEAST_MODULUS + 1n });
  });

  it('a wrong key, a wrong blinding and another’s place are refused', () => {
    const amount = 200_000n;
    const change = held - amount * GRAINS;
    const mine = own(0);
    for (const wrong of [
      { ...mine, key: mine.key + 1n },
      { ...mine, blinding: mine.blinding + 1n },
      { ...mine, place: 1 },
      { ...mine, place: 40 },
      { ...own(1), key: mine.key },
    ]) {
      expect(verifyHiddenClaim(forgeClaim(open, { ...wrong, amount, change }))).to.equal(false);
    }
  });

  it('a note shows no other tag than its own, so it is not spent twice', () => {
    const claim = claimOf(scene, 0, 200_000n);
    const other = claimOf(scene, 1, 200_000n);
    const proof = claim.proof.slice();
    proof.set(other.proof.subarray(0, 32));
    expect(verifyHiddenClaim({ ...claim, proof })).to.equal(false);
    // Also where the prover computes everything else with the foreign tag.
    const { key, opening, place } = witnessOf(scene, 0);
    const { terms } = claim;
    const wrap = claim.proof.slice(placeProofBytes(3), placeProofBytes(3) + 32);
    const opened = openPlaceProof(open.ring, { place, key, blinding: opening.blinding }, nextScalar);
    const tag = times(J0, 3n).toBytes();
    const messages = { ...opened.messages, tag };
    const range = claim.proof.slice(placeProofBytes(3) + 32);
    const responses = opened.respond(claimChallenge(claimContext(open, terms, wrap, messages), range));
    const forged = { ...claim, proof: concatBytes(encodePlaceProof({ messages, responses }), wrap, range) };
    expect(verifyHiddenClaim(forged)).to.equal(false);
  });

  /** Moves one answer of each of two good claims, so that the errors cancel where the weights are `weights`. */
  const cancelling = (claims: readonly HiddenClaim[], weights: readonly [Scalar, Scalar]): HiddenClaim[] =>
    claims.map((claim, i) => {
      const at = placeProofBytes(3);
      const { messages, responses } = readClaim(claim).place;
      const shift = i === 0 ? weights[1] : -weights[0];
      const moved = { ...responses, zValue: modOrder(responses.zValue + shift) };
      const proof = concatBytes(encodePlaceProof({ messages, responses: moved }), claim.proof.slice(at));
      return { ...claim, proof };
    });

  it('two wrong claims whose errors cancel pass under equal weights, and under no others', () => {
    const claims = cancelling([claimOf(scene, 0, 200_000n), claimOf(scene, 1, 200_000n)], [1n, 1n]);
    expect(
      placesHold(claims, () => 1n),
      'guard removed',
    ).to.equal(true);
    expect(verifyHiddenClaims(claims)).to.equal(false);
    for (const one of claims) expect(verifyHiddenClaim(one)).to.equal(false);
  });

  it('weights that do not cover the answers let errors cancel: whoever computes them first fails', () => {
    const honest = [claimOf(scene, 0, 200_000n), claimOf(scene, 1, 200_000n)] as const;
    const nextWeight = weightsFrom(...honest.map((claim) => encodeScalar(readClaim(claim).x)));
    const values = nextWeight();
    const known = honest.map(() => [nextWeight(), nextWeight(), nextWeight(), nextWeight()]);
    const claims = cancelling(honest, [known[0]![1]!, known[1]![1]!]);
    const weightOf = (claim: number, equation: number): Scalar => (equation === 3 ? values : known[claim]![equation]!);
    expect(placesHold(claims, weightOf), 'guard removed').to.equal(true);
    expect(verifyHiddenClaims(claims)).to.equal(false);
  });

  it('a key of one’s own that hides value would mint where keys and values have one weight', () => {
    // Somebody made this note as change: its key is k J0 + v G, which pays for v more than the note holds.
    const { key, blinding } = own(0);
    const v = 7_000_000n * GRAINS;
    const poisoned = times(J0, key).add(times(G, v)).toBytes();
    const bin = openHiddenBin({
      ...scene.bin,
      notes: scene.bin.notes.with(0, { ...scene.bin.notes[0]!, key: poisoned }),
    });
    const change = held + v - 5_000_000n * GRAINS;
    const claim = forgeClaim(bin, { place: 0, key, blinding, amount: 5_000_000n, change });
    expect(
      placesHold([claim], () => 1n),
      'guard removed',
    ).to.equal(true);
    expect(verifyHiddenClaim(claim)).to.equal(false);
  });
});
