import { expect } from 'chai';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { type TestNode } from '../chain/harness.ts';
import { type Client, clientOf, type Event, type RpcScene, rpcScene, settled, ZERO } from './scene.ts';

describe('node/rpc: archive', () => {
  let node: TestNode;
  let client: Client;
  let methods: RpcScene['methods'];
  let blocks: RpcScene['blocks'];
  beforeEach(async () => {
    ({ node, methods, client, blocks } = await rpcScene());
  });

  describe('archive', () => {
    const eventsOf = async (id: unknown, last: RegExp): Promise<Event[]> => {
      for (let turn = 0; turn < 500; turn++) {
        const found = client.notes
          .filter(({ subscription }) => subscription === id)
          .map(({ result }) => result as Event);
        if (found.some(({ event }) => last.test(event))) return found;
        await settled();
      }
      throw new Error('the subscription did not end');
    };

    it('goes on after a key', async () => {
      const [hash] = await blocks(1);
      const keys = [...node.chain.state(hash!)!.keys(new Uint8Array(0))].map(toHex);
      const page = async (paginationStartKey?: string): Promise<unknown[]> => {
        const items = [{ key: '0x', type: 'descendantsHashes', paginationStartKey }];
        const found = await eventsOf(await client.ask('archive_v1_storage', hash, items), /Done|Error/);
        return found.slice(0, -1).map(({ key }) => key);
      };
      expect(await page()).to.deep.equal(keys);
      expect(await page(keys[4])).to.deep.equal(keys.slice(5));
      expect(await page(keys.at(-1))).to.deep.equal([]);
      const wrong = [{ key: '0x', type: 'value', paginationStartKey: '0x00' }];
      expect(await client.fails('archive_v1_storage', hash, wrong)).to.equal(-32602);
    });

    it('ends with its last event: a client may ask as often as it likes', async () => {
      const [hash] = await blocks(1);
      await eventsOf(await client.ask('archive_v1_storage', hash, [{ key: '0x3a', type: 'value' }]), /storageDone/);
      await eventsOf(await client.ask('archive_v1_storage', ZERO, [{ key: '0x3a', type: 'value' }]), /storageError/);
      await settled();
      expect(client.connection.subscriptions).to.equal(0);
    });

    it('waits for a client that reads slowly: it gets all, and nothing piles up for it', async () => {
      const [hash] = await blocks(1);
      const asked = [
        ['archive_v1_storage', hash, [{ key: '0x', type: 'descendantsValues' }]],
        ['archive_v1_storageDiff', hash],
      ] as const;
      for (const [method, ...params] of asked) {
        let read: (() => void) | undefined;
        const slow = clientOf(methods, false, () => new Promise<void>((resolve) => (read = resolve)));
        const events = (): Event[] => slow.notes.map(({ result }) => result as Event);
        await slow.ask(method, ...params);
        for (let parts = 0; !events().some(({ event }) => event.endsWith('Done')); parts++) {
          for (let turn = 0; turn < 5; turn++) await settled();
          expect(slow.notes.length, method).to.be.at.most(parts);
          read?.();
          await settled();
        }
        expect(slow.notes.length, method).to.be.greaterThan(3);
      }
    });

    it('tells what changed between two blocks: neither more nor less', async () => {
      const hashes = await blocks(2);
      const [before, now] = hashes.map((hash) => {
        const state = node.chain.state(hash)!;
        return new Map([...state.entries(new Uint8Array(0))].map(([key, value]) => [toHex(key), toHex(value)]));
      }) as [Map<string, string>, Map<string, string>];
      const expected = [...new Set([...before.keys(), ...now.keys()])].toSorted().flatMap((key) => {
        const [was, is] = [before.get(key), now.get(key)];
        const type = was === undefined ? 'added' : is === undefined ? 'deleted' : 'modified';
        return was === is ? [] : [{ event: 'storageDiff', key, value: is ?? was, type }];
      });
      expect(expected.length).to.be.greaterThan(3);
      const whole = await eventsOf(await client.ask('archive_v1_storageDiff', hashes[1]), /Done|Error/);
      expect(whole).to.deep.equal([...expected, { event: 'storageDiffDone' }]);
      const named = await client.ask('archive_v1_storageDiff', hashes[1], null, hashes[0]);
      expect(await eventsOf(named, /Done|Error/)).to.deep.equal(whole);
      const prefix = expected[0]!.key.slice(0, 66);
      const items = [{ key: prefix, returnType: 'hash' }];
      const part = await eventsOf(await client.ask('archive_v1_storageDiff', hashes[1], items), /Done|Error/);
      const under = expected.filter(({ key }) => key.startsWith(prefix));
      expect(part.slice(0, -1).map(({ key, hash }) => [key, hash])).to.deep.equal(
        under.map(({ key, value }) => [key, toHex(blake2b256(fromHex(value!)))]),
      );
      const nowhere = await client.ask('archive_v1_storageDiff', ZERO);
      expect((await eventsOf(nowhere, /Done|Error/))[0]?.event).to.equal('storageDiffError');
      expect(await client.fails('archive_v1_storageDiff', hashes[1], [{ returnType: 'both' }])).to.equal(-32602);
    });
  });

  it('lists archived storage', async () => {
    const id = await client.ask('archive_v1_storage', node.chain.genesisHash, [
      { key: '0x', type: 'descendantsValues' },
    ]);
    const done = (): boolean => client.notes.some(({ result }) => (result as Event).event === 'storageDone');
    for (let turn = 0; !done() && turn < 100; turn++) await settled();
    const found = client.notes.filter(
      ({ subscription, result }) => subscription === id && (result as Event).event === 'storage',
    );
    expect(found.length).to.equal([...node.chain.state(node.chain.genesisHash)!.keys(new Uint8Array(0))].length);
    const call = await client.ask('archive_v1_call', node.chain.genesisHash, 'Core_version', '0x');
    expect(call).to.deep.include({ success: true });
    expect(await client.ask('archive_v1_hashByHeight', 0)).to.deep.equal([node.chain.genesisHash]);
  });
});
