/**
 * The check of one pass of the evaluation keys (§13.2), as that of the round key: the members open, from their shares, two random functionals of what each poster
 * should have posted; a posting whose own functionals differ is wrong, and its poster named. All is linear in the pieces: `2f+1` posts on one polynomial decide.
 */
import { at } from '../at.ts';
import { hash32Of } from '../crypto/hash.ts';
import { Prg } from '../crypto/prg.ts';
import { TacitError } from '../errors.ts';
import { cdiCoefficients, memberPieces } from './cdi.ts';
import { decodeVectors } from './decode.ts';
import {
  ephemeralPiece,
  type FirstPass,
  inputHash,
  type Pass,
  passErrors,
  type Posting,
  postingLength,
  switchingA,
} from './evaluation-keys.ts';
import type { KeyCheckOutcome } from './key-check.ts';
import { contextParts, keyPosters, type RoundKeys, secretPiece } from './keys.ts';
import { modulo } from './modulus.ts';
import type { FheParams, RoundContext } from './params.ts';
import { type Ring, ringOf } from './ring.ts';
import type { RnsPoly, SharePost } from './types.ts';
import { encodePosting } from './wire.ts';

/** An error passes one with probability 2/q for each prime: below 2^-109 for both. */
const FUNCTIONALS = 2;

/** `<chi, sum_i factors_i * poly_i>` of a posting's polynomials; `factors[i][prime]`. */
interface Functional {
  readonly chi: RnsPoly;
  readonly factors: readonly (readonly bigint[])[];
}

/** Hash of all that was posted in a pass, of who was to post what, and of what the pass starts from: the functionals are drawn after it. */
export function passDigest(
  params: FheParams,
  context: RoundContext,
  postings: ReadonlyMap<number, Posting>,
  assignment: readonly number[],
  first?: FirstPass,
): Uint8Array {
  const parts = keyPosters(assignment).map((member) => {
    const posting = postings.get(member);
    if (!posting) {
      throw new TacitError('fhe/missing-posting', 'an assigned member has not posted its part of a pass', { member });
    }
    return hash32Of('tacit/pass-posting/1', member, encodePosting(params, posting));
  });
  const start = inputHash(params, context, first);
  return hash32Of('tacit/pass-postings/1', ...contextParts(context), start, Uint8Array.from(assignment), ...parts);
}

function functionals(params: FheParams, context: RoundContext, digest: Uint8Array, pass: Pass): Functional[] {
  const ring = ringOf(params);
  const prg = new Prg(hash32Of('tacit/pass-check/1', ...contextParts(context), pass, digest));
  return Array.from({ length: FUNCTIONALS }, () => ({
    chi: ring.uniform(prg, params.keyPrimes.length),
    factors: Array.from({ length: postingLength(params, pass) }, () =>
      params.keyPrimes.map((q) => (prg.u64() | (prg.u64() << 64n)) % q),
    ),
  }));
}

/** Shares in one member's post: per prime, two for each poster in ascending order. */
export function passCheckCount(assignment: readonly number[]): number {
  return FUNCTIONALS * keyPosters(assignment).length;
}

/** What a functional of a posting is of the pieces behind it: a dot product with `s`, one with `u`, and one with each error. */
interface LinearForm {
  readonly onSecret: RnsPoly;
  readonly onEphemeral: RnsPoly;
  readonly chi: RnsPoly;
  /** Of each error, `[polynomial][prime]`. */
  readonly factors: readonly (readonly bigint[])[];
}

/** `sum_i factors_i * polys_i`. */
function combined(ring: Ring, polys: readonly RnsPoly[], factors: Functional['factors']): RnsPoly {
  return ring.linear(polys, (prime) => factors.map((of) => at(of, prime)), ring.params.keyPrimes.length);
}

/** `sum_i factors_i * g_i * chi`: each digit's gadget is P at its own prime. */
function weighedGadgets(ring: Ring, chi: RnsPoly, factors: Functional['factors']): RnsPoly {
  const { keyPrimes, specialPrime } = ring.params;
  const own = (prime: number): bigint => (prime < factors.length ? specialPrime * at(at(factors, prime), prime) : 0n);
  return ring.linear([chi], (prime) => [own(prime)], keyPrimes.length);
}

/** What the first pass multiplies by, the same for both functionals. */
function firstForm(
  ring: Ring,
  a: { readonly galois: readonly RnsPoly[]; readonly relin: readonly RnsPoly[] },
  { chi, factors }: Functional,
): LinearForm {
  const digits = a.galois.length;
  const part = (k: number): Functional['factors'] => factors.slice(k * digits, (k + 1) * digits);
  const [galois, left, right] = [part(0), part(1), part(2)];
  const onReversed = ring.reversed(weighedGadgets(ring, chi, galois));
  const onSquare = weighedGadgets(ring, chi, left);
  const bySecret = ring.sub(combined(ring, a.relin, right), combined(ring, a.galois, galois));
  return {
    onSecret: ring.add(ring.transposeMultiply(bySecret, chi), ring.add(onReversed, onSquare)),
    onEphemeral: ring.negate(ring.transposeMultiply(combined(ring, a.relin, left), chi)),
    chi,
    factors: factors.map((of, i) => (i < digits ? of.map((x) => -x) : of)),
  };
}

