import { MAX_BUNDLE_TRANSACTIONS, MAX_INLINE_TRANSACTION } from '../base/limits.ts';
import { transactionAnnouncement } from './wire.ts';

/** Milliseconds that a transaction waits for others to travel with. A message of its own for each cost a validator ten times the work of judging them. */
const GATHER_MS = 40;

/** Small transactions on their way out: what comes within a moment goes in one gossip message. */
export class Outbox {
  readonly #publish: (data: Uint8Array) => void;
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(publish: (data: Uint8Array) => void) {
    this.#publish = publish;
  }

  /** `bytes`: at most MAX_INLINE_TRANSACTION. */
  add(bytes: Uint8Array): void {
    const isFull = this.#waiting.length === MAX_BUNDLE_TRANSACTIONS;
    if (isFull || this.#bytes + bytes.length > MAX_INLINE_TRANSACTION) this.flush();
    this.#waiting.push(bytes);
    this.#bytes += bytes.length;
    this.#timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  /** Sends what waits, now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const value = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    this.#publish(transactionAnnouncement.codec.enc({ tag: 'bundle', value }));
  }
}
