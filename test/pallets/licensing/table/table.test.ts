/** The table as a value: one encoding, bounded, and refused where it is malformed. */
import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  decide,
  defaultTable,
  faultOf,
  MAX_TABLE_BYTES,
  profileOf,
  type Table,
  table,
  tableHash,
  validateTable,
} from '../../../../pallets/licensing/gate/index.ts';
import { type LicenceProfile, MAX_LICENCES, type Rule } from '../../../../pallets/licensing/table/types.ts';
import { toHex } from '../../../../primitives/crypto/hex.ts';
import { decodeAll } from '../../../../primitives/scale/index.ts';
import { under } from '../gate/terms.ts';

const change = (name: string, over: Partial<LicenceProfile>): Table => ({
  ...defaultTable,
  licences: defaultTable.licences.map((each) => (each.name === name ? { ...each, ...over } : each)),
});
const withRule = (over: Partial<Rule>): Table => ({
  ...defaultTable,
  rules: defaultTable.rules.map((rule, at) => (at === 0 ? { ...rule, ...over } : rule)),
});

/** As many names as a profile may list. */
const LONG = defaultTable.licences.slice(0, 24).map(({ name }) => name);

/** What is asked of a table at the least. */
const ASKED = `
  MIT Apache-2.0 BSD-2-Clause BSD-3-Clause ISC GPL-2.0-only GPL-2.0-or-later GPL-3.0-only GPL-3.0-or-later
  LGPL-2.1-only LGPL-3.0-only AGPL-3.0-only MPL-2.0 EPL-2.0 EUPL-1.2 CC0-1.0 CC-BY-3.0 CC-BY-4.0 CC-BY-SA-3.0
  CC-BY-SA-4.0 CC-BY-NC-4.0 CC-BY-NC-SA-4.0 CC-BY-ND-4.0 CC-BY-NC-ND-4.0 ODbL-1.0 ODC-By-1.0 PDDL-1.0
  CDLA-Permissive-1.0 CDLA-Permissive-2.0 CDLA-Sharing-1.0 C-UDA-1.0 BSL-1.0 Unlicense 0BSD Zlib OFL-1.1
  OpenMDW-1.0 OpenRAIL OpenRAIL-M CreativeML-OpenRAIL-M BigScience-BLOOM-RAIL-1.0 BigCode-OpenRAIL-M-v1 Llama-2
  Llama-3 Llama-3.1 Llama-3.2 Llama-3.3 Gemma Mistral-Research-0.1 Falcon-180B-1.0 DeepSeek-1.0 Qwen
  Stability-AI-Community FAIR-Noncommercial-Research
`
  .trim()
  .split(/\s+/);

