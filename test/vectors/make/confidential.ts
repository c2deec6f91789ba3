/** Parameters of confidential mode, the noise of products, and evaluation keys with both of their checks (§13.1 to §13.3). */
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { type FirstPass, firstPassOf, passPosting, type Posting } from '../../../primitives/fhe/evaluation-keys.ts';
import { keyAssignment } from '../../../primitives/fhe/keys.ts';
import { CONFIDENTIAL_PARAMS, fheParams } from '../../../primitives/fhe/params.ts';
import { passCheckShares, passDigest } from '../../../primitives/fhe/pass-check.ts';
import { productNorm } from '../../../primitives/fhe/product-noise.ts';
import { encodePosting } from '../../../primitives/fhe/wire.ts';
import { bad, type Case, type Datum, good, type Vectors } from './cases.ts';
import { Committee } from './committee.ts';

const SMALL = [4, 7, 10].map((n) => `tacit-test-confidential-256-n${n}`);

function sets(): Case[] {
  return [...CONFIDENTIAL_PARAMS, ...SMALL].map((id) => {
    const params = fheParams(id);
    const { keyPrimes, degree, maxWeightNorm, unitNoise, floodBits } = params;
    const ring = { ...params, degree: BigInt(degree), count: BigInt(params.subsets.length) };
    const operands = [
      [1n, 3_000n],
      [1_000n, 3_000n],
      [1n, 24n],
    ] as const;
    const norms = operands.map(([left, right]) => productNorm(ring, left, right));
    return good(
      'productParams',
      id,
      { id, operands },
      { degree, keyPrimes, maxWeightNorm, unitNoise, floodBits, norms },
    );
  });
}

/** What a pass comes to: postings, their digest, and one member's shares of the check. */
function pass(committee: Committee, first?: FirstPass): { postings: Map<number, Posting>; gives: Datum } {
  const { params, context } = committee;
  const assignment = keyAssignment(params);
  const postings = new Map(
    committee.members.flatMap((member): [number, Posting][] => {
      const posting = passPosting(params, context, member, committee.keysOf(member), first, assignment);
      return posting === undefined ? [] : [[member, posting]];
    }),
  );
  const digest = passDigest(params, context, postings, assignment, first);
  const shares = passCheckShares(params, context, 1, committee.keysOf(1), digest, assignment, first);
  const hashes = [...postings.values()].map((posting) => blake2b256(encodePosting(params, posting)));
  return { postings, gives: { postings: hashes, digest, shares: [...shares] } };
}

function evaluationKeys(): Case {
  const committee = new Committee(SMALL[0]!);
  const first = pass(committee);
  const second = pass(committee, firstPassOf(committee.params, first.postings));
  return good(
    'evaluationKeys',
    SMALL[0]!,
    { context: committee.given, chainKeys: committee.chainKeys, member: 1 },
    { first: first.gives, second: second.gives },
  );
}

export function confidentialVectors(): Vectors {
  const unknown = bad('productParams', 'unknown', { id: 'tacit-16384-n5', operands: [] }, () =>
    fheParams('tacit-16384-n5'),
  );
  return { spec: ['§13.1', '§13.2', '§13.3'], cases: [...sets(), unknown, evaluationKeys()] };
}
