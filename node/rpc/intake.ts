/** Requests open at one time of one WebSocket client. */
const MAX_OPEN = 1024;
/** It is read again when so many are left. */
const RESUME_AT = MAX_OPEN / 2;

/** What the intake stops when a client sends more than can be answered. */
interface Source {
  pause(): void;
  resume(): void;
}

/** Where the answers go. */
interface Drain {
  /** Whether the client has read most of what it was sent. */
  readonly hasRoom: boolean;
}

/**
 * Takes a client's requests as fast as they are answered and the answers are read: one in a turn of the event loop, so that others have theirs, and none while much
 * waits for the client. More than that slows the client down: its socket is not read until most of what is open is done, and what has arrived
 * meanwhile waits.
 */
export class Intake {
  readonly #source: Source;
  readonly #answer: (text: string) => Promise<void>;
  readonly #drain: Drain;
  readonly #waiting: string[] = [];
  #open = 0;
  #isPaused = false;
  /** The turn has had its request. */
  #isTurnTaken = false;
  #isClosed = false;

  constructor(source: Source, drain: Drain, answer: (text: string) => Promise<void>) {
    this.#source = source;
    this.#drain = drain;
    this.#answer = answer;
  }

  take(text: string): void {
    this.#waiting.push(text);
    this.go();
  }

  /** Begins what can be begun: to be called when the client has read something. */
  go(): void {
    if (this.#isClosed) return;
    if (!this.#isTurnTaken && this.#open < MAX_OPEN && this.#drain.hasRoom) this.#begin();
    if (this.#waiting.length > 0 && !this.#isPaused) {
      this.#isPaused = true;
      this.#source.pause();
    } else if (this.#isPaused && this.#waiting.length === 0 && this.#open <= RESUME_AT) {
      this.#isPaused = false;
      this.#source.resume();
    }
  }

  /** The client is gone: what it has asked and nobody has begun is not done. */
  close(): void {
    this.#isClosed = true;
    this.#waiting.length = 0;
  }

  #begin(): void {
    const text = this.#waiting.shift();
    if (text === undefined) return;
    this.#open++;
    this.#isTurnTaken = true;
    setImmediate(() => {
      this.#isTurnTaken = false;
      this.go();
    });
    void this.#answer(text).finally(() => {
      this.#open--;
      this.go();
    });
  }
}
