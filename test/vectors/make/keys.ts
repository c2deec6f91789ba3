/** Parameter sets, key chains, round keys and what derives from them, deals (§1.3 to §1.5, §2.1 to §2.3, §3, §6.3, §14.5, §14.6). */
import { publicKeyOf } from '../../../primitives/crypto/box.ts';
import { randomScalar } from '../../../primitives/crypto/ristretto.ts';
import {
  dealSubsetKey,
  openDeal,
  openedBox,
  openingOf,
  subsetKeyDigest,
  type TermContext,
} from '../../../primitives/fhe/deal.ts';
import { postingsDigest } from '../../../primitives/fhe/key-check.ts';
import { boxPublicKey, keyAssignment, publicKeyHash, ratchet } from '../../../primitives/fhe/keys.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { distanceBits, fheParams, openedNoiseLimit, SECURE_PARAMS } from '../../../primitives/fhe/params.ts';
import { ringOf } from '../../../primitives/fhe/ring.ts';
import { encodeKeyPoly } from '../../../primitives/fhe/wire.ts';
import { bad, type Case, flipped, good, randomOf, type Vectors } from './cases.ts';
import { Committee } from './committee.ts';

const random = randomOf('keys');
const SMALL = ['tacit-test-256-n4', 'tacit-test-256-n7', 'tacit-test-256-n10'];

function sets(): Case[] {
  const known = [...SECURE_PARAMS, ...SMALL].map((id) => {
    const params = fheParams(id);
    const { n, f, subsets, degree, dataPrimes, specialPrime, t, maxWeightNorm, unitNoise, floodBits, lambda } = params;
    const openings = [
      { values: 4096, weightNorm: 32n },
      { values: 1, weightNorm: maxWeightNorm },
    ];
    return good(
      'params',
      id,
      { id, openings: openings.map(({ values, weightNorm }) => [values, weightNorm]) },
      {
        n,
        f,
        degree,
        subsets,
        dataPrimes,
        specialPrime,
        t,
        maxWeightNorm,
        unitNoise,
        floodBits,
        lambda,
        openedNoise: openedNoiseLimit(params, maxWeightNorm),
        distanceBits: distanceBits(params, openings),
      },
    );
  });
  return [...known, bad('params', 'unknown', { id: 'tacit-8192-n5', openings: [] }, () => fheParams('tacit-8192-n5'))];
}

function chains(): Case[] {
  const chainKey = random(32);
  const cases = [0, 1, 2 ** 32 - 1].map((round) =>
    good('ratchet', `round ${round}`, { chainKey, round }, { ...ratchet(chainKey, round) }),
  );
  return [
    ...cases,
    bad('ratchet', 'a short key', { chainKey: chainKey.slice(1), round: 0 }, () => ratchet(chainKey.slice(1), 0)),
  ];
}

function roundKeys(): Case[] {
  return SMALL.slice(0, 2).map((id) => {
    const committee = new Committee(id);
    const { params, context } = committee;
    const assignment = keyAssignment(params);
    const postings = committee.postings();
    const key = committee.publicKey();
    return good(
      'roundKey',
      id,
      { context: committee.given, chainKeys: committee.chainKeys },
      {
        assignment,
        postings: [...postings.values()].map((posting) => blake2b256(encodeKeyPoly(params, posting))),
        postingsDigest: postingsDigest(params, context, postings, assignment),
        publicKeyHash: publicKeyHash(params, context, key),
        sealKeys: params.subsets.map((_, A) => boxPublicKey(context, 'seal', A, committee.roundKeys[A]!)),
        maskKeys: params.subsets.map((_, A) => boxPublicKey(context, 'mask', A, committee.roundKeys[A]!)),
      },
    );
  });
}

function assignments(): Case[] {
  const assigned = (id: string, absent: number[]): Case =>
    good(
      'keyAssignment',
      `${id} without ${absent.join(', ')}`,
      { params: id, absent },
      keyAssignment(fheParams(id), new Set(absent)),
    );
  return [
    ...SMALL.map((id) => assigned(id, [])),
    assigned(SMALL[0]!, [1]),
    assigned(SMALL[1]!, [0, 6]),
    bad('keyAssignment', 'a whole subset is absent', { params: SMALL[0]!, absent: [0, 1, 2] }, () =>
      keyAssignment(fheParams(SMALL[0]!), new Set([0, 1, 2])),
    ),
  ];
}

function plaintexts(): Case[] {
  const params = fheParams(SMALL[0]!);
  const ring = ringOf(params);
  const values = [0n, 1n, -1n, 127n, -128n, params.t / 2n, params.t - 1n, 2n ** 140n, -(2n ** 140n)];
  return values.map((value) => good('encode', `${value}`, { value }, [...ring.encodeCoefficient(value)]));
}

/** A deal to three members, and what its boxes give. */
function deals(): Case[] {
  const params = fheParams(SMALL[0]!);
  const term: TermContext = { genesis: random(32), term: 4, attempt: 1 };
  const [subset, dealer, key, ephemeralSecret] = [2, 2, random(32), randomScalar(random)];
  const secrets = new Map([0, 2, 3].map((member) => [member, randomScalar(random)]));
  const encryptionKeys = new Map([...secrets].map(([member, secret]) => [member, publicKeyOf(secret)]));
  const sealed = dealSubsetKey(params, term, subset, dealer, key, ephemeralSecret, encryptionKeys);
  const given = { ...term, params: params.id, subset, dealer };
  const deal = { term, subset, dealer, sealed, encryptionKeys };
  const opening = openingOf(params, deal, 3, secrets.get(3)!, random(32));
  const opened = (name: string, shown: typeof opening): Case =>
    good(
      'openedBox',
      name,
      { ...given, sealed, receiver: 3, receiverKey: encryptionKeys.get(3)!, ...shown },
      openedBox(params, deal, 3, shown)?.key ?? null,
    );
  const open = (receiver: number, data: Uint8Array, name: string): Case =>
    good(
      'openDeal',
      name,
      { ...given, sealed: data, receiver, secret: secrets.get(receiver)! },
      openDeal(params, term, subset, dealer, data, receiver, secrets.get(receiver)!) ?? null,
    );
  return [
    open(0, sealed, 'the first box'),
    open(3, sealed, 'the second box'),
    open(3, flipped(sealed, sealed.length - 1), 'a box that does not open'),
    open(0, flipped(sealed, sealed.length - 1), 'the box of another does not open'),
    opened('a right opening', opening),
    opened('another value', { ...opening, shared: encryptionKeys.get(0)! }),
    good(
      'subsetKeyDigest',
      'a key',
      { ...term, params: params.id, subset, key },
      subsetKeyDigest(params, term, subset, key),
    ),
  ];
}

export function keyVectors(): Vectors {
  return {
    spec: ['§1.3', '§1.4', '§1.5', '§2.1', '§2.2', '§2.3', '§3.1', '§3.2', '§6.3', '§14.5', '§14.6'],
    cases: [...sets(), ...chains(), ...roundKeys(), ...assignments(), ...plaintexts(), ...deals()],
  };
}
