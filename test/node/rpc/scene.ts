/** Methods on a chain in memory, and a client of them. */
import { Connection, type ConnectionOptions } from '../../../node/rpc/connection.ts';
import { rpcMethods } from '../../../node/rpc/index.ts';
import { handle, type Methods } from '../../../node/rpc/jsonrpc.ts';
import { Clock, nextBlock, runtime, type TestNode, testNode } from '../chain/harness.ts';

export interface Event {
  readonly event: string;
  readonly operationId?: string;
  readonly [field: string]: unknown;
}
export interface Client {
  ask(method: string, ...params: unknown[]): Promise<unknown>;
  /** Code of the error that the call gives. */
  fails(method: string, ...params: unknown[]): Promise<number>;
  readonly notes: { subscription: string; result: unknown }[];
  readonly connection: Connection;
}

export function clientOf(methods: Methods, isLocal = false, room: ConnectionOptions['room'] = () => undefined): Client {
  const notes: Client['notes'] = [];
  const connection = new Connection({
    send: (message) => notes.push((JSON.parse(message) as { params: Client['notes'][number] }).params),
    onError: () => undefined,
    giver: isLocal ? ['own', 'clients', ''] : ['clients', 'test', ''],
    room,
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

export const ZERO = `0x${'00'.repeat(32)}`;
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
export interface RpcScene {
  readonly clock: Clock;
  readonly node: TestNode;
  readonly methods: Methods;
  readonly client: Client;
  /** Makes so many blocks; gives their hashes. */
  readonly blocks: (count: number) => Promise<string[]>;
}

export async function rpcScene(): Promise<RpcScene> {
  const clock = new Clock();
  const node = await testNode({ clock });
  const methods = rpcMethods({
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
  const blocks = async (count: number): Promise<string[]> => {
    const hashes: string[] = [];
    for (let i = 0; i < count; i++) hashes.push(await nextBlock(node, clock));
    return hashes;
  };
  return { clock, node, methods, client: clientOf(methods), blocks };
}
