/** Reproducible draws for the demo's data: the same label gives the same shards, wrong labels and noise on every machine. Never for keys. */
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { Prg } from '../../primitives/crypto/prg.ts';

export class Draw {
  readonly #stream: Prg;

  constructor(...labels: (string | number)[]) {
    this.#stream = new Prg(hash32Of('tacit/demo-draw/1', ...labels));
  }

  /** Uniform in [0, 1), 48 bits. */
  unit(): number {
    return this.#stream.next(6).reduceRight((sum, byte) => 256 * sum + byte, 0) / 2 ** 48;
  }

  /** Uniform whole number in [0, bound), for bounds far below 2^48. */
  below(bound: number): number {
    return Math.floor(this.unit() * bound);
  }

  /** Standard normal (Box and Muller 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit());
  }

  /** 0 .. count-1 in random order (Fisher and Yates). */
  permutation(count: number): Uint32Array {
    const order = Uint32Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [order[i], order[j]] = [order[j] as number, order[i] as number];
    }
    return order;
  }
}
