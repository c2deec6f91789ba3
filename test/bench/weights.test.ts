/** The weights that the runtime has are those that the runner measures: by the keys, which are the same on every machine. */
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { endCosts, type Judged, sizedCosts } from '../../bench/weights/figures.ts';
import { placeOf, roundedUp, weightsFile } from '../../bench/weights/files.ts';
import { measureBallots } from '../../bench/weights/ballots.ts';
import { hookScenarios } from '../../bench/weights/hooks.ts';
import { costOf, costOfBody } from '../../bench/weights/measure.ts';
import { present } from '../../primitives/at.ts';
import { measureRound } from '../../bench/weights/round.ts';
import { scenarios } from '../../bench/weights/scenarios/index.ts';
import { template } from '../../pallets/_template/index.ts';
import { type Cost, weightHelpers } from '../../pallets/support/index.ts';
import { Origin } from '../../pallets/support/index.ts';
import { ANYONE, REPORTER, who } from '../pallets/disputes/support.ts';
import { about, CLAIM, EVALUATION, hall } from '../pallets/disputes/words-support.ts';
import { ROUND_CALLS } from '../../bench/weights/rounds.ts';
import { runtime } from '../../runtime/index.ts';

const weightsOf = async (pallet: string): Promise<Record<string, Cost>> => {
  const { weights } = (await import(pathToFileURL(placeOf(pallet)).href)) as { weights: Record<string, Cost> };
  return weights;
};
const storedCost = async (name: string): Promise<Cost> => {
  const [pallet, call] = name.split('.') as [string, string];
  const found = (await weightsOf(pallet))[call];
  if (found === undefined) throw new Error(`${name} has no stored cost`);
  return found;
};
const storedHook = async (name: string): Promise<Cost> => {
  const [pallet, hook] = name.split('.') as [string, string];
  const { hooks } = (await import(pathToFileURL(placeOf(pallet)).href)) as { hooks: Record<string, Cost> };
  return present(hooks[hook], name);
};
/** Keys of a call of so many units. */
const keysAt = ({ reads, writes, each }: Cost, size: number): [reads: number, writes: number] => [
  Math.ceil(reads + (each?.reads ?? 0) * size),
  Math.ceil(writes + (each?.writes ?? 0) * size),
];

