/** What a linear proof shows and what it lets through, counted over all randomness in fields small enough for it. */
import { expect } from 'chai';
import { type K, type Layout, Model } from './support/model.ts';
import { prgOf } from '../fhe/support.ts';

/** Digits 0 and 1 over F_5 and its square. */
const tiny = new Model({ p: 5n, degree: 2, root: 2n, base: 2n });
const one: Layout = { rows: 1, wires: 1 };

const key = (...parts: readonly (K | bigint)[]): string => parts.map(String).join('|');

/** How often each view occurs over all pads and masks that the committee's missing member could hold. */
function views(digit: bigint, r: K, rho: K): Map<string, number> {
  const { p } = tiny.field;
  const counts = new Map<string, number>();
  for (let pad = 0n; pad < p; pad++) {
    for (let m0 = 0n; m0 < p; m0++) {
      for (let m1 = 0n; m1 < p; m1++) {
        const table = [[digit], [m0], [m1]];
        const opened = tiny.wiresAt(table, rho)[0]!;
        const quotient = tiny.quotient(one, table, [r]);
        // Each word of the quotient has a pad of its own: one word at a time is all there is to count.
        for (const [place, word] of quotient.flat().entries()) {
          for (let own = 0n; own < p; own++) {
            const view = key(BigInt(place), tiny.mod(digit - pad), opened, tiny.mod(word - own));
            counts.set(view, (counts.get(view) ?? 0) + 1);
          }
        }
      }
    }
  }
  return counts;
}

describe('linear proofs in a field small enough to count', () => {
  it('show nothing: every view occurs equally often, for every digit, challenge and point', () => {
    const words = tiny.rangePoints(one) * tiny.field.degree;
    for (const r of [
      [0n, 0n],
      [1n, 0n],
      [3n, 4n],
    ]) {
      for (const rho of tiny.points()) {
        const [of0, of1] = [views(0n, r, rho), views(1n, r, rho)];
        // Delta of the digit, opened wire of K, delta of one word of the quotient: all of them, and all alike.
        expect(of0.size).to.equal(words * 5 * 25 * 5);
        expect([...of0.values()].every((count) => count === 1)).to.equal(true);
        expect([...of0.keys()].sort()).to.deep.equal([...of1.keys()].sort());
      }
    }
  });

  it('would show digits at points of F_p: why a point lies outside', () => {
    const opened = (digit: bigint): Set<string> => {
      const out = new Set<string>();
      for (let m0 = 0n; m0 < 5n; m0++) {
        for (let m1 = 0n; m1 < 5n; m1++) out.add(key(tiny.wiresAt([[digit], [m0], [m1]], tiny.k(1n))[0]!));
      }
      return out;
    };
    expect(opened(0n)).to.deep.equal(new Set(['0,0']));
    expect(opened(1n)).to.deep.equal(new Set(['1,0']));
  });

  it('would show digits with one mask less', () => {
    // One mask of F_p for an opened wire of K: 5 of 25 values, and others for another digit.
    const rho: K = [1n, 1n];
    const opened = (digit: bigint): string[] =>
      Array.from({ length: 5 }, (_, m) => key(tiny.wiresAt([[digit], [BigInt(m)]], rho)[0]!)).sort();
    expect(opened(0n)).to.not.deep.equal(opened(1n));
  });

  it('let a false digit through the range challenge for one in |K| of its values, not more', () => {
    const field = new Model({ p: 7n, degree: 2, root: 3n, base: 2n });
    const all = [...field.elements()];
    // prod (d - c) of the false digits 2 and 4: a row of two wires is zero at its point for one in |K| of all pairs.
    const rows = [field.range(field.k(2n)), field.range(field.k(4n))];
    let through = 0;
    for (const a of all) {
      for (const b of all) {
        const sum = field.add(field.mul(a, rows[0]!), field.mul(b, rows[1]!));
        if (field.equal(sum, field.k(0n))) through++;
      }
    }
    expect(through).to.equal(all.length);
  });

  describe('and a prover that knows everything but the point', () => {
    const field = new Model({ p: 13n, degree: 2, root: 2n, base: 2n });
    const degree = 2 * field.wireDegree(one);
    const points = [...field.points()];
    const table = [[5n], [7n], [11n]];
    const r: K = [3n, 8n];

    /** The quotient with `Z h - sum r P(w) = c * prod (X - root)`: wrong at as many points of K as its degree allows, and right at the roots. */
    function cheat(roots: readonly K[]): K[] {
      const at = (x: K): K =>
        roots.reduce((product, root) => field.mul(product, field.add(x, field.scale(root, -1n))), field.k(1n));
      const over = (x: K): K => field.rangeSum(field.wiresAt(table, x), [r]);
      // At the row, where Z is zero, the difference is what the false digit makes it.
      const [first, rest] = [at(field.k(1n)), over(field.k(1n))];
      const c = field.scale(field.mul(rest, inverseIn(field, first)), -1n);
      return Array.from({ length: field.rangePoints(one) }, (_, i) => {
        const x = field.k(BigInt(2 + i));
        const value = field.add(over(x), field.mul(c, at(x)));
        return field.scale(value, field.inverse(field.vanishing(1, x)[0]!));
      });
    }

    const passes = (quotient: readonly K[], rho: K): boolean =>
      field.rangeHolds(one, quotient, field.wiresAt(table, rho), [r], rho);

    it('gets through at as many points as the degree says, and never at more', () => {
      const roots = points.slice(20, 20 + degree);
      expect(points.filter((rho) => passes(cheat(roots), rho))).to.deep.equal(roots);
      // Quotients drawn at random, and the honest one with its remainder forgotten.
      const prg = prgOf('quotients');
      const drawn = Array.from({ length: 40 }, () =>
        Array.from({ length: field.rangePoints(one) }, () => Array.from(prg.next(2), (byte) => BigInt(byte % 13))),
      );
      for (const quotient of [field.quotient(one, table, [r]), ...drawn]) {
        expect(points.filter((rho) => passes(quotient, rho)).length).to.be.at.most(degree);
      }
    });

    it('who grinds hashes needs the stated number of them', () => {
      // Per hash `degree / (p^2 - p)`, here 4 in 156; points are drawn until one is a root, again and again.
      const quotient = cheat(points.slice(0, degree));
      const good = new Set(points.filter((rho) => passes(quotient, rho)).map(String));
      const prg = prgOf('grinding');
      let [tries, successes] = [0, 0];
      while (successes < 400) {
        tries++;
        const [low = 0, high = 0] = prg.next(2);
        const at = (low | (high << 8)) % points.length;
        if (good.has(String(points[at]))) successes++;
      }
      const expected = (400 * points.length) / degree;
      // Four standard deviations of the sum of 400 geometric waiting times.
      expect(Math.abs(tries - expected)).to.be.lessThan(4 * Math.sqrt(400) * (points.length / degree));
    });
  });
});

/** `a^(p^degree - 2)` */
function inverseIn(field: Model, a: K): K {
  let [result, square] = [field.k(1n), a];
  for (let e = field.field.p ** BigInt(field.field.degree) - 2n; e > 0n; e >>= 1n) {
    if (e & 1n) result = field.mul(result, square);
    square = field.mul(square, square);
  }
  return result;
}
