/** SPDX licence expressions: what is read, and that nothing else is. */
import { expect } from 'chai';
import * as fc from 'fast-check';
import { decide, defaultTable } from '../../../../pallets/licensing/gate/index.ts';
import {
  type AnyOf,
  MAX_ALTERNATIVES,
  MAX_DEPTH,
  MAX_TOGETHER,
  parseExpression,
} from '../../../../pallets/licensing/gate/expression.ts';
import { readingsOf } from '../../../../pallets/licensing/gate/profile.ts';
import { under } from './terms.ts';

const shown = (found: AnyOf | undefined): string | undefined =>
  found
    ?.map((set) =>
      set.map(({ licence, exception }) => (exception === undefined ? licence : `${licence}~${exception}`)).join('&'),
    )
    .join('|');
const read = (text: string): string | undefined => shown(parseExpression(text));
const clauseOf = (parent: string, child: string): string | undefined =>
  decide(defaultTable, under(parent), 'MergedFrom', under(child))?.clause;

describe('pallets/licensing/gate: SPDX expressions', () => {
  it('WITH binds closest, then AND, then OR', () => {
    expect(read('MIT')).to.equal('MIT');
    expect(read('A OR B AND C')).to.equal('A|B&C');
    expect(read('A AND B OR C')).to.equal('A&B|C');
    expect(read('A AND (B OR C)')).to.equal('A&B|A&C');
    expect(read('(A OR B) AND (C OR D)')).to.equal('A&C|A&D|B&C|B&D');
    expect(read('GPL-2.0-only WITH Classpath-exception-2.0 OR MIT')).to.equal(
      'GPL-2.0-only~Classpath-exception-2.0|MIT',
    );
    expect(read('  ( ( GPL-2.0+ ) ) ')).to.equal('GPL-2.0+');
    expect(read('A or B and C with D'), 'as SPDX 3 has it').to.equal('A|B&C~D');
    expect(read('A Or B aNd C'), 'as SPDX 3.1 has it').to.equal('A|B&C');
  });

  it('what is no expression is none', () => {
    for (const text of [
      '',
      ' ',
      '()',
      'MIT OR',
      'AND MIT',
      'MIT MIT',
      '(MIT',
      'MIT)',
      'MIT nor ISC',
      'MIT OR or ISC',
      'with',
      'A WITH',
      'A WITH B WITH C',
      'MIT/ISC',
      'MIT, ISC',
      'A WITH (B)',
      '+',
      'MIT++',
      '-MIT',
      'ＭＩＴ',
    ])
      expect(read(text), text).to.equal(undefined);
  });

  it('depth, alternatives and licences together are bounded at the last one that fits', () => {
    const nested = (depth: number): string => '('.repeat(depth) + 'A' + ')'.repeat(depth);
    expect(read(nested(MAX_DEPTH))).to.equal('A');
    expect(read(nested(MAX_DEPTH + 1))).to.equal(undefined);
    const list = (count: number, between: string): string => Array.from({ length: count }, () => 'A').join(between);
    expect(parseExpression(list(MAX_TOGETHER, ' AND '))).to.have.length(1);
    expect(parseExpression(list(MAX_TOGETHER + 1, ' AND '))).to.equal(undefined);
    const doubled = (count: number): string => Array.from({ length: count }, () => '(A OR B)').join(' AND ');
    expect(parseExpression(doubled(4))).to.have.length(MAX_ALTERNATIVES);
    expect(parseExpression(doubled(5))).to.equal(undefined);
    expect(parseExpression(list(25, ' OR '))).to.equal(undefined);
  });

  it('no text makes it throw, or gives more than the bounds', () => {
    const token = fc.constantFrom('(', ')', 'AND', 'OR', 'WITH', 'MIT', 'GPL-2.0-or-later', ' ', '+', 'x', '\u0000');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 128 }),
          fc.array(token, { maxLength: 60 }).map((all) => all.join(' ')),
        ),
        (text) => {
          const found = parseExpression(text) ?? [];
          expect(found.length).to.be.at.most(MAX_ALTERNATIVES);
          for (const set of found) expect(set.length).to.be.within(1, MAX_TOGETHER);
          decide(defaultTable, under('MIT'), 'TrainedOn', under(text));
          decide(defaultTable, under(text), 'TrainedOn', under('MIT'));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('choices of the table are multiplied out, each set once', () => {
    const sets = (value: string): string[] =>
      readingsOf(defaultTable, { tag: 'Spdx', value }).map(
        (set) =>
          set
            ?.map(({ profile }) => profile.name)
            .toSorted()
            .join('&') ?? '?',
      );
    expect(sets('GPL-2.0-or-later')).to.deep.equal(['GPL-2.0-only', 'GPL-3.0-or-later']);
    const [two, three] = ['GPL-2.0-only', 'GPL-3.0-or-later'];
    expect(sets(Array.from({ length: 6 }, () => 'GPL-2.0-or-later').join(' AND '))).to.have.members([
      two,
      three,
      `${two}&${three}`,
    ]);
    expect(sets('MIT OR MIT OR (MIT AND MIT)')).to.deep.equal(['MIT']);
    expect(sets('MIT AND ISC OR ISC AND MIT')).to.have.length(1);
    expect(sets('Nobodys OR MIT OR Nobodys-2')).to.deep.equal(['?', 'MIT']);
  });

  it('a parent may be taken under any alternative, a child has to be right under each', () => {
    expect(clauseOf('MIT OR GPL-2.0-only', 'Apache-2.0')).to.equal(undefined);
    expect(clauseOf('MIT AND GPL-2.0-only', 'Apache-2.0')).to.equal('ShareAlike');
    expect(clauseOf('GPL-3.0-only', 'GPL-3.0-only OR MIT')).to.equal('ShareAlike');
    expect(clauseOf('GPL-3.0-only OR MIT', 'GPL-3.0-only OR MIT')).to.equal(undefined);
    expect(clauseOf('GPL-3.0-only', 'GPL-3.0-only AND MIT')).to.equal(undefined);
    expect(clauseOf('GPL-2.0-only', 'GPL-2.0-only AND Apache-2.0')).to.equal('FurtherRestriction');
    expect(clauseOf('GPL-3.0-only', 'GPL-3.0-only AND CC-BY-NC-4.0')).to.equal('FurtherRestriction');
  });

  it('of a parent an alternative that nobody knows is left out, of a child it is refused', () => {
    expect(clauseOf('MIT OR Somebodys-1.0', 'MIT')).to.equal(undefined);
    expect(clauseOf('MIT AND Somebodys-1.0', 'MIT')).to.equal('NoLicence');
    expect(clauseOf('MIT', 'MIT OR Somebodys-1.0')).to.equal('ChildUnlicensed');
    expect(clauseOf('MIT', 'MIT AND Somebodys-1.0')).to.equal('ChildUnlicensed');
  });

  it('identifiers are the same in any case, + is "or later", LicenseRef- is for what SPDX has no name for', () => {
    expect(clauseOf('mit', 'gpl-3.0-only')).to.equal(undefined);
    expect(clauseOf('GPL-2.0+', 'GPL-3.0-only')).to.equal(undefined);
    expect(clauseOf('MIT+', 'MIT')).to.equal('NoLicence');
    expect(clauseOf('MIT-only', 'MIT')).to.equal('NoLicence');
    // As most model cards and packages have it: the version that is named and no other.
    expect(clauseOf('gpl-3.0', 'GPL-3.0-only')).to.equal(undefined);
    expect(clauseOf('GPL-2.0', 'GPL-3.0-only')).to.equal('ShareAlike');
    expect(clauseOf('MIT', 'LGPL-2.1 OR AGPL-3.0')).to.equal(undefined);
    expect(clauseOf('GPL-2.0 WITH Classpath-exception-2.0', 'GPL-2.0')).to.equal(undefined);
    expect(clauseOf('LicenseRef-Llama-3.1', 'LicenseRef-Llama-3.1 AND Apache-2.0')).to.equal(undefined);
    expect(clauseOf('LicenseRef-Llama-3.1', 'Apache-2.0')).to.equal('RestrictionDropped');
    expect(clauseOf('LicenseRef-MIT', 'MIT')).to.equal('NoLicence');
    expect(clauseOf('Llama-3.1', 'MIT')).to.equal('RestrictionDropped');
    expect(
      decide(defaultTable, under({ tag: 'Spdx', value: 'Llama-3.1' }), 'MergedFrom', under('MIT'))?.clause,
    ).to.equal('NoLicence');
  });

  it('an exception frees linking, may be dropped and not be added, and is for its licences only', () => {
    const exempt = 'GPL-2.0-only WITH Classpath-exception-2.0';
    expect(decide(defaultTable, under(exempt), 'AdapterFor', under('Apache-2.0'))).to.equal(undefined);
    expect(decide(defaultTable, under('GPL-2.0-only'), 'AdapterFor', under('Apache-2.0'))?.clause).to.equal(
      'ShareAlike',
    );
    expect(clauseOf(exempt, 'GPL-2.0-only')).to.equal(undefined);
    expect(clauseOf('GPL-2.0-only', exempt)).to.equal('ShareAlike');
    expect(clauseOf('Apache-2.0 WITH LLVM-exception', 'GPL-2.0-only')).to.equal(undefined);
    expect(clauseOf('MIT WITH LLVM-exception', 'MIT')).to.equal('NoLicence');
    expect(clauseOf('GPL-2.0-only WITH Nobodys-exception', 'GPL-2.0-only')).to.equal('NoLicence');
    expect(clauseOf('GPL-2.0-or-later WITH Classpath-exception-2.0', 'GPL-3.0-or-later')).to.equal(undefined);
  });
});
