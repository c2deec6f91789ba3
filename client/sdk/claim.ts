/** Claiming an amount out of a note without saying which of its bin it is, nor what it held, nor what is left. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { TacitError } from '../../primitives/errors.ts';
import { changeFor } from '../../primitives/proofs/change-secrets.ts';
import { isDenomination } from '../../primitives/proofs/denominations.ts';
import type { HiddenBin } from '../../primitives/proofs/hidden-bin.ts';
import { commit } from '../../primitives/crypto/ristretto.ts';
import type { Chain } from './connect.ts';
import { calls, constants, storage } from './generated/chain.ts';
import type { Wallet } from './keys.ts';
import { NoteIndex, nameOf } from './notes/follow.ts';
import { keyOf } from './notes/own.ts';
import { readBinNotes } from './notes/read.ts';
import type { BinView, OwnNote, Scan } from './notes/types.ts';
import { type ClaimInput, type Prover, proveHere } from './prove.ts';
import { finalizedState, type State } from './round.ts';
import { type Sent, send } from './transact.ts';

/** What every claim leaves to the chain, out of its amount. */
export const CLAIM_FEE: bigint = constants.notes.claimFee;
/** The smallest amount that can be claimed. */
export const LEAST_CLAIM: bigint = constants.notes.leastClaim;

/** What is claimed of a note. */
export interface ClaimTerms {
  /** Taken out of the note, the fee included: 1, 2 or 5 times a power of ten, at least {@link LEAST_CLAIM}. */
  readonly amount: bigint;
  /** By default the fresh account of the note. */
  readonly destination?: Uint8Array | undefined;
  /** Of 64 parts of what is left those of the first of two new notes, 1 to 63; 0, the default: one new note. */
  readonly split?: number;
}

export interface ClaimOptions {
  /** By default in this thread, which does nothing else meanwhile. */
  readonly prove?: Prover;
  /** Told what begins, and waited for: what is to be kept of a claim is on the disk before anybody hears of it. */
  readonly onStep?: (step: 'reads' | 'proves' | 'sends') => unknown;
  readonly signal?: AbortSignal;
}

/** A claim that stands in a final block. */
export interface Claimed extends Sent {
  readonly destination: Uint8Array;
  /** What the destination was paid. */
  readonly paid: bigint;
  /** Grains that are left, in new notes of the wallet. */
  readonly hidden: bigint;
}

/** The notes that a claim can take from: unspent, and of two that have one key the larger. */
export const claimable = (notes: readonly OwnNote[]): OwnNote[] => new NoteIndex(notes).claimable();

/** The most that a claim on a note may take; undefined while its bin is open. */
export function mostOf({ amount, bin }: Pick<OwnNote, 'amount' | 'bin'>): bigint | undefined {
  if (bin === undefined) return undefined;
  return amount < bin.largest ? amount : bin.largest;
}

/**
 * Whether a claim on these terms can be made.
 * @throws `sdk/note-spent`, `sdk/key-shared`, `sdk/note-too-small`, `sdk/bin-open` with `{ blocks }`, `sdk/bad-amount`, `sdk/above-note`, `sdk/above-largest`
 */
export function checkClaim(found: Pick<Scan, 'notes' | 'open'>, note: OwnNote, amount: bigint): BinView {
  const name = nameOf(note);
  const no = (code: string, why: string, details: Record<string, unknown> = {}): never => {
    throw new TacitError(`sdk/${code}`, why, { note: name, ...details });
  };
  if (note.spent) no('note-spent', `the note ${name} has been claimed already, by claim ${note.spent.claim}`);
  if (!claimable(found.notes).some((one) => nameOf(one) === name))
    no('key-shared', `the note ${name} has the key of a larger one, and only one of both can be spent`);
  if (note.amount < LEAST_CLAIM)
    no('note-too-small', `the note ${name} holds ${note.amount} units; a claim takes at least ${LEAST_CLAIM}`);
  const { bin } = note;
  if (bin === undefined) {
    const blocks = waitOf(found, note);
    const why = `the bin of the note ${name} is open: it closes when enough notes have come, after ${blocks} more blocks at most`;
    throw new TacitError('sdk/bin-open', why, { note: name, blocks });
  }
  if (!isDenomination(amount) || amount < LEAST_CLAIM)
    no('bad-amount', `a claim takes 1, 2 or 5 times a power of ten, at least ${LEAST_CLAIM}; not ${amount}`);
  if (amount > note.amount) no('above-note', `the note ${name} holds ${note.amount} units, less than ${amount}`);
  if (amount > bin.largest)
    no('above-largest', `claims on the bin of the note ${name} take ${bin.largest} units at most, not ${amount}`);
  return bin;
}

