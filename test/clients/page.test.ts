/** Pages in a browser against a real node: those of polkadot.js.org, an extension that was named, and one that nobody knows. */
import { once } from 'node:events';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { type DevNode, startDevNode } from './dev-node.ts';

describe('clients: pages', function () {
  this.timeout(600_000);
  let node: DevNode;
  before(async () => {
    node = await startDevNode(['--rpc-origins', 'subwallet']);
  });
  after(() => node?.stop());

  async function ask(
    origin: string | undefined,
    method: string,
  ): Promise<{ result?: unknown; error?: { code: number } }> {
    const socket = new WebSocket(node.ws, origin === undefined ? {} : { headers: { origin } });
    await once(socket, 'open');
    const answer = once(socket, 'message');
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: [] }));
    const reply = JSON.parse(String((await answer)[0])) as { result?: unknown; error?: { code: number } };
    socket.close();
    return reply;
  }

  for (const origin of ['https://polkadot.js.org', 'chrome-extension://onhogfjeacnfoofkfgppdlbmlmnplgbn']) {
    it(`${origin}: is served, and touches no keys`, async () => {
      expect((await ask(origin, 'system_chain')).result).to.equal('Tacit Development');
      expect((await ask(origin, 'author_rotateKeys')).error?.code).to.equal(-32601);
    });
  }

  it('a program of this machine makes keys', async () => {
    expect((await ask(undefined, 'author_rotateKeys')).result).to.match(/^0x[0-9a-f]{192}$/);
  });

  it('an unknown page is refused, and the log says once what to do', async () => {
    for (let i = 0; i < 3; i++) {
      const socket = new WebSocket(node.ws, { headers: { origin: 'https://wallet.example' } });
      const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
      expect(response.statusCode).to.equal(403);
    }
    // Written before the refusal, but by another process: it may still be on its way.
    while (!node.log().includes('wallet.example')) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(node.log().split('--rpc-origins https://wallet.example')).to.have.length(2);
  });

  it('a monitor learns how the node is', async () => {
    const health = (await (await fetch(`${node.http}/health`)).json()) as { shouldHavePeers: boolean };
    expect(health.shouldHavePeers).to.equal(false);
    expect((await fetch(`${node.http}/health/readiness`)).status).to.equal(200);
  });
});
