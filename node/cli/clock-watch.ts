/**
 * Whether this machine's clock agrees with the validators', by the slots of the blocks that arrive: a block is made at the beginning of its slot, so it comes
 * neither before that nor many slots later. No time server is asked.
 */

/** Blocks that are looked at together: one late or lying author among them changes nothing. */
const SAMPLE = 9;
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
   * Takes the time of arrival of a block that others have just made, and the beginning of its slot, in milliseconds since 1970.
   * @returns what to tell, once when the clock begins to be off; undefined otherwise
   */
  heard(slotStart: number, arrived: number): { readonly offMs: number; readonly what: string } | undefined {
    this.#offsets.push(arrived - slotStart);
    if (this.#offsets.length < SAMPLE) return undefined;
    this.#offsets = this.#offsets.slice(-SAMPLE);
    const offset = this.#offsets.toSorted((a, b) => a - b)[Math.floor(SAMPLE / 2)] ?? 0;
    const isOff = offset < 0 || offset > LATE_SLOTS * this.#slotMs;
    const isNews = isOff && !this.#doubted;
    this.#doubted = isOff;
    if (!isNews) return undefined;
    const seconds = (Math.abs(offset) / 1000).toFixed(1);
    const what =
      offset < 0
        ? `blocks arrive ${seconds} s before their time: this machine's clock is behind the validators'`
        : `blocks arrive ${seconds} s after their time: this machine's clock is ahead, or it is too busy or too far away`;
    return { offMs: Math.round(-offset), what };
  }
}
