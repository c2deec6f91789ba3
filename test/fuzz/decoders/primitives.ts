/** What primitives read: points, scalars, packed residues, boxes, proofs, nodes of tries. */
import { openOnce, sealOnce } from '../../../primitives/crypto/aead.ts';
import { openAllWith, openWith, publicKeyOf, sealTo } from '../../../primitives/crypto/box.ts';
import {
  concatBytes,
  fromLittleEndian,
  fromSignedLittleEndian,
  littleEndian,
  signedLittleEndian,
} from '../../../primitives/crypto/bytes.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { decodePoints } from '../../../primitives/crypto/points.ts';
import { decodeKeyPoint, decodePoint, decodeScalar, encodeScalar } from '../../../primitives/crypto/ristretto.ts';
import { fromAddress, toAddress } from '../../../primitives/crypto/ss58.ts';
import { dealSubsetKey, openDeal, openedBox, openingOf } from '../../../primitives/fhe/deal.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import {
  decodeKeyPoly,
  decodePosting,
  decodeResidues,
  encodeKeyPoly,
  encodePosting,
  encodeResidues,
} from '../../../primitives/fhe/wire.ts';
import { decodePlain, encodePlain } from '../../../primitives/linear/field.ts';
import { aggregateBytes, aggregateValues } from '../../../primitives/round/index.ts';
import { decodeNode, encodeNode } from '../../../primitives/trie/node.ts';
import { readProof } from '../../../primitives/trie/index.ts';
import type { Decoder } from '../attack.ts';
import { givenBytes, vectors } from '../seeds.ts';

const CRYPTO = 'primitives/crypto';
const params = fheParams('tacit-test-256-n4');
const fixed = (length: number, fill = 7): Uint8Array => new Uint8Array(length).fill(fill);
const SECRET = 77n;
const associated = fixed(32);
const points = (): Uint8Array[] => givenBytes('group', 'decodePoint');

const integers: readonly Decoder[] = [
  {
    name: 'integers',
    covers: [`${CRYPTO}/bytes.ts#fromLittleEndian`, `${CRYPTO}/bytes.ts#fromSignedLittleEndian`],
    seeds: () => [fixed(1), fixed(8), fixed(17, 255), fixed(32)],
    read: (bytes) => {
      const own = bytes.subarray(0, 64);
      littleEndian(fromLittleEndian(own), own.length);
      return own.length === 0 || own.length < bytes.length
        ? undefined
        : signedLittleEndian(fromSignedLittleEndian(own), own.length);
    },
  },
  {
    name: 'scalar',
    covers: [`${CRYPTO}/ristretto.ts#decodeScalar`],
    seeds: () => [encodeScalar(0n), encodeScalar(5n), ...givenBytes('group', 'decodeScalar')],
    read: (bytes) => encodeScalar(decodeScalar(bytes)),
  },
  {
    name: 'point',
    covers: [`${CRYPTO}/ristretto.ts#decodePoint`, `${CRYPTO}/ristretto.ts#decodeKeyPoint`],
    seeds: points,
    read: (bytes) => {
      const encoded = decodePoint(bytes).toBytes();
      return bytes.every((byte) => byte === 0) ? encoded : decodeKeyPoint(bytes).toBytes();
    },
  },
  {
    name: 'points together',
    covers: [`${CRYPTO}/points.ts#decodePoints`],
    seeds: () => [concatBytes(...points()), fixed(0)],
    read: (bytes) => {
      const count = Math.ceil(bytes.length / 32);
      const set = decodePoints(Array.from({ length: count }, (_, i) => bytes.subarray(32 * i, 32 * i + 32)));
      return set.count === count ? undefined : fixed(0);
    },
  },
];

const texts: readonly Decoder[] = [
  {
    name: 'hexadecimal text',
    covers: [`${CRYPTO}/hex.ts#fromHex`],
    texts: () => ['0x', '0x00ff', `0x${'ab'.repeat(40)}`],
    read: (text) => same(toHex(fromHex(text)), text.toLowerCase()),
  },
  {
    name: 'address',
    covers: [`${CRYPTO}/ss58.ts#fromAddress`],
    texts: () => [toAddress(fixed(32)), toAddress(fixed(32, 200))],
    read: (text) => same(toAddress(fromAddress(text)), text),
  },
];

/** For values whose text says the same: an error that no decoder may throw, if they do not. */
function same(have: string, want: string): void {
  if (have !== want) throw new Error(`another text: ${have}`);
}

const TERM = { genesis: fixed(32), term: 1, attempt: 0 };
const encryptionKeys = new Map([0, 1, 2, 3].map((member) => [member, publicKeyOf(BigInt(member) + 5n)]));

