/** JSON-RPC 2.0 (https://www.jsonrpc.org/specification), positional parameters. */
import type { Connection } from './connection.ts';
import { CLIENT_ERROR, INVALID_REQUEST, invalidParams, METHOD_NOT_FOUND, PARSE_ERROR, RpcError } from './errors.ts';

/** What a method may do besides answering. */
export interface Call {
  readonly connection: Connection;
  /** Runs when the answer is on its way: notifications must not overtake it. */
  afterReply(job: () => void): void;
}

export type Method = (params: readonly unknown[], call: Call) => unknown;
export type Methods = Readonly<Record<string, Method>>;

const BATCH_LIMIT = 256;
/** Characters of a batch's answers; what comes after that is refused. */
const BATCH_ANSWER_LIMIT = 32 << 20;

interface Outcome {
  /** Undefined for a notification, which is not answered. */
  readonly reply: object | undefined;
  readonly after: (() => void)[];
}

function failure(id: unknown, error: unknown): object {
  const { code, message, data } = error as RpcError;
  return { jsonrpc: '2.0', id, error: data === undefined ? { code, message } : { code, message, data } };
}

async function answer(request: unknown, methods: Methods, connection: Connection): Promise<Outcome> {
  const after: (() => void)[] = [];
  const { id, method, params } = (request ?? {}) as { id?: unknown; method?: unknown; params?: unknown };
  const validId = id === undefined || id === null || typeof id === 'string' || typeof id === 'number';
  if (typeof request !== 'object' || typeof method !== 'string' || !validId) {
    return { reply: failure(validId ? (id ?? null) : null, new RpcError(INVALID_REQUEST, 'Invalid Request')), after };
  }
  const call: Call = { connection, afterReply: (job) => after.push(job) };
  const reply = async (): Promise<object> => {
    try {
      const found = Object.hasOwn(methods, method) ? methods[method] : undefined;
      if (!found) throw new RpcError(METHOD_NOT_FOUND, 'Method not found');
      if (params !== undefined && params !== null && !Array.isArray(params)) {
        throw invalidParams('parameters are given as a list');
      }
      const result = await found((params as unknown[] | undefined | null) ?? [], call);
      return { jsonrpc: '2.0', id: id ?? null, result: result ?? null };
    } catch (error) {
      after.length = 0;
      return failure(id ?? null, connection.asRpcError(method, error));
    }
  };
  const answered = await reply();
  return { reply: id === undefined ? undefined : answered, after };
}

/** A request of a batch whose answers are too large already. */
function tooLarge(request: unknown): Outcome {
  const { id } = (request ?? {}) as { id?: unknown };
  const named = typeof id === 'string' || typeof id === 'number';
  const error = new RpcError(CLIENT_ERROR, 'Client error: the answers of the batch are too large');
  return { reply: named ? failure(id, error) : undefined, after: [] };
}

/**
 * Answers a request or a batch given as text. `send` gets the answer, if there is one; then the notifications begin.
 */
export async function handle(
  text: string,
  methods: Methods,
  connection: Connection,
  send: (reply: string) => void,
): Promise<void> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    send(JSON.stringify(failure(null, new RpcError(PARSE_ERROR, 'Parse error'))));
    return;
  }
  if (!Array.isArray(parsed)) {
    const { reply, after } = await answer(parsed, methods, connection);
    if (reply) send(JSON.stringify(reply));
    for (const job of after) job();
    return;
  }
  if (parsed.length === 0 || parsed.length > BATCH_LIMIT) {
    const why = parsed.length === 0 ? 'Invalid Request' : `a batch holds at most ${BATCH_LIMIT} requests`;
    send(JSON.stringify(failure(null, new RpcError(INVALID_REQUEST, why))));
    return;
  }
  const replies: string[] = [];
  const jobs: (() => void)[] = [];
  let length = 0;
  // One after the other: a batch is no way to have more work under way than by single requests.
  for (const request of parsed) {
    const { reply, after } =
      length > BATCH_ANSWER_LIMIT ? tooLarge(request) : await answer(request, methods, connection);
    jobs.push(...after);
    if (reply === undefined) continue;
    const text = JSON.stringify(reply);
    length += text.length;
    replies.push(text);
  }
  if (replies.length > 0) send(`[${replies.join(',')}]`);
  for (const job of jobs) job();
}
