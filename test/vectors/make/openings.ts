/** Openings: requests, members' shares, what they decode to, the test of a key (§3.3, §6, §14.6). */
import { Prg } from '../../../primitives/crypto/prg.ts';
import { encryptPlain, prepareKey } from '../../../primitives/fhe/encrypt.ts';
import { keyTest } from '../../../primitives/fhe/key-check.ts';
import { encodedShares } from '../../../primitives/fhe/masks.ts';
import { checkRequest, combineOpening, openingShare, requestHash } from '../../../primitives/fhe/open.ts';
import type { OpeningRequest, SharePost } from '../../../primitives/fhe/types.ts';
import { ciphertextHash, encodeResidues } from '../../../primitives/fhe/wire.ts';
import { bad, type Case, type Datum, good, randomOf } from './cases.ts';
import { Committee } from './committee.ts';

const random = randomOf('openings');
const big = (bytes: number): bigint => random(bytes).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

/** A request over two ciphertexts with constants, scales and masks; the members' shares, and what they decode to. */
export function openings(): Case[] {
  const committee = new Committee('tacit-test-256-n4');
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
  // A number that all add is on their polynomial: it is noise, as large as the modulus has room for.
  const noise = params.q / (5n * params.t);
  const noisy = posts.map(({ member, shares }) => {
    const count = shares.length / params.dataPrimes.length;
    return { member, shares: shares.map((share, i) => (share + noise) % params.dataPrimes[Math.floor(i / count)]!) };
  });
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
    good('opening', 'more noise than an honest opening has', given(noisy), outcomeOf(noisy)),
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
