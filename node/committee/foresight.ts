/**
 * Goes on with rounds that have closed without waiting for blocks (specification §6.7). On top of the finalized state it applies the posts that are known, from the pool or
 * from blocks, in the order of the steps, with the runtime's own code: what a step decodes to is unique, so every honest member comes to the same next step.
 */
import { toHex } from '../../primitives/crypto/hex.ts';
import { decodeAll, u32 } from '../../primitives/scale/index.ts';
import { stepIndex } from '../../primitives/round/phases.ts';
import type { HeldCall } from '../../pallets/support/index.ts';
import type { ShownPart } from '../../pallets/tally/score.ts';
import { type RoundInfo, roundInfo, type TallyPost } from '../../pallets/tally/types.ts';
import type { Foreseen } from '../../runtime/index.ts';
import type { HexHash } from '../base/types.ts';
import { outlasts } from './outlasts.ts';

/** What was said of one step of a round: a member's post, or a part of the direction. */
interface Said {
  readonly round: number;
  /** Of a part of the direction, which. */
  readonly part: number | undefined;
  /** Of a post, which step and attempt. */
  readonly step: { readonly step: number; readonly attempt: number } | undefined;
  /** Where in the order of the steps it belongs. */
  readonly order: number;
  readonly extrinsic: Uint8Array;
}

/** The direction comes before the step that waits for it. */
const DIRECTION = stepIndex('Aggregate') - 0.5;

/** The requests of a step come one after the other. */
const placeInOrder = (step: number, attempt: number): number => step + attempt / 256;

/** Final blocks for which what was foreseen is kept: it stands on an old state, in which deadlines are others. */
const KEPT_BLOCKS = 16;

/** What the present session has taken in. */
interface Session {
  /** The final block that it was last found to fit. */
  hash: HexHash;
  /** Final blocks that have come since it began. */
  blocks: number;
  readonly foreseen: Foreseen;
  /** Names of what is applied, or refused for good. */
  readonly done: Set<string>;
  /** The steps of its rounds that were told last. */
  told?: string;
}