function secondForm(ring: Ring, { h0, h1 }: FirstPass, { chi, factors }: Functional): LinearForm {
  const right = combined(ring, h1, factors);
  return {
    onSecret: ring.transposeMultiply(ring.sub(combined(ring, h0, factors), right), chi),
    onEphemeral: ring.transposeMultiply(right, chi),
    chi,
    factors,
  };
}

function formsOf(
  params: FheParams,
  context: RoundContext,
  digest: Uint8Array,
  first: FirstPass | undefined,
): LinearForm[] {
  const ring = ringOf(params);
  if (first !== undefined) {
    return functionals(params, context, digest, 'second').map((functional) => secondForm(ring, first, functional));
  }
  const a = { galois: switchingA(params, context, 'galois'), relin: switchingA(params, context, 'relin') };
  return functionals(params, context, digest, 'first').map((functional) => firstForm(ring, a, functional));
}

/** The form at one subset's pieces, per prime. */
function formAt(
  ring: Ring,
  form: LinearForm,
  secret: Int8Array,
  ephemeral: Int8Array,
  errors: readonly Int8Array[],
): bigint[] {
  const bySecret = ring.dotSmall(form.onSecret, secret);
  const byEphemeral = ring.dotSmall(form.onEphemeral, ephemeral);
  const sums = ring.params.keyPrimes.map((_, prime) => at(bySecret, prime) + at(byEphemeral, prime));
  errors.forEach((error, i) => {
    ring.dotSmall(form.chi, error).forEach((dot, prime) => {
      sums[prime] = at(sums, prime) + dot * at(at(form.factors, i), prime);
    });
  });
  return sums;
}

/**
 * `member`'s shares `[key prime][2 * poster index + functional]` of the functionals of each poster's part of a pass. Post them as
 * `encodeResidues(params.keyPrimes, shares)`.
 * @param digest of {@link passDigest}
 * @param first sums of the first pass, for the second
 */
export function passCheckShares(
  params: FheParams,
  context: RoundContext,
  member: number,
  roundKeys: RoundKeys,
  digest: Uint8Array,
  assignment: readonly number[],
  first?: FirstPass,
): BigUint64Array {
  const ring = ringOf(params);
  const pass: Pass = first === undefined ? 'first' : 'second';
  const bound = inputHash(params, context, first);
  const forms = formsOf(params, context, digest, first);
  const { subsets, values } = memberPieces(params, member, roundKeys);
  const weights = params.keyPrimes.map((q) => cdiCoefficients(params, subsets, member, q));
  const posters = keyPosters(assignment);
  const count = passCheckCount(assignment);
  const out = new BigUint64Array(params.keyPrimes.length * count);
  subsets.forEach((subset, i) => {
    const key = at(values, i);
    const secret = secretPiece(params, context, subset, key);
    const ephemeral = ephemeralPiece(params, context, subset, key);
    const errors = passErrors(params, context, subset, key, pass, bound);
    forms.forEach((form, index) => {
      const slot = FUNCTIONALS * posters.indexOf(at(assignment, subset)) + index;
      const pieces = formAt(ring, form, secret, ephemeral, errors);
      params.keyPrimes.forEach((q, prime) => {
        const place = prime * count + slot;
        out[place] = modulo(at(out, place) + at(pieces, prime) * at(at(weights, prime), i), q);
      });
    });
  });
  return out;
}

/** Judges the postings of a pass by the members' shares. @param first sums of the first pass, for the second */
export function judgePass(
  params: FheParams,
  context: RoundContext,
  postings: ReadonlyMap<number, Posting>,
  assignment: readonly number[],
  posts: readonly SharePost[],
  first?: FirstPass,
): KeyCheckOutcome {
  const ring = ringOf(params);
  const count = passCheckCount(assignment);
  const decoded = decodeVectors(params, params.keyPrimes, posts, count);
  if (decoded.status !== 'decoded') return decoded;
  const digest = passDigest(params, context, postings, assignment, first);
  const drawn = functionals(params, context, digest, first === undefined ? 'first' : 'second');
  const wrong = keyPosters(assignment).filter((member, poster) =>
    drawn.some(({ chi, factors }, index) => {
      const slot = FUNCTIONALS * poster + index;
      const values = ring.dot(chi, combined(ring, at(postings, member), factors));
      return values.some((value, prime) => value !== decoded.values[prime * count + slot]);
    }),
  );
  return { status: 'judged', wrong, liars: decoded.liars };
}
