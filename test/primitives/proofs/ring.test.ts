import { expect } from 'chai';
import * as fc from 'fast-check';
import { fromLittleEndian, littleEndian } from '../../../primitives/crypto/bytes.ts';
import { hashToScalar, modOrder, ORDER, type Point, randomScalar } from '../../../primitives/crypto/ristretto.ts';
import { type Bin, binRoot, CLAIM_LIMIT } from '../../../primitives/proofs/notes.ts';
import {
  checkClaimTerms,
  type ClaimTerms,
  claimTag,
  claimTask,
  proveClaim,
  RING_PROOF_BYTES,
  tagOfProof,
  verifyClaim,
  verifyClaimTask,
} from '../../../primitives/proofs/ring.ts';
import {
  type Challenge,
  decodeRingProof,
  encodeRingProof,
  messagePoints,
  proveRing,
  verifyRing,
} from '../../../primitives/proofs/ring-proof.ts';
import { binWith, forge, openingOf, ownNote, type OwnNote, random, statementOf, T } from './support/notes.ts';

const FEE = 1_000n;
const unit = (i: number): bigint[] => [0, 1, 2, 3].map((k) => (k === i ? 1n : 0n));
/** A challenge that covers the points `covered` selects, and nothing else. */
const challengeOver =
  (covered: (points: Point[]) => Point[]): Challenge =>
  (messages) =>
    hashToScalar('test/challenge', ...covered(messagePoints(messages)).map((point) => point.toBytes()));
const everything = challengeOver((points) => points);