/** A live round whose close is final. */
export interface ClosedRound {
  /** As the final state has it. */
  readonly final: RoundInfo;
  /** Whether a direction that no final block holds yet counts. */
  readonly takesDirection: boolean;
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
    if (tag !== 'Tally') return false;
    if (value.tag === 'publishDirection') {
      const { round, part } = value.value as ShownPart;
      return this.#keep(`${round}/direction/${part}`, { round, part, step: undefined, order: DIRECTION, extrinsic });
    }
    if (value.tag !== 'post') return false;
    const { round, attempt, member, body } = (value.value as { post: TallyPost }).post;
    const step = stepIndex(body.tag);
    if (step < stepIndex('Reveal')) return false;
    const order = placeInOrder(step, attempt);
    return this.#keep(`${round}/${order}/${member}`, {
      round,
      part: undefined,
      step: { step, attempt },
      order,
      extrinsic,
    });
  }

  #keep(place: string, said: Said): boolean {
    if (this.#said.has(place)) return false;
    this.#said.set(place, said);
    return true;
  }

  /** Parts of a round's direction that were shown: who acts on them sees to it that a block holds them. */
  shown(round: number): { readonly part: number; readonly extrinsic: Uint8Array }[] {
    return [...this.#said.values()].flatMap((said) =>
      said.round === round && said.part !== undefined ? [{ part: said.part, extrinsic: said.extrinsic }] : [],
    );
  }

  /** Forgets what was said of rounds that are not under way in the finalized state. */
  keepOnly(live: readonly number[]): void {
    for (const [place, { round }] of this.#said) {
      if (live.includes(round)) continue;
      this.#said.delete(place);
      // what was foreseen rests on it
      this.#session = undefined;
    }
  }

  /** Forgets what final blocks have made something of: a round of many parts is opened from more posts than are to be held at once. */
  #forgetFinal({ final: { round, directions } }: ClosedRound): void {
    for (const [place, said] of this.#said) {
      if (said.round !== round.round) continue;
      const { part, step } = said;
      const isOver =
        step !== undefined && round.finished.some((one) => one.step === step.step && one.attempt === step.attempt);
      if (isOver || (part !== undefined && directions[part] === true)) this.#said.delete(place);
    }
  }

  /** Runtime APIs on what was foreseen last; undefined if nothing is. */
  get call(): Foreseen['call'] | undefined {
    const foreseen = this.#session?.foreseen;
    return foreseen && ((method, input) => foreseen.call(method, input));
  }

  /**
   * The rounds of `closed` as far as what was said brings them, encoded; of one that would fail there is nothing more to say until blocks do. Left out are those of
   * which nothing was said.
   */
  look(hash: HexHash, closed: readonly ClosedRound[]): Uint8Array[] {
    return this.#look(hash, closed, false) ?? [];
  }

  /**
   * {@link look}, if a round has come to another step since it was told of; undefined if none has. More posts of one step change nothing of what is to be done, and a round of a
   * thousand items is megabytes.
   */
  news(hash: HexHash, closed: readonly ClosedRound[]): Uint8Array[] | undefined {
    return this.#look(hash, closed, true);
  }

  #look(hash: HexHash, closed: readonly ClosedRound[], isNewsWanted: boolean): Uint8Array[] | undefined {
    for (const one of closed) this.#forgetFinal(one);
    const said = new Set([...this.#said.values()].map(({ round }) => round));
    const rounds = closed.filter(({ final }) => said.has(final.round.round));
    if (rounds.length === 0) {
      // The state of a block that is long past is not kept for it.
      this.#session = undefined;
      return [];
    }
    const session = this.#sessionAt(hash, rounds);
    this.#apply(session, rounds);
    const steps = rounds.map(({ final }) => stepOf(session, final.round.round)).join(' ');
    if (isNewsWanted && session.told === steps) return undefined;
    const answer = rounds.flatMap(({ final }) => foreseenOf(session, final.round.round) ?? []);
    session.told = steps;
    return answer;
  }

  /** The session goes on over new final blocks as long as they bring what it has: to judge all posts anew takes longer than a block. */
  #sessionAt(hash: HexHash, rounds: readonly ClosedRound[]): Session {
    const session = this.#session;
    if (session?.hash === hash) return session;
    if (session !== undefined && ++session.blocks <= KEPT_BLOCKS && rounds.every((one) => fits(session, one))) {
      session.hash = hash;
      return session;
    }
    this.#session = { hash, blocks: 0, foreseen: this.#parts.foresee(hash), done: new Set() };
    return this.#session;
  }

  /** Applies what can be applied: a step may make the next one's posts fit, so from the first step to the last. */
  #apply({ foreseen, done }: Session, rounds: readonly ClosedRound[]): void {
    const waiting = [...this.#said]
      .filter(([place, { round, part }]) => {
        const known = rounds.find(({ final }) => final.round.round === round);
        return known !== undefined && !done.has(place) && (part === undefined || known.takesDirection);
      })
      .sort(([, a], [, b]) => a.order - b.order);
    for (const [place, { extrinsic }] of waiting) {
      const outcome = foreseen.apply(extrinsic);
      const isEarly =
        outcome !== 'ok' && outcome !== 'exhausted' && 'invalid' in outcome && outcome.invalid.tag === 'Future';
      if (!isEarly) done.add(place);
    }
  }
}

/** The step that a round has come to: its number, and its status encoded. */
function stepOf({ foreseen }: Session, round: number): string {
  return `${round}:${toHex(foreseen.call('TallyApi_status', u32.codec.enc(round)))}`;
}

/** A round as far as a session has brought it, encoded. */
function foreseenOf({ foreseen }: Session, round: number): Uint8Array | undefined {
  const answer = foreseen.call('TallyApi_round', u32.codec.enc(round));
  // An option is one byte, and its value if it is there.
  return answer[0] === 0 ? undefined : answer.slice(1);
}

/** Whether a session still says what is to come of a round. */
function fits(session: Session, { final, takesDirection }: ClosedRound): boolean {
  const bytes = foreseenOf(session, final.round.round);
  if (bytes === undefined) return false;
  const foreseen = decodeAll(roundInfo, bytes);
  // A direction that counts no more, for there is no time for it, is waited for.
  const rests = foreseen.directions.some((isThere, part) => isThere && final.directions[part] === false);
  return (takesDirection || !rests) && outlasts(foreseen, final);
}
