/** What `tacit wallet claim` does: one claim at a time, by a plan that is kept beside the wallet. */
import { fromAddress, toAddress } from '../../../primitives/crypto/ss58.ts';
import { TacitError } from '../../../primitives/errors.ts';
import { tac } from '../../demo/report.ts';
import { CLAIM_FEE, claim, LEAST_CLAIM, type OwnNote, type Scan, scan } from '../../sdk/claim.ts';
import { openPlan, type Planned, planClaims, sealPlan } from '../../sdk/claim-plan.ts';
import type { Wallet } from '../../sdk/keys.ts';
import { files } from '../../sdk/node/files.ts';
import { random } from '../../sdk/ports.ts';
import { type OnChain, wholeNumber } from '../flags.ts';
import { followPlan } from './follow-plan.ts';
import { openChain } from './open-chain.ts';
import { openWallet } from './open-wallet.ts';
import { tellProblems } from './wallet.ts';
import { minutesOf, pauseUntil } from './waiting.ts';
import { whyNoNote } from './why-no-note.ts';

export interface ClaimFlags extends OnChain {
  readonly round?: string;
  readonly to?: string;
  readonly spread: string;
  readonly now?: boolean;
}

const SHOWN = 'A claim shows its whole amount; whose note it was stays hidden among the notes of its bin.';
const GOES_ON = 'Ctrl-C stops; the same command goes on with the plan';
const LINKED =
  'Claims that follow each other at once are seen to be one wallet’s: without --now they are spread in time.';

export async function claimNotes(flags: ClaimFlags): Promise<void> {
  const round = flags.round === undefined ? undefined : wholeNumber('--round', flags.round);
  const to = flags.to === undefined ? undefined : fromAddress(flags.to);
  const meanMs = flags.now ? 0 : minutesOf('--spread', flags.spread);
  const wallet = await openWallet(flags.wallet);
  const { found, genesis } = await scanAll(flags, wallet);
  tellProblems(found);
  const notes = round === undefined ? found.notes : found.notes.filter((note) => note.round === round);
  const open = claimable(notes);
  if (open.length === 0) return console.log(round === undefined ? nothingLeft(notes) : whyNoNote(found, round));
  if (to !== undefined && open.length > 1)
    throw new TacitError(
      'cli/linkable',
      `${open.length} claims to one account would link them: name a --round, or leave --to out`,
    );
  console.log(SHOWN);
  if (flags.now && open.length > 1) console.error(LINKED);
  const work = new Claims(flags, wallet, genesis, open, to);
  if (round !== undefined) return work.one(round);
  await work.run(planClaims(notes, await work.load(), { meanMs, now: Date.now(), random }), meanMs);
}

async function scanAll(flags: ClaimFlags, wallet: Wallet): Promise<{ found: Scan; genesis: Uint8Array }> {
  await using chain = await openChain(flags);
  return { found: await scan(chain, wallet), genesis: chain.genesis };
}

/** Those that can be claimed; of the others it is said why not. */
function claimable(notes: readonly OwnNote[]): OwnNote[] {
  const open = notes.filter(({ spent }) => !spent);
  for (const { round, amount } of open)
    if (amount < LEAST_CLAIM)
      console.error(`round ${round}: the note holds ${tac(amount)} TAC; a claim takes at least ${tac(LEAST_CLAIM)}`);
  return open.filter(({ amount }) => amount >= LEAST_CLAIM);
}

function nothingLeft(notes: readonly OwnNote[]): string {
  const spent = notes.filter((note) => note.spent).map((note) => note.round);
  if (spent.length === 0) return 'nothing to claim';
  return `nothing to claim: ${spent.length === 1 ? 'round' : 'rounds'} ${spent.join(', ')} already claimed`;
}

/** The claims of one wallet on one chain. */
class Claims {
  readonly #flags: ClaimFlags;
  readonly #wallet: Wallet;
  readonly #genesis: Uint8Array;
  readonly #notes: ReadonlyMap<number, OwnNote>;
  readonly #to: Uint8Array | undefined;
  readonly #file: string;

  constructor(flags: ClaimFlags, wallet: Wallet, genesis: Uint8Array, notes: readonly OwnNote[], to?: Uint8Array) {
    this.#flags = flags;
    this.#wallet = wallet;
    this.#genesis = genesis;
    this.#notes = new Map(notes.map((note) => [note.round, note]));
    this.#to = to;
    // beside the wallet's own file, which is never written again: what is not written cannot be lost
    this.#file = `${flags.wallet}.claims`;
  }

  async load(): Promise<Planned[]> {
    const text = await files.read(this.#file);
    return text === undefined ? [] : openPlan(this.#wallet, this.#genesis, text);
  }

  /** Makes the claims of a plan when they are due; what fails does not stop the others. */
  async run(plan: readonly Planned[], meanMs: number): Promise<void> {
    const failures = await followPlan(plan, {
      meanMs,
      random,
      now: Date.now,
      until: ({ round, due }) => pauseUntil(due, `the note of round ${round} is claimed`, GOES_ON),
      keep: (left) => files.replace(this.#file, sealPlan(this.#wallet, this.#genesis, left, random)),
      claim: (round) => this.one(round),
      failed: (round, error) => console.error(`round ${round}: ${error.message} (${error.code})`),
    });
    if (failures > 0)
      throw new TacitError(
        'cli/claims-failed',
        `${failures} of ${plan.length} claims failed; the same command tries them again`,
      );
  }

  /** A connection of its own for each: it shows no more than one claim. */
  async one(round: number): Promise<void> {
    const note = this.#notes.get(round) as OwnNote;
    const destination = this.#to ?? this.#wallet.freshAccount(this.#genesis, round).publicKey;
    await using chain = await openChain(this.#flags);
    await claim(chain, note, destination);
    console.log(`round ${round}: ${tac(note.amount - CLAIM_FEE)} TAC to ${toAddress(destination)}`);
  }
}
