import { randomBytes } from 'node:crypto';
import { isTacitError } from '../../primitives/errors.ts';
import type { Giver } from '../base/givers.ts';
import { CLIENT_ERROR, clientErrorOf, INTERNAL_ERROR, METHOD_NOT_FOUND, RpcError } from './errors.ts';

/** Subscriptions that one connection may hold. */
const MAX_SUBSCRIPTIONS = 1024;

export interface Subscription {
  readonly id: string;
  /** Sends a notification; nothing once the subscription has ended. */
  notify(result: unknown): void;
  /** To be awaited between the parts of what may be large: resolves when the client has read most of what it was sent; undefined if it has. */
  room(): Promise<void> | undefined;
  /** Ends it from our side. */
  end(): void;
}

/** A request being answered: jobs to run when the answer is on its way. */
interface Answering {
  afterReply(job: () => void): void;
}

export interface ConnectionOptions {
  /** Undefined where nothing can be sent unasked (plain HTTP). */
  readonly send: ((message: string) => void) | undefined;
  /** See {@link Subscription.room}; undefined where nothing is kept for the client. */
  readonly room?: () => Promise<void> | undefined;
  readonly onError: (method: string, error: unknown) => void;
  /** Who the client is. */
  readonly giver: Giver;
}

/** One client: how to notify it, and what it has subscribed to. */
export class Connection {
  readonly #send: ((message: string) => void) | undefined;
  readonly #room: () => Promise<void> | undefined;
  readonly #onError: (method: string, error: unknown) => void;
  readonly #subscriptions = new Map<string, { kind: string; stop: () => void }>();
  readonly #cleanups = new Set<() => void>();
  #closed = false;
  readonly giver: Giver;

  constructor({ send, room, onError, giver }: ConnectionOptions) {
    this.#send = send;
    this.#room = room ?? (() => undefined);
    this.#onError = onError;
    this.giver = giver;
  }

  /** Whether the client is of this machine: see `isOfThisMachine`. */
  get isLocal(): boolean {
    return this.giver[0] === 'own';
  }

  get subscriptions(): number {
    return this.#subscriptions.size;
  }

  /** Subscriptions of a kind, those included that begin when their answer is on its way. */
  count(kind: string): number {
    return [...this.#subscriptions.values()].filter((subscription) => subscription.kind === kind).length;
  }

  /**
   * Subscribes the caller and returns the identifier to answer with. `start` runs after the answer; what it returns is
   * run when the subscription ends.
   * @param kind by which {@link unsubscribe} recognises it
   */
  subscribe(call: Answering, kind: string, notification: string, start: (own: Subscription) => () => void): string {
    const send = this.#send;
    if (!send) throw new RpcError(METHOD_NOT_FOUND, 'subscriptions need a WebSocket connection');
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS) {
      throw new RpcError(CLIENT_ERROR, `a connection holds at most ${MAX_SUBSCRIPTIONS} subscriptions`);
    }
    const id = randomBytes(8).toString('hex');
    const entry = { kind, stop: (): void => undefined };
    this.#subscriptions.set(id, entry);
    const alive = (): boolean => this.#subscriptions.get(id) === entry;
    const own: Subscription = {
      id,
      notify: (result) => {
        if (!alive()) return;
        send(JSON.stringify({ jsonrpc: '2.0', method: notification, params: { subscription: id, result } }));
      },
      room: this.#room,
      end: () => this.#end(id),
    };
    call.afterReply(() => {
      if (!alive()) return;
      try {
        const stop = start(own);
        if (alive()) entry.stop = stop;
        else stop();
      } catch (error) {
        this.#onError(notification, error);
        own.end();
      }
    });
    return id;
  }

  /** Whether there was such a subscription. */
  unsubscribe(kind: string, id: unknown): boolean {
    if (typeof id !== 'string' || this.#subscriptions.get(id)?.kind !== kind) return false;
    this.#end(id);
    return true;
  }

  /** Has `job` run when the client goes. Returns how to withdraw that. */
  onClose(job: () => void): () => void {
    if (this.#closed) job();
    else this.#cleanups.add(job);
    return () => this.#cleanups.delete(job);
  }

  close(): void {
    this.#closed = true;
    for (const id of this.#subscriptions.keys()) this.#end(id);
    for (const job of this.#cleanups) job();
    this.#cleanups.clear();
  }

  /** Errors of ours tell their code; anything else is a fault that is logged and not shown. */
  asRpcError(method: string, error: unknown): RpcError {
    if (error instanceof RpcError) return error;
    if (isTacitError(error)) return new RpcError(clientErrorOf(method), `Client error: ${error.message}`, error.code);
    this.#onError(method, error);
    return new RpcError(INTERNAL_ERROR, 'Internal error');
  }

  #end(id: string): void {
    const entry = this.#subscriptions.get(id);
    this.#subscriptions.delete(id);
    entry?.stop();
  }
}
