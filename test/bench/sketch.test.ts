/** The study of sketches, kept alive: the network's slope is one, scores are those of the closed form, a small game works, and the page says what the figures say. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Game } from '../../bench/sketch/games.ts';
import { network } from '../../bench/sketch/games.ts';
import { formOf, realScores, sampleOf } from '../../bench/sketch/measure.ts';
import { freshNet, netUpdate, parametersOf, slopeOf } from '../../bench/sketch/net.ts';
import { renderPage } from '../../bench/sketch/page.ts';
import { type Results, rowsOf } from '../../bench/sketch/results.ts';
import { Draw } from '../../client/demo/draw.ts';
import { loadMnist } from '../../client/demo/mnist.ts';
import { examplesOf } from '../../client/demo/softmax.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const UNITS = 6;

describe('the study of sketches', function () {
  this.timeout(300_000);

  it('trains a network by its slope, and its loss falls', () => {
    const examples = examplesOf(loadMnist().train, [1, 2, 3, 4, 5, 6, 7, 8]);
    const model = freshNet(UNITS, 'test');
    expect(model.length).to.equal(parametersOf(UNITS));
    const { loss, slope } = slopeOf(model, UNITS, examples);
    const inked = examples.pixels[100] as number;
    // A weight of each layer and a bias of each.
    for (const j of [inked * UNITS + 2, 784 * UNITS + 1, 785 * UNITS + 13, parametersOf(UNITS) - 3]) {
      const moved = (by: number): number => slopeOf(model.with(j, (model[j] as number) + by), UNITS, examples).loss;
      expect((moved(1e-5) - moved(-1e-5)) / 2e-5, `${j}`).to.be.closeTo(slope[j] as number, 1e-6);
    }
    const update = netUpdate(model, UNITS, examples, { steps: 5, rate: 0.1 });
    expect(
      slopeOf(
        model.map((x, j) => x + (update[j] as number)),
        UNITS,
        examples,
      ).loss,
    ).to.be.below(loss);
  });

  it('scores whole updates by the closed form, and their sketches near it, nearer with more values', async () => {
    const draw = new Draw('test', 'sketch study');
    const unit = (vector: Float64Array): Float64Array => {
      const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
      return vector.map((x) => x / length);
    };
    const common = Float64Array.from({ length: 20_000 }, () => draw.normal());
    const near = (share: number): Float64Array => unit(common.map((x) => share * x + draw.normal()));
    const game: Game = { updates: [2, 1, 0.5, 0, -1].map(near), direction: near(3) };
    const scores = realScores(game);
    const [u, g] = [game.updates[1] as Float64Array, game.direction];
    const product = (a: Float64Array, b: Float64Array): number =>
      a.reduce((sum, x, j) => sum + x * (b[j] as number), 0);
    const all = game.updates.reduce((sum, other) => sum + product(u, other), 0);
    expect(scores[1]).to.be.closeTo(2 * 5 * product(u, g) - all, 1e-9);
    const errorsOf = async (values: number): Promise<number> => {
      const samples = await Promise.all([1, 2, 3, 4].map((seed) => sampleOf(game, formOf(values, 1), seed)));
      return samples.reduce((sum, { error }) => sum + error, 0) / 4;
    };
    expect((await errorsOf(8_192)) / (await errorsOf(512))).to.be.within(1 / 12, 1 / 1.7);
  });

  it('plays a game whole', async () => {
    const rows = await rowsOf(network(2), 1, 1);
    expect(rows.map(({ values, isSketched }) => [values, isSketched])).to.deep.equal([
      [1_024, true],
      [1_604, false],
    ]);
    const [sketched, own] = rows as [(typeof rows)[0], (typeof rows)[0]];
    // Without a sketch all that is wrong comes of scaling and rounding.
    expect([own.linear, own.promised]).to.deep.equal([0, 0]);
    expect(Math.min(sketched.linear, sketched.promised, own.error.median)).to.be.greaterThan(0);
  });

  it('has a page that says what the figures say', () => {
    const results = JSON.parse(readFileSync(`${root}bench/sketch/results.json`, 'utf8')) as Results;
    expect(readFileSync(`${root}docs/sketch.md`, 'utf8')).to.equal(renderPage(results));
    expect(results.rows.some(({ coordinates }) => coordinates > 500_000)).to.equal(true);
  });
});
