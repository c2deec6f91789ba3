import { expect } from 'chai';
import { applyAggregate, publicHistory, roundData, UPDATE_NORM_SQ } from '../../../client/demo/learning.ts';
import { type LabelledImages, loadMnist, PIXELS } from '../../../client/demo/mnist.ts';
import { dealShards, PARTIES, type Party, VALIDATION_EXAMPLES } from '../../../client/demo/parties.ts';
import {
  cachedValues,
  coalitionValue,
  DEMO_SEED,
  fingerprint,
  retrainedShapley,
} from '../../../client/demo/retrained.ts';
import {
  closedFormShapley,
  innerProduct,
  shapleyByDefinition,
  spearman,
  sumOfUpdates,
} from '../../../client/demo/shapley.ts';
import { type Examples, evaluate, examplesOf, localUpdate, PARAMETERS } from '../../../client/demo/softmax.ts';
import { countUses, TEST_IMAGES } from '../../../client/demo/usage.ts';

describe('client/demo/learning', function () {
  this.timeout(600_000);
  let train: LabelledImages;
  let test: LabelledImages;
  let parties: Party[];
  let validation: Examples;
  let data: ReturnType<typeof roundData>;
  before(() => {
    ({ train, test } = loadMnist());
    ({ parties, validation } = dealShards(train, DEMO_SEED));
    data = roundData(parties, validation, DEMO_SEED);
  });
  const named = (kind: string): number => PARTIES.findIndex((party) => party.kind === kind);
  const party = (kind: string): Party => parties[named(kind)] as Party;

  it('deals shards that are what they claim to be', () => {
    expect(validation.count).to.equal(VALIDATION_EXAMPLES);
    parties.forEach(({ shard, indices, examples }) =>
      expect([shard.count, indices.length]).to.deep.equal([examples, examples]),
    );
    expect(party('duplicate').indices).to.deep.equal(parties[1]?.indices);
    expect(new Set(party('two-digits').shard.labels)).to.deep.equal(new Set([3, 8]));
    const wrong = party('wrong-labels');
    const errors = wrong.shard.labels.filter((label, i) => label !== train.labels[wrong.indices[i] as number]).length;
    expect(errors / wrong.examples).to.be.within(0.24, 0.36);
    const held = parties.filter(({ kind }) => kind !== 'duplicate').flatMap(({ indices }) => [...indices]);
    expect(new Set(held).size).to.equal(held.length);
  });

  it('descends along the gradient of the loss', () => {
    const examples = examplesOf(train, [0, 1, 2, 3, 4, 5, 6]);
    const start = Float64Array.from({ length: PARAMETERS }, (_, j) => Math.sin(j) / 10);
    const step = localUpdate(start, examples, 1, 1);
    const h = 1e-5;
    for (const j of [784, 350 + 785 * 5, 410 + 785 * 3, 785 * 10 - 1]) {
      const at = (shift: number) => evaluate(start.with(j, (start[j] as number) + shift), examples).loss;
      expect(step[j]).to.be.closeTo(-(at(h) - at(-h)) / (2 * h), 1e-7);
    }
  });

  it('is the same in every run, and every update has the fixed norm', () => {
    const again = dealShards(train, DEMO_SEED);
    expect(roundData(again.parties, again.validation, DEMO_SEED)).to.deep.equal(data);
    expect(dealShards(train, 'another').parties[0]?.indices).not.to.deep.equal(parties[0]?.indices);
    for (const part of [...data.updates.flat(), ...data.direction])
      expect(innerProduct(part, part)).to.equal(BigInt(UPDATE_NORM_SQ));
  });

  it('the duplicate earns what its original earns; who sends noise earns less than who trains', () => {
    const phi = closedFormShapley(data.updates, data.direction);
    expect(phi[named('duplicate')]).to.equal(phi[1]);
    for (const kind of ['ordinary', 'wrong-labels', 'duplicate', 'two-digits']) {
      expect((phi[named(kind)] as bigint) > (phi[named('noise')] as bigint), kind).to.equal(true);
    }
    expect((phi[named('noise')] as bigint) < 0n).to.equal(true);
  });

  it('the opened aggregate improves the model', () => {
    const after = applyAggregate(data.model, sumOfUpdates(data.updates), parties.length);
    expect(evaluate(after, validation).loss).to.be.below(evaluate(data.model, validation).loss);
  });

  it('counts every use once, for the nearest example, holders of the same example taking turns', () => {
    const uses = countUses(train, test, parties, 60);
    expect(uses.reduce((a, b) => a + b)).to.equal(60);
    expect([uses[named('noise')], uses[named('replay')]]).to.deep.equal([0, 0]);
    expect(TEST_IMAGES).to.equal(500);

    const image = (ink: number): number[] => Array.from({ length: PIXELS }, () => ink);
    const set = (...inks: number[]): LabelledImages => ({
      count: inks.length,
      pixels: Uint8Array.from(inks.flatMap(image)),
      labels: new Uint8Array(inks.length),
    });
    const holders = [{ indices: Uint32Array.of(0, 2) }, { indices: Uint32Array.of(1) }, { indices: Uint32Array.of(2) }];
    // nearest are examples 0, 1, 2, 2, 2 and, halfway between 0 and 1, the lower index; of the two holders of example 2 the query's parity decides
    expect(countUses(set(0, 100, 200), set(10, 90, 201, 202, 203, 50), holders, 6)).to.deep.equal([4, 1, 1]);
  });

  it('the retrained values kept in the file are those of this code and this data', () => {
    const { values } = cachedValues();
    const { earlierAggregate } = publicHistory(parties);
    expect(cachedValues().fingerprint).to.equal(fingerprint(DEMO_SEED, parties));
    for (const coalition of [0, 0b1100_0000, 0b0010_0100, 0b1010_0010]) {
      const value = coalitionValue(parties, validation, earlierAggregate, DEMO_SEED, coalition);
      expect(value, `coalition ${coalition}`).to.be.closeTo(values[coalition] as number, 1e-9);
    }
    expect(() => retrainedShapley('another', parties)).to.throw('another set-up');
  });

  it('the closed form ranks the parties as retraining does', () => {
    const phi = closedFormShapley(data.updates, data.direction).map(Number);
    expect(spearman(phi, shapleyByDefinition(cachedValues().values))).to.be.at.least(0.85);
  });
});
