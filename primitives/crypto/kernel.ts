/** The compiled crypto kernel, one instance per thread, made at first use: the curve (points.ts), key streams (prg.ts) and their authentication (aead.ts). */
import { Kernel, type Ptr } from '../kernel.ts';
import base64 from './asm/build/kernel.mjs';

/** Exports of asm/index.ts. */
export interface CryptoExports {
  curveConstants(block: Ptr, values: Ptr): void;
  decodePoints(r: Ptr, encodings: Ptr, n: number, block: Ptr): number;
  multiScalar(
    bytes: Ptr,
    points: Ptr,
    scalars: Ptr,
    n: number,
    width: number,
    digits: Ptr,
    buckets: Ptr,
    block: Ptr,
  ): void;
  multiples(bytes: Ptr, point: Ptr, scalars: Ptr, n: number, room: Ptr, block: Ptr): void;
  chacha(data: Ptr, bytes: number, key: Ptr, counter: number): void;
  polyBegin(state: Ptr, key: Ptr): void;
  polyBlocks(state: Ptr, data: Ptr, bytes: number): void;
  polyEnd(tag: Ptr, state: Ptr, key: Ptr): void;
}

let instance: Kernel<CryptoExports> | undefined;

/** The kernel of this thread. */
export function cryptoKernel(): Kernel<CryptoExports> {
  instance ??= new Kernel<CryptoExports>(base64);
  return instance;
}
