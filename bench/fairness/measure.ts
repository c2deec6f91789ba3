/** Figures of games under rules: how well scores keep the order of retrained values, and what copies and replays earn. */
import { shapleyByDefinition } from '../../client/demo/shapley.ts';
import type { Game } from './games.ts';
import { type Ranks, ranksOf } from './rank.ts';
import type { RoundGram } from './rounds.ts';
import { type Item, type Rule, scoresOf } from './rules.ts';

export interface Spread {
  readonly mean: number;
  readonly least: number;
}

/** The middle one; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] as number) + (sorted[Math.floor(half)] as number)) / 2;
}

export const spreadOf = (values: readonly number[]): Spread => ({
  mean: values.reduce((sum, value) => sum + value, 0) / values.length,
  least: Math.min(...values),
});

/** The parties of a round as items, each with a holder of its own. */
export const everybody = ({ kinds }: Pick<Game, 'kinds'>): Item[] =>
  kinds.map((_, row) => ({ row, clear: 1, holder: `${row}` }));

/** Scores in the first paid round, and in all paid rounds together. */
export function scoresIn(
  game: Game,
  rule: Rule,
  items: readonly Item[] = everybody(game),
): { first: number[]; all: number[] } {
  const perRound = game.rounds.map((round) => scoresOf(round, items, rule));
  const all = items.map((_, i) => perRound.reduce((sum, scores) => sum + (scores[i] as number), 0));
  return { first: perRound[0] as number[], all };
}

/** Coalition values of a game among some of the players, the others absent. */
export function among(values: readonly number[], players: readonly number[]): number[] {
  return Array.from({ length: 1 << players.length }, (_, coalition) => {
    const bits = players.reduce((sum, player, i) => sum | (coalition & (1 << i) ? 1 << player : 0), 0);
    return values[bits] as number;
  });
}

/** Shapley values in which a duplicate brings nothing: it and its original are one player and share what that gets. */
function copiesAsOne({ kinds, values }: Game): number[] {
  const duplicate = kinds.indexOf('duplicate');
  if (duplicate < 0) return shapleyByDefinition(values.loss);
  const original = 1;
  const players = kinds.map((_, i) => i).filter((i) => i !== duplicate);
  const phi = shapleyByDefinition(among(values.loss, players));
  const half = (phi[players.indexOf(original)] as number) / 2;
  return kinds.map((_, i) => (i === duplicate || i === original ? half : (phi[players.indexOf(i)] as number)));
}

/** Rank correlations of one rule in one game. */
export interface GameRanks {
  /** The first paid round, and the sum of all, with retrained values. */
  readonly first: Ranks;
  readonly all: Ranks;
  /** All rounds, with retrained values on examples that nothing was made from, and where copies are one player. */
  readonly held: Ranks;
  readonly merged: Ranks;
  /** The first round among those who hold data alone, nobody else there. */
  readonly honest: Ranks;
  /** All rounds, with the sum of what rounds were really worth to each. */
  readonly effects: Ranks;
}

const sumOf = (rows: readonly (readonly number[])[]): number[] =>
  (rows[0] ?? []).map((_, i) => rows.reduce((sum, row) => sum + (row[i] as number), 0));

export function ranksIn(game: Game, rule: Rule): GameRanks {
  const { first, all } = scoresIn(game, rule);
  const retrained = shapleyByDefinition(game.values.loss);
  const holders = game.kinds.map((_, i) => i).filter((i) => game.kinds[i] !== 'noise' && game.kinds[i] !== 'replay');
  const apart = scoresIn(
    game,
    rule,
    everybody(game).filter(({ row }) => holders.includes(row)),
  );
  return {
    first: ranksOf(first, retrained),
    all: ranksOf(all, retrained),
    held: ranksOf(all, shapleyByDefinition(game.values.heldLoss)),
    merged: ranksOf(all, copiesAsOne(game)),
    honest: ranksOf(apart.first, shapleyByDefinition(among(game.values.loss, holders))),
    effects: ranksOf(all, sumOf(game.effects)),
  };
}

/** What the exact Shapley values of the rounds' real effects reach: all that a round can tell of its own worth. */
export function effectRanksIn(game: Game): { first: Ranks; all: Ranks } {
  const retrained = shapleyByDefinition(game.values.loss);
  return { first: ranksOf(game.effects[0] as number[], retrained), all: ranksOf(sumOf(game.effects), retrained) };
}

