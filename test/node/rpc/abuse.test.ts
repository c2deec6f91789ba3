/** Requests that are in form, and meant to cost the node more than it can bear. */
import { expect } from 'chai';
import { decodeHeader } from '../../../node/chain/index.ts';
import { Budget } from '../../../node/rpc/budget.ts';
import { Connection } from '../../../node/rpc/connection.ts';
import { RpcError } from '../../../node/rpc/errors.ts';
import { rpcMethods } from '../../../node/rpc/index.ts';
import { handle, type Methods } from '../../../node/rpc/jsonrpc.ts';
import type { VerifyTask } from '../../../pallets/support/index.ts';
import { concatBytes } from '../../../primitives/crypto/bytes.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import {
  Clock,
  give,
  nextBlock,
  runtime,
  type TestNode,
  testNode,
  type TestVerifier,
  transfer,
  verifier,
} from '../chain/harness.ts';

interface Reply {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { code: number; message: string };
}

async function ask(methods: Methods, request: unknown, connection: Connection): Promise<unknown> {
  let answer = 'null';
  await handle(typeof request === 'string' ? request : JSON.stringify(request), methods, connection, (text) => {
    answer = text;
  });
  return JSON.parse(answer);
}
const connect = (name = ''): Connection =>
  new Connection({ send: () => undefined, onError: () => undefined, giver: ['clients', name, ''] });

