import { expect } from 'chai';
import * as fc from 'fast-check';
import { balances } from '../../../pallets/balances/index.ts';
import { ownership } from '../../../pallets/ownership/index.ts';
import {
  MAX_BRANCHES,
  MODEL_DEPOSIT,
  modelByFingerprint,
  modelOf,
  registry,
  VERSION_FEE,
  versionOf,
} from '../../../pallets/registry/index.ts';
import { compareSemVer, isSemVer } from '../../../pallets/registry/semver.ts';
import { asset, named, newModel, newVersion, numbered, plainRelease } from '../../support/registry.ts';
import { ALICE, as, BOB, burnedBy, CAROL, delegate, free, fresh, MONEY, ok, POOR, reserved } from './support.ts';

const { call, errors } = registry;
const parsed = (text: string) => {
  const [core = '', ...pre] = text.split('-');
  const [major = 0, minor = 0, patch = 0] = core.split('.').map(Number);
  return numbered(major, minor, patch, pre.join('-'));
};
const sign = (n: number): number => Math.sign(n);

describe('pallets/registry: SemVer', () => {
  it('orders as the examples of its text do', () => {
    // semver.org, 2.0.0, clause 11
    const ascending = [
      ['1.0.0', '2.0.0', '2.1.0', '2.1.1'],
      ['1.0.0-alpha', '1.0.0'],
      [
        '1.0.0-alpha',
        '1.0.0-alpha.1',
        '1.0.0-alpha.beta',
        '1.0.0-beta',
        '1.0.0-beta.2',
        '1.0.0-beta.11',
        '1.0.0-rc.1',
        '1.0.0',
      ],
      ['1.9.0', '1.10.0', '1.11.0'],
    ];
    for (const list of ascending)
      for (const [i, a] of list.entries())
        for (const [j, b] of list.entries())
          expect(sign(compareSemVer(parsed(a), parsed(b))), `${a} and ${b}`).to.equal(sign(i - j));
  });

  it('knows which pre-releases there are', () => {
    // Valid and invalid ones of the test that semver.org links to (regex101.com/r/vkijKf/1).
    const valid = [
      '',
      'alpha',
      'alpha.1',
      'alpha.0valid',
      '0.3.7',
      'x.7.z.92',
      'x-y-z.-',
      '0A.is.legal',
      '-',
      'rc.1',
      '-1.0',
      '--',
    ];
    const invalid = [
      '.',
      'alpha..1',
      '01',
      'alpha.01',
      'alpha_beta',
      'a.',
      '.a',
      'é',
      'a+b',
      ' ',
      '0123.0123',
      '12345678.00',
    ];
    for (const pre of valid) expect(isSemVer(numbered(1, 0, 0, pre)), pre).to.equal(true);
    for (const pre of invalid) expect(isSemVer(numbered(1, 0, 0, pre)), pre).to.equal(false);
  });

  it('is an order: total, and compared identifier by identifier', () => {
    const identifier = fc.oneof(
      fc.nat({ max: 30 }).map(String),
      fc.constantFrom('9007199254740993', '9007199254740992', 'a', 'A', '-', 'a1', 'rc', 'alpha', '1a'),
    );
    const version = fc
      .tuple(fc.nat({ max: 2 }), fc.nat({ max: 2 }), fc.nat({ max: 2 }), fc.array(identifier, { maxLength: 3 }))
      .map(([major, minor, patch, pre]) => numbered(major, minor, patch, pre.join('.')));
    /** The rule once more, over keys: numbers as big integers, an end before whatever follows, a release after all. */
    const key = ({ major, minor, patch, pre }: ReturnType<typeof numbered>): (bigint | string)[][] => [
      [BigInt(major), BigInt(minor), BigInt(patch)],
      pre === '' ? ['\u{10FFFF}'] : pre.split('.').map((part) => (/^\d+$/.test(part) ? BigInt(part) : part)),
    ];
    const rank = (part: bigint | string | undefined): number =>
      part === undefined ? 0 : typeof part === 'bigint' ? 1 : 2;
    const byKeys = (a: ReturnType<typeof numbered>, b: ReturnType<typeof numbered>): number => {
      for (const level of [0, 1])
        for (let place = 0; place < 4; place++) {
          const [left, right] = [key(a)[level]?.[place], key(b)[level]?.[place]];
          if (rank(left) !== rank(right)) return rank(left) - rank(right);
          if (left !== undefined && right !== undefined && left !== right) return left < right ? -1 : 1;
        }
      return 0;
    };
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(sign(compareSemVer(a, b))).to.equal(sign(byKeys(a, b)));
        expect(sign(compareSemVer(a, b))).to.equal(0 - sign(compareSemVer(b, a)));
        if (compareSemVer(a, b) <= 0 && compareSemVer(b, c) <= 0) expect(compareSemVer(a, c) <= 0).to.equal(true);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('pallets/registry: versions', () => {
  it('a model is minted with its first one', () => {
    const chain = fresh();
    const release = {
      ...plainRelease(named('f')),
      tensors: { root: named('t'), count: 3 },
      card: { digest: named('card'), cid: 'bafy' },
      changelog: named('first'),
    };
    ok(chain, ALICE, newModel(named('f'), { release }));
    expect(modelOf(chain.ctx, 0n)).to.deep.equal({ versions: 1, branches: 1, block: chain.ctx.block });
    expect(versionOf(chain.ctx, 0n, 0)).to.deep.equal({
      branch: 'main',
      semver: numbered(1, 0, 0),
      from: [],
      release,
      block: chain.ctx.block,
      deprecated: undefined,
    });
    expect([free(chain, ALICE), reserved(chain, ALICE)]).to.deep.equal([MONEY - MODEL_DEPOSIT, MODEL_DEPOSIT]);
    chain.expectNoop(as(POOR), newModel(named('g')), balances.errors.InsufficientBalance);
    for (const count of [0, 2 ** 20 + 1])
      chain.expectNoop(
        as(ALICE),
        newModel(named('g'), { release: { ...plainRelease(named('g')), tensors: { root: named('t'), count } } }),
        errors.BadTensors,
      );
  });

  it('each fingerprint is registered once, over all models and versions', () => {
    const chain = fresh();
    ok(chain, ALICE, newModel(named('f')));
    ok(chain, ALICE, newVersion(0n, named('g')));
    chain.expectNoop(as(BOB), newModel(named('f')), errors.AlreadyRegistered);
    chain.expectNoop(as(BOB), newModel(named('g')), errors.AlreadyRegistered);
    ok(chain, BOB, newModel(named('h')));
    chain.expectNoop(as(BOB), newVersion(1n, named('g')), errors.AlreadyRegistered);
    chain.expectNoop(as(BOB), newVersion(1n, named('h')), errors.AlreadyRegistered);
    expect(modelByFingerprint(chain.ctx, named('g'))).to.deep.equal({ model: 0n, version: 1 });
  });

  it('ascend on a branch, each from where it stands; a branch begins anywhere; a merge has two origins', () => {
    const chain = fresh();
    ok(chain, ALICE, newModel(named('0')));
    const next = (name: string, more: Parameters<typeof newVersion>[2]) => newVersion(0n, named(name), more);
    for (const semver of [numbered(1, 0, 0), numbered(1, 0, 0, 'rc.1'), numbered(0, 9, 9)])
      chain.expectNoop(as(ALICE), next('1', { semver }), errors.NotNewer);
    ok(chain, ALICE, next('1', { semver: numbered(1, 1, 0, 'rc.1') }));
    chain.expectNoop(as(ALICE), next('2', { semver: numbered(1, 1, 0), from: [0] }), errors.NotTheTip);
    ok(chain, ALICE, next('2', { semver: numbered(1, 1, 0), from: [1] }));
    ok(chain, ALICE, next('3', { branch: 'fix/1.0', semver: numbered(1, 0, 1), from: [0] }));
    // Its own number on its own branch: main has 1.1.0 already.
    ok(chain, ALICE, next('4', { branch: 'fix/1.0', semver: numbered(1, 1, 0), from: [3] }));
    for (const from of [[], [2, 2]])
      chain.expectNoop(as(ALICE), next('5', { semver: numbered(2, 0, 0), from }), errors.BadOrigins);
    chain.expectNoop(as(ALICE), next('5', { semver: numbered(2, 0, 0), from: [2, 9] }), errors.UnknownVersion);
    chain.expectNoop(as(ALICE), next('5', { semver: numbered(2, 0, 0), from: [4, 2] }), errors.NotTheTip);
    ok(chain, ALICE, next('5', { semver: numbered(2, 0, 0), from: [2, 4] }));
    expect(versionOf(chain.ctx, 0n, 5)?.from).to.deep.equal([2, 4]);
    expect(modelOf(chain.ctx, 0n)).to.deep.include({ versions: 6, branches: 2 });
    expect(registry.use(chain.ctx).store.branches.get(0n, 'fix/1.0')).to.equal(4);
  });

  it('have names and numbers that are some', () => {
    const chain = fresh();
    for (const pre of ['01', 'a..b', 'a+b'])
      chain.expectNoop(as(ALICE), newModel(named('f'), { semver: numbered(1, 0, 0, pre) }), errors.BadSemVer);
    for (const branch of ['', 'my branch', 'é', 'a\n'])
      chain.expectNoop(as(ALICE), newModel(named('f'), { branch }), errors.BadBranch);
    chain.expectNoop(as(ALICE), newVersion(0n, named('f')), errors.UnknownModel);
  });

  it('a model has a bounded number of branches', () => {
    const chain = fresh();
    ok(chain, ALICE, newModel(named('0')));
    const branch = (n: number) => newVersion(0n, named(`${n}`), { branch: `b${n}`, from: [0] });
    for (let n = 1; n < MAX_BRANCHES; n++) ok(chain, ALICE, branch(n));
    chain.expectNoop(as(ALICE), branch(MAX_BRANCHES), errors.TooManyBranches);
    ok(chain, ALICE, newVersion(0n, named('main')));
  });

  it('are paid for by who releases them, for good: no delegate binds the owner’s money', () => {
    const chain = fresh();
    ok(chain, ALICE, newModel(named('0')));
    ok(chain, ALICE, delegate(asset('Model', 0n), BOB, 'metadata'));
    ok(chain, ALICE, delegate(asset('Model', 0n), CAROL, 'licensing', 'rounds', 'money'));
    const before = [free(chain, ALICE), reserved(chain, ALICE), free(chain, BOB)];
    expect(burnedBy(chain, () => ok(chain, BOB, newVersion(0n, named('1'))))).to.equal(VERSION_FEE);
    expect([free(chain, ALICE), reserved(chain, ALICE), free(chain, BOB) + VERSION_FEE]).to.deep.equal(before);
    const another = newVersion(0n, named('2'), { from: [1], semver: numbered(1, 0, 2) });
    chain.expectNoop(as(CAROL), another, ownership.errors.NotAllowed);
    chain.expectNoop(as(CAROL), call.deprecateVersion({ model: 0n, version: 0 }), ownership.errors.NotAllowed);
    ok(chain, BOB, call.deprecateVersion({ model: 0n, version: 0 }));
    chain.expectNoop(as(BOB), call.deprecateVersion({ model: 0n, version: 0 }), errors.AlreadyDeprecated);
    chain.expectNoop(as(BOB), call.deprecateVersion({ model: 0n, version: 7 }), errors.UnknownVersion);
    chain.expectNoop(as(BOB), call.deprecateVersion({ model: 3n, version: 0 }), errors.UnknownModel);
    expect(versionOf(chain.ctx, 0n, 0)?.deprecated).to.equal(chain.ctx.block);
  });
});
