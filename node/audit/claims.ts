/**
 * Check 13: bins follow from the list of notes that the audit keeps itself; every claim is proved against one of them, spends a fresh tag, and takes no more of
 * its class than rounds have brought in; the escrow holds the rest (§12).
 */
import { toHex } from '../../primitives/crypto/hex.ts';
import { isTacitError } from '../../primitives/errors.ts';
import { tagOfHiddenClaim } from '../../primitives/proofs/hidden-check.ts';
import type { HiddenTerms } from '../../primitives/proofs/hidden-claim.ts';
import { hiddenClaimTask } from '../../primitives/proofs/hidden-task.ts';
import type { Note } from '../../primitives/proofs/notes.ts';
import { freeOf } from '../../pallets/balances/index.ts';
import {
  CHUNK_CLAIMS,
  CHUNK_NOTES,
  CLAIM_FEE,
  type ClaimRecord,
  type MintedNotes,
  notes,
  NOTES_ESCROW,
} from '../../pallets/notes/index.ts';
import { parameter } from '../../pallets/parameters/index.ts';
import type { Host } from '../base/runtime.ts';
import { CHECK, type CheckBook } from './book.ts';
import { type AuditedBin, type AuditedClass, AuditedNotes } from './notes.ts';
import type { ReplayedBlock } from './types.ts';

interface Claim {
  readonly class: number;
  readonly bin: number;
  readonly amount: bigint;
  readonly outputs: readonly Note[];
  readonly destination: Uint8Array;
  readonly proof: Uint8Array;
}

/** What a round pays, as the audit worked it out, and where the state says that it stands. */
export interface AuditedMint {
  readonly round: number;
  readonly modulus: bigint;
  readonly grains: bigint;
  readonly notes: readonly Note[];
  readonly units: bigint;
  readonly stated: MintedNotes;
}

/** Notes that were added in a block, to be found in the state. */
interface Added {
  readonly id: number;
  readonly first: number;
  readonly notes: readonly Note[];
  /** Check and name of what they are. */
  readonly check: typeof CHECK.notes | typeof CHECK.claims;
  readonly what: string;
}

export class ClaimsAudit {
  readonly #book: CheckBook;
  readonly #host: Host;
  readonly #own: AuditedNotes;
  readonly #tags = new Set<string>();
  #claims = 0;
  #mints: AuditedMint[] = [];
  #added: Added[] = [];
  #records: ClaimRecord[] = [];

  constructor(genesis: Uint8Array, book: CheckBook, host: Host) {
    this.#own = new AuditedNotes(genesis);
    this.#book = book;
    this.#host = host;
  }

  /** A round that pays at the end of this block. */
  minted(mint: AuditedMint): void {
    this.#mints.push(mint);
  }

