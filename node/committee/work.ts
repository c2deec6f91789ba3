/** What a member computes once per round for several of its steps. */
import type { Submission } from '../../pallets/tally/types.ts';
import { at } from '../../primitives/at.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import type { Scalar } from '../../primitives/crypto/ristretto.ts';
import { TacitError } from '../../primitives/errors.ts';
import { boxSecret } from '../../primitives/fhe/keys.ts';
import { functionalOf } from '../../primitives/fhe/open.ts';
import { subsetsWith } from '../../primitives/fhe/params.ts';
import {
  ciphertextOf,
  type CheckValues,
  type LaneTables,
  laneTables,
  type OpenedSubmission,
  payloadShares,
} from '../../primitives/linear/member.ts';
import { type LinearShare, sharePieces } from '../../primitives/linear/shares.ts';
import { linearShape } from '../../primitives/linear/shape.ts';
import {
  type Enrolment,
  type EnrolmentPieces,
  enrolmentId,
  expandEnrolmentSeed,
  openEnrolmentSeeds,
  splitEnrolment,
} from '../../primitives/proofs/enrolment.ts';
import { parseSealed } from '../../primitives/proofs/sealed.ts';
import { openKeyBoxes, openSeedBoxes, type OwnSummands } from '../../primitives/proofs/unseal.ts';
import type { RoundPhase } from '../../primitives/round/index.ts';
import { CiphertextShelf } from '../evaluation/ciphertext-shelf.ts';
import { type Ciphertexts, type EvaluatedScores, evaluateScores } from '../evaluation/evaluate.ts';
import { bindingOf, type RoundInfo, type RoundOpener, roundOpener, sealedOf } from '../evaluation/payloads.ts';
import { type RoundDuty, setting, keyOf, beaconOfRound } from './duty.ts';

/** Shares of submissions that are kept ready for the check, half a megabyte each for 8,192 values; the others are made when the check asks for them. */
const MAX_PREPARED = 64;
/** Phases in which submissions and enrolments stand and their check is still to come. */
const PREPARING: ReadonlySet<RoundPhase> = new Set(['Open', 'Reveal']);
/** What a phase's post is made from that takes long: the opened payloads, or the shares of their check; and the masks of the items. */
const NEEDS: Partial<Record<RoundPhase, { readonly check: boolean; readonly masks: boolean }>> = {
  Check: { check: true, masks: true },
  CheckEach: { check: true, masks: true },
  Aggregate: { check: false, masks: false },
  Payout: { check: false, masks: true },
  Sum: { check: false, masks: false },
};

/** What became of the submissions opened so far, in their order. What the evaluation needs of them lies on the shelf. */
interface Opening {
  readonly round: RoundOpener;
  readonly verdicts: number[];
}

/** A score whose ciphertext has had its turn: what a payout needs of it. */
interface ScoreShare {
  readonly hash: Uint8Array;
  readonly share: BigUint64Array;
}

/** Shares made so far, in the order of the submissions. */
interface Checking {
  /** What payloads of a lane and part have in common, made when the first of them is checked. */
  readonly tables: Map<string, LaneTables>;
  readonly shares: (CheckValues | undefined)[];
}

/**
 * What is computed once per round and used by several steps. Everything in it is a function of the final close, of what posts decode to (specification §6.7) and
 * of the member's keys, so it makes no difference to what is posted when it is computed. {@link prepare} does it piece by piece, so that no round waits for the
 * check of another; a step that finds it undone does the rest at once.
 */
export class RoundWork {
  readonly #shares = new Map<string, LinearShare>();
  /** By submission what its key boxes to the member's subsets hold. */
  readonly #own = new Map<string, OwnSummands>();
  /** Of the round's submissions so many have been looked at while it was open. */
  #ahead = 0;
  readonly #masks = new Map<string, ItemMask>();
  #secrets: ReadonlyMap<number, Scalar> | undefined;
  readonly #ciphertexts: CiphertextShelf;
  #seals: ReadonlyMap<number, Scalar> | undefined;
  #opening: Opening | undefined;
  readonly #checking: Checking = { tables: new Map(), shares: [] };
  #scores: EvaluatedScores<ScoreShare> | undefined;

  /** @param folder where ciphertexts lie that are not held; @param heldBytes of them that are */
  constructor(folder: string, heldBytes: number) {
    this.#ciphertexts = new CiphertextShelf(folder, heldBytes);
  }

  /** The round is over. */
  close(): void {
    this.#ciphertexts.close();
  }

