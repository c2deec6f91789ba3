/** The clauses, one after the other: each refuses what it is for, names its cure, and lets the cured work through. */
import { expect } from 'chai';
import {
  CLAUSE_NAMES,
  CLAUSES,
  type ClauseName,
  decide,
  defaultTable,
  isWaivable,
} from '../../../../pallets/licensing/gate/index.ts';
import {
  ALL_PURPOSES,
  ALL_TIERS,
  PURPOSE,
  type RelationName,
  RESTRICTION,
  type Terms,
  TIER,
} from '../../../../pallets/licensing/types.ts';
import { country, custom, RELATIONS, under } from './terms.ts';

interface Example {
  readonly parent: Terms;
  readonly relation: RelationName;
  readonly refused: Terms;
  readonly cure: RegExp;
  /** Absent where nothing that the child's owner does can help. */
  readonly cured?: { readonly parent?: Terms; readonly child?: Terms };
}
const noTraining = (table = defaultTable) => ({
  ...table,
  licences: table.licences.map((each) => (each.name === 'MIT' ? { ...each, traits: 8 } : each)),
});
const notCommercial = ALL_PURPOSES & ~PURPOSE.commercial;

const EXAMPLES: Readonly<Record<Exclude<ClauseName, 'NoTraining'>, Example>> = {
  NoLicence: {
    parent: under('Unheard-Of'),
    relation: 'TrainedOn',
    refused: under('MIT'),
    cure: /owner puts it under terms/,
    cured: { parent: under('MIT') },
  },
  ChildUnlicensed: {
    parent: under('MIT'),
    relation: 'TrainedOn',
    refused: under(''),
    cure: /Give the work terms/,
    cured: { child: under('MIT') },
  },
  NoDerivatives: {
    parent: custom(1, { derivatives: { tag: 'No' } }),
    relation: 'QuantizedFrom',
    refused: custom(2),
    cure: /allow derived works/,
    cured: { parent: custom(1) },
  },
  TierMissing: {
    parent: custom(1, { tiers: TIER.inference }),
    relation: 'TrainedOn',
    refused: custom(2),
    cure: /tiers train\./,
    cured: { parent: custom(1, { tiers: TIER.train }) },
  },
  NeedsApproval: {
    parent: custom(1, { derivatives: { tag: 'ByApproval' } }),
    relation: 'MergedFrom',
    refused: custom(2),
    cure: /owner’s approval/,
  },
  NonCommercial: {
    parent: under('CC-BY-NC-4.0'),
    relation: 'TrainedOn',
    refused: under('Apache-2.0'),
    cure: /without the commercial purpose/,
    cured: { child: under('Apache-2.0', { purposes: notCommercial }) },
  },
  PurposeWidened: {
    parent: custom(1, { purposes: PURPOSE.research }),
    relation: 'TrainedOn',
    refused: custom(2, { purposes: PURPOSE.research | PURPOSE.education }),
    cure: /without the purposes education\./,
    cured: { child: custom(2, { purposes: PURPOSE.research }) },
  },
  CompetingModel: {
    parent: under('Llama-2'),
    relation: 'DistilledFrom',
    refused: custom(2, { restrictions: RESTRICTION.competingModels }),
    cure: /under Llama-2/,
    cured: { child: under('Llama-2') },
  },
  RestrictionDropped: {
    parent: custom(1, { restrictions: RESTRICTION.weapons | RESTRICTION.minors }),
    relation: 'DistilledFrom',
    refused: custom(2, { restrictions: RESTRICTION.minors }),
    cure: /also: weapons\./,
    cured: { child: custom(2, { restrictions: RESTRICTION.weapons | RESTRICTION.minors }) },
  },
  ShareAlike: {
    parent: under('CC-BY-SA-4.0'),
    relation: 'TrainedOn',
    refused: under('MIT'),
    cure: /one of: CC-BY-SA-4\.0, GPL-3\.0-only\./,
    cured: { child: under('CC-BY-SA-4.0') },
  },
  SameTerms: {
    parent: custom(1, { derivatives: { tag: 'Reciprocal' } }),
    relation: 'MergedFrom',
    refused: custom(2, { derivatives: { tag: 'Reciprocal' } }),
    cure: /The same base/,
    cured: {
      child: custom(1, { derivatives: { tag: 'Reciprocal' }, price: { tag: 'Once', value: { amount: 5n } }, seats: 3 }),
    },
  },
  FurtherRestriction: {
    parent: under('GPL-3.0-only'),
    relation: 'FinetunedFrom',
    refused: under('GPL-3.0-only', { restrictions: RESTRICTION.weapons }),
    cure: /nothing beyond GPL-3\.0-only/,
    cured: { child: under('GPL-3.0-only') },
  },
  ObligationRefused: {
    parent: under('Apache-2.0'),
    relation: 'MergedFrom',
    refused: under('GPL-2.0-only'),
    cure: /leaves room for: patentRetaliation\./,
    cured: { child: under('GPL-3.0-only') },
  },
  SourceWithheld: {
    parent: under('AGPL-3.0-only'),
    relation: 'FinetunedFrom',
    refused: under('AGPL-3.0-only', { tiers: TIER.inference }),
    cure: /tiers architecture, fineTune\./,
    cured: { child: under('AGPL-3.0-only') },
  },
  AgreementDropped: {
    parent: under('Llama-3.1'),
    relation: 'FinetunedFrom',
    refused: under('Apache-2.0', { restrictions: 16_383 }),
    cure: /AND LicenseRef-Llama-3\.1/,
    cured: { child: under('Apache-2.0 AND LicenseRef-Llama-3.1') },
  },
  TerritoryWidened: {
    parent: custom(1, { territory: [country('CH'), country('DE')] }),
    relation: 'TrainedOn',
    refused: custom(2, { territory: [country('DE'), country('FR')] }),
    cure: /no more countries/,
    cured: { child: custom(2, { territory: [country('DE')] }) },
  },
};

