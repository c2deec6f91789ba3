/** Votes, commits and justifications of GRANDPA (§14.12). */
import { type Header, headerHash } from '../../../primitives/block/header.ts';
import { littleEndian } from '../../../primitives/crypto/bytes.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { ORDER } from '../../../primitives/crypto/ristretto.ts';
import { ed25519FromSeed, ed25519Sign, ed25519Verify } from '../../../primitives/crypto/signature.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import {
  type Authorities,
  type BlockRef,
  checkJustification,
  type SignedVote,
  votePayload,
} from '../../../primitives/grandpa/index.ts';
import { justificationCodec } from '../../../primitives/grandpa/formats.ts';
import { voterSetOf } from '../../../primitives/grandpa/justification.ts';
import { type Case, type Datum, flipped, good, randomOf, type Vectors } from './cases.ts';

const random = randomOf('finality');
const PAIRS = Array.from({ length: 4 }, () => ed25519FromSeed(random(32)));
const [SET, ROUND] = [7n, 100n];

function child(parent: Header | undefined): Header {
  return {
    parentHash: parent === undefined ? random(32) : headerHash(parent),
    number: (parent?.number ?? 9) + 1,
    stateRoot: random(32),
    extrinsicsRoot: random(32),
    digest: { logs: [] },
  };
}

const b1 = child(undefined);
const b2 = child(b1);
const b3 = child(b2);
const fork = child(b1);
const stranger = child(undefined);
const refOf = (block: Header): BlockRef => ({ hash: toHex(headerHash(block)), number: block.number });

interface Shape {
  readonly target?: Header;
  readonly votes: readonly (readonly [voter: number, block: Header])[];
  readonly ancestries?: readonly Header[];
  readonly weights?: readonly bigint[];
  /** Voters of the set; the rest are strangers. */
  readonly voters?: number;
  readonly change?: (votes: SignedVote[]) => SignedVote[];
  readonly setId?: bigint;
  readonly bytes?: (bytes: Uint8Array) => Uint8Array;
}

const SHAPES: Readonly<Record<string, Shape>> = {
  'three of four for one block': {
    votes: [
      [0, b1],
      [1, b1],
      [2, b1],
    ],
  },
  'votes above the target': {
    votes: [
      [0, b1],
      [1, b2],
      [2, b3],
    ],
    ancestries: [b2, b3],
  },
  'votes on two branches': {
    votes: [
      [0, b1],
      [1, b2],
      [2, fork],
    ],
    ancestries: [b2, fork],
  },
  'an equivocator counts everywhere': {
    votes: [
      [0, b1],
      [1, b2],
      [1, fork],
      [2, fork],
    ],
    ancestries: [b2, fork],
  },
  'weights decide': {
    votes: [
      [0, b1],
      [3, b1],
    ],
    weights: [5n, 1n, 1n, 2n],
  },
  'two of four': {
    votes: [
      [0, b1],
      [1, b1],
    ],
  },
  'weights do not reach': {
    votes: [
      [1, b1],
      [2, b1],
      [3, b1],
    ],
    weights: [5n, 1n, 1n, 2n],
  },
  'no votes': { votes: [] },
  'a stranger votes': {
    votes: [
      [0, b1],
      [1, b1],
      [3, b1],
    ],
    voters: 3,
  },
  'one vote twice': {
    votes: [
      [0, b1],
      [1, b1],
      [1, b1],
      [2, b1],
    ],
  },
  'a third vote': {
    votes: [
      [0, b1],
      [1, b1],
      [1, b2],
      [1, fork],
      [2, b1],
      [3, b1],
    ],
    ancestries: [b2, fork],
  },
  'a target above what is final': {
    target: b2,
    votes: [
      [0, b1],
      [1, b2],
      [2, b2],
    ],
    ancestries: [b2],
  },
  'a target below what is final': {
    votes: [
      [0, b2],
      [1, b2],
      [2, b2],
    ],
  },
  'a vote that does not descend': {
    votes: [
      [0, b1],
      [1, b1],
      [2, stranger],
    ],
  },
  'a header too few': {
    votes: [
      [0, b1],
      [1, b1],
      [2, b3],
    ],
    ancestries: [b3],
  },
  'a header too many': {
    votes: [
      [0, b1],
      [1, b1],
      [2, b1],
    ],
    ancestries: [b2],
  },
  'a header twice': {
    votes: [
      [0, b1],
      [1, b1],
      [2, b2],
    ],
    ancestries: [b2, b2],
  },
  'a wrong signature': {
    votes: [
      [0, b1],
      [1, b1],
      [2, b1],
    ],
    change: (votes) => votes.map((vote, i) => (i === 1 ? { ...vote, signature: flipped(vote.signature, 40) } : vote)),
  },
  'of another set': {
    votes: [
      [0, b1],
      [1, b1],
      [2, b1],
    ],
    setId: SET + 1n,
  },
  'a byte more': {
    votes: [
      [0, b1],
      [1, b1],
      [2, b1],
    ],
    bytes: (bytes) => new Uint8Array([...bytes, 0]),
  },
  'a byte less': {
    votes: [
      [0, b1],
      [1, b1],
      [2, b1],
    ],
    bytes: (bytes) => bytes.slice(0, -1),
  },
};

