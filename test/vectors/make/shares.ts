/** Local conversion, robust decoding, openings: requests, shares and what they decode to (§2.5, §2.6, §6, §14.6). */
import { ORDER } from '../../../primitives/crypto/ristretto.ts';
import { shareOf } from '../../../primitives/fhe/cdi.ts';
import { decodeIntegers, decodeVectors } from '../../../primitives/fhe/decode.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import type { SharePost } from '../../../primitives/fhe/types.ts';
import { decodeResidues, encodeResidues } from '../../../primitives/fhe/wire.ts';
import { bad, type Case, good, randomOf, type Vectors } from './cases.ts';
import { openings } from './openings.ts';

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

export function shareVectors(): Vectors {
  return {
    spec: ['§2.5', '§2.6', '§6.1', '§6.2', '§6.3', '§6.4', '§14.6'],
    cases: [...sharing(), ...decodings(), ...refusedPosts(), ...scalars(), ...residues(), ...openings()],
  };
}
