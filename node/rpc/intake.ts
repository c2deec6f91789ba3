/** Requests open at one time of one WebSocket client. */
const MAX_OPEN = 1024;
/** It is read again when so many are left. */
const RESUME_AT = MAX_OPEN / 2;

/** What the intake stops when a client sends more than can be answered. */
interface Source {
  pause(): void;
  resume(): void;
}

/**
 * Takes a client's requests as fast as they are answered. More than that slows the client down: its socket is not read until most of what is open is done, and
 * what has arrived meanwhile waits.
 */
export class Intake {
  readonly #source: Source;
  readonly #answer: (text: string) => Promise<void>;
  readonly #waiting: string[] = [];
  #open = 0;
  #isPaused = false;

  constructor(source: Source, answer: (text: string) => Promise<void>) {
    this.#source = source;
    this.#answer = answer;
  }

  /** Requests that have no answer yet. */
  get open(): number {
    return this.#open + this.#waiting.length;
  }

  take(text: string): void {
    this.#waiting.push(text);
    this.#go();
  }

  #go(): void {
    while (this.#open < MAX_OPEN) {
      const text = this.#waiting.shift();
      if (text === undefined) break;
      this.#open++;
      void this.#answer(text).finally(() => {
        this.#open--;
        this.#go();
      });
    }
    if (this.#waiting.length > 0 && !this.#isPaused) {
      this.#isPaused = true;
      this.#source.pause();
    } else if (this.#isPaused && this.#waiting.length === 0 && this.#open <= RESUME_AT) {
      this.#isPaused = false;
      this.#source.resume();
    }
  }
}