function signed(voter: number, block: Header): SignedVote {
  const target = refOf(block);
  const pair = PAIRS[voter]!;
  const signature = ed25519Sign(pair, votePayload(SET, ROUND, 'precommit', target));
  return { target, signature, id: toHex(pair.publicKey) };
}

function justification(name: string, shape: Shape): Case {
  const { target = b1, votes, ancestries = [], weights, voters = 4, change, setId = SET } = shape;
  const list = votes.map(([voter, block]) => signed(voter, block));
  const commit = { target: refOf(target), precommits: change?.(list) ?? list };
  const encoded = justificationCodec.codec.enc({ round: ROUND, commit, ancestries });
  const data = shape.bytes?.(encoded) ?? encoded;
  const authorities = PAIRS.slice(0, voters).map(({ publicKey }, i) => ({ id: publicKey, weight: weights?.[i] ?? 1n }));
  return good('justification', name, { data, setId, authorities }, verdictOf(data, authorities, setId));
}

/** What a justification proves final; nothing if it proves nothing. */
function verdictOf(data: Uint8Array, authorities: Authorities, setId: bigint): Datum {
  try {
    const { round, target, signatures } = checkJustification(data, authorities, setId);
    const holds = signatures.every(({ publicKey, message, signature }) => ed25519Verify(signature, message, publicKey));
    return holds ? { round, hash: target.hash, number: target.number } : null;
  } catch (error) {
    if (isTacitError(error, 'grandpa/bad-justification')) return null;
    throw error;
  }
}

function thresholds(): Case[] {
  const lists = [[1n], [1n, 1n, 1n, 1n], [1n, 1n, 1n, 1n, 1n, 1n, 1n], [5n, 1n, 2n], [2n ** 63n, 2n ** 63n, 2n ** 63n]];
  return lists.map((weights) => {
    const authorities = weights.map((weight) => ({ id: random(32), weight }));
    return good('threshold', weights.join(', '), weights, voterSetOf(authorities).threshold);
  });
}

function signatures(): Case[] {
  const [pair, message] = [PAIRS[0]!, random(53)];
  const signature = ed25519Sign(pair, message);
  const s = signature.subarray(32).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const over = new Uint8Array([...signature.subarray(0, 32), ...littleEndian(s + ORDER, 32)]);
  const about = (name: string, given: { signature?: Uint8Array; message?: Uint8Array; key?: Uint8Array }): Case => {
    const all = { signature, message, key: pair.publicKey, ...given };
    return good('ed25519', name, all, ed25519Verify(all.signature, all.message, all.key));
  };
  return [
    about('holds', {}),
    about('another message', { message: flipped(message, 0) }),
    about('another R', { signature: flipped(signature, 0) }),
    about('s + l', { signature: over }),
    about('another key', { key: PAIRS[1]!.publicKey }),
    about('a key that is no point', { key: littleEndian(2n, 32) }),
    about('short', { signature: signature.slice(1) }),
  ];
}

export function finalityVectors(): Vectors {
  const votes = (['prevote', 'precommit', 'propose'] as const).map((kind) => {
    const target = refOf(b2);
    return good(
      'votePayload',
      kind,
      { kind, ...target, round: ROUND, setId: SET },
      votePayload(SET, ROUND, kind, target),
    );
  });
  return {
    spec: ['§14.12'],
    cases: [
      ...signatures(),
      ...thresholds(),
      ...votes,
      ...Object.entries(SHAPES).map(([name, shape]) => justification(name, shape)),
    ],
  };
}
