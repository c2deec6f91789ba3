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

  it('gets the idle turns when it has been acted on, until a newer one is there or nothing is left to do', async () => {
    const told: string[] = [];
    const done = Promise.withResolvers<void>();
    const views: Latest<number> = new Latest<number>(
      () => Promise.resolve(),
      (view) => told.push(`act ${view}`),
      (error) => done.reject(error as Error),
      (view) => {
        told.push(`idle ${view}`);
        if (view === 1 && told.length === 3) views.offer(2);
        if (view === 2) done.resolve();
        return view === 1 ? 0 : undefined;
      },
    );
    views.offer(1);
    await done.promise;
    expect(told).to.deep.equal(['act 1', 'idle 1', 'idle 1', 'act 2', 'idle 2']);
    await new Promise((resolve) => setImmediate(resolve));
    expect(told).to.have.length(5);
  });

  it('is followed by the next one although an idle turn failed', async () => {
    const failed: number[] = [];
    const done = Promise.withResolvers<number>();
    const views: Latest<number> = new Latest<number>(
      () => Promise.resolve(),
      (view) => {
        if (view === 2) done.resolve(view);
      },
      (_, view) => {
        failed.push(view);
        queueMicrotask(() => views.offer(2));
      },
      (view) => {
        if (view === 1) throw new Error('no');
        return undefined;
      },
    );
    views.offer(1);
    expect(await done.promise).to.equal(2);
    expect(failed).to.deep.equal([1]);
  });

  it('is not kept waiting by the rest after an idle turn', async () => {
    const done = Promise.withResolvers<number>();
    const views: Latest<number> = new Latest<number>(
      () => Promise.resolve(),
      (view) => {
        if (view === 2) done.resolve(view);
      },
      (error) => done.reject(error as Error),
      (view) => {
        if (view !== 1) return undefined;
        // Two turns later the rest of an hour has begun.
        setImmediate(() => setImmediate(() => views.offer(2)));
        return 3_600_000;
      },
    );
    views.offer(1);
    expect(await done.promise).to.equal(2);
  });
});
