/** Calls of the registry, with everything as long as it may be. */
import { registry } from '../../../pallets/registry/index.ts';
import { MAX_CID, MAX_LICENCE, MAX_PARENTS, MAX_TEXT, MAX_TITLE } from '../../../pallets/registry/types.ts';
import { Origin, type RuntimeCall } from '../../../pallets/support/index.ts';
import { account, call, testChain, type TestChain } from '../../../test/support/committee.ts';
import type { Prepared } from '../measure.ts';
import type { Scenario } from '../scenario.ts';

const digest = { tag: 'Sha256' as const, value: new Uint8Array(32).fill(7) };
const disclosure = {
  title: 'x'.repeat(MAX_TITLE),
  text: 'x'.repeat(MAX_TEXT),
  metadataCid: 'x'.repeat(MAX_CID),
};
const to = { tag: 'Id' as const, value: account('user') };
const id = 0n;

function byOwner(test: TestChain, what: RuntimeCall): Prepared {
  const { composition, ctx } = test.chain;
  return { composition, ctx, origin: Origin.signed(account('owner')), call: what };
}

/** A chain on which `owner` has data number 0, with or without a disclosure, and model number 0. */
function withData(told: boolean): TestChain {
  const test = testChain();
  call(
    test,
    'owner',
    registry.call.registerData({ digest, disclosure: told ? disclosure : undefined, optedOut: false }),
  );
  return test;
}

/** The same, and `count` models that may be parents. */
function withParents(count: number): {
  test: TestChain;
  parents: { tag: 'FinetunedFrom'; value: { model: bigint } }[];
} {
  const test = testChain();
  const parents = Array.from({ length: count }, (_, i) => {
    const fingerprint = account(`parent ${i}`);
    const model = { fingerprint, architecture: fingerprint, licence: 'MIT', parents: [] };
    call(test, 'owner', registry.call.registerModel(model));
    return { tag: 'FinetunedFrom' as const, value: { model: BigInt(i + 1) } };
  });
  return { test, parents };
}

export const registryScenarios: readonly Scenario[] = [
  {
    call: 'Registry.registerData',
    prepare: () => byOwner(testChain(), registry.call.registerData({ digest, disclosure, optedOut: true })),
  },
  { call: 'Registry.disclose', prepare: () => byOwner(withData(false), registry.call.disclose({ id, disclosure })) },
  {
    call: 'Registry.withdrawDisclosure',
    prepare: () => byOwner(withData(true), registry.call.withdrawDisclosure({ id })),
  },
  {
    call: 'Registry.setOptOut',
    prepare: () => byOwner(withData(true), registry.call.setOptOut({ id, optedOut: true })),
  },
  {
    call: 'Registry.transferData',
    prepare: () => byOwner(withData(true), registry.call.transferData({ id, to })),
  },
  {
    call: 'Registry.registerModel',
    size: { unit: 'parent', from: 0, to: MAX_PARENTS },
    prepare(count) {
      const { test, parents } = withParents(count);
      const fingerprint = account('child');
      const licence = 'x'.repeat(MAX_LICENCE);
      return byOwner(test, registry.call.registerModel({ fingerprint, architecture: fingerprint, licence, parents }));
    },
  },
  {
    call: 'Registry.transferModel',
    prepare: () => byOwner(testChain(), registry.call.transferModel({ id, to })),
  },
];
