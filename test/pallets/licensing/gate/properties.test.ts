/** What holds of every ordered pair of the table and every relation, whatever the terms. */
import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  CLAUSE_NAMES,
  type ClauseName,
  type Conflict,
  decide,
  defaultTable,
} from '../../../../pallets/licensing/gate/index.ts';
import { TRAIT } from '../../../../pallets/licensing/table/types.ts';
import {
  ALL_PURPOSES,
  ALL_RESTRICTIONS,
  ALL_TIERS,
  type RelationName,
  type Terms,
} from '../../../../pallets/licensing/types.ts';
import { country, custom, RELATIONS, under } from './terms.ts';

const licences = defaultTable.licences;
const open = new Map(licences.map(({ name }) => [name, under(name)] as const));
const termsOf = (name: string): Terms => open.get(name) ?? under(name);
/** A licence of the whole work, to which nothing is added. */
const BINDS = TRAIT.shareAlike | TRAIT.noFurther;
const noDerivatives = licences.filter(({ traits }) => (traits & TRAIT.noDerivatives) !== 0).map(({ name }) => name);

/** Whether one clause refuses, whatever others do. */
function refuses(clause: ClauseName, parent: Terms, relation: RelationName, child: Terms): boolean {
  const others = CLAUSE_NAMES.filter((name) => name !== clause);
  return decide(defaultTable, parent, relation, child, others)?.clause === clause;
}

const subset = (all: number): fc.Arbitrary<number> => fc.nat({ max: all }).map((bits) => bits & all);
const licence = fc.constantFrom(...licences.map(({ name }) => name));
const expression = fc.oneof(
  licence,
  fc
    .tuple(
      fc.constantFrom('MIT', 'GPL-2.0-or-later', 'CC-BY-SA-4.0', 'Apache-2.0', 'LicenseRef-Gemma'),
      fc.constantFrom('AND', 'OR'),
      fc.constantFrom('MIT', 'GPL-3.0-only', 'CC-BY-NC-4.0', 'LicenseRef-Llama-2'),
    )
    .map((parts) => parts.join(' ')),
);
const countries = fc.subarray(['CH', 'DE', 'FR', 'IN'].map(country));
const terms: fc.Arbitrary<Terms> = fc
  .record({
    from: fc.oneof(
      expression.map((name) => under(name)),
      fc.integer({ min: 1, max: 3 }).map((byte) => custom(byte)),
    ),
    purposes: subset(ALL_PURPOSES),
    tiers: fc.oneof(fc.constant(ALL_TIERS), subset(ALL_TIERS)),
    restrictions: subset(ALL_RESTRICTIONS),
    territory: countries,
    derivatives: fc.constantFrom(...(['No', 'Yes', 'Reciprocal', 'ByApproval'] as const)).map((tag) => ({ tag })),
    isSold: fc.boolean(),
  })
  .map(({ from, isSold, ...rest }) => ({
    ...from,
    ...rest,
    price: isSold ? ({ tag: 'Once', value: { amount: 1n } } as const) : from.price,
  }));
const relation = fc.constantFrom(...RELATIONS);

/** Clauses of the kind: forbid at least what the parent forbids. */
const KEPT: readonly ClauseName[] = ['NonCommercial', 'PurposeWidened', 'RestrictionDropped', 'TerritoryWidened'];
/** Clauses of the kind: forbid no more than the parent forbids. */
const BOUND: readonly ClauseName[] = ['FurtherRestriction'];

