import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { TacitError } from '../../primitives/errors.ts';
import { Connection } from './connection.ts';
import { handle, type Methods } from './jsonrpc.ts';

export interface ServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly methods: Methods;
  /** Browser origins that may connect, besides those on this machine; `all` lets in any page. */
  readonly origins: readonly string[] | 'all';
  readonly onError: (method: string, error: unknown) => void;
  readonly maxPayload?: number;
  readonly maxConnections?: number;
  /** Bytes that wait to be read by one client before it is cut off. */
  readonly maxBuffered?: number;
}

/** A runtime call with arguments of 2 MiB in hexadecimal, and its envelope. */
const MAX_PAYLOAD = 5 << 20;
const MAX_CONNECTIONS = 256;
const MAX_BUFFERED = 32 << 20;
/** The same of all clients together. */
const MAX_BUFFERED_BY_ALL = 256 << 20;
/** Requests over HTTP that are read or answered at one time, and how long a client may take to send one, in milliseconds. */
const MAX_POSTS = 64;
const POST_TIMEOUT = 30_000;
/** Requests of one client that wait or are being answered. */
const MAX_PENDING = 1024;
/** Close codes of RFC 6455. */
const TRY_AGAIN_LATER = 1013;
const UNSUPPORTED_DATA = 1003;
const POLICY_VIOLATION = 1008;
const GOING_AWAY = 1001;

/** JSON-RPC over WebSocket and over HTTP POST, on one port. */
export class RpcServer {
  readonly #options: ServerOptions;
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  #posts = 0;

  private constructor(options: ServerOptions) {
    this.#options = options;
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: options.maxPayload ?? MAX_PAYLOAD,
      perMessageDeflate: false,
    });
    const limits = { requestTimeout: POST_TIMEOUT, headersTimeout: POST_TIMEOUT, connectionsCheckingInterval: 5_000 };
    this.#http = createServer(limits, (request, response) => {
      this.#posts++;
      void this.#post(request, response).finally(() => this.#posts--);
    });
    this.#http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      const refused = this.#refusal(request);
      if (refused) {
        socket.end(`HTTP/1.1 ${refused}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#serve(opened));
    });
  }

  /** `rpc/port-in-use` if another process has the port. */
  static async listen(options: ServerOptions): Promise<RpcServer> {
    const server = new RpcServer(options);
    await new Promise<void>((resolve, reject) => {
      server.#http.once('error', (error: NodeJS.ErrnoException) => {
        const { host, port } = options;
        const used = error.code === 'EADDRINUSE';
        const why = used ? `another process listens on ${host}:${port}` : `cannot listen on ${host}:${port}`;
        reject(new TacitError(used ? 'rpc/port-in-use' : 'rpc/cannot-listen', why, { cause: error.code }));
      });
      server.#http.listen(options.port, options.host, resolve);
    });
    return server;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  get connections(): number {
    return this.#sockets.clients.size;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.close(GOING_AWAY);
    const closed = new Promise((resolve) => this.#http.close(resolve));
    this.#sockets.close();
    // Clients that do not answer the closing handshake are not waited for.
    const impatient = setTimeout(() => {
      for (const socket of this.#sockets.clients) socket.terminate();
      this.#http.closeAllConnections();
    }, 200);
    this.#http.closeIdleConnections();
    await closed;
    clearTimeout(impatient);
  }

  /** Whether all that waits for clients to read it is more than this node spends on them; then whoever lags behind goes. */
  #isFull(): boolean {
    let waiting = 0;
    for (const { bufferedAmount } of this.#sockets.clients) waiting += bufferedAmount;
    return waiting > MAX_BUFFERED_BY_ALL;
  }

  /** Why a request is turned away: status line; undefined if it is welcome. */
  #refusal({ headers }: IncomingMessage): string | undefined {
    if (!this.#isAllowedOrigin(headers.origin)) return '403 Forbidden';
    if (this.connections >= (this.#options.maxConnections ?? MAX_CONNECTIONS)) return '503 Service Unavailable';
    return undefined;
  }

  /** Programs send no origin; pages of other sites must be named, so that no web page reads a local node unasked. */
  #isAllowedOrigin(origin: string | undefined): boolean {
    const { origins } = this.#options;
    if (origin === undefined || origins === 'all' || origins.includes(origin)) return true;
    if (!URL.canParse(origin)) return false;
    const { hostname, protocol } = new URL(origin);
    return ['http:', 'https:'].includes(protocol) && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  }

  #serve(socket: WebSocket): void {
    const { methods, onError, maxBuffered = MAX_BUFFERED } = this.#options;
    const send = (message: string): void => {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > maxBuffered || (socket.bufferedAmount > 0 && this.#isFull())) {
        socket.close(TRY_AGAIN_LATER, 'reads too slowly');
        // The closing frame waits behind all that was not read.
        setTimeout(() => socket.terminate(), 1000).unref();
        connection.close();
        return;
      }
      socket.send(message);
    };
    const connection = new Connection(send, onError);
    let pending = 0;
    socket.on('message', (data, isBinary) => {
      if (isBinary) {
        socket.close(UNSUPPORTED_DATA, 'text messages only');
        return;
      }
      if (++pending > MAX_PENDING) {
        socket.close(POLICY_VIOLATION, 'too many requests at a time');
        return;
      }
      handle(String(data), methods, connection, send)
        .catch((error: unknown) => onError('', error))
        .finally(() => pending--);
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => connection.close());
  }

  async #post(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const end = (status: number, body: string, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    };
    const { origin } = request.headers;
    if (!this.#isAllowedOrigin(origin)) return end(403, '');
    if (origin !== undefined) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('access-control-allow-headers', 'content-type');
      response.setHeader('vary', 'origin');
    }
    if (this.#posts > MAX_POSTS) return end(503, '', { connection: 'close' });
    if (request.method === 'OPTIONS') return end(204, '');
    if (request.method !== 'POST') return end(405, '', { allow: 'POST' });
    if (!request.headers['content-type']?.startsWith('application/json')) return end(415, '');
    const text = await readText(request, this.#options.maxPayload ?? MAX_PAYLOAD);
    if (text === undefined) return end(413, '', { connection: 'close' });
    const connection = new Connection(undefined, this.#options.onError);
    let reply = '';
    await handle(text, this.#options.methods, connection, (message) => {
      reply = message;
    }).catch((error: unknown) => this.#options.onError('', error));
    // A broadcast outlives its request only on a connection that stays.
    connection.close();
    end(reply === '' ? 204 : 200, reply);
  }
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
