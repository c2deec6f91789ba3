/** Follows every tally round through the blocks, and has each of its steps checked when it ends. */
import { at } from '../../primitives/at.ts';
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { fheParams } from '../../primitives/fhe/params.ts';
import { decodeAll, option, u32 } from '../../primitives/scale/index.ts';
import { roundContext, TALLY_STEPS, type TallyStep } from '../../primitives/round/index.ts';
import type { Offence, OffenceKind } from '../../pallets/committee/index.ts';
import { openedPart, roundInfo, tally, tallyBody, type TallyPost } from '../../pallets/tally/index.ts';
import { stepFor } from '../../pallets/tally/steps/index.ts';
import type { Runtime } from '../../runtime/index.ts';
import type { Host } from '../base/runtime.ts';
import type { Evaluator } from '../evaluation/evaluate.ts';
import { type RoundInfo } from '../evaluation/payloads.ts';
import { CHECK, type CheckBook } from './book.ts';
import { carriedOut } from './carry-out.ts';
import type { ClaimsAudit } from './claims.ts';
import { isFinished, RoundFile, type RoundScene, type StatedStanding } from './scene.ts';
import { checkEnrolment, checkReveal, checkSubmission, SealedShelf, unseal } from './sealed.ts';
import { checkPast, keepHolder } from './novelty.ts';
import { checkPublic, keepRule, keepStanding } from './standing.ts';
import { judgeStep, type Verdict } from './steps.ts';
import type { ReplayedBlock } from './types.ts';

export interface RoundsParts {
  readonly runtime: Runtime;
  readonly genesis: Uint8Array;
  readonly host: Host;
  readonly book: CheckBook;
  readonly shelf: SealedShelf;
  readonly claims: ClaimsAudit;
  /** SEAL for a parameter set. */
  readonly evaluator: (paramsId: string) => Promise<Evaluator>;
}

interface Touched {
  readonly step: TallyStep;
  readonly attempt: number;
}

type Place = Touched & { readonly round: number };
type PostedEvent = { readonly round: number; readonly step: number; readonly attempt: number };

const placeName = ({ round, step, attempt }: PostedEvent): string => `${round}/${TALLY_STEPS[step]}/${attempt}`;

const isSamePlace = (a: Place, b: Place): boolean =>
  a.round === b.round && a.step === b.step && a.attempt === b.attempt;

export class RoundsAudit {
  readonly #parts: RoundsParts;
  readonly #files = new Map<number, RoundFile>();
  readonly #aggregates = new Map<string, Uint8Array>();
  /** Steps with posts that wait for the end of a block to be judged: that is done one step a block. */
  #waiting: Place[] = [];
  /** Rounds that have passed into another phase in this block. */
  readonly #passed = new Set<number>();

  constructor(parts: RoundsParts) {
    this.#parts = parts;
  }

