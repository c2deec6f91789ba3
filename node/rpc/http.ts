/** What is asked by plain HTTP: JSON-RPC by POST, and how the node is by GET. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Connection } from './connection.ts';
import { hostOf } from './givers.ts';
import { handle, type Methods } from './jsonrpc.ts';

export interface HttpOptions {
  readonly methods: Methods;
  readonly onError: (method: string, error: unknown) => void;
  readonly maxPayload: number;
}

type End = (status: number, body: string, headers?: Record<string, string>) => void;

interface Health {
  readonly peers: number;
  readonly isSyncing: boolean;
  readonly shouldHavePeers: boolean;
}

/** Ready to serve: caught up, and not alone where it should not be. */
const isReady = ({ peers, isSyncing, shouldHavePeers }: Health): boolean =>
  !isSyncing && (peers > 0 || !shouldHavePeers);

async function answerHealth(path: string, { methods, onError }: HttpOptions, end: End): Promise<void> {
  const connection = new Connection({ send: undefined, onError, giver: ['clients', 'health', ''] });
  const afterReply = (): void => undefined;
  const health = (await methods.system_health?.([], { connection, afterReply })) as Health | undefined;
  connection.close();
  if (health === undefined) return end(404, '');
  if (path === '/health') return end(200, JSON.stringify(health));
  return end(isReady(health) ? 200 : 503, '');
}

/** Answers a request whose origin is welcome. `/health` tells of peers and sync, `/health/readiness` is 200 or 503. */
export async function answerHttp(
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpOptions,
): Promise<void> {
  const end: End = (status, body, headers = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  };
  const path = request.url?.split('?')[0] ?? '/';
  if (request.method === 'GET' && (path === '/health' || path === '/health/readiness')) {
    return answerHealth(path, options, end);
  }
  if (request.method === 'OPTIONS') return end(204, '');
  if (request.method !== 'POST') return end(405, '', { allow: 'POST' });
  if (!request.headers['content-type']?.startsWith('application/json')) return end(415, '');
  const text = await readText(request, options.maxPayload);
  if (text === undefined) return end(413, '', { connection: 'close' });
  const { methods, onError } = options;
  const connection = new Connection({ send: undefined, onError, giver: hostOf(request) });
  let reply = '';
  await handle(text, methods, connection, (message) => {
    reply = message;
  }).catch((error: unknown) => onError('', error));
  // A broadcast outlives its request only on a connection that stays.
  connection.close();
  return end(reply === '' ? 204 : 200, reply);
}

/** The body of a request; undefined if it is too long or breaks off. */
async function readText(request: IncomingMessage, limit: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > limit) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}
