import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Shelf } from '../../../node/evaluation/shelf.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { scratchFolder } from '../../support/scratch.ts';

const bytesOf = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 7 + seed) & 255);

describe('node/evaluation: the shelf', () => {
  it('gives back what was put, from memory and from the file, and leaves nothing in its folder', () => {
    const folder = join(scratchFolder('shelf'), 'new');
    const shelf = new Shelf(folder, 1_000);
    const all = Array.from({ length: 40 }, (_, i) => bytesOf(100 + (i % 3), i));
    all.forEach((bytes, i) => shelf.put(`${i}`, bytes));
    shelf.put('3', bytesOf(5, 5));
    expect(all.map((_, i) => shelf.get(`${i}`))).to.deep.equal(all);
    expect(shelf.names()).to.have.length(40);
    expect([shelf.get('40'), shelf.has('40'), shelf.has('39')]).to.deep.equal([undefined, false, true]);
    expect(readdirSync(folder)).to.deep.equal([]);
    shelf.close();
    expect(shelf.get('0')).to.equal(undefined);
  });

  it('keeps what is put when it comes to lie where others were', () => {
    const shelf = new Shelf(scratchFolder('shelf'), 0);
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 10; i++) shelf.put(`${round}/${i}`, bytesOf(64 + (i % 2), round * 10 + i));
      for (let i = 0; i < 10; i += 2) shelf.remove(`${round}/${i}`);
    }
    shelf.remove('no such name');
    for (let round = 0; round < 5; round++)
      for (let i = 0; i < 10; i++)
        expect(shelf.get(`${round}/${i}`)).to.deep.equal(i % 2 ? bytesOf(65, round * 10 + i) : undefined);
    for (const name of shelf.names()) shelf.remove(name);
    shelf.put('again', bytesOf(9, 1));
    expect(shelf.get('again')).to.deep.equal(bytesOf(9, 1));
    shelf.close();
  });

  it('says with a code that its folder cannot be written', () => {
    const file = join(scratchFolder('shelf'), 'file');
    writeFileSync(file, '');
    const shelf = new Shelf(file, 10);
    shelf.put('held', bytesOf(10, 0));
    expect(() => shelf.put('more', bytesOf(1, 0))).to.satisfy((body: () => void) => {
      try {
        body();
      } catch (error) {
        return isTacitError(error, 'evaluation/shelf');
      }
      return false;
    });
    expect(shelf.get('held')).to.deep.equal(bytesOf(10, 0));
  });
});
