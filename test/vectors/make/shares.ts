/** Local conversion, robust decoding, openings: requests, shares and what they decode to (§2.5, §2.6, §6, §14.6). */
import { ORDER } from '../../../primitives/crypto/ristretto.ts';
import { prepareKey, encryptPlain } from '../../../primitives/fhe/encrypt.ts';
import { shareOf } from '../../../primitives/fhe/cdi.ts';
import { decodeIntegers, decodeVectors } from '../../../primitives/fhe/decode.ts';
import { keyTest } from '../../../primitives/fhe/key-check.ts';
import {
  checkRequest,
  combineOpening,
  encodedShares,
  openingShare,
  requestHash,
} from '../../../primitives/fhe/open.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import type { OpeningRequest, SharePost } from '../../../primitives/fhe/types.ts';
import { ciphertextHash, decodeResidues, encodeResidues } from '../../../primitives/fhe/wire.ts';
import { Prg } from '../../../primitives/crypto/prg.ts';
import { bad, type Case, type Datum, good, randomOf, type Vectors } from './cases.ts';
import { Committee } from './committee.ts';

const random = randomOf('shares');
const SMALL = ['tacit-test-256-n4', 'tacit-test-256-n7', 'tacit-test-256-n10'];
const big = (bytes: number): bigint => random(bytes).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

function sharing(): Case[] {
  return SMALL.flatMap((id) => {
    const params = fheParams(id);
    return [params.t, params.dataPrimes[0]!, ORDER].map((q) => {
      const pieces = params.subsets.map(() => big(12) - 2n ** 90n);
      const given = { params: id, modulus: q, pieces };
      const map = new Map(pieces.map((piece, A) => [A, piece]));
      const shares = Array.from({ length: params.n }, (_, j) => shareOf(params, j, map, q));
      return good('shares', `${id} modulo ${q}`, given, shares);
    });
  });
}

/** Posts of all members but the `silent`, of vectors of which liars change a value. */
function decodings(): Case[] {
  const kinds: readonly (readonly [id: string, silent: number[], liars: [number, number][], name: string])[] = [
    [SMALL[0]!, [], [], 'all agree'],
    [SMALL[0]!, [3], [], 'one is silent'],
    [SMALL[0]!, [], [[2, 1]], 'one lies in one value'],
    [SMALL[0]!, [3], [[2, 0]], 'one lies and one is silent'],
    [
      SMALL[0]!,
      [],
      [
        [0, 0],
        [1, 0],
      ],
      'two of four lie',
    ],
    [
      SMALL[0]!,
      [],
      [
        [0, 0],
        [1, 2],
      ],
      'two of four lie in different values',
    ],
    [SMALL[1]!, [6], [[0, 2]], 'one of seven lies and one is silent'],
    [
      SMALL[1]!,
      [],
      [
        [0, 0],
        [5, 2],
      ],
      'two of seven lie in different values',
    ],
    [
      SMALL[1]!,
      [],
      [
        [0, 0],
        [3, 0],
        [5, 2],
      ],
      'three of seven lie',
    ],
    [
      SMALL[2]!,
      [],
      [
        [0, 1],
        [4, 0],
        [9, 2],
      ],
      'three of ten lie',
    ],
    [SMALL[2]!, [2, 3], [[9, 2]], 'one of ten lies and two are silent'],
  ];
  return kinds.map(([id, silent, liars, name]) => {
    const params = fheParams(id);
    const posts = postsOf(id, silent, liars);
    const outcome = decodeVectors(params, params.dataPrimes, posts, 3);
    const given = {
      params: id,
      posts: posts.map(({ member, shares }) => ({ member, shares: [...shares] })),
    };
    return good(
      'decode',
      name,
      given,
      outcome.status === 'decoded'
        ? { status: outcome.status, values: [...outcome.values], liars: outcome.liars }
        : { status: outcome.status },
    );
  });
}

