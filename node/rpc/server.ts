import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { TacitError } from '../../primitives/errors.ts';
import { Shares } from '../base/givers.ts';
import { Connection } from './connection.ts';
import { clientOf, hostOf } from './givers.ts';
import { answerHttp } from './http.ts';
import { Intake } from './intake.ts';
import { handle, type Methods } from './jsonrpc.ts';
import { isAllowedOrigin, type Origins, Refusals } from './origins.ts';
import { Outlet } from './outlet.ts';

export interface ServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly methods: Methods;
  /** Web pages that may connect; see `parseOrigins`. */
  readonly origins: Origins;
  /** Told of each origin that is refused, once, with what to do about it. */
  readonly onRefused?: (origin: string, remedy: string) => void;
  readonly onError: (method: string, error: unknown) => void;
  readonly maxPayload?: number;
  readonly maxConnections?: number;
  /** Bytes that wait to be read by one client before it is cut off. */
  readonly maxBuffered?: number;
  /** Milliseconds between two pings. */
  readonly pingEvery?: number;
}

/** A runtime call with arguments of 2 MiB in hexadecimal, and its envelope. */
const MAX_PAYLOAD = 5 << 20;
/** Of clients of this machine, and of all others: those of one address have a fifth of them at most, the next a fifth of the rest. */
const MAX_CONNECTIONS = 512;
const PART = 1 / 4;
const MAX_BUFFERED = 32 << 20;
/** The same of all clients together: beyond it who has more than an equal part of it is cut off. */
const MAX_BUFFERED_BY_ALL = 256 << 20;
/** Requests over HTTP that are read or answered at one time, with shares as connections have, and how long a client may take to send one, in milliseconds. */
const POSTS = { most: 256, part: PART };
const POST_TIMEOUT = 30_000;
/** A proxy keeps a connection that is used; and of a client that is gone without a word, nothing else tells. */
const PING_EVERY = 30_000;
/** Pings in a row that a client may leave without any sign of life. */
const MAX_MISSED = 3;
/** Close code of RFC 6455. */
const GOING_AWAY = 1001;

/** JSON-RPC over WebSocket and over HTTP POST, on one port. */
export class RpcServer {
  readonly #options: ServerOptions;
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #refusals: Refusals;
  readonly #pings: NodeJS.Timeout;
  /** Pings since a client was last heard of. */
  readonly #missed = new WeakMap<WebSocket, number>();
  readonly #places: Shares;
  readonly #posts = new Shares(POSTS);
  #served = 0;

  private constructor(options: ServerOptions) {
    this.#options = options;
    this.#places = new Shares({ most: options.maxConnections ?? MAX_CONNECTIONS, part: PART });
    this.#refusals = new Refusals(options.onRefused ?? (() => undefined));
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: options.maxPayload ?? MAX_PAYLOAD,
      perMessageDeflate: false,
    });
    this.#pings = setInterval(() => this.#ping(), options.pingEvery ?? PING_EVERY).unref();
    const limits = { requestTimeout: POST_TIMEOUT, headersTimeout: POST_TIMEOUT, connectionsCheckingInterval: 5_000 };
    this.#http = createServer(limits, (request, response) => {
      void this.#post(request, response);
    });
    this.#http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      socket.on('error', () => socket.destroy());
      const refuse = (why: string): unknown =>
        socket.end(`HTTP/1.1 ${why}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      if (!this.#isWelcome(request.headers.origin)) return refuse('403 Forbidden');
      const leave = this.#places.take(hostOf(request), 1);
      if (leave === undefined) return refuse('503 Service Unavailable');
      socket.once('close', leave);
      this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#serve(opened, request));
    });
  }

  /** `rpc/port-in-use` if another process has the port. */
  static async listen(options: ServerOptions): Promise<RpcServer> {
    const server = new RpcServer(options);
    await new Promise<void>((resolve, reject) => {
      server.#http.once('error', (error: NodeJS.ErrnoException) => {
        clearInterval(server.#pings);
        const { host, port } = options;
        const used = error.code === 'EADDRINUSE';
        const why = used
          ? `another process listens on ${host}:${port}; stop it, or give another --rpc-port`
          : `cannot listen on ${host}:${port}`;
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
    clearInterval(this.#pings);
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

  #ping(): void {
    for (const socket of this.#sockets.clients) {
      // Whoever is not read now cannot be heard; but nothing is to wait for one that does not read either.
      if (socket.isPaused && socket.bufferedAmount === 0) continue;
      const missed = this.#missed.get(socket) ?? 0;
      this.#missed.set(socket, missed + 1);
      if (missed >= MAX_MISSED) socket.terminate();
      else if (socket.readyState === socket.OPEN && !socket.isPaused) socket.ping();
    }
  }

  /** What may wait for each client to be read: no bound while this node has enough to spend on all of them. */
  #part(): number {
    const { clients } = this.#sockets;
    let waiting = 0;
    for (const { bufferedAmount } of clients) waiting += bufferedAmount;
    return waiting > MAX_BUFFERED_BY_ALL ? MAX_BUFFERED_BY_ALL / clients.size : Number.POSITIVE_INFINITY;
  }

  #isWelcome(origin: string | undefined): boolean {
    const welcome = isAllowedOrigin(this.#options.origins, origin);
    if (!welcome && origin !== undefined) this.#refusals.note(origin);
    return welcome;
  }

  #serve(socket: WebSocket, request: IncomingMessage): void {
    const { methods, onError, maxBuffered = MAX_BUFFERED } = this.#options;
    const heard = (): unknown => this.#missed.set(socket, 0);
    const outlet = new Outlet({
      socket,
      unread: maxBuffered / 8,
      isLost: () =>
        socket.bufferedAmount > maxBuffered || (socket.bufferedAmount > 0 && socket.bufferedAmount > this.#part()),
      onLost: () => connection.close(),
      onTaken: () => {
        // The network takes a little also for a client that is gone; of one that is not read there is no other sign.
        if (socket.isPaused) heard();
        intake.go();
      },
    });
    const { send, room } = outlet;
    const connection = new Connection({ send, room, onError, giver: clientOf(request, ++this.#served) });
    const intake = new Intake(socket, outlet, (text) =>
      handle(text, methods, connection, send).catch((error: unknown) => onError('', error)),
    );
    // Text in a binary frame is text all the same: some clients send nothing else.
    socket.on('message', (data) => {
      heard();
      intake.take(String(data));
    });
    socket.on('pong', heard);
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      intake.close();
      connection.close();
    });
  }

  async #post(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { origin } = request.headers;
    if (!this.#isWelcome(origin)) {
      response.writeHead(403).end();
      return;
    }
    if (origin !== undefined) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('access-control-allow-headers', 'content-type');
      response.setHeader('vary', 'origin');
      // Browsers ask besides whether a page from elsewhere may reach this machine.
      if (request.headers['access-control-request-private-network'] !== undefined)
        response.setHeader('access-control-allow-private-network', 'true');
    }
    const leave = this.#posts.take(hostOf(request), 1);
    if (leave === undefined) {
      response.writeHead(503, { connection: 'close' }).end();
      return;
    }
    const { methods, onError, maxPayload = MAX_PAYLOAD } = this.#options;
    await answerHttp(request, response, { methods, onError, maxPayload }).finally(leave);
  }
}
