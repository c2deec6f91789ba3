/** A JSON-RPC client that does nothing but send and count: its own work must not be what is measured. */
import { once } from 'node:events';
import { WebSocket } from 'ws';

interface Message {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly params?: { readonly subscription: string; readonly result: unknown };
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class JsonRpc implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, (result: unknown) => void>();
  #nextId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#heard(JSON.parse(data.toString()) as Message));
    socket.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('the node closed the connection'));
    });
  }

  static async connect(url: string): Promise<JsonRpc> {
    const socket = new WebSocket(url);
    await once(socket, 'open');
    return new JsonRpc(socket);
  }

  call(method: string, params: readonly unknown[] = []): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    });
  }

  /** Calls `listener` with every notification of the subscription. */
  async subscribe(method: string, listener: (result: unknown) => void): Promise<void> {
    // The first notification may come right behind the answer, before anything that waits for the answer runs.
    const early: Message[] = [];
    const known = this.#unheard;
    this.#unheard = (message) => early.push(message);
    const subscription = (await this.call(method)) as string;
    this.#unheard = known;
    this.#listeners.set(subscription, listener);
    for (const message of early) this.#heard(message);
  }

  #unheard: (message: Message) => unknown = () => undefined;

  #heard(message: Message): void {
    if (message.id === undefined) {
      const listener = this.#listeners.get(message.params?.subscription ?? '');
      if (listener) listener(message.params?.result);
      else this.#unheard(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.error) waiting?.reject(new Error(message.error.message));
    else waiting?.resolve(message.result);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }
}
