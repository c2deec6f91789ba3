/**
 * Key and blinding of the change that a wallet makes for itself (specification §12.11): derived from its seed and the claim, so that the wallet finds its change
 * again on the chain with nothing but its seed and the note that was spent.
 */
import { sameBytes } from '../crypto/bytes.ts';
import { hash32Of } from '../crypto/hash.ts';
import { Prg } from '../crypto/prg.ts';
import { commit, J0, reduce64, type Scalar, times } from '../crypto/ristretto.ts';
import { TacitError } from '../errors.ts';
import type { ChangeSecrets, HiddenTerms } from './hidden-claim.ts';
import type { NoteOpening } from './notes.ts';

/** A split gives its first note one of these many equal parts of what is left, or several. */
export const SPLIT_PARTS = 64;

/** The claim that makes the change, as both its maker and whoever looks for it know it. */
export interface ChangeSource {
  /** The wallet's seed of notes, 32 bytes. */
  readonly noteSeed: Uint8Array;
  /** Hash of block 0. */
  readonly genesis: Uint8Array;
  /** Tag of the note that is spent. */
  readonly tag: Uint8Array;
  /** Not the fee: it comes out of the amount, so that what is left does not depend on it (docs/adr/041). */
  readonly terms: Pick<HiddenTerms, 'amount' | 'destination'>;
  /** What is left of the note, in grains. */
  readonly left: bigint;
}

/** Change of the wallet's own: what a claim is made with, and what spends it later. */
export interface OwnChange extends ChangeSecrets {
  /** `k'` with `K' = k' J0`. */
  readonly secret: Scalar;
}

/** Everything enters that what is left can depend on: a blinding that two amounts shared would show their difference. */
function changeAt(source: ChangeSource, first: number, index: number, amount: bigint): OwnChange {
  const { noteSeed, genesis, tag, terms, left } = source;
  const parts = [genesis, tag, terms.amount, terms.destination, left, first, index];
  const prg = new Prg(hash32Of('tacit/change/2', noteSeed, ...parts));
  const secret = reduce64(prg.next(64));
  return { secret, key: times(J0, secret).toBytes(), amount, blinding: reduce64(prg.next(64)) };
}

/**
 * The change of a claim: one note, or two of which the first has `first` of {@link SPLIT_PARTS} parts of what is left, rounded down.
 * @param first 0 for one note, else 1 to 63
 * @throws `change/split`
 */
export function changeFor(source: ChangeSource, first = 0): OwnChange[] {
  if (!Number.isInteger(first) || first < 0 || first >= SPLIT_PARTS || source.left < 0n) {
    throw new TacitError('change/split', `a split gives its first note 1 to ${SPLIT_PARTS - 1} parts of what is left`, {
      first,
    });
  }
  if (first === 0) return [changeAt(source, 0, 0, source.left)];
  const share = (source.left * BigInt(first)) / BigInt(SPLIT_PARTS);
  return [changeAt(source, first, 0, share), changeAt(source, first, 1, source.left - share)];
}

/** Change that was found again, ready to be spent. */
export interface FoundChange {
  /** Of the claim's new notes. */
  readonly index: number;
  readonly secret: Scalar;
  readonly opening: NoteOpening;
}

/**
 * The wallet's change among the new notes of a claim of its own note: all of it, or nothing if somebody else holds the seed's note, or the change was not made
 * by {@link changeFor}. A split takes 63 tries of some milliseconds.
 */
export function findChange(source: ChangeSource, outputs: HiddenTerms['outputs']): FoundChange[] {
  const tries = outputs.length === 1 ? [0] : Array.from({ length: SPLIT_PARTS - 1 }, (_, i) => i + 1);
  for (const first of tries) {
    const change = changeFor(source, first);
    if (change.length !== outputs.length) return [];
    const fits = change.every(({ key, amount, blinding }, i) => {
      return sameBytes(key, outputs[i]!.key) && sameBytes(commit(amount, blinding).toBytes(), outputs[i]!.commitment);
    });
    if (fits) {
      return change.map(({ secret, amount, blinding }, index) => {
        return { index, secret, opening: { amount, twin: 0, blinding } };
      });
    }
  }
  return [];
}
