import { expect } from 'chai';
import * as fc from 'fast-check';
import { closeBins, closingWeight, digitsFor } from '../../../pallets/notes/bins.ts';
import { BIN_NOTES, CHUNK_NOTES, LEAST_CLAIM, mintNotes, notes } from '../../../pallets/notes/index.ts';
import { type BinRecord, MAX_CLASSES } from '../../../pallets/notes/types.ts';
import { DB_READ, DB_WRITE, weightOfMicros } from '../../../pallets/support/index.ts';
import { genesisHash } from '../../../pallets/system/index.ts';
import { at, present } from '../../../primitives/at.ts';
import { denominationBelow, isDenomination } from '../../../primitives/proofs/denominations.ts';
import { openHiddenBin } from '../../../primitives/proofs/hidden-bin.ts';
import { strangers } from '../../primitives/proofs/support/hidden.ts';
import { binOf, openBin } from '../../support/spend.ts';
import { account, GRAINS, mint, mintStrangers, nextBlock, notesChain, type NotesChain, paid, T } from './support.ts';

const bins = ({ chain }: NotesChain, id = 0): BinRecord[] => {
  const { store } = notes.use(chain.ctx);
  return Array.from({ length: at(store.classes.get(), id).bins }, (_, bin) =>
    present(store.bins.get(id, bin), 'a bin'),
  );
};
const shapes = (test: NotesChain, id = 0) => bins(test, id).map(({ first, count, digits }) => [first, count, digits]);

const all = strangers(2_500);
/** Hashing and encoding, as it was measured at the least. */
const MICROS_OF_A_BIN = weightOfMicros(1_000);

