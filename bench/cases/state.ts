/** What lies in the state: bytes of each thing that calls put there, and how long a lookup takes among few and among many. */
import { join } from 'node:path';
import { openLevel } from '../../node/db/index.ts';
import { type AnyPallet, type Context, fromLatin1, storagePrefix } from '../../pallets/support/index.ts';
import { StorageItem } from '../../pallets/support/storage.ts';
import { system } from '../../pallets/system/index.ts';
import { emptyAccount } from '../../pallets/system/types.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { fromHex } from '../../primitives/crypto/hex.ts';
import { u64 } from '../../primitives/scale/index.ts';
import { type Change, type NodeStore, Trie } from '../../primitives/trie/index.ts';
import { runtime } from '../../runtime/index.ts';
import { beginRound, contribute, phaseOf, TestCommittee, testChain } from '../../test/support/committee.ts';
import { type BenchCase, type Sample, timed } from '../harness.ts';
import { withFolder } from '../support/process.ts';
import { scenarios } from '../weights/scenarios/index.ts';

/** What is counted, by the call that puts it there, as its scenario of the weights has it: with everything as long as it may be. */
const THINGS: readonly (readonly [thing: string, call: string])[] = [
  ['data', 'Registry.registerData'],
  ['model', 'Registry.registerModel'],
  ['version', 'Registry.releaseVersion'],
  ['delegate', 'Ownership.setDelegate'],
  ['licence', 'Licensing.storeTerms'],
  ['offer', 'Licensing.offer'],
  ['grant', 'Licensing.buy'],
  ['evaluation', 'Curation.evaluate'],
  ['rating', 'Curation.rate'],
  ['dispute', 'Disputes.report'],
  ['proposal', 'Governance.propose'],
  ['operation of a multisig', 'Multisig.approveAsMulti'],
  ['proxy', 'Proxy.addProxy'],
  ['announcement', 'Proxy.announce'],
];

/** Written in every block, or kept for a fixed number of them, or paid for by an account's own existence. */
const NOT_COUNTED = storagePrefix('System', '').slice(0, 16);

/** Bytes of keys and values that come with `body`: what it takes away elsewhere is not the thing's. */
function bytesOf({ storage }: Context, body: () => void): number {
  const sizes = (): Map<string, number> =>
    new Map(
      [...storage.entries('')]
        .filter(([key]) => !key.startsWith(NOT_COUNTED))
        .map(([key, value]) => [key, key.length + value.length]),
    );
  const before = sizes();
  body();
  let more = 0;
  for (const [key, size] of sizes()) more += Math.max(0, size - (before.get(key) ?? 0));
  return more;
}

function bytesOfCall(call: string): number {
  const scenario = scenarios.find((each) => each.call === call);
  if (scenario === undefined) throw new Error(`${call} has no scenario`);
  const { composition, ctx, origin, call: made } = scenario.prepare(scenario.size?.to ?? 0);
  return bytesOf(ctx, () => {
    const error = composition.dispatch(ctx, origin, made);
    if (error !== undefined) throw new Error(`${call}: ${composition.errorName(error)}`);
  });
}

/** What a contributor of a round with two parts puts into the state: an item and its submissions. */
function bytesOfItem(): number {
  const test = testChain({ accounts: ['anna'] });
  const members = new TestCommittee(test);
  members.runToActive();
  const { id } = beginRound(test);
  members.runUntil(() => phaseOf(test, id) === 'Open');
  return bytesOf(test.chain.ctx, () => contribute(members, id, 'anna'));
}

const sized = (thing: string, count: () => number): BenchCase => ({
  name: `bytes-${thing.replaceAll(' ', '-')}`,
  title: `bytes of state, keys included: ${thing}, as large as it may be`,
  unit: 'bytes',
  pace: 'processor',
  run: async () => [{ value: count() }],
});

const stateBytes: readonly BenchCase[] = [
  ...THINGS.filter(([, call]) => scenarios.some((each) => each.call === call)).map(([thing, call]) =>
    sized(thing, () => bytesOfCall(call)),
  ),
  sized('item of a round of two parts', bytesOfItem),
];

const [FEW, MANY_MODELS, MANY_ACCOUNTS] = [1_000, 100_000, 1_000_000];
/** Entries that are written at one time. */
const CHUNK = 50_000;
const LOOKUPS = 500;

const accountOf = (n: number): Uint8Array => hash32Of('tacit/bench/1', 'account', n);
const ACCOUNT = { ...emptyAccount, providers: 1, data: { ...emptyAccount.data, free: 1_000_000n } };

