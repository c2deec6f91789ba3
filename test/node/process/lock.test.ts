import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { type LockSystem, takeLock, whoHolds } from '../../../node/process/lock.ts';
import { takeFile } from '../../../node/process/lock-file.ts';
import type { Holder } from '../../../node/process/lock-holder.ts';
import { takeSocket } from '../../../node/process/lock-socket.ts';
import { scratchFolder } from '../../support/scratch.ts';

const LOCKS = ['lock', 'lock-file'].map((name) =>
  fileURLToPath(new URL(`../../../node/process/${name}.ts`, import.meta.url)),
);

/** The systems that can be tried here, as code: other processes take them too. */
const folder = scratchFolder('locks');
const SYSTEMS = {
  'this system’s': { take: undefined, code: 'undefined' },
  'in a folder': {
    take: ((id, what) => takeFile(folder, id, what)) satisfies LockSystem,
    code: `(id, what) => takeFile(${JSON.stringify(folder)}, id, what)`,
  },
};

interface Other {
  readonly pid: number;
  /** Tells it to go on; it answers with what it found. */
  take(): Promise<string>;
  kill(): Promise<void>;
}

/** Another process, which takes the lock when it is told to, says so, and waits until it is killed. */
async function other(name: string, system: string): Promise<Other> {
  const code = `
    const { takeLock } = await import(${JSON.stringify(LOCKS[0])});
    const { takeFile } = await import(${JSON.stringify(LOCKS[1])});
    setInterval(() => undefined, 1000);
    process.stdin.once('data', async () => {
      const taken = await takeLock('test', ${JSON.stringify(name)}, 'the other', ${system});
      console.log('release' in taken ? 'has it' : 'has it not');
    });
    console.log('up');`;
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const said = async (): Promise<string> => String((await once(child.stdout!, 'data'))[0]).trim();
  expect(await said()).to.equal('up');
  return {
    pid: child.pid ?? 0,
    take() {
      const answer = said();
      child.stdin!.write('go\n');
      return answer;
    },
    async kill() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** Takes and releases. */
async function isFree(name: string, take: LockSystem | undefined): Promise<boolean> {
  const taken = await takeLock('test', name, 'this test', take);
  if ('release' in taken) await taken.release();
  return 'release' in taken;
}

async function holderOf(taking: ReturnType<typeof takeLock>): Promise<Holder> {
  const taken = await taking;
  if ('release' in taken) throw new Error('it was free');
  return taken.heldBy;
}

describe('node/process: locks between processes', function () {
  this.timeout(600_000);

  for (const [system, { take, code }] of Object.entries(SYSTEMS)) {
    describe(system, () => {
      it('are held once, and whoever wants one that is held learns by whom', async () => {
        const name = randomUUID();
        const first = await takeLock('test', name, 'this test', take);
        expect(first).to.have.property('release');
        const holder = await holderOf(takeLock('test', name, 'again', take));
        expect(holder).to.deep.equal({ pid: process.pid, what: 'this test', isStranger: false });
        expect(await isFree(`${name}x`, take), 'another name').to.equal(true);
        if ('release' in first) await first.release();
        expect(await isFree(name, take)).to.equal(true);
      });

      it('end with the process that holds them, even if it is killed', async () => {
        const name = randomUUID();
        const holder = await other(name, code);
        expect(await holder.take()).to.equal('has it');
        expect(await holderOf(takeLock('test', name, 'this', take))).to.deep.equal({
          pid: holder.pid,
          what: 'the other',
          isStranger: false,
        });
        await holder.kill();
        expect(await isFree(name, take)).to.equal(true);
      });

      it('left over by a process that was killed are taken by one of those who find them, never by two', async () => {
        const name = randomUUID();
        const dead = await other(name, code);
        expect(await dead.take()).to.equal('has it');
        for (let round = 0, last = dead; round < 3; round++) {
          const racers = await Promise.all([1, 2, 3].map(() => other(name, code)));
          await last.kill();
          const answers = await Promise.all(racers.map((racer) => racer.take()));
          expect(answers.filter((answer) => answer === 'has it')).to.have.length(1);
          const winner = racers[answers.indexOf('has it')]!;
          await Promise.all(racers.filter((racer) => racer !== winner).map((racer) => racer.kill()));
          last = winner;
          if (round === 2) await winner.kill();
        }
      });
    });
  }

  it('in a folder: not where other users may write', async () => {
    const open = mkdtempSync(join(folder, 'open-'));
    chmodSync(open, 0o777);
    const code = await takeFile(open, 'tacit-test', '').catch((error: { code: string }) => error.code);
    expect(code).to.equal('process/no-locks');
    writeFileSync(join(folder, 'file'), '');
    const none = await takeFile(join(folder, 'file'), 'tacit-test', '').catch((error: { code: string }) => error.code);
    expect(none).to.equal('process/no-locks');
  });

  describe('whose holder is hostile', () => {
    let server: Server | undefined;
    let path: string;
    beforeEach(function () {
      if (process.platform !== 'linux') this.skip();
      path = `\0tacit-hostile-${randomUUID()}`;
    });
    afterEach(() => server?.close());
    /** Somebody who holds a lock and answers as it likes. */
    async function hostile(answer: (socket: Socket) => void): Promise<Holder> {
      server = createServer((socket) => {
        socket.on('error', () => undefined);
        answer(socket);
      }).listen(path);
      await once(server, 'listening');
      return holderOf(takeSocket(path, 'this test'));
    }

    it('is listened to for seconds, however slowly it goes on', async () => {
      const began = performance.now();
      const holder = await hostile((socket) => {
        const drip = setInterval(() => socket.write(' '), 100);
        socket.once('close', () => clearInterval(drip));
      });
      expect(holder).to.deep.equal({ pid: undefined, what: undefined, isStranger: false });
      expect(performance.now() - began).to.be.lessThan(10_000);
    });

    it('is not listened to at length', async () => {
      let written = 0;
      const holder = await hostile((socket) => {
        const flood = (): void => {
          while (!socket.destroyed && socket.write(Buffer.alloc(1 << 16, ' '))) written += 1 << 16;
        };
        socket.on('drain', flood);
        flood();
      });
      expect(holder.pid).to.equal(undefined);
      expect(written).to.be.lessThan(64 << 20);
    });

    it('cannot move a cursor or fill the screen', async () => {
      const what = `/data\u001b[2J\u009b1A\r\n\u202e\u2028${'x'.repeat(4000)}`;
      const holder = await hostile((socket) => socket.end(JSON.stringify({ pid: 7, what })));
      expect(holder.what).to.equal(`/data?[2J?1A????${'x'.repeat(184)}…`);
      const said = whoHolds(holder);
      expect(said).to.match(/^process 7, on \/data/);
      expect(said.length).to.be.lessThan(300);
    });

    it('is named as a stranger if it is another user’s process', async function () {
      if (process.getuid?.() !== 0) this.skip();
      const code = `require('node:net').createServer((s) => s.end('{"pid":1,"what":"/x"}')).listen(${JSON.stringify(path)}, () => console.log('up'))`;
      const child = spawn(process.execPath, ['-e', code], {
        stdio: ['ignore', 'pipe', 'inherit'],
        uid: 65_534,
        cwd: '/',
      });
      try {
        await once(child.stdout, 'data');
        const holder = await holderOf(takeSocket(path, 'this test'));
        expect(holder.isStranger).to.equal(true);
        expect(whoHolds(holder)).to.equal('a process of another user or container (it says: process 1, on /x)');
      } finally {
        child.kill('SIGKILL');
      }
    });
  });
});
