import { MAX_BUNDLE_TRANSACTIONS, MAX_INLINE_TRANSACTION } from '../base/limits.ts';
import { transactionAnnouncement } from './wire.ts';

/** Milliseconds between two messages. A message of its own for each transaction cost a validator ten times the work of judging them. */
const GATHER_MS = 40;

/** Small transactions on their way out: the first after a rest goes at once, with what comes in the same turn; what follows within a moment goes in one message. */
export class Outbox {
  readonly #publish: (data: Uint8Array) => void;
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  /** Runs while a message is planned, or a moment has not gone by since the last. */
  #timer: NodeJS.Timeout | undefined;

  constructor(publish: (data: Uint8Array) => void) {
    this.#publish = publish;
  }

  /** `bytes`: at most MAX_INLINE_TRANSACTION. */
  add(bytes: Uint8Array): void {
    const isFull = this.#waiting.length === MAX_BUNDLE_TRANSACTIONS;
    if (isFull || this.#bytes + bytes.length > MAX_INLINE_TRANSACTION) this.#send();
    this.#waiting.push(bytes);
    this.#bytes += bytes.length;
    if (this.#timer === undefined) this.#plan(0);
  }

  /** Sends what waits, now, and nothing by itself after that. */
  close(): void {
    clearTimeout(this.#timer);
    this.#send();
  }

  #plan(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#waiting.length === 0) return;
      this.#send();
      this.#plan(GATHER_MS);
    }, ms);
  }

  #send(): void {
    if (this.#waiting.length === 0) return;
    const value = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    this.#publish(transactionAnnouncement.codec.enc({ tag: 'bundle', value }));
  }
}
