import { compact as compactOracle } from '@polkadot-api/substrate-bindings';
import { TypeRegistry } from '@polkadot/types';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { isTacitError } from '../../../primitives/errors.ts';
import {
  bool,
  bounded,
  bytes,
  compact,
  decodeAll,
  enumeration,
  fixed,
  i32,
  lazy,
  option,
  rawBytes,
  result,
  signable,
  str,
  struct,
  type Ty,
  tuple,
  u8,
  u16,
  u32,
  u64,
  u128,
  unit,
  vec,
  Writer,
} from '../../../primitives/scale/index.ts';

const code = (body: () => unknown): string => {
  try {
    body();
  } catch (error) {
    if (isTacitError(error)) return error.code;
    throw error;
  }
  return 'no error';
};
const u32s = fc.integer({ min: 0, max: 0xffffffff });
const u64s = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
const u128s = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n });
const blobs = fc.uint8Array({ maxLength: 80 });

const shape = enumeration('test::Shape', {
  Nothing: null,
  One: u16,
  Many: [u8, bounded(vec(u64), 5)],
  Named: { id: compact(u128), label: str, flag: bool, maybe: option(bytes) },
});
const everything = struct('test::Everything', {
  a: u8,
  b: i32,
  c: tuple(u64, u128),
  d: vec(shape),
  e: fixed(3),
  f: result(unit, u32),
  g: compact(u32),
});
const shapes = fc.oneof(
  fc.constant({ tag: 'Nothing' as const, value: undefined }),
  fc.record({ tag: fc.constant('One' as const), value: fc.integer({ min: 0, max: 65535 }) }),
  fc.record({
    tag: fc.constant('Many' as const),
    value: fc.tuple(fc.integer({ min: 0, max: 255 }), fc.array(u64s, { maxLength: 5 })),
  }),
  fc.record({
    tag: fc.constant('Named' as const),
    value: fc.record({
      id: u128s,
      label: fc.string({ unit: 'grapheme', maxLength: 12 }),
      flag: fc.boolean(),
      maybe: fc.option(blobs, { nil: undefined }),
    }),
  }),
);
const values = fc.record({
  a: fc.integer({ min: 0, max: 255 }),
  b: fc.integer({ min: -0x80000000, max: 0x7fffffff }),
  c: fc.tuple(u64s, u128s),
  d: fc.array(shapes, { maxLength: 6 }),
  e: fc.uint8Array({ minLength: 3, maxLength: 3 }),
  f: fc.oneof(
    fc.constant({ tag: 'Ok' as const, value: undefined }),
    fc.record({ tag: fc.constant('Err' as const), value: u32s }),
  ),
  g: u32s,
});

