/** Terms as data: what is canonical and makes sense is stored once, and stays while something refers to it. */
import { expect } from 'chai';
import { licensing } from '../../../pallets/licensing/index.ts';
import type { PalletError } from '../../../pallets/support/index.ts';
import { template, TEMPLATES, type TemplateName } from '../../../pallets/licensing/templates.ts';
import type { Terms } from '../../../pallets/licensing/types.ts';
import { termsUnder } from '../../../pallets/licensing/index.ts';
import { freeze, setOptedOut } from '../../../pallets/ownership/index.ts';
import {
  BUNDLE,
  BUYER,
  by,
  call,
  CAROL,
  DATA,
  errors,
  idOf,
  makeTerms,
  MODEL,
  once,
  OWNER,
  RENTED,
  scene,
  who,
} from './support.ts';

const code = (text: string): Uint8Array => new TextEncoder().encode(text);
const step = (from: bigint, amount: bigint) => ({ from, amount });
const WRONG: readonly (readonly [what: string, by: Partial<Terms>, error: PalletError])[] = [
  ['an empty licence', { base: { tag: 'Spdx', value: ' ' } }, errors.EmptyLicence],
  ['no purpose', { purposes: 0 }, errors.UnknownBits],
  ['a purpose there is not', { purposes: 33 }, errors.UnknownBits],
  ['no tier', { tiers: 0 }, errors.UnknownBits],
  ['a tier there is not', { tiers: 32 }, errors.UnknownBits],
  ['a restriction there is not', { restrictions: 16_384 }, errors.UnknownBits],
  ['more than the whole', { revenueShare: 10_001 }, errors.BadShare],
  ['a ceiling of nothing', { revenueCeiling: 1n }, errors.BadShare],
  ['countries out of order', { territory: [code('FR'), code('DE')] }, errors.NotAscending],
  ['a country twice', { territory: [code('DE'), code('DE')] }, errors.NotAscending],
  ['a country in small letters', { territory: [code('de')] }, errors.NotAscending],
  ['approvers out of order', { approvers: [who(2), who(1)], approvals: 1 }, errors.NotAscending],
  ['more approvals than approvers', { approvers: [who(1)], approvals: 2 }, errors.BadApprovals],
  ['approvers and no approval', { approvers: [who(1)] }, errors.BadApprovals],
  ['approvals by nobody', { approvals: 1 }, errors.BadApprovals],
  ['no step', { price: { tag: 'Volume', value: { steps: [] } } }, errors.BadSteps],
  ['a step above 0', { price: { tag: 'Volume', value: { steps: [step(1n, 5n)] } } }, errors.BadSteps],
  ['equal steps', { price: { tag: 'Volume', value: { steps: [step(0n, 5n), step(0n, 4n)] } } }, errors.BadSteps],
  ['a price of nothing', { price: once(0n) }, errors.BadPrice],
  ['a bundle of nothing', { price: { tag: 'Bundle', value: { uses: 0n, amount: 5n } } }, errors.BadPrice],
  ['a bundle bounded twice', { price: { tag: 'Bundle', value: { uses: 5n, amount: 5n } }, uses: 5n }, errors.BadPrice],
  [
    'a subscription bounded twice',
    { price: { tag: 'Subscription', value: { period: 5, amount: 5n } }, duration: 5 },
    errors.BadPrice,
  ],
  ['no seat', { seats: 0 }, errors.BadBound],
  ['too many seats', { seats: 66 }, errors.BadBound],
  ['no time', { duration: 0 }, errors.BadBound],
  ['no use', { uses: 0n }, errors.BadBound],
  ['a grace after no end', { grace: 1 }, errors.BadGrace],
  [
    'a grace longer than the period',
    { price: once(5n), duration: 5, grace: 6, renewal: { tag: 'Manual' } },
    errors.BadGrace,
  ],
  [
    'an automatic renewal without grace',
    { price: once(5n), duration: 5, renewal: { tag: 'Automatic' } },
    errors.BadGrace,
  ],
  ['a renewal of what has no end', { price: once(5n), renewal: { tag: 'Manual' } }, errors.BadRenewal],
  ['uses renewed for nothing', { uses: 5n, renewal: { tag: 'Manual' } }, errors.BadRenewal],
  ['nothing to pay automatically', { duration: 5, grace: 1, renewal: { tag: 'Automatic' } }, errors.BadRenewal],
];
const SOUND: readonly Partial<Terms>[] = [
  {},
  { seats: 65, duration: 1, uses: 1n },
  { price: { tag: 'Volume', value: { steps: [step(0n, 9n), step(10n, 5n), step(100n, 0n)] } } },
  { approvers: [who(1), who(2)], approvals: 1, territory: [code('AT'), code('DE')] },
  { duration: 5, renewal: { tag: 'Manual' }, grace: 5 },
  { revenueShare: 10_000, revenueCeiling: 1n },
  RENTED,
  BUNDLE,
];

