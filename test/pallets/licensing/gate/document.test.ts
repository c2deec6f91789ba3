/** docs/licences.md says what stands in the table. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { CLAUSE_NAMES, defaultTable } from '../../../../pallets/licensing/gate/index.ts';
import { DOCUMENT, generated, written } from './document.ts';

const document = readFileSync(DOCUMENT, 'utf8');

describe('docs/licences.md', () => {
  it('has every generated part once', () => {
    for (const name of Object.keys(generated())) expect(document.split(`<!-- ${name} -->`), name).to.have.length(2);
    expect(document.split('<!-- end -->')).to.have.length(Object.keys(generated()).length + 1);
  });

  it('is what the data give', () => {
    expect(
      written(document) === document,
      'npx --no-install node test/pallets/licensing/gate/document.ts writes it',
    ).to.equal(true);
  });

  it('names every licence, every exception and every clause', () => {
    for (const { name } of [...defaultTable.licences, ...defaultTable.exceptions])
      expect(document).to.include(`| [${name}](`);
    for (const clause of CLAUSE_NAMES) expect(document).to.include(`| \`${clause}\` |`);
  });
});
