import { metadata as papiMetadata, unifyMetadata } from '@polkadot-api/substrate-bindings';
import { expect } from 'chai';
import { metadataVersions } from '../../runtime/metadata.ts';
import { runtime } from '../../runtime/index.ts';

type Unified = ReturnType<typeof unifyMetadata>;

/** All that a client can show of the runtime, as `[what, its docs]`. */
function shown({ pallets, lookup, apis }: Unified, version: number): [what: string, docs: readonly string[]][] {
  const variants = (name: string, id: number | undefined, fieldsToo: boolean): [string, readonly string[]][] => {
    const def = id === undefined ? undefined : lookup[id]?.def;
    if (def?.tag !== 'variant') return [];
    return def.value.flatMap(({ name: variant, docs, fields }) => [
      [`${name}.${variant}`, docs] as [string, string[]],
      ...fields
        .filter(() => fieldsToo)
        .map((field): [string, readonly string[]] => [`${name}.${variant}.${field.name}`, field.docs]),
    ]);
  };
  return pallets
    .flatMap(({ name, docs, calls, events, errors, storage, constants }): [string, readonly string[]][] => [
      ...(version === 14 ? [] : [[name, docs] as [string, string[]]]),
      ...variants(`${name}: call`, calls?.type, false),
      ...variants(`${name}: event`, events?.type, true),
      ...variants(`${name}: error`, errors?.type, false),
      ...(storage?.items ?? []).map((item): [string, string[]] => [`${name}: storage ${item.name}`, item.docs]),
      ...constants.map((constant): [string, string[]] => [`${name}: constant ${constant.name}`, constant.docs]),
    ])
    .concat(
      apis.flatMap(({ name, docs, methods }): [string, readonly string[]][] => [
        [name, docs],
        ...methods.map((method): [string, readonly string[]] => [`${name}_${method.name}`, method.docs]),
      ]),
    );
}

describe('runtime: metadata', () => {
  for (const version of metadataVersions) {
    it(`version ${version} tells of everything that it shows`, () => {
      const unified = unifyMetadata(papiMetadata.dec(runtime.metadata(version)));
      const all = shown(unified, version);
      expect(all.length).to.be.greaterThan(300);
      expect(all.filter(([, docs]) => !docs.join('').trim()).map(([what]) => what)).to.deep.equal([]);
    });

    it(`version ${version} names the type of every field, and money as money`, () => {
      const { lookup } = unifyMetadata(papiMetadata.dec(runtime.metadata(version)));
      const fields = lookup.flatMap(({ path, def }) => {
        if (def.tag === 'composite') return def.value.map((field) => ({ path, ...field }));
        if (def.tag === 'variant')
          return def.value.flatMap((variant) => variant.fields.map((field) => ({ path, ...field })));
        return [];
      });
      expect(fields.length).to.be.greaterThan(300);
      expect(fields.filter(({ typeName }) => !typeName)).to.deep.equal([]);
      // What is an unsigned integer of 128 bits is money, or one of these: flags, a fraction, parameters of whatever unit, scores and what is paid per point of them, parts of a unit of money.
      const wide = fields.filter(({ type, typeName }) => {
        const def = lookup[type]?.def;
        const inner = def?.tag === 'compact' ? lookup[def.value]?.def : def;
        return inner?.tag === 'primitive' && inner.value.tag === 'u128' && typeName !== 'Balance';
      });
      expect(wide.map(({ path, name }) => `${path.join('::')}.${name}`).toSorted()).to.deep.equal(
        [
          'pallet_balances::types::ExtraFlags.undefined',
          'sp_arithmetic::fixed_point::FixedU128.undefined',
          'tacit_tally::PayoutVector.sum',
          'tacit_tally::ScoredParts.news',
          'tacit_tally::ScoredParts.phi',
          'tacit_tally::ScoredParts.products',
          'tacit_tally::Total.news',
          'tacit_tally::PayoutVector.rate',
          'tacit_tally::Total.sum',
          'tacit_tally::Total.rate',
          'pallet_tally::pallet::Event.sum',
          'pallet_tally::pallet::Event.rate',
          'tacit_parameters::Parameter.value',
          'tacit_curation::Sums.rated',
          'tacit_parameters::Parameter.least',
          'tacit_parameters::Parameter.most',
          'tacit_royalty::Backer.index',
          'tacit_royalty::BaseIndex.backers',
          'tacit_royalty::BaseIndex.data',
          'tacit_royalty::Exact.part',
          'pallet_parameters::pallet::Call.value',
          'pallet_parameters::pallet::Event.before',
          'pallet_parameters::pallet::Event.now',
        ].toSorted(),
      );
    });

    it(`version ${version} tells of the fields of structures and posts what their declarations do`, () => {
      const { lookup } = unifyMetadata(papiMetadata.dec(runtime.metadata(version)));
      const docs = new Map<string, string>();
      for (const { path, def } of lookup) {
        if (!path[0]?.startsWith('tacit_')) continue;
        const variants = def.tag === 'variant' ? def.value : [];
        const own = def.tag === 'composite' ? [{ name: '', fields: def.value }] : variants;
        for (const { name, fields } of own) {
          for (const field of fields) {
            if (field.docs.length > 0)
              docs.set([...path, name, field.name].filter(Boolean).join('.'), field.docs.join());
          }
        }
      }
      expect(docs.size).to.be.greaterThan(90);
      expect(docs.get('tacit_tally.Round.silent')).to.equal('Members passed over in Keying.');
      expect(docs.get('tacit_notes.Claim.tag')).to.equal('The tag of the note that was spent.');
      expect(docs.get('tacit_tally.Body.Payout.shares')).to.equal(undefined);
      expect(docs.get('tacit_tally.Body.KeyCheck.test')).to.match(/^Opening shares of the test encryption/);
    });

    it(`version ${version} lists a type without a name once`, () => {
      const { lookup } = unifyMetadata(papiMetadata.dec(runtime.metadata(version)));
      const forms = lookup
        .filter(({ path, def }) => path.length === 0 && def.tag !== 'composite' && def.tag !== 'variant')
        .map(({ def }) => JSON.stringify(def));
      expect(forms).to.deep.equal([...new Set(forms)]);
    });
  }
});