describe('pallets/notes: bins', function () {
  it('are closed when they have 1,024 notes, in the block that brings the last', () => {
    const test = notesChain({ BinLeast: 1_024n, BinWait: 40_000n, BinPatience: 50_000n });
    mintStrangers(test.chain, all.slice(0, 1_023), 1_023n * 30_000n);
    nextBlock(test, 10);
    expect(shapes(test)).to.deep.equal([]);
    mintStrangers(test.chain, all.slice(1_023, 1_024), 30_000n);
    expect(shapes(test)).to.deep.equal([]);
    nextBlock(test);
    expect(shapes(test)).to.deep.equal([[0, BIN_NOTES, 5]]);
    const events = bins(test).map(({ closedAt }) => closedAt);
    expect(events).to.deep.equal([test.chain.ctx.block - 1]);
  });

  it('are closed with enough notes after their wait, and with any number when their patience is over', () => {
    const test = notesChain({ BinLeast: 3n, BinWait: 4n, BinPatience: 9n });
    const { chain } = test;
    mintStrangers(chain, all.slice(0, 2), 60_000n);
    const begun = chain.ctx.block;
    // Two are too few.
    chain.runToBlock(begun + 9);
    expect(shapes(test)).to.deep.equal([]);
    nextBlock(test);
    expect(shapes(test)).to.deep.equal([[0, 2, 3]]);
    mintStrangers(chain, all.slice(2, 5), 90_000n);
    const again = chain.ctx.block;
    chain.runToBlock(again + 4);
    expect(shapes(test)).to.have.length(1);
    nextBlock(test);
    expect(shapes(test).at(-1)).to.deep.equal([2, 3, 3]);
    expect(bins(test).map(({ closedAt }) => closedAt)).to.deep.equal([begun + 9, again + 4]);
    // The wait counts from the first note, not from the last.
    mintStrangers(chain, all.slice(5, 6), 30_000n);
    const third = chain.ctx.block;
    chain.runToBlock(third + 6);
    mintStrangers(chain, all.slice(6, 8), 60_000n);
    nextBlock(test);
    expect(bins(test).at(-1)).to.include({ first: 5, count: 3, closedAt: third + 6 });
    // Nothing is closed where nothing is.
    nextBlock(test, 30);
    expect(shapes(test)).to.have.length(3);
  });

  it('follow each other without a gap, and their bytes are those of the list', () => {
    const test = notesChain({ BinLeast: 1_024n, BinPatience: 20n });
    const { chain } = test;
    mintStrangers(chain, all.slice(0, 1_000), 1_000n * 30_000n);
    nextBlock(test);
    mintStrangers(chain, all.slice(1_000, 2_500), 1_500n * 90_000n + 7n);
    expect(notes.use(chain.ctx).store.full.get()).to.have.length(2);
    nextBlock(test, 30);
    expect(shapes(test)).to.deep.equal([
      [0, 1_024, 5],
      [1_024, 1_024, 5],
      [2_048, 452, 5],
    ]);
    const { modulus, grains } = at(notes.use(chain.ctx).store.classes.get(), 0);
    bins(test).forEach(({ first, count, digits, root }, index) => {
      const own = openHiddenBin({
        genesis: genesisHash(chain.ctx),
        modulus,
        grains,
        index,
        digits,
        notes: all.slice(first, first + count),
      });
      expect(own.root).to.deep.equal(root);
      expect(openBin(chain.ctx, 0, index).root).to.deep.equal(root);
    });
    for (const [number, bin] of [
      [0, 0],
      [1_023, 0],
      [1_024, 1],
      [2_047, 1],
      [2_048, 2],
      [2_499, 2],
    ]) {
      expect(binOf(chain.ctx, { class: 0, number: number! })).to.equal(bin);
    }
    for (const number of [2_500, 4_000_000_000]) expect(() => binOf(chain.ctx, { class: 0, number })).to.throw();
    expect(() => binOf(chain.ctx, { class: 1, number: 0 })).to.throw();
    // What rounds brought is divided among the bins to the unit: 24 of 1,500 notes stand in the first.
    const brought = [(1_000n * 30_000n + ((1_500n * 90_000n + 7n) * 24n) / 1_500n) / 1_024n, 90_000n, 90_000n];
    expect(bins(test).map(({ largest }) => largest)).to.deep.equal(brought.map((mean) => denominationBelow(mean)));
  });

  it('take the largest denomination not above the mean of what rounds brought in, change left out', () => {
    const test = notesChain();
    const { chain } = test;
    const held = mint(test, [10n ** 7n * GRAINS, 30_000n * GRAINS, 30_000n * GRAINS]);
    nextBlock(test, 2);
    const mean = (10n ** 7n + 60_000n) / 3n;
    expect(bins(test).map(({ largest }) => largest)).to.deep.equal([2_000_000n]);
    expect(denominationBelow(mean)).to.equal(2_000_000n);
    // Change alone takes that of the bin before, however little it is.
    paid(test, at(held, 1), { amount: 20_000n, destination: account('a') });
    nextBlock(test, 2);
    expect(bins(test).at(-1)).to.include({ first: 3, count: 1, largest: 2_000_000n });
    // With one note of a round beside much change, that note decides.
    paid(test, at(held, 2), { amount: 20_000n, destination: account('b'), split: 1n });
    paid(test, at(held, 0), { amount: 1_000_000n, destination: account('c') });
    mint(test, [51_000n * GRAINS]);
    nextBlock(test, 2);
    expect(bins(test).at(-1)).to.include({ first: 4, count: 4, largest: 50_000n });
    // Never below the smallest claim.
    mint(test, [5n * GRAINS, 3n * GRAINS]);
    nextBlock(test, 2);
    expect(bins(test).at(-1)).to.include({ largest: LEAST_CLAIM });
    expect(chain.ctx.block).to.be.above(0);
  });

  it('have 64 places with at most 64 notes, else 1,024', () => {
    expect([1, 63, 64, 65, 1_024].map(digitsFor)).to.deep.equal([3, 3, 3, 5, 5]);
  });

  it('are closed two in a block at most, those that have waited longest first; that weighs as much', () => {
    const test = notesChain({ BinLeast: 1n, BinWait: 5n });
    const { chain } = test;
    const weight = (): bigint => closingWeight(notes.use(chain.ctx));
    const base = weight();
    chain.runToBlock(20);
    for (let i = 0n; i < 5n; i++) mintStrangers(chain, all.slice(0, 3), 90_000n, 16n ** i);
    expect(weight() > base).to.equal(true);
    // All have waited long enough, the last the longest.
    const { store } = notes.use(chain.ctx);
    store.classes.mutate((classes) => classes.map((known, i) => ({ ...known, open: { ...known.open, since: 5 - i } })));
    const closed = [1, 2, 3].map((blocks) => {
      nextBlock(test);
      return [
        blocks,
        notes
          .use(chain.ctx)
          .store.classes.get()
          .map((known) => known.bins),
      ];
    });
    expect(closed).to.deep.equal([
      [1, [0, 0, 0, 1, 1]],
      [2, [0, 1, 1, 1, 1]],
      [3, [1, 1, 1, 1, 1]],
    ]);
    expect(weight()).to.equal(base);
  });

  it('read and write no more keys than closing weighs, in the largest bin at the worst place', () => {
    const test = notesChain({ BinLeast: 1_024n, BinWait: 40_000n, BinPatience: 50_000n });
    const { chain } = test;
    // Both begin in the midst of a chunk, so that they lie in 17 each.
    for (const grains of [1n, 16n]) mintStrangers(chain, all.slice(0, 10), 300_000n, grains);
    notes
      .use(chain.ctx)
      .store.classes.mutate((classes) => classes.map((known) => ({ ...known, open: { ...known.open, first: 5 } })));
    for (const grains of [1n, 16n]) mintStrangers(chain, all.slice(0, 1_019), 1_019n * 30_000n, grains);
    expect(notes.use(chain.ctx).store.full.get()).to.have.length(2);
    const weighed = closingWeight(notes.use(chain.ctx));
    const { storage } = chain.ctx;
    const [reads, writes] = [new Set<string>(), new Set<string>()];
    const { get, put } = storage;
    storage.get = (key) => {
      reads.add(key);
      return get.call(storage, key);
    };
    storage.put = (key, value) => {
      writes.add(key);
      put.call(storage, key, value);
    };
    closeBins(notes.use(chain.ctx));
    Object.assign(storage, { get, put });
    expect(bins(test, 0)).to.have.length(1);
    expect(bins(test, 1)).to.have.length(1);
    // The events of a block are written once, whatever is in them.
    const [most, least] = [BigInt(reads.size) * DB_READ + BigInt(writes.size) * DB_WRITE, 2n * MICROS_OF_A_BIN];
    expect(weighed >= most + least, `${reads.size} reads, ${writes.size} writes`).to.equal(true);
  });

  it('of several classes do not mix; a class is a modulus and a power of 16', () => {
    const test = notesChain();
    const { chain } = test;
    const from = account('payer');
    const attempt = (changes: object) => () =>
      mintNotes(chain.ctx, { modulus: T, grains: 16n, notes: all.slice(0, 2), units: 50_000n, from, ...changes });
    for (const bad of [
      { grains: 32n },
      { grains: 0n },
      { grains: 16n ** 12n },
      { modulus: 3n << 48n },
      { modulus: 1n << 64n },
      { notes: [] },
    ])
      expect(attempt(bad), String(Object.keys(bad))).to.throw('Notes.BadMint');
    attempt({})();
    attempt({ grains: 256n })();
    attempt({ modulus: T - 2n })();
    attempt({})();
    const { store } = notes.use(chain.ctx);
    expect(store.classes.get().map(({ notes: count, brought }) => [count, brought])).to.deep.equal([
      [4, 100_000n],
      [2, 50_000n],
      [2, 50_000n],
    ]);
    for (let i = 3n; i < BigInt(MAX_CLASSES); i++) attempt({ modulus: T - i })();
    expect(attempt({ modulus: T - 1_000n })).to.throw('Notes.TooManyClasses');
  });

  it('divide what rounds bring in to the unit, and hold every note once, whatever comes in whatever portions', () => {
    const portion = fc.record({
      count: fc.integer({ min: 1, max: 1_300 }),
      units: fc.bigInt({ min: 0n, max: 10n ** 9n }),
      blocks: fc.integer({ min: 0, max: 12 }),
    });
    fc.assert(
      fc.property(fc.array(portion, { maxLength: 6 }), (portions) => {
        const test = notesChain({ BinLeast: 100n, BinWait: 3n, BinPatience: 10n }, undefined, false);
        const { chain } = test;
        for (const { count, units, blocks } of portions) {
          mintStrangers(chain, all.slice(0, count), units);
          nextBlock(test, blocks);
        }
        const known = notes.use(chain.ctx).store.classes.get()[0];
        if (known === undefined) return;
        notes.tryState(chain.ctx);
        // What is not closed yet is, and then nothing is left over.
        nextBlock(test, 14);
        notes.tryState(chain.ctx);
        const total = portions.reduce((sum, { count }) => sum + count, 0);
        const shape = bins(test);
        expect(shape.reduce((sum, { count }) => sum + count, 0)).to.equal(total);
        for (const { largest } of shape) expect(isDenomination(largest) && largest >= LEAST_CLAIM).to.equal(true);
        const chunks = Math.ceil(total / CHUNK_NOTES);
        for (let chunk = 0; chunk < chunks - 1; chunk++) {
          expect(notes.use(chain.ctx).store.notes.get(0, chunk)).to.have.length(CHUNK_NOTES);
        }
      }),
      { numRuns: 15 },
    );
  });
});
