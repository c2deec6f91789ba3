/**
 * A committee member that lies, loaded by its process in place of honesty (`TACIT_FAULT_TAMPER`). Every lie has the right form, so that only its content can
 * give it away; which lies it tells depends on the round.
 */
import type { TallyStep } from '../../primitives/round/index.ts';
import type { TallyBody, TallyPost } from '../../pallets/tally/types.ts';

/** What is wrong in the posts of a step: shares (or the key sum), or a public claim. */
type Lie = 'shares' | 'claim';

/** Lies by round and step. */
export const LIES: Readonly<Record<number, Partial<Record<TallyStep, Lie>>>> = {
  1: { Aggregate: 'shares', Payout: 'shares' },
  2: { Keying: 'shares', Check: 'shares', Payout: 'claim' },
  3: { KeyCheck: 'shares', Check: 'claim', Aggregate: 'claim' },
};

const SHARES: Partial<Record<TallyStep, string>> = { Keying: 'sum', KeyCheck: 'functionals', Check: 'residues' };

/** The lowest bit of the first residue flipped: still a reduced residue of the same length. */
function offByOne(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
}

function lie({ tag, value }: TallyBody, kind: Lie): TallyBody {
  const fields = { ...value } as Record<string, unknown>;
  if (kind === 'shares') {
    const name = SHARES[tag] ?? 'shares';
    fields[name] = offByOne(fields[name] as Uint8Array);
  } else if (tag === 'Check') {
    // An honest submission is called malformed.
    fields.verdicts = (fields.verdicts as Uint8Array).map((verdict, i) => (i === 0 ? 3 : verdict));
  } else {
    const name = tag === 'Aggregate' ? 'ciphertexts' : 'scores';
    fields[name] = (fields[name] as readonly Uint8Array[]).toReversed();
  }
  return { tag, value: fields } as TallyBody;
}

export function tamper(post: TallyPost): TallyPost {
  const kind = LIES[post.round]?.[post.body.tag];
  // In the second attempt at the keys it has no sum to lie about.
  return kind === undefined || post.attempt > 0 ? post : { ...post, body: lie(post.body, kind) };
}
