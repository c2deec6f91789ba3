import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { Prg } from '../../../primitives/crypto/prg.ts';
import type { RoundContext } from '../../../primitives/fhe/params.ts';

/** A key stream that depends on the name only: tests are the same on every run. */
export function prgOf(name: string): Prg {
  return new Prg(hash32Of('tacit/test/1', name));
}

export function contextOf(paramsId: string, round = 1): RoundContext {
  return { genesis: hash32Of('tacit/test/1', 'genesis'), term: 1, round, paramsId };
}

/** A uniform integer below `bound` from the stream. */
export function below(prg: Prg, bound: bigint): bigint {
  let value = 0n;
  for (const byte of prg.next(40)) value = (value << 8n) | BigInt(byte);
  return value % bound;
}

export function mod(value: bigint, q: bigint): bigint {
  const rest = value % q;
  return rest < 0n ? rest + q : rest;
}

/** The code of the error that `body` throws, or a marker if it throws none. */
export function codeOf(body: () => unknown): unknown {
  try {
    body();
  } catch (error) {
    return (error as { code?: unknown }).code ?? error;
  }
  return 'no error';
}
