import { expect } from 'chai';
import { TaskQueue, type Urgency } from '../../../node/workers/queue.ts';
import type { VerifyTask } from '../../../pallets/support/host.ts';

function add(queue: TaskQueue, name: string, kind: VerifyTask['kind'], urgency: Urgency): void {
  queue.add({ name, task: { kind, parts: [] }, settle: () => undefined, fail: () => undefined, deaths: 0 }, urgency);
}
const take = (queue: TaskQueue, threads = 1): string[] => queue.take(threads).map(({ name }) => name);

describe('node/workers: what waits for a thread', () => {
  it('has consensus before transactions and signatures before claims, whoever came first', () => {
    const queue = new TaskQueue();
    for (let i = 0; i < 1000; i++) add(queue, `claim ${i}`, 'claim', 'patient');
    add(queue, 'transfer', 'sr25519', 'patient');
    add(queue, 'seal', 'sr25519', 'now');
    add(queue, 'claim in a block', 'claim', 'now');
    expect(take(queue)).to.deep.equal(['seal', 'claim in a block']);
    expect(take(queue)).to.deep.equal(['transfer']);
    // One at a time: a thread is back after some 25 ms.
    expect(take(queue)).to.deep.equal(['claim 0']);
    expect(queue.size).to.equal(999);
  });

  it('lets a block have at once what a transaction waits for', () => {
    const queue = new TaskQueue();
    for (let i = 0; i < 9; i++) add(queue, `claim ${i}`, 'claim', 'patient');
    queue.hasten('claim 7');
    queue.hasten('not here');
    expect(take(queue)).to.deep.equal(['claim 7']);
    expect(take(queue)).to.deep.equal(['claim 0']);
  });

  it('shares cheap tasks among the threads, in messages of some size', () => {
    const queue = new TaskQueue();
    for (let i = 0; i < 10; i++) add(queue, `${i}`, 'ed25519', 'now');
    expect(take(queue, 2)).to.have.length(5);
    expect(queue.drain()).to.have.length(5);
    expect(take(queue, 2)).to.deep.equal([]);
    for (let i = 0; i < 1000; i++) add(queue, `${i}`, 'sr25519', 'now');
    expect(take(queue, 2)).to.have.length.within(10, 60);
  });
});
