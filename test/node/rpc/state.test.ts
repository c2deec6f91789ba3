import { expect } from 'chai';
import { storagePrefix } from '../../../pallets/support/index.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { proofStore, Trie } from '../../../primitives/trie/index.ts';
import { toAddress } from '../../../primitives/crypto/ss58.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { keyOf, type TestNode, transfer } from '../chain/harness.ts';
import { type Client, type RpcScene, rpcScene, ZERO } from './scene.ts';

describe('node/rpc: state', () => {
  let node: TestNode;
  let client: Client;
  let blocks: RpcScene['blocks'];
  beforeEach(async () => {
    ({ node, client, blocks } = await rpcScene());
  });

  it('pages keys and proves what it says', async () => {
    await blocks(1);
    const all = (await client.ask('state_getKeysPaged', '0x', 1000)) as string[];
    const paged: string[] = [];
    for (let start: string | null = null; ; start = paged.at(-1)!) {
      const page = (await client.ask('state_getKeysPaged', '0x', 7, start)) as string[];
      if (page.length === 0) break;
      paged.push(...page);
    }
    expect(paged).to.deep.equal(all);
    const key = all[5]!;
    const { at, proof } = (await client.ask('state_getReadProof', [key])) as { at: string; proof: string[] };
    const trie = new Trie(proofStore(proof.map(fromHex)), node.chain.header(at)!.stateRoot);
    expect(toHex(trie.get(fromHex(key))!)).to.equal(await client.ask('state_getStorage', key));
  });

  it('gives all keys and pairs under a prefix, as long as they are not too many', async () => {
    await blocks(1);
    const accounts = `0x${Buffer.from(storagePrefix('System', 'Account'), 'latin1').toString('hex')}`;
    const keys = (await client.ask('state_getKeys', accounts)) as string[];
    expect(keys.length).to.be.greaterThan(3);
    expect(keys).to.deep.equal(await client.ask('state_getKeysPaged', accounts, 1000));
    const pairs = (await client.ask('state_getPairs', accounts)) as [string, string][];
    expect(pairs.map(([key]) => key)).to.deep.equal(keys);
    expect(pairs[0]![1]).to.equal(await client.ask('state_getStorage', keys[0]));
    expect(await client.ask('state_getStorageSizeAt', keys[0])).to.equal(pairs[0]![1].length / 2 - 1);
    expect(await client.ask('state_getStorageHashAt', keys[0])).to.equal(toHex(blake2b256(fromHex(pairs[0]![1]))));
  });

  it('tells how keys changed from block to block', async () => {
    const hashes = await blocks(3);
    const number = `0x${Buffer.from(storagePrefix('System', 'Number'), 'latin1').toString('hex')}`;
    const issued = `0x${Buffer.from(storagePrefix('Balances', 'TotalIssuance'), 'latin1').toString('hex')}`;
    const changes = (await client.ask('state_queryStorage', [number, issued], hashes[0])) as {
      block: string;
      changes: [string, string | null][];
    }[];
    expect(changes.map(({ block }) => block)).to.deep.equal(hashes);
    expect(changes.map(({ changes: list }) => list.map(([key]) => key))).to.deep.equal([
      [number, issued],
      [number],
      [number],
    ]);
    expect(changes.map(({ changes: [first] }) => first?.[1])).to.deep.equal(['0x01000000', '0x02000000', '0x03000000']);
    for (const range of [[ZERO], [hashes[1], hashes[0]], [hashes[0], ZERO]])
      expect(await client.fails('state_queryStorage', [number], ...range)).to.be.oneOf([4001, 4003]);
  });

  it('tries an extrinsic and keeps nothing of it', async () => {
    await blocks(1);
    const before = await client.ask('system_accountNextIndex', toAddress(keyOf('carol').publicKey));
    const bytes = toHex(transfer(node, { from: 'carol', nonce: before as number }));
    expect(await client.ask('system_dryRun', bytes)).to.equal('0x0000');
    expect(await client.ask('system_dryRunAt', bytes, node.chain.best().hash)).to.equal('0x0000');
    expect(await client.ask('system_accountNextIndex', toAddress(keyOf('carol').publicKey))).to.equal(before);
    const future = toHex(transfer(node, { from: 'carol', nonce: 9 }));
    expect(await client.ask('system_dryRun', future)).to.match(/^0x01/);
  });

  it('tells storage changes, and only changes', async () => {
    const [first] = await blocks(1);
    const keys = (await client.ask('state_getKeysPaged', '0x', 1000)) as string[];
    const id = await client.ask('state_subscribeStorage', keys);
    const [second] = await blocks(1);
    const told = client.notes
      .filter(({ subscription }) => subscription === id)
      .map(({ result }) => result as { block: string; changes: [string, string | null][] });
    expect(told.map(({ block }) => block)).to.deep.equal([first, second]);
    expect(told[0]!.changes).to.have.length(keys.length);
    const [before, after] = [node.chain.state(first!)!, node.chain.state(second!)!];
    const changed = keys.filter((key) => toHex(before.get(fromHex(key))!) !== toHex(after.get(fromHex(key))!));
    expect(changed.length).to.be.within(1, keys.length - 1);
    expect(told[1]!.changes.map(([key]) => key)).to.deep.equal(changed);
    expect(await client.ask('state_unsubscribeStorage', id)).to.equal(true);
    expect(await client.ask('state_unsubscribeStorage', id)).to.equal(false);
  });
});
