/** Calls of `Utility` and of the template pallet. */
import { buildLocalSpec, parseChainSpec } from '../../../chain-spec/index.ts';
import { template } from '../../../pallets/_template/index.ts';
import { balances } from '../../../pallets/balances/index.ts';
import { mockRuntime, Origin, type RuntimeCall } from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { dev, TestChain } from '../../../test/runtime/chain.ts';
import type { Prepared } from '../measure.ts';
import type { Scenario } from '../scenario.ts';

const spec = parseChainSpec(buildLocalSpec({ validators: 4 }));
const BATCHED = 100;

function batched(call: string): Scenario {
  return {
    call: `Utility.${call}`,
    size: { unit: 'call', from: 0, to: BATCHED },
    prepare(count) {
      const calls = Array.from({ length: count }, () => system.call.remark({ remark: new Uint8Array(0) }));
      return { ...open(), call: { tag: 'Utility', value: { tag: call, value: { calls } } } };
    },
  };
}

function open(): Omit<Prepared, 'call'> {
  const chain = new TestChain(spec);
  return {
    composition: chain.runtime.composition,
    ctx: chain.begin().ctx,
    origin: Origin.signed(dev('Alice').publicKey),
  };
}

const writer = new Uint8Array(32).fill(5);

/** The template pallet on a state in memory; its writer has a card already, or none. */
function withTemplate(call: RuntimeCall, before: readonly RuntimeCall[] = []): Prepared {
  const accounts = [[writer, 10_000_000n] as const];
  const chain = mockRuntime([system, balances, template], {
    system: { specName: 'weights', specVersion: 1 },
    balances: { accounts },
  });
  const origin = Origin.signed(writer);
  for (const each of before) {
    const outcome = chain.dispatch(origin, each);
    if (outcome !== 'ok') throw new Error(`${each.value.tag}: ${outcome}`);
  }
  return { composition: chain.composition, ctx: chain.ctx, origin, call };
}

const write = template.call.write({ text: new Uint8Array(256).fill(0x61) });

export const otherScenarios: readonly Scenario[] = [
  batched('batch'),
  batched('batchAll'),
  batched('forceBatch'),
  { call: 'Template.write', prepare: () => withTemplate(write) },
  { call: 'Template.tearUp', prepare: () => withTemplate(template.call.tearUp({}), [write]) },
];
