import type { MiniWorld } from '../../support/mini-round.ts';
import { finalHead, type TestNetwork, untilFinal } from '../../support/test-network.ts';

/** What is attacked; there once the suite has begun. */
export interface Scene {
  readonly network: () => TestNetwork;
  readonly world: () => MiniWorld;
}

/** More blocks become final, and all validators agree on them. */
export async function expectFinality({ network }: Scene, blocks = 1): Promise<void> {
  const chain = await network().chain(0);
  await untilFinal(chain, (await finalHead(chain)).number + blocks);
  const goal = await finalHead(chain);
  await Promise.all([0, 1, 2, 3].map((index) => network().expectSame(index, goal)));
}

/** What a validator has logged as an error: nothing from outside may cause one. */
export function errorsOf({ network }: Scene, index: number): object[] {
  return network()
    .log(index)
    .filter(({ level = 0 }) => level >= 50);
}
