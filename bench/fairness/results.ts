/** All figures of a set of games: what docs/fairness.md is written from. */
import { shapleyByDefinition } from '../../client/demo/shapley.ts';
import { DATA_SETS, type DataSet } from './data.ts';
import { LINEAR, SHARING, TODAY } from './candidates.ts';
import { FINGERPRINT, type Game, type GameName } from './games.ts';
import {
  ATTACKS,
  type Attack,
  effectRanksIn,
  type Crowd,
  CROWDS,
  crowdsIn,
  type GameRanks,
  largestShare,
  median,
  ranksIn,
  type Repeater,
  repeaterIn,
  type Spread,
  spreadOf,
} from './measure.ts';
import { type Partition, PARTITIONS } from './partitions.ts';
import type { Rule } from './rules.ts';
import { closestPairs, type SketchRates, sketchRates } from './sketches.ts';

export interface Group {
  readonly set: DataSet;
  readonly partition: Partition;
}

export const GROUPS: readonly Group[] = PARTITIONS.flatMap((partition) => DATA_SETS.map((set) => ({ set, partition })));
/** Groups that there are games of. */
const groupsOf = (games: readonly Game[]): Group[] => GROUPS.filter((group) => inGroup(games, group).length > 0);

/** Columns of rank correlations. */
export const VIEWS = ['first', 'all', 'held', 'merged', 'honest', 'effects'] as const satisfies (keyof GameRanks)[];
export type View = (typeof VIEWS)[number];

/** One rule's correlations in one group of games. */
export interface RankRow extends Group {
  readonly rule: string;
  readonly view: View;
  readonly spearman: Spread;
  readonly kendall: Spread;
  /** Of each draw; kept of the first round alone. */
  readonly draws: readonly number[];
}

/** What one party gets with `count` accounts, and relative to what one honest party gets: medians over games. */
export interface CrowdRow {
  readonly rule: string;
  readonly attack: Attack;
  readonly count: number;
  readonly share: number;
  readonly relative: number;
  /** The same over the games of the group where it is most. */
  readonly worst: number;
  /** Part of what others had, with one honest account here or without the replayer, that they lose. */
  readonly lost: number;
}

export interface Results {
  readonly fingerprint: string;
  readonly draws: number;
  /** Retrained values of every game: the ground truth. */
  readonly retrained: readonly (GameName & { readonly values: readonly number[] })[];
  readonly ranks: readonly RankRow[];
  /** The same of the rounds' real effects: rule `effects`. */
  readonly effects: readonly RankRow[];
  readonly crowds: readonly CrowdRow[];
  readonly sketches: readonly SketchRates[];
  readonly closest: { readonly most: number; readonly wronged: number };
  /** Medians over all games, in the first and the last paid round. */
  readonly repeaters: readonly (Repeater & { readonly rule: string; readonly round: number })[];
  /** Games in which a rule's first correlation is below, and above, today's. */
  readonly changes: readonly {
    readonly rule: string;
    readonly worse: number;
    readonly better: number;
    readonly worst: number;
    /** Games whose first round pays nothing, and the median of the largest share. */
    readonly unpaid: number;
    readonly most: number;
  }[];
}

const inGroup = (games: readonly Game[], { set, partition }: Group): Game[] =>
  games.filter((game) => game.set === set && game.partition === partition);

