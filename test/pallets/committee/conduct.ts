/** What dishonest members of a committee do, and what becomes of them. */
import { readFileSync } from 'node:fs';
import { committee, type Offence, type SetupPost } from '../../../pallets/committee/index.ts';
import { bondOf } from '../../../pallets/session/index.ts';
import { genesisHash } from '../../../pallets/system/index.ts';
import { sealTo } from '../../../primitives/crypto/box.ts';
import { fromHex } from '../../../primitives/crypto/hex.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { decodeScalar } from '../../../primitives/crypto/ristretto.ts';
import { account, type TestCommittee, type TestChainOptions } from '../../support/committee.ts';
import { begin, termOf, flipped } from './set-up.ts';

export const NAMES = ['anna', 'bo', 'cleo'];

/** A committee whose contributors have money. */
export function funded(options: TestChainOptions = {}): TestCommittee {
  return begin({ accounts: NAMES, ...options });
}

export const statuses = (members: TestCommittee): string[] => termOf(members).members.map(({ status }) => status.tag);

export function offences({ test }: TestCommittee): [number, string][] {
  const named = [...committee.use(test.chain.ctx).store.offences.entries()] as [unknown, Offence][];
  return named.map(([, { member, kind }]) => [member, kind.tag]);
}

export const bond = ({ test }: TestCommittee, index: number): bigint =>
  bondOf(test.chain.ctx, account(`validator ${index}`));

/** With its first byte changed. */
export const firstFlipped = (bytes: Uint8Array): Uint8Array => flipped(bytes, 0);

/** The deals of a corrupt dealer, whose box to `victim` in its subset `dealt` holds another key. */
export function badDeals(members: TestCommittee, post: SetupPost, dealt: string, victim: number): SetupPost {
  if (post.body.tag !== 'Deal') return post;
  const { params, chain } = members.test;
  const bad = params.subsets.findIndex((subset) => subset.join() === dealt);
  const dealer = post.member;
  const vault = JSON.parse(readFileSync(members.vaults[dealer] as string, 'utf8')) as {
    setup: { dealt: [number, string, string][] };
  };
  const ephemeral = vault.setup.dealt.find(([subset]) => subset === bad)?.[2] as string;
  const recipient = committee.use(chain.ctx).store.encryptionKeys.get(post.term, post.attempt, victim) as Uint8Array;
  const bound = hash32Of(
    'tacit/deal/1',
    genesisHash(chain.ctx),
    post.term,
    post.attempt,
    params.id,
    bad,
    dealer,
    victim,
  );
  const box = sealTo(recipient, hash32Of('test/evil', 'key'), bound, decodeScalar(fromHex(ephemeral)));
  const others = (params.subsets[bad] as number[]).filter((member) => member !== dealer);
  const deals = post.body.value.deals.map(({ subset, sealed }) => {
    if (subset !== bad) return { subset, sealed };
    const changed = sealed.slice();
    changed.set(box, 32 + 48 * others.indexOf(victim));
    return { subset, sealed: changed };
  });
  return { ...post, body: { tag: 'Deal', value: { deals } } };
}

/** False digests of `liar` in the first attempt of the first term. */
export function falseDigests(post: SetupPost, liar: number): SetupPost {
  if (post.body.tag !== 'Digest' || post.member !== liar || post.attempt > 0 || post.term > 1) return post;
  const digests = post.body.value.digests.map((digest, i) => (i === 0 ? firstFlipped(digest) : digest));
  return { ...post, body: { tag: 'Digest', value: { digests } } };
}
