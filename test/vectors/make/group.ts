/** ristretto255, generators, commitments, Schnorr, equal logarithms, encryption, boxes, deals (§1.1, §2.2, §2.3, §14.2 to §14.4). */
import { openOnce, sealOnce } from '../../../primitives/crypto/aead.ts';
import { openWith, publicKeyOf, sealTo } from '../../../primitives/crypto/box.ts';
import { littleEndian } from '../../../primitives/crypto/bytes.ts';
import { proveShared, verifyShared } from '../../../primitives/crypto/dleq.ts';
import {
  commit,
  decodeKeyPoint,
  decodePoint,
  decodeScalar,
  G,
  H,
  hashToPoint,
  hashToScalar,
  J0,
  ORDER,
  randomScalar,
  reduce64,
  times,
  U0,
} from '../../../primitives/crypto/ristretto.ts';
import { proveSchnorr, verifySchnorr } from '../../../primitives/crypto/schnorr.ts';
import { bad, type Case, flipped, good, randomOf, type Vectors } from './cases.ts';

const random = randomOf('group');
const BASES = { G, H, J0, U0 } as const;

function points(): Case[] {
  const [a, b] = [randomScalar(random), randomScalar(random)];
  const sums = [0n, 1n, 2n, ORDER - 1n, ORDER + 3n, -5n, a].map((scalar) =>
    good(
      'multiples',
      `of ${scalar}`,
      { scalar },
      Object.values(BASES).map((base) => times(base, scalar).toBytes()),
    ),
  );
  const seeds = [random(32), random(5), new Uint8Array()];
  return [
    ...sums,
    ...seeds.map((seed) => good('hashToPoint', 'bytes', { label: 'l', seed }, hashToPoint('l', seed).toBytes())),
    good('commit', 'any numbers', { value: a, blinding: b }, commit(a, b).toBytes()),
    good('commit', 'below zero', { value: -7n, blinding: b }, commit(-7n, b).toBytes()),
    good('commit', 'nothing', { value: 0n, blinding: 0n }, commit(0n, 0n).toBytes()),
    good('hashToScalar', 'bytes', { label: 'l', seed: seeds[0] }, hashToScalar('l', seeds[0]!)),
    ...[new Uint8Array(64).fill(255), random(64)].map((wide) => good('wideScalar', '64 bytes', wide, reduce64(wide))),
  ];
}

/** RFC 9496 A.2, one of each kind. */
const NOT_POINTS: Readonly<Record<string, Uint8Array>> = {
  'not below p': littleEndian(2n ** 255n - 19n, 32),
  'the top bit is set': littleEndian(2n ** 255n, 32),
  negative: littleEndian(1n, 32),
  'no square': Uint8Array.from(Buffer.from('26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371', 'hex')),
  'negative product': Uint8Array.from(
    Buffer.from('3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e', 'hex'),
  ),
  'no ordinate': littleEndian(2n ** 255n - 20n, 32),
  short: new Uint8Array(31),
};

function encodings(): Case[] {
  const key = times(G, 5n).toBytes();
  return [
    good('decodePoint', 'a multiple', key, true),
    good('decodePoint', 'the identity', new Uint8Array(32), true),
    good('decodeKey', 'a multiple', key, true),
    bad('decodeKey', 'the identity', new Uint8Array(32), () => decodeKeyPoint(new Uint8Array(32))),
    ...Object.entries(NOT_POINTS).map(([name, bytes]) => bad('decodePoint', name, bytes, () => decodePoint(bytes))),
    good('decodeScalar', 'l - 1', littleEndian(ORDER - 1n, 32), ORDER - 1n),
    bad('decodeScalar', 'l', littleEndian(ORDER, 32), () => decodeScalar(littleEndian(ORDER, 32))),
    bad('decodeScalar', '31 bytes', new Uint8Array(31), () => decodeScalar(new Uint8Array(31))),
  ];
}