function rankRows(games: readonly Game[]): { rows: RankRow[]; changes: Results['changes'] } {
  const rules = [...new Map([...LINEAR, ...SHARING].map((rule) => [rule.name, rule])).values()];
  const found = rules.map((rule) => ({ rule, ranks: games.map((game) => ranksIn(game, rule)) }));
  const rows = found.flatMap(({ rule, ranks }) =>
    groupsOf(games).flatMap((group) => {
      const members = ranks.filter((_, i) => games[i]?.set === group.set && games[i]?.partition === group.partition);
      return VIEWS.map((view) => {
        const of = (kind: 'spearman' | 'kendall'): number[] => members.map((ranksOfGame) => ranksOfGame[view][kind]);
        return {
          ...group,
          rule: rule.name,
          view,
          spearman: spreadOf(of('spearman')),
          kendall: spreadOf(of('kendall')),
          draws: view === 'first' ? of('spearman') : [],
        };
      });
    }),
  );
  const base = found.find(({ rule }) => rule.name === TODAY.name)?.ranks ?? [];
  const changes = found.map(({ rule, ranks }) => {
    const gains = ranks.map(({ first }, i) => first.spearman - (base[i] as GameRanks).first.spearman);
    const beyond = 1e-9;
    const shares = games.map((game) => largestShare(game, rule));
    return {
      rule: rule.name,
      worse: gains.filter((gain) => gain < -beyond).length,
      better: gains.filter((gain) => gain > beyond).length,
      worst: Math.min(...gains),
      unpaid: shares.filter((share) => share === 0).length,
      most: median(shares),
    };
  });
  return { rows, changes };
}

function effectRows(games: readonly Game[]): RankRow[] {
  return groupsOf(games).flatMap((group) => {
    const found = inGroup(games, group).map(effectRanksIn);
    return (['first', 'all'] as const).map((view) => {
      const of = (kind: 'spearman' | 'kendall'): number[] => found.map((ranks) => ranks[view][kind]);
      return {
        ...group,
        rule: 'effects',
        view,
        spearman: spreadOf(of('spearman')),
        kendall: spreadOf(of('kendall')),
        draws: of('spearman'),
      };
    });
  });
}

function crowdRows(games: readonly Game[], rule: Rule): CrowdRow[] {
  return ATTACKS.flatMap((attack) => {
    const perGame = games.map((game) => crowdsIn(game, rule, attack));
    return CROWDS.map((count, at) => {
      const rows = perGame.map((row) => row[at] as Crowd);
      // Copies: against one honest account. Replays: against a round without the replayer, whose pool is all theirs.
      const lost = rows.map(({ others, one }) => 1 - others / (attack === 'replays' ? 1 : 1 - one));
      const relative = (chosen: readonly Crowd[]): number =>
        median(chosen.filter(({ one }) => one > 0).map(({ share, one }) => share / one));
      const perGroup = groupsOf(games).map((group) =>
        relative(rows.filter((_, i) => games[i]?.set === group.set && games[i]?.partition === group.partition)),
      );
      return {
        rule: rule.name,
        attack,
        count,
        share: median(rows.map(({ share }) => share)),
        relative: relative(rows),
        worst: Math.max(...perGroup.filter((ratio) => !Number.isNaN(ratio))),
        lost: median(lost),
      };
    });
  });
}

/** Six digits of each figure: more is noise in a file that people compare. */
const short = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(6)) : value;

/** All figures, as they stand in the file. */
export function resultsOf(games: readonly Game[]): Results {
  return JSON.parse(JSON.stringify(figuresOf(games), short)) as Results;
}

function figuresOf(games: readonly Game[]): Results {
  const { rows, changes } = rankRows(games);
  const repeaters = LINEAR.filter(({ past }) => past <= 1).flatMap((rule) =>
    [0, (games[0]?.rounds.length ?? 1) - 1].map((round) => {
      const found = games.map((game) => repeaterIn(game, rule, round));
      const of = (key: keyof Repeater): number => median(found.map((repeater) => repeater[key]));
      return { rule: rule.name, round, likeness: of('likeness'), worker: of('worker'), replayer: of('replayer') };
    }),
  );
  return {
    fingerprint: FINGERPRINT,
    draws: new Set(games.map(({ draw }) => draw)).size,
    retrained: games.map(({ set, partition, draw, values }) => ({
      set,
      partition,
      draw,
      values: shapleyByDefinition(values.loss),
    })),
    ranks: rows,
    effects: effectRows(games),
    crowds: SHARING.flatMap((rule) => crowdRows(games, rule)),
    sketches: sketchRates(games),
    closest: closestPairs(games),
    repeaters,
    changes,
  };
}
