/**
 * Opening of functionals of ciphertexts by the committee (§6). Every member posts its share of `scale * (c0 + c1 s) + constant + mask + flood` for
 * every slot and data prime; the shares lie on one polynomial, the public part being a polynomial of degree 0. `2f+1` of them give the value and bind it.
 *
 * The flood hides the noise of the ciphertexts, which depends on secrets. Its pieces come from the round key and the hash of the FULL request: a label
 * that covers less would let two requests cancel the flood. The same request always gives the same bytes, so that a restarted member says nothing new.
 */
import { at } from '../at.ts';
import { concatBytes, sameBytes, signedLittleEndian } from '../crypto/bytes.ts';
import { hash32Of, type HashPart } from '../crypto/hash.ts';
import { Prg } from '../crypto/prg.ts';
import { TacitError } from '../errors.ts';
import { cdiCoefficients, memberPieces, shareSmall } from './cdi.ts';
import { decodeVectors } from './decode.ts';
import { floodRuns } from './flood.ts';
import { kernel } from './kernel.ts';
import { contextParts, type RoundKeys, secretPieces } from './keys.ts';
import { type Modulus, modulusOf, montgomery } from './modulus.ts';
import { checkContext, type FheParams, openedNoiseLimit, type RoundContext } from './params.ts';
import { type Ring, ringOf } from './ring.ts';
import type { Ciphertext, OpeningOutcome, OpeningRequest, OpeningSlots, SharePost } from './types.ts';
import { ciphertextHash } from './wire.ts';

/** Sources and slots of one request: four full parts of an update, and the points of all counts. */
const MAX_SOURCES = 4096;
const MAX_SLOTS = 32_769;

/** Number of values a request opens. */
export function slotCount(request: OpeningRequest): number {
  return request.slots.reduce((sum, { count }) => sum + count, 0);
}

function checkSlots(params: FheParams, request: OpeningRequest, slots: OpeningSlots): void {
  const { source, from, count, scale, weightNorm, masks } = slots;
  const whole = (value: number, least: number, most: number): boolean =>
    Number.isInteger(value) && value >= least && value <= most;
  if (!whole(source, 0, request.sources.length - 1)) {
    throw new TacitError('fhe/bad-request', 'slots of an unknown source', { source });
  }
  if (!whole(count, 1, params.degree) || !whole(from, 0, params.degree - count)) {
    throw new TacitError('fhe/bad-request', 'slots that are no coefficients of the ring', { from, count });
  }
  const magnitude = scale < 0n ? -scale : scale;
  if (weightNorm < 1n || weightNorm < magnitude) {
    throw new TacitError('fhe/bad-request', 'the weight norm is smaller than the weight itself');
  }
  if (weightNorm > params.maxWeightNorm) {
    throw new TacitError('fhe/weight-norm', 'the functional would outgrow the noise budget', {
      weightNorm: weightNorm.toString(),
      limit: params.maxWeightNorm.toString(),
    });
  }
  if (masks && (masks.length !== count || masks.some((id) => id.length !== 32))) {
    throw new TacitError('fhe/bad-request', 'a masked slot needs one mask id of 32 bytes each');
  }
}

/** Refuses what must not be opened. Codes `fhe/context`, `fhe/bad-request`, `fhe/weight-norm`. */
export function checkRequest(params: FheParams, request: OpeningRequest): void {
  checkContext(params, request.context);
  const { sources, slots, attempt } = request;
  if (sources.length === 0 || sources.length > MAX_SOURCES || sources.some((hash) => hash.length !== 32)) {
    throw new TacitError('fhe/bad-request', 'a request names its sources by 32-byte hashes', {
      sources: sources.length,
    });
  }
  if (!Number.isSafeInteger(attempt) || attempt < 0) {
    throw new TacitError('fhe/bad-request', 'attempts are counted from 0', { attempt });
  }
  for (const entry of slots) checkSlots(params, request, entry);
  const count = slotCount(request);
  if (count === 0 || count > MAX_SLOTS) {
    throw new TacitError('fhe/bad-request', 'a request opens at least one value and not too many', { count });
  }
}

/** The integers of a request's text fit 32 bytes each; larger constants are refused by the encoding. */
function integerPart(value: bigint): HashPart {
  return signedLittleEndian(value, 32);
}

