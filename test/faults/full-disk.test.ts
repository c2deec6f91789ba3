/** A validator whose disk fills up: it ends and says why, and goes on from what it acknowledged when there is room. */
import { expect } from 'chai';
import { cannotMount, SmallDisk } from '../support/small-disk.ts';
import { TacitCommand } from '../support/command.ts';

const PORTS = { rpc: 22_310, p2p: 22_311 };
const URL = `http://127.0.0.1:${PORTS.rpc}`;

async function ask(method: string, params: unknown[] = []): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const answer = await fetch(URL, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return ((await answer.json()) as { result: unknown }).result;
}
const start = (directory: string): TacitCommand =>
  new TacitCommand(
    `node --chain dev --dev-key //Alice --data ${directory} --rpc-port ${PORTS.rpc} --p2p-host 127.0.0.1 --p2p-port ${PORTS.p2p}`.split(
      ' ',
    ),
  );

describe('faults: a full disk', () => {
  it('ends the node with the reason and the remedy; with room again it goes on from there', async function () {
    this.timeout(600_000);
    const disk = SmallDisk.mount(4 << 20);
    if (!disk) {
      cannotMount(this.test!.title);
      this.skip();
    }
    let node = start(disk.path);
    try {
      await node.warns('"finalized"');
      disk.fill(20_000);
      // The last finality that anybody was told of.
      let final: { hash: string; number: number } | undefined;
      const watch = (async () => {
        for (;;) {
          const hash = (await ask('chain_getFinalizedHead')) as string;
          const header = (await ask('chain_getHeader', [hash])) as { number: string };
          final = { hash, number: Number(header.number) };
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      })().catch(() => undefined);
      const { code, errors } = await node.ended;
      await watch;
      expect(code).to.equal(1);
      const last = errors.trimEnd().split('\n').at(-1);
      expect(last).to.match(/^error: the database in .* takes no more .*make room on its disk.*\(db\/write-failed\)$/);
      expect(final?.number).to.be.greaterThan(0);

      disk.makeRoom();
      node = start(disk.path);
      await node.warns('node up');
      expect(await ask('chain_getBlockHash', [final!.number])).to.equal(final!.hash);
      await node.warns('"finalized"');
      const ended = await node.end('SIGTERM');
      expect(ended.code).to.equal(0);
      expect(ended.errors).not.to.match(/equivocation|lost-votes|damaged/);
    } finally {
      await node.stop();
      disk.unmount();
    }
  });
});
