/** The sizes that the specification and the decision on linear proofs state, from the code and from what each step would change. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type FheParams, fheParams, noiseBound } from '../../../primitives/fhe/params.ts';
import { ceilSqrt } from '../../../primitives/fhe/sqrt.ts';
import { residueBytes } from '../../../primitives/fhe/wire.ts';
import { payloadBytes } from '../../../primitives/linear/payload.ts';
import { linearBytes, linearShape } from '../../../primitives/linear/shape.ts';
import type { LaneSpec } from '../../../primitives/proofs/lane.ts';
import { sealedBytes } from '../../../primitives/proofs/sealed.ts';

const params = fheParams('tacit-8192-n4');
const { degree } = params;
const update = (values: number): LaneSpec => ({ lane: 'update', part: 0, values, digits: 2, offset: 128, normSq: 1n });
const half = update(degree / 2);
const sealing = sealedBytes(params, half) - payloadBytes(params, half);
const withoutCiphertext = (spec: LaneSpec): number => {
  const { deltas, proof, opened } = linearBytes(linearShape(spec));
  return deltas + proof + opened;
};
/** Bytes of a polynomial modulo primes of so many bits. */
const polynomial = (...bits: readonly number[]): number =>
  residueBytes(
    bits.map((own) => (1n << BigInt(own)) - 1n),
    degree,
  );
const smaller = polynomial(51, 51, 52);

/** The least `Q` that a round of one part needs if it opens masked scores of `items`: the least flood that hides them, and what is below `Q/2t`. */
function leastModulus(of: FheParams, items: number, normSq: bigint): bigint {
  const count = BigInt(of.subsets.length);
  const scoreNorm = 3n * BigInt(items) * ceilSqrt(normSq);
  const shift = BigInt(8 * (of.f + 1)) + BigInt(degree) * BigInt(items) + BigInt(items) * scoreNorm;
  const flood = of.lambda - 1 + (noiseBound(of, shift) - 1n).toString(2).length;
  const room = (count << BigInt(flood)) + noiseBound(of, scoreNorm) + count + 2n;
  return 2n * of.t * room;
}

const bits = (x: bigint): number => x.toString(2).length;

const read = (file: string): string => readFileSync(join(import.meta.dirname, '../../..', file), 'utf8');
const grouped = (n: number): string => Math.round(n).toLocaleString('en-US');

describe('sizes that documents state of submissions', () => {
  it('are those of the table of §5.13, row by row', () => {
    const per4096 = (spec: LaneSpec, bytes: number): number => (4096 * bytes) / spec.values;
    const sealed = (spec: LaneSpec): number => per4096(spec, sealedBytes(params, spec));
    const [two, all] = [update(2 * degree), update(32 * degree)];
    const rows = [
      sealed(half),
      sealed(update(degree)),
      sealed(two),
      sealed(all),
      per4096(two, sealing + 3 * smaller + withoutCiphertext(two)),
      per4096(two, sealing + withoutCiphertext(two)),
    ];
    const table = read('docs/spec/05-validity.md').split('## §5.13')[1] as string;
    const stated = [...table.matchAll(/^\| [^|]+ \| ([\d,]+) \|/gm)].map(([, bytes]) => bytes);
    expect(stated).to.deep.equal(rows.map(grouped), rows.map(grouped).join(' '));
    expect(table).to.include(`the ${sealing} of the sealed form`);
    const { proof, opened } = linearBytes(linearShape(half));
    expect(table).to.include(`has ${grouped(proof + opened)} bytes`);
    expect(((proof + opened) / 4096).toFixed(2)).to.equal('3.45');
  });

  it('need the moduli that the decision says, for rounds of 32 and of 1,000 items', () => {
    const mean = (BigInt(degree) * 127n ** 2n) / 16n;
    const decision = read('docs/adr/032-linear-proofs-with-opened-wires.md');
    const [few, many] = [leastModulus(params, 32, mean), leastModulus(params, 1000, mean)].map(bits);
    expect(decision).to.include(
      `32 items need ${few} bits at \`lambda = ${params.lambda}\`, of 1,000 items ${many} (n = 4)`,
    );
    // Primes that are 1 modulo 2N lie this close to powers of two: three of 51 bits would be short of it by a hair.
    const below = (own: bigint): bigint => (1n << own) - (1n << 22n);
    const least = leastModulus(params, 32, mean);
    expect(least < below(51n) ** 2n * below(52n)).to.equal(true);
    expect(least < (1n << 153n) - 1n && least > (1n << 153n) - (1n << 120n)).to.equal(true);
  });

  it('are held against libprio by its own formulas', () => {
    // Gadgets and chunks as `FixedPointBoundedL2VecSum::new`, lengths as its `proof_len`, `input_len`.
    const entries = 4096;
    const width = 16;
    const power = (n: number): number => 2 ** Math.ceil(Math.log2(n));
    const input = width * entries + 2 * width - 2;
    const chunk = Math.floor(Math.sqrt(input));
    const calls = Math.ceil(input / chunk);
    const normChunk = Math.floor(Math.sqrt(entries));
    const normCalls = Math.ceil(entries / normChunk);
    const proof = 2 * chunk + 2 * (power(1 + calls) - 1) + 1 + normChunk + 2 * (power(1 + normCalls) - 1) + 1;
    const text = read('docs/spec/05-validity.md');
    expect(text).to.include(`${grouped(proof)} elements of 16 bytes`);
    expect(text).to.include(`${((16 * proof) / entries).toFixed(2)} bytes an entry`);
    expect(text).to.include(`${grouped(input)} elements`);
  });
});
