/**
 * The two loops that training spends its time in, as WebAssembly with vectors of four single floats: the same bits on every machine, products and sums in the order of
 * client/demo/softmax.ts. Compiled when it is first needed; about a second.
 */
import { PIXELS } from '../../client/demo/mnist.ts';
import type { Examples } from '../../client/demo/softmax.ts';
import { TacitError } from '../../primitives/errors.ts';
import { assemble } from '../../tools/assembly.mjs';

const PAGE = 65_536;
const FLOAT = 4;
/** Floats of one pixel's weights: ten classes in three vectors, two places empty. */
export const ROW = 12;
/** Floats of a model: a row for each pixel, and one for the biases. */
export const MODEL: number = (PIXELS + 1) * ROW;
const ROW_BYTES = ROW * FLOAT;

const vectors = (line: (k: number) => string): string => [0, 1, 2].map(line).join('\n');

const SOURCE = `
export function forward(w: usize, starts: usize, rows: usize, inks: usize, count: u32, out: usize): void {
  const bias = w + ${PIXELS * ROW_BYTES};
  for (let i: u32 = 0; i < count; i++) {
${vectors((k) => `    let z${k} = v128.load(bias, ${16 * k});`)}
    const to = load<u32>(starts + 4 * (i + 1));
    for (let n = load<u32>(starts + 4 * i); n < to; n++) {
      const r = w + load<u32>(rows + 4 * n);
      const x = v128.load_splat<f32>(inks + 4 * n);
${vectors((k) => `      z${k} = f32x4.add(z${k}, f32x4.mul(v128.load(r, ${16 * k}), x));`)}
    }
    const o = out + ${ROW_BYTES} * i;
${vectors((k) => `    v128.store(o, z${k}, ${16 * k});`)}
  }
}
export function backward(g: usize, starts: usize, rows: usize, inks: usize, count: u32, errors: usize): void {
  const bias = g + ${PIXELS * ROW_BYTES};
  memory.fill(g, 0, ${MODEL * FLOAT});
  for (let i: u32 = 0; i < count; i++) {
    const e = errors + ${ROW_BYTES} * i;
${vectors((k) => `    const e${k} = v128.load(e, ${16 * k});`)}
    const to = load<u32>(starts + 4 * (i + 1));
    for (let n = load<u32>(starts + 4 * i); n < to; n++) {
      const r = g + load<u32>(rows + 4 * n);
      const x = v128.load_splat<f32>(inks + 4 * n);
${vectors((k) => `      v128.store(r, f32x4.add(v128.load(r, ${16 * k}), f32x4.mul(e${k}, x)), ${16 * k});`)}
    }
${vectors((k) => `    v128.store(bias, f32x4.add(v128.load(bias, ${16 * k}), e${k}), ${16 * k});`)}
  }
}
`;

type Pass = (weights: number, starts: number, rows: number, inks: number, count: number, perExample: number) => void;

async function compile(): Promise<WebAssembly.Module> {
  try {
    return new WebAssembly.Module(await assemble((name) => (name === 'index.ts' ? SOURCE : null)));
  } catch (error) {
    throw new TacitError('fairness/kernel', `the training kernel does not compile: ${(error as Error).message}`);
  }
}

/** Examples as the kernel holds them: addresses in its memory. */
export interface Loaded {
  readonly count: number;
  readonly labels: Uint8Array;
  readonly starts: number;
  readonly rows: number;
  readonly inks: number;
  readonly scratch: number;
}

export class Kernel {
  readonly #memory = new WebAssembly.Memory({ initial: 1 });
  readonly #forward: Pass;
  readonly #backward: Pass;
  readonly #loaded = new Map<Examples, Loaded>();
  #top = PAGE;
  readonly #weightsAt: number;
  readonly #gradientAt: number;

  private constructor(module: WebAssembly.Module) {
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    this.#forward = exports['forward'] as Pass;
    this.#backward = exports['backward'] as Pass;
    this.#weightsAt = this.#reserve(MODEL * FLOAT);
    this.#gradientAt = this.#reserve(MODEL * FLOAT);
  }

  static async create(): Promise<Kernel> {
    return new Kernel(await compile());
  }

  /** Room for a model, and for the gradient that {@link gradient} leaves. Views: take them again after examples were loaded. */
  get weights(): Float32Array {
    return new Float32Array(this.#memory.buffer, this.#weightsAt, MODEL);
  }

  get slope(): Float32Array {
    return new Float32Array(this.#memory.buffer, this.#gradientAt, MODEL);
  }

  /** Logits, or errors, of each example: a view too. */
  scratchOf({ scratch, count }: Loaded): Float32Array {
    return new Float32Array(this.#memory.buffer, scratch, count * ROW);
  }

  /** Puts examples into the kernel's memory, or finds them there. */
  load(examples: Examples): Loaded {
    const known = this.#loaded.get(examples);
    if (known) return known;
    const { count, labels, starts, pixels, inks } = examples;
    const [startsAt, rowsAt] = [this.#reserve(4 * starts.length), this.#reserve(4 * pixels.length)];
    const [inksAt, scratchAt] = [this.#reserve(FLOAT * inks.length), this.#reserve(ROW_BYTES * count)];
    const { buffer } = this.#memory;
    new Uint32Array(buffer, startsAt, starts.length).set(starts);
    const rows = new Uint32Array(buffer, rowsAt, pixels.length);
    for (let k = 0; k < rows.length; k++) rows[k] = (pixels[k] as number) * ROW_BYTES;
    new Float32Array(buffer, inksAt, inks.length).set(inks);
    const loaded = { count, labels, starts: startsAt, rows: rowsAt, inks: inksAt, scratch: scratchAt };
    this.#loaded.set(examples, loaded);
    return loaded;
  }

  /** Logits of all examples under {@link weights}, into their scratch. */
  logits({ starts, rows, inks, count, scratch }: Loaded): void {
    this.#forward(this.#weightsAt, starts, rows, inks, count, scratch);
  }

  /** The gradient of what the scratch holds (errors of each example), into {@link slope}. */
  gradient({ starts, rows, inks, count, scratch }: Loaded): void {
    this.#backward(this.#gradientAt, starts, rows, inks, count, scratch);
  }

  /** Forgets all examples: what is loaded next takes their place. */
  clear(): void {
    this.#loaded.clear();
    this.#top = this.#gradientAt + MODEL * FLOAT;
  }

  #reserve(bytes: number): number {
    const from = Math.ceil(this.#top / 16) * 16;
    this.#top = from + bytes;
    const missing = this.#top - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE));
    return from;
  }
}
