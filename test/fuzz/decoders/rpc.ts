/** What clients send a node: every method with arguments of every kind, on a chain in memory. */
import { Connection } from '../../../node/rpc/connection.ts';
import { handle } from '../../../node/rpc/jsonrpc.ts';
import { rpcScene, type RpcScene } from '../../node/rpc/scene.ts';
import type { Decoder } from '../attack.ts';

const HASH = `0x${'00'.repeat(32)}`;
/** Lists of arguments, of which each method takes one or refuses all. */
const ARGUMENTS: readonly (readonly unknown[])[] = [
  [],
  [HASH],
  [1],
  ['0x'],
  [[HASH], HASH],
  [HASH, 10, HASH],
  ['Core_version', '0x', HASH],
  ['5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'],
  [true],
  [HASH, [{ key: '0x26aa394eea5630e07c48ae0c9558cef7', type: 'descendantsValues' }]],
];

let scene: RpcScene | undefined;

/** Answers a text; throws for what JSON-RPC does not allow as an answer, and for what the node takes for a fault of its own. */
async function answered(text: string): Promise<undefined> {
  scene ??= await rpcScene();
  let fault: unknown;
  const onError = (_: string, error: unknown): void => {
    fault ??= error;
  };
  const connection = new Connection({ send: () => undefined, onError, isLocal: false });
  let reply: string | undefined;
  await handle(text, scene.methods, connection, (own) => (reply = own));
  connection.close();
  if (fault !== undefined) throw fault;
  for (const one of [JSON.parse(reply ?? '[]') as Reply | Reply[]].flat()) {
    const isError = Number.isInteger(one.error?.code) && typeof one.error?.message === 'string';
    if (one.jsonrpc !== '2.0' || !(isError || 'result' in one)) throw new Error(`no answer: ${reply}`);
  }
}

interface Reply {
  readonly jsonrpc?: string;
  readonly error?: { readonly code: number; readonly message: string };
}

/** Each method with each list of arguments, and batches. */
async function requests(): Promise<string[]> {
  scene ??= await rpcScene();
  const methods = Object.keys(scene.methods);
  const single = methods.flatMap((method) =>
    ARGUMENTS.map((params) => JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })),
  );
  return [...single, JSON.stringify([{ id: 1, method: 'system_health' }, { method: 'rpc_methods' }])];
}

export const RPC: readonly Decoder[] = [
  {
    name: 'JSON-RPC',
    covers: [
      'node/rpc/jsonrpc.ts#handle',
      'node/rpc/methods/payment.ts#paymentMethods',
      'node/rpc/methods/system.ts#systemMethods',
      'node/rpc/runtime-call.ts#extrinsicIn',
    ],
    share: 0.02,
    texts: requests,
    read: answered,
  },
];