/** Shares of the pool; nobody is paid if the total is not above zero. */
export function sharesOf(scores: readonly number[]): number[] {
  const total = scores.reduce((sum, score) => sum + score, 0);
  return scores.map((score) => (total > 0 ? score / total : 0));
}

export const CROWDS: readonly number[] = [1, 2, 4, 8, 16, 28];
/** Left of a disguised copy: any two of them have a cosine of 0.9. */
const CLEAR = Math.sqrt(0.9);

export const ATTACKS = ['copies', 'replays', 'disguised'] as const;
export type Attack = (typeof ATTACKS)[number];

/** One party with `count` accounts, and what all of them get. */
export interface Crowd {
  readonly count: number;
  /** Share of the pool, of all its accounts. */
  readonly share: number;
  /** Share of all others. */
  readonly others: number;
  /** What one honest party gets: of copies, this one with a single account; of replays, the mean of the ordinary parties beside one replayer. */
  readonly one: number;
}

/** What one party gets with more and more accounts in the first paid round. Its accounts name one holder. */
export function crowdsIn(game: Game, rule: Rule, attack: Attack): Crowd[] {
  const row = attack === 'replays' ? game.kinds.indexOf('replay') : 0;
  const clear = attack === 'disguised' ? CLEAR : 1;
  const others = everybody(game).filter((item) => item.row !== row);
  const sharesWith = (count: number, part = clear): number[] => {
    const accounts = Array.from({ length: count }, () => ({ row, clear: part, holder: 'one person' }));
    return sharesOf(scoresOf(game.rounds[0] as Game['rounds'][number], [...others, ...accounts], rule));
  };
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  const single = sharesWith(1, 1);
  const ordinary = others.flatMap((item, i) => (game.kinds[item.row] === 'ordinary' ? [single[i] as number] : []));
  const one = attack === 'replays' ? sum(ordinary) / ordinary.length : (single.at(-1) as number);
  return CROWDS.map((count) => {
    const shares = sharesWith(count);
    return { count, one, share: sum(shares.slice(others.length)), others: sum(shares.slice(0, others.length)) };
  });
}

/** What two senders of much the same get in the place of the replayer: honest work that repeats the past, and the past itself. */
export interface Repeater {
  /** Cosine with the last aggregate of what a party would send that holds everybody's examples. */
  readonly likeness: number;
  /** Share of that party, beside the seven others. */
  readonly worker: number;
  /** Share of the replayer in the same place. */
  readonly replayer: number;
}

/** The round with the sum of what data holders send, at their length, in the place of one row. */
function withEverybody({ parties, parts }: RoundGram, kinds: Game['kinds'], place: number): RoundGram {
  const holders = kinds.map((_, i) => i).filter((i) => kinds[i] !== 'noise' && kinds[i] !== 'replay');
  const summed = (row: readonly number[]): number => holders.reduce((sum, i) => sum + (row[i] as number), 0);
  const replaced = parts.map((matrix) => {
    const one = matrix[0]?.[0] as number;
    const length = Math.sqrt(holders.reduce((sum, i) => sum + summed(matrix[i] as number[]), 0));
    const products = matrix.map((row) => (summed(row) * Math.sqrt(one)) / length);
    return matrix.map((row, i) =>
      row.map((entry, j) => {
        if (i === place && j === place) return one;
        return i === place ? (products[j] as number) : j === place ? (products[i] as number) : entry;
      }),
    );
  });
  return { parties, parts: replaced };
}

/** In one paid round under one rule. */
export function repeaterIn(game: Game, rule: Rule, number: number): Repeater {
  const round = game.rounds[number] as Game['rounds'][number];
  const place = game.kinds.indexOf('replay');
  const everyone = withEverybody(round, game.kinds, place);
  const last = round.parties + 1;
  const cosines = everyone.parts.map(
    (m) => (m[place]?.[last] as number) / Math.sqrt((m[place]?.[place] as number) * (m[last]?.[last] as number)),
  );
  const shareIn = (one: RoundGram): number => sharesOf(scoresOf(one, everybody(game), rule))[place] as number;
  return {
    likeness: cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length,
    worker: shareIn(everyone),
    replayer: shareIn(round),
  };
}

/** Share of the pool of who gets most of the first paid round; 0 if it pays nothing. */
export function largestShare(game: Game, rule: Rule): number {
  return Math.max(0, ...sharesOf(scoresIn(game, rule).first));
}
