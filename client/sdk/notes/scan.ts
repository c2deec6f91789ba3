/**
 * Finding the wallet's notes and reading what they hold. A scan goes on where the one before ended, and needs nothing but the wallet's seed: without a book it
 * begins with block 0. A node that serves it sees requests that say when the wallet has last read, and nothing of what it holds.
 */
import { sameBytes } from '../../../primitives/crypto/bytes.ts';
import { isTacitError, TacitError } from '../../../primitives/errors.ts';
import type { Chain } from '../connect.ts';
import type { Wallet } from '../keys.ts';
import { finalizedState, type State } from '../round.ts';
import { followClaims, NoteIndex, withBins } from './follow.ts';
import { noteOfRound, type Papers } from './own.ts';
import { type Head, type Pass, type Place, type Rounds, readBins, readHead, readPasses, readRounds } from './read.ts';
import type { Book, Cursor, Problem, Scan } from './types.ts';

/** Problems that a book keeps: the first ones. */
const MAX_PROBLEMS = 1000;
/** Failed rounds that a book keeps, the last ones: anybody's rounds fail, and a store takes no list without an end. */
const MAX_FAILED = 10_000;

const START: Cursor = { block: 0, rounds: 1, unsettled: [], claims: 0, classes: [] };

/** The book of a wallet that has read nothing. */
export const emptyBook = (genesis: Uint8Array): Book => ({
  genesis,
  cursor: START,
  notes: [],
  problems: [],
  failed: [],
});

/**
 * The wallet's notes, as of the last final block. What is wrong with one note does not hide the others.
 * @param before what an earlier scan of this wallet on this chain has given
 * @param at a final state to read, instead of the newest
 * @throws `sdk/other-chain` if `before` is of another chain, `sdk/book-ahead` if the chain is shorter than it was, `light/...` if the node does not prove what
 * it says
 */
export async function scan(
  chain: Pick<Chain, 'genesis' | 'light'>,
  wallet: Wallet,
  before: Book = emptyBook(chain.genesis),
  at?: State,
): Promise<Scan> {
  if (!sameBytes(before.genesis, chain.genesis))
    throw new TacitError('sdk/other-chain', 'what the wallet has read is of another chain than this node’s');
  const state = at ?? (await finalizedState(chain));
  const { cursor } = before;
  const head = await readHead(state);
  checkOrder(head, cursor, state);
  const rounds = await readRounds(state, head, cursor, wallet);
  const bins = await readBins(state, head, cursor);
  const index = new NoteIndex(before.notes);
  const { papers } = rounds;
  const passes = readPasses(state, head, cursor, papers.map(placeOf));
  const found = await addNotes({ chain, wallet, index, head }, papers, passes);
  return {
    genesis: before.genesis,
    cursor: cursorAt(state, head, rounds),
    notes: withBins(index.all(), bins),
    problems: [...before.problems, ...found].slice(0, MAX_PROBLEMS),
    failed: [...before.failed, ...rounds.failed].slice(-MAX_FAILED),
    open: head.classes.map(({ first, count, blocksLeft }) => ({ first, count, blocksLeft })),
    unsettled: rounds.unsettled,
  };
}

/** Where the next scan goes on. */
function cursorAt({ block }: State, { nextRound, claims, classes }: Head, { unsettled }: Rounds): Cursor {
  return {
    block: block.number,
    rounds: nextRound,
    unsettled: unsettled.map(({ round }) => round),
    claims,
    classes: classes.map(({ notes, bins }) => ({ notes, bins })),
  };
}

/** The note that a round has paid the wallet. */
const placeOf = ({ class: id, first, place }: Papers): Place => ({ class: id, number: first + place });

/** What notes are found with, and where they are put. */
interface Finder {
  readonly chain: Pick<Chain, 'genesis' | 'light'>;
  readonly wallet: Wallet;
  readonly index: NoteIndex;
  readonly head: Head;
}

/** Adds notes of rounds, what claims have done to them, and the change that these have left, pass by pass. Gives what is wrong with some. */
async function addNotes(finder: Finder, papers: readonly Papers[], passes: AsyncIterable<Pass>): Promise<Problem[]> {
  const { chain, wallet, index } = finder;
  const problems: Problem[] = [];
  const wanted = new Set(papers);
  for await (const pass of passes) {
    // all requests of a pass are made by now: work between two of them would tell of which it was
    for (const one of wanted) {
      const found = addNote(finder, one, pass);
      if (found === undefined) continue;
      wanted.delete(one);
      problems.push(...found);
    }
    problems.push(...(await followClaims(chain.genesis, wallet, index, pass.claims)));
  }
  for (const { view } of wanted) problems.push(problemOf(view.round, 'sdk/no-note', 'its notes are not in their list'));
  return problems;
}

const problemOf = (round: number, code: string, message: string): Problem => ({
  where: `round ${round}`,
  code,
  message,
});

/** Adds the note of a round, or says why there is none; undefined if the pass does not hold it. */
function addNote({ chain, wallet, index, head }: Finder, papers: Papers, pass: Pass): Problem[] | undefined {
  const [of, note] = [head.classes[papers.class], pass.noteAt(placeOf(papers))];
  if (!of || !note) return undefined;
  try {
    index.add(noteOfRound(chain, wallet, papers, { modulus: of.modulus, grains: of.grains }, note));
    return [];
  } catch (error) {
    if (!isTacitError(error)) throw error;
    return [problemOf(papers.view.round, error.code, error.message)];
  }
}

function checkOrder(head: Head, cursor: Cursor, { block }: State): void {
  const shorter =
    block.number < cursor.block ||
    head.claims < cursor.claims ||
    head.nextRound < cursor.rounds ||
    cursor.classes.some(({ notes, bins }, id) => {
      const now = head.classes[id];
      return now === undefined || now.notes < notes || now.bins < bins;
    });
  if (shorter)
    throw new TacitError(
      'sdk/book-ahead',
      `the wallet has read block ${cursor.block}, and this node’s block ${block.number} holds less than that`,
    );
}
