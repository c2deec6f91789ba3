/** Lists of notes over many blocks, the bins that are closed in them, and claims on them (§12.10), by the pallet itself. */
import { appendNotes } from '../../../pallets/notes/bins.ts';
import { notes } from '../../../pallets/notes/index.ts';
import { genesisHash } from '../../../pallets/system/index.ts';
import type { Note } from '../../../primitives/proofs/notes.ts';
import { present } from '../../../primitives/at.ts';
import { Origin } from '../../../pallets/support/index.ts';
import { type ClaimArgs, REFUSED, validateClaim } from '../../../pallets/notes/claims.ts';
import { GRAINS, mint, mintStrangers, type NotesChain, notesChain, T } from '../../pallets/notes/support.ts';
import { type HeldNote, spend } from '../../support/spend.ts';
import { type Case, type Datum, flipped, good, randomOf, type Vectors } from './cases.ts';

const random = randomOf('bins');
/** Bins are closed without their points being looked at. */
const notesOf = (count: number): Note[] =>
  Array.from({ length: count }, () => ({ key: random(32), commitment: random(32) }));

/** What is added in a block: notes of a round, which brings in `units`, or of change. */
interface Added {
  readonly grains: bigint;
  readonly units?: bigint;
  readonly count: number;
}
interface Limits {
  readonly least: bigint;
  readonly wait: bigint;
  readonly patience: bigint;
}

/** Makes the claims of a block out of the bins that are closed by then. */
type Claims = (test: NotesChain) => readonly ClaimArgs[];

interface Plan {
  readonly added?: Readonly<Record<number, readonly Added[]>>;
  /** Notes of rounds whose secrets are known, in grains, by block. */
  readonly owned?: Readonly<Record<number, readonly bigint[]>>;
  readonly claims?: Readonly<Record<number, Claims>>;
}

/** Plays blocks on the pallet; their numbers in a plan count from the one in which the chain begins. */
function binCase(name: string, { least, wait, patience }: Limits, plan: Plan, last: number): Case {
  const test = notesChain({ BinLeast: least, BinWait: wait, BinPatience: patience }, undefined, false);
  const { chain } = test;
  const begin = chain.ctx.block;
  const blocks: Datum[] = [];
  const outcomes: Datum[] = [];
  for (let number = begin; number <= begin + last; number++) {
    const at = number - begin;
    const added = [...ownedIn(test, plan.owned?.[at]), ...(plan.added?.[at] ?? []).map((one) => addedIn(chain, one))];
    const claims = (plan.claims?.[at]?.(test) ?? []).map((args): Datum => {
      outcomes.push(claimed(chain, args));
      const { outputs, ...rest } = args;
      return { ...rest, outputs: outputs.map(({ key, commitment }) => [key, commitment]) };
    });
    blocks.push({ number, added, claims });
    chain.runToBlock(number + 1);
  }
  const given = { genesis: genesisHash(chain.ctx), modulus: T, least, wait, patience, blocks };
  const sums = notes.use(chain.ctx).store.classes.get();
  return good('chainOfBins', name, given, {
    bins: closedIn(chain),
    claims: outcomes,
    sums: sums.map(({ brought, paid }) => ({ brought, paid })),
  });
}

const shown = (made: readonly Note[]): Datum => made.map(({ key, commitment }) => [key, commitment]);

function addedIn(chain: Chain, { grains, units, count }: Added): Datum {
  const made = notesOf(count);
  if (units !== undefined) mintStrangers(chain, made, units, grains);
  else appendNotes(notes.use(chain.ctx), classOf(chain, grains), made);
  return { grains, units: units ?? null, notes: shown(made) };
}

/** What is known of the notes that {@link ownedIn} has minted on a chain. */
const held = new WeakMap<Chain, HeldNote[]>();
const heldOn = ({ chain }: NotesChain): HeldNote[] => held.get(chain) ?? [];

function ownedIn(test: NotesChain, amounts: readonly bigint[] | undefined): Datum[] {
  if (amounts === undefined) return [];
  const made = mint(test, amounts);
  held.set(test.chain, [...heldOn(test), ...made]);
  const { store } = notes.use(test.chain.ctx);
  const listed = made.map(({ class: id, number }) => store.notes.get(id, Math.floor(number / 64))[number % 64]!);
  const units = amounts.reduce((sum, amount) => sum + amount, 0n) / GRAINS;
  return [{ grains: GRAINS, units, notes: shown(listed) }];
}

