import { randomBytes } from 'node:crypto';
import { lpStream } from '@libp2p/utils';
import { expect } from 'chai';
import type { HostStream } from '../../../node/network/host.ts';
import { within } from '../../../client/sdk/connect.ts';
import { MAX_REQUEST } from '../../../node/base/limits.ts';
import { identityIn, RawPeer, type Topic } from '../../support/raw-peer.ts';
import { errorsOf, expectFinality, type Scene } from './scene.ts';

const VICTIM = 3;
const TOPICS: readonly Topic[] = ['blocks', 'transactions', 'grandpa'];
/** More than any peer may send before it is shut out. */
const PATIENCE = 400;
/** For the news of the parting to arrive. */
const PARTING_MS = 10_000;
const LARGE = 1 << 19;

export function gossipDoor(scene: Scene): void {
  describe('gossip and streams', () => {
    let peer: RawPeer;
    let victim: string;

    beforeEach(async () => {
      const { ready } = scene.network().network.validator(VICTIM);
      const address = ready.addresses[0] as string;
      victim = identityIn(address);
      const { genesis } = await scene.network().chain(0);
      peer = await RawPeer.start(genesis);
      await peer.join(address);
    });

    afterEach(async () => {
      await peer.stop();
    });

    /** Goes on with `attack` until the victim has parted with us. */
    async function untilParted(attack: () => Promise<unknown>): Promise<void> {
      const parted = peer.partedFrom(victim);
      for (let round = 0; round < PATIENCE && peer.knows(victim); round++) {
        // An attack may wait for an answer that does not come any more.
        await Promise.race([attack().catch(() => undefined), parted]);
      }
      await within(
        parted,
        PARTING_MS,
        () => new Error(`the victim stands ${PATIENCE} attacks and does not part with us`),
      );
    }

    for (const topic of TOPICS) {
      it(`random bytes on the topic ${topic}: the peer is shut out`, async () => {
        await untilParted(() => peer.publish(topic, new Uint8Array(randomBytes(200))));
      });
    }

    it('megabytes on every topic: nobody passes them on', async () => {
      const { ready } = scene.network().network.validator(0);
      await using other = await RawPeer.start((await scene.network().chain(0)).genesis);
      await other.join(ready.addresses[0] as string);
      let passedOn = 0;
      for (const topic of TOPICS) {
        other.onMessage(topic, (data) => {
          if (data.length >= LARGE) passedOn++;
        });
        for (const length of [LARGE, LARGE, 2 * LARGE, 6 * LARGE]) {
          await peer.publish(topic, new Uint8Array(randomBytes(length))).catch(() => undefined);
        }
      }
      await expectFinality(scene, 2);
      expect(passedOn).to.equal(0);
    });

    it('votes sent again and again, as they were heard: nobody minds', async () => {
      const heard: Uint8Array[] = [];
      const enough = new Promise<void>((resolve) => {
        peer.onMessage('grandpa', (data) => {
          if (heard.push(data) >= 40) resolve();
        });
      });
      await enough;
      for (const data of heard) await peer.publish('grandpa', data).catch(() => undefined);
      await expectFinality(scene);
      expect(peer.knows(victim)).to.equal(true);
    });

    for (const protocol of ['sync', 'grandpa'] as const) {
      it(`requests of random bytes by ${protocol}: refused, and the peer is shut out`, async () => {
        await untilParted(async () => {
          const frames = lpStream(await peer.stream(victim, protocol));
          await frames.write(new Uint8Array(randomBytes(40)));
          const head = (await frames.read()).subarray();
          // 2: a bad request.
          expect(head[0]).to.equal(2);
        });
      });

      it(`requests above the limit by ${protocol}: not read, and the peer is shut out`, async () => {
        await untilParted(async () => {
          const frames = lpStream(await peer.stream(victim, protocol));
          await frames.write(new Uint8Array(4 * MAX_REQUEST));
          await frames.read();
        });
      });
    }

    it('streams that break off, never say anything, or promise gigabytes: harm nobody', async () => {
      const open: HostStream[] = [];
      for (let at = 0; at < 24; at++) {
        const stream = await peer.stream(victim, at % 2 === 0 ? 'sync' : 'grandpa').catch(() => undefined);
        if (stream === undefined) break;
        open.push(stream);
        // Half a frame; the length of four gigabytes; nothing.
        if (at % 3 === 0) stream.send(new Uint8Array([0x85, 0x01, 1, 2]));
        if (at % 3 === 1) stream.send(new Uint8Array([0xff, 0xff, 0xff, 0xff, 0x0f]));
      }
      expect(open.length).to.be.greaterThan(0);
      await expectFinality(scene);
      for (const stream of open) stream.abort(new Error('enough'));
    });

    it('after all that no validator has logged an error, has lost a peer, or has stopped', async () => {
      await expectFinality(scene, 3);
      for (const index of [0, 1, 2, 3]) expect(errorsOf(scene, index)).to.deep.equal([]);
      const { api } = await scene.network().chain(VICTIM);
      expect((await api.rpc.system.health()).peers.toNumber()).to.be.at.least(3);
    });
  });
}
