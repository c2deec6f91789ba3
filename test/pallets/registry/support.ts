/** The registry on what it stands on, with accounts that have money, and what always holds checked after every call. */
import {
  balances,
  checkIssuance,
  freeOf,
  reservedOf,
  reservers,
  totalIssuance,
} from '../../../pallets/balances/index.ts';
import { licensing } from '../../../pallets/licensing/index.ts';
import { ownership, ROLE } from '../../../pallets/ownership/index.ts';
import { parameters } from '../../../pallets/parameters/index.ts';
import { registry } from '../../../pallets/registry/index.ts';
import {
  checkPallets,
  type MockRuntime,
  mockRuntime,
  type MultiAddress,
  Origin,
  type RuntimeCall,
  remembered,
} from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import type { Parent } from '../../support/registry.ts';

export const who = (n: number): Uint8Array => new Uint8Array(32).fill(n);
export const to = (n: number): MultiAddress => ({ tag: 'Id', value: who(n) });
export const as = (n: number): Origin => Origin.signed(who(n));
export const [ALICE, BOB, CAROL, DAVE, POOR] = [1, 2, 3, 4, 9] as [number, number, number, number, number];
export const MONEY = 10n ** 10n;
/** Has a deposit's worth and little more. */
export const LITTLE = 250_000n;

const pallets = [system, balances, parameters, ownership, licensing, registry];

export function fresh(): MockRuntime {
  return mockRuntime(
    pallets,
    {
      balances: {
        accounts: [...[ALICE, BOB, CAROL, DAVE].map((n) => [who(n), MONEY] as const), [who(POOR), LITTLE] as const],
      },
    },
    { invariants: [remembered(checkIssuance), checkPallets(pallets, { freeOf, reservedOf, reservers })] },
  );
}

/** A call that has to succeed. */
export function ok(chain: MockRuntime, n: number, call: RuntimeCall): void {
  const outcome = chain.dispatch(as(n), call);
  if (outcome !== 'ok') throw new Error(`${call.tag}.${call.value.tag} by ${n}: ${outcome}`);
}
export function root(chain: MockRuntime, call: RuntimeCall): void {
  const outcome = chain.dispatch(Origin.root, call);
  if (outcome !== 'ok') throw new Error(`${call.tag}.${call.value.tag}: ${outcome}`);
}

/** What a call burns in all. */
export function burnedBy(chain: MockRuntime, body: () => void): bigint {
  const before = totalIssuance(chain.ctx);
  body();
  return before - totalIssuance(chain.ctx);
}
export const reserved = (chain: MockRuntime, n: number): bigint => reservedOf(chain.ctx, who(n));
export const free = (chain: MockRuntime, n: number): bigint => freeOf(chain.ctx, who(n));

export const delegate = (asset: Parent['asset'], n: number, ...roles: (keyof typeof ROLE)[]): RuntimeCall =>
  ownership.call.setDelegate({
    asset,
    delegate: to(n),
    roles: roles.reduce((bits, role) => bits | ROLE[role], 0),
  });
