import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { VerifyPool, verifyTask } from '../../../node/workers/index.ts';
import type { Giver } from '../../../node/base/givers.ts';
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
import { TacitError } from '../../../primitives/errors.ts';
import { DEADLY, STILLBORN } from './mortal-thread.ts';

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
  { kind: 'hidden-claim', parts: [new Uint8Array(7)] },
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

const deadly = (how: number, more = 0): VerifyTask => ({ kind: 'hidden-claim', parts: [Uint8Array.of(how, more)] });
/** What becomes of each task: its answer, or the code of its failure. */
const fates = (pool: VerifyPool, tasks: readonly VerifyTask[]): Promise<unknown[]> =>
  Promise.all(
    tasks.map((task) =>
      pool.verify([task]).then(
        ([ok]) => ok,
        (error: TacitError) => error.code,
      ),
    ),
  );

describe('node/workers: a task that kills its thread', () => {
  const script = new URL('./mortal-thread.ts', import.meta.url);
  let pool: VerifyPool;
  let faults: TacitError[];
  let time = 0;
  const open = (threads: number): void => {
    faults = [];
    const onFault = (error: unknown): number => faults.push(error as TacitError);
    pool = new VerifyPool({ threads, script, firstPause: 4, now: () => time, onFault });
  };
  afterEach(() => {
    delete process.env[STILLBORN];
    return pool.close();
  });

  for (const [how, byte] of Object.entries(DEADLY)) {
    it(`fails after two threads (${how}); what was beside it is answered`, async () => {
      open(1);
      const beside = [...good, ...spoiled, ...malformed];
      const fate = await fates(pool, [...good, deadly(byte), ...spoiled, ...malformed]);
      expect(fate).to.deep.equal([true, true, 'workers/died', ...[...spoiled, ...malformed].map(() => false)]);
      expect(await fates(pool, beside)).to.deep.equal(beside.map((task) => good.includes(task)));
      expect(faults.map(({ code }) => code)).to.deep.equal(['workers/thread-ended', 'workers/thread-ended']);
    });
  }

  it('does not fail for another deadly one', async () => {
    open(2);
    const killers = [deadly(DEADLY.exit, 1), deadly(DEADLY.error, 2), deadly(DEADLY.exit, 3)];
    const others = Array.from({ length: 40 }, (_, i): VerifyTask => {
      const text = Uint8Array.of(i, 9);
      return { kind: 'ed25519', parts: [ed.publicKey, text, ed25519Sign(ed, text)] };
    });
    const fate = await fates(pool, [...others.slice(0, 20), ...killers, ...others.slice(20)]);
    expect(fate.filter((one) => one === true)).to.have.length(40);
    expect(fate.slice(20, 23)).to.deep.equal(killers.map(() => 'workers/died'));
    expect(pool.backlog).to.equal(0);
  });

  it('kills no more of them when it comes again, and is tried again later, each time after a longer rest', async () => {
    open(1);
    const killer = deadly(DEADLY.exit, 7);
    const again = (): Promise<unknown[]> => fates(pool, [killer, good[0]!]);
    expect(await again()).to.deep.equal(['workers/died', true]);
    for (let i = 0; i < 5; i++) expect(await again()).to.deep.equal(['workers/died', true]);
    expect(() => pool.verify(killer))
      .to.throw(TacitError)
      .with.property('code', 'workers/died');
    expect(faults).to.have.length(2);
    time += 10_001;
    await again();
    expect(faults).to.have.length(4);
    time += 10_001;
    await again();
    expect(faults).to.have.length(4);
    time += 10_001;
    await again();
    expect(faults).to.have.length(6);
  });

  it('is not a task that waits for a thread that dies while it starts', async () => {
    process.env[STILLBORN] = 'yes';
    open(1);
    const answer = fates(pool, [...good, ...spoiled]);
    while (faults.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    delete process.env[STILLBORN];
    expect(await answer).to.deep.equal([true, true, false, false]);
    expect(faults.map(({ code }) => code)).to.deep.equal(faults.map(() => 'workers/thread-ended'));
  });

  it('is not a task that no thread can be started for: it is told so, and asked again it is answered', async () => {
    process.env[STILLBORN] = 'yes';
    open(1);
    expect(await fates(pool, good)).to.deep.equal(['workers/no-thread', 'workers/no-thread']);
    delete process.env[STILLBORN];
    expect(await fates(pool, good)).to.deep.equal([true, true]);
  });

  it('lets nobody who waited behind it pass what consensus waits for, nor others of its kind', async () => {
    open(1);
    const giver = ['peers', 'liar', ''] as const;
    const order: string[] = [];
    const ask = (name: string, task: VerifyTask, patientFor?: Giver): Promise<unknown> =>
      pool.verify([task], patientFor).then(
        () => order.push(name),
        () => order.push(name),
      );
    const claim = (bin: number): VerifyTask => ({ kind: 'hidden-claim', parts: [Uint8Array.of(1, bin)] });
    const killer = ask('killer', deadly(DEADLY.exit, 4), giver);
    const behind = ask('claim behind it', claim(0), giver);
    // the thread has both, and dies of the first
    while (pool.backlog > 0) await new Promise(setImmediate);
    const hastened = claim(5);
    const later = [ask('other', hastened, giver)];
    while (faults.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    later.push(ask('signature', good[0]!, giver), ask('hastened', hastened), ask('vote', good[1]!));
    await Promise.all([killer, behind, ...later]);
    expect(order).to.deep.equal(['other', 'hastened', 'vote', 'signature', 'killer', 'claim behind it']);
  });

  it('is told that the pool was closed, if that is sooner', async () => {
    open(1);
    const answer = fates(pool, [deadly(DEADLY.exit), good[0]!]);
    await new Promise(setImmediate);
    await pool.close();
    expect(await answer).to.deep.equal(['workers/closed', 'workers/closed']);
  });
});
