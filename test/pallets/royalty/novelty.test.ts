import { expect } from 'chai';
import { noveltyScores } from '../../../client/demo/novelty.ts';
import { royalty, type RoyaltyRule } from '../../../pallets/royalty/index.ts';
import { aggregateParts, createRound, findRound, payoutOf, type Round, tally } from '../../../pallets/tally/index.ts';
import { at, present } from '../../../primitives/at.ts';
import {
  account,
  beginRound,
  call,
  commitmentsTo,
  partOf,
  PART_VALUES,
  phaseOf,
  plainRule,
  POOL,
  TestCommittee,
  testChain,
  type TestRound,
} from '../../support/committee.ts';
import { openedBy } from '../../support/claims.ts';
import { admitted } from '../../support/evidence.ts';
import { type Party, partFrom, play } from '../../support/holders.ts';
import { newModel } from '../../support/registry.ts';

const NAMES = ['anna', 'bo', 'cleo', 'dan', 'eve', 'fay'];
const PLAIN: Partial<RoyaltyRule> = { reporters: [], openBlocks: 4 };
const NOVEL: Partial<RoyaltyRule> = { ...PLAIN, novelty: { past: 1, discount: 50 } };
const SHARED: Partial<RoyaltyRule> = { ...NOVEL, holders: { tag: 'Attested', value: undefined } };

function world() {
  const members = new TestCommittee(testChain({ accounts: [...NAMES, 'attester', 'second'] }));
  members.runToActive();
  admitted(members.test, 'attester');
  return members;
}

const names = (...chosen: string[]): Party[] => chosen.map((name) => ({ name }));
const ruleOf = ({ test }: TestCommittee, id: number) => (findRound(test.chain.ctx, id) as Round).rule;
/** `U` as it was opened, part by part. */
const openedOf = ({ test }: TestCommittee, id: number): Int32Array[] =>
  aggregateParts(tally.use(test.chain.ctx), findRound(test.chain.ctx, id) as Round);

/** What all wallets read of a settled round, as scores: amounts less the stake, over the rate. */
function scoresRead({ test }: TestCommittee, id: number, parties: readonly Party[]): bigint[] {
  const { rate, grains, stake } = present(payoutOf(test.chain.ctx, id), 'the payout');
  expect(rate > 0n).to.equal(true);
  return parties.map(({ name }, index) => {
    const paid = openedBy(test, id, name, index).opening.amount - grains * stake;
    expect(paid % rate).to.equal(0n);
    return paid / rate;
  });
}

