/** A round whose submissions may have several polynomials: further keys of the same `a`, every secret in the test's hand. */
import { Prg } from '../../../../primitives/crypto/prg.ts';
import { ringOf } from '../../../../primitives/fhe/ring.ts';
import { centredBinomial, ternary } from '../../../../primitives/fhe/sample.ts';
import type { RnsPoly } from '../../../../primitives/fhe/types.ts';
import type { LinearCiphertext, LinearKeys } from '../../../../primitives/linear/ciphertext.ts';
import { decrypt, seeded, type TestRound, testRound } from '../../proofs/support/round.ts';

export interface LinearRound extends TestRound {
  readonly keys: LinearKeys;
  readonly secrets: readonly RnsPoly[];
}

export function linearRound(paramsId: string, polynomials = 1): LinearRound {
  const round = testRound(paramsId);
  const { params, keys } = round;
  const ring = ringOf(params);
  const primes = params.dataPrimes.length;
  const prg = new Prg(seeded(`wide/${paramsId}`)(32));
  const sum = (draw: (stream: Prg, count: number) => Int8Array): RnsPoly =>
    params.subsets.map(() => ring.fromSmall(draw(prg, params.degree), primes)).reduce((x, y) => ring.add(x, y));
  const more = Array.from({ length: polynomials - 1 }, () => {
    const secret = sum(ternary);
    const b = ring.negate(ring.add(ring.multiply(keys.publicKey.a, secret), sum(centredBinomial)));
    return { secret, b };
  });
  return {
    ...round,
    keys: { ...keys, further: more.map(({ b }) => b) },
    secrets: [round.secret, ...more.map(({ secret }) => secret)],
  };
}

/** Signed values, one polynomial after the other. */
export function decryptLinear(round: LinearRound, { c0, c1 }: LinearCiphertext, values: number): number[] {
  return c0
    .flatMap((own, p) => decrypt({ ...round, secret: round.secrets[p] as RnsPoly }, { c0: own, c1 }).values)
    .slice(0, values);
}