describe('pallets/licensing/gate: clauses', () => {
  for (const [clause, { parent, relation, refused, cure, cured }] of Object.entries(EXAMPLES)) {
    it(`${clause} refuses, says what would help, and that helps`, () => {
      const conflict = decide(defaultTable, parent, relation, refused);
      expect(conflict?.clause).to.equal(clause);
      expect(conflict?.cure).to.match(cure).and.not.match(/[{}]/);
      if (cured)
        expect(decide(defaultTable, cured.parent ?? parent, relation, cured.child ?? refused)).to.equal(undefined);
    });

    it(`${clause} ${isWaivable(clause as ClauseName) ? 'can be waived, and nothing else with it' : 'cannot be waived'}`, () => {
      const others = CLAUSE_NAMES.filter((name) => name !== clause);
      expect(decide(defaultTable, parent, relation, refused, others)?.clause).to.equal(clause);
      const left = decide(defaultTable, parent, relation, refused, [clause as ClauseName]);
      if (isWaivable(clause as ClauseName)) expect(left?.clause).to.not.equal(clause);
      else expect(left?.clause).to.equal(clause);
    });
  }

  it('NoTraining is for training and distilling only, and no licence of the table has it yet', () => {
    const refusing = RELATIONS.filter(
      (relation) => decide(noTraining(), under('MIT'), relation, under('MIT')) !== undefined,
    );
    expect(refusing).to.deep.equal(['TrainedOn', 'DistilledFrom']);
    expect(decide(noTraining(), under('MIT'), 'TrainedOn', under('MIT'))?.clause).to.equal('NoTraining');
    expect(decide(defaultTable, under('MIT'), 'TrainedOn', under('MIT'))).to.equal(undefined);
  });

  it('every clause has an example and a sentence', () => {
    expect([...Object.keys(EXAMPLES), 'NoTraining'].toSorted()).to.deep.equal(CLAUSE_NAMES.toSorted());
    for (const docs of Object.values(CLAUSES)) expect(docs).to.match(/^[A-Z].{20,}\.$/);
  });

  it('without terms on either side there is no licence', () => {
    expect(decide(defaultTable, undefined, 'TrainedOn', under('MIT'))?.clause).to.equal('NoLicence');
    expect(decide(defaultTable, under('MIT'), 'TrainedOn', undefined)?.clause).to.equal('ChildUnlicensed');
    expect(decide(defaultTable, undefined, 'TrainedOn', undefined, CLAUSE_NAMES)?.clause).to.equal('NoLicence');
    expect(decide(defaultTable, custom(0), 'TrainedOn', under('MIT'))?.clause).to.equal('NoLicence');
    expect(decide(defaultTable, under('MIT'), 'TrainedOn', custom(0))?.clause).to.equal('ChildUnlicensed');
  });

  it('each relation needs its tiers, and no more', () => {
    const needed: Readonly<Record<RelationName, number>> = {
      TrainedOn: TIER.train,
      FinetunedFrom: TIER.fineTune,
      MergedFrom: TIER.fineTune,
      DistilledFrom: TIER.inference | TIER.train,
      QuantizedFrom: TIER.fineTune,
      AdapterFor: TIER.fineTune,
    };
    for (const relation of RELATIONS)
      for (let tiers = 0; tiers <= ALL_TIERS; tiers += 1) {
        const clause = decide(defaultTable, custom(1, { tiers }), relation, custom(2))?.clause;
        expect(clause, `${relation} ${tiers}`).to.equal(
          (tiers & needed[relation]) === needed[relation] ? undefined : 'TierMissing',
        );
      }
  });

  it('what is not for commerce is not sold either', () => {
    const sold = under('CC-BY-NC-4.0', { price: { tag: 'PerUse', value: { amount: 1n } } });
    expect(decide(defaultTable, under('CC-BY-NC-4.0'), 'FinetunedFrom', sold)?.clause).to.equal('NonCommercial');
    expect(decide(defaultTable, under('CC-BY-4.0'), 'FinetunedFrom', sold)).to.equal(undefined);
  });

  it('terms on a licence that admits no further restriction keep nothing: whoever receives the work may ignore them', () => {
    const rider = under('GPL-3.0-only', { purposes: notCommercial, restrictions: RESTRICTION.weapons });
    expect(decide(defaultTable, under('CC-BY-NC-4.0'), 'MergedFrom', rider)?.clause).to.equal('NonCommercial');
    expect(
      decide(defaultTable, custom(1, { restrictions: RESTRICTION.weapons }), 'MergedFrom', rider)?.clause,
    ).to.equal('RestrictionDropped');
    const permissive = under('MIT', { purposes: notCommercial, restrictions: RESTRICTION.weapons });
    expect(decide(defaultTable, custom(1, { restrictions: RESTRICTION.weapons }), 'MergedFrom', permissive)).to.equal(
      undefined,
    );
  });

  it('everywhere is wider than anywhere', () => {
    const [here, everywhere] = [custom(1, { territory: [country('CH')] }), custom(2)];
    expect(decide(defaultTable, here, 'TrainedOn', everywhere)?.clause).to.equal('TerritoryWidened');
    expect(decide(defaultTable, everywhere, 'TrainedOn', here)).to.equal(undefined);
    expect(
      decide(defaultTable, under('GPL-3.0-only'), 'MergedFrom', under('GPL-3.0-only', { territory: [country('CH')] }))
        ?.clause,
    ).to.equal('FurtherRestriction');
  });

  it('under a copyleft licence a child cannot be closed by its terms', () => {
    for (const tag of ['No', 'ByApproval'] as const)
      expect(
        decide(defaultTable, under('GPL-3.0-only'), 'MergedFrom', under('GPL-3.0-only', { derivatives: { tag } }))
          ?.clause,
      ).to.equal('FurtherRestriction');
  });

  it('under a copyleft licence the work itself is not counted out; answers may be, and a copy may have a price', () => {
    const clauseOf = (over: Partial<Terms>) =>
      decide(defaultTable, under('GPL-3.0-only'), 'MergedFrom', under('GPL-3.0-only', over))?.clause;
    const metered: Partial<Terms>[] = [
      { seats: 3 },
      { uses: 10n },
      { duration: 100 },
      { price: { tag: 'PerUse', value: { amount: 1n } } },
      { price: { tag: 'Subscription', value: { amount: 1n, period: 10 } } },
    ];
    for (const over of metered) {
      expect(clauseOf(over), Object.keys(over).join()).to.equal('FurtherRestriction');
      expect(clauseOf({ ...over, tiers: TIER.train })).to.equal('FurtherRestriction');
      expect(clauseOf({ ...over, tiers: TIER.inference | TIER.metadata })).to.equal(undefined);
      expect(decide(defaultTable, under('MIT'), 'MergedFrom', under('MIT', over))).to.equal(undefined);
    }
    expect(clauseOf({ price: { tag: 'Once', value: { amount: 1n } } })).to.equal(undefined);
  });

  it('reciprocal terms are the same in every field that says what may be done', () => {
    const parent = custom(1, { derivatives: { tag: 'Reciprocal' }, territory: [country('CH')], restrictions: 1 });
    const same: Terms = {
      ...parent,
      price: { tag: 'PerUse', value: { amount: 3n } },
      grace: 7,
      transferable: true,
      revenueShare: 100,
    };
    expect(decide(defaultTable, parent, 'MergedFrom', same)).to.equal(undefined);
    const changes: Partial<Terms>[] = [
      { base: { tag: 'Custom', value: new Uint8Array(32).fill(2) } },
      { tiers: ALL_TIERS - 1 },
      { purposes: PURPOSE.research },
      { restrictions: 3 },
      { derivatives: { tag: 'Yes' } },
    ];
    for (const change of changes)
      expect(
        decide(defaultTable, parent, 'MergedFrom', { ...same, ...change })?.clause,
        JSON.stringify(Object.keys(change)),
      ).to.equal('SameTerms');
    expect(decide(defaultTable, { ...parent, territory: [] }, 'MergedFrom', same)?.clause).to.equal('SameTerms');
  });
});
