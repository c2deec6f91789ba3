/** A round's keys with every secret in the test's hand, so that ciphertexts can be decrypted and every subset's seeds opened. */
import { publicKeyOf } from '../../../../primitives/crypto/box.ts';
import { hash32Of } from '../../../../primitives/crypto/hash.ts';
import { Prg } from '../../../../primitives/crypto/prg.ts';
import { randomScalar, type Scalar } from '../../../../primitives/crypto/ristretto.ts';
import { type FheParams, fheParams, type RoundContext } from '../../../../primitives/fhe/params.ts';
import { ringOf } from '../../../../primitives/fhe/ring.ts';
import { centredBinomial, ternary } from '../../../../primitives/fhe/sample.ts';
import type { Ciphertext, RnsPoly } from '../../../../primitives/fhe/types.ts';
import type { RoundKeys } from '../../../../primitives/proofs/round-keys.ts';

/** A deterministic stand-in for the platform's randomness. */
export function seeded(label: string): (n: number) => Uint8Array {
  const prg = new Prg(hash32Of('tacit/test/1', label));
  return (n) => prg.next(n);
}

export interface TestRound {
  readonly params: FheParams;
  readonly context: RoundContext;
  readonly keys: RoundKeys;
  readonly secret: RnsPoly;
  readonly sealSecrets: Scalar[];
  readonly maskSecrets: Scalar[];
  readonly beacon: Uint8Array;
}

export function testRound(paramsId: string, label = 'round'): TestRound {
  const params = fheParams(paramsId);
  const random = seeded(`${label}/${paramsId}`);
  const context: RoundContext = { genesis: random(32), term: 3, round: 17, paramsId };
  const ring = ringOf(params);
  const primes = params.dataPrimes.length;
  const prg = new Prg(random(32));
  let secret = ring.zero(primes);
  let noise = ring.zero(primes);
  for (const _ of params.subsets) {
    secret = ring.add(secret, ring.fromSmall(ternary(prg, params.degree), primes));
    noise = ring.add(noise, ring.fromSmall(centredBinomial(prg, params.degree), primes));
  }
  const a = ring.uniform(prg, primes);
  const b = ring.negate(ring.add(ring.multiply(a, secret), noise));
  const sealSecrets = params.subsets.map(() => randomScalar(random));
  const maskSecrets = params.subsets.map(() => randomScalar(random));
  const keys = {
    publicKey: { a, b },
    sealKeys: sealSecrets.map(publicKeyOf),
    maskKeys: maskSecrets.map(publicKeyOf),
  };
  return { params, context, keys, secret, sealSecrets, maskSecrets, beacon: random(32) };
}

/** Signed plaintext coefficients and their largest noise, of the first `count`: behind a lane's values there is nothing to decrypt. */
export function decrypt(
  { params, secret }: TestRound,
  { c0, c1 }: Ciphertext,
  count: number = params.degree,
): { values: number[]; noise: bigint } {
  const ring = ringOf(params);
  const y = ring.add(c0, ring.multiply(c1, secret));
  let noise = 0n;
  const values = Array.from({ length: count }, (_, k) => {
    const opened = ring.scaleRound(ring.recompose(params.dataPrimes.map((_, i) => y[i * params.degree + k]!)));
    const size = opened.noise < 0n ? -opened.noise : opened.noise;
    if (size > noise) noise = size;
    return Number(2n * opened.value > params.t ? opened.value - params.t : opened.value);
  });
  return { values, noise };
}
