/** One game: a draw of a partition of a data set, with the value of every coalition and the paid rounds. Each is computed once and kept as a line of a file. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { toHex } from '../../primitives/crypto/hex.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { PARTIES, type PartyKind } from '../../client/demo/parties.ts';
import { DATA_SETS, type DataSet, imagesOf } from './data.ts';
import { Kernel } from './kernel.ts';
import {
  deal,
  DIRICHLET_ALPHA,
  DIRICHLET_EXAMPLES,
  type Partition,
  PARTITIONS,
  SIZES,
  TEST_EXAMPLES,
} from './partitions.ts';
import { gramOf, paidRounds } from './rounds.ts';
import { coalitionValues, SETTINGS } from './truth.ts';

const KINDS = ['ordinary', 'wrong-labels', 'duplicate', 'two-digits', 'noise', 'replay'] as const satisfies PartyKind[];

/** Which draw of what. */
export interface GameName {
  readonly set: DataSet;
  readonly partition: Partition;
  readonly draw: number;
}

const game = z.strictObject({
  fingerprint: z.string(),
  set: z.enum(DATA_SETS),
  partition: z.enum(PARTITIONS),
  draw: z.number().int().min(0),
  kinds: z.array(z.enum(KINDS)),
  values: z.strictObject({
    loss: z.array(z.number()),
    accuracy: z.array(z.number()),
    heldLoss: z.array(z.number()),
  }),
  rounds: z.array(z.strictObject({ parties: z.number().int(), parts: z.array(z.array(z.array(z.number()))) })),
  effects: z.array(z.array(z.number())),
});
export type Game = z.infer<typeof game>;

/** Of all settings that a game depends on, apart from the code. A file of other settings is not used. */
export const FINGERPRINT: string = toHex(
  hash32Of(
    'tacit/fairness-games/1',
    JSON.stringify({ SETTINGS, PARTIES, DIRICHLET_ALPHA, DIRICHLET_EXAMPLES, SIZES, TEST_EXAMPLES }),
  ),
).slice(0, 16);

/** All games of the first `draws` draws, those of one draw side by side, so that a run that is stopped has the same number of each. */
export function namesOf(draws: number): GameName[] {
  return Array.from({ length: draws }, (_, draw) =>
    PARTITIONS.flatMap((partition) => DATA_SETS.map((set) => ({ set, partition, draw }))),
  ).flat();
}

const keyOf = ({ set, partition, draw }: GameName): string => `${set} ${partition} ${draw}`;

/** Plays one game. @param seats parties that take part, by their place; all if not given */
export function play(kernel: Kernel, { set, partition, draw }: GameName, seats?: readonly number[]): Game {
  const whole = deal(imagesOf(set), partition, draw);
  const dealt = { ...whole, parties: whole.parties.filter((_, i) => seats?.includes(i) ?? true) };
  const values = coalitionValues(kernel, dealt);
  const { rounds, effects } = paidRounds(kernel, dealt);
  const kinds = dealt.parties.map(({ kind }) => kind);
  const grams = rounds
    .map(gramOf)
    .map(({ parties, parts }) => ({ parties, parts: parts.map((rows) => rows.map((row) => [...row])) }));
  return {
    fingerprint: FINGERPRINT,
    set,
    partition,
    draw,
    kinds,
    values,
    rounds: grams,
    effects: effects.map((row) => [...row]),
  };
}

/** The games of a file that are of these settings. */
export function keptGames(file: string): Map<string, Game> {
  if (!existsSync(file)) return new Map();
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const games = lines
    .map((line) => game.parse(JSON.parse(line)))
    .filter(({ fingerprint }) => fingerprint === FINGERPRINT);
  return new Map(games.map((found) => [keyOf(found), found]));
}

/**
 * The named games, out of the file or played and added to it.
 * @param report is told of each game that was played, and how many seconds it took
 */
export async function gamesOf(
  names: readonly GameName[],
  file: string,
  report: (name: string, seconds: number) => void,
): Promise<Game[]> {
  const kept = keptGames(file);
  mkdirSync(dirname(file), { recursive: true });
  let kernel: Kernel | undefined;
  const games: Game[] = [];
  for (const name of names) {
    let found = kept.get(keyOf(name));
    if (!found) {
      kernel ??= await Kernel.create();
      const begun = performance.now();
      found = play(kernel, name);
      appendFileSync(file, `${JSON.stringify(found)}\n`);
      report(keyOf(name), (performance.now() - begun) / 1000);
    }
    games.push(found);
  }
  return games;
}
