/**
 * Whether this machine's clock agrees with the validators', by the slots of the blocks that arrive: a block is made at the beginning of its slot, so it comes
 * neither before that nor many slots later. No time server is asked. A machine that is too busy hears of blocks late as well: its clock is not doubted for that.
 */

/** Blocks that are looked at together, and how many of them must tell the same: a third of the authors may be late or lie. */
const SAMPLE = 9;
const AGREED = 6;
/** Slots that a block may be under way before the clock is doubted. */
const LATE_SLOTS = 4;

export class ClockWatch {
  readonly #slotMs: number;
  #offsets: number[] = [];
  #doubted = false;

  constructor(slotMs: number) {
    this.#slotMs = slotMs;
  }

  /**
   * Takes the time of arrival of a block that others have just made, and the beginning of its slot, in milliseconds since 1970; and whether this process has been
   * busy while it was under way. What a busy one hears late says nothing of the clock; nothing makes a block come early.
   * @returns what to tell, once when the clock begins to be off; undefined otherwise
   */
  heard(
    slotStart: number,
    arrived: number,
    isBusy: boolean,
  ): { readonly offMs: number; readonly what: string } | undefined {
    const late = arrived - slotStart;
    if (isBusy && late >= 0) return undefined;
    this.#offsets.push(late);
    if (this.#offsets.length < SAMPLE) return undefined;
    this.#offsets = this.#offsets.slice(-SAMPLE);
    const offset = this.#agreed();
    const isOff = offset !== undefined;
    const isNews = isOff && !this.#doubted;
    this.#doubted = isOff;
    if (!isNews) return undefined;
    const seconds = (Math.abs(offset) / 1000).toFixed(1);
    const what =
      offset < 0
        ? `blocks arrive ${seconds} s before their time: this machine's clock is behind the validators'`
        : `blocks arrive ${seconds} s after their time: this machine's clock is ahead, or they are that long under way`;
    return { offMs: Math.round(-offset), what };
  }

  /** By how much the clock is off, if enough blocks say so and agree: a clock is off for all blocks alike, a queue is not. */
  #agreed(): number | undefined {
    const sorted = this.#offsets.toSorted((a, b) => a - b);
    for (let first = 0; first + AGREED <= sorted.length; first++) {
      const [low, high] = [sorted[first] ?? 0, sorted[first + AGREED - 1] ?? 0];
      const isOff = high < 0 || low > LATE_SLOTS * this.#slotMs;
      if (isOff && high - low <= this.#slotMs) return sorted[first + AGREED / 2] ?? low;
    }
    return undefined;
  }
}
