/** A round as the audit sees it at the end of a block. */
import type { FheParams, RoundContext } from '../../primitives/fhe/params.ts';
import type { Ciphertext } from '../../primitives/fhe/types.ts';
import type { OpenedSubmission } from '../../primitives/proofs/unseal.ts';
import { TALLY_STEPS, type TallyStep } from '../../primitives/round/index.ts';
import type { RoundInfo } from '../evaluation/payloads.ts';
import type { CheckBook } from './book.ts';
import type { BodyOf, Post } from './judge.ts';
import type { ReplayedBlock } from './types.ts';

/** An item's public points above the base, and the factor of its counts. */
export interface StatedStanding {
  readonly standing: bigint;
  readonly factor: number;
}

/** What the audit remembers of a round from block to block. */
export class RoundFile {
  readonly round: number;
  /** Members passed over, by attempt of Keying. */
  readonly silent = new Map<number, readonly number[]>();
  /** Ephemeral and one-time keys seen, in hexadecimal. */
  readonly keys = new Set<string>();
  /** The rule as the round was made with it, encoded. */
  rule: Uint8Array | undefined;
  /** What items were given in public points and factors, by account in hexadecimal. */
  readonly standings = new Map<string, StatedStanding>();
  /** Members named so far: `step/attempt/member`. */
  readonly named = new Set<string>();
  /** Of each submission, once the round is unsealed: the reason it is malformed (0: none), and its payload. */
  verdicts: Uint8Array | undefined;
  opened: readonly (OpenedSubmission | undefined)[] = [];
  /** What the audit itself evaluated. */
  scores: readonly { readonly ciphertext: Ciphertext; readonly hash: Uint8Array }[] = [];
  readonly #posts = new Map<string, Post<unknown>[]>();

  constructor(round: number) {
    this.round = round;
  }

  add(step: TallyStep, attempt: number, post: Post<unknown>): void {
    const name = `${step}/${attempt}`;
    const posts = this.#posts.get(name) ?? [];
    posts.push(post);
    this.#posts.set(
      name,
      posts.sort((a, b) => a.member - b.member),
    );
  }

  /** All posts of a step so far, in the order of the members. */
  posts<S extends TallyStep>(step: S, attempt: number): readonly Post<BodyOf<S>>[] {
    return (this.#posts.get(`${step}/${attempt}`) ?? []) as Post<BodyOf<S>>[];
  }
}

export interface RoundScene {
  readonly book: CheckBook;
  readonly params: FheParams;
  readonly context: RoundContext;
  readonly file: RoundFile;
  /** The round after the block, with all that belongs to it. */
  readonly info: RoundInfo;
  readonly block: ReplayedBlock;
}

/** Whether a step of a round is over. */
export function isFinished({ round }: RoundInfo, step: TallyStep, attempt: number): boolean {
  const index = TALLY_STEPS.indexOf(step);
  return round.finished.some((known) => known.step === index && known.attempt === attempt);
}
