/** The study of rules, kept alive: the same training as the demo, the same scores as the integer rule, one small game, and a page that says what the figures say. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { LINEAR, PROPOSED, PROPOSED_DISCOUNT, TODAY } from '../../bench/fairness/candidates.ts';
import { fashionPixels, imagesOf } from '../../bench/fairness/data.ts';
import { play } from '../../bench/fairness/games.ts';
import { Kernel } from '../../bench/fairness/kernel.ts';
import { crowdsIn, everybody, median } from '../../bench/fairness/measure.ts';
import { renderPage } from '../../bench/fairness/page.ts';
import { deal, PARTITIONS, SIZES } from '../../bench/fairness/partitions.ts';
import { crowdsPicture, ranksPicture } from '../../bench/fairness/pictures.ts';
import { kendall, ranksOf } from '../../bench/fairness/rank.ts';
import type { Results } from '../../bench/fairness/results.ts';
import { gramOf, paidRounds } from '../../bench/fairness/rounds.ts';
import { scoresOf } from '../../bench/fairness/rules.ts';
import { coalitionValues } from '../../bench/fairness/truth.ts';
import { PIXELS } from '../../client/demo/mnist.ts';
import { noveltyScores } from '../../client/demo/novelty.ts';
import { cachedValues } from '../../client/demo/retrained.ts';
import { closedFormShapley, shapleyByDefinition } from '../../client/demo/shapley.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SEATS = [0, 1, 4, 7];

describe('the study of rules', () => {
  let kernel: Kernel;
  before(async () => {
    kernel = await Kernel.create();
  });

  const quickDeal = () => {
    const whole = deal(imagesOf('mnist'), 'demo', 0);
    return { whole, some: { ...whole, parties: whole.parties.filter((_, i) => SEATS.includes(i)) } };
  };

  it('trains coalitions as the demo does', () => {
    // The replayer sends what all eight parties made of the first step: leave it out, so that coalitions of four are those of the demo.
    const { whole } = quickDeal();
    const seats = [0, 1, 4];
    const { loss } = coalitionValues(kernel, {
      ...whole,
      parties: seats.map((i) => whole.parties[i] as (typeof whole.parties)[number]),
    });
    const demo = cachedValues().values;
    loss.forEach((value, coalition) => {
      const same = seats.reduce((bits, seat, i) => bits | (coalition & (1 << i) ? 1 << seat : 0), 0);
      expect(value, `coalition ${coalition}`).to.be.closeTo(demo[same] as number, 1e-6);
    });
    // The duplicate is worth what its original is, alone or beside it: of eight values five differ.
    expect(new Set(loss).size).to.equal(5);
  });

  it('compares rules by scores that the integer rule gives too', () => {
    const { some } = quickDeal();
    const [first] = paidRounds(kernel, some).rounds;
    if (!first) throw new Error('a deal has paid rounds');
    const items = everybody({ kinds: some.parties.map(({ kind }) => kind) });
    const asOne = items.map((item, i) => ({ ...item, holder: i === 2 ? '1' : item.holder }));
    const terms = { past: first.past, discount: PROPOSED_DISCOUNT, holders: asOne.map(({ holder }) => holder) };
    const exact = noveltyScores(first.updates, first.direction, terms).map(Number);
    // Of a holder's items the chain counts one; the study has all of them share: equal ones come to the same together.
    const shared = scoresOf(gramOf(first), asOne, PROPOSED);
    for (const { holder } of asOne) {
      const together = (scores: readonly number[]): number =>
        scores.reduce((sum, score, i) => (asOne[i]?.holder === holder ? sum + score : sum), 0);
      expect(together(shared)).to.be.closeTo(together(exact), 1e-3 * Math.abs(exact[0] as number));
    }
    const today = closedFormShapley(first.updates, first.direction).map(Number);
    scoresOf(gramOf(first), items, TODAY).forEach((score, i) => {
      expect(score).to.be.closeTo(today[i] as number, 1);
    });
  });

  it('knows the Shapley values of its games: the fixed mean, the mean of members, and what a party adds to all others', () => {
    const { some } = quickDeal();
    const [first] = paidRounds(kernel, some).rounds;
    if (!first) throw new Error('a deal has paid rounds');
    const gram = gramOf(first);
    const items = everybody({ kinds: some.parties.map(({ kind }) => kind) });
    const n = items.length;
    /** `2<u, g> - |u|^2` of the sum of a coalition's updates over `size`. */
    const value = (coalition: number, size: number): number => {
      const members = items.map((_, i) => i).filter((i) => coalition & (1 << i));
      if (members.length === 0) return 0;
      return gram.parts.reduce((sum, m) => {
        const toDirection = members.reduce((all, i) => all + (m[i]?.[n] as number), 0) / size;
        const square = members.reduce((all, i) => all + members.reduce((row, j) => row + (m[i]?.[j] as number), 0), 0);
        return sum + 2 * toDirection - square / size ** 2;
      }, 0);
    };
    const size = (coalition: number): number => items.filter((_, i) => coalition & (1 << i)).length;
    const all = Array.from({ length: 1 << n }, (_, coalition) => coalition);
    const everyone = (1 << n) - 1;
    const expected = {
      shapley: shapleyByDefinition(all.map((coalition) => value(coalition, n))),
      membersMean: shapleyByDefinition(all.map((coalition) => value(coalition, size(coalition)))),
      leaveOneOut: items.map((_, i) => value(everyone, n) - value(everyone & ~(1 << i), n - 1)),
    };
    for (const name of ['shapley', 'membersMean', 'leaveOneOut'] as const) {
      const scores = scoresOf(gram, items, { ...TODAY, value: name });
      scores.forEach((score, i) => expect(score / n ** 2, name).to.be.closeTo(expected[name][i] as number, 1e-3));
    }
  });

  it('shows what it is for: accounts add up today, and do not as proposed', () => {
    const game = play(kernel, { set: 'mnist', partition: 'demo', draw: 0 }, SEATS);
    for (const attack of ['copies', 'replays', 'disguised'] as const) {
      const share = (rule: typeof TODAY): number => {
        const crowds = crowdsIn(game, rule, attack);
        return (crowds.at(-1)?.share as number) / (crowds[0]?.share as number);
      };
      expect(share(TODAY), attack).to.be.greaterThan(2);
      expect(share(PROPOSED), attack).to.be.within(0.8, 1.1);
    }
  });

  it('deals what it says: sizes, lopsided labels, nothing twice, the same each time', () => {
    const images = imagesOf('mnist');
    for (const partition of PARTITIONS) {
      const one = deal(images, partition, 3);
      const again = deal(images, partition, 3);
      expect(one.parties.map(({ indices }) => [...indices])).to.deep.equal(
        again.parties.map(({ indices }) => [...indices]),
      );
      const held = one.parties.filter(({ kind }) => kind !== 'duplicate').flatMap(({ indices }) => [...indices]);
      expect(new Set(held).size).to.equal(held.length);
      expect(one.parties).to.have.length(8);
      expect(one.parties.at(-1)).to.include({ kind: 'replay', examples: 0 });
    }
    expect(deal(images, 'sizes', 0).parties.map(({ examples }) => examples)).to.deep.equal([...SIZES, 0]);
    const topThree = deal(images, 'dirichlet', 0)
      .parties.slice(0, 7)
      .map(({ shard }) => {
        const counts = Array.from({ length: 10 }, (_, label) => shard.labels.filter((one) => one === label).length);
        return (
          counts
            .sort((a, b) => b - a)
            .slice(0, 3)
            .reduce((sum, count) => sum + count, 0) / shard.count
        );
      });
    expect(median(topThree)).to.be.greaterThan(0.6);
  });

  it('reads images and leaves out empty lists; anything else is refused', () => {
    const image = Array.from({ length: PIXELS }, (_, i) => i % 256);
    expect([...fashionPixels(JSON.stringify({ data: [image, [], image] }), 0)]).to.deep.equal([...image, ...image]);
    for (const data of [
      [image, image.slice(1)],
      [[...image.slice(1), 256]],
      [[...image.slice(1), -1]],
      [[...image.slice(1), 'x']],
      [],
      'x',
    ]) {
      expect(() => fashionPixels(JSON.stringify({ data }), 4)).to.throw('class 4');
    }
  });

  it("Kendall's correlation knows order and ties", () => {
    expect(kendall([1, 2, 3], [4, 5, 9])).to.equal(1);
    expect(kendall([1, 2, 3], [3, 2, 1])).to.equal(-1);
    // Of three pairs two agree and one is tied on the left: 2 / sqrt(2 * 3).
    expect(kendall([1, 1, 2], [1, 2, 3])).to.be.closeTo(2 / Math.sqrt(6), 1e-12);
    expect(kendall([1, 1], [1, 2])).to.equal(0);
    // What differs by rounding alone is a tie.
    expect(ranksOf([1, 1 + 1e-13, 2], [5, 5, 6])).to.deep.equal({ spearman: 1, kendall: 1 });
  });

  it('runs as a command: a small game, and wrong flags are refused', () => {
    const command = (...flags: string[]) =>
      spawnSync(process.execPath, [join(root, 'bench/fairness/run.ts'), ...flags], { cwd: root, encoding: 'utf8' });
    const quick = command('--quick');
    expect(quick.status, quick.stderr).to.equal(0);
    expect(quick.stdout).to.contain(TODAY.name).and.to.contain(PROPOSED.name);
    expect(command('--draws', '0').status).to.equal(2);
    expect(command('--nonsense').status).to.equal(2);
  });

  it('has a page and pictures that say what the figures say', () => {
    const read = (file: string): string => readFileSync(join(root, file), 'utf8');
    const results = JSON.parse(read('bench/fairness/results.json')) as Results;
    expect(new Set(results.ranks.map(({ rule }) => rule))).to.include.members(LINEAR.map(({ name }) => name));
    const again = 'run `npm run fairness -- --page`';
    expect(read('docs/fairness.md') === renderPage(results), again).to.equal(true);
    expect(read('docs/pictures/fairness-ranks.svg') === ranksPicture(results), again).to.equal(true);
    expect(read('docs/pictures/fairness-crowds.svg') === crowdsPicture(results), again).to.equal(true);
  });
});
