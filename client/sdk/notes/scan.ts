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
import { type Head, type Pass, readBins, readHead, readPasses, readRounds } from './read.ts';
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
  const problems = [...before.problems];
  const index = new NoteIndex(before.notes);
  const wanted = new Set(rounds.papers);
  const places = rounds.papers.map((papers) => ({ class: papers.class, number: papers.first + papers.place }));
  for await (const pass of readPasses(state, head, cursor, places)) {
    // all requests of a pass are made by now: work between two of them would tell of which it was
    for (const papers of wanted) {
      const found = addNote(chain, wallet, index, head, papers, pass);
      if (found === undefined) continue;
      wanted.delete(papers);
      problems.push(...found);
    }
    problems.push(...(await followClaims(chain.genesis, wallet, index, pass.claims)));
  }
  for (const { view } of wanted) problems.push(problemOf(view.round, 'sdk/no-note', 'its notes are not in their list'));
  return {
    genesis: before.genesis,
    cursor: {
      block: state.block.number,
      rounds: head.nextRound,
      unsettled: rounds.unsettled.map(({ round }) => round),
      claims: head.claims,
      classes: head.classes.map(({ notes, bins: closed }) => ({ notes, bins: closed })),
    },
    notes: withBins(index.all(), bins),
    problems: problems.slice(0, MAX_PROBLEMS),
    failed: [...before.failed, ...rounds.failed].slice(-MAX_FAILED),
    open: head.classes.map(({ first, count, blocksLeft }) => ({ first, count, blocksLeft })),
    unsettled: rounds.unsettled,
  };
}

const problemOf = (round: number, code: string, message: string): Problem => ({
  where: `round ${round}`,
  code,
  message,
});

/** Adds the note of a round, or says why there is none; undefined if the pass does not hold it. */
function addNote(
  chain: Pick<Chain, 'genesis' | 'light'>,
  wallet: Wallet,
  index: NoteIndex,
  { classes }: Head,
  papers: Papers,
  pass: Pass,
): Problem[] | undefined {
  const { class: id, first, place, view } = papers;
  const [of, note] = [classes[id], pass.noteAt({ class: id, number: first + place })];
  if (!of || !note) return undefined;
  try {
    index.add(noteOfRound(chain, wallet, papers, { modulus: of.modulus, grains: of.grains }, note));
    return [];
  } catch (error) {
    if (!isTacitError(error)) throw error;
    return [problemOf(view.round, error.code, error.message)];
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
