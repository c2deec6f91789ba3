import { expect } from 'chai';
import { Latest } from '../../../node/committee/latest.ts';

describe('node/committee: the newest view', () => {
  it('is the only one acted on: none that a newer one overtook while it was prepared', async () => {
    const acted: number[] = [];
    const gates = new Map<number, () => void>();
    const done = Promise.withResolvers<void>();
    const views = new Latest<number>(
      (view) => new Promise((resolve) => gates.set(view, resolve)),
      (view) => {
        acted.push(view);
        if (view === 5) done.resolve();
      },
      (error) => done.reject(error as Error),
    );
    const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    views.offer(1);
    views.offer(2);
    views.offer(3);
    gates.get(1)?.();
    await turn();
    expect(acted).to.deep.equal([]);
    gates.get(3)?.();
    await turn();
    expect(acted).to.deep.equal([3]);
    await turn();
    views.offer(5);
    gates.get(5)?.();
    await done.promise;
    expect(acted).to.deep.equal([3, 5]);
    expect(gates.has(2)).to.equal(false);
  });

  it('is acted on although an older one failed', async () => {
    const failed: number[] = [];
    const done = Promise.withResolvers<number>();
    const views = new Latest<number>(
      () => Promise.resolve(),
      (view) => {
        if (view === 1) throw new Error('no');
        done.resolve(view);
      },
      (_, view) => {
        failed.push(view);
        views.offer(2);
      },
    );
    views.offer(1);
    expect(await done.promise).to.equal(2);
    expect(failed).to.deep.equal([1]);
  });
});
