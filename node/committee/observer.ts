/**
 * What a node outside the committee does with a round: it opens the revealed submissions, evaluates the scores on the ciphertexts itself and compares the hashes
 * with those the committee agreed on. A difference can only come from more than f corrupt members, or a broken machine; it is reported, never acted on.
 */
import type { PartInfo } from '../../pallets/tally/types.ts';
import { at } from '../../primitives/at.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { ciphertextOf } from '../../primitives/linear/member.ts';
import { type Evaluator, evaluateScores, type PartSource } from '../evaluation/evaluate.ts';
import { type RoundInfo, roundOpener, type SealedSource } from '../evaluation/payloads.ts';

export interface ObserverParts {
  readonly genesis: Uint8Array;
  readonly evaluator: (paramsId: string) => Evaluator;
  readonly sealed: SealedSource;
  /** Called once per round whose evaluations stand on the chain. */
  readonly onEvaluated: (round: number, agrees: boolean) => void;
  readonly onError: (error: unknown, duty: string) => void;
}

export class Observer {
  readonly #parts: ObserverParts;
  readonly #seen = new Set<number>();

  constructor(parts: ObserverParts) {
    this.#parts = parts;
  }

  /**
   * @param rounds those under way, and those that have ended since the last look
   * @param partOf what is public of a part of a round's updates
   */
  look(rounds: readonly RoundInfo[], partOf: (round: number, part: number) => PartInfo | undefined): void {
    for (const info of rounds) {
      const { round } = info.round;
      if (info.payout === undefined || this.#seen.has(round)) continue;
      this.#seen.add(round);
      try {
        this.#parts.onEvaluated(
          round,
          this.#agrees(info, info.payout, (part) => partOf(round, part)),
        );
      } catch (error) {
        this.#parts.onError(error, `evaluate/${round}`);
      }
    }
  }

  #agrees(info: RoundInfo, agreed: NonNullable<RoundInfo['payout']>, partOf: PartSource): boolean {
    const { genesis, evaluator, sealed } = this.#parts;
    const { open } = roundOpener(genesis, info, sealed);
    const ciphertexts = (index: number) => {
      const { submission } = open(index);
      return submission && ciphertextOf(submission);
    };
    const { scores } = evaluateScores(evaluator(info.round.paramsId), info, partOf, ciphertexts, ({ hash }) => hash);
    if (scores.length !== agreed.scores.length) return false;
    return scores.every((hash, i) => sameBytes(hash, at(agreed.scores, i)));
  }
}
