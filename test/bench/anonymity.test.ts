/** The study of anonymity, kept alive: an adversary that knows all is always right, one that knows nothing as often as chance, and the world is that of the specification. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { Adversary, type Strategy } from '../../bench/anonymity/adversary.ts';
import { effectiveSize, hitsOf, paceOf, sampleOf } from '../../bench/anonymity/measure.ts';
import { renderPage } from '../../bench/anonymity/page.ts';
import { hitsPicture } from '../../bench/anonymity/picture.ts';
import { Dice } from '../../bench/anonymity/random.ts';
import { type Results, rowOf, settingsOf } from '../../bench/anonymity/results.ts';
import {
  AWAKE_HOURS,
  DENOMINATIONS,
  HOUR,
  LEAST_CLAIM,
  type Setting,
  STRATEGIES,
} from '../../bench/anonymity/setting.ts';
import { ADVERSARY, awakeAfter, isAwake, type World, worldOf } from '../../bench/anonymity/world.ts';
import { type Amounts, amountsOf } from '../../client/sdk/claim-amount.ts';
import { denominationBelow } from '../../primitives/proofs/denominations.ts';

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const SETTING: Setting = { seed: 7, rounds: 120, sybils: 0, delay: HOUR, splitAt: 2, places: 64 };

/** Least and most of `draws` hits with a chance of 1 in `ring` each, outside of which less than one run in 2^40 ends: exact binomial tails. */
function bounds(draws: number, ring: number): { least: number; most: number } {
  const terms: bigint[] = [];
  let term = BigInt(ring - 1) ** BigInt(draws);
  for (let hits = 0; hits <= draws; hits++) {
    terms.push(term);
    term = (term * BigInt(draws - hits)) / (BigInt(hits + 1) * BigInt(ring - 1));
  }
  const most = (BigInt(ring) ** BigInt(draws)) >> 41n;
  const tail = (list: readonly bigint[]): number => {
    let [sum, at] = [0n, 0];
    while (sum + (list[at] as bigint) <= most) sum += list[at++] as bigint;
    return at;
  };
  return { least: tail(terms), most: draws - tail(terms.toReversed()) };
}

