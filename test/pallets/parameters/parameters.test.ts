import { expect } from 'chai';
import { parameter, PARAMETERS, parameters } from '../../../pallets/parameters/index.ts';
import { mockRuntime, Origin } from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';

const fresh = (config: Record<string, bigint> = {}) => mockRuntime([system, parameters], { parameters: config });
const set = (value: bigint) => parameters.call.setParameter({ name: { tag: 'LicenceBurn' }, value });

describe('pallets/parameters', () => {
  it('has the default until the chain itself sets another value, which then holds', () => {
    const chain = fresh();
    expect(parameter(chain.ctx, 'LicenceBurn')).to.equal(PARAMETERS.LicenceBurn.default);
    expect(chain.dispatch(Origin.root, set(7n))).to.equal('ok');
    expect(parameter(chain.ctx, 'LicenceBurn')).to.equal(7n);
    expect(chain.events.at(-1)?.data).to.deep.equal({
      name: { tag: 'LicenceBurn', value: undefined },
      before: PARAMETERS.LicenceBurn.default,
      now: 7n,
    });
  });

  it('is set by nobody else, and never outside of its bounds', () => {
    const chain = fresh();
    const { least, most } = PARAMETERS.LicenceBurn;
    chain.expectNoop(Origin.signed(new Uint8Array(32)), set(7n), 'BadOrigin');
    chain.expectNoop(Origin.root, set(most + 1n), parameters.errors.OutOfBounds);
    expect(chain.dispatch(Origin.root, set(most))).to.equal('ok');
    expect(chain.dispatch(Origin.root, set(least))).to.equal('ok');
  });

  it('every default is within its bounds', () => {
    for (const [name, { default: value, least, most }] of Object.entries(PARAMETERS)) {
      expect(value >= least && value <= most, name).to.equal(true);
    }
  });

  it('a chain may begin with other values, but with none that could not be set', () => {
    expect(parameter(fresh({ LicenceBurn: 5n }).ctx, 'LicenceBurn')).to.equal(5n);
    expect(() => fresh({ LicenceBurn: 10_001n })).to.throw('from 0 to 2000');
    expect(() => fresh({ Nonsense: 1n })).to.throw("no parameter 'Nonsense'");
  });
});
