import { expect } from 'chai';
import { VerifyPool, verifyTask } from '../../../node/workers/index.ts';
import type { VerifyTask } from '../../../pallets/support/host.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { ed25519FromSeed, ed25519Sign, sr25519FromSeed, sr25519Sign } from '../../../primitives/crypto/signature.ts';

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

  it('accepts by ZIP-215 what OpenSSL refuses', () => {
    // A signature whose R and A are of small order and whose s is 0 holds for every message (cofactored equation).
    const smallOrder = Uint8Array.from(
      Buffer.from('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', 'hex'),
    );
    const signature = new Uint8Array(64);
    signature.set(smallOrder);
    const texts = Array.from({ length: 8 }, (_, i) => Uint8Array.of(i));
    const answers = texts.map((text) => verifyTask({ kind: 'ed25519', parts: [smallOrder, text, signature] }));
    expect(answers).to.deep.equal(texts.map(() => true));
  });
});
