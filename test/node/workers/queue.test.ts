import { expect } from 'chai';
import { TaskQueue } from '../../../node/workers/queue.ts';
import type { Giver } from '../../../node/base/givers.ts';
import type { VerifyTask } from '../../../pallets/support/host.ts';

const patient: Giver = ['peers', 'one', ''];
const now = undefined;

/** @param bin of a claim; without it the claim has a bin of its own */
function add(
  queue: TaskQueue,
  name: string,
  kind: VerifyTask['kind'],
  patientFor: Giver | undefined,
  bin = name,
): void {
  queue.add({
    name,
    task: { kind, parts: [new TextEncoder().encode(bin)] },
    settle: () => undefined,
    fail: () => undefined,
    giver: patientFor,
    deaths: 0,
  });
}
const take = (queue: TaskQueue, threads = 1): string[] => queue.take(threads).map(({ name }) => name);

describe('node/workers: what waits for a thread', () => {
  it('has consensus before transactions and signatures before claims, whoever came first', () => {
    const queue = new TaskQueue();
    for (let i = 0; i < 1000; i++) add(queue, `claim ${i}`, 'hidden-claim', patient);
    add(queue, 'transfer', 'sr25519', patient);
    add(queue, 'seal', 'sr25519', now);
    add(queue, 'claim in a block', 'hidden-claim', now);
    expect(take(queue)).to.deep.equal(['seal', 'claim in a block']);
    expect(take(queue)).to.deep.equal(['transfer']);
    // One at a time: a thread is back after some 25 ms.
    expect(take(queue)).to.deep.equal(['claim 0']);
    expect(queue.size).to.equal(999);
  });

  it('lets a block have at once what a transaction waits for', () => {
    const queue = new TaskQueue();
    for (let i = 0; i < 9; i++) add(queue, `claim ${i}`, 'hidden-claim', patient);
    queue.hasten('claim 7');
    queue.hasten('not here');
    expect(take(queue)).to.deep.equal(['claim 7']);
    expect(take(queue)).to.deep.equal(['claim 0']);
  });

  it('has claims on one bin checked together: few where a vote may have to wait for them, more in a block', () => {
    const queue = new TaskQueue();
    for (let i = 0; i < 40; i++) add(queue, `${i}`, 'hidden-claim', patient, i % 3 === 0 ? 'a' : 'b');
    expect(take(queue)).to.deep.equal(['0', '3', '6', '9']);
    expect(take(queue)).to.deep.equal(['1', '2', '4', '5']);
    for (const name of ['12', '15', '18', '21', '24', '7']) queue.hasten(name);
    // Each thread has its share.
    expect(take(queue, 3)).to.deep.equal(['12', '15']);
    expect(take(queue)).to.deep.equal(['18', '21', '24']);
    expect(take(queue)).to.deep.equal(['7']);
    for (let i = 0; i < 40; i++) add(queue, `now ${i}`, 'hidden-claim', now, 'c');
    expect(take(queue)).to.have.length(16);
    // A signature that has come meanwhile is not passed over by more than the claims before it.
    add(queue, 'vote', 'ed25519', now);
    expect(take(queue)).to.have.length(16);
    expect(take(queue)).to.have.length(8);
    expect(take(queue)).to.deep.equal(['vote']);
    expect(queue.size).to.equal(26);
  });

  it('shares cheap tasks among the threads, in messages of some size', () => {
    const queue = new TaskQueue();
    for (let i = 0; i < 10; i++) add(queue, `${i}`, 'ed25519', now);
    expect(take(queue, 2)).to.have.length(5);
    expect(queue.drain()).to.have.length(5);
    expect(take(queue, 2)).to.deep.equal([]);
    for (let i = 0; i < 1000; i++) add(queue, `${i}`, 'sr25519', now);
    expect(take(queue, 2)).to.have.length.within(10, 60);
  });

  it('takes from those who give in turn, kind by kind and address by address: what one gives much of waits for itself', () => {
    const queue = new TaskQueue();
    const give = (giver: Giver, count: number): void => {
      for (let i = 0; i < count; i++) add(queue, `${giver.join('/')} ${i}`, 'hidden-claim', giver);
    };
    give(['peers', 'liar', ''], 120);
    for (let i = 0; i < 40; i++) give(['clients', '192.0.2.1', `${i}`], 3);
    give(['peers', 'honest', ''], 1);
    give(['clients', '198.51.100.7', '1'], 1);
    give(['own', 'node', ''], 1);
    const first = Array.from({ length: 8 }, () => take(queue).join());
    expect(first.map((name) => name.split('/').slice(0, 2).join(' '))).to.deep.equal([
      'peers liar',
      'clients 192.0.2.1',
      'own node',
      'peers honest',
      'clients 198.51.100.7',
      'peers liar',
      'clients 192.0.2.1',
      'peers liar',
    ]);
    queue.hasten('peers/liar/ 100');
    queue.hasten('peers/liar/ 100');
    expect(take(queue)).to.deep.equal(['peers/liar/ 100']);
    const rest = queue.size;
    expect(queue.drain()).to.have.length(rest);
    expect([rest, queue.size, take(queue).length]).to.deep.equal([120 + 120 + 3 - 9, 0, 0]);
  });

  it('checks claims on one bin together in the turns of those who give them', () => {
    const queue = new TaskQueue();
    for (let i = 0; i < 20; i++) add(queue, `liar ${i}`, 'hidden-claim', patient, 'a');
    add(queue, 'honest', 'hidden-claim', ['peers', 'other', ''], 'a');
    expect(take(queue)).to.deep.equal(['liar 0', 'honest', 'liar 1', 'liar 2']);
  });
});
