/**
 * The last vote that left this node, in a file of its own beside the database. LevelDB drops what it cannot read of its log without a word (it has an option
 * to refuse, `paranoid_checks`, that its binding does not offer), and then our record of votes is an older one, or none: who votes by it may vote twice.
 * The file does not replace the record. It tells that the record is behind, and up to which round.
 *
 * A vote is written to the database, then here, then sent: so this file is never ahead of a database that has lost nothing, wherever a crash comes.
 * Nor is it behind what has left: a start takes up what only the database has (`openLastVote`). It names its chain: by one of another chain a validator would be silent here, and know
 * nothing of what it has cast. Files of before name none, and are taken as they are until the next vote.
 */
import { readFile } from 'node:fs/promises';
import { concatBytes, sameBytes } from '../../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { TacitError } from '../../../primitives/errors.ts';
import { fixed, struct } from '../../../primitives/scale/index.ts';
import { replaceFileInBackground } from '../../base/durable-file.ts';
import type { HexHash } from '../../base/types.ts';
import { decodeUntrusted } from '../../base/untrusted.ts';
import { votePosition } from './formats.ts';
import type { VotePosition, VoterRecord } from './types.ts';

const HASH = 32;
const ofChain = struct('grandpa::LastVote', { genesis: fixed(32), position: votePosition });

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
  readonly #genesis: HexHash;
  #position: VotePosition | undefined;

  private constructor(path: string, genesis: HexHash, position: VotePosition | undefined) {
    this.#path = path;
    this.#genesis = genesis;
    this.#position = position;
  }

  /** Reads the file; there is none before the first vote. Errors: `grandpa/bad-last-vote`, `grandpa/other-chain`. */
  static async open(path: string, genesis: HexHash): Promise<LastVote> {
    const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw unreadable(path, error.code ?? 'it cannot be read');
    });
    return new LastVote(path, genesis, bytes && decode(path, genesis, bytes));
  }

  get position(): VotePosition | undefined {
    return this.#position;
  }

  /** Notes a vote; it is on the disk when this resolves. What is not after the last one changes nothing. Error: `files/not-written`. */
  async advance(position: VotePosition): Promise<void> {
    if (!isBehind(this.#position, position)) return;
    const plain = ofChain.codec.enc({ genesis: fromHex(this.#genesis), position });
    await replaceFileInBackground(this.#path, concatBytes(blake2b256(plain), plain));
    this.#position = position;
  }
}

function decode(path: string, genesis: HexHash, bytes: Uint8Array): VotePosition {
  const plain = bytes.subarray(HASH);
  if (!sameBytes(blake2b256(plain), bytes.subarray(0, HASH))) throw unreadable(path, 'it is damaged');
  const unnamed = decodeUntrusted(votePosition, plain);
  if (unnamed !== undefined) return unnamed;
  const named = decodeUntrusted(ofChain, plain);
  if (named === undefined) throw unreadable(path, 'it has another form');
  const theirs = toHex(named.genesis);
  if (theirs === genesis) return named.position;
  throw new TacitError(
    'grandpa/other-chain',
    `${path} tells of votes on the chain ${theirs}, and this is ${genesis}: move it away, and keep it if that chain goes on`,
    { path, theirs, ours: genesis },
  );
}

function unreadable(path: string, why: string): TacitError {
  return new TacitError(
    'grandpa/bad-last-vote',
    `${path} tells which vote this validator cast last, but ${why}; see docs/operate.md, The votes`,
    { path },
  );
}
