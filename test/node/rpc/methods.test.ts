/** The methods, on a chain in memory: what the client tests of test/clients do not reach. */
import { expect } from 'chai';
import { decodeHeader } from '../../../node/chain/index.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import type { Methods } from '../../../node/rpc/jsonrpc.ts';
import { type TestNode } from '../chain/harness.ts';
import { type Client, clientOf, type RpcScene, rpcScene, ZERO } from './scene.ts';

describe('node/rpc: methods', () => {
  let node: TestNode;
  let methods: Methods;
  let client: Client;
  let blocks: RpcScene['blocks'];
  beforeEach(async () => {
    ({ node, methods, client, blocks } = await rpcScene());
  });

  it('names every method; those that touch keys are for clients of this machine', async () => {
    const { methods: names } = (await client.ask('rpc_methods')) as { methods: string[] };
    expect(names).to.include.members(['chainHead_v1_follow', 'author_submitExtrinsic', 'rpc_methods']);
    expect(names).to.deep.equal(Object.keys(methods).sort());
    for (const unsafe of ['author_insertKey', 'author_rotateKeys', 'author_hasKey', 'author_hasSessionKeys']) {
      expect(await client.fails(unsafe), unsafe).to.equal(-32601);
      // This node validates nothing.
      expect(await clientOf(methods, true).fails(unsafe), unsafe).to.equal(1040);
    }
    expect(await client.fails('system_addReservedPeer')).to.equal(-32601);
  });

  it('refuses parameters that are out of form or bounds', async () => {
    const bad: [string, ...unknown[]][] = [
      ['chain_getBlock', '0x12'],
      ['chain_getBlock', 5],
      ['chain_getBlockHash', -1],
      ['chain_getBlockHash', 2 ** 40],
      ['chain_getBlockHash', 'x'],
      ['chain_getBlockHash', Array.from({ length: 2000 }, () => 0)],
      ['state_getStorage', 'zz'],
      ['state_getStorage', '0x1'],
      ['state_getStorage', `0x${'00'.repeat(2000)}`],
      ['state_getStorage', null],
      ['state_getKeysPaged', '0x', 'many'],
      ['state_queryStorageAt', '0x00'],
      ['state_call', {}, '0x'],
      ['system_accountNextIndex', 'nobody'],
      ['system_accountNextIndex', '0x00'],
      ['author_submitExtrinsic', 'not hex'],
      ['author_submitExtrinsic'],
      ['payment_queryInfo', 7],
      ['chainHead_v1_follow', 'yes'],
      ['archive_v1_storage', ZERO, [{ key: '0x', type: 'everything' }]],
      ['archive_v1_storage', ZERO, [], '0x00'],
      ['grandpa_proveFinality', {}],
      ['transaction_v1_stop', 'unknown'],
    ];
    for (const [method, ...params] of bad) {
      expect(await client.fails(method, ...params), `${method} ${JSON.stringify(params).slice(0, 50)}`).to.equal(
        -32602,
      );
    }
  });

  it('tells unknown blocks and runtime APIs', async () => {
    expect(await client.ask('chain_getBlock', ZERO)).to.equal(null);
    expect(await client.ask('chain_getHeader', ZERO)).to.equal(null);
    expect(await client.ask('chain_getBlockHash', 99)).to.equal(null);
    expect(await client.fails('state_getStorage', '0x00', ZERO)).to.equal(4003);
    expect(await client.fails('state_call', 'No_such', '0x')).to.equal(4003);
    expect(await client.fails('state_call', 'AccountNonceApi_account_nonce', '0x01')).to.equal(4003);
    expect(await client.fails('state_getKeysPaged', '0x', 1001)).to.equal(4002);
    expect(await client.fails('childstate_getStorage', '0x', '0x')).to.equal(4003);
    expect(await client.ask('archive_v1_header', ZERO)).to.equal(null);
    expect(await client.ask('archive_v1_body', ZERO)).to.equal(null);
  });

  it('gives headers that hash to their names', async () => {
    const [hash] = await blocks(1);
    const bytes = fromHex((await client.ask('archive_v1_header', hash)) as string);
    expect(toHex(blake2b256(bytes))).to.equal(hash);
    const json = (await client.ask('chain_getHeader', hash)) as { number: string; stateRoot: string };
    const decoded = decodeHeader(bytes);
    expect([Number(json.number), json.stateRoot]).to.deep.equal([decoded.number, toHex(decoded.stateRoot)]);
  });

  it('proves finality by the next justification', async () => {
    const hashes = await blocks(3);
    expect(await client.ask('grandpa_proveFinality', 1)).to.equal(null);
    await node.chain.finalize(hashes[1]!, utf8('yes'));
    const proof = (await client.ask('grandpa_proveFinality', 1)) as string;
    expect(proof.slice(0, 66)).to.equal(hashes[1]);
    expect(proof.length).to.be.greaterThan(400);
    expect(await client.ask('grandpa_proveFinality', 3)).to.equal(null);
  });
});
