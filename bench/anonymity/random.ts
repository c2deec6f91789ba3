/** Seeded numbers of chance: the same in every run and on every machine. */

/** Uniform whole numbers out of one seed (sfc32, Doty-Humphrey 2010). Nothing secret is drawn from it. */
export class Dice {
  #a: number;
  #b: number;
  #c = 0x9e3779b9;
  #counter = 1;

  /** @param seed a whole number; @param stream tells apart what is drawn for different purposes */
  constructor(seed: number, stream = 0) {
    this.#a = seed | 0;
    this.#b = stream | 0;
    for (let i = 0; i < 16; i++) this.word();
  }

  /** 32 bits. */
  word(): number {
    const out = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + out;
    return out >>> 0;
  }

  /** A whole number in [0, limit), without bias; `limit` at most 2^32. */
  below(limit: number): number {
    const most = 2 ** 32 - (2 ** 32 % limit);
    for (;;) {
      const word = this.word();
      if (word < most) return word % limit;
    }
  }

  /** `n` bytes. */
  bytes(n: number): Uint8Array {
    return Uint8Array.from({ length: n }, () => this.below(256));
  }

  /** True in `part` of `whole` cases. */
  chance(part: number, whole: number): boolean {
    return this.below(whole) < part;
  }

  /** A whole number from an exponential distribution of this mean, rounded down. */
  exponential(mean: number): number {
    return Math.floor(-Math.log((this.word() + 1) / 2 ** 32) * mean);
  }
}