describe('the study of anonymity', () => {
  let world: World;
  before(() => {
    world = worldOf(SETTING);
  });

  it('finds that an adversary who knows all is always right', () => {
    const knowing: Strategy = ({ bin, note }) => bin.notes.map((one) => (one === note ? 1 : 0));
    const sample = sampleOf(world, 500);
    const hits = hitsOf(world, sample, knowing);
    expect(hits).to.deep.equal({ claims: 500, note: 500, item: 500, account: 500, left: 1 });
  });

  it('finds that one who knows nothing is right as often as chance', () => {
    const full = sampleOf(world, 3000).filter(({ bin }) => bin.notes.length === 64);
    expect(full.length).to.be.greaterThan(2000);
    const { note, left } = hitsOf(world, full, new Adversary(world).strategies().uniform);
    const { least, most } = bounds(full.length, 64);
    expect(least).to.be.greaterThan(0);
    expect(note).to.be.within(least, most);
    expect(left).to.be.closeTo(64, 1e-9);
  });

  it('counts what is left in doubt', () => {
    expect(effectiveSize([1, 1, 0, 1, 1])).to.be.closeTo(4, 1e-9);
    expect(effectiveSize([0, 5])).to.equal(1);
  });

  it('gives no strategy what is hidden: worlds that differ in hidden owners of change alone are weighed alike', () => {
    const strategies = new Adversary(world).strategies();
    const claim = world.claims.find(({ bin }) => bin.notes.some(({ parent }) => parent) && bin.index > 20);
    if (!claim) throw new Error('the world has claims on bins with change');
    const notes = claim.bin.notes.map((note) =>
      note.parent ? { ...note, owner: 0, item: 0, amount: 0 } : { ...note, amount: 0 },
    );
    const blind = { ...claim, bin: { ...claim.bin, notes }, note: notes[0] as (typeof notes)[number] };
    for (const name of STRATEGIES) expect(strategies[name](blind), name).to.deep.equal(strategies[name](claim));
  });

  it('makes notes, bins and claims as the specification does', () => {
    const spent = new Set<number>();
    let smaller = 0;
    world.claims.forEach(({ note, bin, amount, time, number }, place) => {
      expect(number).to.equal(place);
      expect(bin.notes.includes(note)).to.equal(true);
      expect(spent.has(note.number), 'a note is spent once').to.equal(false);
      spent.add(note.number);
      expect(time).to.be.greaterThan(bin.closedAt);
      expect(amount).to.be.within(LEAST_CLAIM, Math.min(note.amount, bin.largest));
      expect(BigInt(amount)).to.equal(denominationBelow(BigInt(amount)));
      const largest = BigInt(bin.largest);
      if (BigInt(amount) < (denominationBelow(BigInt(Math.min(note.amount, bin.largest))) as bigint)) smaller++;
      const { most, others } = amountsOf({ holds: BigInt(note.amount), largest }) as Amounts;
      expect([most, ...others]).to.include(BigInt(amount));
    });
    // wallets draw by chance, and do not begin with the largest amount
    expect(smaller).to.be.greaterThan(world.claims.length / 4);
    const notes = world.bins.flatMap((bin) => bin.notes);
    notes.forEach((note, place) => expect(note.number).to.equal(place));
    expect(world.bins.every(({ largest }) => DENOMINATIONS.includes(largest))).to.equal(true);
    // what a claim leaves is what its change holds
    const left = new Map<number, number>();
    for (const { parent, amount } of notes)
      if (parent) left.set(parent.number, (left.get(parent.number) ?? 0) + amount);
    const closed = world.bins.at(-1)?.notes.at(-1)?.number ?? 0;
    let whole = 0;
    for (const claim of world.claims) {
      const rest = left.get(claim.number);
      if (rest === undefined || notes[closed]?.parent === claim) continue;
      expect(rest).to.equal(claim.note.amount - claim.amount);
      whole++;
    }
    expect(whole).to.be.greaterThan(1000);
    expect(paceOf(world).paid).to.be.within(50, 100);
  });

  it('lets wallets claim in their waking hours only', () => {
    const hours = fc.record({ wakes: fc.nat(23), from: fc.nat(10 ** 7), blocks: fc.integer({ min: 1, max: 10 ** 6 }) });
    fc.assert(
      fc.property(hours, ({ wakes, from, blocks }) => {
        const due = awakeAfter(wakes, from, blocks);
        expect(due).to.be.greaterThan(from);
        expect(isAwake(wakes, due) || isAwake(wakes, due - 1)).to.equal(true);
        // a third of all hours are waking ones
        expect(due - from).to.be.within(blocks, 3 * blocks + 2 * AWAKE_HOURS * HOUR);
      }),
    );
    for (const { note, time } of world.claims) {
      expect(isAwake(world.wakes[note.owner] as number, time) || note.owner === ADVERSARY).to.equal(true);
    }
  });

  it('draws without bias, the same for the same seed', () => {
    const dice = new Dice(3);
    const counts = [0, 0, 0];
    for (let i = 0; i < 3000; i++) counts[dice.below(3)]!++;
    const { least, most } = bounds(3000, 3);
    for (const count of counts) expect(count).to.be.within(least, most);
    expect([new Dice(3).word(), new Dice(3, 1).word()]).to.not.deep.equal([new Dice(4).word(), new Dice(3).word()]);
    expect(worldOf(SETTING).claims.length).to.equal(world.claims.length);
  });

  it('knows its own notes, and says how much that helps', () => {
    const [, small] = settingsOf(60, true);
    if (!small) throw new Error('there is a brief size');
    const { hits } = rowOf({ ...small, sybils: 50, seed: 1 }, 50);
    expect(hits.uniform.left).to.be.within(20, 45);
    expect(hits.all.claims).to.equal(50);
  });

  it('has written the page and its picture from the figures', () => {
    const results = JSON.parse(readFileSync(root('bench/anonymity/results.json'), 'utf8')) as Results;
    expect(readFileSync(root('docs/anonymity.md'), 'utf8')).to.equal(renderPage(results));
    expect(readFileSync(root('docs/pictures/anonymity.svg'), 'utf8')).to.equal(hitsPicture(results));
  });
});
