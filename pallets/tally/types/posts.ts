/** What the committee's members post in a round. */
import { MAX_SUBMISSIONS } from '../../../primitives/round/lanes.ts';
import {
  MAX_FEW_SHARES_BYTES,
  MAX_ITEM_SHARES_BYTES,
  MAX_ITEMS,
  MAX_SHARE_BYTES,
  MAX_SUBSETS,
  PARTS_AT_ONCE,
} from '../../../primitives/round/limits.ts';
import type { TallyStep } from '../../../primitives/round/phases.ts';
import {
  bounded,
  bytes,
  enumeration,
  field,
  type Of,
  signable,
  struct,
  u8,
  u16,
  vec,
} from '../../../primitives/scale/index.ts';
import { memberIndex, termId } from '../../committee/types.ts';
import { hash, point, roundId, scalar } from './ids.ts';

/** The bodies of the committee's posts, one variant per step; shares are packed residues `[prime][slot]` (primitives/fhe/wire.ts, `encodeResidues`). */
export const tallyBody = enumeration('tacit_tally::Body', {
  Keying: {
    sum: field(
      bounded(bytes, MAX_SHARE_BYTES),
      'Packed key-level sum of `b_A` over the subsets assigned to the member in this attempt; empty if there are none.',
    ),
    sealKeys: field(
      bounded(vec(point), MAX_SUBSETS),
      '`X_A^seal` and `X_A^mask` of every subset of the member, ascending.',
    ),
    maskKeys: bounded(vec(point), MAX_SUBSETS),
  },
  KeyCheck: {
    functionals: field(
      bounded(bytes, MAX_FEW_SHARES_BYTES),
      'Shares of the functionals, `[prime of the key level][poster][functional]`.',
    ),
    test: field(
      bounded(bytes, MAX_FEW_SHARES_BYTES),
      'Opening shares of the test encryption (primitives/fhe/key-check.ts, `keyTest`).',
    ),
  },
  /** `x_A^seal` of every subset of the member, ascending. */
  Reveal: { secrets: bounded(vec(scalar), MAX_SUBSETS) },
  Check: {
    items: field(u16, 'How many items the round has: what judging them weighs follows from the post alone.'),
    verdicts: field(bounded(bytes, MAX_SUBMISSIONS), 'Per submission, 0 or the reason it is malformed.'),
    residues: field(
      bounded(bytes, MAX_FEW_SHARES_BYTES),
      'Shares minus public side of the combined check mod the data primes; zeros if no payload is well formed.',
    ),
    words: field(bounded(bytes, MAX_FEW_SHARES_BYTES), 'The same of the proofs: one element of K, packed.'),
    scalars: field(bounded(vec(scalar), 8), 'Shares of `S` and `R` of the mask check, mod l.'),
  },
  CheckEach: {
    verdicts: bounded(bytes, MAX_SUBMISSIONS),
    residues: field(bounded(bytes, MAX_SHARE_BYTES), 'As in `Check`, per well-formed submission in order.'),
    words: field(bounded(bytes, MAX_ITEM_SHARES_BYTES), 'As in `Check`, per well-formed submission in order.'),
    scalars: field(bounded(vec(scalar), 2 * MAX_ITEMS), 'Per item `S_i` and `R_i`.'),
  },
  Aggregate: {
    accepted: field(u16, 'How many items are accepted: what judging them weighs follows from the post alone.'),
    ciphertexts: field(
      bounded(vec(hash), PARTS_AT_ONCE + 1),
      'Hash of the summed ciphertext of each update part that the request opens; in the last, then of that of the counts, if any are worth points.',
    ),
    shares: bounded(bytes, MAX_SHARE_BYTES),
  },
  Payout: {
    scores: field(bounded(vec(hash), MAX_ITEMS), 'Hash of `D_i` per accepted item, in order.'),
    shares: bounded(bytes, MAX_ITEM_SHARES_BYTES),
  },
  Sum: {
    ciphertext: field(hash, 'Hash of the sum of all accepted vectors.'),
    shares: bounded(bytes, MAX_SHARE_BYTES),
  },
});
export type TallyBody = Of<typeof tallyBody>;
export type BodyOf<S extends TallyStep> = Extract<TallyBody, { tag: S }>['value'];

export const tallyPost = signable(
  struct('tacit_tally::Post', {
    term: termId,
    round: roundId,
    attempt: field(
      u8,
      'Counts the repetitions of making the round’s key, and the requests for `U`; 0 in all other steps.',
    ),
    member: memberIndex,
    body: tallyBody,
  }),
);
export type TallyPost = Of<typeof tallyPost>;
