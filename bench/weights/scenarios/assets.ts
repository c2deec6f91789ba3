/** A chain with the pallets of assets, for the scenarios of their calls. */
import { balances } from '../../../pallets/balances/index.ts';
import { licensing } from '../../../pallets/licensing/index.ts';
import { ownership } from '../../../pallets/ownership/index.ts';
import { parameters } from '../../../pallets/parameters/index.ts';
import { registry } from '../../../pallets/registry/index.ts';
import {
  type MockRuntime,
  mockRuntime,
  type MultiAddress,
  Origin,
  type RuntimeCall,
} from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import type { Prepared } from '../measure.ts';

export const who = (n: number): Uint8Array => new Uint8Array(32).fill(n);
export const to = (n: number): MultiAddress => ({ tag: 'Id', value: who(n) });
/** The caller of every scenario, and somebody else. */
export const [OWNER, OTHER] = [1, 2] as [number, number];

export class Assets {
  readonly chain: MockRuntime = mockRuntime([system, balances, parameters, ownership, licensing, registry], {
    system: { specName: 'weights', specVersion: 1 },
    balances: { accounts: [OWNER, OTHER].map((n) => [who(n), 10n ** 15n] as const) },
  });

  /** A call that has to succeed; the chain’s own without an account. */
  done(n: number | undefined, call: RuntimeCall): this {
    const outcome = this.chain.dispatch(n === undefined ? Origin.root : Origin.signed(who(n)), call);
    if (outcome !== 'ok') throw new Error(`${call.tag}.${call.value.tag}: ${outcome}`);
    return this;
  }

  by(n: number | undefined, call: RuntimeCall): Prepared {
    const { composition, ctx } = this.chain;
    return { composition, ctx, origin: n === undefined ? Origin.root : Origin.signed(who(n)), call };
  }
}
