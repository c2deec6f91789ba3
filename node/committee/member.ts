/**
 * A committee member: finalized state in, signed posts out. It keeps the member's secrets in the vault, moves the key chains forward with the rounds and
 * forgets a round's keys when the round is over. No network, no clock, no thread: those are the service's.
 */
import { sameBytes, type RandomBytes } from '../../primitives/crypto/bytes.ts';
import { TacitError } from '../../primitives/errors.ts';
import {
  COMMITTEE_PALLET,
  postText,
  type SetupBody,
  type SetupPost,
  setupPost,
} from '../../pallets/committee/types.ts';
import { type PartInfo, TALLY_PALLET, type TallyPost, tallyPost } from '../../pallets/tally/types.ts';
import { at } from '../../primitives/at.ts';
import { TALLY_STEPS } from '../../primitives/round/phases.ts';
import type { Evaluator } from '../evaluation/evaluate.ts';
import type { RoundInfo } from '../evaluation/payloads.ts';
import { SealedStore } from '../evaluation/sealed-store.ts';
import { passOver, takeRound } from './chain-keys.ts';
import { dutyOf, type RoundDuty, RoundWork } from './round.ts';
import { agreedKeys, type SetupDuty, setupDutyOf, type TermInfo } from './setup.ts';
import type { Vault } from './vault.ts';

/** What a member sees of one finalized block, and of what was posted since. */
export interface FinalizedView {
  readonly number: number;
  /** Undefined until the first term has begun. */
  readonly term: TermInfo | undefined;
  /** Rounds under way. */
  readonly rounds: readonly RoundInfo[];
  /** By number, those whose close is final as far as known posts bring them: what is decoded of these no block can make otherwise (specification §6.7). */
  readonly foreseen?: ReadonlyMap<number, RoundInfo>;
  /** What is public of a part of a round's updates, of rounds whose `U` stands. */
  readonly partOf: (round: number, part: number) => PartInfo | undefined;
}

/** A post ready to be put in an unsigned extrinsic of `pallet`'s call `post`. */
export interface SignedPost {
  readonly pallet: number;
  /** What the post answers, the same for the same duty: `setup/...` or `round/step/attempt`. */
  readonly duty: string;
  /** SCALE bytes of the post and the signature over {@link postText}. */
  readonly post: Uint8Array;
  readonly signature: Uint8Array;
}

export interface MemberParts {
  readonly genesis: Uint8Array;
  /** The sr25519 committee key of the validator's session. */
  readonly publicKey: Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array;
  readonly vault: Vault;
  readonly random: RandomBytes;
  /** Where sealed submissions, and ciphertexts of rounds, lie that are not held in memory; how many bytes of the ones, and of the others of each round, are held. */
  readonly folder: string;
  readonly heldBytes: number;
  readonly evaluator: (paramsId: string) => Evaluator;
  /** Called for what cannot be done and does not stop the rest. */
  readonly onError: (error: unknown, duty: string) => void;
  /** Passes every tally post before it is signed. Only fault tests give one: a member that lies. */
  readonly tamper?: (post: TallyPost) => TallyPost;
}

/** A round as far as the member may act on it. */
const aheadOf = ({ foreseen }: FinalizedView, final: RoundInfo): RoundInfo => foreseen?.get(final.round.round) ?? final;

const dutyName = (round: number, phase: string, attempt: number): string => `${round}/${phase}/${attempt}`;
const setupName = ({ term: { term, attempt } }: TermInfo): string => `setup/${term}/${attempt}`;
const late = (holds: boolean): SetupBody => ({ tag: 'Late', value: { holds } });

export class CommitteeMember {
  readonly #parts: MemberParts;
  readonly #sealed: SealedStore;
  readonly #work = new Map<number, RoundWork>();
  readonly #posts = new Map<string, SignedPost>();
  /** Rounds whose work failed as of the present view. */
  readonly #stuck = new Set<number>();

  constructor(parts: MemberParts) {
    this.#parts = parts;
    this.#sealed = new SealedStore(parts.folder, parts.heldBytes);
  }

