/** Damaged inputs for everything that reads what comes from outside: a small run of `npm run fuzz`, and what it has found. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { fromHex } from '../../primitives/crypto/hex.ts';
import { TacitError } from '../../primitives/errors.ts';
import { attack, type BytesDecoder, wrongOf } from './attack.ts';
import { DECODERS } from './decoders/index.ts';
import { EXPLAINED } from './explained.ts';
import { decoders } from './found.ts';

const INPUTS = 400;
const corpus = JSON.parse(readFileSync(new URL('corpus.json', import.meta.url), 'utf8')) as Record<string, string[]>;

describe('fuzz', function () {
  it('every declaration that reads is fuzzed, or it is said why not', () => {
    const covered = DECODERS.flatMap(({ covers }) => covers);
    const all = decoders();
    expect(all.filter((name) => !covered.includes(name) && !EXPLAINED.has(name))).to.deep.equal([]);
    expect([...covered, ...EXPLAINED.keys()].filter((name) => !all.includes(name))).to.deep.equal([]);
    expect(covered.filter((name) => EXPLAINED.has(name))).to.deep.equal([]);
    expect(new Set(DECODERS.map(({ name }) => name)).size).to.equal(DECODERS.length);
  });

  for (const decoder of DECODERS) {
    it(`${decoder.name}: an error with a code, or a value that encodes back`, async () => {
      for (const text of corpus[decoder.name] ?? []) {
        expect(await wrongOf(decoder, decoder.texts === undefined ? fromHex(text) : text), text).to.equal(undefined);
      }
      expect(await attack(decoder, INPUTS, 1)).to.deep.equal([]);
    });
  }

  it('what was found is of decoders that there are', () => {
    expect(Object.keys(corpus).filter((name) => !DECODERS.some((one) => one.name === name))).to.deep.equal([]);
  });

  it('tells of other errors, another encoding, memory and time', async () => {
    const honest: BytesDecoder = {
      name: 'honest',
      covers: [],
      seeds: () => [new Uint8Array(8)],
      read: (bytes) => bytes,
    };
    const kinds: Readonly<Record<string, [read: BytesDecoder['read'], told: RegExp]>> = {
      'another error': [(bytes) => new Uint8Array(new DataView(bytes.buffer).getInt8(99)), /RangeError/],
      'another encoding': [(bytes) => bytes.with(0, 7), /another encoding: 0x07/],
      memory: [() => void (kept = new Uint8Array(64 << 20)), /bytes of memory/],
      time: [() => void busy(40), /ms and/],
    };
    let kept: unknown;
    for (const [name, [read, told]] of Object.entries(kinds)) {
      const [found] = await attack({ ...honest, read }, 0, 1);
      expect(found?.what, `${name} ${typeof kept}`).to.match(told);
    }
    const refusing = (): never => {
      throw new TacitError('test/refused', 'no');
    };
    expect(await attack({ ...honest, read: refusing }, 50, 1)).to.deep.equal([]);
    expect(await attack(honest, 50, 1)).to.deep.equal([]);
  });
});

function busy(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}
