import { expect } from 'chai';
import * as fc from 'fast-check';
import { cdiCoefficients, integerCdi } from '../../../primitives/fhe/cdi.ts';
import { invertMod, modulo } from '../../../primitives/fhe/modulus.ts';
import { type FheParams, PLAIN_MODULUS as t, subsetsWith } from '../../../primitives/fhe/params.ts';
import { ringOf } from '../../../primitives/fhe/ring.ts';
import type { RnsPoly } from '../../../primitives/fhe/types.ts';
import type { LinearCiphertext } from '../../../primitives/linear/ciphertext.ts';
import { type CiphertextTables, ciphertextShares, ciphertextTables } from '../../../primitives/linear/functionals.ts';
import { byPolynomial, expandPiece, type LinearPiece, valueWords } from '../../../primitives/linear/pieces.ts';
import { linearShape } from '../../../primitives/linear/shape.ts';
import { type LinearShare, sharePieces } from '../../../primitives/linear/shares.ts';
import type { LaneSpec } from '../../../primitives/proofs/lane.ts';
import { seeded } from '../proofs/support/round.ts';
import { linearRound } from './support/wide.ts';

const lanes: readonly LaneSpec[] = [
  { lane: 'update', part: 0, values: 70, digits: 2, offset: 128, normSq: 30_000n },
  { lane: 'usage', part: 0, values: 5, digits: 4, offset: 0, total: 500n },
  // All coefficients, and more than one polynomial of them.
  { lane: 'update', part: 0, values: 256, digits: 2, offset: 128, normSq: 30_000n },
  { lane: 'update', part: 0, values: 300, digits: 3, offset: 128 },
];

/** The definition (§2.5, §5.1): every piece by itself, with coefficients modulo each prime. */
function plainShare(params: FheParams, spec: LaneSpec, pieces: readonly LinearPiece[], member: number): LinearShare {
  const ring = ringOf(params);
  const shape = linearShape(spec);
  const subsets = subsetsWith(params, member);
  const { denominator, factors } = integerCdi(params, member);
  const small = (part: (piece: LinearPiece) => Int8Array): Int32Array =>
    Int32Array.from({ length: params.degree }, (_, k) =>
      pieces.reduce((sum, piece, i) => sum + factors[i]! * part(piece)[k]!, 0),
    );
  const weights = cdiCoefficients(params, subsets, member, t);
  const polynomials = Math.ceil(spec.values / params.degree);
  return {
    denominator,
    largest: 21 * factors.reduce((sum, factor) => sum + Math.abs(factor), 0),
    u: small(({ u }) => u),
    e1: small(({ e1 }) => e1),
    e0: Array.from({ length: polynomials }, (_, p) => small(({ e0 }) => e0[p]!)),
    encoded: Array.from({ length: polynomials }, (_, p) =>
      ring.linear(
        pieces.map(({ words }) => ring.encode(byPolynomial(params, valueWords(shape, words))[p]!)),
        (_, q) => cdiCoefficients(params, subsets, member, q),
        params.dataPrimes.length,
      ),
    ),
    words: BigUint64Array.from(pieces[0]!.words, (_, k) =>
      modulo(
        pieces.reduce((sum, { words }, i) => sum + weights[i]! * words[k]!, 0n),
        t,
      ),
    ),
  };
}

/** `sum a_k b_k` modulo every prime. */
function dot(params: FheParams, a: RnsPoly, b: (prime: number, k: number) => bigint): bigint[] {
  return params.dataPrimes.map((q, prime) => {
    let sum = 0n;
    for (let k = 0; k < params.degree; k++) sum += a[prime * params.degree + k]! * b(prime, k);
    return modulo(sum, q);
  });
}

