/** A node that stands between a client and an honest one, and answers some questions otherwise. */
import { WebSocket, WebSocketServer } from 'ws';

type Ask = (method: string, params: readonly unknown[]) => Promise<unknown>;
/** What is answered to a question, or told by a subscription's method, given the honest answer and a way to ask more. */
export type Lie = (honest: unknown, params: readonly unknown[], ask: Ask) => unknown;

interface Question {
  readonly id: number;
  readonly method: string;
  readonly params?: readonly unknown[];
}

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { result: unknown };
  result?: unknown;
}

export interface LyingNode extends AsyncDisposable {
  readonly url: string;
  /** Methods that were asked. */
  readonly asked: Set<string>;
}

export async function lyingNode(honest: string, lies: Readonly<Record<string, Lie>>): Promise<LyingNode> {
  const asked = new Set<string>();
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  server.on('connection', (client) => {
    const node = new WebSocket(honest);
    const opened = new Promise((resolve) => node.once('open', resolve));
    const own = new Map<number, (result: unknown) => void>();
    let next = 1_000_000_000;
    const ask: Ask = (method, params) =>
      new Promise((resolve) => {
        const id = next++;
        own.set(id, resolve);
        node.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
      });
    const questions = new Map<number, Question>();
    client.on('message', async (data) => {
      const question = JSON.parse(String(data)) as Question;
      asked.add(question.method);
      questions.set(question.id, question);
      await opened;
      node.send(JSON.stringify(question));
    });
    node.on('message', async (data) => {
      const answer = JSON.parse(String(data)) as Answer;
      const { id } = answer;
      const mine = id === undefined ? undefined : own.get(id);
      if (mine) return mine(answer.result);
      const question = id === undefined ? undefined : questions.get(id);
      const lie = question && lies[question.method];
      if (lie && 'result' in answer) answer.result = await lie(answer.result, question.params ?? [], ask);
      const told = answer.method === undefined ? undefined : lies[answer.method];
      if (told && answer.params) answer.params.result = await told(answer.params.result, [], ask);
      client.send(JSON.stringify(answer));
    });
    client.once('close', () => node.close());
    node.once('close', () => client.close());
  });
  const { port } = server.address() as { port: number };
  return {
    url: `ws://127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
