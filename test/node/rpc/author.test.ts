import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEV_PHRASE, Keyring } from '@polkadot/keyring';
import { expect } from 'chai';
import { Connection } from '../../../node/rpc/connection.ts';
import { handle } from '../../../node/rpc/jsonrpc.ts';
import { submitError } from '../../../node/rpc/methods/author.ts';
import { keyMethods } from '../../../node/rpc/methods/keys.ts';
import { devKeys } from '../../../node/keys.ts';
import { SessionKeyring } from '../../../node/session-keys.ts';
import { proofText, sessionKeys } from '../../../pallets/session/index.ts';
import { ed25519Verify, sr25519Verify } from '../../../primitives/crypto/signature.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';
import { toAddress } from '../../../primitives/crypto/ss58.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { type Clock, keyOf, type TestNode, transfer } from '../chain/harness.ts';
import { type Client, clientOf, type RpcScene, rpcScene, settled } from './scene.ts';

describe('node/rpc: author', () => {
  let clock: Clock;
  let node: TestNode;
  let client: Client;
  let blocks: RpcScene['blocks'];
  let methods: RpcScene['methods'];
  beforeEach(async () => {
    ({ clock, node, client, blocks, methods } = await rpcScene());
  });

  describe('keys of a validator', () => {
    let keyring: SessionKeyring;
    let local: Client;
    let stranger: Client;
    beforeEach(async () => {
      keyring = new SessionKeyring(join(scratchFolder('keys'), 'session-keys'), await devKeys('//Alice'));
      const withKeys = keyMethods({ chain: node.chain, keyring } as never);
      [local, stranger] = [clientOf(withKeys, true), clientOf(withKeys)];
    });

    it('are made and looked for by clients of this machine only', async () => {
      const keys = (await local.ask('author_rotateKeys')) as string;
      expect(keys).to.match(/^0x[0-9a-f]{192}$/);
      expect(await local.ask('author_hasSessionKeys', keys)).to.equal(true);
      expect(await local.ask('author_rotateKeys')).not.to.equal(keys);
      expect(await local.ask('author_hasKey', `0x${keys.slice(2, 66)}`, 'aura')).to.equal(true);
      expect(await local.ask('author_hasKey', `0x${keys.slice(2, 66)}`, 'gran')).to.equal(false);
      expect(await local.ask('author_hasSessionKeys', `0x${'11'.repeat(96)}`)).to.equal(false);
      expect(await local.fails('author_hasSessionKeys', `0x${'11'.repeat(95)}`)).to.equal(1040);
      expect(await local.fails('author_hasKey', `0x${'11'.repeat(32)}`, 'babe')).to.equal(-32602);
      for (const method of Object.keys(keyMethods({} as never)))
        expect(await stranger.fails(method, keys), method).to.equal(-32601);
    });

    it('come with the proof that the chain wants', async () => {
      const owner = keyOf('carol').publicKey;
      const { keys, proof } = (await local.ask('author_rotateKeysWithOwner', toHex(owner))) as Record<string, string>;
      const decoded = sessionKeys.codec.dec(fromHex(keys!));
      const text = proofText(fromHex(node.chain.genesisHash), owner, decoded);
      const signature = (i: number): Uint8Array => fromHex(proof!).slice(64 * i, 64 * i + 64);
      expect(sr25519Verify(signature(0), text, decoded.aura)).to.equal(true);
      expect(ed25519Verify(signature(1), text, decoded.grandpa)).to.equal(true);
      expect(sr25519Verify(signature(2), text, decoded.committee)).to.equal(true);
    });

    it('are taken from a phrase, if it is theirs', async () => {
      const pair = new Keyring({ type: 'sr25519' }).addFromUri('//Somebody//aura');
      const publicKey = toHex(pair.publicKey);
      const uri = `${DEV_PHRASE}//Somebody//aura`;
      expect(await local.fails('author_insertKey', 'aura', uri, `0x${'22'.repeat(32)}`)).to.equal(1040);
      expect(await local.fails('author_insertKey', 'aura', 'no such phrase', publicKey)).to.equal(1040);
      expect(await local.ask('author_hasKey', publicKey, 'aura')).to.equal(false);
      expect(await local.ask('author_insertKey', 'aura', uri, publicKey)).to.equal(null);
      expect(await local.ask('author_hasKey', publicKey, 'aura')).to.equal(true);
    });
  });

  it('counts pooled transactions into the next index', async () => {
    const carol = toAddress(keyOf('carol').publicKey);
    expect(await client.ask('system_accountNextIndex', carol)).to.equal(0);
    for (const nonce of [0, 1, 3]) await node.pool.submit(transfer(node, { from: 'carol', nonce }), 'external');
    expect(await client.ask('system_accountNextIndex', carol)).to.equal(2);
    expect(await client.ask('account_nextIndex', toHex(keyOf('carol').publicKey))).to.equal(2);
  });

  it('gives errors of submission their codes', async () => {
    const good = toHex(transfer(node, { from: 'carol', nonce: 0 }));
    await client.ask('author_submitExtrinsic', good);
    expect(await client.fails('author_submitExtrinsic', good)).to.equal(1013);
    expect(
      await client.fails(
        'author_submitExtrinsic',
        toHex(transfer(node, { from: 'carol', nonce: 0, amount: 3n * 1_000_000n })),
      ),
    ).to.equal(1014);
    expect(await client.fails('author_submitExtrinsic', '0x00')).to.equal(1010);
    expect(await client.fails('author_submitExtrinsic', '0x'), 'no length').to.equal(1001);
    expect(await client.fails('author_submitAndWatchExtrinsic', '0x1000'), 'a wrong length').to.equal(1001);
    for (const method of ['payment_queryInfo', 'payment_queryFeeDetails', 'system_dryRun'])
      for (const bytes of ['0x', '0x1234']) expect(await client.fails(method, bytes), method).to.equal(2);
    expect(await client.fails('payment_queryInfo', '0x00'), 'no call').to.equal(1);
    for (let times = 0; times < 2; times++) {
      node.pool.reject(node.pool.hashOf(fromHex(good)), 'Stale');
      await client.ask('author_submitExtrinsic', good);
    }
    node.pool.reject(node.pool.hashOf(fromHex(good)), 'Stale');
    expect(await client.fails('author_submitExtrinsic', good), 'authors cannot use it').to.equal(1012);
    const tips = { from: 'carol', tip: 6n * 10n ** 11n };
    await client.ask('author_submitExtrinsic', toHex(transfer(node, { ...tips, nonce: 0 })));
    const second = toHex(transfer(node, { ...tips, nonce: 1 }));
    expect(await client.fails('author_submitExtrinsic', second), 'more than it has, together').to.equal(1010);
  });

  it('tells a refusal of a pallet’s own and what cannot be judged in the words of polkadot-sdk', () => {
    const told = (code: string): unknown[] => {
      const error = submitError({ kind: 'invalid', hash: '0x00', code, lasting: false })!;
      return [error.code, error.message, error.data];
    };
    expect(told('Custom3')).to.deep.equal([1010, 'Invalid Transaction', 'Custom error: 3']);
    expect(told('CannotLookup')).to.deep.equal([1011, 'Unknown Transaction Validity', 'CannotLookup']);
  });

  it('watches a transaction to its end', async () => {
    const bytes = transfer(node, { from: 'carol', nonce: 0 });
    const legacy = await client.ask('author_submitAndWatchExtrinsic', toHex(bytes));
    const [hash] = await blocks(1);
    await node.chain.finalize(hash!, utf8('yes'));
    const told = () => client.notes.filter(({ subscription }) => subscription === legacy).map(({ result }) => result);
    // polkadot.js gives up what it has not told of one status when the next one comes
    expect(told(), 'the client has time to read the block').to.deep.equal(['ready', { inBlock: hash }]);
    while (told().length < 3) await sleep(20);
    expect(told()).to.deep.equal(['ready', { inBlock: hash }, { finalized: hash }]);
    expect(client.connection.subscriptions, 'it has ended').to.equal(0);

    const modern = await client.ask(
      'transactionWatch_v1_submitAndWatch',
      toHex(transfer(node, { from: 'carol', nonce: 1 })),
    );
    await settled();
    const [second] = await blocks(1);
    await node.chain.finalize(second!, utf8('yes'));
    const events = client.notes.filter(({ subscription }) => subscription === modern).map(({ result }) => result);
    const block = { hash: second, index: 1 };
    expect(events).to.deep.equal([
      { event: 'validated' },
      { event: 'bestChainBlockIncluded', block },
      { event: 'finalized', block },
    ]);
    const bad = await client.ask('transactionWatch_v1_submitAndWatch', '0x00');
    await settled();
    expect(client.notes.find(({ subscription }) => subscription === bad)!.result).to.deep.include({ event: 'invalid' });
  });

  it('submits nothing where nothing can be told of it', async () => {
    const extrinsic = toHex(transfer(node, { from: 'carol', nonce: 0 }));
    const http = new Connection({ send: undefined, onError: () => undefined, giver: ['clients', 'test', ''] });
    const request = JSON.stringify({ id: 1, method: 'author_submitAndWatchExtrinsic', params: [extrinsic] });
    let reply = '';
    await handle(request, methods, http, (text) => {
      reply = text;
    });
    expect(JSON.parse(reply)).to.have.nested.property('error.code', -32601);
    while (client.connection.subscriptions < 1024) await client.ask('chain_subscribeAllHeads');
    expect(await client.fails('author_submitAndWatchExtrinsic', extrinsic), 'no more subscriptions').to.equal(-32000);
    expect(node.pool.size).to.deep.include({ ready: 0, future: 0 });
  });

  it('a refused submission leaves no subscription', async () => {
    expect(await client.fails('author_submitAndWatchExtrinsic', '0x00')).to.equal(1010);
    expect(client.connection.subscriptions).to.equal(0);
  });

  it('offers a broadcast transaction again until it is stopped', async () => {
    const id = await client.ask('transaction_v1_broadcast', toHex(transfer(node, { from: 'carol', nonce: 1 })));
    await settled();
    expect(node.pool.size.future).to.equal(1);
    const [waiting] = node.pool.waiting();
    node.pool.reject(waiting!.hash, 'Stale');
    clock.slot += 1000;
    const [hash] = await blocks(1);
    await node.chain.finalize(hash!, utf8('yes'));
    await settled();
    expect(node.pool.size.future).to.equal(1);
    expect(await client.ask('transaction_v1_stop', id)).to.equal(null);
    expect(await client.fails('transaction_v1_stop', id)).to.equal(-32602);
  });

  describe('a broadcast that is stopped', () => {
    const broadcast = async (extrinsic: Uint8Array, by = client): Promise<unknown> =>
      by.ask('transaction_v1_broadcast', toHex(extrinsic));

    it('leaves the pool, so that the transaction is not spread when it becomes ready later', async () => {
      const spread: string[] = [];
      node.pool.on('transaction', ({ hash }) => spread.push(hash));
      const [first, second] = [0, 1].map((nonce) => transfer(node, { from: 'carol', nonce }));
      const id = await broadcast(second!);
      // at once: it is still being checked
      await client.ask('transaction_v1_stop', id);
      await settled();
      expect(node.pool.size).to.deep.include({ ready: 0, future: 0 });
      await node.pool.submit(first!, 'external');
      expect(spread).to.deep.equal([node.pool.hashOf(first!)]);
    });

    it('does not take away what somebody else has offered too, before or after it', async () => {
      const other = clientOf(methods);
      const before = transfer(node, { from: 'carol', nonce: 0 });
      await client.ask('author_submitExtrinsic', toHex(before));
      const after = transfer(node, { from: 'carol', nonce: 1 });
      const ids = [await broadcast(before), await broadcast(after)];
      await settled();
      expect(await other.fails('author_submitExtrinsic', toHex(after))).to.equal(1013);
      for (const id of ids) await client.ask('transaction_v1_stop', id);
      expect([...node.pool.ready()].map(({ bytes }) => bytes)).to.deep.equal([before, after]);
    });

    it('is another thing than a client that has gone', async () => {
      const extrinsic = transfer(node, { from: 'carol', nonce: 0 });
      await broadcast(extrinsic);
      client.connection.close();
      await settled();
      expect(node.pool.size).to.include({ ready: 1 });
    });
  });

  it('lists as pending what the next block can hold, best first, and nothing that waits for another', async () => {
    const [dear, next, future] = [
      transfer(node, { from: 'dave', to: 'carol', nonce: 0, tip: 9n }),
      transfer(node, { from: 'carol', nonce: 0 }),
      transfer(node, { from: 'carol', nonce: 7 }),
    ].map(toHex);
    for (const extrinsic of [future, next, dear]) await client.ask('author_submitExtrinsic', extrinsic);
    expect(node.pool.size).to.include({ ready: 2, future: 1 });
    expect(await client.ask('author_pendingExtrinsics')).to.deep.equal([dear, next]);
  });
});
