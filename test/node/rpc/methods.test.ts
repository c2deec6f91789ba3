/** The methods, on a chain in memory: what the client tests of test/clients do not reach. */
import { join } from 'node:path';
import { DEV_PHRASE, Keyring } from '@polkadot/keyring';
import { expect } from 'chai';
import { decodeHeader } from '../../../node/chain/index.ts';
import { Connection } from '../../../node/rpc/connection.ts';
import { rpcMethods } from '../../../node/rpc/index.ts';
import { handle, type Methods } from '../../../node/rpc/jsonrpc.ts';
import { keyMethods } from '../../../node/rpc/methods/keys.ts';
import { devKeys } from '../../../node/keys.ts';
import { SessionKeyring } from '../../../node/session-keys.ts';
import { proofText, sessionKeys } from '../../../pallets/session/index.ts';
import { ed25519Verify, sr25519Verify } from '../../../primitives/crypto/signature.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { storagePrefix } from '../../../pallets/support/index.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { toAddress } from '../../../primitives/crypto/ss58.ts';
import { proofStore, Trie } from '../../../primitives/trie/index.ts';
import { Clock, give, keyOf, nextBlock, runtime, type TestNode, testNode, transfer } from '../chain/harness.ts';

interface Event {
  readonly event: string;
  readonly operationId?: string;
  readonly [field: string]: unknown;
}
interface Client {
  ask(method: string, ...params: unknown[]): Promise<unknown>;
  /** Code of the error that the call gives. */
  fails(method: string, ...params: unknown[]): Promise<number>;
  readonly notes: { subscription: string; result: unknown }[];
  readonly connection: Connection;
}

function clientOf(methods: Methods, isLocal = false): Client {
  const notes: Client['notes'] = [];
  const connection = new Connection({
    send: (message) => notes.push((JSON.parse(message) as { params: Client['notes'][number] }).params),
    onError: () => undefined,
    isLocal,
  });
  const raw = async (method: string, params: unknown[]) => {
    let reply = '';
    await handle(JSON.stringify({ id: 1, method, params }), methods, connection, (text) => {
      reply = text;
    });
    return JSON.parse(reply) as { result?: unknown; error?: { code: number; message: string } };
  };
  return {
    notes,
    connection,
    async ask(method, ...params) {
      const { result, error } = await raw(method, params);
      if (error) throw new Error(`${method}: ${error.code} ${error.message}`);
      return result;
    },
    async fails(method, ...params) {
      const { error, result } = await raw(method, params);
      if (!error) throw new Error(`${method} gave ${JSON.stringify(result)}`);
      return error.code;
    },
  };
}

const ZERO = `0x${'00'.repeat(32)}`;
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('node/rpc: methods', () => {
  let clock: Clock;
  let node: TestNode;
  let methods: Methods;
  let client: Client;
  beforeEach(async () => {
    clock = new Clock();
    node = await testNode({ clock });
    methods = rpcMethods({
      chain: node.chain,
      pool: node.pool,
      runtime,
      info: { name: 'Test', type: 'Live', properties: { ss58Format: 42, tokenDecimals: 6, tokenSymbol: 'TAC' } },
      network: { peerId: 'me', addresses: () => [], peers: () => [], isSyncing: () => false },
      isAuthority: true,
      roundState: () => ({}),
      nodeName: 'test',
      nodeVersion: '0',
    });
    client = clientOf(methods);
  });
  const blocks = async (count: number): Promise<string[]> => {
    const hashes: string[] = [];
    for (let i = 0; i < count; i++) hashes.push(await nextBlock(node, clock));
    return hashes;
  };

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

  it('watches a transaction to its end', async () => {
    const bytes = transfer(node, { from: 'carol', nonce: 0 });
    const legacy = await client.ask('author_submitAndWatchExtrinsic', toHex(bytes));
    const [hash] = await blocks(1);
    await node.chain.finalize(hash!, utf8('yes'));
    const told = client.notes.filter(({ subscription }) => subscription === legacy).map(({ result }) => result);
    expect(told).to.deep.equal(['ready', { inBlock: hash }, { finalized: hash }]);
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

  it('offers a broadcast transaction again until it is stopped', async () => {
    const id = await client.ask('transaction_v1_broadcast', toHex(transfer(node, { from: 'carol', nonce: 1 })));
    await settled();
    expect(node.pool.size.future).to.equal(1);
    const waiting = node.pool.pending()[0]!;
    node.pool.reject(node.pool.hashOf(waiting), 'Stale');
    clock.slot += 1000;
    const [hash] = await blocks(1);
    await node.chain.finalize(hash!, utf8('yes'));
    await settled();
    expect(node.pool.size.future).to.equal(1);
    expect(await client.ask('transaction_v1_stop', id)).to.equal(null);
    expect(await client.fails('transaction_v1_stop', id)).to.equal(-32602);
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

  it('proves finality by the next justification', async () => {
    const hashes = await blocks(3);
    expect(await client.ask('grandpa_proveFinality', 1)).to.equal(null);
    await node.chain.finalize(hashes[1]!, utf8('yes'));
    const proof = (await client.ask('grandpa_proveFinality', 1)) as string;
    expect(proof.slice(0, 66)).to.equal(hashes[1]);
    expect(proof.length).to.be.greaterThan(400);
    expect(await client.ask('grandpa_proveFinality', 3)).to.equal(null);
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

    it('gives storage in pieces and waits for the client', async () => {
      const [hash] = await blocks(1);
      const id = await client.ask('chainHead_v1_follow', false);
      const keys = [...node.chain.state(hash!)!.keys(new Uint8Array(0))].map(toHex);
      const items = Array.from({ length: 200 }, () => ({ key: '0x', type: 'descendantsHashes' }));
      const started = (await client.ask('chainHead_v1_storage', id, hash, items)) as { operationId: string };
      const mine = (): Event[] => events(id).filter(({ operationId }) => operationId === started.operationId);
      const isWaiting = (): boolean => mine().at(-1)?.event === 'operationWaitingForContinue';
      for (let turn = 0; !isWaiting() && turn < 1000; turn++) await settled();
      const received = mine().flatMap((event) => (event.items as unknown[] | undefined) ?? []);
      expect(received.length).to.equal(8 * 256);
      await settled();
      expect(isWaiting(), 'it waits').to.equal(true);
      await client.ask('chainHead_v1_continue', id, started.operationId);
      for (let turn = 0; !mine().some(({ event }) => event === 'operationStorageDone') && turn < 5000; turn++) {
        if (isWaiting()) await client.ask('chainHead_v1_continue', id, started.operationId);
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
