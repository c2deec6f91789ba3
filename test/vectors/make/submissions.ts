/** Sealed submissions with linear proofs, opened and checked by a committee all of whose secrets stand in the vectors (§4, §5, §14.7). */
import type { RandomBytes } from '../../../primitives/crypto/bytes.ts';
import type { Scalar } from '../../../primitives/crypto/ristretto.ts';
import { verifySchnorrTask } from '../../../primitives/crypto/schnorr.ts';
import { decodeIntegers, decodeVectors } from '../../../primitives/fhe/decode.ts';
import { PLAIN_MODULUS, subsetsWith } from '../../../primitives/fhe/params.ts';
import { encodeKeyPoly, residueBytes } from '../../../primitives/fhe/wire.ts';
import type { LinearKeys } from '../../../primitives/linear/ciphertext.ts';
import {
  combineShares,
  laneTables,
  type CheckValues,
  payloadShares,
  openSealed,
} from '../../../primitives/linear/member.ts';
import { sharePieces } from '../../../primitives/linear/shares.ts';
import { linearBytes, linearShape } from '../../../primitives/linear/shape.ts';
import { buildSubmission } from '../../../primitives/linear/submission.ts';
import type { LaneSpec } from '../../../primitives/proofs/lane.ts';
import { meterVector } from '../../../primitives/proofs/meter.ts';
import { encodeSealed, parseSealed, proofTask } from '../../../primitives/proofs/sealed.ts';
import { sealSubmission } from '../../../primitives/proofs/submission.ts';
import type { Binding } from '../../../primitives/proofs/transcript.ts';
import { openPayload, openSeedBoxes } from '../../../primitives/proofs/unseal.ts';
import { bad, type Case, type Datum, flipped, good, randomOf, type Vectors } from './cases.ts';
import { Committee } from './committee.ts';
import { laneGiven } from './linear.ts';

const committee = new Committee('tacit-test-256-n4');
const { params, context } = committee;
const beacon = randomOf('beacon')(32);
/** Two polynomials: the second has the key of another round here, which serves as well. */
const further = [new Committee('tacit-test-256-n4', 6).publicKey().b];
const keys: LinearKeys = {
  publicKey: committee.publicKey(),
  further,
  sealKeys: committee.publicKeys('seal'),
  maskKeys: committee.publicKeys('mask'),
};

interface Made {
  readonly name: string;
  readonly spec: LaneSpec;
  readonly account: Uint8Array;
  readonly sealed: Uint8Array;
}

interface Honest extends Made {
  readonly values: readonly number[];
}

function build(name: string, spec: LaneSpec, values: readonly number[]): Honest {
  const random = randomOf(`submission ${name}`);
  const account = random(32);
  const { sealed } = buildSubmission({ params, context, spec, account, keys, values, random });
  return { name, spec, account, values, sealed };
}

/** The same submission with other bytes in its payload, sealed by its own author. */
function rebuilt(name: string, honest: Honest, change: (payload: Uint8Array) => Uint8Array): Made {
  const { spec, account, values } = honest;
  const random = randomOf(`submission ${honest.name}`);
  random(32);
  const opened = openPayload(params, { context, spec, account }, keys, honest.sealed, committee.secrets('seal'));
  if (opened.status !== 'open') throw new Error('an honest submission does not open');
  const input = { params, context, spec, account, keys, values, random };
  return { name, spec, account, sealed: sealSubmission(input, () => change(opened.bytes)).sealed };
}

/** Posts of all members for one submission, or why it is refused. */
function postsOf({ spec, account, sealed }: Made): { id: Uint8Array; posts: CheckValues[] } | { reason: string } {
  const binding: Binding = { context, spec, account };
  const outcome = openSealed(params, binding, keys, sealed, committee.secrets('seal'));
  if (outcome.status === 'rejected') return { reason: outcome.reason };
  const tables = laneTables(params, context, keys, beacon, spec);
  const secrets = committee.secrets('mask');
  const posts = committee.members.map((member) => {
    const own = new Map<number, Scalar>(subsetsWith(params, member).map((A) => [A, secrets[A]!]));
    const seeds = openSeedBoxes(params, binding, sealed, own);
    const { ephemeral } = outcome.submission;
    const share = sharePieces(params, binding, linearShape(spec), ephemeral, seeds, member);
    return payloadShares(tables, outcome.submission, share);
  });
  return { id: outcome.submission.id, posts };
}