/** Hash of the full text. Every field is length-prefixed or of fixed size, so two requests never have the same text. */
export function requestHash(request: OpeningRequest): Uint8Array {
  const { context, step, attempt, sources, slots } = request;
  const parts: HashPart[] = [...contextParts(context), step, attempt, sources.length, ...sources, slots.length];
  for (const { source, from, count, scale, weightNorm, constant, masks } of slots) {
    parts.push(source, from, count, integerPart(scale), integerPart(weightNorm));
    parts.push(integerPart(constant ?? 0n), masks?.length ?? 0, concatBytes(...(masks ?? [])));
  }
  return hash32Of('tacit/opening/1', ...parts);
}

/** `[prime][slot]` sums under construction, in the kernel's frame: one row of all slots per data prime. */
interface Rows {
  readonly limbs: readonly Modulus[];
  readonly at: readonly number[];
  readonly total: number;
}

/** `member`'s share of coefficients `from` and following of a ciphertext's decryption, unscaled: `[data prime][k]` of `c0 + c1 sigma_j`. No post has it without its flood. */
export type Functional = (ciphertext: Ciphertext, from: number, count: number) => BigUint64Array;

/** Shares for slots of many ciphertexts, one after the other: none of them is held. @throws `fhe/missing-piece` */
export function functionalOf(
  params: FheParams,
  context: RoundContext,
  member: number,
  roundKeys: RoundKeys,
): Functional {
  const ring = ringOf(params);
  const k = kernel();
  const primes = params.dataPrimes.length;
  const sigma = shareSmall(params, member, secretPieces(params, context, member, roundKeys), primes);
  return ({ c0, c1 }, from, count) => {
    const share = ring.productCoefficients(c1, sigma, from, count);
    params.dataPrimes.forEach((q, i) => {
      k.frame(() => {
        const row = k.put(share.subarray(i * count, (i + 1) * count));
        const start = i * params.degree + from;
        k.run.add(row, row, k.put(c0.subarray(start, start + count)), count, q);
        share.set(k.read(row, count), i * count);
      });
    });
    return share;
  };
}

/** Adds `scale * functional + constant` for every slot. */
function addFunctionals(ring: Ring, request: OpeningRequest, functionals: readonly BigUint64Array[], rows: Rows): void {
  const k = kernel();
  let offset = 0;
  for (const [slot, { count, scale, constant }] of request.slots.entries()) {
    const functional = at(functionals, slot);
    // A slot without a constant adds none.
    const encoded = ring.encodeCoefficient(constant ?? 0n);
    rows.limbs.forEach((limb, i) => {
      k.frame(() => {
        const target = at(rows.at, i) + 8 * offset;
        const term = k.put(functional.subarray(i * count, (i + 1) * count));
        k.run.scaleAdd(target, term, montgomery(limb, scale), count, limb.q, limb.qinv);
        const constants = k.put(new BigUint64Array(count).fill(at(encoded, i)));
        k.run.add(target, target, constants, count, limb.q);
      });
    });
    offset += count;
  }
}

/** Adds the member's share of the flood: every subset's stream has a run of 16 bytes per slot, and a second one where pieces are wider, cut to their width. */
function addFlood(params: FheParams, label: Uint8Array, member: number, roundKeys: RoundKeys, rows: Rows): void {
  const k = kernel();
  const { subsets, values } = memberPieces(params, member, roundKeys);
  const weights = rows.limbs.map(({ q }) => cdiCoefficients(params, subsets, member, q));
  subsets.forEach((subset, index) => {
    const key = at(values, index);
    const stream = new Prg(hash32Of('tacit/flood/1', key, label, subset));
    for (const { low, high, place, centre } of floodRuns(params)) {
      k.frame(() => {
        const words = k.putBytes(stream.next(16 * rows.total));
        const piece = k.alloc(8 * rows.total);
        rows.limbs.forEach((limb, i) => {
          const { q, qinv, oneM, wordM } = limb;
          k.run.flood(piece, words, rows.total, q, qinv, oneM, wordM, low, high, centre % q);
          const factor = montgomery(limb, place * at(at(weights, i), index));
          k.run.scaleAdd(at(rows.at, i), piece, factor, rows.total, q, qinv);
        });
      });
    }
  });
}

/**
 * `member`'s post for a request, `[data prime][slot]`; wire form: `encodeResidues(params.dataPrimes, shares)`.
 *
 * @param ciphertexts the sources, in the request's order; their hashes are checked
 * @param maskShares `[data prime][slot]` shares of the encoded masks (masks.ts), zero at slots without one; required exactly where the request names masks
 * Codes: those of {@link checkRequest}, `fhe/source-hash`, `fhe/mask`, `fhe/missing-piece`.
 */
