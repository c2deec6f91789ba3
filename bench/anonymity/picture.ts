/** The picture of docs/anonymity.md. */
import { COLOURS, element, INK, line, picture, text } from '../support/svg.ts';
import { delayName } from './page.ts';
import { STRATEGIES } from './setting.ts';
import { DELAYS, RINGS, type Results, SPLITS } from './results.ts';

const HEIGHT = 220;
const WIDTH = 370;
/** The scale, in percent: one hit of all is its foot. */
const [LOW, HIGH] = [0.05, 50];

const yOf = (percent: number): number => (HEIGHT * Math.log(HIGH / Math.max(LOW, percent))) / Math.log(HIGH / LOW);

/** Bars of one ring: for each delay one for each strategy; a broken line where chance stands. */
function panel({ rows }: Results, places: number, x: number, y: number): string[] {
  const found = rows.filter((row) => row.places === places && row.sybils === 0 && row.splitAt === SPLITS[0]);
  const step = WIDTH / DELAYS.length;
  const chance = y + yOf(100 / places);
  const bars = found.flatMap((row, k) =>
    STRATEGIES.map((name, s) => {
      const { item, claims } = row.hits[name];
      const top = yOf((100 * item) / Math.max(1, claims));
      const width = (step - 12) / STRATEGIES.length;
      const place = { x: x + k * step + 6 + s * width, y: y + top, width: width - 1, height: HEIGHT - top };
      return element('rect', { ...place, fill: COLOURS[s] as string });
    }),
  );
  return [
    text(x, y - 10, `rings of ${places.toLocaleString('en')}`, { 'font-weight': 'bold' }),
    ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50].flatMap((percent) => [
      line(x, y + yOf(percent), x + WIDTH, y + yOf(percent)),
      text(x - 6, y + yOf(percent) + 4, `${percent} %`, { 'font-size': 10, 'text-anchor': 'end' }),
    ]),
    ...bars,
    line(x, chance, x + WIDTH, chance, { stroke: INK, 'stroke-dasharray': '4 3' }),
    ...found.map(({ delay }, k) =>
      text(x + (k + 0.5) * step, y + HEIGHT + 16, delayName(delay), { 'font-size': 11, 'text-anchor': 'middle' }),
    ),
  ];
}

/** Right guesses of the item, by strategy, delay and ring. */
export function hitsPicture(results: Results): string {
  const title = 'Claims whose item is guessed right, by mean delay and strategy; the broken line is one in a ring';
  const names = STRATEGIES.flatMap((name, s) => [
    element('rect', { x: 60 + s * 100, y: 340, width: 12, height: 12, fill: COLOURS[s] as string }),
    text(78 + s * 100, 351, name),
  ]);
  const panels = RINGS.flatMap((places, i) => panel(results, places, 60 + i * 440, 70));
  return picture(900, 370, title, [text(60, 26, title, { 'font-size': 13 }), ...panels, ...names]);
}
