/** The figures of docs/sketch.md: for each model and size of a round, errors and ranks over draws of the parties and seeds of the sketch. */
import { type Model, playGame } from './games.ts';
import { formOf, type Sample, sampleOf } from './measure.ts';

export interface Row {
  readonly model: string;
  readonly coordinates: number;
  /** Values of the round, spare ones included, and in how many parts. */
  readonly values: number;
  readonly parts: number;
  readonly isSketched: boolean;
  readonly samples: number;
  readonly error: { readonly median: number; readonly worst: number };
  /** Median of the largest error before scaling and rounding. */
  readonly linear: number;
  /** Root mean square of the errors before scaling and rounding, over that of §9.7. */
  readonly promised: number;
  readonly rank: { readonly mean: number; readonly least: number };
}

export interface Results {
  readonly draws: number;
  readonly seeds: number;
  readonly rows: readonly Row[];
}

/** Values of a round, and parts. */
const SIZES: readonly (readonly [values: number, parts: number])[] = [
  [1_024, 1],
  [4_096, 1],
  [8_192, 1],
];

const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
const meanOf = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

function rowOf(
  { name, parameters }: Model,
  form: readonly number[],
  isSketched: boolean,
  samples: readonly Sample[],
): Row {
  const errors = samples.map(({ error }) => error);
  const ranks = samples.map(({ rank }) => rank);
  return {
    model: name,
    coordinates: parameters,
    values: form.reduce((sum, length) => sum + length, 0),
    parts: form.length,
    isSketched,
    samples: samples.length,
    error: { median: medianOf(errors), worst: Math.max(...errors) },
    linear: medianOf(samples.map(({ linear }) => linear)),
    promised: Math.sqrt(meanOf(samples.map((one) => one.squares)) / meanOf(samples.map((one) => one.promised))),
    rank: { mean: meanOf(ranks), least: Math.min(...ranks) },
  };
}

/** Rows of one model. A round that carries all of it says what rounding to bytes costs alone. */
export async function rowsOf(model: Model, draws: number, seeds: number): Promise<Row[]> {
  const games = Array.from({ length: draws }, (_, draw) => playGame(model, draw));
  const rows: Row[] = [];
  for (const [values, parts] of SIZES) {
    const form = formOf(values, parts);
    if (values - 4 * parts >= model.parameters) continue;
    const samples: Sample[] = [];
    for (const [draw, game] of games.entries())
      for (let seed = 0; seed < seeds; seed++) samples.push(await sampleOf(game, form, draw * seeds + seed));
    rows.push(rowOf(model, form, true, samples));
  }
  const whole = formOf(model.parameters + 4, 1);
  if (whole.length > 1 || (whole[0] as number) > 8_192) return rows;
  const samples = await Promise.all(games.map((game) => sampleOf(game, whole, undefined)));
  return [...rows, rowOf(model, whole, false, samples)];
}
