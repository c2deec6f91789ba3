/** Assets of Alice on the pallets that they stand on. */
import { type Asset, ownership } from '../../../pallets/ownership/index.ts';
import type { MockRuntime, RuntimeCall } from '../../../pallets/support/index.ts';
import { asset, newData } from '../../support/registry.ts';
import { acceptShare, acceptTitle } from '../../support/ownership.ts';
import { ALICE, fresh, ok, to, who } from '../registry/support.ts';

export {
  ALICE,
  as,
  BOB,
  burnedBy,
  CAROL,
  DAVE,
  free,
  fresh,
  MONEY,
  ok,
  POOR,
  reserved,
  to,
  who,
} from '../registry/support.ts';

export const DATA = asset('Data', 0n);
export function withData(): MockRuntime {
  const chain = fresh();
  ok(chain, ALICE, newData('content'));
  return chain;
}

export const transfer = (n: number, which: Asset = DATA): RuntimeCall =>
  ownership.call.transfer({ asset: which, to: to(n) });
export const give = (n: number, bps: number, which: Asset = DATA): RuntimeCall =>
  ownership.call.giveShare({ asset: which, to: to(n), bps });
export const take = (from: number, which: Asset = DATA): RuntimeCall => acceptTitle(which, who(from));
export const takeShare = (from: number, bps: number, which: Asset = DATA): RuntimeCall =>
  acceptShare(which, who(from), bps);
/** The owner hands an asset over to somebody who takes it. */
export function hand(chain: MockRuntime, from: number, receiver: number): void {
  ok(chain, from, transfer(receiver));
  ok(chain, receiver, take(from));
}
/** A part is given to somebody who takes it. */
export function share(chain: MockRuntime, from: number, receiver: number, bps: number): void {
  ok(chain, from, give(receiver, bps));
  ok(chain, receiver, takeShare(from, bps));
}
export const delegate = (n: number, roles: number, which: Asset = DATA): RuntimeCall =>
  ownership.call.setDelegate({ asset: which, delegate: to(n), roles });
/** Parts as pairs of an account’s number and basis points. */
export const partsOf = (shares: readonly { account: Uint8Array; bps: number }[]): [number, number][] =>
  shares.map(({ account, bps }) => [account[0] ?? 0, bps]);
