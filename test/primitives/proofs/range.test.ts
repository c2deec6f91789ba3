import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { fromLittleEndian, littleEndian } from '../../../primitives/crypto/bytes.ts';
import { commit, modOrder, ORDER, randomScalar, type Scalar } from '../../../primitives/crypto/ristretto.ts';
import { Combination } from '../../../primitives/proofs/combination.ts';
import {
  addRangeEquation,
  type RangeClaim,
  verifyRanges,
  weightsFrom,
} from '../../../primitives/proofs/range-check.ts';
import {
  decodeRangeProof,
  encodeRangeProof,
  MAX_RANGE_BITS,
  proveRange,
  type Ranged,
  type RangeOpening,
  rangeProofBytes,
  rangeStatementHash,
  type RangeStatement,
  vectorLength,
} from '../../../primitives/proofs/range-proof.ts';
import { forgeRange } from './support/range-forger.ts';
import { rangeHolds } from './support/range-steps.ts';

const random = (n: number): Uint8Array => new Uint8Array(randomBytes(n));
const nextScalar = (): Scalar => randomScalar(random);
const amounts = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 48n) - 1n }),
  fc.constantFrom(0n, 1n, (1n << 47n) - 1n, 1n << 47n, (1n << 48n) - 1n),
);

interface Case {
  readonly statement: RangeStatement;
  readonly openings: RangeOpening[];
}

function caseOf(values: readonly bigint[], shape: Partial<Ranged> = {}): Case {
  const openings = values.map((value) => ({ value, blinding: nextScalar() }));
  const { bits = 48, unit = 1n } = shape;
  const ranged = openings.map(({ value, blinding }) => ({
    commitment: commit(value * unit, blinding).toBytes(),
    bits,
    unit,
  }));
  return { statement: { context: random(32), ranged }, openings };
}

const proved = ({ statement, openings }: Case): RangeClaim => ({
  statement,
  proof: proveRange(statement, openings, nextScalar),
});

/** A proof for other openings than those of the commitments. */
const lied = ({ statement }: Case, openings: RangeOpening[]): RangeClaim => ({
  statement,
  proof: proveRange(statement, openings, nextScalar),
});

