import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { VerifyPool, verifyTask } from '../../../node/workers/index.ts';
import type { VerifyTask } from '../../../pallets/support/host.ts';
import { concatBytes, fromLittleEndian } from '../../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import {
  ed25519FromSeed,
  ed25519Sign,
  ed25519Verify,
  sr25519FromSeed,
  sr25519Sign,
} from '../../../primitives/crypto/signature.ts';

const seed = blake2b256(Uint8Array.of(1));
const message = new Uint8Array(90).fill(3);
const sr = sr25519FromSeed(seed);
const ed = ed25519FromSeed(seed);
const good: VerifyTask[] = [
  { kind: 'sr25519', parts: [sr.publicKey, message, sr25519Sign(sr, message)] },
  { kind: 'ed25519', parts: [ed.publicKey, message, ed25519Sign(ed, message)] },
];
const spoiled = good.map(({ kind, parts: [key, text, signature] }): VerifyTask => {
  const other = signature!.slice();
  other[5]! ^= 1;
  return { kind, parts: [key!, text!, other] };
});
const malformed: VerifyTask[] = [
  { kind: 'sr25519', parts: [] },
  { kind: 'ed25519', parts: [new Uint8Array(3), message, new Uint8Array(64)] },
  { kind: 'ed25519', parts: [new Uint8Array(32).fill(255), message, new Uint8Array(64).fill(255)] },
  { kind: 'claim', parts: [new Uint8Array(7)] },
  { kind: 'schnorr', parts: [new Uint8Array(32), message, new Uint8Array(64)] },
];

describe('node/workers', () => {
  let pool: VerifyPool;
  before(() => {
    pool = new VerifyPool({ threads: 2 });
  });
  after(() => pool.close());

  it('answers in order, false for spoiled and malformed tasks', async () => {
    const answers = await pool.verify([...spoiled, ...good, ...malformed, ...good]);
    expect(answers).to.deep.equal([false, false, true, true, false, false, false, false, false, true, true]);
  });

  it('serves the runtime from what the threads found', async () => {
    const tasks = Array.from({ length: 200 }, (_, i): VerifyTask => {
      const text = Uint8Array.of(i, 1, 2);
      return { kind: 'sr25519', parts: [sr.publicKey, text, sr25519Sign(sr, text)] };
    });
    expect((await pool.verify(tasks)).every(Boolean)).to.equal(true);
    const before = pool.misses;
    for (const task of tasks) expect(pool.verify(task)).to.equal(true);
    expect(pool.misses).to.equal(before);
    const unseen = Uint8Array.of(99);
    expect(pool.verify({ kind: 'sr25519', parts: [sr.publicKey, unseen, sr25519Sign(sr, unseen)] })).to.equal(true);
    expect(pool.misses).to.equal(before + 1);
  });

  it('does not mistake one split into parts for another', async () => {
    const [key, text, signature] = good[0]!.parts as [Uint8Array, Uint8Array, Uint8Array];
    await pool.verify([good[0]!]);
    const shifted: VerifyTask = { kind: 'sr25519', parts: [key, text.slice(1), Uint8Array.of(text[0]!, ...signature)] };
    expect(pool.verify(shifted)).to.equal(false);
  });

  it('answers as the chain’s rule does, whatever OpenSSL says: keys and signatures with parts of small order too', () => {
    const torsion = ed25519.Point.fromHex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a');
    const { Fn } = ed25519.Point;
    const point = (scalar: bigint, small: number) =>
      (scalar === 0n ? ed25519.Point.ZERO : ed25519.Point.BASE.multiply(scalar)).add(
        torsion.multiplyUnsafe(BigInt(small)),
      );
    const order = fc.integer({ min: 0, max: 7 });
    const scalar = fc.constantFrom(0n, 1n, 5n, 12345678901234567890n);
    const whole = fc.constantFrom(0n, Fn.ORDER);
    fc.assert(
      fc.property(
        scalar,
        scalar,
        order,
        order,
        whole,
        fc.uint8Array({ maxLength: 4 }),
        (a, r, ofA, ofR, more, text) => {
          const [publicKey, first] = [point(a, ofA).toBytes(), point(r, ofR).toBytes()];
          const k = Fn.create(fromLittleEndian(sha512(concatBytes(first, publicKey, text))));
          const s = Fn.create(r + k * a) + more;
          const signature = concatBytes(
            first,
            Uint8Array.from({ length: 32 }, (_, i) => Number((s >> BigInt(8 * i)) & 255n)),
          );
          const rule = ed25519Verify(signature, text, publicKey);
          expect(verifyTask({ kind: 'ed25519', parts: [publicKey, text, signature] })).to.equal(rule);
          // What the chain accepts, everybody who verifies with the cofactor accepts too.
          if (rule) expect(ed25519.verify(signature, text, publicKey, { zip215: true })).to.equal(true);
          if (ofA === 0 && ofR === 0) expect(rule).to.equal(more === 0n);
        },
      ),
      { numRuns: 300 },
    );
  });
});
