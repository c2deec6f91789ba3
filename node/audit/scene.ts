/** A round as the audit sees it at the end of a block. */
import type { FheParams, RoundContext } from '../../primitives/fhe/params.ts';
import type { Ciphertext } from '../../primitives/fhe/types.ts';
import type { OpenedSubmission } from '../../primitives/linear/member.ts';
import { TALLY_STEPS, type TallyStep } from '../../primitives/round/index.ts';
import type { PartSource } from '../evaluation/evaluate.ts';
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
  /** Whose items are, as they were enrolled, by account in hexadecimal. */
  readonly holders = new Map<string, Uint8Array>();
  /** Members named so far: `step/attempt/member`. */
  readonly named = new Set<string>();
  /** Of each submission, once the round is unsealed: the reason it is malformed (0: none), and its payload. */
  verdicts: Uint8Array | undefined;
  opened: readonly (OpenedSubmission | undefined)[] = [];
  /** What the audit itself evaluated. */
  scores: readonly { readonly ciphertext: Ciphertext; readonly hash: Uint8Array }[] = [];
  /** The phase that the round is in, and its attempt. */
  phase = { name: '', attempt: 0 };
  /** By `step/attempt`, how many posts blocks held when the step was over. */
  readonly #decided = new Map<string, number>();
  /** By `step/attempt`, in the order of blocks. */
  readonly #posts = new Map<string, Post<unknown>[]>();
  #heard: { readonly name: string; readonly count: number } | undefined;

  constructor(round: number) {
    this.round = round;
  }

  add(step: TallyStep, attempt: number, post: Post<unknown>): void {
    const name = `${step}/${attempt}`;
    this.#posts.set(name, [...(this.#posts.get(name) ?? []), post]);
  }

  /** The round leaves its phase for another, before so many of the posts of it that are filed. */
  pass(to: { readonly name: string; readonly attempt: number }, later: number): void {
    const name = `${this.phase.name}/${this.phase.attempt}`;
    this.#decided.set(name, (this.#posts.get(name)?.length ?? 0) - later);
    this.phase = to;
  }

  /** Posts of a step that came after it was over. */
  latePosts(step: TallyStep, attempt: number): number {
    const name = `${step}/${attempt}`;
    return (this.#posts.get(name)?.length ?? 0) - (this.#decided.get(name) ?? 0);
  }

  /** Runs `body` as if no post of a step had come after it was over. */
  async atDecision<T>(step: TallyStep, attempt: number, body: () => Promise<T>): Promise<T> {
    const name = `${step}/${attempt}`;
    this.#heard = { name, count: this.#decided.get(name) ?? 0 };
    try {
      return await body();
    } finally {
      this.#heard = undefined;
    }
  }

  /** The posts of a step, in the order of the members. */
  posts<S extends TallyStep>(step: S, attempt: number): readonly Post<BodyOf<S>>[] {
    const name = `${step}/${attempt}`;
    const count = this.#heard?.name === name ? this.#heard.count : undefined;
    const heard = (this.#posts.get(name) ?? []).slice(0, count);
    return heard.toSorted((a, b) => a.member - b.member) as Post<BodyOf<S>>[];
  }
}

/** How a part of the aggregate of a round is called. */
export const partName = (round: number, part: number): string => `${round}/${part}`;

export interface RoundScene {
  readonly book: CheckBook;
  readonly params: FheParams;
  readonly context: RoundContext;
  readonly file: RoundFile;
  /** Hash of what the audit itself decoded of the aggregate of each round, by {@link partName}. */
  readonly aggregates: Map<string, Uint8Array>;
  /** The round after the block, with all that belongs to it. */
  readonly info: RoundInfo;
  /** What the state after the block holds of each part of the updates. */
  readonly partOf: PartSource;
  readonly block: ReplayedBlock;
}

/** Whether a step of a round is over. */
export function isFinished({ round }: RoundInfo, step: TallyStep, attempt: number): boolean {
  const index = TALLY_STEPS.indexOf(step);
  return round.finished.some((known) => known.step === index && known.attempt === attempt);
}