describe('bench/weights', () => {
  it('knows every call of the runtime, and no other', () => {
    const calls = [...runtime.composition.pallets, template].flatMap(({ name, calls }) =>
      [...calls.keys()].map((call) => `${name}.${call}`),
    );
    expect([...scenarios.map(({ call }) => call), ...ROUND_CALLS].toSorted()).to.deep.equal(calls.toSorted());
  });

  for (const { call, size, prepare } of scenarios) {
    it(`${call} reads and writes as many keys as its weight says`, async () => {
      const stored = await storedCost(call);
      for (const units of size === undefined ? [0] : [size.from, size.to]) {
        const { reads, writes } = costOf(prepare(units), 0);
        expect([reads, writes], `${units} units`).to.deep.equal(keysAt(stored, units));
      }
    });
  }

  for (const [what, subject] of [
    ['an evaluation', EVALUATION],
    ['a claim', CLAIM],
  ] as const) {
    it(`a report of ${what} reads and writes no more keys than the weight of a report, which is that of an asset`, async () => {
      const { chain, ok } = hall();
      ok(REPORTER, about(subject, 'False', 1));
      const origin = Origin.signed(who(ANYONE));
      const { reads, writes } = costOf({ ...chain, origin, call: about(subject, 'False', 2) }, 0);
      const stored = await storedCost('Disputes.report');
      expect([reads <= stored.reads, writes <= stored.writes], `${reads} reads, ${writes} writes`).to.deep.equal([
        true,
        true,
      ]);
    });
  }

  it('no call of a round reads or writes more keys than its weight says, where single submissions are judged too, and of one with holders that is held against the past', async () => {
    const plan = { paramsId: 'tacit-test-256-n4', items: 4, values: 12, budget: 0, forger: true };
    const [plain, rich] = [measureRound({ ...plan, isRich: false }), measureRound({ ...plan, isRich: true })];
    const [calls, sized] = [plain.calls, new Map([...plain.sized, ...rich.sized])];
    expect([...new Set([...calls.keys(), ...sized.keys()])].map(callOf)).to.include.members(ROUND_CALLS);
    const all = [...calls].map(([name, cost]) => ({ name, size: 0, cost }));
    const grown = sizedCosts([{ sized }]).map(({ name, size, cost }) => ({ name, size, cost }));
    for (const { name, size, cost } of [...all, ...grown]) {
      const [reads, writes] = keysAt(await storedCost(name), size);
      expect(cost.reads <= reads, `${name}: ${cost.reads} reads, ${reads} stored`).to.equal(true);
      expect(cost.writes <= writes, `${name}: ${cost.writes} writes, ${writes} stored`).to.equal(true);
    }
  });

  for (const { hook, size, prepare } of hookScenarios) {
    it(`${hook} at the end of a block reads and writes as many keys as its weight says`, async () => {
      const stored = await storedHook(hook);
      for (const units of size === undefined ? [0] : [size.from, size.to]) {
        const { ctx, run } = prepare(units);
        const { reads, writes } = costOfBody(ctx, run, 0);
        expect([reads, writes], `${units} units`).to.deep.equal(keysAt(stored, units));
      }
    });
  }

  it('fits what a round, its items and its values cost from rounds that differ in one of them, and leaves no round above the line', () => {
    const micros = { round: 1_000, item: 300, vector: 70, value: 4 };
    const judged = (items: number, vectors: number, values: number, more = 0): Judged => {
      const took = micros.round + micros.item * items + micros.vector * vectors + micros.value * values + more;
      return { figures: { ends: new Map([['Check' as const, took]]) }, items, vectors, values };
    };
    const pairs = {
      items: [judged(8, 1, 12), judged(96, 1, 12)],
      vectors: [judged(0, 4, 12), judged(0, 36, 12)],
      values: [[judged(4, 1, 12), judged(4, 1, 8_192)]],
    } as const;
    const all = [...pairs.items, ...pairs.vectors, ...pairs.values[0]];
    const of = (one: Judged[]) => endCosts({ ...pairs, all: one }).get('Check');
    expect(of(all)).to.deep.equal({ micros: 1_000, item: 300, vector: 70, value: 4 });
    expect(of([...all, judged(4, 1, 12, 500)])?.micros).to.equal(1_500);
  });

  it('nor does a call of a round of ballots', async () => {
    const { sized } = measureBallots({
      paramsId: 'tacit-test-256-n4',
      voters: 3,
      options: 12,
      budget: 0,
      forger: true,
    });
    expect([...sized.keys()]).to.include('Tally.postSum');
    for (const { name, size, cost } of sizedCosts([{ sized }])) {
      const [reads, writes] = keysAt(await storedCost(name), size);
      expect(cost.reads <= reads, `${name}: ${cost.reads} reads, ${reads} stored`).to.equal(true);
      expect(cost.writes <= writes, `${name}: ${cost.writes} writes, ${writes} stored`).to.equal(true);
    }
  });

  it('rounds up to two digits', () => {
    const rounded = [0, 0.00123, 1, 9.91, 99.1, 101, 27_000, 27_001].map(roundedUp);
    expect(rounded).to.deep.equal([0, 0.0013, 1, 10, 100, 110, 27_000, 28_000]);
  });

  it('a weight grows by units, and counts keys in whole numbers', () => {
    const { measured } = weightHelpers(() => 0n);
    const cost: Cost = { reads: 0, writes: 0, micros: 10, each: { unit: 'byte', reads: 0.25, writes: 0, micros: 2 } };
    expect(measured({ reads: 0, writes: 0, micros: 10 })).to.equal(10_000_000n);
    const read = measured({ reads: 1, writes: 0, micros: 0 });
    expect([measured(cost), measured(cost, 5) - read * 2n]).to.deep.equal([10_000_000n, 20_000_000n]);
  });

  it('writes a file that gives back what was measured', () => {
    const cost: Cost = {
      reads: 1,
      writes: 2,
      micros: 12_000,
      each: { unit: 'byte', reads: 0, writes: 0, micros: 0.5 },
    };
    const text = weightsFile(new Map([['some', cost]]));
    const literal = /weights = ([^]*) as const/.exec(text)?.[1];
    expect(new Function(`return ${literal}`)()).to.deep.equal({ some: cost });
  });
});

/** The call of a name under which costs of its kinds are kept. */
function callOf(name: string): string {
  return name.startsWith('Tally.post') ? 'Tally.post' : name;
}
