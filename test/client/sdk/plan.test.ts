import { expect } from 'chai';
import { argsOf, type RoundPlan } from '../../../client/sdk/plan.ts';
import { calls } from '../../../client/sdk/generated/chain.ts';
import { directionHash } from '../../../primitives/round/index.ts';

const account = new Uint8Array(32).fill(7);
const direction = [new Int8Array(12).fill(1), new Int8Array(12).fill(-1)];
const salt = new Uint8Array(32).fill(3);
const plan: RoundPlan = {
  parts: [12, 12],
  normSq: 4_000n,
  reporters: [{ account, total: 5n, points: 2n }],
  gamma: 1n,
  tMin: 1n,
  pool: 100n,
  stake: 50n,
  kMin: 3,
  maxItems: 8,
  openBlocks: 10,
  maxExtensions: 1,
  salt,
  direction,
};

describe('client/sdk: the rule of a round', () => {
  it('is the simplest where nothing else is said: uses of the model, anyone, no public points', () => {
    const { models, rule } = argsOf([{ model: 4, pool: plan.pool }], plan);
    expect(models).to.deep.equal([{ model: 4n, pool: 100n }]);
    expect(rule).to.deep.include({ base: 0n, curation: undefined, factors: [], admits: { tag: 'Anyone' } });
    const counted = { account, total: 5n, points: 2n, metric: { tag: 'Uses' }, attested: undefined, model: 4n };
    expect(rule.reporters).to.deep.equal([counted]);
    const hashes = direction.map((part, i) => directionHash(i, salt, new Uint8Array(part.buffer)));
    expect(rule.directions).to.deep.equal(hashes);
    // Nothing of what is secret goes along.
    expect(Object.keys(rule)).to.not.include.members(['salt', 'direction']);
  });

  it('says all that a rule can, over several models, and the chain takes it', () => {
    const args = argsOf(
      [
        { model: 1, pool: 5n },
        { model: 2, pool: 6n },
      ],
      {
        ...plan,
        base: 9n,
        curation: { portfolio: 3, points: 1n, most: 4n },
        factors: [{ kind: 'SafetyAudit', factor: 2 }],
        admits: { tag: 'Attested', value: { tag: 'Identity' } },
        reporters: [
          { account, total: 1n, points: 1n, metric: { tag: 'ComputeHours' }, model: 2, attested: 'EnclaveQuote' },
          { account, total: 1n, points: 3n },
        ],
      },
    );
    expect(args.rule.reporters.map(({ model, metric, attested }) => [model, metric.tag, attested?.tag])).to.deep.equal([
      [2n, 'ComputeHours', 'EnclaveQuote'],
      [1n, 'Uses', undefined],
    ]);
    expect(args.rule.curation).to.deep.equal({ portfolio: 3n, points: 1n, most: 4n });
    expect(args.rule.factors).to.deep.equal([{ kind: { tag: 'SafetyAudit' }, factor: 2 }]);
    expect(calls.royalty.createRound(args)).to.not.equal(undefined);
  });
});
