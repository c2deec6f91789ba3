/**
 * Many points at once, on the crypto kernel: strict decoding, multi-scalar multiplication (Pippenger) and many multiples of one point, some fifteen times as fast
 * as with big integers.
 *
 * The running time of a multi-scalar multiplication depends on the scalars, and so does the order in which memory is read. Verifiers have only public ones. Provers use it with secret
 * scalars of which those that are not zero are uniform or stand in a number that is public; what that leaves to see is said where they do
 * (one-of-many.ts, range-proof.ts). What the kernel was given is wiped when the call ends.
 */
import { TacitError } from '../errors.ts';
import type { Kernel, Ptr } from '../kernel.ts';
import { concatBytes, littleEndian } from './bytes.ts';
import { type CryptoExports, cryptoKernel } from './kernel.ts';
import { encodeScalar, POINT_BYTES, type Scalar } from './ristretto.ts';

/** Bytes of a field element, of a decoded and of an extended point in the kernel, and of its constants with their scratch. */
const ELEMENT = 36;
const DECODED = 3 * ELEMENT;
const EXTENDED = 4 * ELEMENT;
/** Bytes that `multiples` works in: 128 multiples of the point and one more, a scalar, two points. */
const MULTIPLES_ROOM = 129 * EXTENDED + 32 + 2 * EXTENDED;
const BLOCK = 32 * ELEMENT;
/** Points of one multiplication: their room in the kernel stays below 24 MB. */
export const MAX_POINTS = 65_536;

const P = 2n ** 255n - 19n;
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
/** RFC 9496 §4.1: d, 2 d, SQRT_M1, INVSQRT_A_MINUS_D. */
const CONSTANTS: readonly bigint[] = [
  D,
  (2n * D) % P,
  19681161376707505956807079304988542015446066515923890162744021073123829784752n,
  54469307008909316920995813868745141605393597292927456921205312896311721017578n,
];

let constants: Ptr | undefined;

function curve(): { kernel: Kernel<CryptoExports>; block: Ptr } {
  const kernel = cryptoKernel();
  if (constants === undefined) {
    const block = kernel.allocPermanent(BLOCK);
    kernel.frame(() => {
      kernel.run.curveConstants(block, kernel.putBytes(concatBytes(...CONSTANTS.map((c) => littleEndian(c, 32)))));
    });
    constants = block;
  }
  return { kernel, block: constants };
}

/** Decoded points in the kernel's own form; made by {@link decodePoints}. */
export class PointSet {
  readonly count: number;
  /** {@link DECODED} bytes each; nobody writes to them. */
  readonly data: Uint8Array;

  constructor(data: Uint8Array) {
    this.count = data.length / DECODED;
    this.data = data;
  }

  /** Points `from` up to but without `to`. */
  slice(from: number, to: number): PointSet {
    return new PointSet(this.data.subarray(from * DECODED, to * DECODED));
  }
}

/**
 * Strict: every encoding is 32 canonical bytes (RFC 9496 §4.3.1); the identity is a point.
 * @throws `crypto/bad-point` with the index of the first that is none, `crypto/too-many-points`
 */
export function decodePoints(encodings: readonly Uint8Array[]): PointSet {
  const n = encodings.length;
  checkCount(n);
  const short = encodings.findIndex((bytes) => bytes.length !== POINT_BYTES);
  if (short >= 0) throw new TacitError('crypto/bad-point', 'a point has 32 bytes', { index: short });
  const { kernel, block } = curve();
  return kernel.frame(() => {
    const to = kernel.alloc(DECODED * n);
    const good = kernel.run.decodePoints(to, kernel.putBytes(concatBytes(...encodings)), n, block);
    if (good < n) {
      throw new TacitError('crypto/bad-point', 'not the canonical encoding of a group element', { index: good });
    }
    return new PointSet(kernel.readBytes(to, DECODED * n));
  });
}

function checkCount(n: number): void {
  if (n > MAX_POINTS) {
    throw new TacitError('crypto/too-many-points', `at most ${MAX_POINTS} points are worked on at once`, { count: n });
  }
}

/** Digits of this many bits make the sum cheapest, counted in field products: `n` additions and two per bucket, in every window. */
function widthFor(n: number): number {
  let best = 2;
  let least = Infinity;
  for (let width = 2; width <= 13; width++) {
    const windows = Math.floor(252 / width) + 1;
    const cost = windows * (7 * n + 18 * 2 ** (width - 1));
    if (cost < least) [best, least] = [width, cost];
  }
  return best;
}

/** Summands of a multiplication: as many scalars in [0, l) as points. */
export interface Summands {
  readonly points: PointSet;
  readonly scalars: readonly Scalar[];
}

/**
 * The canonical encoding of `sum of scalar_i * point_i` over all sets, 32 bytes; the identity's are zeros.
 * @throws `crypto/scalar-range`, `crypto/scalar-count`, `crypto/too-many-points`
 */
export function sumOfProducts(...sets: readonly Summands[]): Uint8Array {
  let n = 0;
  for (const { points, scalars } of sets) {
    if (points.count !== scalars.length) {
      const numbers = { points: points.count, scalars: scalars.length };
      throw new TacitError('crypto/scalar-count', 'every point needs one scalar', numbers);
    }
    n += points.count;
  }
  checkCount(n);
  const encoded = concatBytes(...sets.flatMap(({ scalars }) => scalars.map(encodeScalar)));
  const points = concatBytes(...sets.map((set) => set.points.data));
  const width = widthFor(n);
  const { kernel, block } = curve();
  return kernel.frame(() => {
    const sum = kernel.alloc(POINT_BYTES);
    const digits = kernel.alloc(2 * n * (Math.floor(252 / width) + 1));
    const buckets = kernel.alloc(EXTENDED * (2 ** (width - 1) + 3));
    kernel.run.multiScalar(sum, kernel.putBytes(points), kernel.putBytes(encoded), n, width, digits, buckets, block);
    return kernel.readBytes(sum, POINT_BYTES);
  });
}

/**
 * The encodings of `scalar_i * point`, in order. For secret scalars too: here the running time depends on nothing but their number.
 * @throws `crypto/bad-point`, `crypto/identity` if `encoding` is no key, `crypto/scalar-range`, `crypto/too-many-points`
 */
export function multiplesOf(encoding: Uint8Array, scalars: readonly Scalar[]): Uint8Array[] {
  const { data } = decodePoints([encoding]);
  if (isIdentity(encoding)) throw new TacitError('crypto/identity', 'the identity is not a key');
  const n = scalars.length;
  checkCount(n);
  const { kernel, block } = curve();
  return kernel.frame(() => {
    const products = kernel.alloc(POINT_BYTES * n);
    const encoded = kernel.putBytes(concatBytes(...scalars.map(encodeScalar)));
    kernel.run.multiples(products, kernel.putBytes(data), encoded, n, kernel.alloc(MULTIPLES_ROOM), block);
    return scalars.map((_, i) => kernel.readBytes(products + POINT_BYTES * i, POINT_BYTES));
  });
}

/** Bytes that {@link sumOfProducts} gives for the identity. */
export function isIdentity(encoding: Uint8Array): boolean {
  return encoding.every((byte) => byte === 0);
}
