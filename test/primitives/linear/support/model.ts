/**
 * Linear proofs written down a second time, with big integers, polynomials as functions and any field, digit base and extension: what the kernel's code is held
 * against, and what is small enough to count all its outcomes.
 */

export interface Field {
  readonly p: bigint;
  /** Degree of K over F_p, and the constant of `Y^degree = root`. */
  readonly degree: number;
  readonly root: bigint;
  readonly base: bigint;
}
/** Coordinates of an element of K. */
export type K = readonly bigint[];

export interface Layout {
  readonly rows: number;
  readonly wires: number;
}

export class Model {
  readonly field: Field;

  constructor(field: Field) {
    this.field = field;
  }

  mod(x: bigint): bigint {
    const { p } = this.field;
    return ((x % p) + p) % p;
  }

  inverse(x: bigint): bigint {
    const { p } = this.field;
    let [result, square] = [1n, this.mod(x)];
    if (square === 0n) throw new RangeError('zero has no inverse');
    for (let e = p - 2n; e > 0n; e >>= 1n) {
      if (e & 1n) result = this.mod(result * square);
      square = this.mod(square * square);
    }
    return result;
  }

  k(x: bigint): K {
    return Array.from({ length: this.field.degree }, (_, i) => (i === 0 ? this.mod(x) : 0n));
  }

  add(a: K, b: K): K {
    return a.map((x, i) => this.mod(x + b[i]!));
  }

  scale(a: K, by: bigint): K {
    return a.map((x) => this.mod(x * by));
  }

  mul(a: K, b: K): K {
    const { degree, root } = this.field;
    const out = Array.from({ length: degree }, () => 0n);
    for (const [i, x] of a.entries()) {
      for (const [j, y] of b.entries()) {
        const wrapped = i + j >= degree;
        out[(i + j) % degree]! += wrapped ? x * y * root : x * y;
      }
    }
    return out.map((x) => this.mod(x));
  }

  sum(terms: readonly K[]): K {
    return terms.reduce((a, b) => this.add(a, b), this.k(0n));
  }

  equal(a: K, b: K): boolean {
    return a.every((x, i) => x === b[i]);
  }

  /** The value at `x` of the polynomial with these values at the points `first, first+1, ...`: Lagrange's formula as it stands. */
  interpolate(values: readonly K[], first: number, x: K): K {
    return this.sum(
      values.map((value, i) => {
        let term = value;
        for (const j of values.keys()) {
          if (j === i) continue;
          const factor = this.add(x, this.k(-BigInt(first + j)));
          term = this.scale(this.mul(term, factor), this.inverse(BigInt(i - j)));
        }
        return term;
      }),
    );
  }

  /** `prod over c < base of (w - c)` */
  range(w: K): K {
    let out = this.k(1n);
    for (let c = 0n; c < this.field.base; c++) out = this.mul(out, this.add(w, this.k(-c)));
    return out;
  }

  /** `prod over x' = 1..rows of (x - x')` */
  vanishing(rows: number, x: K): K {
    let out = this.k(1n);
    for (let i = 1n; i <= BigInt(rows); i++) out = this.mul(out, this.add(x, this.k(-i)));
    return out;
  }

  /** Degree of a wire. */
  wireDegree({ rows }: Layout): number {
    return rows + this.field.degree - 1;
  }

  rangePoints(layout: Layout): number {
    return Number(this.field.base) * this.wireDegree(layout) - layout.rows + 1;
  }

  /** Wires at `x`. @param table rows of digits, then of masks, all of F_p */
  wiresAt(table: readonly (readonly bigint[])[], x: K): K[] {
    return table[0]!.map((_, j) =>
      this.interpolate(
        table.map((row) => this.k(row[j]!)),
        1,
        x,
      ),
    );
  }

  /** `sum_j r_j prod_c (w_j(x) - c)`. */
  rangeSum(wires: readonly K[], r: readonly K[]): K {
    return this.sum(wires.map((w, j) => this.mul(r[j]!, this.range(w))));
  }

  squareSum(wires: readonly K[], perValue: number, offset: bigint): K {
    const terms: K[] = [];
    for (let from = 0; from < wires.length; from += perValue) {
      let value = this.k(-offset);
      for (let i = 0; i < perValue; i++)
        value = this.add(value, this.scale(wires[from + i]!, this.field.base ** BigInt(i)));
      terms.push(this.mul(value, value));
    }
    return this.sum(terms);
  }

  /** Values of the range quotient; of digits that are none, what is left of it when the remainder is forgotten. */
  quotient(layout: Layout, table: readonly (readonly bigint[])[], r: readonly K[]): K[] {
    return Array.from({ length: this.rangePoints(layout) }, (_, i) => {
      const x = BigInt(layout.rows + 1 + i);
      const over = this.rangeSum(this.wiresAt(table, this.k(x)), r);
      return this.scale(over, this.inverse(this.vanishing(layout.rows, this.k(x))[0]!));
    });
  }

  /** Values of the sum of squares at the points `1..2 * degree + 1`. */
  squares(layout: Layout, table: readonly (readonly bigint[])[], perValue: number, offset: bigint): bigint[] {
    return Array.from(
      { length: 2 * this.wireDegree(layout) + 1 },
      (_, i) => this.squareSum(this.wiresAt(table, this.k(BigInt(i + 1))), perValue, offset)[0]!,
    );
  }

  /** Whether quotient and opened wires agree at `rho`: what a verifier sees of the range. */
  rangeHolds(layout: Layout, quotient: readonly K[], opened: readonly K[], r: readonly K[], rho: K): boolean {
    const left = this.mul(this.vanishing(layout.rows, rho), this.interpolate(quotient, layout.rows + 1, rho));
    return this.equal(left, this.rangeSum(opened, r));
  }

  /** All elements of K. */
  *elements(): Generator<K> {
    const { p, degree } = this.field;
    for (let code = 0n; code < p ** BigInt(degree); code++) {
      yield Array.from({ length: degree }, (_, i) => (code / p ** BigInt(i)) % p);
    }
  }

  /** Elements that a challenge point may be: those outside of F_p. */
  *points(): Generator<K> {
    for (const k of this.elements()) if (k.slice(1).some((x) => x !== 0n)) yield k;
  }
}
