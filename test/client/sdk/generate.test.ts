import { expect } from 'chai';
import { buildLocalSpec, parseChainSpec } from '../../../chain-spec/index.ts';
import { moduleText } from '../../../client/sdk/generate/module.ts';
import { typeNames } from '../../../client/sdk/generate/types.ts';
import * as generated from '../../../client/sdk/generated/chain.ts';
import { metadata } from '../../../client/sdk/generated/metadata.ts';
import { keysOfEntry, type StorageItem, storageKey, storedValue } from '../../../client/sdk/storage.ts';
import { genesisOf } from '../../../node/assembly/genesis.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { Trie } from '../../../primitives/trie/index.ts';
import { runtime } from '../../../runtime/index.ts';

type AnyItem = StorageItem<unknown[], unknown, unknown>;
const keyOf = storageKey as (item: AnyItem, ...keys: unknown[]) => Uint8Array;
const items = Object.values(generated.storage).flatMap((pallet) => Object.values(pallet) as unknown as AnyItem[]);

describe('client/sdk/generate', function () {
  this.timeout(600_000);
  it('declares every storage item of the runtime, under the keys and with the codecs that the runtime uses', () => {
    const declared = runtime.composition.pallets.flatMap(({ name, storage }) =>
      Object.keys(storage).map((item) => `${name}.${item.replace(/^./, (letter) => letter.toUpperCase())}`),
    );
    expect(items.map(({ name }) => name).sort()).to.deep.equal(declared.sort());
    const { applied } = genesisOf(parseChainSpec(buildLocalSpec({ validators: 4 })));
    const state = new Trie({ get: (hash) => applied.inserted.get(toHex(hash)) }, applied.root);
    let read = 0;
    for (const [key, bytes] of state.entries(new Uint8Array(0))) {
      const item = items.find(({ prefix }) => toHex(key).startsWith(toHex(prefix)));
      if (item === undefined) continue;
      const keys = keysOfEntry(item, key);
      expect(toHex(keyOf(item, ...keys)), item.name).to.equal(toHex(key));
      expect(toHex(item.value.codec.enc(storedValue(item, bytes))), item.name).to.equal(toHex(bytes));
      read++;
    }
    expect(read).to.be.greaterThan(30);
  });

  it('encodes calls as the runtime does, calls within calls included', () => {
    const { calls, RuntimeCall } = generated;
    const dest = { tag: 'Id' as const, value: new Uint8Array(32).fill(7) };
    const inner = calls.balances.transferKeepAlive({ dest, value: 5n });
    const call = calls.utility.batchAll({ calls: [inner, calls.utility.batch({ calls: [inner] })] });
    const bytes = RuntimeCall.codec.enc(call);
    expect(toHex(runtime.callTy.codec.enc(call as never))).to.equal(toHex(bytes));
    expect(RuntimeCall.codec.dec(bytes)).to.deep.equal(call);
  });

  it('knows defaults, absence, and bytes that are no value', () => {
    const { tally } = generated.storage;
    expect(storedValue(tally.nextRound, undefined)).to.equal(1);
    expect(storedValue(tally.rounds, undefined)).to.equal(undefined);
    for (const bytes of [new Uint8Array(3), new Uint8Array(5)])
      expect(() => storedValue(tally.nextRound, bytes)).to.throw('Tally.NextRound');
    expect(generated.constants.notes.claimFee).to.equal(10_000n);
    expect(generated.version).to.deep.include({ specVersion: runtime.version.specVersion });
    expect(metadata).to.equal(toHex(runtime.metadata(15)));
  });

  it('gives types that share a name two names, and refuses metadata of another version', () => {
    const variant = { tag: 'variant', value: [] } as never;
    const entry = (id: number, ...path: string[]) => ({ id, path, params: [], def: variant, docs: [] });
    const names = typeNames([
      entry(0, 'pallet_a', 'Phase'),
      entry(1, 'tacit_b', 'Phase'),
      entry(2, 'tacit_b', 'Own'),
      entry(3, 'sp_b', 'x', 'Phase'),
    ]);
    expect([...names.values()]).to.deep.equal(['APhase', 'BPhase1', 'Own', 'BPhase3']);
    expect(() => moduleText(runtime.metadata(14), runtime.version)).to.throw('version 15');
  });
});
