/** What a member computes once per round for several of its steps. */
import type { Submission } from '../../pallets/tally/types.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import type { Scalar } from '../../primitives/crypto/ristretto.ts';
import { TacitError } from '../../primitives/errors.ts';
import { boxSecret } from '../../primitives/fhe/keys.ts';
import { subsetsWith } from '../../primitives/fhe/params.ts';
import { payloadShares, shareExpansions } from '../../primitives/proofs/checkshares.ts';
import {
  type Enrolment,
  type EnrolmentPieces,
  enrolmentId,
  expandEnrolmentSeed,
  openEnrolmentSeed,
  parseEnrolment,
} from '../../primitives/proofs/enrolment.ts';
import { parseSealed } from '../../primitives/proofs/sealed.ts';
import { openSeedBoxes } from '../../primitives/proofs/unseal.ts';
import {
  type CheckTables,
  type CheckValues,
  checkTables,
  type LinearExpansion,
} from '../../primitives/proofs/validity.ts';
import { type EvaluatedScores, evaluateScores } from '../evaluation/evaluate.ts';
import { bindingOf, type OpenedRound, openRound, type RoundInfo, sealedOf } from '../evaluation/payloads.ts';
import { type RoundDuty, setting, keyOf, beaconOfRound } from './duty.ts';

/** Shares of submissions that are kept ready for the check, about a megabyte each; the others are made when the check asks for them. */
const MAX_PREPARED = 64;
/** Phases in which submissions and enrolments stand and their check is still to come. */
const PREPARING: ReadonlySet<string> = new Set(['Open', 'Reveal']);

/**
 * What is computed once per round and used by several steps. Everything in it is a function of finalized state and the member's keys, so it makes no difference
 * to what is posted when it is computed; {@link prepare} does so before it is asked for.
 */
export class RoundWork {
  readonly #shares = new Map<string, LinearExpansion>();
  readonly #masks = new Map<string, ItemMask>();
  #secrets: ReadonlyMap<number, Scalar> | undefined;
  #opened: OpenedRound | undefined;
  #check: CheckWork | undefined;
  #scores: EvaluatedScores | undefined;

  /** Does one piece of work (some ten milliseconds) that the check will need; false if nothing is left to do. */
  prepare(duty: RoundDuty): boolean {
    const { phase } = duty.info.round;
    if (!PREPARING.has(phase.tag)) return false;
    const item = duty.info.items.findIndex(({ account }) => !this.#masks.has(toHex(account)));
    if (item >= 0) {
      this.#mask(duty, item);
      return true;
    }
    if (this.#shares.size >= MAX_PREPARED) return false;
    const { submissions } = duty.info;
    const next = submissions.find(({ id }) => !this.#shares.has(toHex(id)) && duty.sealed(id) !== undefined);
    if (next === undefined) return false;
    this.#shares.set(toHex(next.id), this.#shareOf(duty, next));
    return true;
  }

  opened({ genesis, info, sealed }: RoundDuty): OpenedRound {
    this.#opened ??= openRound(genesis, info, sealed);
    return this.#opened;
  }

  /** The member's shares of every well-formed payload's check, its public side taken off. */
  check(duty: RoundDuty): CheckWork {
    if (this.#check !== undefined) return this.#check;
    const { params } = setting(duty);
    const { context, keys, opened } = this.opened(duty);
    const tables = checkTables(params, context, keys.publicKey, beaconOfRound(duty.info));
    const shares = opened.map((submission, index) => {
      const record = duty.info.submissions[index];
      if (submission === undefined || record === undefined) return undefined;
      const share = this.#shares.get(toHex(record.id)) ?? this.#shareOf(duty, record);
      return payloadShares(tables, submission, share);
    });
    this.#shares.clear();
    this.#check = { tables, shares };
    return this.#check;
  }

  scores(duty: RoundDuty): EvaluatedScores {
    this.#scores ??= evaluateScores(duty.evaluator, duty.info, this.opened(duty).opened);
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

  #shareOf(duty: RoundDuty, record: Submission): LinearExpansion {
    const { params, context } = setting(duty);
    const binding = bindingOf(context, duty.info.round, record);
    const sealed = sealedOf(duty.sealed, record);
    const seeds = openSeedBoxes(params, binding, sealed, this.#maskSecrets(duty));
    const { ephemeral } = parseSealed(params, binding.spec, sealed);
    return shareExpansions(params, binding, ephemeral, seeds, duty.member);
  }

  /** `x_A^mask` of the member's subsets. */
  #maskSecrets(duty: RoundDuty): ReadonlyMap<number, Scalar> {
    const { params, context } = setting(duty);
    this.#secrets ??= new Map(
      subsetsWith(params, duty.member).map((subset) => [
        subset,
        boxSecret(context, 'mask', subset, keyOf(duty.keys, subset)),
      ]),
    );
    return this.#secrets;
  }
}

export interface CheckWork {
  readonly tables: CheckTables;
  /** Per submission; undefined for malformed ones. */
  readonly shares: readonly (CheckValues | undefined)[];
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
  const enrolment = parseEnrolment(params, bytes);
  const binding = { context, account };
  const pieces = new Map(
    Array.from(secrets, ([subset, secret]) => {
      const seed = openEnrolmentSeed(binding, enrolment, subset, secret);
      return [subset, expandEnrolmentSeed(binding, enrolment.ephemeral, subset, seed)];
    }),
  );
  return { id: enrolmentId(bytes), enrolment, pieces };
}
