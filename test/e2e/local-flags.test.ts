/** The RPC flags of `tacit local` as its validators have them. */
import { expect } from 'chai';
import { TacitCommand } from '../support/command.ts';
import { scratchFolder } from '../support/scratch.ts';

const PORT = 22_900;

describe('tacit local with flags of the RPC server', function () {
  this.timeout(600_000);
  let command: TacitCommand | undefined;
  after(() => command?.stop());

  it('every validator listens where it was told, and lets in the page that was named', async function () {
    // Other systems give this address only to who asks for it.
    if (process.platform !== 'linux') this.skip();
    const flags = ['--rpc-host', '127.0.0.2', '--rpc-origins', 'https://page.example'];
    command = new TacitCommand(['local', '--data', scratchFolder('local-flags'), '--base-port', `${PORT}`, ...flags]);
    await command.says('they are up');
    const answerOf = async (port: number, origin: string): Promise<number> => {
      const headers = { 'content-type': 'application/json', origin };
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'system_chain', params: [] });
      return (await fetch(`http://127.0.0.2:${port}`, { method: 'POST', headers, body })).status;
    };
    for (let port = PORT; port < PORT + 4; port++) {
      expect(await answerOf(port, 'https://page.example'), `${port}`).to.equal(200);
      expect(await answerOf(port, 'https://other.example'), `${port}`).to.equal(403);
      const elsewhere = await fetch(`http://127.0.0.1:${port}/health`).then(
        () => 'answered',
        () => 'nobody there',
      );
      expect(elsewhere, `${port}`).to.equal('nobody there');
    }
    const { code, errors } = await command.end('SIGINT');
    expect(code, errors).to.equal(0);
    expect(errors).not.to.match(/^\s+at .+:\d+:\d+\)?$/m);
  });
});