  /** Claims are judged before the rounds of the same block, which pay at its end. */
  block(block: ReplayedBlock): void {
    [this.#mints, this.#added, this.#records] = [[], [], []];
    for (const { call, extrinsic, signer } of block.calls) {
      if (signer !== undefined || call.tag !== 'Notes' || call.value.tag !== 'claim') continue;
      this.#claim(call.value.value as Claim, block.number, extrinsic);
    }
  }

  /** After the rounds: what they pay is added, bins are closed, and all of it is compared with the state. */
  end(block: ReplayedBlock): void {
    const { number, after } = block;
    for (const mint of this.#mints.toSorted(byPlace)) this.#mint(mint, number);
    const [least, wait, patience] = (['BinLeast', 'BinWait', 'BinPatience'] as const).map((name) =>
      Number(parameter(after, name)),
    ) as [number, number, number];
    const closed = this.#own.end(number, { least, wait, patience });
    for (const added of this.#added) this.#compareNotes(added, block);
    for (const { id, bin } of closed) this.#compareBin(id, bin, block);
    this.#compareClaims(block);
    this.#compareClasses(block);
  }

  #mint({ round, modulus, grains, notes: minted, units, stated }: AuditedMint, number: number): void {
    const id = this.#own.classOf(modulus, grains);
    const first = this.#own.add(id, minted, number, units);
    this.#book.same(CHECK.notes, `class of the notes of round ${round}`, id, stated.class);
    this.#book.same(CHECK.notes, `number of the first note of round ${round}`, first, stated.first);
    this.#added.push({ id, first, notes: minted, check: CHECK.notes, what: `of round ${round}` });
  }

  #claim(claim: Claim, number: number, extrinsic: number): void {
    const { class: id, bin: index, amount, outputs, destination, proof } = claim;
    const name = `bin ${index} of class ${id}`;
    const known = this.#own.classes[id];
    const bin = known?.bins[index];
    if (known === undefined || bin === undefined) {
      this.#book.expect(CHECK.claims, false, `claim on ${name}, which is not closed`, extrinsic);
      return;
    }
    const terms = { amount, fee: CLAIM_FEE, destination, outputs };
    const tag = this.#judge({ known, bin, terms, proof, name, extrinsic });
    known.paid += amount;
    const book = this.#book;
    book.expect(CHECK.claims, known.paid <= known.brought, `class ${id} pays more than was brought in`, extrinsic);
    const first = this.#own.add(id, outputs, number);
    this.#added.push({ id, first, notes: outputs, check: CHECK.claims, what: `of claim ${this.#claims}` });
    this.#claims++;
    const { fee } = terms;
    this.#records.push({ class: id, bin: index, tag, amount, fee, destination, first, outputs: outputs.length });
  }

  /** @returns the tag */
  #judge({ known, bin, terms, proof, name, extrinsic }: Judged): Uint8Array {
    const book = this.#book;
    book.expect(
      CHECK.claims,
      terms.amount <= bin.largest,
      `a claim on ${name} is above its largest amount, ${bin.largest}`,
      extrinsic,
    );
    const holds = this.#host.verify({ kind: 'hidden-claim', parts: hiddenClaimTask(bin.bytes, terms, proof) });
    book.expect(CHECK.claims, holds, `proof of a claim on ${name}`, extrinsic);
    try {
      const tag = tagOfHiddenClaim({ bin, terms, proof });
      book.expect(CHECK.claims, !this.#tags.has(toHex(tag)), `tag ${toHex(tag)} is spent twice`, extrinsic);
      this.#tags.add(toHex(tag));
      return tag;
    } catch (error) {
      if (!isTacitError(error)) throw error;
      book.expect(
        CHECK.claims,
        false,
        `tag of a claim in class of ${known.grains} grains: ${error.message}`,
        extrinsic,
      );
      return proof.slice(0, 32);
    }
  }

  #compareNotes({ id, first, notes: added, check, what }: Added, { after }: ReplayedBlock): void {
    const { store } = notes.use(after);
    for (const [i, { key, commitment }] of added.entries()) {
      const number = first + i;
      const found = store.notes.get(id, Math.floor(number / CHUNK_NOTES))[number % CHUNK_NOTES];
      this.#book.same(check, `key of note ${i} ${what}`, key, found?.key);
      this.#book.same(check, `commitment of note ${i} ${what}`, commitment, found?.commitment);
    }
  }

  #compareBin(id: number, bin: AuditedBin, { after, number }: ReplayedBlock): void {
    const found = notes.use(after).store.bins.get(id, bin.index);
    const name = `bin ${bin.index} of class ${id}`;
    for (const fact of ['first', 'count', 'digits', 'largest', 'root'] as const) {
      this.#book.same(CHECK.claims, `${fact} of ${name}`, bin[fact], found?.[fact]);
    }
    this.#book.same(CHECK.claims, `block in which ${name} was closed`, number, found?.closedAt);
  }

  /** The list of claims, and their tags. */
  #compareClaims({ after }: ReplayedBlock): void {
    const { store } = notes.use(after);
    const book = this.#book;
    const first = this.#claims - this.#records.length;
    for (const [i, record] of this.#records.entries()) {
      const number = first + i;
      const found = store.claims.get(Math.floor(number / CHUNK_CLAIMS))[number % CHUNK_CLAIMS];
      for (const fact of Object.keys(record) as (keyof ClaimRecord)[]) {
        book.same(CHECK.claims, `${fact} of claim ${number}`, record[fact], found?.[fact]);
      }
      book.expect(CHECK.claims, store.tags.has(record.tag), `the tag of claim ${number} is not marked as spent`);
    }
    book.same(CHECK.claims, 'number of claims', this.#claims, store.claimCount.get());
  }

  #compareClasses({ after }: ReplayedBlock): void {
    const book = this.#book;
    const found = notes.use(after).store.classes.get();
    book.same(CHECK.claims, 'number of classes', this.#own.classes.length, found.length);
    let held = 0n;
    for (const [id, own] of this.#own.classes.entries()) {
      const { modulus, grains, brought, paid } = own;
      const expected = { modulus, grains, notes: own.notes.length, bins: own.bins.length, brought, paid };
      for (const fact of Object.keys(expected) as (keyof typeof expected)[]) {
        book.same(CHECK.claims, `${fact} of class ${id}`, expected[fact], found[id]?.[fact]);
      }
      held += brought - paid;
    }
    const escrow = freeOf(after, NOTES_ESCROW);
    book.expect(CHECK.claims, escrow >= held, `the escrow of notes has ${escrow} units, ${held} are hidden in notes`);
  }
}

interface Judged {
  readonly known: AuditedClass;
  readonly bin: AuditedBin;
  readonly terms: HiddenTerms;
  readonly proof: Uint8Array;
  readonly name: string;
  readonly extrinsic: number;
}

/** Where several rounds pay in one block the state says in what order: each must stand right behind the other. */
function byPlace({ stated: a }: AuditedMint, { stated: b }: AuditedMint): number {
  return a.class - b.class || a.first - b.first;
}
