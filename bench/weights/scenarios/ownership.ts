/** Calls of `Ownership` and `Parameters`: an asset with as many owners and delegates as it may have. */
import { ownership } from '../../../pallets/ownership/index.ts';
import { ALL_ROLES, MAX_DELEGATES, MAX_SHARES, type Offered } from '../../../pallets/ownership/types.ts';
import { parameters } from '../../../pallets/parameters/index.ts';
import { asset, newData } from '../../../test/support/registry.ts';
import type { Scenario } from '../scenario.ts';
import { Assets, OTHER, OWNER, to } from './assets.ts';

const data = asset('Data', 0n);
const delegate = (n: number) => ownership.call.setDelegate({ asset: data, delegate: to(n), roles: ALL_ROLES });
const share = (n: number) => ownership.call.giveShare({ asset: data, to: to(n), bps: 1 });

const handed = ownership.call.transfer({ asset: data, to: to(OTHER) });
const accepted = (what: Offered) => ownership.call.accept({ asset: data, from: to(OWNER), what });

function owned({ delegates, shares }: { delegates: number; shares: number }): Assets {
  const assets = new Assets().done(OWNER, newData('content'));
  for (let n = 0; n < delegates; n++) assets.done(OWNER, delegate(50 + n));
  for (let n = 1; n < shares; n++)
    assets.done(OWNER, share(100 + n)).done(100 + n, accepted({ tag: 'Share', value: 1 }));
  return assets;
}

export const ownershipScenarios: readonly Scenario[] = [
  { call: 'Ownership.transfer', prepare: () => owned({ delegates: 0, shares: MAX_SHARES }).by(OWNER, handed) },
  {
    call: 'Ownership.accept',
    prepare: () =>
      owned({ delegates: MAX_DELEGATES, shares: MAX_SHARES })
        .done(OWNER, handed)
        .by(OTHER, accepted({ tag: 'Title' })),
  },
  {
    call: 'Ownership.closeOffer',
    prepare: () =>
      owned({ delegates: 0, shares: MAX_SHARES })
        .done(OWNER, handed)
        .by(OWNER, ownership.call.closeOffer({ asset: data, from: to(OWNER), to: to(OTHER) })),
  },
  {
    call: 'Ownership.giveShare',
    prepare: () => owned({ delegates: 0, shares: MAX_SHARES }).by(OWNER, share(101)),
  },
  {
    call: 'Ownership.setDelegate',
    prepare: () => owned({ delegates: MAX_DELEGATES - 1, shares: 1 }).by(OWNER, delegate(200)),
  },
  {
    call: 'Parameters.setParameter',
    prepare: () =>
      new Assets().by(undefined, parameters.call.setParameter({ name: { tag: 'AttesterUnbonding' }, value: 100n })),
  },
];
