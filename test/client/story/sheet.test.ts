/** The balance sheet of the story, on books that do not add up. */
import { expect } from 'chai';
import { renderSheet, soundness } from '../../../client/story/sheet.ts';
import type { BalanceSheet } from '../../../client/story/report.ts';

describe('story: the balance sheet', () => {
  /** Mira gives Theo 300 of 1,000, a fee of 5 goes to Alice, 20 of Theo's are burned. */
  const sound = (): BalanceSheet => ({
    block: 9,
    lines: [
      { account: 'Mira', address: 'm', start: '1000', purse: '0', end: '695', moved: '-305' },
      { account: 'Theo', address: 't', start: '0', purse: '0', end: '280', moved: '280' },
      { account: 'Alice', address: 'a', start: '500', purse: '0', end: '505', moved: '5' },
      { account: 'Bob', address: 'b', start: '500', purse: '0', end: '500', moved: '0' },
    ],
    supply: { start: '2000', end: '1980', minted: '0', burned: '20' },
    fees: { paid: '5', toAuthors: '5' },
  });
  const wrong = (sheet: BalanceSheet): string[] =>
    Object.entries(soundness(sheet)).flatMap(([name, [found, expected]]) => (found === expected ? [] : [name]));

  it('finds nothing in books that add up', () => {
    expect(wrong(sound())).to.deep.equal([]);
  });

  it('finds a unit that somebody has from nowhere, and names whose it is', () => {
    const sheet = sound();
    sheet.lines[1]!.end = '281';
    expect(wrong(sheet)).to.deep.equal(['accountsAtEnd', 'unexplained']);
    expect(soundness(sheet)['unexplained']).to.deep.equal(['Theo', '']);
  });

  it('finds a unit that has moved without an event, though the sums agree', () => {
    const sheet = sound();
    sheet.lines[0]!.end = '694';
    sheet.lines[1]!.end = '281';
    expect(wrong(sheet)).to.deep.equal(['unexplained']);
    expect(soundness(sheet)['unexplained']).to.deep.equal(['Mira, Theo', '']);
  });

  it('finds a supply that no burning explains, and a fee that no author got', () => {
    expect(wrong({ ...sound(), supply: { ...sound().supply, burned: '19' } })).to.deep.equal(['supply']);
    expect(wrong({ ...sound(), fees: { paid: '5', toAuthors: '4' } })).to.deep.equal(['fees']);
  });

  it('shows who has more or less than it began with, and what all of it comes to', () => {
    const sheet = sound();
    // of what Theo has, 250 were Mira's gift to begin with
    sheet.lines[0]!.purse = '-250';
    sheet.lines[1]!.purse = '250';
    const lines = renderSheet(sheet).split('\n');
    expect(lines.find((line) => line.startsWith('Theo'))).to.match(/ 0\.000250 +0\.000280 +\+0\.000030$/);
    expect(lines.some((line) => line.startsWith('Bob'))).to.equal(false);
    expect(lines.find((line) => line.startsWith('1 others'))).to.match(/ 0\.000500 +0\.000500 +\+0\.000000$/);
    expect(lines.find((line) => line.startsWith('all'))).to.match(/ 0\.002000 +0\.001980 +-0\.000020$/);
    expect(lines.at(-1)).to.equal('fees 0.000005 paid = 0.000005 to the authors of blocks');
  });
});
