/** Bins with notes whose secrets the test knows, claims on them, and claims by provers that do not keep to the statement. */
import { concatBytes } from '../../../../primitives/crypto/bytes.ts';
import {
  commit,
  G,
  H,
  J0,
  modOrder,
  randomScalar,
  type Scalar,
  times,
} from '../../../../primitives/crypto/ristretto.ts';
import { type HiddenBin, type OpenBin, openHiddenBin } from '../../../../primitives/proofs/hidden-bin.ts';
import type { HiddenClaim } from '../../../../primitives/proofs/hidden-check.ts';
import {
  type ChangeSecrets,
  claimChallenge,
  claimContext,
  type HiddenTerms,
  type HiddenWitness,
  proveHiddenClaim,
  rangeOf,
} from '../../../../primitives/proofs/hidden-claim.ts';
import { type Note, openNote } from '../../../../primitives/proofs/notes.ts';
import { encodePlaceProof, openPlaceProof } from '../../../../primitives/proofs/one-of-many.ts';
import { proveRange } from '../../../../primitives/proofs/range-proof.ts';
import { notesOf, type OwnNote, ownNote, random, T } from './notes.ts';

export const GRAINS = 32n;
export const FEE = 10_000n;
const nextScalar = (): Scalar => randomScalar(random);

/** Any points as notes that nobody can spend; cheap to make in any number. */
export function strangers(count: number): Note[] {
  const [keyStep, valueStep] = [times(J0, nextScalar()), times(H, nextScalar())];
  let [key, value] = [times(J0, nextScalar()), times(G, nextScalar())];
  return Array.from({ length: count }, () => {
    key = key.add(keyStep);
    value = value.add(valueStep);
    return { key: key.toBytes(), commitment: value.toBytes() };
  });
}

/** A note of a round: of `units`, wrapped or not. */
export const roundNote = (units: bigint, wrapped: boolean): OwnNote => ownNote(units * GRAINS, wrapped ? T - 7n : 123n);

export interface Scene {
  readonly bin: HiddenBin;
  readonly open: OpenBin;
  readonly owners: readonly OwnNote[];
}

/** A bin in which the owners' notes stand first, strangers' behind them. */
export function sceneOf(owners: readonly OwnNote[], digits = 3, count = 4 ** digits): Scene {
  const notes = [...notesOf(owners), ...strangers(count - owners.length)];
  const bin = { genesis: new Uint8Array(32).fill(7), modulus: T, grains: GRAINS, index: 0, digits, notes };
  return { bin, open: openHiddenBin(bin), owners };
}

export function witnessOf({ bin, owners }: Scene, place: number): HiddenWitness {
  const { key, z, m, r } = owners[place]!;
  return { place, key, opening: openNote(bin.notes[place]!, z, m, r, T) };
}

export const changeOf = (...amounts: bigint[]): ChangeSecrets[] =>
  amounts.map((amount) => ({ key: times(J0, nextScalar()).toBytes(), amount, blinding: nextScalar() }));

/** An honest claim of `amount` units by the owner at `place`; the last change takes what is left. */
export function claimOf(
  scene: Scene,
  place: number,
  amount: bigint,
  split: readonly bigint[] = [],
  destination = random(32),
): HiddenClaim {
  const witness = witnessOf(scene, place);
  const rest = split.reduce((left, one) => left - one, witness.opening.amount - amount * GRAINS);
  const terms = { amount, fee: FEE, destination };
  return {
    bin: scene.open,
    ...proveHiddenClaim(scene.open, terms, witness, changeOf(...split, rest), random),
  };
}

/** What a dishonest prover puts into a claim. Everything that is left out is honest. */
export interface HiddenForgery {
  readonly place: number;
  readonly key: Scalar;
  /** Blinding of `C_l`, by its opening. */
  readonly blinding: Scalar;
  /** What the change commits to, any integer. */
  readonly change: bigint;
  /** What the range proof says that it is; `change` where that is an amount. */
  readonly said?: bigint;
  /** What the wrap commits to, any integer; 0 by default. */
  readonly wrap?: bigint;
  readonly amount: bigint;
  readonly fee?: bigint;
  readonly destination?: Uint8Array;
  /** `K'` of the change. */
  readonly changeKey?: Uint8Array;
}

/** Runs the protocol on any numbers, in the order of the product's prover. */
export function forgeClaim(bin: OpenBin, forgery: HiddenForgery): HiddenClaim {
  const { place, key, blinding, change, wrap = 0n, amount } = forgery;
  const { fee = FEE, destination = random(32), changeKey = times(J0, 5n).toBytes() } = forgery;
  const [changeBlinding, wrapBlinding] = [nextScalar(), nextScalar()];
  const output = { key: changeKey, commitment: commit(modOrder(change), changeBlinding).toBytes() };
  const terms: HiddenTerms = { amount, fee, destination, outputs: [output] };
  const W = commit(modOrder(wrap), wrapBlinding).toBytes();
  const place_ = { place, key, blinding: modOrder(blinding + wrapBlinding - changeBlinding) };
  const opened = openPlaceProof(bin.ring, place_, nextScalar);
  const context = claimContext(bin, terms, W, opened.messages);
  const openings = [
    { value: forgery.said ?? change, blinding: changeBlinding },
    { value: wrap === bin.modulus ? 1n : 0n, blinding: wrapBlinding },
  ];
  const range = proveRange(rangeOf(bin.modulus, context, terms.outputs, W), openings, nextScalar);
  const proof = { messages: opened.messages, responses: opened.respond(claimChallenge(context, range)) };
  return { bin, terms, proof: concatBytes(encodePlaceProof(proof), W, range) };
}