function postsOf(id: string, silent: readonly number[], liars: readonly (readonly [number, number])[]): SharePost[] {
  const params = fheParams(id);
  const vectors = Array.from({ length: 3 }, () => params.subsets.map(() => big(12)));
  const members = Array.from({ length: params.n }, (_, j) => j).filter((j) => !silent.includes(j));
  return members.map((member) => {
    const shares = params.dataPrimes.flatMap((q) =>
      vectors.map((pieces) => shareOf(params, member, new Map(pieces.map((piece, A) => [A, piece])), q)),
    );
    for (const [liar, place] of liars)
      if (liar === member) shares[place] = (shares[place]! + 5n) % params.dataPrimes[0]!;
    return { member, shares: BigUint64Array.from(shares) };
  });
}

function refusedPosts(): Case[] {
  const params = fheParams(SMALL[0]!);
  const [first, ...rest] = postsOf(params.id, [], []);
  const kinds: Readonly<Record<string, SharePost[]>> = {
    'a member that is none': [{ ...first!, member: 4 }, ...rest],
    'a share that is not below its prime': [{ ...first!, shares: first!.shares.map(() => 2n ** 60n) }, ...rest],
  };
  return Object.entries(kinds).map(([name, posts]) =>
    bad(
      'decode',
      name,
      { params: params.id, posts: posts.map(({ member, shares }) => ({ member, shares: [...shares] })) },
      () => decodeVectors(params, params.dataPrimes, posts, 3),
    ),
  );
}

function scalars(): Case[] {
  const params = fheParams(SMALL[0]!);
  const pieces = new Map(params.subsets.map((_, A) => [A, big(60)]));
  const posts = Array.from({ length: 4 }, (_, member) => ({
    member,
    shares: [shareOf(params, member, pieces, ORDER)],
  }));
  const lying = posts.map(({ member, shares }) => ({ member, shares: member === 1 ? [7n] : shares }));
  return [posts, lying].map((all, i) => {
    const outcome = decodeIntegers(params, ORDER, all, 1);
    if (outcome.status !== 'decoded') throw new Error('not decoded');
    return good(
      'decodeScalars',
      `with ${i} liars`,
      { params: params.id, posts: all },
      {
        values: outcome.values,
        liars: outcome.liars,
      },
    );
  });
}

function residues(): Case[] {
  const { keyPrimes } = fheParams(SMALL[0]!);
  const rows = keyPrimes.flatMap((q) => [0n, q - 1n, big(9) % q, 1n, big(9) % q]);
  const bytes = encodeResidues(keyPrimes, BigUint64Array.from(rows));
  const over = bytes.map((byte, i) => (i < 8 ? 255 : byte));
  const padded = bytes.map((byte, i) => (i === 36 ? byte | 128 : byte));
  const read = (name: string, data: Uint8Array): Case =>
    bad('unpack', name, { data, count: 5 }, () => decodeResidues(keyPrimes, data, 5));
  return [
    good('unpack', 'five residues of each prime', { data: bytes, count: 5 }, rows),
    read('a byte more', new Uint8Array([...bytes, 0])),
    read('a residue that is not below its prime', over),
    read('a bit behind the last', padded),
  ];
}

