/** The notes pallet alone, with notes whose secrets the test knows and a payer in the place of rounds. */
import { balances, checkIssuance, freeOf, holdings } from '../../../pallets/balances/index.ts';
import { mintNotes, notes, NOTES_ESCROW } from '../../../pallets/notes/index.ts';
import { parameters } from '../../../pallets/parameters/index.ts';
import {
  checkPallets,
  type Context,
  type Host,
  type MockRuntime,
  mockRuntime,
  Origin,
  remembered,
} from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { Prg } from '../../../primitives/crypto/prg.ts';
import { commit, J0, randomScalar, times } from '../../../primitives/crypto/ristretto.ts';
import { PLAIN_MODULUS } from '../../../primitives/fhe/params.ts';
import { mintNote, type Note, openNote } from '../../../primitives/proofs/notes.ts';
import { testHost } from '../../support/pallet-chain.ts';
import { type HeldNote, spend, type SpendWish } from '../../support/spend.ts';

export const T = PLAIN_MODULUS;
export const GRAINS = 16n;
const FUNDS = 10n ** 15n;
const payer = hash32Of('test/account', 'payer');

export interface NotesChain {
  readonly chain: MockRuntime;
  readonly random: (n: number) => Uint8Array;
}

const pallets = [system, balances, parameters, notes];

/** The escrow holds what it owes, to the unit. */
function checkEscrow(ctx: Context): void {
  let owed = 0n;
  for (const [, amount] of notes.owes(ctx)) owed += amount;
  if (owed !== freeOf(ctx, NOTES_ESCROW)) throw new Error(`the escrow holds ${freeOf(ctx, NOTES_ESCROW)}, not ${owed}`);
}

const checks = [remembered(checkIssuance), checkPallets(pallets, holdings), remembered(checkEscrow)];

export function notesChain(
  changed: Readonly<Record<string, bigint>> = {},
  host: Host = testHost,
  isChecked = true,
): NotesChain {
  const genesis = {
    system: { specName: 'test', specVersion: 1 },
    balances: { accounts: [[payer, FUNDS]] },
    parameters: { BinLeast: 1n, BinWait: 1n, ...changed },
  };
  const invariants = isChecked ? checks : [];
  const prg = new Prg(hash32Of('test/random', 'notes'));
  return { chain: mockRuntime(pallets, genesis, { host, invariants }), random: (n) => prg.next(n) };
}

/** A note of a round as its owner makes it. @param wraps whether the sum with the mask passes the modulus */
function noteOf(random: NotesChain['random'], amount: bigint, wraps: boolean, key = randomScalar(random)) {
  const [m, r] = [wraps ? T - 1n : 123n, randomScalar(random)];
  const z = (amount + m) % T;
  const note = mintNote(z, commit(m, r).toBytes(), times(J0, key).toBytes());
  return { note, secret: key, opening: openNote(note, z, m, r, T) };
}

export interface MintWish {
  readonly grains?: bigint;
  /** Of all notes, where they are to have one key. */
  readonly key?: bigint;
}

/** A round that pays these amounts of grains. */
export function mint({ chain, random }: NotesChain, amounts: readonly bigint[], wish: MintWish = {}): HeldNote[] {
  const { grains = GRAINS, key } = wish;
  const made = amounts.map((amount, i) => noteOf(random, amount, amount > 0n && i % 2 === 1, key));
  const units = amounts.reduce((sum, amount) => sum + amount, 0n) / grains;
  const minted = mintStrangers(
    chain,
    made.map(({ note }) => note),
    units,
    grains,
  );
  return made.map(({ secret, opening }, place) => ({
    class: minted.class,
    number: minted.first + place,
    secret,
    opening,
  }));
}

/** Notes of others. */
export function mintStrangers(chain: MockRuntime, minted: readonly Note[], units: bigint, grains = GRAINS) {
  return mintNotes(chain.ctx, { modulus: T, grains, notes: minted, units, from: payer });
}

/** Ends the block: bins that are due are closed. */
export function nextBlock({ chain }: NotesChain, blocks = 1): void {
  chain.runToBlock(chain.ctx.block + blocks);
}

export const account = (name: string): Uint8Array => hash32Of('test/account', name);

/** Claims of a note; fails the test if it is refused. @returns the change */
export function paid(test: NotesChain, held: HeldNote, wish: SpendWish): HeldNote[] {
  const { call, change } = spend(test.chain.ctx, held, wish, test.random);
  const outcome = test.chain.dispatch(Origin.none, call);
  if (outcome !== 'ok') throw new Error(`the claim of note ${held.number}: ${outcome}`);
  return change;
}
