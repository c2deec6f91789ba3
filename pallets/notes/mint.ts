/** Where the notes of rounds come from: the face for pallets whose rounds pay. */
import { LEAST_MODULUS } from '../../primitives/proofs/hidden-bin.ts';
import { CLAIM_LIMIT, type Note } from '../../primitives/proofs/notes.ts';
import { isPowerOf16 } from '../../primitives/round/score.ts';
import { transfer } from '../balances/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { appendNotes } from './bins.ts';
import { ESCROW, type Notes, state } from './state.ts';
import { MAX_CLASSES, type MintedNotes } from './types.ts';

/** What a round pays, as notes. */
export interface Mint {
  /** The plaintext modulus of the round, above 3 * 2^48. */
  readonly modulus: bigint;
  /** Grains in one unit of money, a power of 16. */
  readonly grains: bigint;
  /** In the order of the round's payout; at least one. */
  readonly notes: readonly Note[];
  /** What they are worth together, rounded down to whole units. */
  readonly units: bigint;
  /** The account that pays it. */
  readonly from: Uint8Array;
}

/** The number of the class, which is made if there is none yet. */
function classOf({ store, errors }: Notes, modulus: bigint, grains: bigint): number {
  const classes = store.classes.get();
  const found = classes.findIndex((known) => known.modulus === modulus && known.grains === grains);
  if (found >= 0) return found;
  ensure(classes.length < MAX_CLASSES, errors.TooManyClasses);
  const open = { first: 0, since: 0, brought: 0n, ofRounds: 0 };
  store.classes.put([...classes, { modulus, grains, notes: 0, bins: 0, brought: 0n, paid: 0n, open }]);
  return classes.length;
}

/** Takes what the notes are worth into the escrow, and adds them to the list of their class. Fails with `BadMint`, `TooManyClasses`. */
export function mintNotes(ctx: Context, { modulus, grains, notes: minted, units, from }: Mint): MintedNotes {
  const notes = state.use(ctx);
  const { store, events, errors } = notes;
  const isWhole = modulus > LEAST_MODULUS && modulus >> 64n === 0n && isPowerOf16(grains) && grains < CLAIM_LIMIT;
  ensure(isWhole && minted.length > 0, errors.BadMint);
  const id = classOf(notes, modulus, grains);
  transfer(ctx, from, ESCROW, units, 'allowDeath');
  store.classes.mutate((classes) =>
    classes.map((known, i) => (i === id ? { ...known, brought: known.brought + units } : known)),
  );
  const first = appendNotes(notes, id, minted, units);
  events.NotesMinted({ class: id, first, notes: minted.length, brought: units });
  return { class: id, first };
}
