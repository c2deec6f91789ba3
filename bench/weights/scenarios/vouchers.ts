/** Calls of `Vouchers`, each in its worst case. */
import { type RuntimeCall } from '../../../pallets/support/index.ts';
import { account, by, call, Scene, volume } from '../../../test/pallets/vouchers/support.ts';
import type { Prepared } from '../measure.ts';
import type { Scenario } from '../scenario.ts';

const steps = Array.from({ length: 8 }, (_, i) => [BigInt(i * 10), 1_000n] as [bigint, bigint]);

/** A channel that has paid before; and the call, by one of its people. */
function onChannel(name: string, what: (scene: Scene, channel: bigint, grant: bigint) => RuntimeCall): Prepared {
  const scene = new Scene();
  const grant = scene.grant({ ...volume(...steps), uses: 10_000n });
  const channel = scene.channel(grant, 1_000_000n);
  scene.ok('gateway', scene.voucher(channel, 1n, 1_000n));
  const { composition, ctx } = scene.chain;
  return { composition, ctx, origin: by(name), call: what(scene, channel, grant) };
}

export const vouchersScenarios: readonly Scenario[] = [
  {
    call: 'Vouchers.open',
    prepare: () =>
      onChannel('user', (_, __, grant) =>
        call.open({ grant, gateway: account('gateway'), signer: undefined, deposit: 1_000n, until: 10_000 }),
      ),
  },
  {
    call: 'Vouchers.topUp',
    prepare: () => onChannel('user', (_, channel) => call.topUp({ channel, added: 1_000n, until: 20_000 })),
  },
  {
    call: 'Vouchers.settle',
    prepare: () => onChannel('gateway', (scene, channel) => scene.voucher(channel, 75n, 10n ** 9n)),
  },
  { call: 'Vouchers.close', prepare: () => onChannel('user', (_, channel) => call.close({ channel })) },
  { call: 'Vouchers.end', prepare: () => onChannel('gateway', (_, channel) => call.end({ channel })) },
];