/** A storage item as its pallet declares it. */
function declared(pallet: AnyPallet | undefined, item: string): AnyPallet['storage'][string] {
  const found = pallet?.storage[item];
  if (found === undefined) throw new Error(`nothing declares ${item}`);
  return found;
}

/** Models as the registry keeps them, all like the one of the scenario. */
function modelsLike(): (id: bigint) => Change {
  const scenario = scenarios.find(({ call }) => call === 'Registry.registerModel')!;
  const { composition, ctx, origin, call } = scenario.prepare(0);
  composition.dispatch(ctx, origin, call);
  const models = new StorageItem<[bigint], unknown>(
    'Registry',
    'models',
    declared(
      composition.pallets.find(({ name }) => name === 'Registry'),
      'models',
    ),
  );
  const [, value] = ctx.storage.entries(models.prefix).at(-1)!;
  return (id) => [fromLatin1(models.key([id])), value];
}

/** A state in LevelDB, opened anew. */
async function stateIn(
  folder: string,
  entry: (n: number) => Change,
  count: number,
): Promise<{ state: Trie; close: () => Promise<void> }> {
  const kv = await openLevel(join(folder, `${count}`));
  const store: NodeStore = { get: (hash) => kv.get(hash) };
  let { root } = new Trie(store, Trie.emptyRoot);
  for (let from = 0; from < count; from += CHUNK) {
    const changes = Array.from({ length: Math.min(CHUNK, count - from) }, (_, i) => entry(from + i));
    const applied = new Trie(store, root).apply(changes);
    await kv.write(
      [...applied.inserted].map(([hash, node]) => [fromHex(hash), node] as const),
      false,
    );
    ({ root } = applied);
  }
  return { state: new Trie(store, root), close: () => kv.close() };
}

const noHost = { verify: (): boolean => false };

/**
 * Times lookups of a few things among many, and of as many among few. They are asked for again and again, so that their nodes are in memory, as those of a busy
 * account are; what a first lookup takes of the database is told besides, and grows with the depth of the trie.
 */
async function compareLookups(
  entry: (n: number) => Change,
  many: number,
  method: string,
  input: (n: number) => Uint8Array,
): Promise<Sample[]> {
  return withFolder(async (folder) => {
    const [large, small] = [await stateIn(folder, entry, many), await stateIn(folder, entry, FEW)];
    const lookup = (state: Trie, n: number): void => {
      const answer = runtime.call(state, new Uint8Array(32), method, input(n), noHost);
      if (answer.length < 2) throw new Error(`${n} is not found`);
    };
    const all = (state: Trie, count: number): void => {
      for (let i = 0; i < LOOKUPS; i++) lookup(state, (i * 7919) % count);
    };
    const from = performance.now();
    all(large.state, many);
    console.error(`first lookups among ${many} took ${((performance.now() - from) / LOOKUPS).toFixed(3)} ms each`);
    const samples = timed(() => all(large.state, many), { runs: 15, reference: () => all(small.state, FEW) });
    await Promise.all([large.close(), small.close()]);
    return samples.map(({ value, reference }) => ({
      value: value / LOOKUPS,
      reference: (reference as number) / LOOKUPS,
    }));
  });
}

const lookupOfModels: BenchCase = {
  name: 'lookup-models',
  title: `a model by the runtime's API among ${MANY_MODELS.toLocaleString('en')} in LevelDB; wanted is a ratio of 1.3 at most`,
  unit: 'ms',
  pace: 'processor',
  reference: `the same among ${FEW.toLocaleString('en')}`,
  async run() {
    const model = modelsLike();
    return compareLookups(
      (n) => model(BigInt(n)),
      MANY_MODELS,
      'RegistryApi_model',
      (n) => u64.codec.enc(BigInt(n)),
    );
  },
};

const lookupOfAccounts: BenchCase = {
  name: 'lookup-accounts',
  title: `an account's nonce by the runtime's API among ${MANY_ACCOUNTS.toLocaleString('en')} in LevelDB; wanted is a ratio of 1.3 at most`,
  unit: 'ms',
  pace: 'processor',
  reference: `the same among ${FEW.toLocaleString('en')}`,
  async run() {
    const item = new StorageItem<[Uint8Array], unknown>('System', 'account', declared(system, 'account'));
    const value = item.encode(ACCOUNT);
    const entry = (n: number): Change => [fromLatin1(item.key([accountOf(n)])), value];
    return compareLookups(entry, MANY_ACCOUNTS, 'AccountNonceApi_account_nonce', accountOf);
  },
};

export const stateCases: readonly BenchCase[] = [...stateBytes, lookupOfModels, lookupOfAccounts];
