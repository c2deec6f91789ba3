/** Lanes with more values than a polynomial has coefficients: one `c1`, several `c0`. */
import { expect } from 'chai';
import { fheParams, MAX_POLYNOMIALS, SECURE_PARAMS } from '../../../primitives/fhe/params.ts';
import type { RnsPoly } from '../../../primitives/fhe/types.ts';
import type { LinearKeys } from '../../../primitives/linear/ciphertext.ts';
import { type OpenedSubmission, openSealed } from '../../../primitives/linear/member.ts';
import { expandPiece } from '../../../primitives/linear/pieces.ts';
import { linearShape, usedOf } from '../../../primitives/linear/shape.ts';
import { buildSubmission } from '../../../primitives/linear/submission.ts';
import type { LaneSpec } from '../../../primitives/proofs/lane.ts';
import { completeNorm } from '../../../primitives/proofs/norm.ts';
import { sealedBytes } from '../../../primitives/proofs/sealed.ts';
import { openSeedBoxes } from '../../../primitives/proofs/unseal.ts';
import { codeOf } from '../fhe/support.ts';
import { seeded } from '../proofs/support/round.ts';
import { failures } from './support/judge.ts';
import { decryptLinear, linearRound } from './support/wide.ts';

const round = linearRound('tacit-test-256-n4', 3);
const { params, keys, context } = round;
const update = Array.from({ length: 596 }, (_, i) => ((i * 31) % 41) - 20);
const normSq = update.reduce((sum, u) => sum + BigInt(u * u), 100n);
const values = completeNorm(update, normSq);
const spec: LaneSpec = { lane: 'update', part: 0, values: 600, digits: 2, offset: 128, normSq };
const binding = { context, spec, account: new Uint8Array(32).fill(3) };
const build = (as: LinearKeys, over: object = {}): Uint8Array =>
  buildSubmission({ params, values, random: seeded('wide'), ...binding, ...over, keys: as }).sealed;
const sealed = build(keys);

function opened(as: LinearKeys = keys): OpenedSubmission {
  const outcome = openSealed(params, binding, as, sealed, round.sealSecrets);
  if (outcome.status !== 'open') throw new Error(outcome.reason);
  return outcome.submission;
}
const seeds = [...openSeedBoxes(params, binding, sealed, new Map(round.maskSecrets.entries())).values()];
const verdict = (submission: OpenedSubmission, at = round): string[] =>
  failures(at, { submission, seeds, sight: { shape: linearShape(spec), table: [], r: [] } });

describe('submissions of several polynomials', () => {
  it('decrypt to their values, polynomial by polynomial, and pass', () => {
    expect(usedOf(params, spec)).to.deep.equal([256, 256, 88]);
    expect(decryptLinear(round, opened().payload.ciphertext, 600)).to.deep.equal(Array.from(values));
    expect(verdict(opened())).to.deep.equal([]);
  });

  it('are at most 0.2 MB per 4,096 values of two digits, from two full polynomials on', () => {
    const full = (polynomials: number): LaneSpec => ({ ...spec, values: 8192 * polynomials });
    for (const id of SECURE_PARAMS) {
      expect(sealedBytes(fheParams(id), full(2)) / 4, id).to.be.lessThan(200_000);
    }
  });

  it('are refused if any one polynomial is not what its seeds and values are', () => {
    const submission = opened();
    const { payload } = submission;
    const { c0, c1 } = payload.ciphertext;
    const withC0 = (changed: readonly RnsPoly[]): OpenedSubmission => ({
      ...submission,
      payload: { ...payload, ciphertext: { c1, c0: changed } },
    });
    for (const p of c0.keys()) {
      const own = c0[p] as RnsPoly;
      // The last coefficient that carries a value, modulo the last prime.
      const last = 2 * params.degree + usedOf(params, spec)[p]! - 1;
      expect(
        verdict(withC0(c0.with(p, own.with(last, own[last] === 0n ? 1n : own[last]! - 1n)))),
        `${p}`,
      ).to.deep.equal(['c0']);
    }
    expect(verdict(withC0([c0[1]!, c0[0]!, c0[2]!]))).to.deep.equal(['c0']);
    // What one polynomial has too much another has too little: their functionals are different ones.
    const shift = (poly: RnsPoly, by: bigint): RnsPoly =>
      poly.map((word, k) =>
        k % params.degree === 0
          ? (word + by + params.dataPrimes[Math.floor(k / params.degree)]!) %
            params.dataPrimes[Math.floor(k / params.degree)]!
          : word,
      );
    expect(verdict(withC0([shift(c0[0]!, 1n), shift(c0[1]!, -1n), c0[2]!]))).to.deep.equal(['c0']);
  });

  it('are bound to every key: under others, or in another order, challenges and check fail', () => {
    const [first, second] = keys.further as readonly [RnsPoly, RnsPoly];
    const swapped: LinearKeys = { ...keys, further: [second, first] };
    expect(opened(swapped).range).to.not.deep.equal(opened().range);
    const other = { ...round, keys: swapped, context: round.context };
    expect(decryptLinear(other, opened().payload.ciphertext, 256)).to.deep.equal(Array.from(values).slice(0, 256));
    expect(verdict(opened(swapped))).to.include('proof');
  });

  it('have errors of their own for each polynomial of each subset', () => {
    const pieces = seeds.map((seed, A) => expandPiece(params, binding, linearShape(spec), opened().ephemeral, A, seed));
    const errors = pieces.flatMap(({ e0, e1, u }) => [...e0, e1, u]);
    expect(new Set(errors.map(String)).size).to.equal(5 * params.subsets.length);
  });

  it('want as many keys as polynomials, and no more polynomials than there may be', () => {
    expect(codeOf(() => build({ ...keys, further: keys.further!.slice(0, 1) }))).to.equal('linear/keys');
    expect(codeOf(() => build({ ...keys, further: [] }))).to.equal('linear/keys');
    const tooMany = { ...spec, values: MAX_POLYNOMIALS * params.degree + 1 };
    expect(codeOf(() => build(keys, { spec: tooMany }))).to.equal('proofs/bad-lane');
  });
});
