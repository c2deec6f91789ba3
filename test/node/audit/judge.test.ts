import { expect } from 'chai';
import { array, assert as hold, bigInt, nat, property, record, uniqueArray } from 'fast-check';
import { agreeing, isExact } from '../../../node/audit/judge.ts';
import { decodeVectors } from '../../../primitives/fhe/decode.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';

const PRIMES = fheParams('tacit-test-256-n7').dataPrimes;

/** Rows of `n` members on random polynomials of degree f, `count` per prime; `lies` adds 1 to a column of a member. */
function rowsOf(n: number, f: number, count: number, seeds: readonly bigint[], lies: ReadonlyMap<number, number>) {
  return Array.from({ length: n }, (_, member) => {
    const values = BigUint64Array.from({ length: PRIMES.length * count }, (_, column) => {
      const q = PRIMES[Math.floor(column / count)]!;
      let value = 0n;
      for (let power = f; power >= 0; power--) {
        value =
          (value * BigInt(member + 1) + seeds[(column * (f + 1) + power) % seeds.length]! * BigInt(column + 1)) % q;
      }
      return lies.get(member) === column ? (value + 1n) % q : value;
    });
    return { member, values };
  });
}

describe('node/audit: judging shares', () => {
  const seeds = array(bigInt({ min: 0n, max: (1n << 58n) - 1n }), { minLength: 5, maxLength: 20 });

  it('says of the exact set of liars that it is exact, and of no other', () => {
    const chance = record({
      seeds,
      liars: uniqueArray(nat({ max: 6 }), { maxLength: 2 }),
      column: nat({ max: 8 }),
    });
    hold(
      property(chance, ({ seeds: some, liars, column }) => {
        const rows = rowsOf(7, 2, 3, some, new Map(liars.map((liar) => [liar, column])));
        expect(isExact(2, PRIMES, rows, 3, liars)).to.equal(true);
        for (let other = 0; other < 7; other++) {
          const wrong = liars.includes(other) ? liars.filter((liar) => liar !== other) : [...liars, other];
          expect(isExact(2, PRIMES, rows, 3, wrong), `${liars} or ${wrong}`).to.equal(false);
        }
        const posts = rows.map(({ member, values }) => ({ member, shares: values }));
        const decoded = decodeVectors(fheParams('tacit-test-256-n7'), PRIMES, posts, 3);
        expect(decoded).to.deep.include({ status: 'decoded', liars: [...liars].sort() });
      }),
      { numRuns: 40 },
    );
  });

  it('wants 2f+1 members on one polynomial: f liars and one honest member always are', () => {
    const rows = rowsOf(4, 1, 1, [3n, 5n, 7n], new Map());
    expect(isExact(1, PRIMES, rows.slice(0, 3), 1, [])).to.equal(true);
    expect(isExact(1, PRIMES, rows.slice(0, 2), 1, [])).to.equal(false);
    expect(isExact(1, PRIMES, rows.slice(0, 3), 1, [0])).to.equal(false);
  });

  it('hears the group of equal claims that agrees, and calls all others liars', () => {
    const params = fheParams('tacit-test-256-n4');
    const posts = [0, 1, 2, 3].map((member) => ({ member, body: Uint8Array.of(member === 1 ? 9 : 7) }));
    const claims = (body: Uint8Array): Uint8Array[] => [body];
    const found = agreeing(params, posts, claims, (group) => ({ result: group[0]!.body[0], liars: [] }));
    expect(found).to.deep.equal({ result: 7, liars: [1] });
    expect(agreeing(params, posts.slice(0, 3), claims, () => ({ result: 0, liars: [] }))).to.equal(undefined);
    expect(agreeing(params, posts, claims, () => undefined)).to.equal(undefined);
  });
});
