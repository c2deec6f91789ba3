import { expect } from 'chai';
import { TransactionPool } from '../../../node/chain/index.ts';
import type { PoolLimits } from '../../../node/chain/pool/queue.ts';
import type { VerifyTask } from '../../../node/base/runtime.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';
import {
  Clock,
  nextBlock,
  runtime,
  type TestNode,
  type TestVerifier,
  testNode,
  transfer,
  verifier,
} from './harness.ts';

const UNIT = 1_000_000n;
const ROOM: PoolLimits = { count: 100, bytes: 1 << 20 };

/** A pool on a node's chain, and how many checks it has had carried out. */
function counting(node: TestNode, limits: PoolLimits = ROOM) {
  let checks = 0;
  const counted = {
    verify(asked: VerifyTask | readonly VerifyTask[]) {
      if (!('kind' in asked)) checks += asked.length;
      return verifier.verify(asked as readonly VerifyTask[]);
    },
  } as TestVerifier;
  const parts = { chain: node.chain, runtime, verifier: counted, now: () => 0, limits };
  const pool = new TransactionPool({ ...parts, onError: (error) => node.errors.push(error) });
  const submit = async (bytes: Uint8Array): Promise<[string, number]> => {
    const before = checks;
    const result = await pool.submit(bytes, 'external');
    return ['code' in result ? result.code : result.kind, checks - before];
  };
  return { pool, submit };
}

describe('node/chain: the door of the pool checks no signature', () => {
  it('of what the state refuses whoever signed it', async () => {
    const clock = new Clock();
    const node = await testNode({ clock });
    await node.pool.submit(transfer(node, { from: 'carol', nonce: 0 }), 'external');
    for (let i = 0; i < 3; i++) await nextBlock(node, clock);
    const { submit } = counting(node);
    const inherent = node.chain.body(node.chain.best().hash)![0]!;
    const cases: [string, Uint8Array][] = [
      ['Stale', transfer(node, { from: 'carol', nonce: 0, tip: 3n })],
      ['Payment', transfer(node, { from: 'nobody', nonce: 0 })],
      ['Payment', transfer(node, { from: 'carol', nonce: 1, tip: 2_000_000n * UNIT })],
      ['Call', utf8('garbage')],
      ['Call', inherent],
      ['pool/too-large', new Uint8Array(2 << 20)],
    ];
    for (const [code, bytes] of cases) expect(await submit(bytes), code).to.deep.equal([code, 0]);
    expect(await submit(transfer(node, { from: 'carol', nonce: 1, signer: 'dave' }))).to.deep.equal(['BadProof', 1]);
    expect(await submit(transfer(node, { from: 'carol', nonce: 1 }))).to.deep.equal(['ready', 1]);
    expect(node.errors).to.deep.equal([]);
  });

  it('of what is banned', async () => {
    const node = await testNode();
    const { pool, submit } = counting(node);
    const bytes = transfer(node, { from: 'carol', nonce: 0 });
    for (let strikes = 0; strikes < 3; strikes++) {
      await submit(bytes);
      pool.reject(pool.hashOf(bytes), 'Stale');
    }
    expect(await submit(bytes)).to.deep.equal(['banned', 0]);
  });

  it('of what has no place in the pool', async () => {
    const node = await testNode();
    const full = counting(node, { ...ROOM, count: 2 });
    for (const nonce of [0, 1]) await full.submit(transfer(node, { from: 'carol', nonce, tip: 50n }));
    const cheap = transfer(node, { from: 'dave', to: 'carol', nonce: 0 });
    expect(await full.submit(cheap)).to.deep.equal(['pool/full', 0]);
    const same = transfer(node, { from: 'carol', nonce: 0, tip: 50n, amount: 5n * UNIT });
    expect(await full.submit(same)).to.deep.equal(['pool/too-low-priority', 0]);
    const one = counting(node, { ...ROOM, perSender: { count: 1, bytes: 1 << 20 } });
    await one.submit(transfer(node, { from: 'carol', nonce: 0 }));
    expect(await one.submit(transfer(node, { from: 'carol', nonce: 1 }))).to.deep.equal(['pool/sender-full', 0]);
    const rich = counting(node);
    await rich.submit(transfer(node, { from: 'carol', nonce: 0, tip: 600_000n * UNIT }));
    const more = transfer(node, { from: 'carol', nonce: 1, tip: 600_000n * UNIT });
    expect(await rich.submit(more)).to.deep.equal(['pool/sender-overdrawn', 0]);
  });

  it('and takes nothing out for one that nobody has signed', async () => {
    const node = await testNode();
    const { pool, submit } = counting(node, { ...ROOM, count: 1 });
    const honest = transfer(node, { from: 'carol', nonce: 0 });
    await submit(honest);
    const forged = transfer(node, { from: 'carol', nonce: 0, tip: 1000n, signer: 'dave' });
    expect(await submit(forged)).to.deep.equal(['BadProof', 1]);
    expect([...pool.ready()].map(({ bytes }) => bytes)).to.deep.equal([honest]);
  });
});