describe('a round that is held against the past', function () {
  it('pays every item by the plain closed form, to the last unit, with copies of one holder and a replay', () => {
    const members = world();
    const first = beginRound(members.test, { ...SHARED, base: 60n });
    play(members, first, [
      { name: 'anna', holder: 'a' },
      { name: 'bo', holder: 'b' },
      { name: 'cleo', holder: 'c' },
    ]);
    expect(ruleOf(members, first.id)).to.deep.include({ past: [], discount: 50, holders: true });
    const past = openedOf(members, first.id);
    const replay = past.map((part) => partFrom(...Array.from(part.subarray(0, 8), (x) => Math.round(x / 180))));
    const second = beginRound(members.test, { ...SHARED, base: 60n });
    const copy = [partOf(members.test.random), partOf(members.test.random)];
    const parties: Party[] = [
      { name: 'anna', holder: 'a', update: second.direction.map((part) => part.slice()) },
      { name: 'bo', holder: 'b' },
      { name: 'cleo', holder: 'c', update: replay },
      { name: 'dan', holder: 'd', update: copy },
      { name: 'eve', holder: 'd', update: copy },
      { name: 'fay', holder: 'd' },
    ];
    const updates = play(members, second, parties);
    expect(ruleOf(members, second.id).past).to.deep.equal([first.id]);
    // Of the copies one counts.
    const counting = parties.slice(0, 4);
    expect((findRound(members.test.chain.ctx, second.id) as Round).accepted).to.deep.equal([0, 1, 2, 3]);
    const holders = counting.map(({ holder }) => holder as string);
    const plain = noveltyScores(updates.slice(0, 4), second.direction, { past: [past], discount: 50, holders });
    expect(scoresRead(members, second.id, counting)).to.deep.equal(plain.map((score) => score + 60n));
    const summed = [0, 1].map((part) =>
      Array.from({ length: PART_VALUES }, (_, j) =>
        updates.slice(0, 4).reduce((sum, update) => sum + at(at(update, part), j), 0),
      ),
    );
    expect(openedOf(members, second.id).map((part) => [...part])).to.deep.equal(summed);
  });

  it('is held against the past of rounds with holders too', () => {
    const members = world();
    const first = beginRound(members.test, SHARED);
    play(
      members,
      first,
      NAMES.slice(0, 3).map((name) => ({ name, holder: name })),
    );
    const second = beginRound(members.test, { ...PLAIN, novelty: { past: 4, discount: 100 } });
    const parties: Party[] = [{ name: 'anna', update: [...second.direction] }, ...names('bo', 'cleo', 'dan')];
    const updates = play(members, second, parties);
    expect(ruleOf(members, second.id)).to.deep.include({ past: [first.id], discount: 100, holders: false });
    const terms = { past: [openedOf(members, first.id)], discount: 100 };
    expect(scoresRead(members, second.id, parties)).to.deep.equal(noveltyScores(updates, second.direction, terms));
  });

  it('names its past when it is made: two at once are held against what had settled before both, later ones against both', () => {
    const members = world();
    const { test } = members;
    const first = beginRound(test, NOVEL);
    play(members, first, names('anna', 'bo', 'cleo'));
    const all: Partial<RoyaltyRule> = { ...NOVEL, novelty: { past: 4, discount: 50 } };
    const [left, right] = [beginRound(test, { ...NOVEL, openBlocks: 40 }), beginRound(test, all)];
    // The later of the two ends first.
    play(members, right, names('anna', 'bo', 'cleo'));
    play(members, left, names('dan', 'eve', 'fay'));
    expect([left, right].map(({ id }) => phaseOf(test, id))).to.deep.equal(['Settled', 'Settled']);
    const later = [beginRound(test, all), beginRound(test, NOVEL)].map(({ id }) => ruleOf(members, id).past);
    expect(later).to.deep.equal([[left.id, right.id, first.id], [left.id]]);
    expect([left, right].map(({ id }) => ruleOf(members, id).past)).to.deep.equal([[first.id], [first.id]]);
  });

  it('leaves out rounds that failed, rounds of other parts and rounds of other models; of several models the last of all', () => {
    const members = world();
    const { test } = members;
    const past = (changes: Partial<RoyaltyRule>, models: readonly bigint[] = [0n]): readonly number[] => {
      const direction = [partOf(test.random), partOf(test.random)].map((part) => part.slice(0, changes.parts?.[0]));
      for (const model of models) call(test, 'user', royalty.call.fund({ model, amount: POOL }));
      const pools = models.map((model) => ({ model, pool: POOL }));
      const rule = plainRule(commitmentsTo(direction), { ...NOVEL, novelty: { past: 4, discount: 50 }, ...changes });
      const ctx = test.chain.ctx;
      call(test, 'owner', royalty.call.createRound({ models: pools, rule }));
      const id = tally.use(ctx).store.nextRound.get() - 1;
      const named = ruleOf(members, id).past;
      // Nobody takes part: it fails, and leaves its place.
      play(members, { id, direction: [] }, []);
      expect(phaseOf(test, id)).to.equal('Failed');
      return named;
    };
    call(test, 'owner', newModel(account('second')));
    const first = beginRound(test, NOVEL);
    play(members, first, names('anna', 'bo', 'cleo'));
    expect(past({})).to.deep.equal([first.id]);
    expect(past({}), 'a round that failed is not past').to.deep.equal([first.id]);
    expect(past({ parts: [PART_VALUES, PART_VALUES - 1] })).to.deep.equal([]);
    expect(past({}, [1n])).to.deep.equal([]);
    expect(past({}, [1n, 0n])).to.deep.equal([first.id]);
    expect(past({ novelty: undefined })).to.deep.equal([]);
  });

  it('leaves out rounds of other sketches: another seed, another size of the whole, none', () => {
    const members = world();
    const { test } = members;
    const sketch = { coordinates: 25_000_000, seed: new Uint8Array(32).fill(7) };
    const sketched: Partial<RoyaltyRule> = { ...NOVEL, openBlocks: 40, sketch };
    const short = { ...sketch, coordinates: 2 * (PART_VALUES - 4) };
    expect(() => beginRound(test, { ...sketched, sketch: short })).to.throw('BadSketch');
    const first = beginRound(test, sketched);
    const parties: Party[] = [{ name: 'anna', update: [...first.direction] }, ...names('bo', 'cleo')];
    const sent = play(members, first, parties);
    // To the chain a sketch is a vector like any other: the same closed form.
    const plain = noveltyScores(sent, first.direction, { past: [], discount: 50 });
    expect(scoresRead(members, first.id, parties)).to.deep.equal(plain);
    const others = [
      sketch,
      { ...sketch, seed: new Uint8Array(32).fill(8) },
      { ...sketch, coordinates: 25_000_001 },
      undefined,
    ];
    const made = others.map((other) => beginRound(test, { ...sketched, sketch: other }).id);
    expect(made.map((id) => ruleOf(members, id).past)).to.deep.equal([[first.id], [], [], []]);
    // Whoever asks the tally for it is refused.
    const consumer = { pallet: 240, opens: ['Direction' as const, 'Aggregate' as const] };
    made.forEach((id, i) => {
      const ask = () => createRound(test.chain.ctx, consumer, { ...ruleOf(members, id), past: [first.id] });
      if (i === 0) expect(ask).to.not.throw();
      else expect(ask).to.throw('BadPast');
    });
  });

  it('is as without a past where the last aggregate is zero', () => {
    const members = world();
    const [u, w] = [partFrom(30, 20, 10), partFrom(5, -40, 3)];
    const opposite = (part: Int8Array): Int8Array => part.map((x) => -x);
    const first = beginRound(members.test, NOVEL);
    const updates = [u, opposite(u), w, opposite(w)].map((part) => [part, part]);
    play(
      members,
      first,
      ['anna', 'bo', 'cleo', 'dan'].map((name, i) => ({ name, update: at(updates, i) })),
    );
    expect(openedOf(members, first.id).every((part) => part.every((x) => x === 0))).to.equal(true);
    const second = beginRound(members.test, NOVEL);
    const parties: Party[] = [{ name: 'anna', update: [...second.direction] }, ...names('bo', 'cleo')];
    const sent = play(members, second, parties);
    expect(ruleOf(members, second.id).past).to.deep.equal([first.id]);
    const plain = noveltyScores(sent, second.direction, { past: [], discount: 50 });
    expect(scoresRead(members, second.id, parties)).to.deep.equal(plain);
  });

  it('is refused where it asks for more than there is', () => {
    const { test } = world();
    const rejected = (changes: Partial<RoyaltyRule>): string => {
      try {
        beginRound(test, { ...PLAIN, ...changes });
        return 'ok';
      } catch (error) {
        return (error as Error).message.split(': ').at(-1) ?? '';
      }
    };
    for (const [past, discount] of [
      [0, 50],
      [5, 50],
      [1, 0],
      [1, 101],
    ] as const)
      expect(rejected({ novelty: { past, discount } }), `${past} ${discount}`).to.equal('Royalty.BadNovelty');
    expect(rejected({ novelty: { past: 4, discount: 100 } })).to.equal('ok');
    expect(rejected({ holders: { tag: 'Attested', value: account('bo') } })).to.equal('Royalty.NotAttesting');
    expect(rejected({ holders: { tag: 'Attested', value: account('attester') } })).to.equal('ok');
  });

  it('is refused by the tally against what is not opened, has other parts, or is named twice', () => {
    const members = world();
    const { test } = members;
    const settled: TestRound = beginRound(test, NOVEL);
    play(members, settled, names('anna', 'bo', 'cleo'));
    const { id: live } = beginRound(test, NOVEL);
    const { ctx } = test.chain;
    const rule = ruleOf(members, live);
    const consumer = { pallet: 240, opens: ['Direction' as const, 'Aggregate' as const] };
    const made = (changes: Partial<typeof rule>) => () => createRound(ctx, consumer, { ...rule, ...changes });
    for (const past of [[live], [99], [settled.id, settled.id]])
      expect(made({ past }), past.join()).to.throw('BadPast');
    const other = { parts: [PART_VALUES], directions: rule.directions.slice(1) };
    expect(made({ ...other, past: [settled.id] })).to.throw('BadPast');
    expect(made({ past: [], discount: 101 })).to.throw('BadNovelty');
    expect(made({ past: [settled.id] })).to.not.throw();
  });
});