describe('pallets/licensing/table', () => {
  it('has the licences in common use, each with a source, and is valid', () => {
    expect(faultOf(defaultTable)).to.equal(undefined);
    expect(ASKED.filter((name) => profileOf(defaultTable, name) === undefined)).to.deep.equal([]);
    expect(defaultTable.licences.length).to.be.at.least(80);
    for (const { name, source } of defaultTable.licences) expect(source, name).to.match(/^https:\/\//);
  });

  it('has one encoding, within its bound, and a hash that tells any two apart', () => {
    const encoded = table.codec.enc(defaultTable);
    expect(encoded.length).to.be.below(MAX_TABLE_BYTES / 2);
    expect(toHex(table.codec.enc(decodeAll(table, encoded)))).to.equal(toHex(encoded));
    expect(toHex(tableHash(decodeAll(table, encoded)))).to.equal(toHex(tableHash(defaultTable)));
    expect(toHex(tableHash(change('MIT', { obligations: 0 })))).to.not.equal(toHex(tableHash(defaultTable)));
    expect(toHex(tableHash({ ...defaultTable, rules: defaultTable.rules.toReversed() }))).to.not.equal(
      toHex(tableHash(defaultTable)),
    );
  });

  const malformed: Readonly<Record<string, readonly [Table, RegExp]>> = {
    'no licence': [{ ...defaultTable, licences: [], exceptions: [] }, /no licence/],
    'a name twice': [{ ...defaultTable, licences: defaultTable.licences.flatMap((each) => [each, each]) }, /ascending/],
    'licences in another order': [{ ...defaultTable, licences: defaultTable.licences.toReversed() }, /ascending/],
    'names that differ by case only': [
      {
        ...defaultTable,
        licences: defaultTable.licences.flatMap((each) =>
          each.name === 'MIT' ? [each, { ...each, name: 'mit' }] : [each],
        ),
      },
      /ascending/,
    ],
    'a name that no expression can hold': [change('Zlib', { name: 'Zlib 2' }), /well-formed/],
    'an empty name': [change('0BSD', { name: '' }), /well-formed/],
    'no source': [change('MIT', { source: '' }), /MIT has no source/],
    'an unknown trait': [change('MIT', { traits: 32 }), /MIT has bits/],
    'an unknown obligation': [change('MIT', { obligations: 4096 }), /MIT has bits/],
    'an unknown restriction': [change('MIT', { restrictions: 2 ** 31 }), /MIT has bits/],
    'an unknown relation': [change('MIT', { reach: 64 }), /MIT has bits/],
    'an unknown purpose': [change('MIT', { purposes: 32 }), /MIT has bits/],
    'a listed licence that is not there': [change('EPL-1.0', { outbound: ['EPL-9.0'] }), /EPL-9\.0/],
    'a listed licence that is a choice': [change('EPL-1.0', { outbound: ['GPL-2.0-or-later'] }), /GPL-2\.0-or-later/],
    'itself among the listed': [change('EPL-1.0', { outbound: ['EPL-1.0'] }), /twice/],
    'a licence listed twice': [change('EPL-1.0', { outbound: ['EPL-2.0', 'EPL-2.0'] }), /twice/],
    'a choice of one': [change('GPL-2.0-or-later', { choices: ['GPL-2.0-only'] }), /choice of one/],
    'a choice of a choice': [
      change('LGPL-2.1-or-later', { choices: ['LGPL-2.1-only', 'GPL-2.0-or-later'] }),
      /GPL-2\.0-or-later/,
    ],
    'an exception for nothing': [
      { ...defaultTable, exceptions: defaultTable.exceptions.map((each) => ({ ...each, of: [] })) },
      /no single licence/,
    ],
    'an exception with unknown bits': [
      { ...defaultTable, exceptions: defaultTable.exceptions.map((each) => ({ ...each, frees: 64 })) },
      /bits/,
    ],
    'no rules': [{ ...defaultTable, rules: [] }, /NoDerivatives/],
    'a rule in no relation': [withRule({ relations: 0 }), /no relation/],
    'a rule in a relation there is not': [withRule({ relations: 64 }), /relation/],
    'a rule that always refuses': [withRule({ when: [] }), /no condition/],
    'a rule without a cure': [withRule({ cure: '' }), /no cure/],
    'a rule that asks for no bit': [
      withRule({ when: [{ holds: true, fact: { tag: 'ParentTrait', value: { traits: 0 } } }] }),
      /traits 0/,
    ],
    'a rule that asks for a tier there is not': [
      withRule({ when: [{ holds: true, fact: { tag: 'ParentLacksTier', value: { tiers: 32 } } }] }),
      /tiers 32/,
    ],
    'a rule that asks for a kind there is not': [
      withRule({ when: [{ holds: true, fact: { tag: 'ParentDerivatives', value: { kind: 4 } } }] }),
      /kind 4/,
    ],
    'more bytes than fit': [
      {
        ...defaultTable,
        licences: defaultTable.licences.map((each) => ({ ...each, outbound: LONG, source: 'x'.repeat(120) })),
      },
      /bytes/,
    ],
  };
  for (const [what, [bad, fault]] of Object.entries(malformed))
    it(`refuses ${what}`, () => {
      expect(validateTable(bad)).to.equal(false);
      expect(faultOf(bad)).to.match(fault);
    });

  it('lists that are too long are refused before they are read', () => {
    const many = {
      ...defaultTable,
      licences: Array.from({ length: MAX_LICENCES + 1 }, () => defaultTable.licences[0] as LicenceProfile),
    };
    expect(() => table.codec.enc(many)).to.throw();
    expect(() => decodeAll(table, Uint8Array.of(0xfe, 0xff, 0xff, 0xff))).to.throw();
  });

  it('no bytes make it throw anything but a refusal, and what is decoded and valid decides', () => {
    const encoded = table.codec.enc(defaultTable);
    fc.assert(
      fc.property(fc.nat({ max: encoded.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = encoded.slice();
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        let changed: Table;
        try {
          changed = decodeAll(table, bytes);
        } catch {
          return;
        }
        if (!validateTable(changed)) return;
        for (const name of ['MIT', 'GPL-2.0-or-later', 'Llama-3.1', 'CC-BY-NC-4.0'])
          decide(changed, under(name), 'TrainedOn', under('CC-BY-SA-4.0'));
      }),
      { numRuns: 300 },
    );
  });

  it('a table that is replaced decides at once: a new licence, a rule less', () => {
    const more = {
      ...defaultTable,
      licences: [{ ...(defaultTable.licences[0] as LicenceProfile), name: '00-Ours' }, ...defaultTable.licences],
    };
    expect(decide(defaultTable, under({ tag: 'Named', value: '00-Ours' }), 'TrainedOn', under('MIT'))?.clause).to.equal(
      'NoLicence',
    );
    expect(validateTable(more)).to.equal(true);
    expect(decide(more, under({ tag: 'Named', value: '00-Ours' }), 'TrainedOn', under('MIT'))).to.equal(undefined);
    const laxer = { ...defaultTable, rules: defaultTable.rules.filter(({ clause }) => clause.tag !== 'NonCommercial') };
    expect(decide(defaultTable, under('CC-BY-NC-4.0'), 'TrainedOn', under('MIT'))?.clause).to.equal('NonCommercial');
    expect(decide(laxer, under('CC-BY-NC-4.0'), 'TrainedOn', under('MIT'))).to.equal(undefined);
  });
});
