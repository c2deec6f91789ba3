/**
 * The last vote that left this node, in a file of its own beside the database. LevelDB drops what it cannot read of its log without a word (it has an option
 * to refuse, `paranoid_checks`, that its binding does not offer), and then our record of votes is an older one, or none: who votes by it may vote twice.
 * The file does not replace the record. It tells that the record is behind, and up to which round.
 *
 * A vote is written to the database, then here, then sent: so this file is never ahead of a database that has lost nothing, wherever a crash comes.
 * Nor is it behind what has left: a start takes up what only the database has (`openLastVote`).
 */
import { readFile } from 'node:fs/promises';
import { concatBytes, sameBytes } from '../../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { TacitError } from '../../../primitives/errors.ts';
import { replaceFileInBackground } from '../../base/durable-file.ts';
import { decodeUntrusted } from '../../base/untrusted.ts';
import { votePosition } from './formats.ts';
import type { VotePosition, VoterRecord } from './types.ts';

const HASH = 32;

/** Where the votes of a record end; undefined if it has none. */
export function lastCast({ setId, cast }: VoterRecord): VotePosition | undefined {
  const positions = cast.map(({ round, message }): VotePosition => ({ setId, round, kind: message.kind }));
  return positions.reduce<VotePosition | undefined>((last, each) => (isBehind(last, each) ? each : last), undefined);
}

/** Whether `a` was cast before `b`; nothing was before everything. */
export function isBehind(a: VotePosition | undefined, b: VotePosition): boolean {
  if (a === undefined) return true;
  if (a.setId !== b.setId) return a.setId < b.setId;
  if (a.round !== b.round) return a.round < b.round;
  return STAGE[a.kind] < STAGE[b.kind];
}

/** A round's votes in the order in which they are cast. */
const STAGE = { propose: 0, prevote: 1, precommit: 2 } as const;

export class LastVote {
  readonly #path: string;
  #position: VotePosition | undefined;

  private constructor(path: string, position: VotePosition | undefined) {
    this.#path = path;
    this.#position = position;
  }

  /** Reads the file; there is none before the first vote. Errors: `grandpa/bad-last-vote`. */
  static async open(path: string): Promise<LastVote> {
    const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw unreadable(path, error.code ?? 'it cannot be read');
    });
    return new LastVote(path, bytes && decode(path, bytes));
  }

  get position(): VotePosition | undefined {
    return this.#position;
  }

  /** Notes a vote; it is on the disk when this resolves. What is not after the last one changes nothing. Error: `files/not-written`. */
  async advance(position: VotePosition): Promise<void> {
    if (!isBehind(this.#position, position)) return;
    const plain = votePosition.codec.enc(position);
    await replaceFileInBackground(this.#path, concatBytes(blake2b256(plain), plain));
    this.#position = position;
  }
}

function decode(path: string, bytes: Uint8Array): VotePosition {
  const plain = bytes.subarray(HASH);
  if (!sameBytes(blake2b256(plain), bytes.subarray(0, HASH))) throw unreadable(path, 'it is damaged');
  const position = decodeUntrusted(votePosition, plain);
  if (position === undefined) throw unreadable(path, 'it has another form');
  return position;
}

function unreadable(path: string, why: string): TacitError {
  return new TacitError(
    'grandpa/bad-last-vote',
    `${path} tells which vote this validator cast last, but ${why}; see docs/operate.md, The votes`,
    { path },
  );
}