/** Blocks until the bin of a note is closed, at most; 0 for one that is full or closed. */
export function waitOf({ open }: Pick<Scan, 'open'>, note: OwnNote): number {
  const filling = open[note.class];
  if (note.bin !== undefined || filling === undefined || note.number < filling.first) return 0;
  return filling.blocksLeft;
}

/**
 * Claims `terms.amount` of a note by an unsigned extrinsic: everyone sees the amount, nobody learns whose note of the bin it was, nor what is left of it in new
 * notes, which the next scan finds. That it stands in a final block is proved. The connection itself can give the wallet away: use a node that may know.
 * A claim that was lost may be sent again on the same terms; on others it would show that both came from one wallet.
 * @param found a scan of just now, and one of its notes
 * @throws what {@link checkClaim} throws, `sdk/wrong-bin`, `change/split`, what the prover throws, and what `send` throws
 */
export async function claim(
  chain: Pick<Chain, 'api' | 'light' | 'genesis'>,
  wallet: Wallet,
  found: Scan,
  note: OwnNote,
  { amount, destination = wallet.freshAccount(chain.genesis, note.tag).publicKey, split = 0 }: ClaimTerms,
  { prove = proveHere, onStep = () => undefined, signal }: ClaimOptions = {},
): Promise<Claimed> {
  const view = checkClaim(found, note, amount);
  const terms = { amount, fee: CLAIM_FEE, destination };
  const left = note.opening.amount - amount * note.grains;
  const { genesis } = chain;
  const change = changeFor({ noteSeed: wallet.noteSeed, genesis, tag: note.tag, terms, left }, split);
  await onStep('reads');
  const bin = await readBin(await finalizedState(chain), genesis, note, view);
  await onStep('proves');
  const witness = { place: note.number - view.first, key: note.key, opening: note.opening };
  const input: ClaimInput = { bin, root: view.root, terms, witness, change };
  const { terms: proved, proof } = await prove(input, signal ? { signal } : {});
  signal?.throwIfAborted();
  await onStep('sends');
  const call = calls.notes.claim({
    class: note.class,
    bin: view.bin,
    amount,
    outputs: [...proved.outputs],
    destination,
    proof,
  });
  const sent = await send(chain, call, undefined, { until: 'finalized' });
  return { ...sent, destination, paid: amount - CLAIM_FEE, hidden: left };
}

/** The notes that hide each other. Throws `sdk/wrong-bin` if ours is not where it was found. */
async function readBin(state: State, genesis: Uint8Array, note: OwnNote, view: BinView): Promise<HiddenBin> {
  const notes = await readBinNotes(state, view);
  const { amount, twin, blinding } = note.opening;
  const stands = notes[note.number - view.first];
  const commitment = commit(amount - BigInt(twin) * note.modulus, blinding).toBytes();
  if (!stands || !sameBytes(stands.key, keyOf(note)) || !sameBytes(stands.commitment, commitment))
    throw new TacitError('sdk/wrong-bin', `the bin ${view.bin} does not hold the note ${nameOf(note)}`);
  return { genesis, modulus: note.modulus, grains: note.grains, index: view.bin, digits: view.digits, notes };
}

/** Free balance of an account in the last finalized block. Tells the node which account is of interest. */
export async function balanceOf(chain: Pick<Chain, 'light'>, account: Uint8Array): Promise<bigint> {
  return (await (await finalizedState(chain)).get(storage.system.account, account)).data.free;
}
