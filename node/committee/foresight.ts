/**
 * Goes on with rounds that have closed without waiting for blocks (specification §6.7). On top of the finalized state it applies the posts that are known, from the pool or
 * from blocks, in the order of the steps, with the runtime's own code: what a step decodes to is unique, so every honest member comes to the same next step.
 */
import { option, u32 } from '../../primitives/scale/index.ts';
import { stepIndex } from '../../primitives/round/phases.ts';
import type { HeldCall } from '../../pallets/support/index.ts';
import { roundInfo, type TallyPost } from '../../pallets/tally/types.ts';
import type { Foreseen } from '../../runtime/index.ts';
import type { HexHash } from '../base/types.ts';

const infoCodec = option(roundInfo).codec;

/** What was said of one step of a round: a member's post, or a part of the direction. */
interface Said {
  readonly round: number;
  /** Where in the order of the steps it belongs. */
  readonly order: number;
  readonly extrinsic: Uint8Array;
}

/** What the present session has taken in. */
interface Session {
  readonly hash: HexHash;
  readonly foreseen: Foreseen;
  /** Names of what is applied, or refused for good. */
  readonly done: Set<string>;
}

export interface ForesightParts {
  /** The calls that an extrinsic makes. Throws for bytes that are none. */
  callsIn(extrinsic: Uint8Array): readonly HeldCall[];
  foresee(finalized: HexHash): Foreseen;
}

export class Foresight {
  readonly #parts: ForesightParts;
  /** By place: one post of each step and member, the first that came. */
  readonly #said = new Map<string, Said>();
  #session: Session | undefined;

  constructor(parts: ForesightParts) {
    this.#parts = parts;
  }

  /** Takes note of an extrinsic that the pool or a block has taken; true if it may bring a round forward. */
  note(extrinsic: Uint8Array): boolean {
    const [only, ...others] = this.#parts.callsIn(extrinsic);
    if (only === undefined || others.length > 0 || only.signer !== undefined) return false;
    const { tag, value } = only.call;
    if (tag !== 'Tally' || value.tag !== 'post') return false;
    const { round, attempt, member, body } = (value.value as { post: TallyPost }).post;
    const order = stepIndex(body.tag);
    if (attempt !== 0 || order < stepIndex('Reveal')) return false;
    const place = `${round}/${order}/${member}`;
    if (this.#said.has(place)) return false;
    this.#said.set(place, { round, order, extrinsic });
    return true;
  }

  /** Forgets what was said of rounds that are not under way in the finalized state. */
  keepOnly(live: readonly number[]): void {
    for (const [place, { round }] of this.#said) if (!live.includes(round)) this.#said.delete(place);
  }

  /**
   * The rounds of `closed`, whose close is final, as far as what was said brings them, encoded. Left out are those of which nothing was said, and those that would
   * fail: that is for blocks to say.
   */
  look(hash: HexHash, closed: readonly number[]): Uint8Array[] {
    const rounds = new Set(
      [...this.#said.values()].map(({ round }) => round).filter((round) => closed.includes(round)),
    );
    if (rounds.size === 0) return [];
    const session = this.#sessionAt(hash);
    this.#apply(session, rounds);
    return [...rounds].flatMap((round) => {
      const answer = session.foreseen.call('TallyApi_round', u32.codec.enc(round));
      const info = infoCodec.dec(answer);
      // An option that is there is one byte and its value.
      return info === undefined || info.round.failure !== undefined ? [] : [answer.slice(1)];
    });
  }

  #sessionAt(hash: HexHash): Session {
    if (this.#session?.hash !== hash) {
      this.#session = { hash, foreseen: this.#parts.foresee(hash), done: new Set() };
    }
    return this.#session;
  }

  /** Applies what can be applied: a step may make the next one's posts fit, so from the first step to the last. */
  #apply({ foreseen, done }: Session, rounds: ReadonlySet<number>): void {
    const waiting = [...this.#said]
      .filter(([place, { round }]) => rounds.has(round) && !done.has(place))
      .sort(([, a], [, b]) => a.order - b.order);
    for (const [place, { extrinsic }] of waiting) {
      const outcome = foreseen.apply(extrinsic);
      const isEarly =
        outcome !== 'ok' && outcome !== 'exhausted' && 'invalid' in outcome && outcome.invalid.tag === 'Future';
      if (!isEarly) done.add(place);
    }
  }
}
