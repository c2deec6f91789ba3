/** Unmodified PAPI whose connection is cut: it misses no block and no transaction. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { Keyring } from '@polkadot/keyring';
import { cryptoWaitReady } from '@polkadot/util-crypto';
import { expect } from 'chai';
import { createClient, Enum, type PolkadotClient } from 'polkadot-api';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { getWsProvider } from 'polkadot-api/ws';
import { WebSocket } from 'ws';
import { type DevNode, startDevNode } from './dev-node.ts';

/** Stands between a client and a node, and cuts what goes through it. */
class Cable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(port: number) {
    this.#server = createServer((near) => {
      if (this.#isCut) {
        near.destroy();
        return;
      }
      const far = connect(port, '127.0.0.1');
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          this.#sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
  }

  static async to(port: number): Promise<Cable> {
    const cable = new Cable(port);
    cable.#server.listen(0, '127.0.0.1');
    await once(cable.#server, 'listening');
    return cable;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  close(): void {
    this.cut();
    this.#server.close();
  }
}

describe('clients: PAPI with a cut connection', function () {
  this.timeout(600_000);
  const websocketClass = WebSocket as unknown as typeof globalThis.WebSocket;
  let node: DevNode;
  let cable: Cable;
  let client: PolkadotClient;
  /** Sees what goes on while the cable is cut. */
  let witness: PolkadotClient;
  before(async () => {
    node = await startDevNode();
    cable = await Cable.to(node.ready.rpcPort);
    await cryptoWaitReady();
    client = createClient(getWsProvider(cable.url, { websocketClass }));
    witness = createClient(getWsProvider(node.ws, { websocketClass }));
  });
  after(async () => {
    client?.destroy();
    witness?.destroy();
    cable?.close();
    await node?.stop();
  });
  /** The next finalized block at or above a height. */
  const finalized = (of: PolkadotClient, height: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const watching = of.finalizedBlock$.subscribe({
        next: ({ number }) => {
          if (number < height) return;
          queueMicrotask(() => watching.unsubscribe());
          resolve(number);
        },
        error: reject,
      });
    });

  it('loses no finalized block over a cut of eight blocks, and learns what became of its transaction', async () => {
    const seen: number[] = [];
    const watching = client.finalizedBlock$.subscribe(({ number }) => seen.push(number));
    const begun = await finalized(client, 2);
    const bob = new Keyring({ type: 'sr25519', ss58Format: 42 }).addFromUri('//Bob');
    const signer = getPolkadotSigner(bob.publicKey, 'Sr25519', (payload) => bob.sign(payload));
    const transfer = client.getUnsafeApi().tx.Balances!.transfer_keep_alive!({
      dest: Enum('Id', bob.address),
      value: 1_000n,
    });
    let tellCut: () => void = () => undefined;
    const isCut = new Promise<void>((resolve) => {
      tellCut = resolve;
    });
    const outcome = new Promise<string>((resolve, reject) => {
      transfer.signSubmitAndWatch(signer).subscribe({
        next: (event) => {
          // It is in the best block: from here on the client sees nothing until the cable is mended.
          if (event.type === 'txBestBlocksState' && event.found) {
            cable.cut();
            tellCut();
          }
          if (event.type === 'finalized') resolve(event.block.hash);
        },
        error: reject,
      });
    });
    await isCut;
    const after = (await finalized(witness, begun + 1)) + 8;
    await finalized(witness, after);
    cable.mend();
    await finalized(client, after + 1);
    expect(await outcome).to.match(/^0x[0-9a-f]{64}$/);
    watching.unsubscribe();
    const [first] = seen;
    expect(seen).to.deep.equal(seen.map((_, i) => first! + i));
    expect(seen.at(-1)).to.be.at.least(after);
  });
});