/** What becomes of a claim: whether it was paid, or why it was refused. */
function claimed(chain: Chain, args: ClaimArgs): Datum {
  const verdict = validateClaim(notes.use(chain.ctx), args);
  if ('invalid' in verdict) {
    const { tag, value } = verdict.invalid as { tag: string; value?: number };
    return { refused: Object.entries(REFUSED).find(([, code]) => code === value)?.[0] ?? tag };
  }
  const outcome = chain.dispatch(Origin.none, notes.call.claim(args));
  if (outcome !== 'ok') throw new Error(`a claim that holds: ${outcome}`);
  return 'paid';
}

type Chain = NotesChain['chain'];

function classOf(chain: Chain, grains: bigint): number {
  const known = notes.use(chain.ctx).store.classes.get();
  return known.findIndex((one) => one.grains === grains);
}

/** Every bin of every class, in the order in which they were closed: by the events. */
function closedIn(chain: Chain): Datum {
  const { store } = notes.use(chain.ctx);
  const all = store.classes
    .get()
    .flatMap(({ bins }, id) =>
      Array.from({ length: bins }, (_, bin) => ({ class: id, bin, ...present(store.bins.get(id, bin), 'a bin') })),
    );
  return all.toSorted((a, b) => a.closedAt - b.closedAt || a.class - b.class || a.bin - b.bin);
}

export function binVectors(): Vectors {
  const quick: Limits = { least: 3n, wait: 4n, patience: 9n };
  const round = (count: number, units: bigint, grains = 16n): Added => ({ count, units, grains });
  const change = (count: number, grains = 16n): Added => ({ count, grains });
  return {
    spec: ['§12.1', '§12.10'],
    cases: [
      binCase('enough notes after their wait', quick, { added: { 0: [round(3, 90_000n)] } }, 6),
      binCase('too few until patience ends', quick, { added: { 0: [round(2, 500_000n)] } }, 10),
      binCase(
        'the wait counts from the first note',
        quick,
        { added: { 0: [round(1, 1n)], 3: [round(2, 7_000_000n)] } },
        8,
      ),
      binCase(
        'rounds and change in one bin',
        quick,
        { added: { 0: [round(2, 400_001n), change(3)], 1: [change(1)] } },
        6,
      ),
      binCase('a bin of change alone', quick, { added: { 0: [round(3, 3_000_000n)], 5: [change(4)] } }, 12),
      binCase(
        'three classes at once: two are closed in a block',
        { least: 1n, wait: 1n, patience: 9n },
        { added: { 0: [round(1, 50_000n), round(1, 60_000n, 256n)], 1: [round(2, 90_000n, 1n)] } },
        5,
      ),
      binCase('nothing', quick, {}, 3),
      binCase(
        'a round that fills a bin and begins another',
        { least: 64n, wait: 3n, patience: 5n },
        { added: { 0: [round(1_020, 40_000_000n)], 1: [round(7, 1_000_003n)] } },
        9,
      ),
      binCase('claims on notes of two rounds, and on their change', ACROSS, across(), 8),
    ],
  };
}

const ACROSS: Limits = { least: 4n, wait: 1n, patience: 3n };

/** Two rounds stand in one bin; what claims on it leave stands in the next one, and is claimed there. */
function across(): Plan {
  const wish = (amount: bigint, split?: bigint) => ({
    amount,
    destination: random(32),
    ...(split === undefined ? {} : { split }),
  });
  const made = (test: NotesChain, note: HeldNote, amount: bigint, split?: bigint) =>
    spend(test.chain.ctx, note, wish(amount, split), random);
  let left: HeldNote[] = [];
  let first: ClaimArgs | undefined;
  return {
    owned: { 0: [GRAINS * 900_000n, GRAINS * 700_000n + 3n], 1: [GRAINS * 400_000n, GRAINS * 300_000n] },
    claims: {
      3(test) {
        const [a, b, c] = heldOn(test) as [HeldNote, HeldNote, HeldNote];
        const [one, other, small] = [made(test, a, 500_000n, 4_000n), made(test, b, 200_000n), made(test, c, 20_000n)];
        left = [...one.change, ...other.change];
        first = one.args;
        return [
          one.args,
          other.args,
          { ...small.args, amount: 50_000n },
          { ...small.args, bin: 1 },
          { ...small.args, class: 1 },
          { ...small.args, proof: small.args.proof.slice(1) },
          { ...small.args, outputs: [] },
          { ...small.args, amount: 10_000n },
          { ...small.args, amount: 1_000_000n },
          { ...small.args, destination: flipped(small.args.destination, 0) },
          one.args,
          made(test, a, 20_000n).args,
        ];
      },
      8(test) {
        const [, second] = left as [HeldNote, HeldNote];
        const paid = made(test, second, 100_000n).args;
        return [paid, { ...paid, bin: 0 }, first as ClaimArgs];
      },
    },
  };
}