describe('licensing: terms', () => {
  for (const [what, wrong, error] of WRONG)
    it(`refuses ${what}`, () => scene().refuses(OWNER, call.storeTerms({ terms: makeTerms(wrong) }), error));

  it('stores sound terms once, under the hash of their encoding, for a deposit that comes back', () => {
    const chain = scene();
    const before = chain.reserved(CAROL);
    for (const sound of SOUND) chain.ok(CAROL, call.storeTerms({ terms: makeTerms(sound) }));
    for (const sound of SOUND) {
      const terms = makeTerms(sound);
      const found = licensing.use(chain.ctx).store.terms.get(idOf(terms));
      expect(found && idOf(found.terms)).to.deep.equal(idOf(terms));
      chain.refuses(OWNER, call.storeTerms({ terms }), errors.AlreadyStored);
      chain.refuses(OWNER, call.removeTerms({ id: idOf(terms) }), errors.NotStorer);
    }
    expect(chain.reserved(CAROL) > before).to.equal(true);
    for (const sound of SOUND) chain.ok(CAROL, call.removeTerms({ id: idOf(makeTerms(sound)) }));
    expect(chain.reserved(CAROL)).to.equal(before);
    chain.refuses(CAROL, call.removeTerms({ id: who(7) }), errors.UnknownTerms);
  });

  it('keeps terms while a licence, an offer or a grant refers to them', () => {
    const chain = scene();
    const terms = makeTerms({ price: once(500n) });
    const id = chain.stored(terms);
    chain.ok(OWNER, call.setTerms({ asset: MODEL, terms: id }));
    chain.refuses(OWNER, call.removeTerms({ id }), errors.InUse);
    const grant = chain.bought(BUYER, terms);
    chain.ok(OWNER, call.setTerms({ asset: MODEL, terms: undefined }));
    chain.refuses(OWNER, call.removeTerms({ id }), errors.InUse);
    chain.ok(BUYER, call.close({ grant }));
    chain.ok(OWNER, call.removeTerms({ id }));
  });

  it('an asset comes under terms by its owner only, and only under a licence that the table knows', () => {
    const chain = scene();
    const id = chain.stored(makeTerms());
    const put = call.setTerms({ asset: MODEL, terms: id });
    chain.expectNoop(by(BUYER), put, 'Ownership.NotAllowed');
    chain.refuses(OWNER, call.setTerms({ asset: MODEL, terms: who(7) }), errors.UnknownTerms);
    const unknown = chain.stored(makeTerms({ base: { tag: 'Spdx', value: 'MIT OR Nobody-Knows-1.0' } }));
    chain.refuses(OWNER, call.setTerms({ asset: MODEL, terms: unknown }), errors.UnknownLicence);
    expect(termsUnder(chain.ctx, MODEL)).to.equal(undefined);
    chain.ok(OWNER, put);
    expect(termsUnder(chain.ctx, MODEL)?.id).to.deep.equal(id);
    freeze(chain.ctx, MODEL, 50);
    chain.expectNoop(by(OWNER), put, 'Ownership.Frozen');
  });

  it('an asset whose owner refuses training comes under no terms that allow it', () => {
    const chain = scene();
    setOptedOut(chain.ctx, DATA, true);
    for (const tiers of [8, 16, 31]) {
      const id = chain.stored(makeTerms({ tiers }));
      chain.refuses(OWNER, call.setTerms({ asset: DATA, terms: id }), errors.OptedOut);
      chain.refuses(OWNER, call.offer({ asset: DATA, terms: id, buyer: undefined, until: undefined }), errors.OptedOut);
    }
    chain.ok(OWNER, call.setTerms({ asset: DATA, terms: chain.stored(makeTerms({ tiers: 7 })) }));
  });

  it('takes every ready template, and puts assets under it', () => {
    const chain = scene();
    const options = { text: who(9), amount: 5_000n, seats: 3, duration: 100 };
    for (const name of Object.keys(TEMPLATES) as TemplateName[]) {
      const terms = template(name, options);
      chain.ok(CAROL, call.storeTerms({ terms }));
      chain.ok(OWNER, call.setTerms({ asset: MODEL, terms: idOf(terms) }));
      expect(termsUnder(chain.ctx, MODEL)?.id, name).to.deep.equal(idOf(terms));
    }
  });
});
