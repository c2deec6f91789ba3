/**
 * The prover of §5.5, which the contributor runs: from digits, masks and a challenge the values of the range quotient and of the sum of squares; from a point of
 * K the opened wires.
 */
import { TacitError } from '../errors.ts';
import { kernel, type Ptr } from '../fhe/kernel.ts';
import { CUBIC, type CubicVector, lagrangeAt, type PlainVector, scaleEach } from './field.ts';
import { pointTables } from './points.ts';
import { type LinearShape, MASKS, placesOf, wirePoints } from './shape.ts';

const WORD = 8;

function checkLengths(shape: LinearShape, digits: Uint8Array, masks: PlainVector): void {
  if (digits.length !== shape.digits || masks.length !== MASKS * shape.wires) {
    throw new TacitError('linear/length', 'digits or masks are not as many as the layout has', {
      digits: digits.length,
      masks: masks.length,
    });
  }
}

/** Digits with zeros behind the last one, a byte each, and the masks, in the frame of the caller. */
function columnsInFrame(
  { rows, wires }: LinearShape,
  digits: Uint8Array,
  masks: PlainVector,
): { digits: Ptr; masks: Ptr } {
  const k = kernel();
  const bytes = k.alloc(rows * wires);
  k.writeBytes(bytes, digits);
  return { digits: bytes, masks: k.put(masks) };
}

/**
 * Values of the range quotient `sum_j r_j prod_{c<16}(w_j(x) - c) / prod_{x'<=rows}(x - x')` at the points `rows+1..rows+range`, then those of
 * `sum of (value)^2` over the wires of a value at the points `1..squares`.
 * @param masks three rows of `wires` elements
 * @param r the range challenge, one element of K per wire
 */
export function proveRange(
  shape: LinearShape,
  offset: number,
  digits: Uint8Array,
  masks: PlainVector,
  r: CubicVector,
): PlainVector {
  checkLengths(shape, digits, masks);
  const { rows, wires, range, squares, perValue } = shape;
  const { coefficients, vanishing } = pointTables(shape);
  const step = WORD * wirePoints(shape);
  const products = new BigUint64Array(CUBIC * range);
  const norms = new BigUint64Array(squares);
  const k = kernel();
  k.frame(() => {
    const columns = columnsInFrame(shape, digits, masks);
    const table = k.put(coefficients);
    const challenge = k.put(r);
    const values = k.alloc(WORD * wires);
    const product = k.alloc(WORD * CUBIC);
    for (let x = 1; x <= rows + range; x++) {
      k.run.plainColumns(values, columns.digits, rows, columns.masks, table + step * (x - 1), wires);
      if (x <= squares) norms[x - 1] = k.run.plainSquares(values, wires, perValue, BigInt(offset));
      // At the rows themselves the range polynomial is zero.
      if (x <= rows) continue;
      k.run.plainRange(product, challenge, values, wires);
      products.set(k.read(product, CUBIC), CUBIC * (x - rows - 1));
    }
  });
  const out = new BigUint64Array(products.length + squares);
  out.set(scaleEach(products, vanishing));
  out.set(norms, products.length);
  return out;
}

/** `w_j(rho)` of every wire. `rho` is not in `F_t`: then the masks hide all of them. */
export function openWires(shape: LinearShape, digits: Uint8Array, masks: PlainVector, rho: CubicVector): CubicVector {
  checkLengths(shape, digits, masks);
  const { rows, wires } = shape;
  const points = wirePoints(shape);
  const coefficients = lagrangeAt(rho, 1, points);
  const k = kernel();
  // Each of the three coordinates over F_t is a combination of the columns of its own.
  const coordinates = Array.from({ length: CUBIC }, (_, c) =>
    k.frame(() => {
      const columns = columnsInFrame(shape, digits, masks);
      const own = k.put(BigUint64Array.from({ length: points }, (__, x) => coefficients[CUBIC * x + c] as bigint));
      const values = k.alloc(WORD * wires);
      k.run.plainColumns(values, columns.digits, rows, columns.masks, own, wires);
      return k.read(values, wires);
    }),
  );
  return BigUint64Array.from(
    { length: CUBIC * wires },
    (_, i) => coordinates[i % CUBIC]?.[Math.floor(i / CUBIC)] as bigint,
  );
}

/** Digits of a shared vector as its elements of `F_t`; masks, range and squares follow by {@link placesOf}. */
export function digitWords(shape: LinearShape, digits: Uint8Array): PlainVector {
  const words = new BigUint64Array(placesOf(shape).masks);
  const halves = new Uint32Array(words.buffer);
  for (let k = 0; k < words.length; k++) halves[2 * k] = digits[k] as number;
  return words;
}