/** A request over two ciphertexts with constants, scales and masks; the members' shares, and what they decode to. */
function openings(): Case[] {
  const committee = new Committee(SMALL[0]!);
  const { params, context, members } = committee;
  const key = prepareKey(params, committee.publicKey());
  const prg = new Prg(random(32));
  const sources = [0, 1].map(() => encryptPlain(params, key, BigUint64Array.from([5n, 6n, params.t - 7n]), prg));
  const masks = params.subsets.map(() => [big(16), big(16)]);
  const request: OpeningRequest = {
    context,
    step: 'example',
    attempt: 3,
    sources: sources.map((one) => ciphertextHash(params, one)),
    slots: [
      { source: 0, from: 1, count: 2, scale: 3n, weightNorm: 5n, constant: -1000n, masks: [random(32), random(32)] },
      { source: 1, from: 0, count: 3, scale: -2n, weightNorm: 2n },
    ],
  };
  const posts = members.map((member) => {
    const own = encodedShares(params, member, new Map(masks.map((values, A) => [A, values])));
    const shares = BigUint64Array.from(
      params.dataPrimes.flatMap((_, i) => [...own.subarray(2 * i, 2 * i + 2), 0n, 0n, 0n]),
    );
    return { member, shares: openingShare(params, request, member, committee.keysOf(member), sources, shares) };
  });
  const liar = posts.map((post) => (post.member === 1 ? { ...post, shares: posts[0]!.shares } : post));
  const given = (all: readonly SharePost[]): Datum => ({
    context: committee.given,
    ...requestOf(request),
    posts: all.map(({ member, shares }) => ({ member, shares: encodeResidues(params.dataPrimes, shares) })),
  });
  const outcomeOf = (all: readonly SharePost[]): Datum => {
    const outcome = combineOpening(params, request, all);
    return outcome.status === 'open' ? { ...outcome } : { status: outcome.status };
  };
  return [
    good(
      'requestHash',
      'two sources, masks',
      { context: committee.given, ...requestOf(request) },
      requestHash(request),
    ),
    good('opening', 'all members', given(posts), outcomeOf(posts)),
    good('opening', 'a liar', given(liar), outcomeOf(liar)),
    good('opening', 'two posts', given(posts.slice(2)), outcomeOf(posts.slice(2))),
    ...members.slice(0, 2).map((member) => shareCase(committee, request, sources, masks, posts, member)),
    ...tooMuch(committee, request),
    keyTestCase(committee),
  ];
}

function shareCase(
  committee: Committee,
  request: OpeningRequest,
  sources: readonly { c0: BigUint64Array; c1: BigUint64Array }[],
  masks: readonly bigint[][],
  posts: readonly SharePost[],
  member: number,
): Case {
  const { dataPrimes } = committee.params;
  const given = {
    context: committee.given,
    roundKeys: committee.roundKeys,
    ...requestOf(request),
    ciphertexts: sources.map(({ c0, c1 }) => [encodeResidues(dataPrimes, c0), encodeResidues(dataPrimes, c1)]),
    masks,
    member,
  };
  return good('openingShare', `member ${member}`, given, encodeResidues(dataPrimes, posts[member]!.shares));
}

function requestOf({ step, attempt, sources, slots }: OpeningRequest): Record<string, Datum> {
  return {
    step,
    attempt,
    sources,
    slots: slots.map(({ source, from, count, scale, weightNorm, constant, masks }) => ({
      source,
      from,
      count,
      scale,
      weightNorm,
      constant: constant ?? 0n,
      masks: masks ?? [],
    })),
  };
}

function tooMuch({ params, given }: Committee, request: OpeningRequest): Case[] {
  const [slot] = request.slots;
  const kinds: Readonly<Record<string, OpeningRequest>> = {
    'a weight norm beyond the budget': { ...request, slots: [{ ...slot!, weightNorm: params.maxWeightNorm + 1n }] },
    'a weight norm below the scale': { ...request, slots: [{ ...slot!, weightNorm: 2n }] },
    'an unknown source': { ...request, slots: [{ ...slot!, source: 2 }] },
    'coefficients beyond the ring': { ...request, slots: [{ ...slot!, from: params.degree - 1 }] },
    'a mask too few': { ...request, slots: [{ ...slot!, masks: [slot!.masks![0]!] }] },
    'nothing to open': { ...request, slots: [] },
  };
  return Object.entries(kinds).map(([name, one]) =>
    bad('requestHash', name, { context: given, ...requestOf(one) }, () => checkRequest(params, one)),
  );
}

function keyTestCase(committee: Committee): Case {
  const { params, context } = committee;
  const { ciphertext, request, values } = keyTest(params, context, committee.publicKey());
  return good(
    'keyTest',
    'of a round key',
    { context: committee.given, chainKeys: committee.chainKeys },
    {
      ciphertext: ciphertextHash(params, ciphertext),
      request: requestHash(request),
      values,
    },
  );
}

export function shareVectors(): Vectors {
  return {
    spec: ['§2.5', '§2.6', '§6.1', '§6.2', '§6.3', '§6.4', '§14.6'],
    cases: [...sharing(), ...decodings(), ...refusedPosts(), ...scalars(), ...residues(), ...openings()],
  };
}