const boxes: readonly Decoder[] = [
  {
    name: 'sealed bytes',
    covers: [`${CRYPTO}/aead.ts#openOnce`],
    seeds: () => [sealOnce(fixed(32), fixed(40), associated), sealOnce(fixed(32), fixed(0), associated)],
    read: (bytes) => {
      const opened = openOnce(fixed(32), bytes, associated);
      return opened && sealOnce(fixed(32), opened, associated);
    },
  },
  {
    name: 'boxes',
    covers: ['openWith', 'openAllWith', 'openAsSealer', 'openByShared'].map((name) => `${CRYPTO}/box.ts#${name}`),
    seeds: () => [concatBytes(publicKeyOf(9n), sealTo(publicKeyOf(SECRET), fixed(32), associated, 9n))],
    share: 0.1,
    read: (bytes) => {
      const [ephemeral, box] = [bytes.subarray(0, 32), bytes.subarray(32)];
      openAllWith(ephemeral, [{ secret: SECRET, box, associated }]);
      const opened = openWith(SECRET, ephemeral, box, associated);
      return opened && concatBytes(ephemeral, sealTo(publicKeyOf(SECRET), opened, associated, 9n));
    },
  },
  {
    name: 'deal of a subset key',
    covers: ['openDeal', 'openedBox', 'openingOf'].map((name) => `primitives/fhe/deal.ts#${name}`),
    seeds: () => [dealSubsetKey(params, TERM, 0, 0, fixed(32), 9n, encryptionKeys)],
    share: 0.1,
    read: (bytes) => {
      openDeal(params, TERM, 0, 0, bytes, 1, 6n);
      const deal = { term: TERM, subset: 0, dealer: 0, sealed: bytes, encryptionKeys };
      openedBox(params, deal, 1, openingOf(params, deal, 1, 6n, fixed(32)));
      return undefined;
    },
  },
];

const residues: readonly Decoder[] = [
  {
    name: 'packed residues',
    covers: ['primitives/fhe/wire.ts#decodeResidues'],
    seeds: () => [
      encodeResidues(
        params.dataPrimes,
        new BigUint64Array(15).map((_, i) => BigInt(i) << 40n),
      ),
    ],
    read: (bytes) => encodeResidues(params.dataPrimes, decodeResidues(params.dataPrimes, bytes, 5)),
  },
  {
    name: 'polynomial of a key',
    covers: ['primitives/fhe/wire.ts#decodeKeyPoly'],
    seeds: () => [
      encodeKeyPoly(
        params,
        new BigUint64Array(4 * params.degree).map((_, i) => BigInt(i)),
      ),
    ],
    read: (bytes) => encodeKeyPoly(params, decodeKeyPoly(params, bytes)),
  },
  {
    name: 'part of a pass of evaluation keys',
    covers: ['primitives/fhe/wire.ts#decodePosting'],
    seeds: () => [
      encodePosting(
        params,
        [0, 1].map((i) => new BigUint64Array(4 * params.degree).fill(BigInt(i))),
      ),
    ],
    share: 0.3,
    read: (bytes) => encodePosting(params, decodePosting(params, bytes, 2)),
  },
  {
    name: 'packed plain words',
    covers: ['primitives/linear/field.ts#decodePlain'],
    seeds: () => [encodePlain(BigUint64Array.of(0n, 1n, 2n ** 49n))],
    read: (bytes) => encodePlain(decodePlain(bytes, 3)),
  },
  {
    name: 'aggregate',
    covers: ['primitives/round/score.ts#aggregateValues'],
    seeds: () => [aggregateBytes(Int32Array.of(0, -1, 2 ** 31 - 1))],
    read: (bytes) => aggregateBytes(aggregateValues(bytes)),
  },
];

const nodesIn = (): Uint8Array[] =>
  vectors('tries', 'readProof').flatMap(({ given }) => (given['proof'] as string[]).map(fromHex));

const tries: readonly Decoder[] = [
  {
    name: 'node of a trie',
    covers: ['primitives/trie/node.ts#decodeNode'],
    seeds: () => nodesIn().filter((bytes) => isNode(bytes)),
    read: (bytes) => encodeNode(decodeNode(bytes)),
  },
  {
    name: 'proof of reads',
    covers: ['primitives/trie/proof.ts#readProof'],
    seeds: () => vectors('tries', 'readProof').map(({ given }) => packed(given)),
    read: (bytes) => {
      const [root, key] = [bytes.slice(0, 32), bytes.slice(32, 36)];
      const nodes: Uint8Array[] = [];
      for (let at = 37; at < bytes.length; at += 1 + (bytes[at - 1] ?? 0)) {
        nodes.push(bytes.slice(at, at + (bytes[at - 1] ?? 0)));
      }
      const proof = readProof(root, nodes);
      proof.get(key);
      proof.keys(key.subarray(0, 1));
      return undefined;
    },
  },
];

function isNode(bytes: Uint8Array): boolean {
  try {
    return decodeNode(bytes) !== undefined;
  } catch {
    return false;
  }
}

/** Root, key of four bytes, and the nodes behind their lengths of a byte. */
function packed({ root, key, proof }: Record<string, unknown>): Uint8Array {
  const short = fromHex(String(key)).subarray(0, 4);
  const nodes = (proof as string[]).map(fromHex).filter(({ length }) => length < 256);
  const own = new Uint8Array(4);
  own.set(short);
  return concatBytes(fromHex(String(root)), own, ...nodes.flatMap((one) => [Uint8Array.of(one.length), one]));
}

export const PRIMITIVES: readonly Decoder[] = [...integers, ...texts, ...boxes, ...residues, ...tries];
