import { expect } from 'chai';
import { Filling, type FillingParts } from '../../../node/authoring/filling.ts';
import type { HexHash } from '../../../node/base/types.ts';
import { MAX_BLOCK_LENGTH } from '../../../pallets/system/limits.ts';
import { Emitter } from '../../../node/base/emitter.ts';

type Outcome = ReturnType<FillingParts['run']['apply']>;
type Arrival = Parameters<Parameters<FillingParts['pool']['on']>[1]>[0];

const FUTURE: Outcome = { invalid: { tag: 'Future' } };
const STALE: Outcome = { invalid: { tag: 'Stale' } };

/** A pool and a run of which a test says what becomes of each transaction, by its first byte; time passes only when it says so. */
class Scene {
  readonly body: Uint8Array[] = [];
  readonly applied: number[] = [];
  readonly rejected: string[] = [];
  readonly pooled = new Map<HexHash, Uint8Array>();
  time = 0;
  outcomeOf: (byte: number) => Outcome = () => 'ok';
  awaits: () => boolean = () => false;
  readonly #events = new Emitter<{ transaction: Arrival }>((error) => {
    throw error;
  });

  /** A transaction arrives in the pool. */
  arrive(byte: number, length = 1): void {
    const bytes = new Uint8Array(length).fill(byte);
    const hash = `0x${byte}` as HexHash;
    this.pooled.set(hash, bytes);
    this.#events.emit('transaction', { hash, bytes, propagate: true } as Arrival);
  }

  /** The numbers of the transactions that the block holds in the end. */
  async fill(): Promise<number[]> {
    const ready = (): unknown => [...this.pooled].map(([hash, bytes]) => ({ hash, bytes })).values();
    const pool = {
      ready,
      transaction: (hash: HexHash) => this.pooled.get(hash),
      reject: (hash: HexHash, code: string) => {
        this.rejected.push(`${hash} ${code}`);
        this.pooled.delete(hash);
      },
      on: (name: 'transaction', listener: (arrival: Arrival) => void) => this.#events.on(name, listener),
    } as FillingParts['pool'];
    const apply = (bytes: Uint8Array): Outcome => {
      this.applied.push(bytes[0]!);
      return this.outcomeOf(bytes[0]!);
    };
    const parts = { pool, run: { apply }, body: this.body, now: () => this.time, deadline: 60_000 };
    await new Filling({ ...parts, awaits: () => this.awaits() }).fill();
    return this.body.map((bytes) => bytes[0]!);
  }
}

describe('node/authoring: filling a block', () => {
  it('takes what is ready, and waits for nothing of its own accord', async () => {
    const scene = new Scene();
    for (const byte of [1, 2, 3]) scene.arrive(byte);
    expect(await scene.fill()).to.deep.equal([1, 2, 3]);
  });

  it('is kept open for what is awaited, and closed as soon as it is there', async () => {
    const scene = new Scene();
    scene.arrive(1);
    scene.awaits = () => {
      const [next] = [2, 3].filter((byte) => !scene.applied.includes(byte));
      if (next !== undefined) setImmediate(() => scene.arrive(next));
      return next !== undefined;
    };
    expect(await scene.fill()).to.deep.equal([1, 2, 3]);
    expect(scene.applied).to.deep.equal([1, 2, 3]);
  });

  it('takes what arrives between two looks at the pool', async () => {
    const scene = new Scene();
    scene.arrive(1);
    // No event comes after the block has begun to wait.
    scene.outcomeOf = (byte) => {
      if (byte === 1) scene.arrive(2);
      return 'ok';
    };
    scene.awaits = () => !scene.applied.includes(2);
    expect(await scene.fill()).to.deep.equal([1, 2]);
  });

  it('is closed in time, whatever may still come', async () => {
    const scene = new Scene();
    scene.arrive(1);
    scene.awaits = () => {
      setImmediate(() => {
        scene.time = 60_000;
        scene.arrive(2);
      });
      return true;
    };
    expect(await scene.fill()).to.deep.equal([1]);
  });

  it('tries again what came before its time, and nothing else', async () => {
    const scene = new Scene();
    for (const byte of [1, 2, 3]) scene.arrive(byte);
    scene.outcomeOf = (byte) => {
      if (byte === 1) return scene.applied.includes(4) ? 'ok' : FUTURE;
      return byte === 2 ? STALE : byte === 3 ? 'exhausted' : 'ok';
    };
    let asked = 0;
    scene.awaits = () => {
      if (asked++ === 0) setImmediate(() => scene.arrive(4));
      else if (asked === 2) setImmediate(() => scene.arrive(5));
      return asked < 3;
    };
    expect(await scene.fill()).to.deep.equal([4, 1, 5]);
    expect(scene.applied).to.deep.equal([1, 2, 3, 1, 4, 1, 5]);
    expect(scene.rejected).to.deep.equal(['0x2 Stale']);
    expect(scene.pooled.has('0x3')).to.equal(true);
  });

  it('counts as full after as many as do not fit, though more is awaited', async () => {
    const scene = new Scene();
    for (let byte = 0; byte < 40; byte++) scene.arrive(byte, byte === 0 ? MAX_BLOCK_LENGTH : 1);
    scene.awaits = () => true;
    expect(await scene.fill()).to.deep.equal([0]);
    // None that would pass the length has been applied.
    expect(scene.applied).to.deep.equal([0]);
  });
});
