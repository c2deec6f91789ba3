/** The audit's checks, what they found, and where. */
import { toHex } from '../../primitives/crypto/hex.ts';
import type { HexHash } from '../base/types.ts';

export const CHECK = {
  headers: 1,
  seals: 2,
  justifications: 3,
  execution: 4,
  setup: 5,
  roundKeys: 6,
  sealed: 7,
  form: 8,
  openings: 9,
  evaluation: 10,
  scores: 11,
  notes: 12,
  claims: 13,
  money: 14,
  state: 15,
} as const;
export type CheckId = (typeof CHECK)[keyof typeof CHECK];

/** Numbers, names and the sections of the protocol that they hold the chain to. */
export const CHECKS: readonly { readonly id: CheckId; readonly name: string; readonly section: string }[] = [
  { id: CHECK.headers, name: 'Headers form one chain from genesis, bodies belong to them', section: 'architecture' },
  { id: CHECK.seals, name: 'Every block is sealed by the author of its slot', section: 'architecture' },
  { id: CHECK.justifications, name: 'GRANDPA justifications prove the finalized head', section: 'architecture' },
  { id: CHECK.execution, name: 'Re-execution gives every state root and the stored state', section: 'architecture' },
  { id: CHECK.setup, name: 'Set-up of the terms: deals, digests, restarts', section: '§2' },
  { id: CHECK.roundKeys, name: 'Round keys: sums, box keys, check, test encryption', section: '§3' },
  { id: CHECK.sealed, name: 'Sealed submissions and enrolments: proofs, fresh keys, beacon', section: '§4' },
  { id: CHECK.form, name: 'Every ciphertext opened and its form judged', section: '§5' },
  { id: CHECK.openings, name: 'Code check of every opening, liars named', section: '§6' },
  { id: CHECK.evaluation, name: 'Homomorphic evaluations recomputed', section: '§6, §9' },
  { id: CHECK.scores, name: 'Scores: weights, committed direction, rate, dust', section: '§7, §9' },
  { id: CHECK.notes, name: 'Payout vector and notes', section: '§7' },
  { id: CHECK.claims, name: 'Bins and claims: roots, proofs, tags, escrow', section: '§12' },
  { id: CHECK.money, name: 'Money is conserved in every block, deposits and escrows backed', section: 'architecture' },
  { id: CHECK.state, name: 'What pallets say of their state holds', section: 'architecture' },
];

/** What was found wrong, and where. */
export interface Failure {
  readonly block?: number;
  readonly hash?: HexHash;
  /** Place in the block's body. */
  readonly extrinsic?: number;
  readonly what: string;
  readonly expected?: string;
  readonly found?: string;
}

export interface CheckReport {
  readonly id: CheckId;
  readonly name: string;
  readonly section: string;
  /** Whether the check was carried out on the whole chain and found nothing. */
  readonly ok: boolean;
  /** Things looked at: headers, posts, shares, proofs, ... */
  readonly checked: number;
  /** The first failure. Absent in a check that is not `ok` because the replay stopped before the end. */
  readonly failure?: Failure;
}

export type Fact = Uint8Array | bigint | number | boolean | string | undefined;
/** Hashes and keys in full, longer byte strings by their beginning. */
const SHOWN_BYTES = 48;

function show(fact: Fact): string {
  if (fact === undefined) return 'nothing';
  if (!(fact instanceof Uint8Array)) return String(fact);
  if (fact.length <= SHOWN_BYTES) return toHex(fact);
  return `${toHex(fact.subarray(0, SHOWN_BYTES))}... (${fact.length} bytes)`;
}

function isSame(a: Fact, b: Fact): boolean {
  return a instanceof Uint8Array && b instanceof Uint8Array ? Buffer.compare(a, b) === 0 : a === b;
}

export type Place = Pick<Failure, 'block' | 'hash'>;

/** Where the checks write what they found; keeps counts and the first failure of each. */
export class CheckBook {
  readonly #checked = new Map<CheckId, number>();
  readonly #failures = new Map<CheckId, Failure>();
  #place: Place = {};

  /** All that follows is about this block. */
  at(place: Place): void {
    this.#place = place;
  }

  passed(check: CheckId, count = 1): void {
    this.#checked.set(check, (this.#checked.get(check) ?? 0) + count);
  }

  failed(check: CheckId, what: string, more: Omit<Failure, 'what'> = {}): void {
    if (!this.#failures.has(check)) this.#failures.set(check, { ...this.#place, what, ...more });
  }

  /** One thing that must hold. @param extrinsic its place in the body, if it has one */
  expect(check: CheckId, holds: boolean, what: string, extrinsic?: number): boolean {
    this.passed(check);
    if (!holds) this.failed(check, what, extrinsic === undefined ? {} : { extrinsic });
    return holds;
  }

  /** One value that must be another. */
  same(check: CheckId, what: string, expected: Fact, found: Fact, extrinsic?: number): boolean {
    this.passed(check);
    const same = isSame(expected, found);
    if (!same) {
      const facts = { expected: show(expected), found: show(found) };
      this.failed(check, what, extrinsic === undefined ? facts : { ...facts, extrinsic });
    }
    return same;
  }

  hasFailed(check: CheckId): boolean {
    return this.#failures.has(check);
  }

  /** @param complete whether the whole chain was replayed: a check that saw only a part of it is not `ok` */
  report(complete: boolean): CheckReport[] {
    return CHECKS.map(({ id, name, section }) => {
      const failure = this.#failures.get(id);
      const ok = complete && failure === undefined;
      return { id, name, section, ok, checked: this.#checked.get(id) ?? 0, ...(failure && { failure }) };
    });
  }
}
