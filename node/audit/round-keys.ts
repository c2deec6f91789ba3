/** Check 6: how a round got its keys (§3). */
import { at } from '../../primitives/at.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { judgeKeyCheck, keyCheckCount, keyTest } from '../../primitives/fhe/key-check.ts';
import { publicKey } from '../../primitives/fhe/keys.ts';
import { slotCount } from '../../primitives/fhe/open.ts';
import { subsetsWith } from '../../primitives/fhe/params.ts';
import type { RnsPoly } from '../../primitives/fhe/types.ts';
import { decodeKeyPoly, decodeResidues, encodeKeyPoly } from '../../primitives/fhe/wire.ts';
import { keyingAssignment, keyingPosters } from '../../primitives/round/index.ts';
import { CHECK } from './book.ts';
import { type Agreement, type BodyOf, isExact, openedBy, type Post } from './judge.ts';
import type { RoundScene } from './scene.ts';

export interface AgreedKeys {
  /** Packed key-level `b`. */
  readonly publicKey: Uint8Array;
  readonly sealKeys: readonly Uint8Array[];
  readonly maskKeys: readonly Uint8Array[];
}

type Keying = Post<BodyOf<'Keying'>>;

function silentOf({ file }: RoundScene, attempt: number): readonly number[] {
  return file.silent.get(attempt) ?? [];
}

function sumsOf({ params }: RoundScene, posts: readonly Keying[], silent: readonly number[]): Map<number, RnsPoly> {
  const posters = keyingPosters(params, silent);
  const assigned = posts.filter(({ member }) => posters.includes(member));
  return new Map(assigned.map(({ member, body }) => [member, decodeKeyPoly(params, body.sum)]));
}

/** The sum of the posted `b`, and the box keys that f+1 members of each subset posted. */
export function judgeKeying(scene: RoundScene, attempt: number): Agreement<AgreedKeys> | undefined {
  const { params, context, file } = scene;
  const posts = file.posts('Keying', attempt);
  const silent = silentOf(scene, attempt);
  const sums = sumsOf(scene, posts, silent);
  if (keyingPosters(params, silent).some((member) => !sums.has(member))) return undefined;
  const liars = new Set<number>();
  const agreedKeys = (kind: 'sealKeys' | 'maskKeys'): (Uint8Array | undefined)[] =>
    params.subsets.map((_, subset) => {
      const votes = posts.flatMap(({ member, body }) => {
        const place = subsetsWith(params, member).indexOf(subset);
        return place < 0 ? [] : [{ member, key: at(body[kind], place) }];
      });
      const key = votes.find((vote) => votes.filter((other) => sameBytes(other.key, vote.key)).length > params.f)?.key;
      if (key !== undefined) for (const vote of votes) if (!sameBytes(vote.key, key)) liars.add(vote.member);
      return key;
    });
  const [sealKeys, maskKeys] = [agreedKeys('sealKeys'), agreedKeys('maskKeys')];
  if (!sealKeys.every((key) => key !== undefined) || !maskKeys.every((key) => key !== undefined)) return undefined;
  const { b } = publicKey(params, context, sums, keyingAssignment(params, silent));
  return { result: { publicKey: encodeKeyPoly(params, b), sealKeys, maskKeys }, liars: [...liars].sort() };
}

export function compareKeys({ book, info }: RoundScene, { result }: Agreement<AgreedKeys>): void {
  book.same(CHECK.roundKeys, 'public key against the sum of the posted parts', result.publicKey, info.publicKey);
  for (const kind of ['sealKeys', 'maskKeys'] as const) {
    result[kind].forEach((key, subset) => {
      book.same(CHECK.roundKeys, `${kind} of subset ${subset}`, key, info[kind][subset]);
    });
  }
}

export interface CheckedKey {
  /** Members whose sum is not what their subsets' keys give. */
  readonly wrong: readonly number[];
  /** Whether the test encryption opens to its plaintext. */
  readonly opens: boolean;
}

/** The random functionals of every posted sum, and the test encryption, made again from the posted keys. */
export function judgeKeyTest(scene: RoundScene, attempt: number): Agreement<CheckedKey> | undefined {
  const { params, context, file } = scene;
  const silent = silentOf(scene, attempt);
  const assignment = keyingAssignment(params, silent);
  const sums = sumsOf(scene, file.posts('Keying', attempt), silent);
  const posts = file.posts('KeyCheck', attempt);
  const count = keyCheckCount(assignment);
  const shares = posts.map(({ member, body }) => {
    return { member, shares: decodeResidues(params.keyPrimes, body.functionals, count) };
  });
  const judged = judgeKeyCheck(params, context, sums, assignment, shares);
  if (judged.status !== 'judged') return undefined;
  const rows = shares.map(({ member, shares: values }) => ({ member, values }));
  if (!isExact(params.f, params.keyPrimes, rows, count, judged.liars)) return undefined;
  if (judged.wrong.length > 0) return { result: { wrong: judged.wrong, opens: false }, liars: judged.liars };
  const { request, values } = keyTest(params, context, publicKey(params, context, sums, assignment));
  const heard = posts
    .filter(({ member }) => !judged.liars.includes(member))
    .map(({ member, body }) => ({ member, body: body.test }));
  const opened = openedBy(params, request, heard, slotCount(request));
  if (opened === undefined) return undefined;
  const opens = opened.result.every((value, i) => value === values[i]);
  return { result: { wrong: [], opens }, liars: [...judged.liars, ...opened.liars].sort((a, b) => a - b) };
}

/** A key is accepted exactly when no sum is wrong and the test opens. */
export function compareKeyTest({ book, info }: RoundScene, { result }: Agreement<CheckedKey>): void {
  const phase = info.round.phase.tag;
  const isAccepted = phase !== 'Keying' && phase !== 'Failed';
  book.same(CHECK.roundKeys, 'whether the key is accepted', result.wrong.length === 0 && result.opens, isAccepted);
}
