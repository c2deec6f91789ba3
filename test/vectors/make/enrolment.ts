/** Enrolments: what a wallet derives, the bytes, both proofs, the committee's check of masks (§7.1, §7.2, §14.8). */
import {
  buildEnrolment,
  enrolmentId,
  expandEnrolmentSeed,
  openEnrolmentSeeds,
  parseEnrolment,
  recoverEnrolment,
  verifyEnrolmentProofs,
} from '../../../primitives/proofs/enrolment.ts';
import {
  checkEnrolments,
  enrolmentWeight,
  maskCheckShare,
  type MaskCheck,
  sumMaskChecks,
} from '../../../primitives/proofs/enrolment-check.ts';
import { decodeIntegers } from '../../../primitives/fhe/decode.ts';
import { ORDER } from '../../../primitives/crypto/ristretto.ts';
import { bad, type Case, flipped, good, randomOf, type Vectors } from './cases.ts';
import { Committee } from './committee.ts';

const random = randomOf('enrolment');
const committee = new Committee('tacit-test-256-n4');
const { params, context } = committee;
const maskKeys = committee.publicKeys('mask');
const beacon = random(32);

interface Own {
  readonly account: Uint8Array;
  readonly walletSeed: Uint8Array;
  readonly bytes: Uint8Array;
}

function enrol(): Own {
  const [account, walletSeed] = [random(32), random(32)];
  return { account, walletSeed, bytes: buildEnrolment({ params, context, account, maskKeys, walletSeed, random }) };
}

function forms({ account, bytes }: Own): Case[] {
  const given = (data: Uint8Array, by = account) => ({ context: committee.given, account: by, data });
  const proofs = (name: string, data: Uint8Array, by = account): Case =>
    good('enrolment', name, given(data, by), {
      id: enrolmentId(data),
      proofs: verifyEnrolmentProofs({ context, account: by }, parseEnrolment(params, data)),
    });
  const changed = (at: number, value: Uint8Array): Uint8Array => {
    const out = bytes.slice();
    out.set(value, at);
    return out;
  };
  const refused: Readonly<Record<string, Uint8Array>> = {
    'a byte more': new Uint8Array([...bytes, 0]),
    'another version': changed(0, Uint8Array.of(2)),
    'another committee': changed(1, Uint8Array.of(21)),
    'the identity as note key': changed(66, new Uint8Array(32)),
    'the identity as ephemeral key': changed(2, new Uint8Array(32)),
    'a mask that is no point': changed(98, new Uint8Array(32).fill(255)),
  };
  return [
    proofs('as built', bytes),
    proofs('under another account', bytes, random(32)),
    proofs('another salt', flipped(bytes, 40)),
    proofs('another delta', flipped(bytes, 162)),
    proofs('a bit of a box', flipped(bytes, 200)),
    proofs('a bit of the proof of E', flipped(bytes, bytes.length - 64 - 32)),
    proofs('a bit of the proof of k', flipped(bytes, bytes.length - 1 - 31)),
    ...Object.entries(refused).map(([name, data]) =>
      bad('enrolment', name, given(data), () => parseEnrolment(params, data)),
    ),
  ];
}

function recovery({ account, walletSeed, bytes }: Own): Case[] {
  const enrolment = parseEnrolment(params, bytes);
  const given = { context: committee.given, account, walletSeed, data: bytes };
  const { key, m, r } = recoverEnrolment(params, { context, account }, walletSeed, enrolment);
  const other = random(32);
  return [
    good('recoverEnrolment', 'by its wallet', given, { key, m, r, delta: enrolment.delta }),
    bad('recoverEnrolment', 'by another wallet', { ...given, walletSeed: other }, () =>
      recoverEnrolment(params, { context, account }, other, enrolment),
    ),
  ];
}

/** Shares of the mask check by all members; `forged` enrolments are those whose mask is not what the seeds give. */
function checks(own: readonly Own[], name: string, forge: (bytes: Uint8Array, i: number) => Uint8Array): Case {
  const secrets = committee.secrets('mask');
  const all = own.map(({ account, bytes }, i) => {
    const data = forge(bytes, i);
    const binding = { context, account };
    const enrolment = parseEnrolment(params, data);
    const seeds = openEnrolmentSeeds(binding, enrolment, new Map(secrets.entries()));
    const pieces = Array.from(seeds, ([A, seed]) => expandEnrolmentSeed(binding, enrolment.ephemeral, A, seed));
    const rho = enrolmentWeight(beacon, enrolmentId(data));
    return { account, data, enrolment, pieces: new Map(pieces.map((piece, A) => [A, piece])), rho };
  });
  const posts = committee.members.map((member) => {
    const sum = sumMaskChecks(
      all.map(({ enrolment, pieces, rho }) => maskCheckShare(params, member, enrolment, pieces, rho)),
    );
    return { member, shares: [sum.S, sum.R] };
  });
  const decoded = decodeIntegers(params, ORDER, posts, 2);
  if (decoded.status !== 'decoded') throw new Error('not decoded');
  const value: MaskCheck = { S: decoded.values[0]!, R: decoded.values[1]! };
  const holds = checkEnrolments(
    all.map(({ enrolment }) => enrolment),
    all.map(({ rho }) => rho),
    value,
  );
  return good(
    'maskCheck',
    name,
    {
      context: committee.given,
      maskSecrets: secrets,
      beacon,
      enrolments: all.map(({ account, data }) => ({ account, data })),
    },
    { posts: posts.map(({ shares }) => shares), value: [value.S, value.R], holds },
  );
}

export function enrolmentVectors(): Vectors {
  const own = [enrol(), enrol()];
  const delta = (bytes: Uint8Array): Uint8Array => flipped(bytes, 162);
  const box = (bytes: Uint8Array): Uint8Array => flipped(bytes, 181);
  return {
    spec: ['§7.1', '§7.2', '§14.8'],
    cases: [
      ...forms(own[0]!),
      ...recovery(own[0]!),
      checks(own, 'two that hold', (bytes) => bytes),
      checks(own.slice(1), 'one alone', (bytes) => bytes),
      checks(own, 'a delta that is not that of the mask', (bytes, i) => (i === 0 ? delta(bytes) : bytes)),
      checks(own, 'a box that does not open', (bytes, i) => (i === 1 ? box(bytes) : bytes)),
    ],
  };
}