describe('primitives/scale', () => {
  it('round-trips every kind of type', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(decodeAll(everything, everything.codec.enc(value))).to.deep.equal(value);
      }),
    );
  });

  it('has one encoding per value: whatever decodes encodes to the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (input) => {
        let decoded: ReturnType<typeof shape.codec.dec>;
        try {
          decoded = shape.codec.dec(input);
        } catch (error) {
          expect(isTacitError(error)).to.equal(true);
          return;
        }
        expect(shape.codec.enc(decoded)).to.deep.equal(input);
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses every proper prefix and every longer input', () => {
    fc.assert(
      fc.property(values, fc.nat(), (value, cut) => {
        const encoded = everything.codec.enc(value);
        const prefix = encoded.subarray(0, cut % encoded.length);
        expect(code(() => everything.codec.dec(prefix))).to.match(/^scale\/(truncated|not-canonical)$/);
        expect(code(() => everything.codec.dec(Uint8Array.from([...encoded, 0])))).to.equal('scale/trailing');
      }),
    );
  });

  it('encodes as polkadot.js and PAPI do', () => {
    const registry = new TypeRegistry();
    fc.assert(
      fc.property(u128s, u32s, blobs, fc.string({ unit: 'grapheme', maxLength: 20 }), (wide, narrow, blob, text) => {
        expect(compact(u128).codec.enc(wide)).to.deep.equal(registry.createType('Compact<u128>', wide).toU8a());
        expect(compact(u32).codec.enc(narrow)).to.deep.equal(compactOracle.enc(narrow));
        const both = tuple(bytes, str, option(u32), u128);
        const ours = both.codec.enc([blob, text, narrow, wide]);
        expect(ours).to.deep.equal(registry.createType('(Bytes, Text, Option<u32>, u128)', ours).toU8a());
        expect(ours).to.deep.equal(
          registry
            .createType('(Bytes, Text, Option<u32>, u128)', [
              registry.createType('Bytes', Array.from(blob)),
              text,
              narrow,
              wide,
            ])
            .toU8a(),
        );
      }),
    );
  });

  it('refuses compact integers that are longer than needed', () => {
    for (const input of [
      [0x01, 0x00],
      [0xfd, 0x00],
      [0x02, 0x00, 0x00, 0x00],
      [0x03, 0x01, 0x00, 0x00, 0x00],
      [0x07, 1, 2, 3, 4, 0],
    ]) {
      expect(
        code(() => compact(u64).codec.dec(Uint8Array.from(input))),
        String(input),
      ).to.equal('scale/not-canonical');
    }
    expect(compact(u32).codec.dec(Uint8Array.from([0x03, 0xff, 0xff, 0xff, 0xff]))).to.equal(0xffffffff);
    expect(code(() => compact(u32).codec.dec(compact(u64).codec.enc(1n << 32n)))).to.equal('scale/out-of-range');
    expect(code(() => compact(u8).codec.dec(Uint8Array.from([0x01, 0x04])))).to.equal('scale/out-of-range');
  });

  it('bounds lengths before it allocates', () => {
    const announced = (length: number) => compact(u32).codec.enc(length);
    expect(code(() => vec(u64).codec.dec(announced(0x3fffffff)))).to.equal('scale/truncated');
    expect(code(() => vec(unit).codec.dec(announced(0x3fffffff)))).to.equal('scale/truncated');
    expect(code(() => bytes.codec.dec(announced(0xffffffff)))).to.equal('scale/truncated');
    expect(code(() => bounded(bytes, 4).codec.dec(bytes.codec.enc(new Uint8Array(5))))).to.equal('scale/too-long');
    expect(code(() => bounded(bytes, 4).codec.enc(new Uint8Array(5)))).to.equal('scale/too-long');
    expect(code(() => bounded(str, 4).codec.enc('äöü'))).to.equal('scale/too-long');
    expect(code(() => bounded(vec(u8), 2).codec.enc([1, 2, 3]))).to.equal('scale/too-long');
  });

  it('refuses bools, options, variants and texts that are none', () => {
    expect(code(() => bool.codec.dec(Uint8Array.of(2)))).to.equal('scale/not-canonical');
    expect(code(() => option(u8).codec.dec(Uint8Array.of(2, 0)))).to.equal('scale/not-canonical');
    expect(code(() => shape.codec.dec(Uint8Array.of(9)))).to.equal('scale/no-such-variant');
    expect(code(() => str.codec.dec(Uint8Array.of(4, 0xff)))).to.equal('scale/bad-text');
    expect(code(() => enumeration('x', { A: null, B: null }, { indexes: { B: 0 } }))).to.equal('scale/duplicate-index');
  });

  it('refuses values that do not fit', () => {
    expect(code(() => u8.codec.enc(256))).to.equal('scale/out-of-range');
    expect(code(() => u32.codec.enc(-1))).to.equal('scale/out-of-range');
    expect(code(() => u16.codec.enc(1.5))).to.equal('scale/out-of-range');
    expect(code(() => u64.codec.enc(1n << 64n))).to.equal('scale/out-of-range');
    expect(code(() => u128.codec.enc(-1n))).to.equal('scale/out-of-range');
    expect(code(() => compact(u32).codec.enc(2 ** 32))).to.equal('scale/out-of-range');
    expect(code(() => fixed(3).codec.enc(new Uint8Array(2)))).to.equal('scale/wrong-length');
  });

  it('refuses nesting without end', () => {
    interface Tree {
      children: Tree[];
    }
    const tree: Ty<Tree> = struct('test::Tree', { children: vec(lazy((): Ty<Tree> => tree)) });
    const deep = new Uint8Array(1000).fill(4);
    expect(code(() => tree.codec.dec(deep))).to.equal('scale/too-deep');
    expect(tree.codec.dec(Uint8Array.of(8, 0, 4, 0))).to.deep.equal({
      children: [{ children: [] }, { children: [{ children: [] }] }],
    });
  });

  it('a writer grows, and gives back what is truncated', () => {
    const writer = new Writer(1);
    writer.u64(7n);
    writer.raw(new Uint8Array(1000).fill(9));
    writer.truncate(8);
    writer.u8(5);
    expect(writer.finish()).to.deep.equal(Uint8Array.of(7, 0, 0, 0, 0, 0, 0, 0, 5));
    expect(code(() => writer.truncate(10))).to.equal('scale/out-of-range');
  });
});

describe('values that remember the bytes they were read from', () => {
  const post = signable(struct('test::Post', { round: u32, words: vec(compact(u32)), body: bytes }));
  const sent = struct('test::Sent', { before: u8, post, after: u8 });

  it('have them as they stood in a message, and they are what the value is written as', () => {
    const values = fc.record({
      before: fc.nat(255),
      post: fc.record({ round: fc.nat(), words: fc.array(fc.nat()), body: fc.uint8Array() }),
      after: fc.nat(255),
    });
    fc.assert(
      fc.property(values, (value) => {
        const encoded = sent.codec.enc(value);
        const read = sent.codec.dec(encoded);
        const raw = rawBytes(post, read.post);
        // whoever has brought them reads something else into the same buffer
        encoded.fill(0xff);
        expect(raw).to.deep.equal(post.codec.enc(value.post));
        expect(post.codec.enc(read.post)).to.deep.equal(raw);
        // nothing is put together for them
        expect(rawBytes(post, read.post)).to.equal(raw);
        // what was made here is
        expect(rawBytes(post, { ...read.post, round: 7 })).to.deep.equal(post.codec.enc({ ...value.post, round: 7 }));
      }),
    );
  });
});
