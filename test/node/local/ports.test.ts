import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect } from 'chai';
import { checkFree, freeBasePort, METRICS_OFFSET, P2P_OFFSET } from '../../../node/local/ports.ts';

describe('node/local: ports', () => {
  it('passes over a network of which one port is taken, whichever it is', async () => {
    const first = await freeBasePort(4);
    for (const offset of [0, P2P_OFFSET + 3, METRICS_OFFSET + 1]) {
      const server = createServer().listen(first + offset, '127.0.0.1');
      await once(server, 'listening');
      try {
        const other = await freeBasePort(4);
        expect(other).not.to.equal(first);
        for (const each of [0, P2P_OFFSET, METRICS_OFFSET]) await checkFree('127.0.0.1', other + each);
      } finally {
        server.close();
        await once(server, 'close');
      }
    }
  });
});