describe('primitives/proofs/range-proof', function () {
  it('values in the range are proved, one to five at a time; proofs have their exact size', () => {
    fc.assert(
      fc.property(fc.array(amounts, { minLength: 1, maxLength: 5 }), (values) => {
        const claim = proved(caseOf(values));
        expect(claim.proof.length).to.equal(32 * (6 + 2 * [6, 7, 8, 8, 8][values.length - 1]!));
        expect(claim.proof.length).to.equal(rangeProofBytes(claim.statement));
        expect(verifyRanges([claim])).to.equal(true);
      }),
      { numRuns: 10 },
    );
  });

  it('the equation is that of the argument carried out step by step, with folded generators', () => {
    const claim = proved(caseOf([77n]));
    expect(rangeHolds(claim.statement, claim.proof)).to.equal(true);
    const two = proved(caseOf([1n], { bits: 1, unit: 1n << 49n }));
    expect(rangeHolds(two.statement, two.proof)).to.equal(true);
    const bad = claim.proof.slice();
    bad.set(two.proof.subarray(32, 64), 32);
    expect(verifyRanges([{ ...claim, proof: bad }])).to.equal(false);
  });

  it('units and numbers of bits: a wrap bit beside an amount', () => {
    const unit = (1n << 50n) - 27n;
    const openings = [
      { value: 123n, blinding: nextScalar() },
      { value: 1n, blinding: nextScalar() },
    ];
    const ranged = [
      { commitment: commit(123n, openings[0]!.blinding).toBytes(), bits: 48, unit: 1n },
      { commitment: commit(unit, openings[1]!.blinding).toBytes(), bits: 1, unit },
    ];
    const statement = { context: random(32), ranged };
    const claim = proved({ statement, openings });
    expect(claim.proof).to.have.length(576);
    expect(verifyRanges([claim])).to.equal(true);
    for (const other of [
      [ranged[0]!, { ...ranged[1]!, unit: unit + 1n }],
      [ranged[0]!, { ...ranged[1]!, bits: 2 }],
      [{ ...ranged[0]!, bits: 47 }, ranged[1]!],
      [ranged[1]!, ranged[0]!],
      [ranged[0]!],
    ]) {
      expect(verifyRanges([{ ...claim, statement: { ...statement, ranged: other } }])).to.equal(false);
    }
  });

  it('a prover does not prove what is not so: above the range, below zero, too few openings', () => {
    const one = caseOf([5n]);
    for (const value of [-1n, 1n << 48n, ORDER - 1n]) {
      expect(() => lied(one, [{ value, blinding: 1n }]))
        .to.throw()
        .with.property('code', 'range/out-of-range');
    }
    expect(() => lied(one, []))
      .to.throw()
      .with.property('code', 'range/openings');
  });

  it('commitments to 2^48, to -1, to l - 1 or to another value have no proof, whatever bits are claimed', () => {
    for (const value of [1n << 48n, -1n, (1n << 48n) + 5n, 1n << 251n]) {
      const blinding = nextScalar();
      const ranged = [{ commitment: commit(modOrder(value), blinding).toBytes(), bits: 48, unit: 1n }];
      const statement = { context: random(32), ranged };
      for (const claimed of [0n, 5n, BigInt.asUintN(48, value)]) {
        expect(verifyRanges([lied({ statement, openings: [] }, [{ value: claimed, blinding }])])).to.equal(false);
      }
    }
    // Where the range is wide enough the same commitment passes: it is the bits that stand against it.
    const wide = caseOf([1n << 48n], { bits: 49 });
    expect(verifyRanges([proved(wide)])).to.equal(true);
  });

  it('digits that are no bits would be any value: the argument refuses them at every place', () => {
    const of = (value: bigint, left: bigint[], right = left.map((bit) => bit - 1n)): RangeClaim => {
      const { statement, openings } = caseOf([value]);
      return { statement, proof: forgeRange(statement, { left, right }, openings[0]!.blinding) };
    };
    const bits = (value: bigint): bigint[] => Array.from({ length: 64 }, (_, i) => (value >> BigInt(i)) & 1n);
    const forged = [
      // 2 at place 47 is 2^48, -1 at place 0 is l - 1
      of(1n << 48n, bits(0n).with(47, 2n)),
      of(-1n, bits(0n).with(0, -1n)),
      // the other side does not make a bit of it
      of(
        1n << 48n,
        bits(0n).with(47, 2n),
        bits(0n).map((_, i) => (i === 47 ? 0n : -1n)),
      ),
      // where nothing is left over the sum is right and the digit is not
      of(6n, bits(0n).with(1, 3n)),
      // places left over weigh nothing, and hold bits all the same
      of(6n, bits(6n).with(63, 7n)),
    ];
    for (const claim of forged) expect(verifyRanges([claim])).to.equal(false);
    expect(verifyRanges([of(6n, bits(6n))]), 'the same prover with bits').to.equal(true);
    expect(verifyRanges([of(6n, bits(6n).with(63, 1n))]), 'a bit that weighs nothing').to.equal(true);
  });

  it('a wrong blinding, another context and another commitment are refused', () => {
    const one = caseOf([42n, 7n]);
    const claim = proved(one);
    const wrong = one.openings.map((opening) => ({ ...opening, blinding: opening.blinding + 1n }));
    expect(verifyRanges([lied(one, wrong)])).to.equal(false);
    expect(verifyRanges([{ ...claim, statement: { ...claim.statement, context: random(32) } }])).to.equal(false);
    const swapped = { ...claim.statement, ranged: claim.statement.ranged.toReversed() };
    expect(verifyRanges([{ ...claim, statement: swapped }])).to.equal(false);
  });

  it('many proofs of several sizes are one question; one wrong among them is enough', () => {
    const claims = [[1n], [2n, 3n], [4n], [5n, 6n, 7n]].map((values) => proved(caseOf(values)));
    expect(verifyRanges(claims)).to.equal(true);
    claims.forEach((claim, i) => {
      const other = claims.with(i, { ...claim, statement: { ...claim.statement, context: random(32) } });
      expect(verifyRanges(other)).to.equal(false);
    });
  });

  it('two wrong proofs whose errors cancel pass under equal weights, and under no others', () => {
    const claims = [proved(caseOf([1n])), proved(caseOf([2n]))] as const;
    const moved = claims.map(({ statement, proof }, i) => {
      const parts = decodeRangeProof(statement, proof);
      const shift = i === 0 ? 1n : -1n;
      return { statement, proof: encodeRangeProof({ ...parts, d: modOrder(parts.d + shift) }) };
    });
    const sum = new Combination();
    for (const { statement, proof } of moved) addRangeEquation(sum, statement, proof, 1n);
    expect(sum.isZero(), 'equal weights').to.equal(true);
    expect(verifyRanges(moved)).to.equal(false);
  });

  it('weights that do not cover the answers let errors cancel: whoever computes them first fails', () => {
    const claims = [proved(caseOf([1n])), proved(caseOf([2n]))];
    const nextWeight = weightsFrom(...claims.map(({ statement }) => rangeStatementHash(statement)));
    const weights = [nextWeight(), nextWeight()];
    const moved = claims.map(({ statement, proof }, i) => {
      const parts = decodeRangeProof(statement, proof);
      const d = modOrder(parts.d + (i === 0 ? weights[1]! : -weights[0]!));
      return { statement, proof: encodeRangeProof({ ...parts, d }) };
    });
    const sum = new Combination();
    moved.forEach(({ statement, proof }, i) => addRangeEquation(sum, statement, proof, weights[i]!));
    expect(sum.isZero(), 'guard removed').to.equal(true);
    expect(verifyRanges(moved)).to.equal(false);
  });

  it('every flipped bit is refused', () => {
    const claim = proved(caseOf([99n]));
    fc.assert(
      fc.property(fc.nat(claim.proof.length * 8 - 1), (bit) => {
        const bad = claim.proof.slice();
        bad[bit >> 3]! ^= 1 << (bit & 7);
        expect(verifyRanges([{ ...claim, proof: bad }])).to.equal(false);
      }),
      { numRuns: 60 },
    );
  });

  it('non-canonical bytes and wrong lengths are refused, each with its code', () => {
    const claim = proved(caseOf([99n]));
    const { statement, proof } = claim;
    for (let at = 0; at < 15; at++) {
      const bad = proof.slice();
      bad.fill(255, 32 * at, 32 * at + 32);
      expect(() => addRangeEquation(new Combination(), statement, bad, 1n))
        .to.throw()
        .with.property('code', 'crypto/bad-point');
    }
    for (let at = 15; at < 18; at++) {
      const bad = proof.slice();
      const value = fromLittleEndian(proof.subarray(32 * at, 32 * at + 32));
      bad.set(littleEndian(value + ORDER, 32), 32 * at);
      expect(() => decodeRangeProof(statement, bad))
        .to.throw()
        .with.property('code', 'crypto/bad-scalar');
      expect(verifyRanges([{ statement, proof: bad }])).to.equal(false);
    }
    for (const bad of [proof.subarray(1), new Uint8Array([...proof, 0]), new Uint8Array(0), proof.slice(0, 544)]) {
      expect(() => decodeRangeProof(statement, bad))
        .to.throw()
        .with.property('code', 'range/proof-length');
      expect(verifyRanges([{ statement, proof: bad }])).to.equal(false);
    }
    expect(verifyRanges([{ statement, proof: new Uint8Array(576) }])).to.equal(false);
    const badCommitment = { ...statement, ranged: [{ ...statement.ranged[0]!, commitment: random(31) }] };
    expect(verifyRanges([{ statement: badCommitment, proof }])).to.equal(false);
  });

  it('statements out of bounds are refused before anything is made of them', () => {
    const commitment = new Uint8Array(32);
    const good = { commitment, bits: 48, unit: 1n };
    for (const ranged of [
      [],
      [{ ...good, bits: 0 }],
      [{ ...good, bits: 65 }],
      [{ ...good, bits: 1.5 }],
      [{ ...good, unit: 0n }],
      [{ ...good, unit: 1n << 64n }],
      Array.from({ length: 22 }, () => good),
    ]) {
      expect(() => vectorLength({ context: commitment, ranged }))
        .to.throw()
        .with.property('code', 'range/statement');
      expect(verifyRanges([{ statement: { context: commitment, ranged }, proof: new Uint8Array(576) }])).to.equal(
        false,
      );
    }
    expect(vectorLength({ context: commitment, ranged: Array.from({ length: 21 }, () => good) })).to.equal(1024);
    expect(MAX_RANGE_BITS).to.equal(1024);
  });

  it('two proofs of one statement share no bytes', () => {
    const one = caseOf([99n]);
    const [a, b] = [proved(one).proof, proved(one).proof];
    for (let at = 0; at < a.length; at += 32) expect(a.slice(at, at + 32)).to.not.deep.equal(b.slice(at, at + 32));
  });
});