  /** Names of the duties whose posts it remembers: of the present set-up and of live rounds only. */
  get posts(): readonly string[] {
    return [...this.#posts.keys()];
  }

  /** A sealed submission out of a finalized body. Kept until its round is over. */
  addSealed(sealed: Uint8Array): void {
    this.#sealed.add(sealed);
  }

  /**
   * Everything the member has to post as of a finalized block and has not posted by then.
   * @param patient leaves out what needs long work that {@link prepare} has not done yet: then no round waits for another
   */
  act(view: FinalizedView, patient = false): SignedPost[] {
    const posts: SignedPost[] = [];
    const { term } = view;
    this.#forget(view);
    this.#stuck.clear();
    const member = this.#memberOf(term);
    if (term === undefined || member < 0) return posts;
    // What a member does not take part in it does not answer.
    if (term.term.members[member]?.status.tag === 'Excluded') return posts;
    this.#setUp({ ...this.#parts, member, info: term }, posts);
    // Who takes office late has the first keys of rounds that are over.
    this.#passOver(view);
    for (const final of [...view.rounds].sort((a, b) => a.round.sequence - b.round.sequence)) {
      const isHeard = final.round.term === term.term.term && !final.round.out.includes(member);
      if (!isHeard) continue;
      const before = posts.length;
      this.#serve(view, aheadOf(view, final), member, posts, patient);
      this.#remind(final, member, posts, posts[before]?.duty);
    }
    return posts;
  }

  /**
   * Does one piece of work (`RoundWork.prepare`) that a step of a round needs now or later, the round with the nearest deadline first; false if nothing is left
   * to do as of this view, which {@link act} has seen. What is posted does not depend on it, only how soon.
   */
  prepare(view: FinalizedView): boolean {
    return this.#served(view).some(({ info, duty, work }) => {
      if (this.#stuck.has(info.round.round)) return false;
      try {
        return work.prepare(duty);
      } catch (error) {
        // Of this round nothing more can be done before the next view; the others go on.
        this.#stuck.add(info.round.round);
        const { round, phase, attempt } = info.round;
        this.#parts.onError(error, dutyName(round, phase.tag, attempt));
        return false;
      }
    });
  }

  /** Rounds whose next post waits for {@link prepare}. */
  waiting(view: FinalizedView): number {
    return this.#served(view).filter(({ duty, work }) => !work.isReady(duty)).length;
  }

