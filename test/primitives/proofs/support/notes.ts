/** Notes whose secrets the test knows, and a ring prover that does not keep to the protocol. */
import { randomBytes } from 'node:crypto';
import {
  commit,
  G,
  H,
  hashToPoint,
  invertScalar,
  J0,
  modOrder,
  type Point,
  randomScalar,
  type Scalar,
  times,
  U0,
  ZERO,
} from '../../../../primitives/crypto/ristretto.ts';
import { type Bin, mintNote, type NoteOpening, openNote, ringNotes } from '../../../../primitives/proofs/notes.ts';
import type { Challenge, RingMessages, RingProof, RingStatement } from '../../../../primitives/proofs/ring-proof.ts';

export const random = (n: number): Uint8Array => new Uint8Array(randomBytes(n));

/** The plaintext modulus of the real parameter sets. */
export const T = (1n << 50n) - 27n;

export interface OwnNote {
  readonly key: Scalar;
  readonly amount: bigint;
  readonly m: bigint;
  readonly r: Scalar;
  readonly z: bigint;
}

/** A note of `amount` under the mask `m`, any integer. */
export function ownNote(amount: bigint, m: bigint): OwnNote {
  const z = (((amount + m) % T) + T) % T;
  return { key: randomScalar(random), amount, m, r: randomScalar(random), z };
}

export function binWith(notes: readonly OwnNote[]): Bin {
  return {
    genesis: new Uint8Array(32).fill(7),
    round: 3,
    index: 0,
    modulus: T,
    notes: notes.map(({ z, m, r, key }) => mintNote(z, commit(m, r).toBytes(), times(J0, key).toBytes())),
  };
}

export const openingOf = (bin: Bin, place: number, { z, m, r }: OwnNote): NoteOpening =>
  openNote(bin.notes[place]!, z, m, r, T);

export const statementOf = (bin: Bin, amount: bigint): RingStatement => ({
  notes: ringNotes(bin),
  modulus: bin.modulus,
  amount,
});

/** What a dishonest prover claims to know: entries of the ring with integer weights, and the logarithms of the weighted sum. */
export interface Forgery {
  /** `sigma_{j,i}` for the three digits; an honest prover's are unit vectors. */
  readonly sigma: readonly (readonly bigint[])[];
  readonly key: Scalar;
  readonly blinding: Scalar;
  /** Secret of the tag that is shown, where it is not `key`. */
  readonly tagKey?: Scalar;
  /** Messages chosen after the challenge, which works where the challenge does not cover them. */
  readonly late: 'products' | 'valueMask';
}

const digitGenerators = Array.from({ length: 12 }, (_, i) => hashToPoint('tacit/ring-digit/1', i));
const digitBlinding = hashToPoint('tacit/ring-digit/1', 'blinding');
const sum = (points: readonly Point[]): Point => points.reduce((total, point) => total.add(point), ZERO);
const digitCommitment = (values: readonly bigint[], blinding: Scalar): Point =>
  sum([times(digitBlinding, blinding), ...values.map((v, i) => times(digitGenerators[i]!, v))]);

/** Entries of the ring as `(K, C - dG)`, twins included. */
function entriesOf({ notes, modulus, amount }: RingStatement): { key: Point; value: Point }[] {
  return notes.flatMap(({ key, commitment }) => [
    { key, value: commitment.add(times(G, -amount)) },
    { key, value: commitment.add(times(G, modulus - amount)) },
  ]);
}

/** Runs the protocol with arbitrary `sigma` and chooses one message after the challenge. Written apart from the product's prover. */
export function forge(
  statement: RingStatement,
  { sigma, key, blinding, tagKey = key, late }: Forgery,
  challenge: Challenge,
): RingProof {
  const draw = (): Scalar => randomScalar(random);
  const entries = entriesOf(statement);
  const bits = sigma.flat();
  const masks = sigma.flatMap(() => {
    const free = [draw(), draw(), draw()];
    return [modOrder(-free[0]! - free[1]! - free[2]!), ...free];
  });
  const [rA, rB, rC, rD] = [draw(), draw(), draw(), draw()];
  const rho = [draw(), draw(), draw()];
  const rhoValue = [draw(), draw(), draw()];
  const tag = times(U0, invertScalar(tagKey));
  const coefficients = entries.map((_, entry) => {
    const [p, q, s] = [0, 1, 2].map((j) => {
      const at = 4 * j + ((entry >> (2 * j)) & 3);
      return { a: masks[at]!, b: bits[at]! };
    }) as [{ a: bigint; b: bigint }, { a: bigint; b: bigint }, { a: bigint; b: bigint }];
    return [
      p.a * q.a * s.a,
      p.b * q.a * s.a + p.a * q.b * s.a + p.a * q.a * s.b,
      p.b * q.b * s.a + p.b * q.a * s.b + p.a * q.b * s.b,
    ];
  });
  const combine = (u: number, part: 'key' | 'value'): Point =>
    sum(entries.map((entry, i) => times(entry[part], coefficients[i]![u]!)));
  const powers = (x: Scalar): Scalar[] => [1n, x, modOrder(x * x), modOrder(x * x * x)];
  const respond = (secret: Scalar, blinds: readonly Scalar[], x: Scalar): Scalar =>
    modOrder(secret * powers(x)[3]! - blinds.reduce((total, blind, u) => total + blind * powers(x)[u]!, 0n));
  const messages: RingMessages = {
    tag,
    digits: [
      digitCommitment(masks, rA!),
      digitCommitment(bits, rB!),
      digitCommitment(
        masks.map((a, i) => a * (1n - 2n * bits[i]!)),
        rC!,
      ),
      digitCommitment(
        masks.map((a) => -a * a),
        rD!,
      ),
    ],
    keyMasks: rho.map((blind, u) => combine(u, 'key').add(times(J0, blind))),
    tagMasks: rho.map((blind) => times(tag, blind)),
    valueMasks: rhoValue.map((blind, u) => combine(u, 'value').add(times(H, blind))),
  };
  const x = challenge(messages);
  const f = masks.map((a, i) => modOrder(a + x * bits[i]!));
  const zC = modOrder(rC! * x + rD!);
  const zValue = respond(blinding, rhoValue, x);
  const [A, B, C, D] = messages.digits;
  const products =
    late === 'products'
      ? times(
          digitCommitment(
            f.map((v) => v * (x - v)),
            zC,
          ).subtract(D),
          invertScalar(x),
        )
      : C;
  const weights = entries.map((_, entry) =>
    [0, 1, 2].reduce((w, j) => modOrder(w * f[4 * j + ((entry >> (2 * j)) & 3)]!), 1n),
  );
  const valueMasks =
    late === 'valueMask'
      ? [
          sum(entries.map(({ value }, i) => times(value, weights[i]!)))
            .subtract(times(messages.valueMasks[1]!, powers(x)[1]!))
            .subtract(times(messages.valueMasks[2]!, powers(x)[2]!))
            .subtract(times(H, zValue)),
          messages.valueMasks[1]!,
          messages.valueMasks[2]!,
        ]
      : messages.valueMasks;
  return {
    messages: { ...messages, digits: [A, B, products, D], valueMasks },
    responses: {
      digits: f.filter((_, i) => i % 4 !== 0),
      zA: modOrder(rB! * x + rA!),
      zC,
      zKey: respond(key, rho, x),
      zValue,
    },
  };
}