export function openingShare(
  params: FheParams,
  request: OpeningRequest,
  member: number,
  roundKeys: RoundKeys,
  ciphertexts: readonly Ciphertext[],
  maskShares?: BigUint64Array,
): BigUint64Array {
  checkRequest(params, request);
  if (ciphertexts.length !== request.sources.length) {
    throw new TacitError('fhe/source-hash', 'the request has another number of sources');
  }
  request.sources.forEach((hash, source) => {
    const ciphertext = ciphertexts[source];
    if (!ciphertext || !sameBytes(hash, ciphertextHash(params, ciphertext))) {
      throw new TacitError('fhe/source-hash', 'a source is not the ciphertext the request names', { source });
    }
  });
  const functional = functionalOf(params, request.context, member, roundKeys);
  const functionals = request.slots.map(({ source, from, count }) => functional(at(ciphertexts, source), from, count));
  return floodedShare(params, request, member, roundKeys, functionals, maskShares);
}

/**
 * The same of shares that were taken of the sources one after the other ({@link functionalOf}), of ciphertexts that the request names: the caller has hashed them.
 * @param functionals of each slot in the request's order
 * Codes: those of {@link checkRequest}, `fhe/length`, `fhe/mask`, `fhe/missing-piece`.
 */
export function floodedShare(
  params: FheParams,
  request: OpeningRequest,
  member: number,
  roundKeys: RoundKeys,
  functionals: readonly BigUint64Array[],
  maskShares?: BigUint64Array,
): BigUint64Array {
  checkRequest(params, request);
  const total = slotCount(request);
  const primes = params.dataPrimes.length;
  const isWhole = request.slots.every(({ count }, slot) => functionals[slot]?.length === primes * count);
  if (!isWhole || functionals.length !== request.slots.length) {
    throw new TacitError('fhe/length', 'every slot needs one share of each of its coefficients');
  }
  if ((maskShares !== undefined) !== request.slots.some(({ masks }) => masks !== undefined)) {
    throw new TacitError('fhe/mask', 'mask shares are needed exactly where the request names masks');
  }
  if (maskShares && maskShares.length !== primes * total) {
    throw new TacitError('fhe/mask', 'one mask share per prime and slot is needed');
  }
  // Before the frame: the first of its kind makes tables that stay.
  const ring = ringOf(params);
  const k = kernel();
  const limbs = params.dataPrimes.map((q) => modulusOf(q));
  return k.frame(() => {
    const rows: Rows = { limbs, at: limbs.map(() => k.alloc(8 * total)), total };
    addFunctionals(ring, request, functionals, rows);
    addFlood(params, requestHash(request), member, roundKeys, rows);
    const out = new BigUint64Array(primes * total);
    limbs.forEach((limb, i) => {
      const row = at(rows.at, i);
      if (maskShares) k.run.add(row, row, k.put(maskShares.subarray(i * total, (i + 1) * total)), total, limb.q);
      out.set(k.read(row, total), i * total);
    });
    return out;
  });
}

/**
 * Decodes the posts of a request: the opened values, in [0, t), in the order of the slots, and who lied. A decoded noise that no honest opening can have
 * makes the request `undecodable`: a source was not what the round's checks let through.
 */
export function combineOpening(
  params: FheParams,
  request: OpeningRequest,
  posts: readonly SharePost[],
): OpeningOutcome {
  checkRequest(params, request);
  const total = slotCount(request);
  const decoded = decodeVectors(params, params.dataPrimes, posts, total);
  if (decoded.status !== 'decoded') return decoded;
  const ring = ringOf(params);
  const values: bigint[] = [];
  for (const { count, weightNorm } of request.slots) {
    const limit = openedNoiseLimit(params, weightNorm);
    for (let i = 0; i < count; i++) {
      const slot = values.length;
      const residues = params.dataPrimes.map((_, prime) => at(decoded.values, prime * total + slot));
      const { value, noise } = ring.scaleRound(ring.recompose(residues));
      if (noise > limit || noise < -limit) return { status: 'undecodable' };
      values.push(value);
    }
  }
  return { status: 'open', values, liars: decoded.liars };
}

/** The representative of an opened value in (-t/2, t/2): how signed sums come out. */
export function centred(params: FheParams, value: bigint): bigint {
  return value > params.t / 2n ? value - params.t : value;
}
