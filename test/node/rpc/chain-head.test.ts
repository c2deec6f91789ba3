import { expect } from 'chai';
import { utf8 } from '../../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { type Clock, give, nextBlock, testNode, type TestNode } from '../chain/harness.ts';
import { type Client, type Event, type RpcScene, rpcScene, settled, ZERO } from './scene.ts';

describe('node/rpc: chainHead', () => {
  let clock: Clock;
  let node: TestNode;
  let client: Client;
  let blocks: RpcScene['blocks'];
  beforeEach(async () => {
    ({ clock, node, client, blocks } = await rpcScene());
  });

  describe('chainHead', () => {
    const events = (id: unknown): Event[] =>
      client.notes.filter(({ subscription }) => subscription === id).map(({ result }) => result as Event);
    const result = async (id: unknown, operation: unknown): Promise<Event[]> => {
      const { operationId } = operation as { operationId: string };
      for (let turn = 0; turn < 50; turn++) {
        const found = events(id).filter((event) => event.operationId === operationId);
        if (found.some(({ event }) => /Done|Error|Inaccessible/.test(event))) return found;
        await settled();
      }
      throw new Error('the operation did not end');
    };

    it('begins with what stands and tells what comes, forks included', async () => {
      const [one] = await blocks(1);
      const id = await client.ask('chainHead_v1_follow', true);
      expect(events(id).map(({ event }) => event)).to.deep.equal(['initialized', 'newBlock', 'bestBlockChanged']);
      const other = await testNode({ clock });
      const fork = [await nextBlock(other, clock), await nextBlock(other, clock)];
      for (const hash of fork) await give(other, hash, node);
      await node.chain.finalize(fork[0]!, utf8('yes'));
      const told = events(id).slice(3);
      expect(told.map(({ event }) => event)).to.deep.equal(['newBlock', 'newBlock', 'bestBlockChanged', 'finalized']);
      expect(told[3]).to.deep.include({ finalizedBlockHashes: [fork[0]], prunedBlockHashes: [one] });
    });

    it('announces the latest finalized blocks, so that who was cut off misses none', async () => {
      const hashes = [node.chain.genesisHash, ...(await blocks(40))];
      const hashesOf = (id: unknown): unknown => events(id)[0]!.finalizedBlockHashes;
      await node.chain.finalize(hashes[5]!, utf8('yes'));
      expect(hashesOf(await client.ask('chainHead_v1_follow', true))).to.deep.equal(hashes.slice(0, 6));
      await node.chain.finalize(hashes[40]!, utf8('yes'));
      const id = await client.ask('chainHead_v1_follow', true);
      expect(hashesOf(id)).to.deep.equal(hashes.slice(9, 41));
      // All of them are pinned, and may be unpinned.
      for (const hash of hashes.slice(9, 41)) await client.ask('chainHead_v1_header', id, hash);
      expect(await client.fails('chainHead_v1_header', id, hashes[8])).to.equal(-32801);
      expect(await client.ask('chainHead_v1_unpin', id, hashes.slice(9, 41))).to.equal(null);
    });

    it('says nothing of the runtime to who does not ask for it', async () => {
      await blocks(1);
      const told = async (withRuntime: boolean): Promise<string[]> =>
        events(await client.ask('chainHead_v1_follow', withRuntime)).flatMap((event) => Object.keys(event));
      expect(await told(true)).to.include.members(['finalizedBlockRuntime', 'newRuntime']);
      expect((await told(false)).filter((key) => /runtime/i.test(key))).to.deep.equal([]);
    });

    it('serves pinned blocks only', async () => {
      const [hash] = await blocks(1);
      const id = await client.ask('chainHead_v1_follow', false);
      expect(toHex(blake2b256(fromHex((await client.ask('chainHead_v1_header', id, hash)) as string)))).to.equal(hash);
      expect(await client.fails('chainHead_v1_header', id, ZERO)).to.equal(-32801);
      expect(await client.fails('chainHead_v1_unpin', id, [hash, hash])).to.equal(-32804);
      expect(await client.ask('chainHead_v1_unpin', id, hash)).to.equal(null);
      expect(await client.fails('chainHead_v1_body', id, hash)).to.equal(-32801);
      expect(await client.ask('chainHead_v1_header', 'other', hash)).to.equal(null);
      expect(await client.ask('chainHead_v1_body', 'other', hash)).to.deep.equal({ result: 'limitReached' });
      await client.ask('chainHead_v1_unfollow', id);
      expect(await client.ask('chainHead_v1_header', id, hash)).to.equal(null);
    });

    it('runs operations and reports their failures', async () => {
      const [hash] = await blocks(1);
      const id = await client.ask('chainHead_v1_follow', true);
      const body = await result(id, await client.ask('chainHead_v1_body', id, hash));
      expect(body[0]).to.deep.include({ event: 'operationBodyDone', value: node.chain.body(hash!)!.map(toHex) });
      const call = await result(id, await client.ask('chainHead_v1_call', id, hash, 'AuraApi_slot_duration', ''));
      expect(call[0]).to.deep.include({ event: 'operationCallDone', output: '0xd007000000000000' });
      const failed = await result(id, await client.ask('chainHead_v1_call', id, hash, 'No_such', '0x'));
      expect(failed[0]!.event).to.equal('operationError');
    });

    it('refuses what the specification refuses, with its codes', async () => {
      const [hash] = await blocks(1);
      const id = await client.ask('chainHead_v1_follow', false);
      expect(await client.fails('chainHead_v1_call', id, hash, 'Core_version', '0x'), 'no runtime').to.equal(-32802);
      const items = Array.from({ length: 200 }, () => ({ key: '0x', type: 'descendantsHashes' }));
      const { operationId } = (await client.ask('chainHead_v1_storage', id, hash, items)) as { operationId: string };
      expect(await client.fails('chainHead_v1_continue', id, operationId), 'does not wait').to.equal(-32803);
      expect(await client.ask('chainHead_v1_continue', id, 'other')).to.equal(null);
      for (const method of ['header', 'body', 'call', 'storage', 'unpin', 'unfollow', 'continue', 'stopOperation'])
        expect(await client.fails(`chainHead_v1_${method}`, 7, hash, 'Core_version'), method).to.equal(-32602);
    });

    it('gives storage in pieces and waits for the client', async () => {
      const [hash] = await blocks(1);
      const id = await client.ask('chainHead_v1_follow', false);
      const keys = [...node.chain.state(hash!)!.keys(new Uint8Array(0))].map(toHex);
      const items = Array.from({ length: 200 }, () => ({ key: '0x', type: 'descendantsHashes' }));
      const started = (await client.ask('chainHead_v1_storage', id, hash, items)) as { operationId: string };
      const mine = (): Event[] => events(id).filter(({ operationId }) => operationId === started.operationId);
      let continued = 0;
      const isWaiting = (): boolean =>
        mine().filter(({ event }) => event === 'operationWaitingForContinue').length > continued;
      for (let turn = 0; !isWaiting() && turn < 1000; turn++) await settled();
      const received = mine().flatMap((event) => (event.items as unknown[] | undefined) ?? []);
      expect(received.length).to.equal(8 * 256);
      await settled();
      expect(isWaiting(), 'it waits').to.equal(true);
      const goOn = async (): Promise<void> => {
        continued++;
        await client.ask('chainHead_v1_continue', id, started.operationId);
      };
      await goOn();
      for (let turn = 0; !mine().some(({ event }) => event === 'operationStorageDone') && turn < 5000; turn++) {
        if (isWaiting()) await goOn();
        await settled();
      }
      const total = mine().flatMap((event) => (event.items as unknown[] | undefined) ?? []);
      expect(total.length).to.equal(200 * keys.length);
    });

    it('ends an operation that is stopped', async () => {
      const [hash] = await blocks(1);
      const id = await client.ask('chainHead_v1_follow', false);
      const items = Array.from({ length: 200 }, () => ({ key: '0x', type: 'descendantsValues' }));
      const { operationId } = (await client.ask('chainHead_v1_storage', id, hash, items)) as { operationId: string };
      await client.ask('chainHead_v1_stopOperation', id, operationId);
      const before = client.notes.length;
      for (let turn = 0; turn < 20; turn++) await settled();
      expect(client.notes.length).to.equal(before);
    });

    it('limits subscriptions', async () => {
      for (let i = 0; i < 4; i++) await client.ask('chainHead_v1_follow', false);
      expect(await client.fails('chainHead_v1_follow', false)).to.equal(-32800);
      client.connection.close();
      expect(client.connection.subscriptions).to.equal(0);
    });
  });
});