  /** The rounds that the member serves, the most urgent first: those whose present step it has not done, then by deadline. */
  #served(view: FinalizedView): { info: RoundInfo; duty: RoundDuty; work: RoundWork }[] {
    const { term, rounds } = view;
    const member = this.#memberOf(term);
    const served = rounds.flatMap((final) => {
      const info = aheadOf(view, final);
      const keys = this.#parts.vault.contents.rounds.get(info.round.round);
      if (member < 0 || keys === undefined || info.round.term !== term?.term.term) return [];
      return [{ info, duty: this.#duty(view, info, member, keys), work: this.#workOf(info) }];
    });
    const rank = ({ round }: RoundInfo): number => Number(round.phase.tag === 'Open');
    return served.sort((a, b) => rank(a.info) - rank(b.info) || a.info.round.deadline - b.info.round.deadline);
  }

  #memberOf(term: TermInfo | undefined): number {
    return term?.term.members.findIndex(({ key }) => sameBytes(key, this.#parts.publicKey)) ?? -1;
  }

  #workOf({ round }: RoundInfo): RoundWork {
    const { folder, heldBytes } = this.#parts;
    const work = this.#work.get(round.round) ?? new RoundWork(folder, heldBytes);
    this.#work.set(round.round, work);
    return work;
  }

  #duty(view: FinalizedView, info: RoundInfo, member: number, keys: ReadonlyMap<number, Uint8Array>): RoundDuty {
    const { genesis, evaluator: of } = this.#parts;
    const { round, paramsId } = info.round;
    const partOf = (part: number): PartInfo | undefined => view.partOf(round, part);
    return { genesis, member, info, partOf, keys, sealed: this.#sealed.source, evaluator: of(paramsId) };
  }

  #setUp(duty: SetupDuty, posts: SignedPost[]): void {
    const { term, attempt, phase, members, dealers } = duty.info.term;
    // A duty is another one when the member's standing, or what it has to deal, has changed.
    const standing = phase.tag === 'Active' ? members[duty.member]?.status.tag : dealers.join();
    this.#attempt(`${setupName(duty.info)}/${phase.tag}/${standing}`, posts, (name) => {
      const body = phase.tag === 'Active' ? this.#takeOffice(duty) : setupDutyOf(duty);
      if (body === undefined) return undefined;
      const post: SetupPost = { term, attempt, member: duty.member, body };
      return this.#sign(name, COMMITTEE_PALLET, setupPost.codec.enc(post));
    });
  }

  /**
   * The term stands: what was dealt becomes the head of the key chains, if it is what the others agreed on, and the secrets of the set-up go. A member that
   * had not said what it holds says so now; one without the right keys asks for the next deal, and is silent in the rounds of this term.
   */
  #takeOffice(duty: SetupDuty): SetupBody | undefined {
    const { vault, onError } = this.#parts;
    const { term, members } = duty.info.term;
    const status = members[duty.member]?.status.tag;
    if (vault.contents.chain?.term !== term && status !== 'Returned') {
      const keys = agreedKeys(duty);
      if (keys !== undefined) vault.update({ chain: { term, sequence: 0, keys }, setup: undefined });
      else {
        if (vault.contents.setup !== undefined) vault.update({ setup: undefined });
        const fault = new TacitError(
          'committee/wrong-keys',
          'the keys dealt to this member are not those that the term stands on, or its vault has lost them: it is silent in this term and asks for the next deal',
          { term },
        );
        onError(fault, `term/${term}`);
      }
    }
    if (vault.contents.chain?.term !== term) return status === 'Returned' ? undefined : late(false);
    return status === 'Absent' ? late(true) : undefined;
  }

  /** What the member has posted of a round and no final block holds: it may have got lost on the way to one. */
  #remind({ round, posted }: RoundInfo, member: number, posts: SignedPost[], present: string | undefined): void {
    const done = new Set(
      round.finished.map(({ step, attempt }) => dutyName(round.round, at(TALLY_STEPS, step), attempt)),
    );
    if (posted.includes(member)) done.add(dutyName(round.round, round.phase.tag, round.attempt));
    for (const [name, post] of this.#posts) {
      if (name.startsWith(`${round.round}/`) && name !== present && !done.has(name)) posts.push(post);
    }
  }

  #serve(view: FinalizedView, info: RoundInfo, member: number, posts: SignedPost[], patient: boolean): void {
    const { round } = info;
    const keys = this.#roundKeys(info);
    if (keys === undefined || info.posted.includes(member)) return;
    const duty = this.#duty(view, info, member, keys);
    if (patient && !this.#workOf(info).isReady(duty)) return;
    const name = dutyName(round.round, round.phase.tag, round.attempt);
    this.#attempt(name, posts, () => {
      const body = dutyOf(duty, this.#workOf(info));
      if (body === undefined) return undefined;
      const honest: TallyPost = { term: round.term, round: round.round, attempt: round.attempt, member, body };
      const post = this.#parts.tamper?.(honest) ?? honest;
      return this.#sign(name, TALLY_PALLET, tallyPost.codec.enc(post));
    });
  }

  /** The round's keys out of the vault, or off the chain, which moves past them at once (the ratchet). */
  #roundKeys({ round }: RoundInfo): ReadonlyMap<number, Uint8Array> | undefined {
    const { vault } = this.#parts;
    const { rounds, chain } = vault.contents;
    const known = rounds.get(round.round);
    if (known !== undefined) return known;
    if (chain?.term !== round.term || chain.sequence > round.sequence) return undefined;
    const { keys, next } = takeRound(chain, round);
    vault.update({ chain: next, rounds: new Map(rounds).set(round.round, keys) });
    return keys;
  }

  /** Moves the chain past rounds that are over. When a term begins, all those of the one before are. */
  #passOver({ rounds, term }: Pick<FinalizedView, 'rounds' | 'term'>): void {
    const { vault } = this.#parts;
    const { chain } = vault.contents;
    if (chain === undefined || term === undefined) return;
    if (chain.term < term.term.term) vault.update({ chain: undefined });
    if (chain.term !== term.term.term) return;
    const moved = passOver(chain, term.term.sequence, rounds);
    if (moved !== undefined) vault.update({ chain: moved });
  }

  /**
   * Erases the secrets of a set-up in which the member has nothing more to do: of an earlier one, or of one that it is left out of [with the deals, which stand on the chain, they
   * are the first keys of all rounds of the term].
   */
  #forgetSetup({ term: info }: Pick<FinalizedView, 'term'>): void {
    const { vault } = this.#parts;
    const { setup } = vault.contents;
    if (setup === undefined || info === undefined) return;
    const { term, attempt, members } = info.term;
    const status = members[this.#memberOf(info)]?.status.tag;
    // Of a later one this view, of a node that is behind, knows nothing.
    if (setup.term > term || (setup.term === term && setup.attempt > attempt)) return;
    const isOver = setup.term < term || setup.attempt < attempt;
    if (isOver || status === undefined || status === 'Excluded') vault.update({ setup: undefined });
  }

  /** Erases what belongs to rounds that are over, and to earlier set-ups. */
  #forget({ rounds, term }: FinalizedView): void {
    this.#passOver({ rounds, term });
    this.#forgetSetup({ term });
    const live = new Set(rounds.map(({ round }) => round.round));
    const { vault } = this.#parts;
    const kept = new Map([...vault.contents.rounds].filter(([round]) => live.has(round)));
    if (kept.size < vault.contents.rounds.size) vault.update({ rounds: kept });
    for (const [round, work] of this.#work) {
      if (live.has(round)) continue;
      work.close();
      this.#work.delete(round);
    }
    this.#sealed.keepOnly(rounds);
    const setup = term && `${setupName(term)}/`;
    for (const name of this.#posts.keys()) {
      const isLive = name.startsWith('setup/')
        ? setup !== undefined && name.startsWith(setup)
        : live.has(Number.parseInt(name, 10));
      if (!isLive) this.#posts.delete(name);
    }
  }

  /** Makes a post once; the same duty later gets the same bytes. An error concerns this duty only. */
  #attempt(name: string, posts: SignedPost[], make: (name: string) => SignedPost | undefined): void {
    const known = this.#posts.get(name);
    if (known !== undefined) {
      posts.push(known);
      return;
    }
    try {
      const made = make(name);
      if (made === undefined) return;
      this.#posts.set(name, made);
      posts.push(made);
    } catch (error) {
      this.#parts.onError(error, name);
    }
  }

  #sign(duty: string, pallet: number, post: Uint8Array): SignedPost {
    const { genesis, sign } = this.#parts;
    return { pallet, duty, post, signature: sign(postText(genesis, pallet, post)) };
  }
}
