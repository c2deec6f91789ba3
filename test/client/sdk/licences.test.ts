/** What a client takes for an offer, and for access: read with proof from a chain on paper. */
import { expect } from 'chai';
import { storage, type Terms } from '../../../client/sdk/generated/chain.ts';
import { readAccess, readOffers } from '../../../client/sdk/licences.ts';
import { LightClient } from '../../../client/sdk/light/index.ts';
import { openTerms } from '../../../client/sdk/terms.ts';
import { entry, PaperChain } from '../support/paper-chain.ts';

const asset = { tag: 'Data' as const, value: 7n };
const [someone, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
const hash = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);
const record = (terms: Terms) => ({ terms, storer: someone, deposit: 1n, references: 1 });
const offered = (more: { buyer?: Uint8Array; until?: number; terms?: Uint8Array } = {}) => ({
  owner: someone,
  maker: someone,
  deposit: 1n,
  bonds: 0,
  buyer: undefined,
  until: undefined,
  terms: hash(9),
  ...more,
});

describe('client/sdk/licences', () => {
  it('shows the offers that everyone may still take, of this asset, in their order', async () => {
    const { offers, terms } = storage.licensing;
    const chain = new PaperChain([
      entry(terms, [hash(9)], record(openTerms('MIT'))),
      entry(terms, [hash(8)], record(openTerms('Apache-2.0'))),
      entry(offers, [asset, 12n], offered({ until: 2 })),
      entry(offers, [asset, 300n], offered({ terms: hash(8), until: 3 })),
      entry(offers, [asset, 4n], offered()),
      entry(offers, [asset, 5n], offered({ buyer: other })),
      entry(offers, [{ tag: 'Model', value: 7n }, 6n], offered()),
    ]);
    const light = new LightClient(chain.block().block().ask, chain.root);
    const found = await readOffers(await light.finalizedState(), asset);
    expect(found.map(({ offer, terms: { base } }) => [offer, base.value])).to.deep.equal([
      [4n, 'MIT'],
      [300n, 'Apache-2.0'],
    ]);
  });

  it('tells of nobody’s access but the account’s own', async () => {
    const own = { grant: 3n, isHolder: true, tiers: 4, until: undefined, usesLeft: 2n, meter: undefined };
    const chain = new PaperChain([entry(storage.licensing.access, [asset, someone], [own])]);
    const state = await new LightClient(chain.block().ask, chain.root).finalizedState();
    expect(await readAccess(state, asset, someone)).to.deep.equal([own]);
    expect(await readAccess(state, asset, other)).to.deep.equal([]);
  });
});
