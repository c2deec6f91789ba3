/** The wallet's part after a round: find its notes in the payout vector, read their amounts, claim them without saying which they are. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { TacitError } from '../../primitives/errors.ts';
import { fheParams } from '../../primitives/fhe/params.ts';
import { parseEnrolment, recoverEnrolment } from '../../primitives/proofs/enrolment.ts';
import { type Bin, decodeBin, type NoteOpening, openNote } from '../../primitives/proofs/notes.ts';
import { claimTag, proveClaim } from '../../primitives/proofs/ring.ts';
import type { Scalar } from '../../primitives/crypto/ristretto.ts';
import type { Chain } from './connect.ts';
import { asArgument, extrinsic } from './contribute.ts';
import type { Wallet } from './keys.ts';
import {
  bytes,
  contextOf,
  count,
  finalizedState,
  parsed,
  read,
  readItem,
  readMoney,
  readPayout,
  readRound,
  readTags,
  type State,
} from './round.ts';
import { type Sent, send } from './transact.ts';

/** A note that belongs to the wallet. Amounts in units of 10^-6 TAC. */
export interface OwnNote {
  readonly round: number;
  readonly item: number;
  /** What the note pays: stake and earnings. */
  readonly amount: bigint;
  /** The stake in it, which comes back. */
  readonly stake: bigint;
  /** Grains paid per point of score; 0 if the round paid nothing. */
  readonly rate: bigint;
  /** Grains in a unit: the note counts its amount in them, and a claim pays whole units. */
  readonly grains: bigint;
  /** The score, what is paid on top of the stake by the rate: the score that only the wallet can read; undefined if the rate is 0. */
  readonly score: bigint | undefined;
  readonly spent: boolean;
  readonly bin: Bin;
  /** Place in the bin. */
  readonly place: number;
  /** One-time secret of the note: never shown. */
  readonly key: Scalar;
  readonly opening: NoteOpening;
}

const binSchema = z.object({ bin: bytes });

/** The wallet's note of one round, if the round has settled and paid it. */
export async function scanRound(chain: Chain, wallet: Wallet, round: number, at?: State): Promise<OwnNote | undefined> {
  const state = at ?? (await finalizedState(chain));
  const account = wallet.account.publicKey;
  const payout = await readPayout(state, round);
  if (!payout) return undefined;
  // All items, not the wallet's own: the node does not learn whose wallet is looking.
  const enrolments = await Promise.all(payout.items.map((item) => readItem(state, round, item)));
  const own = enrolments.findIndex((one) => one !== undefined && sameBytes(one.account, account));
  const [item, z, enrolled] = [payout.items[own], payout.z[own], enrolments[own]];
  if (item === undefined || z === undefined || !enrolled) return undefined;

  const view = await readRound(state, round);
  const params = fheParams(view.paramsId);
  const enrolment = parseEnrolment(params, enrolled.enrolment);
  const secrets = recoverEnrolment(
    params,
    { context: contextOf(chain.genesis, view), account },
    wallet.noteSeed,
    enrolment,
  );
  const found = await findNote(state, round, enrolment.key);
  const opening = openNote(found.bin.notes[found.place] as Bin['notes'][number], z, secrets.m, secrets.r, params.t);
  const tag = toHex(claimTag(secrets.key));
  const { rate, grains, stake } = payout;
  return {
    round,
    item,
    amount: opening.amount / grains,
    stake,
    rate,
    grains,
    score: scoreOf(opening.amount - grains * stake, rate),
    spent: (await readTags(state, round)).has(tag),
    bin: found.bin,
    place: found.place,
    key: secrets.key,
    opening,
  };
}

function scoreOf(earned: bigint, rate: bigint): bigint | undefined {
  if (rate === 0n) return undefined;
  if (earned % rate !== 0n) throw new TacitError('sdk/bad-payout', 'the payout is no multiple of the round’s rate');
  return earned / rate;
}

/** The wallet's notes of all rounds so far. */
export async function scan(chain: Chain, wallet: Wallet): Promise<OwnNote[]> {
  const state = await finalizedState(chain);
  const next = (await read(state, 'tally', 'nextRound', [], count)) ?? 1;
  const notes: OwnNote[] = [];
  for (let round = 1; round < next; round++) {
    const note = await scanRound(chain, wallet, round, state);
    if (note) notes.push(note);
  }
  return notes;
}

async function findNote(state: State, round: number, key: Uint8Array): Promise<{ bin: Bin; place: number }> {
  const money = await readMoney(state, round);
  for (let index = 0; index < (money?.bins ?? 0); index++) {
    const record = await read(state, 'royalty', 'bins', [round, index], binSchema);
    if (!record) continue;
    const bin = decodeBin(record.bin);
    const place = bin.notes.findIndex((note) => sameBytes(note.key, key));
    if (place >= 0) return { bin, place };
  }
  throw new TacitError('sdk/no-note', `round ${round} has settled but holds no note of this enrolment`, { round });
}

/** What every claim leaves to the chain, out of its amount. */
export function claimFee(chain: Chain): bigint {
  const fee = chain.api.consts.royalty?.claimFee;
  if (!fee) throw new TacitError('sdk/unexpected-answer', 'the chain names no claim fee');
  return BigInt(fee.toString());
}

/**
 * Claims the whole amount of a note to `destination` by an unsigned extrinsic: nobody learns whose note of the bin it was, although everyone sees the
 * amount. The connection itself can give the wallet away: use a node that may know.
 * @throws `sdk/note-spent`, `ring/fee` if the note does not even pay the fee, and what `send` throws
 */
export async function claim(chain: Chain, note: OwnNote, destination: Uint8Array): Promise<Sent> {
  if (note.spent) throw new TacitError('sdk/note-spent', 'this note has been claimed already', { round: note.round });
  const { amount } = note.opening;
  const terms = { amount, fee: claimFee(chain) * note.grains, destination };
  const proof = proveClaim(note.bin, terms, note, (n) => new Uint8Array(randomBytes(n)));
  const call = extrinsic(chain, 'royalty', 'claim');
  return send(chain, call(note.round, note.bin.index, amount, destination, asArgument(proof)), undefined, {
    until: 'finalized',
  });
}

/** Free balance of an account in the last finalized block. */
export async function balanceOf(chain: Chain, account: Uint8Array): Promise<bigint> {
  const answer = await (await finalizedState(chain)).query.system?.account?.(account);
  const { data } = parsed(
    'system.account',
    answer?.toJSON(),
    z.object({ data: z.object({ free: z.union([z.number(), z.string()]) }) }),
  );
  return BigInt(data.free);
}