/** The equations of §5.7 as they are written. */
function plainCheck(
  tables: CiphertextTables,
  { c0, c1 }: LinearCiphertext,
  plain: BigUint64Array,
  share: LinearShare,
): bigint[] {
  const { params, functionals } = tables;
  const { degree, dataPrimes } = params;
  const ring = ringOf(params);
  const residue =
    (poly: RnsPoly) =>
    (prime: number, k: number): bigint =>
      poly[prime * degree + k]!;
  const inverses = dataPrimes.map((q) => invertMod(share.denominator, q));
  const ofSeeds =
    (vector: Int32Array) =>
    (prime: number, k: number): bigint =>
      BigInt(vector[k]!) * inverses[prime]!;
  const known = byPolynomial(params, plain).map((values) => ring.encode(values));
  const perFunctional = functionals.map(({ chi, chiA, used }) => {
    const first = [dot(params, chiA, ofSeeds(share.u)), dot(params, chi, ofSeeds(share.e1))];
    const second = used.flatMap((own, p) => [
      dot(params, own.chiB, ofSeeds(share.u)),
      dot(params, own.chi, ofSeeds(share.e0[p]!)),
      dot(params, own.chi, residue(ring.sub(ring.add(share.encoded[p]!, known[p]!), c0[p]!))),
    ]);
    return { first, second, c1: dot(params, chi, residue(c1)) };
  });
  return dataPrimes.flatMap((q, prime) =>
    perFunctional.flatMap(({ first, second, c1: minus }) => {
      const sum = (terms: bigint[][]): bigint => terms.reduce((all, term) => all + term[prime]!, 0n);
      return [modulo(sum(first) - minus[prime]!, q), modulo(sum(second), q)];
    }),
  );
}

for (const id of ['tacit-test-256-n4', 'tacit-test-256-n7', 'tacit-test-256-n10']) {
  describe(`shares in the kernel are those of the definition (${id})`, function () {
    const round = linearRound(id, 2);
    const { params, context, keys, beacon } = round;
    const drawn = fc.record({ seed: fc.string(), member: fc.nat(params.n - 1), lane: fc.constantFrom(...lanes) });

    it('of what seeds stand for: every member, lane and polynomial, to the bit', () => {
      fc.assert(
        fc.property(drawn, ({ seed, member, lane }) => {
          const { share, pieces } = sharesOf(seed, member, lane);
          expect(share).to.deep.equal(plainShare(params, lane, pieces, member));
        }),
        { numRuns: params.n === 10 ? 6 : 20 },
      );
    });

    it('of the check of any ciphertext, honest or not, whichever functionals the kernel held before', () => {
      const tables = lanes.map((lane) => ciphertextTables(params, context, keys, beacon, lane));
      fc.assert(
        fc.property(drawn, ({ seed, member, lane }) => {
          const { share } = sharesOf(seed, member, lane);
          const random = seeded(`${seed}/ciphertext`);
          const residues = (): RnsPoly =>
            BigUint64Array.from({ length: params.dataPrimes.length * params.degree }, (_, i) => {
              const wide = new DataView(random(8).buffer).getBigUint64(0);
              return wide % params.dataPrimes[Math.floor(i / params.degree)]!;
            });
          const ciphertext = { c1: residues(), c0: share.e0.map(residues) };
          const plain = share.words.slice(0, lane.values);
          const own = tables[lanes.indexOf(lane)]!;
          expect([...ciphertextShares(own, ciphertext, plain, share)]).to.deep.equal(
            plainCheck(own, ciphertext, plain, share),
          );
        }),
        { numRuns: params.n === 10 ? 6 : 20 },
      );
    });

    function sharesOf(seed: string, member: number, spec: LaneSpec) {
      const random = seeded(seed);
      const binding = { context, spec, account: random(32) };
      const ephemeral = random(32);
      const seeds = new Map(subsetsWith(params, member).map((A) => [A, random(32)]));
      const shape = linearShape(spec);
      const pieces = Array.from(seeds, ([A, own]) => expandPiece(params, binding, shape, ephemeral, A, own));
      return { pieces, share: sharePieces(params, binding, shape, ephemeral, seeds, member) };
    }
  });
}