describe('primitives/proofs/ring', function () {
  this.timeout(120_000);
  const owners: OwnNote[] = [
    ownNote(5_000_000n, 123n),
    ownNote(3_000_000n, T - 7n),
    ownNote(1_234_567n, T >> 1n),
    ownNote((1n << 47n) - 1n, T - 1n),
    ownNote(2_000n, 0n),
  ];
  const bin: Bin = binWith(owners);
  const termsOf = (place: number): ClaimTerms => ({
    amount: owners[place]!.amount,
    fee: FEE,
    destination: new Uint8Array(32).fill(place),
  });
  const prove = (place: number, terms = termsOf(place)): Uint8Array =>
    proveClaim(bin, terms, { place, key: owners[place]!.key, opening: openingOf(bin, place, owners[place]!) }, random);

  it('every owner claims the whole amount, wrapped or not, and the tag is that of the key', () => {
    owners.forEach(({ key }, place) => {
      const proof = prove(place);
      expect(proof.length).to.equal(RING_PROOF_BYTES);
      expect(verifyClaim(bin, termsOf(place), proof)).to.equal(true);
      expect(tagOfProof(proof)).to.deep.equal(claimTag(key));
    });
  });

  it('a full bin works, first to last place', () => {
    const many = Array.from({ length: 32 }, (_, i) => ownNote(10_000n + BigInt(i), BigInt(i) * (T >> 5n)));
    const full = binWith(many);
    for (const place of [0, 31]) {
      const terms = { amount: many[place]!.amount, fee: FEE, destination: random(32) };
      const witness = { place, key: many[place]!.key, opening: openingOf(full, place, many[place]!) };
      expect(verifyClaim(full, terms, proveClaim(full, terms, witness, random))).to.equal(true);
    }
  });

  it('a seen claim cannot be changed: amount, fee, destination, bin', () => {
    const proof = prove(0);
    const terms = termsOf(0);
    const others: [Bin, ClaimTerms][] = [
      [bin, { ...terms, amount: terms.amount + 1n }],
      [bin, { ...terms, amount: terms.amount - 1n }],
      [bin, { ...terms, fee: 0n }],
      [bin, { ...terms, destination: new Uint8Array(32).fill(9) }],
      [{ ...bin, round: 4 }, terms],
      [{ ...bin, index: 1 }, terms],
      [{ ...bin, genesis: random(32) }, terms],
      [{ ...bin, notes: bin.notes.slice(0, 4) }, terms],
      [{ ...bin, notes: bin.notes.toReversed() }, terms],
    ];
    others.forEach(([otherBin, otherTerms], i) => {
      expect(verifyClaim(otherBin, otherTerms, proof), `variant ${i}`).to.equal(false);
    });
  });

  it('where the challenge does not cover the destination, a seen claim can be redirected', () => {
    const to =
      (destination: Uint8Array, covered: boolean): Challenge =>
      (messages) =>
        hashToScalar(
          'test/challenge',
          ...(covered ? [destination] : []),
          ...messagePoints(messages).map((point) => point.toBytes()),
        );
    const statement = statementOf(bin, owners[0]!.amount);
    const witness = { entry: 0, key: owners[0]!.key, blinding: openingOf(bin, 0, owners[0]!).blinding };
    const [mine, thiefs] = [random(32), random(32)];
    const outcome = [true, false].map((covered) => {
      const proof = proveRing(statement, witness, to(mine, covered), () => randomScalar(random));
      return [mine, thiefs].map((destination) => verifyRing(statement, proof, to(destination, covered)));
    });
    expect(outcome).to.deep.equal([
      [true, false],
      [true, true],
    ]);
  });

  it('a second claim of a note has the same tag, whatever its terms; other notes have other tags', () => {
    const again = prove(0, { ...termsOf(0), destination: random(32) });
    expect(again).to.not.deep.equal(prove(0));
    expect(tagOfProof(again)).to.deep.equal(tagOfProof(prove(0)));
    expect(new Set(owners.map(({ key }) => claimTag(key).join())).size).to.equal(owners.length);
  });

  it('no one else can claim: wrong key, wrong place, wrong blinding, another tag', () => {
    const { key } = owners[0]!;
    const opening = openingOf(bin, 0, owners[0]!);
    const terms = termsOf(0);
    expect(verifyClaim(bin, terms, proveClaim(bin, terms, { place: 0, key: key + 1n, opening }, random))).to.equal(
      false,
    );
    expect(verifyClaim(bin, terms, proveClaim(bin, terms, { place: 1, key, opening }, random))).to.equal(false);
    const moved = { ...opening, blinding: opening.blinding + 1n };
    expect(verifyClaim(bin, terms, proveClaim(bin, terms, { place: 0, key, opening: moved }, random))).to.equal(false);
    const proof = prove(0);
    proof.set(claimTag(owners[1]!.key), 0);
    expect(verifyClaim(bin, terms, proof)).to.equal(false);
  });

  it('the twin of an unwrapped note opens to amount + t: the proof would hold, the limit of 2^48 refuses it', () => {
    const { key, amount, r, m, z } = owners[0]!;
    expect(z - m).to.equal(amount);
    const forged = amount + T;
    const statement = statementOf(bin, forged);
    const proof = proveRing(statement, { entry: 1, key, blinding: modOrder(-r) }, everything, () =>
      randomScalar(random),
    );
    expect(verifyRing(statement, proof, everything), 'guard removed').to.equal(true);
    expect(proof.messages.tag.toBytes(), 'tag of the twin').to.deep.equal(claimTag(key));
    expect(forged >= CLAIM_LIMIT).to.equal(true);
    const terms = { ...termsOf(0), amount: forged };
    expect(() =>
      proveClaim(bin, terms, { place: 0, key, opening: { amount: forged, twin: 1, blinding: modOrder(-r) } }, random),
    )
      .to.throw()
      .with.property('code', 'ring/amount-range');
    expect(verifyClaim(bin, terms, encodeRingProof(proof))).to.equal(false);
  });

  it('a note shows no other tag than its own, so it is not spent twice', () => {
    const opening = openingOf(bin, 0, owners[0]!);
    const statement = statementOf(bin, opening.amount);
    const spend = {
      sigma: [unit(0), unit(0), unit(0)],
      key: owners[0]!.key,
      blinding: opening.blinding,
      late: 'products',
    } as const;
    expect(verifyRing(statement, forge(statement, spend, everything), everything)).to.equal(true);
    const again = forge(statement, { ...spend, tagKey: randomScalar(random) }, everything);
    expect(verifyRing(statement, again, everything)).to.equal(false);
  });

  it('the challenge covers genesis, bin root, amount, fee, destination, tag and every message, in this order', () => {
    const terms = termsOf(0);
    const proof = decodeRingProof(prove(0));
    const challenge: Challenge = (messages) => {
      const { tag, digits, keyMasks, tagMasks, valueMasks } = messages;
      const points = [tag, ...digits, ...keyMasks, ...tagMasks, ...valueMasks].map((point) => point.toBytes());
      return hashToScalar(
        'tacit/claim/1',
        bin.genesis,
        binRoot(bin),
        terms.amount,
        terms.fee,
        terms.destination,
        ...points,
      );
    };
    expect(verifyRing(statementOf(bin, terms.amount), proof, challenge)).to.equal(true);
  });

  it('padding cannot be spent', () => {
    const statement = statementOf(bin, 5n);
    for (const entry of [10, 63]) {
      const witness = { entry, key: randomScalar(random), blinding: randomScalar(random) };
      const proof = proveRing(statement, witness, everything, () => randomScalar(random));
      expect(verifyRing(statement, proof, everything)).to.equal(false);
    }
    const opening = openingOf(bin, 0, owners[0]!);
    expect(() => proveClaim(bin, termsOf(0), { place: 5, key: 1n, opening }, random))
      .to.throw()
      .with.property('code', 'ring/place');
  });

  it('digits that are no unit vectors mint money where the commitment C is left out of the hash, and nowhere else', () => {
    // Two own notes of 5 and 3 TAC: 2 * first - second is "a note" of 7 TAC, and every other combination another one.
    const [first, second] = [openingOf(bin, 0, owners[0]!), openingOf(bin, 1, owners[1]!)];
    expect([first.twin, second.twin]).to.deep.equal([0, 1]);
    const amount = 2n * first.amount - second.amount;
    const forgery = {
      sigma: [[2n, 0n, 0n, -1n], unit(0), unit(0)],
      key: modOrder(2n * owners[0]!.key - owners[1]!.key),
      blinding: modOrder(2n * first.blinding - second.blinding),
      late: 'products',
    } as const;
    const statement = statementOf(bin, amount);
    const withoutC = challengeOver((points) => points.filter((_, i) => i !== 3));
    expect(verifyRing(statement, forge(statement, forgery, withoutC), withoutC), 'guard removed').to.equal(true);
    expect(verifyRing(statement, forge(statement, forgery, everything), everything)).to.equal(false);
  });

  it('any amount can be claimed where the masks Z are left out of the hash, and nowhere else', () => {
    const amount = 1n << 46n;
    const statement = statementOf(bin, amount);
    const forgery = {
      sigma: [unit(0), unit(0), unit(0)],
      key: owners[0]!.key,
      blinding: 0n,
      late: 'valueMask',
    } as const;
    const withoutZ = challengeOver((points) => points.slice(0, -3));
    expect(verifyRing(statement, forge(statement, forgery, withoutZ), withoutZ), 'guard removed').to.equal(true);
    expect(verifyRing(statement, forge(statement, forgery, everything), everything)).to.equal(false);
  });

  it('an independent prover that keeps to the protocol is accepted', () => {
    const opening = openingOf(bin, 1, owners[1]!);
    const statement = statementOf(bin, opening.amount);
    const honest = {
      sigma: [unit(3), unit(0), unit(0)],
      key: owners[1]!.key,
      blinding: opening.blinding,
      late: 'products',
    } as const;
    // With unit vectors the late choice of C gives the very commitment that an honest prover sends.
    expect(verifyRing(statement, forge(statement, honest, everything), everything)).to.equal(true);
  });

  it('every flipped bit is refused', () => {
    const proof = prove(2);
    const terms = termsOf(2);
    fc.assert(
      fc.property(fc.nat(RING_PROOF_BYTES * 8 - 1), (bit) => {
        const bad = proof.slice();
        bad[bit >> 3]! ^= 1 << (bit & 7);
        expect(verifyClaim(bin, terms, bad)).to.equal(false);
      }),
      { numRuns: 60 },
    );
  });

  it('refuses non-canonical points and scalars, a zero tag, wrong lengths, each with its code', () => {
    const proof = prove(2);
    const withBytes = (at: number, bytes: Uint8Array): Uint8Array => {
      const bad = proof.slice();
      bad.set(bytes, at);
      return bad;
    };
    const failing = (bytes: Uint8Array, code: string): void => {
      expect(() => decodeRingProof(bytes))
        .to.throw()
        .with.property('code', code);
      expect(verifyClaim(bin, termsOf(2), bytes)).to.equal(false);
    };
    for (let at = 0; at < 14; at++) failing(withBytes(32 * at, new Uint8Array(32).fill(255)), 'crypto/bad-point');
    for (let at = 14; at < 27; at++) {
      const scalar = fromLittleEndian(proof.subarray(32 * at, 32 * at + 32));
      failing(withBytes(32 * at, littleEndian(scalar + ORDER, 32)), 'crypto/bad-scalar');
    }
    failing(withBytes(0, new Uint8Array(32)), 'crypto/identity');
    failing(proof.subarray(1), 'ring/proof-length');
    failing(new Uint8Array([...proof, 0]), 'ring/proof-length');
    expect(() => tagOfProof(withBytes(0, new Uint8Array(32))))
      .to.throw()
      .with.property('code', 'crypto/identity');
    expect(() => tagOfProof(proof.subarray(1)))
      .to.throw()
      .with.property('code', 'ring/proof-length');
    // A proof of nothing but zeros satisfies every equation: only the zero tag and the challenge stand against it.
    expect(verifyClaim(bin, termsOf(2), new Uint8Array(RING_PROOF_BYTES))).to.equal(false);
  });

  it('terms out of range are refused before any proof is read', () => {
    const proof = prove(0);
    const terms = termsOf(0);
    for (const [change, code] of [
      [{ amount: 0n }, 'ring/amount-range'],
      [{ amount: -1n }, 'ring/amount-range'],
      [{ amount: CLAIM_LIMIT }, 'ring/amount-range'],
      [{ fee: terms.amount }, 'ring/fee'],
      [{ fee: -1n }, 'ring/fee'],
      [{ destination: new Uint8Array(31) }, 'ring/destination'],
    ] as const) {
      expect(() => checkClaimTerms({ ...terms, ...change }))
        .to.throw()
        .with.property('code', code);
      expect(verifyClaim(bin, { ...terms, ...change }, proof)).to.equal(false);
    }
    checkClaimTerms({ ...terms, amount: CLAIM_LIMIT - 1n, fee: CLAIM_LIMIT - 2n });
    expect(() => prove(0, { ...termsOf(0), amount: 4n, fee: 0n }))
      .to.throw()
      .with.property('code', 'ring/wrong-amount');
  });

  it('tasks carry a claim to a worker; garbage is false, never an exception', () => {
    const parts = claimTask(bin, termsOf(0), prove(0));
    expect(verifyClaimTask(parts)).to.equal(true);
    expect(verifyClaimTask([parts[0]!, parts[1]!])).to.equal(false);
    expect(verifyClaimTask([...parts, parts[0]!])).to.equal(false);
    const bytes = fc.uint8Array({ maxLength: 120 });
    fc.assert(
      fc.property(fc.nat(2), bytes, (part, garbage) => {
        expect(verifyClaimTask(parts.map((p, i) => (i === part ? garbage : p)))).to.equal(false);
      }),
      { numRuns: 60 },
    );
  });

  it('proofs of one claim differ, so that nothing but the tag links them', () => {
    const [one, two] = [prove(0), prove(0)];
    for (let at = 1; at < RING_PROOF_BYTES / 32; at++) {
      expect(one.subarray(32 * at, 32 * at + 32)).to.not.deep.equal(two.subarray(32 * at, 32 * at + 32));
    }
  });
});
