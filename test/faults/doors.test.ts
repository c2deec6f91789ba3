import { MiniWorld } from '../support/mini-round.ts';
import { TestNetwork } from '../support/test-network.ts';
import { extrinsicDoor } from './doors/extrinsics.ts';
import { folderDoor } from './doors/folder.ts';
import { gossipDoor } from './doors/gossip.ts';
import { rpcDoor } from './doors/rpc.ts';

/** One network for all doors: what one of them lets in, the next ones would feel. */
describe('garbage, oversized, truncated and replayed bytes at the doors of a running network', function () {
  this.timeout(600_000);

  let network: TestNetwork;
  let world: MiniWorld;
  const scene = { network: () => network, world: () => world };

  before(async () => {
    network = await TestNetwork.start({ basePort: 22_600 });
    world = await MiniWorld.prepare(await network.chain(0), { seed: 'doors' });
  });

  after(async () => {
    await network?.stop();
  });

  rpcDoor(scene);
  gossipDoor(scene);
  extrinsicDoor(scene);
  folderDoor(scene);
});