/** What members' posts decode to, and whether that is nothing but zeros. */
function decodedOf(posts: readonly CheckValues[]): Datum {
  const q = decodeVectors(
    params,
    params.dataPrimes,
    posts.map((post, member) => ({ member, shares: post.q })),
    4,
  );
  const k = decodeIntegers(
    params,
    PLAIN_MODULUS,
    posts.map((post, member) => ({ member, shares: [...post.k] })),
    3,
  );
  if (q.status !== 'decoded' || k.status !== 'decoded') return { status: 'undecodable' };
  const values = [...k.values, ...q.values];
  return { values, holds: values.every((value) => value === 0n) };
}

const shown = ({ q, k }: CheckValues): Datum => ({ k: [...k], q: [...q] });

function givenOf({ spec, account, sealed }: Made): Datum {
  return { lane: laneGiven(spec), account, sealed };
}

function proofOf({ spec, account, sealed }: Made): boolean {
  const { parts } = proofTask({ context, spec, account }, parseSealed(params, spec, sealed));
  return verifySchnorrTask(parts);
}

const roundGiven = (): Record<string, Datum> => ({
  context: committee.given,
  key: encodeKeyPoly(params, keys.publicKey.b),
  further: further.map((b) => encodeKeyPoly(params, b)),
  sealSecrets: committee.secrets('seal'),
  maskSecrets: committee.secrets('mask'),
  beacon,
});

function submissionCase(made: Made): Case {
  const outcome = postsOf(made);
  const proof = proofOf(made);
  if ('reason' in outcome) return good('submission', made.name, givenOf(made), { proof, refused: outcome.reason });
  const { id, posts } = outcome;
  return good('submission', made.name, givenOf(made), {
    proof,
    id,
    posts: posts.map(shown),
    decoded: decodedOf(posts),
  });
}

function combined(name: string, all: readonly Made[]): Case {
  const opened = all.map(postsOf).map((outcome) => {
    if ('reason' in outcome) throw new Error(outcome.reason);
    return outcome;
  });
  const sums = committee.members.map((member) =>
    combineShares(
      params,
      context,
      beacon,
      opened.map(({ id, posts }) => ({ id, shares: posts[member]! })),
    ),
  );
  return good(
    'combinedCheck',
    name,
    { submissions: all.map(givenOf) },
    {
      posts: sums.map(shown),
      decoded: decodedOf(sums),
    },
  );
}

const draw = (random: RandomBytes, count: number): number[] => Array.from(random(count), (byte) => byte - 128);
const squares = (values: readonly number[]): bigint => BigInt(values.reduce((sum, value) => sum + value * value, 0));

function honest(): Honest[] {
  const random = randomOf('values');
  const [few, wide] = [draw(random, 14), draw(random, 300)];
  const update = { lane: 'update', digits: 2, offset: 128 } as const;
  const meter: LaneSpec = {
    lane: 'meter',
    part: 0,
    values: 12,
    digits: 2,
    offset: 0,
    total: 70n,
    bounds: [1n, 40n, 9n],
  };
  return [
    build('an update', { ...update, part: 0, values: 14, normSq: squares(few) }, few),
    build('an update of two polynomials', { ...update, part: 1, values: 300, normSq: squares(wide) }, wide),
    build(
      'counts of uses',
      { lane: 'usage', part: 0, values: 5, digits: 3, offset: 0, total: 1_600n },
      [1000, 0, 550, 7, 43],
    ),
    build('a report', { lane: 'counts', part: 0, values: 3, digits: 4, offset: 0 }, [65_535, 0, 1]),
    build('a meter', meter, meterVector(meter, [0, 63, 7])),
  ];
}

/** Where the parts of a payload begin. */
function placesOf(spec: LaneSpec): Record<'c0' | 'deltas' | 'range' | 'squares' | 'opened', number> {
  const shape = linearShape(spec);
  const { deltas, proof } = linearBytes(shape);
  const c0 = residueBytes(params.dataPrimes, params.degree);
  const from = c0 + residueBytes(params.dataPrimes, spec.values);
  const range = from + deltas;
  // Squares stand behind the range values, 50 bits an element.
  return { c0, deltas: from, range, squares: range + Math.floor((150 * shape.range) / 8) + 1, opened: range + proof };
}