function proofs(): Case[] {
  const [secret, hedge, message] = [randomScalar(random), random(32), random(40)];
  return Object.entries({ G, J0 }).flatMap(([name, base]) => {
    const key = times(base, secret).toBytes();
    const proof = proveSchnorr(secret, message, hedge, base);
    const about = (why: string, given: { key?: Uint8Array; message?: Uint8Array; proof?: Uint8Array }): Case => {
      const all = { key, message, proof, ...given };
      return good(
        'schnorr',
        `${why}, base ${name}`,
        { base: name, ...all },
        verifySchnorr(all.key, all.message, all.proof, base),
      );
    };
    return [
      good('proveSchnorr', `base ${name}`, { base: name, secret, message, hedge }, proof),
      about('holds', {}),
      about('another message', { message: flipped(message, 0) }),
      about('another nonce', { proof: flipped(proof, 3) }),
      about('another answer', { proof: flipped(proof, 32) }),
      about('an answer of l', { proof: new Uint8Array([...proof.subarray(0, 32), ...littleEndian(ORDER, 32)]) }),
      about('a byte more', { proof: new Uint8Array([...proof, 0]) }),
      about('the identity as key', { key: new Uint8Array(32) }),
    ];
  });
}

function equalLogs(): Case[] {
  const secret = randomScalar(random);
  const [publicKey, base, message] = [publicKeyOf(secret), publicKeyOf(randomScalar(random)), random(32)];
  const { shared, proof } = proveShared(secret, base, message, random(32));
  const other = publicKeyOf(randomScalar(random));
  const about = (why: string, given: Partial<Record<'base' | 'shared' | 'message' | 'proof', Uint8Array>>): Case => {
    const all = { publicKey, base, shared, message, proof, ...given };
    return good('equalLogs', why, all, verifyShared(all, all.message, all.proof));
  };
  return [
    about('holds', {}),
    about('another value', { shared: other }),
    about('another base', { base: other }),
    about('another message', { message: flipped(message, 31) }),
    about('another challenge', { proof: flipped(proof, 0) }),
    about('the identity', { shared: new Uint8Array(32) }),
  ];
}

function boxes(): Case[] {
  const [secret, ephemeralSecret] = [randomScalar(random), randomScalar(random)];
  const [recipient, ephemeral, associated] = [publicKeyOf(secret), publicKeyOf(ephemeralSecret), random(20)];
  const [key, long] = [random(32), random(150)];
  const sealed = sealOnce(key, long, associated);
  const box = sealTo(recipient, key, associated, ephemeralSecret);
  const about = (why: string, given: Partial<Record<'ephemeral' | 'box' | 'associated', Uint8Array>>): Case => {
    const all = { ephemeral, box, associated, ...given };
    const opened = openWith(secret, all.ephemeral, all.box, all.associated);
    return good('openBox', why, { secret, ...all }, opened ?? null);
  };
  return [
    good('seal', '150 bytes', { key, message: long, associated }, sealed),
    good(
      'seal',
      'nothing',
      { key, message: new Uint8Array(), associated },
      sealOnce(key, new Uint8Array(), associated),
    ),
    good('unseal', 'as it was', { key, box: sealed, associated }, openOnce(key, sealed, associated) ?? null),
    good('unseal', 'other data', { key, box: sealed, associated: key }, openOnce(key, sealed, key) ?? null),
    good('unseal', 'a short box', { key, box: sealed.slice(0, 15), associated }, null),
    good('sealTo', '32 bytes', { recipient, message: key, associated, ephemeralSecret }, box),
    about('as it was', {}),
    about('a bit flipped', { box: flipped(box, 40) }),
    about('other data', { associated: flipped(associated, 0) }),
    about('another ephemeral key', { ephemeral: recipient }),
    about('the identity as ephemeral key', { ephemeral: new Uint8Array(32) }),
  ];
}

export function groupVectors(): Vectors {
  const spec = ['§1.1', '§2.3', '§14.2', '§14.3', '§14.4'];
  return { spec, cases: [...points(), ...encodings(), ...proofs(), ...equalLogs(), ...boxes()] };
}
