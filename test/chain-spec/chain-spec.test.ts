import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import {
  buildLocalSpec,
  builtinSpec,
  type ChainSpecJson,
  devPaths,
  devValidator,
  parseChainSpec,
  parseChainSpecText,
} from '../../chain-spec/index.ts';
import { isTacitError } from '../../primitives/errors.ts';
import { EXISTENTIAL_DEPOSIT } from '../../primitives/money.ts';
import { runtime } from '../../runtime/index.ts';

const code = (wanted: string, path?: string) => (error: unknown) =>
  isTacitError(error, wanted) && (path === undefined || error.details['path'] === path);
type Loose = { [key: string]: Loose } & Loose[];

describe('chain-spec', () => {
  it('belongs to who has it built: a key changed in one is in no other', () => {
    const [first, before] = [buildLocalSpec({ validators: 4 }), buildLocalSpec({ validators: 4 })];
    first.genesis.session.validators[0]!.keys.aura = `0x${'11'.repeat(32)}`;
    expect(buildLocalSpec({ validators: 4 })).to.deep.equal(before);
  });

  it('the files that come with the project are what the builder makes', () => {
    const file = (name: string) =>
      JSON.parse(readFileSync(new URL(`../../chain-spec/${name}.json`, import.meta.url), 'utf8')) as unknown;
    expect(file('dev')).to.deep.equal(buildLocalSpec({ validators: 1 }));
    expect(file('local')).to.deep.equal(buildLocalSpec({ validators: 4 }));
    expect(builtinSpec('nothing')).to.equal(undefined);
  });

  it('builds chains of 1, 4, 7 and 10 validators with their committee', () => {
    for (const validators of [4, 7, 10]) {
      const spec = parseChainSpec(buildLocalSpec({ validators }));
      expect(spec.genesis.session.validators).to.have.length(validators);
      expect(spec.genesis.committee?.paramsId).to.equal(`tacit-8192-n${validators}`);
    }
    expect(parseChainSpec(buildLocalSpec({ validators: 1 })).genesis.committee).to.equal(undefined);
    expect(() => buildLocalSpec({ validators: 5 }))
      .to.throw()
      .that.satisfies(code('chain-spec/bad-size'));
  });

  it('knows the development keys that everybody knows', () => {
    // Substrate's `subkey inspect //Alice` for both schemes.
    const { account, keys } = devValidator('//Alice');
    expect(account).to.equal('5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY');
    expect(keys.aura).to.equal('0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d');
    expect(keys.grandpa).to.equal('0x88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee');
    expect(() => devPaths('Alice'))
      .to.throw()
      .that.satisfies(code('chain-spec/bad-dev-key'));
  });

  it('takes further accounts and boot nodes', () => {
    const { account } = devValidator('//Grace');
    const spec = parseChainSpec(
      buildLocalSpec({ validators: 4, balances: { [account]: 5n * 10n ** 24n }, bootNodes: ['/ip4/127.0.0.1/tcp/1'] }),
    );
    expect(spec.genesis.balances.accounts.map(([, amount]) => amount)).to.include(5n * 10n ** 24n);
    expect(spec.bootNodes).to.deep.equal(['/ip4/127.0.0.1/tcp/1']);
  });

  it('takes parameters that differ from those of such a chain, and keeps the others', () => {
    const { parameters: usual } = buildLocalSpec({ validators: 4 }).genesis;
    const { parameters } = buildLocalSpec({
      validators: 4,
      parameters: { DisputeAnswer: '7', LicenceBurn: '1' },
    }).genesis;
    expect(parameters).to.deep.equal({ ...usual, DisputeAnswer: '7', LicenceBurn: '1' });
    expect(usual?.['DisputeAnswer']).not.to.equal('7');
  });

  it('names the place of what is wrong', () => {
    const cases: [path: string, error: string, change: (spec: Loose) => unknown][] = [
      ['name', 'chain-spec/invalid', (spec) => delete spec['name']],
      ['id', 'chain-spec/invalid', (spec) => Object.assign(spec, { id: '../etc' })],
      ['', 'chain-spec/invalid', (spec) => Object.assign(spec, { more: 1 })],
      [
        'properties.tokenDecimals',
        'chain-spec/invalid',
        (spec) => Object.assign(spec['properties']!, { tokenDecimals: 12 }),
      ],
      [
        'genesis.session.bond',
        'chain-spec/invalid',
        (spec) => Object.assign(spec['genesis']!['session']!, { bond: 1000 }),
      ],
      [
        'genesis.session.bond',
        'chain-spec/invalid',
        (spec) => Object.assign(spec['genesis']!['session']!, { bond: '-1' }),
      ],
      [
        'genesis.session.validators.0.keys.aura',
        'chain-spec/invalid',
        (spec) => Object.assign(spec['genesis']!['session']!['validators']![0]!['keys']!, { aura: '0x00' }),
      ],
      [
        'genesis.balances.accounts.1.0',
        'chain-spec/invalid',
        (spec) =>
          (spec['genesis']!['balances']!['accounts']![1]![0] =
            '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQZ' as never),
      ],
      ['genesis.committee.slash', 'chain-spec/invalid', (spec) => delete spec['genesis']!['committee']!['slash']],
      [
        'genesis.session.bond',
        'chain-spec/inconsistent',
        (spec) => Object.assign(spec['genesis']!['session']!, { bond: '1000000000000' }),
      ],
      [
        'genesis.committee.paramsId',
        'chain-spec/inconsistent',
        (spec) => Object.assign(spec['genesis']!['committee']!, { paramsId: 'tacit-test-256-n4' }),
      ],
      [
        'genesis.committee.paramsId',
        'chain-spec/inconsistent',
        (spec) => Object.assign(spec['genesis']!['committee']!, { paramsId: 'tacit-8192-n7' }),
      ],
      ['genesis.tally', 'chain-spec/inconsistent', (spec) => delete spec['genesis']!['committee']],
      [
        'genesis.session.validators',
        'chain-spec/inconsistent',
        (spec) =>
          spec['genesis']!['session']!['validators']!.splice(1, 1, spec['genesis']!['session']!['validators']![0]!),
      ],
      [
        'genesis.balances.accounts',
        'chain-spec/inconsistent',
        (spec) => spec['genesis']!['balances']!['accounts']!.push(spec['genesis']!['balances']!['accounts']![0]!),
      ],
    ];
    for (const [path, error, change] of cases) {
      const spec = structuredClone(buildLocalSpec({ validators: 4 })) as unknown as Loose;
      change(spec);
      expect(() => parseChainSpec(spec), `${error} at ${path}`)
        .to.throw()
        .that.satisfies(code(error, path));
    }
  });

  it('takes no account that the runtime would not make: at the least balances the genesis is there, a unit below it is refused', () => {
    const withMoney = (balances: Readonly<Record<string, bigint>>): (() => unknown) => {
      const spec = buildLocalSpec({ validators: 1 });
      const money = new Map(
        [...spec.genesis.balances.accounts, ...Object.entries(balances)].map(([who, v]) => [who, v]),
      );
      spec.genesis.balances.accounts = [...money].map(([who, units]) => [who, String(units)]);
      return () => runtime.genesis(parseChainSpec(spec));
    };
    const [alice, grace] = [devValidator('//Alice').account, devValidator('//Grace').account];
    const bond = parseChainSpec(buildLocalSpec({ validators: 1 })).genesis.session.bond;
    withMoney({ [grace]: EXISTENTIAL_DEPOSIT })();
    withMoney({ [alice]: bond + EXISTENTIAL_DEPOSIT })();
    for (const units of [0n, 1n, EXISTENTIAL_DEPOSIT - 1n]) {
      expect(withMoney({ [grace]: units }), `${units}`)
        .to.throw(`balances.accounts.6.1: ${units} units are too few for an account: the least is 1000`)
        .that.satisfies(code('chain-spec/invalid', 'genesis.balances.accounts.6.1'));
    }
    expect(withMoney({ [alice]: bond + EXISTENTIAL_DEPOSIT - 1n }))
      .to.throw(`${bond + 999n} units, does not cover it: the least is ${bond + 1000n}`)
      .that.satisfies(code('chain-spec/inconsistent', 'genesis.session.bond'));
  });

  it('refuses texts that are no JSON, or too long', () => {
    expect(() => parseChainSpecText('{'))
      .to.throw()
      .that.satisfies(code('chain-spec/not-json'));
    expect(() => parseChainSpecText('[]'))
      .to.throw()
      .that.satisfies(code('chain-spec/invalid', ''));
    expect(() => parseChainSpecText(' '.repeat(16 * 1024 * 1024 + 1)))
      .to.throw()
      .that.satisfies(code('chain-spec/too-long'));
    const text: string = JSON.stringify(buildLocalSpec({ validators: 4 }) satisfies ChainSpecJson);
    expect(parseChainSpecText(text).genesis.session.bond).to.equal(1_000_000_000n);
  });
});