describe('node/rpc: abuse', () => {
  it('a batch has a bound in its answers, not only in its questions', async () => {
    let asked = 0;
    const methods: Methods = {
      block: () => {
        asked++;
        return 'x'.repeat(10 << 20);
      },
    };
    const batch = Array.from({ length: 256 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'block' }));
    const replies = (await ask(methods, batch, connect())) as Reply[];
    expect(replies).to.have.length(256);
    expect(asked).to.equal(4);
    expect(replies.slice(4).every(({ error }, i) => error?.code === -32000 && replies[i + 4]!.id === i + 4)).to.equal(
      true,
    );
  });

  it('deep nesting is an error like any other', async () => {
    for (const text of [
      '['.repeat(2_000_000),
      `${'[['.repeat(100_000)}${']]'.repeat(100_000)}`,
      '{"a":'.repeat(500_000),
    ]) {
      expect(await ask({}, text, connect())).to.satisfy((reply: Reply | Reply[]) => {
        const one = Array.isArray(reply) ? reply[0] : reply;
        return one?.error?.code === -32700 || one?.error?.code === -32600;
      });
    }
  });

  it('an answer is put together up to a size', () => {
    const budget = new Budget(10);
    expect(budget.take(new Uint8Array(6))).to.have.length(6);
    expect(budget.take(undefined)).to.equal(undefined);
    expect(() => budget.take(new Uint8Array(5))).to.throw(RpcError, 'too large');
  });

  describe('on a chain', () => {
    let clock: Clock;
    let node: TestNode;
    let connection: Connection;
    let methods: Methods;
    const ahead: VerifyTask[] = [];
    /** What the runtime asked for and nobody had verified. */
    const missed: VerifyTask[] = [];
    const watched = {
      verify(asked: VerifyTask | readonly VerifyTask[]) {
        if ('kind' in asked) {
          if (!ahead.some((task) => JSON.stringify(task) === JSON.stringify(asked))) missed.push(asked);
          return verifier.verify(asked);
        }
        ahead.push(...asked);
        return verifier.verify(asked);
      },
    } as TestVerifier;
    beforeEach(async () => {
      clock = new Clock();
      ahead.length = 0;
      missed.length = 0;
      node = await testNode({ clock, verifier: watched });
      connection = connect();
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
    });
    const call = async (method: string, ...params: unknown[]): Promise<Reply> =>
      (await ask(methods, { jsonrpc: '2.0', id: 1, method, params }, connection)) as Reply;

    it('the same key a thousand times is one key', async () => {
      const keys = Array.from({ length: 1024 }, () => '0x3a636f6465');
      const [block] = (await call('state_queryStorageAt', keys)).result as [{ changes: unknown[] }];
      expect(block.changes).to.have.length(1);
    });

    it('follows of one batch are counted as well', async () => {
      const batch = Array.from({ length: 9 }, (_, id) => ({ id, method: 'chainHead_v1_follow', params: [false] }));
      const replies = (await ask(methods, batch, connection)) as Reply[];
      expect(replies.map(({ error }) => error?.code)).to.deep.equal([
        ...Array.from({ length: 4 }, () => undefined),
        ...Array.from({ length: 5 }, () => -32800),
      ]);
    });

    it('what judging an extrinsic verifies is verified by the workers before', async () => {
      const extrinsic = transfer(node, { from: 'carol', nonce: 0 });
      const judge = toHex(concatBytes(Uint8Array.of(2), extrinsic, fromHex(node.chain.best().hash)));
      const judged = await call('state_call', 'TaggedTransactionQueue_validate_transaction', judge);
      expect(judged.result).to.match(/^0x00/);
      const tried = await call('state_call', 'BlockBuilder_apply_extrinsic', toHex(extrinsic));
      expect(tried.result).to.equal('0x0000');
      expect(ahead).to.have.length(2);
      expect(missed).to.deep.equal([]);
      // Whatever else stands there goes to the runtime as it is.
      for (const junk of ['0x', '0x02', '0xff', '0x02ffffffff', `0x02${'00'.repeat(40)}`]) {
        expect((await call('state_call', 'TaggedTransactionQueue_validate_transaction', junk)).error?.code).to.be.oneOf(
          [undefined, 4003],
        );
      }
    });

    it('a block that a client has pinned may die: its header stays, of the rest it is told', async () => {
      const events: { event: string; operationId?: string }[] = [];
      connection = new Connection({
        send: (text) => events.push((JSON.parse(text) as { params: { result: { event: string } } }).params.result),
        onError: () => undefined,
        giver: ['clients', 'test', ''],
      });
      const winner = await nextBlock(node, clock);
      const other = await testNode({ clock });
      const dying = await nextBlock(other, clock);
      await give(other, dying, node);
      const id = (await call('chainHead_v1_follow', true)).result;
      await node.chain.finalize(winner, Uint8Array.of(1));
      expect(node.chain.header(dying)).to.equal(undefined);
      const header = (await call('chainHead_v1_header', id, dying)).result as string;
      expect(decodeHeader(fromHex(header)).number).to.equal(1);
      for (const [method, ...rest] of [
        ['body'],
        ['call', 'AuraApi_slot_duration', '0x'],
        ['storage', [{ key: '0x', type: 'value' }]],
      ] as const) {
        const { operationId } = (await call(`chainHead_v1_${method}`, id, dying, ...rest)).result as Reply & {
          operationId: string;
        };
        await new Promise((resolve) => setImmediate(resolve));
        expect(events.find((event) => event.operationId === operationId)?.event, method).to.equal(
          'operationInaccessible',
        );
      }
    });

    it('broadcasts are few, and what they hold is given back', async () => {
      const extrinsic = toHex(transfer(node, { from: 'carol', nonce: 0 }));
      const ids: unknown[] = [];
      for (let i = 0; i < 20; i++) ids.push((await call('transaction_v1_broadcast', extrinsic)).result);
      expect(ids.filter((id) => id !== null)).to.have.length(16);
      // Only the bytes count here: it is no extrinsic.
      connection.close();
      connection = connect();
      const large = `0x${'00'.repeat(2 << 20)}`;
      const held = [];
      for (let i = 0; i < 16; i++) held.push((await call('transaction_v1_broadcast', large)).result);
      // of 64 MiB one client has a fifth, and others what it leaves
      expect(held.filter((id) => id !== null)).to.have.length(6);
      const second = connect('second');
      const more = await ask(methods, { id: 1, method: 'transaction_v1_broadcast', params: [large] }, second);
      expect((more as Reply).result).to.be.a('string');
      expect((await call('transaction_v1_broadcast', large)).result).to.equal(null);
      await call('transaction_v1_stop', held[0]);
      expect((await call('transaction_v1_broadcast', large)).result).to.be.a('string');
      connection.close();
      second.close();
    });
  });
});