  /** Whether the post of the phase that the round is in can be made without long work. */
  isReady(duty: RoundDuty): boolean {
    const { info } = duty;
    const needs = NEEDS[info.round.phase.tag];
    if (needs === undefined) return true;
    if (needs.masks && info.items.some(({ account }) => !this.#masks.has(toHex(account)))) return false;
    const done = needs.check ? this.#checking.shares : this.#opening?.verdicts;
    return done?.length === info.submissions.length;
  }

  /**
   * Does one piece of work, of one payload or one item, that the phase the round is in needs, or the check to come: some ten milliseconds, up to a second
   * for ten members. False if nothing is left to do.
   */
  prepare(duty: RoundDuty): boolean {
    const { phase } = duty.info.round;
    const needs = NEEDS[phase.tag];
    if (needs === undefined && !PREPARING.has(phase.tag)) return false;
    if (needs?.masks !== false && this.#maskNext(duty)) return true;
    if (needs === undefined) return this.#unsealNext(duty);
    return needs.check ? this.#checkNext(duty) : this.#openNext(duty) !== undefined;
  }

  /** Per submission, 0 or the reason it is malformed. */
  verdicts(duty: RoundDuty): Uint8Array {
    while (this.#openNext(duty) !== undefined);
    return Uint8Array.from(this.#openingOf(duty).verdicts);
  }

  /** Ciphertexts of the well-formed submissions, each as it is asked for. */
  ciphertexts(duty: RoundDuty): Ciphertexts {
    while (this.#openNext(duty) !== undefined);
    return (submission) => this.#ciphertexts.get(submission);
  }

  /** The member's shares of every payload's check, of zeros if it is honest; of malformed ones undefined. */
  check(duty: RoundDuty): readonly (CheckValues | undefined)[] {
    while (this.#checkNext(duty));
    return this.#checking.shares;
  }

  #maskNext(duty: RoundDuty): boolean {
    const item = duty.info.items.findIndex(({ account }) => !this.#masks.has(toHex(account)));
    if (item >= 0) this.#mask(duty, item);
    return item >= 0;
  }

  /** What the boxes of one more submission hold that are sealed to the member's subsets: neither payload nor beacon is needed for it. Submissions are only added. */
  #unsealNext(duty: RoundDuty): boolean {
    const record = duty.info.submissions.slice(this.#ahead).find(({ id }) => {
      this.#ahead++;
      return duty.sealed.has(id);
    });
    if (record === undefined) return false;
    const name = toHex(record.id);
    this.#own.set(name, this.#ownOf(duty, record));
    if (this.#shares.size < MAX_PREPARED) this.#shares.set(name, this.#shareOf(duty, record));
    return true;
  }

  #openingOf({ genesis, info, sealed }: RoundDuty): Opening {
    this.#opening ??= { round: roundOpener(genesis, info, sealed), verdicts: [] };
    return this.#opening;
  }

  /** Opens one more submission; undefined if all are. */
  #openNext(duty: RoundDuty): { readonly submission: OpenedSubmission | undefined } | undefined {
    const { round, verdicts } = this.#openingOf(duty);
    const next = verdicts.length;
    if (next >= duty.info.submissions.length) return undefined;
    const { verdict, submission } = round.open(next, this.#ownOfRecord(duty, next));
    if (submission !== undefined) this.#ciphertexts.put(next, ciphertextOf(submission));
    verdicts.push(verdict);
    return { submission };
  }

  /** The next submission to be checked, in the open: for this moment. */
  #openToCheck(duty: RoundDuty): OpenedSubmission | undefined {
    const { round, verdicts } = this.#openingOf(duty);
    const next = this.#checking.shares.length;
    return verdicts.length > next
      ? round.open(next, this.#ownOfRecord(duty, next)).submission
      : this.#openNext(duty)?.submission;
  }

  /** What was opened of a submission's key boxes while the round was open, if it was. */
  #ownOfRecord({ info }: RoundDuty, index: number): OwnSummands | undefined {
    return this.#own.get(toHex(at(info.submissions, index).id));
  }

  #tablesOf(duty: RoundDuty, { binding: { spec } }: OpenedSubmission): LaneTables {
    const { params } = setting(duty);
    const { context, keys } = this.#openingOf(duty).round;
    const { tables } = this.#checking;
    const name = `${spec.lane}/${spec.part}`;
    const known = tables.get(name);
    if (known !== undefined) return known;
    const made = laneTables(params, context, keys, beaconOfRound(duty.info), spec, tables.values());
    tables.set(name, made);
    return made;
  }

  #checkNext(duty: RoundDuty): boolean {
    const { shares } = this.#checking;
    const record = duty.info.submissions[shares.length];
    if (record === undefined) return false;
    const submission = this.#openToCheck(duty);
    const name = toHex(record.id);
    const share = submission && (this.#shares.get(name) ?? this.#shareOf(duty, record));
    shares.push(submission && share && payloadShares(this.#tablesOf(duty, submission), submission, share));
    this.#shares.delete(name);
    return true;
  }

  /** Hash and the member's share of every score, of which the ciphertexts are made one after the other. */
  scores(duty: RoundDuty): EvaluatedScores<ScoreShare> {
    if (this.#scores !== undefined) return this.#scores;
    const { params, context } = setting(duty);
    const functional = functionalOf(params, context, duty.member, duty.keys);
    this.#scores = evaluateScores(
      duty.evaluator,
      duty.info,
      duty.partOf,
      this.ciphertexts(duty),
      ({ ciphertext, hash }) => {
        return { hash, share: functional(ciphertext, 0, 1) };
      },
    );
    return this.#scores;
  }

  /** The secrets of every item's mask that the member knows. */
  masks(duty: RoundDuty): readonly ItemMask[] {
    return duty.info.items.map((_, index) => this.#mask(duty, index));
  }

  #mask(duty: RoundDuty, index: number): ItemMask {
    const item = duty.info.items[index];
    if (item === undefined) throw new TacitError('tally/no-item', `accepted item ${index} is not enrolled`);
    const known = this.#masks.get(toHex(item.account));
    if (known !== undefined) return known;
    const mask = itemMask(duty, item, this.#maskSecrets(duty));
    this.#masks.set(toHex(item.account), mask);
    return mask;
  }

  #shareOf(duty: RoundDuty, record: Submission): LinearShare {
    const { params, context } = setting(duty);
    const binding = bindingOf(context, duty.info.round, record);
    const sealed = sealedOf(duty.sealed, record);
    const seeds = openSeedBoxes(params, binding, sealed, this.#maskSecrets(duty), duty.info.maskKeys);
    const { ephemeral } = parseSealed(params, binding.spec, sealed);
    return sharePieces(params, binding, linearShape(binding.spec), ephemeral, seeds, duty.member);
  }

  #ownOf(duty: RoundDuty, record: Submission): OwnSummands {
    const { params, context } = setting(duty);
    const { info } = duty;
    const binding = bindingOf(context, info.round, record);
    return openKeyBoxes(params, binding, info.sealKeys, sealedOf(duty.sealed, record), this.#sealSecrets(duty));
  }

  /** `x_A^mask` of the member's subsets. */
  #maskSecrets(duty: RoundDuty): ReadonlyMap<number, Scalar> {
    this.#secrets ??= secretsOf(duty, 'mask');
    return this.#secrets;
  }

  /** `x_A^seal` of the member's subsets: those that will be revealed, since a member whose keys are not the agreed ones has no keys of the term. */
  #sealSecrets(duty: RoundDuty): ReadonlyMap<number, Scalar> {
    this.#seals ??= secretsOf(duty, 'seal');
    return this.#seals;
  }
}

/** The secrets of the member's subsets for boxes of one purpose. */
function secretsOf(duty: RoundDuty, purpose: 'seal' | 'mask'): ReadonlyMap<number, Scalar> {
  const { params, context } = setting(duty);
  const own = subsetsWith(params, duty.member);
  return new Map(own.map((subset) => [subset, boxSecret(context, purpose, subset, keyOf(duty.keys, subset))]));
}

export interface ItemMask {
  readonly id: Uint8Array;
  readonly enrolment: Enrolment;
  readonly pieces: ReadonlyMap<number, EnrolmentPieces>;
}

function itemMask(
  duty: RoundDuty,
  { account, enrolment: bytes }: RoundInfo['items'][number],
  secrets: ReadonlyMap<number, Scalar>,
): ItemMask {
  const { params, context } = setting(duty);
  const enrolment = splitEnrolment(params, bytes);
  const binding = { context, account };
  const seeds = openEnrolmentSeeds(binding, enrolment, secrets, duty.info.maskKeys);
  const pieces = new Map(
    Array.from(seeds, ([subset, seed]) => [subset, expandEnrolmentSeed(binding, enrolment.ephemeral, subset, seed)]),
  );
  return { id: enrolmentId(bytes), enrolment, pieces };
}