function lies(own: Honest, padded: Honest): Made[] {
  const at = placesOf(own.spec);
  const bit = (place: number) => (payload: Uint8Array) => flipped(payload, place);
  const filled = (place: number, length: number, byte: number) => (payload: Uint8Array) =>
    payload.map((old, i) => (i >= place && i < place + length ? byte : old));
  const last = (place: number) => (payload: Uint8Array) => payload.map((old, i) => (i === place ? old | 128 : old));
  return [
    rebuilt('another c1', own, bit(1)),
    rebuilt('another c0', own, bit(at.c0 + 1)),
    rebuilt('another digit', own, bit(at.deltas)),
    rebuilt('another range quotient', own, bit(at.range)),
    rebuilt('other squares', own, bit(at.squares)),
    rebuilt('another opened wire', own, bit(at.opened)),
    rebuilt('a residue that is not below its prime', own, filled(0, 8, 255)),
    rebuilt('c1 is zero', own, filled(0, at.c0, 0)),
    rebuilt('a delta that is not below t', own, filled(at.deltas, 7, 255)),
    rebuilt('a bit behind the last delta', padded, last(placesOf(padded.spec).range - 1)),
    rebuilt('an opened wire that is not below t', own, filled(at.opened, 7, 255)),
  ];
}

/** Seals the seed of one subset to another key: its box does not open, and stands for the zero seed. */
function withoutSeed({ spec, values }: Honest): Made {
  const name = 'a seed box that does not open';
  const maskKeys = keys.maskKeys.map((key, A) => (A === 2 ? (keys.sealKeys[A] ?? key) : key));
  const random = randomOf(`submission ${name}`);
  const account = random(32);
  const input = { params, context, spec, account, keys: { ...keys, maskKeys }, values, random };
  return { name, spec, account, sealed: buildSubmission(input).sealed };
}

/** What others may change in a sealed submission: its proof of knowledge fails, and most of it does not open. */
function tampered(own: Honest): Made[] {
  const parsed = parseSealed(params, own.spec, own.sealed);
  const made = (name: string, change: Partial<typeof parsed>): Made => ({
    ...own,
    name,
    sealed: encodeSealed(own.spec, { ...parsed, ...change }),
  });
  const other = parsed.keyBoxes.map((box, A) => (A === 1 ? flipped(box, 0) : box));
  return [
    made('a key box that does not open', { keyBoxes: other }),
    made('another digest of the key', { keyDigest: flipped(parsed.keyDigest, 0) }),
    made('a payload that does not open', { payloadBox: flipped(parsed.payloadBox, 5) }),
    { ...own, name: 'under another account', account: flipped(own.account, 0) },
  ];
}

/** Headers and lengths that are refused before anything is opened. */
function forms(own: Honest): Case[] {
  const header = (at: number): Uint8Array => flipped(own.sealed, at);
  const kinds: Readonly<Record<string, Uint8Array>> = {
    'another version': header(0),
    'another lane': header(1),
    'another part': header(2),
    'another committee': header(3),
    'a byte more': new Uint8Array([...own.sealed, 0]),
  };
  return Object.entries(kinds).map(([name, sealed]) =>
    bad('submission', name, givenOf({ ...own, sealed }), () => parseSealed(params, own.spec, sealed)),
  );
}

export function submissionVectors(): Vectors {
  const all = honest();
  const [update, , uses, report] = all as [Honest, Honest, Honest, Honest];
  const wrong = lies(update, uses);
  return {
    spec: ['§4.1', '§4.5', '§5', '§14.7'],
    common: roundGiven(),
    cases: [
      ...all.map(submissionCase),
      ...wrong.map(submissionCase),
      ...tampered(update).map(submissionCase),
      submissionCase(withoutSeed(report)),
      ...forms(report),
      combined('three that hold', [update, uses, report]),
      combined('one of three does not', [wrong[2]!, uses, report]),
    ],
  };
}
