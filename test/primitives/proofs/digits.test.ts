import { expect } from 'chai';
import * as fc from 'fast-check';
import { modOrder, ORDER } from '../../../primitives/crypto/ristretto.ts';
import { digitProduct, digitTerms, evaluateTerms } from '../../../primitives/proofs/digits.ts';
import { scalarField } from '../../../primitives/fhe/scalar-kernel.ts';

const scalar = fc.bigInt({ min: 0n, max: ORDER - 1n });
const digit = fc.tuple(fc.integer({ min: 0, max: 15 }), scalar, scalar);

const identityHolds = (rows: [number, bigint, bigint][], x: bigint): boolean => {
  const digits = Uint8Array.from(rows, (row) => row[0]);
  const masks = scalarField.from(rows.map((row) => row[1]));
  const weights = scalarField.from(rows.map((row) => row[2]));
  const responses = scalarField.from(rows.map(([d, a]) => modOrder(a + x * BigInt(d))));
  return digitProduct(responses, weights, x) === evaluateTerms(digitTerms(digits, masks, weights), x);
};

describe('the digit identity', () => {
  it('holds for all digits, masks, weights and challenges', () => {
    fc.assert(
      fc.property(
        fc.array(digit, { minLength: 1, maxLength: 24 }),
        fc.bigInt({ min: 1n, max: ORDER - 1n }),
        identityHolds,
      ),
      { numRuns: 40 },
    );
  });

  it('computes the product of the sixteen factors', () => {
    const [F, y, x] = [123456789n ** 7n, 987654321n ** 6n, 55555n ** 9n].map(modOrder) as [bigint, bigint, bigint];
    let direct = y;
    for (let c = 0n; c < 16n; c++) direct = modOrder(direct * (F - c * x));
    expect(digitProduct(scalarField.from([F]), scalarField.from([y]), x)).equal(direct);
  });

  it('has no place for what a forged digit adds: a degree-16 term', () => {
    // Generic coefficients of the product for d = 16, of which a proof can send only the first sixteen.
    const [a, x] = [modOrder(77n ** 50n), modOrder(78n ** 50n)];
    let coefficients = [1n];
    for (let c = 0n; c < 16n; c++) {
      coefficients = Array.from({ length: coefficients.length + 1 }, (_, j) =>
        modOrder((coefficients[j] ?? 0n) * a + (16n - c) * (coefficients[j - 1] ?? 0n)),
      );
    }
    const product = digitProduct(scalarField.from([modOrder(a + 16n * x)]), scalarField.from([1n]), x);
    expect(evaluateTerms(coefficients, x)).equal(product);
    expect(evaluateTerms(coefficients.slice(0, 16), x)).not.equal(product);
  });
});
