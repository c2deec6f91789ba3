import { expect } from 'chai';
import * as fc from 'fast-check';
import { powMod } from '../../../primitives/fhe/modulus.ts';
import { fheParams, PLAIN_MODULUS as t, SECURE_PARAMS } from '../../../primitives/fhe/params.ts';
import {
  addPlain,
  cubic,
  decodePlain,
  dotCubic,
  dotPlain,
  encodePlain,
  lagrangeAt,
  linearPlain,
  mulCubic,
  plainBytes,
  scaleEach,
  subPlain,
  uniformPlain,
  uniformPoint,
  vanishingReciprocal,
} from '../../../primitives/linear/field.ts';
import { codeOf, prgOf } from '../fhe/support.ts';
import { element, elementOf, elementsOf, point, real as M, word, wordsOf } from './support/words.ts';

const pairs = fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 12 });
const lists = fc.array(fc.tuple(element, element, word), { minLength: 1, maxLength: 12 });
const plain = (words: readonly bigint[]): BigUint64Array => BigUint64Array.from(words);

describe('the fields of linear proofs', () => {
  it('are those of the parameter sets: t is their plaintext modulus, and the kernel reduces modulo it', () => {
    for (const id of SECURE_PARAMS) expect(fheParams(id).t).to.equal(t);
    expect(addPlain(plain([t - 1n]), plain([1n]))).to.deep.equal(plain([0n]));
    expect(dotPlain(wordsOf([[t - 1n, 0n, 0n]]), plain([t - 1n]))).to.deep.equal(cubic(1n));
  });

  it('have a cubic extension: 3 is no cube', () => {
    expect((t - 1n) % 3n).to.equal(0n);
    expect(powMod(3n, (t - 1n) / 3n, t)).to.not.equal(1n);
    // And 2 would not do.
    expect(powMod(2n, (t - 1n) / 3n, t)).to.equal(1n);
  });

  it('add, subtract and combine as big integers do', () => {
    fc.assert(
      fc.property(pairs, word, word, (list, f, g) => {
        const [x, y] = [list.map(([a]) => a), list.map(([, b]) => b)];
        const each = (of: (a: bigint, b: bigint) => bigint) => plain(list.map(([a, b]) => M.mod(of(a, b))));
        expect(addPlain(plain(x), plain(y))).to.deep.equal(each((a, b) => a + b));
        expect(subPlain(plain(x), plain(y))).to.deep.equal(each((a, b) => a - b));
        const combined = linearPlain([
          [f, plain(x)],
          [-g, plain(y)],
        ]);
        expect(combined).to.deep.equal(each((a, b) => f * a - g * b));
      }),
    );
  });

  it('multiply and take dot products in K as polynomials modulo Y^3 - 3 do', () => {
    fc.assert(
      fc.property(lists, (list) => {
        const [ks, as, ws] = [list.map(([k]) => k), list.map(([, a]) => a), list.map(([, , w]) => w)];
        const product = mulCubic(plain(ks[0]!), plain(as[0]!));
        expect(elementOf(product)).to.deep.equal(M.mul(ks[0]!, as[0]!));
        expect(elementOf(dotCubic(wordsOf(ks), wordsOf(as)))).to.deep.equal(M.sum(ks.map((k, i) => M.mul(k, as[i]!))));
        expect(elementOf(dotPlain(wordsOf(ks), plain(ws)))).to.deep.equal(M.sum(ks.map((k, i) => M.scale(k, ws[i]!))));
        expect(elementsOf(scaleEach(wordsOf(ks), plain(ws)))).to.deep.equal(ks.map((k, i) => M.scale(k, ws[i]!)));
      }),
    );
  });

  it('sum more products than fit between two reductions', () => {
    const n = 10_000;
    const weights = new BigUint64Array(3 * n).fill(t - 1n);
    const words = new BigUint64Array(n).fill(t - 2n);
    expect(elementOf(dotPlain(weights, words))).to.deep.equal(M.scale([1n, 1n, 1n], 2n * BigInt(n)));
  });

  it('interpolate at a point of K, wherever the points begin', () => {
    fc.assert(
      fc.property(point, fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 9 }), (rho, first, count) => {
        const values = elementsOf(uniformPlain(prgOf(`values/${first}/${count}`), 3 * count));
        const coefficients = lagrangeAt(plain(rho), first, count);
        expect(elementOf(dotCubic(coefficients, wordsOf(values)))).to.deep.equal(M.interpolate(values, first, rho));
        const inverse = elementOf(vanishingReciprocal(plain(rho), count));
        expect(M.mul(inverse, M.vanishing(count, rho))).to.deep.equal(M.k(1n));
      }),
    );
  });

  it('draw elements below t, again where one is not, and points outside of F_t', () => {
    const drawn = uniformPlain(prgOf('uniform'), 2000);
    expect(drawn.every((x) => x < t)).to.equal(true);
    // All halves and quarters of the range occur: fifty bits are read, not fewer.
    expect(new Set(Array.from(drawn, (x) => x >> 47n)).size).to.equal(8);
    const ones = { next: (n: number) => new Uint8Array(n).fill(0xff) };
    const rest = [ones.next(plainBytes(3)), encodePlain(plain([5n, 0n, 0n])), encodePlain(plain([6n, 0n, 1n]))];
    const into = (target: Uint8Array): void => target.set(rest.shift() as Uint8Array);
    const stream = { into } as unknown as Parameters<typeof uniformPoint>[0];
    expect(uniformPoint(stream)).to.deep.equal(plain([6n, 0n, 1n]));
    expect(rest).to.have.length(0);
  });

  it('have one encoding: fifty bits, nothing at or above t, no bits behind the last', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 9 }), (words) => {
        const bytes = encodePlain(plain(words));
        expect(bytes).to.have.length(Math.ceil((50 * words.length) / 8));
        expect(decodePlain(bytes, words.length)).to.deep.equal(plain(words));
      }),
    );
    expect(codeOf(() => encodePlain(plain([t])))).to.equal('fhe/unreduced');
    const bytes = encodePlain(plain([1n]));
    expect(codeOf(() => decodePlain(bytes.with(6, 0xff), 1))).to.equal('fhe/padding');
    expect(codeOf(() => decodePlain(new Uint8Array(7).fill(0xff).with(6, 3), 1))).to.equal('fhe/unreduced');
    expect(codeOf(() => decodePlain(bytes, 2))).to.equal('fhe/length');
  });

  it('refuse vectors of different lengths', () => {
    const [one, two] = [plain([1n]), plain([1n, 2n])];
    const three = plain([1n, 2n, 3n]);
    for (const body of [
      () => addPlain(one, two),
      () => subPlain(one, two),
      () => dotPlain(three, two),
      () => dotCubic(three, new BigUint64Array(6)),
      () =>
        linearPlain([
          [1n, one],
          [1n, two],
        ]),
    ]) {
      expect(codeOf(body)).to.equal('linear/length');
    }
  });
});
