/** Reading the wallet's own notes out of what is public: no requests, and some milliseconds of work for each. */
import { sameBytes } from '../../../primitives/crypto/bytes.ts';
import { invertScalar, J0, type Scalar, times, U0 } from '../../../primitives/crypto/ristretto.ts';
import { TacitError } from '../../../primitives/errors.ts';
import { parseEnrolment, recoverEnrolment } from '../../../primitives/proofs/enrolment.ts';
import { type FoundChange, findChange } from '../../../primitives/proofs/change-secrets.ts';
import { type Note, openNote } from '../../../primitives/proofs/notes.ts';
import type { Chain } from '../connect.ts';
import type { Wallet } from '../keys.ts';
import { contextOf, paramsOf, type PayoutView, type RoundView } from '../round.ts';
import type { OwnNote } from './types.ts';

/** Modulus and grains of a class. */
export interface ClassView {
  readonly modulus: bigint;
  readonly grains: bigint;
}

/** Everything public of a settled round in which the wallet has an item. */
export interface Papers {
  readonly view: RoundView;
  readonly payout: PayoutView;
  /** The place of the wallet's item in the payout. */
  readonly place: number;
  readonly enrolment: Uint8Array;
  /** Where the round's notes stand. */
  readonly class: number;
  readonly first: number;
}

/** The tag of the note of a one-time secret: what its claim shows. */
export const tagOf = (key: Scalar): Uint8Array => times(U0, invertScalar(key)).toBytes();

/**
 * The wallet's note of a round.
 * @param note what stands on the chain in its place
 * @throws `sdk/no-note` if that is another note, `notes/not-mine`, `sdk/bad-payout`, `sdk/weak-parameters`, `enrolment/...`
 */
export function noteOfRound(
  chain: Pick<Chain, 'genesis' | 'light'>,
  wallet: Wallet,
  papers: Papers,
  of: ClassView,
  note: Note,
): OwnNote {
  const { view, payout, place, first } = papers;
  const params = paramsOf(chain, view);
  const enrolment = parseEnrolment(params, papers.enrolment);
  const context = { context: contextOf(chain.genesis, view), account: wallet.account.publicKey };
  const secrets = recoverEnrolment(params, context, wallet.noteSeed, enrolment);
  const { grains, stake, rate } = payout;
  if (!sameBytes(note.key, enrolment.key) || grains !== of.grains || params.t !== of.modulus)
    throw new TacitError('sdk/no-note', `round ${view.round} has settled but holds no note of this enrolment`);
  const opening = openNote(note, payout.z[place] as bigint, secrets.m, secrets.r, params.t);
  return {
    class: papers.class,
    number: first + place,
    ...of,
    origin: {
      round: view.round,
      item: payout.items[place] as number,
      stake,
      rate,
      score: scoreOf(opening.amount - grains * stake, rate),
    },
    amount: opening.amount / grains,
    key: secrets.key,
    opening,
    tag: tagOf(secrets.key),
    spent: undefined,
    bin: undefined,
  };
}

function scoreOf(earned: bigint, rate: bigint): bigint | undefined {
  if (rate === 0n) return undefined;
  if (earned % rate !== 0n)
    throw new TacitError(
      'sdk/bad-payout',
      `the payout of ${earned} grains is no multiple of the round’s rate of ${rate}`,
    );
  return earned / rate;
}

/** A claim as the chain keeps it, with its number. */
export interface ClaimView {
  readonly claim: number;
  readonly class: number;
  readonly tag: Uint8Array;
  readonly amount: bigint;
  readonly fee: bigint;
  readonly destination: Uint8Array;
  /** Number of its first new note in the class. */
  readonly first: number;
  /** Its new notes. */
  readonly outputs: readonly Note[];
}

/** The change that a claim of `spent` has left to the wallet: nothing if another has made the claim, or made its change otherwise (specification §12.11). */
export function changeOf(genesis: Uint8Array, wallet: Wallet, spent: OwnNote, claim: ClaimView): OwnNote[] {
  const { amount, destination, outputs, first } = claim;
  const left = spent.opening.amount - amount * spent.grains;
  if (left < 0n) return [];
  const source = { noteSeed: wallet.noteSeed, genesis, tag: spent.tag, terms: { amount, destination }, left };
  const found = findChange(source, outputs);
  return found.map(({ index, secret, opening }: FoundChange) => ({
    class: spent.class,
    number: first + index,
    modulus: spent.modulus,
    grains: spent.grains,
    origin: { claim: claim.claim },
    amount: opening.amount / spent.grains,
    key: secret,
    opening,
    tag: tagOf(secret),
    spent: undefined,
    bin: undefined,
  }));
}

/** One-time key of a note on the chain, 32 bytes. */
export const keyOf = ({ key }: Pick<OwnNote, 'key'>): Uint8Array => times(J0, key).toBytes();