  /** @param offences named in rounds, in this block */
  async block(block: ReplayedBlock, offences: readonly Offence[]): Promise<void> {
    this.#collect(block);
    this.#pass(block);
    const touched = this.#judged(block);
    const scenes = new Map<number, RoundScene>();
    const scene = (round: number): RoundScene => {
      const known = scenes.get(round) ?? this.#scene(round, block);
      scenes.set(round, known);
      return known;
    };
    const what = 'what contributors did cannot be judged';
    await carriedOut(this.#parts.book, CHECK.sealed, what, () => this.#follow(block, scene));
    for (const round of this.#passed) if (!touched.has(round)) touched.set(round, []);
    for (const [round, steps] of touched) await this.#judge(scene(round), steps, offences);
    const heard = offences.filter(({ round }) => !touched.has(round!));
    this.#parts.book.expect(CHECK.openings, heard.length === 0, 'a member is named without a post of its own');
    this.#close(block);
  }

  #scene(round: number, block: ReplayedBlock): RoundScene {
    const { runtime, genesis, host, book } = this.#parts;
    const answer = runtime.call(block.state, block.hash, 'TallyApi_round', u32.codec.enc(round), host);
    const info = decodeAll(option(roundInfo), answer) as RoundInfo;
    const params = fheParams(info.round.paramsId);
    const context = roundContext(genesis, info.round);
    const partOf = (part: number) => openedPart(block.after, round, part);
    return { book, params, context, file: this.#file(round), aggregates: this.#aggregates, info, partOf, block };
  }

  #file(round: number): RoundFile {
    const file = this.#files.get(round) ?? new RoundFile(round);
    this.#files.set(round, file);
    return file;
  }

  /** Files the committee's posts of the block. */
  #collect({ calls }: ReplayedBlock): void {
    for (const { call, signer } of calls) {
      if (signer !== undefined || call.tag !== 'Tally' || call.value.tag !== 'post') continue;
      const { post } = call.value.value as { post: TallyPost };
      const step = post.body.tag;
      this.#file(post.round).add(step, post.attempt, { member: post.member, body: post.body.value });
      const place = { round: post.round, step, attempt: post.attempt };
      if (!this.#waiting.some((known) => isSamePlace(known, place))) this.#waiting.push(place);
    }
  }

  /** Notes which phases rounds passed through, and with which of the posts of this block. */
  #pass({ events }: ReplayedBlock): void {
    this.#passed.clear();
    const later = new Map<string, number>();
    for (const { pallet, name, data } of events.toReversed()) {
      if (pallet !== 'Tally' || name !== 'Posted') continue;
      const place = placeName(data as PostedEvent);
      later.set(place, (later.get(place) ?? 0) + 1);
    }
    for (const { pallet, name, data } of events) {
      if (pallet !== 'Tally') continue;
      const { round } = data as { round: number };
      if (name === 'Posted') {
        const place = placeName(data as PostedEvent);
        later.set(place, later.get(place)! - 1);
      } else if (name === 'PhaseBegan') {
        const { phase, attempt } = data as { phase: { tag: string }; attempt: number };
        const file = this.#file(round);
        const ended = `${round}/${file.phase.name}/${file.phase.attempt}`;
        file.pass({ name: phase.tag, attempt }, later.get(ended) ?? 0);
        this.#passed.add(round);
      }
    }
  }

  /** The steps that the chain has judged, or dismissed, in this block: those that do not wait in its queue any more. */
  #judged({ after }: ReplayedBlock): Map<number, Touched[]> {
    if (this.#waiting.length === 0) return new Map();
    const queue = tally.use(after).store.touched.get();
    const isQueued = (place: Place): boolean =>
      queue.some(({ round, step, attempt }) => isSamePlace(place, { round, step: at(TALLY_STEPS, step), attempt }));
    const done = this.#waiting.filter((place) => !isQueued(place));
    this.#waiting = this.#waiting.filter(isQueued);
    return Map.groupBy(done, ({ round }) => round);
  }

