/** The key of a round: what the members post, its public check, and the opening of the test encryption (§3). */
import { judgeKeyCheck, keyCheckShares, keyTest, postingsDigest } from '../../primitives/fhe/key-check.ts';
import { boxPublicKey, publicKey } from '../../primitives/fhe/keys.ts';
import { combineOpening, openingShare } from '../../primitives/fhe/open.ts';
import { encodeKeyPoly } from '../../primitives/fhe/wire.ts';
import { type BenchCase, timed } from '../harness.ts';
import { assignment, context, keyPostings, keysOf, members, params } from '../support/committee.ts';
import { sealYardstick } from '../support/seal.ts';

/** Everything that all members and one node compute from the round's creation to its accepted key. */
function makeRoundKey(): void {
  for (const member of members) {
    for (const [subset, key] of keysOf(member)) {
      boxPublicKey(context, 'seal', subset, key);
      boxPublicKey(context, 'mask', subset, key);
    }
  }
  const postings = keyPostings();
  for (const posting of postings.values()) encodeKeyPoly(params, posting);
  const key = publicKey(params, context, postings, assignment);
  const posts = members.map((member) => {
    const digest = postingsDigest(params, context, postings, assignment);
    return { member, shares: keyCheckShares(params, context, member, keysOf(member), digest, assignment) };
  });
  const judged = judgeKeyCheck(params, context, postings, assignment, posts);
  if (judged.status !== 'judged' || judged.wrong.length > 0) throw new Error('the round key was refused');
  const test = keyTest(params, context, key);
  const shares = members.map((member) => ({
    member,
    shares: openingShare(params, test.request, member, keysOf(member), [test.ciphertext]),
  }));
  const opened = combineOpening(params, test.request, shares);
  if (opened.status !== 'open' || opened.values.some((value, i) => value !== test.values[i])) {
    throw new Error('the test encryption did not open');
  }
}

export const roundKey: BenchCase = {
  name: 'round-key',
  title: 'round key, n = 4: posts of all four members, checks, test encryption opened; one thread does the work of all',
  unit: 'ms',
  pace: 'processor',
  reference: 'node-seal: secret and public key of one holder',
  async run() {
    const { generateKeys } = await sealYardstick();
    return timed(makeRoundKey, { runs: 7, reference: generateKeys });
  },
};
