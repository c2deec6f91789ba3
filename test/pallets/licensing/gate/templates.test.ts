/** Ready terms: each encodes, rests on a licence that the table knows, and does with others what its name says. */
import { expect } from 'chai';
import { decide, defaultTable } from '../../../../pallets/licensing/gate/index.ts';
import { TEMPLATES, type TemplateName, template } from '../../../../pallets/licensing/templates.ts';
import { PURPOSE, type RelationName, TIER, terms } from '../../../../pallets/licensing/types.ts';
import { decodeAll } from '../../../../primitives/scale/index.ts';
import { custom } from './terms.ts';

const NAMES = Object.keys(TEMPLATES) as TemplateName[];
const options = { text: new Uint8Array(32).fill(9), amount: 7_000_000n, seats: 12, duration: 600 };
const made = (name: TemplateName) => template(name, options);
const clauseOf = (parent: TemplateName, relation: RelationName, child: TemplateName): string | undefined =>
  decide(defaultTable, made(parent), relation, made(child))?.clause;
const OPEN: readonly TemplateName[] = ['openMit', 'openApache', 'openGpl', 'openMdw'];

describe('pallets/licensing: templates', () => {
  it('are nine, each a value of terms that comes back from its encoding', () => {
    expect(NAMES).to.have.length(9);
    for (const name of NAMES) {
      const encoded = terms.codec.enc(made(name));
      expect(terms.codec.enc(decodeAll(terms, encoded)), name).to.deep.equal(encoded);
      expect(TEMPLATES[name].docs).to.match(/\.$/);
    }
    expect(new Set(NAMES.map((name) => terms.codec.enc(made(name)).toString())).size).to.equal(NAMES.length);
  });

  it('open ones cost nothing and allow everything; copyleft binds what comes from them', () => {
    for (const name of OPEN)
      expect(made(name)).to.include({ tiers: 31, purposes: 31, restrictions: 0, duration: undefined });
    for (const name of OPEN) expect(clauseOf(name, 'MergedFrom', 'openGpl'), name).to.equal(undefined);
    for (const child of OPEN)
      expect(clauseOf('openGpl', 'MergedFrom', child), child).to.equal(child === 'openGpl' ? undefined : 'ShareAlike');
    expect(clauseOf('openMit', 'TrainedOn', 'perSeat')).to.equal(undefined);
  });

  it('research stays research', () => {
    expect(made('research').purposes).to.equal(PURPOSE.research | PURPOSE.education);
    expect(clauseOf('research', 'FinetunedFrom', 'research')).to.equal(undefined);
    expect(clauseOf('research', 'FinetunedFrom', 'openMit')).to.equal('NonCommercial');
    expect(clauseOf('research', 'FinetunedFrom', 'perUse')).to.equal('NonCommercial');
  });

  it('sold ones carry the amount, the seats, the time and the text, and are not built on', () => {
    expect(made('perSeat')).to.deep.include({
      seats: 12,
      duration: 600,
      price: { tag: 'Once', value: { amount: 7_000_000n } },
    });
    expect(made('organisationWide')).to.deep.include({ seats: undefined, duration: 600 });
    expect(made('perUse')).to.deep.include({
      duration: undefined,
      price: { tag: 'PerUse', value: { amount: 7_000_000n } },
    });
    for (const name of ['perSeat', 'organisationWide', 'perUse'] as const) {
      expect(made(name).base).to.deep.equal({ tag: 'Custom', value: options.text });
      expect(made(name).tiers & TIER.train).to.equal(0);
      expect(clauseOf(name, 'TrainedOn', 'openMit')).to.equal('NoDerivatives');
    }
  });

  it('what the RAIL template forbids flows down to whatever comes from it', () => {
    expect(clauseOf('rail', 'DistilledFrom', 'openMit')).to.equal('RestrictionDropped');
    expect(clauseOf('rail', 'FinetunedFrom', 'rail')).to.equal(undefined);
    const kept = custom(1, { restrictions: made('rail').restrictions });
    expect(decide(defaultTable, made('rail'), 'FinetunedFrom', kept)).to.equal(undefined);
  });
});