describe('pallets/licensing/gate: properties', () => {
  it('every ordered pair of the table is decided in every relation, the same each time', () => {
    const pairs = licences.flatMap(({ name }) =>
      licences.map((child) => [termsOf(name), termsOf(child.name)] as const),
    );
    const decided = (): (Conflict | undefined)[] =>
      RELATIONS.flatMap((how) => pairs.map(([parent, child]) => decide(defaultTable, parent, how, child)));
    const conflicts = decided();
    expect(conflicts).to.have.length(licences.length ** 2 * RELATIONS.length);
    expect(decided().map((conflict) => conflict?.cure)).to.deep.equal(conflicts.map((conflict) => conflict?.cure));
    const cures = new Set(conflicts.flatMap((conflict) => conflict?.cure ?? []));
    for (const cure of cures)
      expect(cure)
        .to.match(/^[A-Z].+\.$/)
        .and.not.match(/[{}]/);
    // Licences alone, without a word in the terms, meet these clauses.
    expect([...new Set(conflicts.flatMap((conflict) => conflict?.clause ?? []))].toSorted()).to.deep.equal([
      'AgreementDropped',
      'CompetingModel',
      'NoDerivatives',
      'NonCommercial',
      'ObligationRefused',
      'PurposeWidened',
      'RestrictionDropped',
      'ShareAlike',
    ]);
  });

  it('a licence is compatible with itself, unless it allows no derived works', () => {
    for (const { name } of licences)
      for (const how of RELATIONS) {
        const clause = decide(defaultTable, termsOf(name), how, termsOf(name))?.clause;
        expect(clause, `${name} ${how}`).to.equal(noDerivatives.includes(name) ? 'NoDerivatives' : undefined);
      }
  });

  it('no derivatives refuses every child', () => {
    expect(noDerivatives).to.have.length(4);
    fc.assert(
      fc.property(fc.constantFrom(...noDerivatives), relation, terms, (name, how, child) => {
        expect(decide(defaultTable, termsOf(name), how, child)?.clause).to.equal('NoDerivatives');
      }),
    );
    fc.assert(
      fc.property(terms, relation, terms, (parent, how, child) => {
        expect(refuses('NoDerivatives', { ...parent, derivatives: { tag: 'No' } }, how, child)).to.equal(true);
      }),
    );
  });

  it('an unknown licence is none, on either side, and no waiver makes it one', () => {
    const unknown = fc
      .string({ maxLength: 40 })
      .filter((text) => !licences.some(({ name }) => text.toLowerCase().includes(name.toLowerCase())));
    fc.assert(
      fc.property(
        unknown,
        terms,
        relation,
        fc.constantFrom(...(['Spdx', 'Named'] as const)),
        (value, other, how, tag) => {
          const none = { ...other, base: { tag, value } };
          expect(decide(defaultTable, none, how, other, CLAUSE_NAMES)?.clause).to.equal('NoLicence');
          expect(decide(defaultTable, other, how, none, CLAUSE_NAMES)?.clause).to.equal('ChildUnlicensed');
        },
      ),
    );
  });

  it('a child that drops a restriction, takes a purpose or a country more never loses a conflict by it', () => {
    fc.assert(
      fc.property(
        terms,
        relation,
        terms,
        subset(ALL_RESTRICTIONS),
        subset(ALL_PURPOSES),
        fc.boolean(),
        (parent, how, strict, dropped, taken, isEverywhere) => {
          const lax = {
            ...strict,
            restrictions: strict.restrictions & ~dropped,
            purposes: strict.purposes | taken,
            territory: isEverywhere ? [] : strict.territory,
          };
          for (const clause of KEPT)
            if (refuses(clause, parent, how, strict)) expect(refuses(clause, parent, how, lax), clause).to.equal(true);
          for (const clause of BOUND)
            if (refuses(clause, parent, how, lax)) expect(refuses(clause, parent, how, strict), clause).to.equal(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('a parent that forbids more never allows what it refused by what it keeps', () => {
    fc.assert(
      fc.property(
        terms,
        relation,
        terms,
        subset(ALL_RESTRICTIONS),
        subset(ALL_PURPOSES),
        (parent, how, child, added, kept) => {
          const stricter = { ...parent, restrictions: parent.restrictions | added, purposes: parent.purposes & kept };
          for (const clause of KEPT.filter((name) => name !== 'TerritoryWidened'))
            if (refuses(clause, parent, how, child))
              expect(
                KEPT.some((name) => refuses(name, stricter, how, child)),
                clause,
              ).to.equal(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('alternatives of a parent are as good as the best, of a child as bad as the worst; together they are as bad as each', () => {
    const spdx = fc.constantFrom(...licences.filter((each) => each.spdx).map(({ name }) => name));
    fc.assert(
      fc.property(spdx, spdx, relation, spdx, (one, other, how, name) => {
        const ok = (parent: string, child: string): boolean =>
          decide(defaultTable, under(parent), how, under(child)) === undefined;
        expect(ok(`${one} OR ${other}`, name)).to.equal(ok(one, name) || ok(other, name));
        expect(ok(`${one} AND ${other}`, name)).to.equal(ok(one, name) && ok(other, name));
        expect(ok(name, `${one} OR ${other}`)).to.equal(ok(name, one) && ok(name, other));
        expect(ok(name, `${one} AND ${other}`)).to.equal(ok(name, `${other} AND ${one}`));
      }),
      { numRuns: 1000 },
    );
  });

  it('two parents that bind the whole to themselves have a child under both only if one lists the other', () => {
    const binding = licences.filter(
      ({ traits, choices, spdx }) => spdx && choices.length === 0 && (traits & BINDS) === BINDS,
    );
    expect(binding.length).to.be.at.least(20);
    for (const one of binding)
      for (const other of binding.filter(({ name }) => name !== one.name)) {
        const both = under(`${one.name} AND ${other.name}`);
        const isAllowed = [one, other].every(
          ({ name }) => decide(defaultTable, termsOf(name), 'MergedFrom', both) === undefined,
        );
        const isListed = one.outbound.includes(other.name) && other.outbound.includes(one.name);
        expect(isAllowed, `${one.name} ${other.name}`).to.equal(isListed);
      }
  });

  it('a waiver only ever takes conflicts away', () => {
    fc.assert(
      fc.property(terms, relation, terms, fc.subarray(CLAUSE_NAMES), (parent, how, child, waived) => {
        const without = decide(defaultTable, parent, how, child);
        const left = decide(defaultTable, parent, how, child, waived);
        if (without === undefined) expect(left).to.equal(undefined);
        if (left && left.clause !== 'NoLicence' && left.clause !== 'ChildUnlicensed')
          expect(waived).to.not.include(left.clause);
      }),
    );
  });
});