  /** What contributors and phases did. */
  async #follow(block: ReplayedBlock, scene: (round: number) => RoundScene): Promise<void> {
    const { host, shelf } = this.#parts;
    const sealed = shelf.take(block.calls);
    for (const { pallet, name, data } of block.events) {
      if (pallet !== 'Tally' && pallet !== 'Royalty') continue;
      const { round } = data as { round: number };
      if (name === 'PhaseBegan' && (data as { phase: { tag: string } }).phase.tag === 'Keying') {
        const { attempt } = data as { attempt: number };
        this.#file(round).silent.set(attempt, scene(round).info.round.silent);
      } else if (name === 'Submitted') {
        const { id } = data as { id: Uint8Array };
        const { info } = scene(round);
        const submission = info.submissions.find((known) => toHex(known.id) === toHex(id));
        if (submission !== undefined) checkSubmission(scene(round), submission, sealed.get(toHex(id)), host);
        else this.#parts.book.expect(CHECK.sealed, false, `submission ${toHex(id)} is not in the state`);
      } else if (name === 'RoundCreated') {
        keepRule(scene(round));
        if (pallet === 'Royalty') checkPast(scene(round));
      } else if (name === 'StandingSet') {
        keepStanding(scene(round), (data as { account: Uint8Array }).account, data as StatedStanding);
      } else if (name === 'Closed') {
        checkPublic(scene(round));
      } else if (name === 'Enrolled') {
        checkEnrolment(scene(round), (data as { item: number }).item, host);
        keepHolder(scene(round), (data as { item: number }).item);
      } else if (name === 'Revealed' && checkReveal(scene(round))) {
        await unseal(scene(round), shelf);
      }
    }
  }

  /** Judges every step that has new posts and is over, and compares whom the chain named. */
  async #judge(scene: RoundScene, steps: readonly Touched[], offences: readonly Offence[]): Promise<void> {
    const { book, file, block } = scene;
    const expected = new Set<string>();
    const accuse = ({ step, attempt }: Touched, member: number, kind: OffenceKind): void => {
      const name = `${step}/${attempt}/${member}`;
      if (!file.named.has(name)) expected.add(`${name}/${kind}`);
      file.named.add(name);
    };
    const take = (place: Touched, found: Verdict | undefined): void => {
      for (const liar of found?.liars ?? []) accuse(place, liar, place.step === 'Keying' ? 'BadBoxKey' : 'BadShare');
      for (const poster of found?.wrong ?? []) accuse({ ...place, step: 'Keying' }, poster, 'BadKeySum');
    };
    for (const place of decidedAtOnce(scene)) {
      const { step, attempt } = place;
      take(place, await file.atDecision(step, attempt, () => this.#step(scene, place, true)));
    }
    for (const place of steps) {
      const { step, attempt } = place;
      if (!isFinished(scene.info, step, attempt)) continue;
      const isAtOnce = stepFor(step).isJudgedAtOnce;
      // What was judged with a post is judged again only for those that came later.
      if (isAtOnce && file.latePosts(step, attempt) === 0) continue;
      take(place, await this.#step(scene, place, !isAtOnce && endOf(scene, place) === block.number));
    }
    const named = offences.filter(({ round }) => round === file.round);
    const names = named.map(({ step, attempt, member, kind }) => {
      return `${TALLY_STEPS[step]}/${attempt}/${member}/${kind.tag}`;
    });
    const wanted = [...expected].sort().join();
    book.same(CHECK.openings, `members named in round ${file.round}`, wanted, names.sort().join());
    for (const offence of named) checkEvidence(scene, offence);
    book.same(CHECK.openings, 'block in which a member is named', named.at(-1)?.block ?? block.number, block.number);
  }

  /** Judges one step that is over. If it ended in this very block (`isNew`), what the state took from it is compared. */
  async #step(scene: RoundScene, { step, attempt }: Touched, isNew: boolean): Promise<Verdict | undefined> {
    const { book, info } = scene;
    const { claims, evaluator } = this.#parts;
    const what = `step ${step} of round ${info.round.round} cannot be judged`;
    const seal = () => evaluator(scene.params.id);
    return carriedOut(book, CHECK.openings, what, () => judgeStep(step, { scene, attempt, isNew, claims, seal }));
  }

  /** Forgets rounds that are over and whose posts the chain has forgotten. */
  #close({ after }: ReplayedBlock): void {
    const { rounds, ended } = tally.use(after).store;
    const kept = new Set(this.#files.size > 0 ? ended.get() : []);
    for (const id of this.#files.keys()) {
      if (!kept.has(id) && rounds.get(id)?.endedAt !== undefined) this.#files.delete(id);
    }
  }
}

/** The block in which a step that is over has ended. */
function endOf({ info }: RoundScene, { step, attempt }: Touched): number | undefined {
  const index = TALLY_STEPS.indexOf(step);
  return info.round.finished.find((known) => known.step === index && known.attempt === attempt)?.block;
}

/** Steps of this block that were judged with the post that decided them, in their order. */
function decidedAtOnce({ info, block }: RoundScene): Touched[] {
  const ended = info.round.finished.filter((known) => known.block === block.number);
  const places = ended.map(({ step, attempt }) => ({ step: at(TALLY_STEPS, step), attempt }));
  return places.filter(({ step }) => stepFor(step).isJudgedAtOnce);
}

/** The evidence is the hash of the post that shows the lie. */
function checkEvidence({ book, file }: RoundScene, { step, attempt, member, evidence }: Offence): void {
  const tag = TALLY_STEPS[step]!;
  const post = file.posts(tag, attempt).find((known) => known.member === member);
  const bytes = post && tallyBody.codec.enc({ tag, value: post.body } as never);
  book.same(CHECK.openings, `evidence against member ${member}`, bytes && blake2b256(bytes), evidence);
}
