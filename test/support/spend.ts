/** Claims of notes whose secrets a test knows, made by what the chain's state says of their bins, as a wallet makes them. */
import { at, present } from '../../primitives/at.ts';
import { CLAIM_FEE, notes } from '../../pallets/notes/index.ts';
import type { Context } from '../../pallets/support/index.ts';
import { J0, randomScalar, type Scalar, times } from '../../primitives/crypto/ristretto.ts';
import { denominationBelow } from '../../primitives/proofs/denominations.ts';
import { decodeHiddenBin, type OpenBin, openHiddenBin } from '../../primitives/proofs/hidden-bin.ts';
import { proveHiddenClaim } from '../../primitives/proofs/hidden-claim.ts';
import type { NoteOpening } from '../../primitives/proofs/notes.ts';

/** A note and what spends it. */
export interface HeldNote {
  readonly class: number;
  /** Its number in the class. */
  readonly number: number;
  readonly secret: Scalar;
  readonly opening: NoteOpening;
}

type Random = (n: number) => Uint8Array;

/** What the chain's API says; undefined where it has no answer. */
const ask = <T>(ctx: Context, method: string, inputs: Record<string, unknown>): T | undefined =>
  present(notes.apis['NotesApi'], 'the API').methods[method]?.run(ctx, inputs) as T | undefined;

/** The closed bin in which a note stands. */
export function binOf(ctx: Context, { class: id, number }: Pick<HeldNote, 'class' | 'number'>): number {
  return present(ask<number>(ctx, 'binOf', { class: id, note: number }), `the bin of note ${number}`);
}

export function openBin(ctx: Context, id: number, bin: number): OpenBin {
  return openHiddenBin(decodeHiddenBin(present(ask<Uint8Array>(ctx, 'binBytes', { class: id, bin }), `bin ${bin}`)));
}

/** The largest amount that can be claimed of a note at once. */
export function largestOf(ctx: Context, held: HeldNote): bigint {
  const { store } = notes.use(ctx);
  const { largest } = present(store.bins.get(held.class, binOf(ctx, held)), 'the bin');
  const units = held.opening.amount / at(store.classes.get(), held.class).grains;
  return present(denominationBelow(units < largest ? units : largest), 'an amount');
}

export interface SpendWish {
  /** The largest there can be, by default. */
  readonly amount?: bigint;
  readonly destination: Uint8Array;
  /** What the first of two notes of change gets, in grains; without it there is one. */
  readonly split?: bigint;
  readonly fee?: bigint;
  /** Secret of a key that the change gets, where it is to be one that is there already. */
  readonly secret?: Scalar;
}

/** A claim of a note, and its change: its numbers are right if it is the next claim of its class. */
export function spend(ctx: Context, held: HeldNote, wish: SpendWish, random: Random) {
  const { amount = largestOf(ctx, held), destination, split, fee = CLAIM_FEE } = wish;
  const [index, known] = [binOf(ctx, held), at(notes.use(ctx).store.classes.get(), held.class)];
  const bin = openBin(ctx, held.class, index);
  const left = held.opening.amount - amount * known.grains;
  const made = (split === undefined ? [left] : [split, left - split]).map((part) => {
    const secret = wish.secret ?? randomScalar(random);
    return { secret, key: times(J0, secret).toBytes(), amount: part, blinding: randomScalar(random) };
  });
  const { first } = present(notes.use(ctx).store.bins.get(held.class, index), 'the bin');
  const witness = { place: held.number - first, key: held.secret, opening: held.opening };
  const { terms, proof } = proveHiddenClaim(bin, { amount, fee, destination }, witness, made, random);
  const args = { class: held.class, bin: index, amount, outputs: [...terms.outputs], destination, proof };
  const change: HeldNote[] = made.map(({ secret, amount: part, blinding }, i) => ({
    class: held.class,
    number: known.notes + i,
    secret,
    opening: { amount: part, twin: 0, blinding },
  }));
  return { args, call: notes.call.claim(args), change };
}
