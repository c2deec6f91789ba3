import type { EffectId } from './voter-io.ts';

/** The longest pause between two tries, in milliseconds. */
const LONGEST_PAUSE = 30_000;

/**
 * Something that must be done outside of the machine, such as a write to the disk. One try at a time; only the answer to a try
 * says that it is done, and a failed one is made again after a pause that grows. A newer wish replaces one that waits.
 */
export class Effect<T> {
  readonly #pause: number;
  readonly #nextId: () => EffectId;
  #wanted: T | undefined;
  #running: { readonly id: EffectId; readonly value: T } | undefined;
  #failures = 0;
  #notBefore = -Infinity;

  /** `pause`: milliseconds after the first failure; it doubles with each further one. */
  constructor(pause: number, nextId: () => EffectId) {
    this.#pause = pause;
    this.#nextId = nextId;
  }

  /** What is being done or will be. */
  get latest(): T | undefined {
    return this.#wanted ?? this.#running?.value;
  }

  want(value: T): void {
    this.#wanted = value;
  }

  /** Drops what waits and `isIdle` accepts. */
  forget(isIdle: (value: T) => boolean): void {
    if (this.#wanted !== undefined && isIdle(this.#wanted)) this.#wanted = undefined;
  }

  /** The try to make now, if it is time for one. */
  start(now: number): { readonly id: EffectId; readonly value: T } | undefined {
    if (this.#running !== undefined || this.#wanted === undefined || now < this.#notBefore) return undefined;
    this.#running = { id: this.#nextId(), value: this.#wanted };
    this.#wanted = undefined;
    return this.#running;
  }

  /** What the try was for, if it is ours. */
  done(id: EffectId): T | undefined {
    if (this.#running?.id !== id) return undefined;
    const { value } = this.#running;
    this.#running = undefined;
    this.#failures = 0;
    this.#notBefore = -Infinity;
    return value;
  }

  failed(id: EffectId, now: number): void {
    if (this.#running?.id !== id) return;
    this.#wanted ??= this.#running.value;
    this.#running = undefined;
    this.#notBefore = now + Math.min(LONGEST_PAUSE, this.#pause * 2 ** this.#failures++);
  }

  /** When {@link start} may have something that it has not now. */
  get wakeAt(): number | undefined {
    return this.#running === undefined && this.#wanted !== undefined ? this.#notBefore : undefined;
  }
}
