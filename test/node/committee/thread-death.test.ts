import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { LastingThread } from '../../../node/committee/lasting.ts';
import { CommitteeService } from '../../../node/committee/service.ts';
import { devKeys } from '../../../node/keys.ts';
import { compact, u32, vec } from '../../../primitives/scale/index.ts';
import { scratchFolder } from '../../support/scratch.ts';

interface Line {
  readonly code?: string;
  readonly duty?: string;
  readonly error?: string;
}

/** A log that can be waited for. */
class Ear {
  readonly lines: Line[] = [];
  #heard: () => void = () => undefined;
  readonly #hear = (facts: object): void => {
    this.lines.push(facts);
    this.#heard();
  };
  readonly log = { info: this.#hear, warn: this.#hear, error: this.#hear };

  async said(is: (line: Line) => boolean, times = 1): Promise<void> {
    while (this.lines.filter(is).length < times) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }
}

/** A chain that has come to `head`; its term is no term, and the thread says so of every view that it is told of. */
function hostAt(head: { number: number }) {
  const listeners = new Set<(event: { ref: { hash: string; number: number } }) => void>();
  return {
    finalized: () => ({ hash: '0x00', number: head.number }),
    hashByNumber: () => undefined,
    body: () => undefined,
    call: (_hash: string, method: string) =>
      method === 'TallyApi_live' ? vec(u32).codec.enc([]) : compact(u32).codec.enc(9),
    callsIn: () => {
      throw new Error('no extrinsics here');
    },
    submit: () => Promise.resolve(),
    on: (_event: string, listener: (event: never) => void) => {
      listeners.add(listener as never);
      return () => listeners.delete(listener as never);
    },
    finalize(number: number) {
      head.number = number;
      for (const listener of listeners) listener({ ref: { hash: '0x00', number } });
    },
  };
}

describe('node/committee: a thread that dies', function () {
  this.timeout(600_000);

  it('is started again and told where the chain stands', async () => {
    const folder = scratchFolder('thread-death');
    // In its first life it dies of the second view.
    const tamper = join(folder, 'mortal.mjs');
    writeFileSync(
      tamper,
      `import { existsSync, writeFileSync } from 'node:fs';
      import { parentPort } from 'node:worker_threads';
      const mark = new URL('lived', import.meta.url);
      if (!existsSync(mark)) {
        writeFileSync(mark, '');
        parentPort.on('message', ({ final }) => {
          if (final?.number === 2) throw new Error('killed by the test');
        });
      }`,
    );
    const ear = new Ear();
    const { committee } = await devKeys('//Alice');
    const host = hostAt({ number: 1 });
    const start = {
      genesis: new Uint8Array(32),
      folder,
      validator: { committee, vaultPath: join(folder, 'committee.vault'), takesUnnamed: false, tamper },
    };
    const service = new CommitteeService(host as never, start, ear.log);
    await service.start();
    try {
      const viewed = (number: number) => ear.said(({ duty }) => duty === `view/${number}`);
      await viewed(1);
      host.finalize(2);
      await ear.said(({ code, error }) => code === 'committee/thread-died' && error === 'killed by the test');
      await viewed(2);
      host.finalize(3);
      await viewed(3);
    } finally {
      await service.stop();
    }
    expect(ear.lines.filter(({ code }) => code === 'committee/thread-died')).to.have.length(1);
  });

  it('rests longer each time, and is let go when it is stopped', async () => {
    const pauses: number[] = [];
    let started = 0;
    const done = Promise.withResolvers<void>();
    const thread = new LastingThread({
      spawn: () => {
        started++;
        const code = `require('node:worker_threads').parentPort.postMessage({ kind: 'ready' }); setImmediate(() => process.exit(3));`;
        return new Worker(code, { eval: true });
      },
      onMessage: () => undefined,
      onReady: () => undefined,
      onDeath: (why, againMs) => {
        expect(why).to.equal('it ended with exit code 3');
        pauses.push(againMs);
        if (pauses.length === 4) done.resolve();
      },
      pauses: [10, 30_000],
    });
    await thread.start();
    await done.promise;
    await thread.stop();
    expect(pauses).to.deep.equal([10, 20, 40, 80]);
    expect(started).to.equal(4);
  });

  it('is started again although a thread could not even be made: the next try may', async () => {
    const deaths: string[] = [];
    let started = 0;
    const back = Promise.withResolvers<void>();
    const thread = new LastingThread({
      spawn: () => {
        started++;
        if (started === 2) throw new Error('no thread can be made');
        const ready = `require('node:worker_threads').parentPort.postMessage({ kind: 'ready' });`;
        return new Worker(
          started === 1 ? `${ready} setImmediate(() => process.exit(3));` : `${ready} setInterval(() => {}, 1000);`,
          {
            eval: true,
          },
        );
      },
      onMessage: () => undefined,
      onReady: () => {
        if (started === 3) back.resolve();
      },
      onDeath: (why) => deaths.push(why),
      pauses: [1, 1],
    });
    await thread.start();
    await back.promise;
    await thread.stop();
    expect(deaths).to.deep.equal(['it ended with exit code 3', 'no thread can be made']);
  });

  it('before it was ready is an error of the start', async () => {
    const thread = new LastingThread({
      spawn: () => new Worker(`throw new Error('no vault');`, { eval: true }),
      onMessage: () => undefined,
      onReady: () => undefined,
      onDeath: () => expect.fail('it was started again'),
      pauses: [1, 1],
    });
    const message = await thread.start().catch((error: Error) => error.message);
    expect(message).to.equal('no vault');
    await thread.stop();
  });
});
