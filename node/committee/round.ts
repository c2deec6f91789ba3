/**
 * What a committee member posts in each step of a round (specification §3 to §7). A pure function of finalized state, finalized bodies and the
 * member's round keys: the same round gives the same bytes, before and after a restart.
 */
import { toHex } from '../../primitives/crypto/hex.ts';
import { encodeScalar, type Scalar } from '../../primitives/crypto/ristretto.ts';
import { TacitError } from '../../primitives/errors.ts';
import { keyCheckShares, keyTest, postingsDigest } from '../../primitives/fhe/key-check.ts';
import { boxPublicKey, boxSecret, keyPosting, type RoundKeys as SubsetKeys } from '../../primitives/fhe/keys.ts';
import { openingShare } from '../../primitives/fhe/open.ts';
import { type FheParams, fheParams, type RoundContext, subsetsWith } from '../../primitives/fhe/params.ts';
import type { RnsPoly } from '../../primitives/fhe/types.ts';
import { decodeKeyPoly, encodeKeyPoly, encodeResidues } from '../../primitives/fhe/wire.ts';
import { combineShares, payloadShares, shareExpansions } from '../../primitives/proofs/checkshares.ts';
import {
  type Enrolment,
  type EnrolmentPieces,
  enrolmentId,
  expandEnrolmentSeed,
  openEnrolmentSeed,
  parseEnrolment,
} from '../../primitives/proofs/enrolment.ts';
import {
  enrolmentWeight,
  type MaskCheck,
  maskCheckShare,
  maskShares,
  sumMaskChecks,
} from '../../primitives/proofs/enrolment-check.ts';
import { parseSealed } from '../../primitives/proofs/sealed.ts';
import {
  type CheckTables,
  type CheckValues,
  checkTables,
  type LinearExpansion,
} from '../../primitives/proofs/validity.ts';
import { openSeedBoxes } from '../../primitives/proofs/unseal.ts';
import {
  aggregateRequest,
  roundContext,
  joinResidues,
  keyingAssignment,
  keyingPosters,
  payoutRequest,
  totalRequest,
  type TallyStep,
} from '../../primitives/round/index.ts';
import type { Submission, TallyBody } from '../../pallets/tally/types.ts';
import { type EvaluatedScores, type Evaluator, evaluateAggregate, evaluateScores } from '../evaluation/evaluate.ts';
import {
  bindingOf,
  type OpenedRound,
  openRound,
  type RoundInfo,
  roundKeysOf,
  type SealedSource,
  sealedOf,
} from '../evaluation/payloads.ts';

/** One member's view of one round. */
export interface RoundDuty {
  readonly genesis: Uint8Array;
  readonly member: number;
  readonly info: RoundInfo;
  /** Round keys `K_A^r` of the member's subsets. */
  readonly keys: SubsetKeys;
  readonly sealed: SealedSource;
  readonly evaluator: Evaluator;
}

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

interface CheckWork {
  readonly tables: CheckTables;
  /** Per submission; undefined for malformed ones. */
  readonly shares: readonly (CheckValues | undefined)[];
}

interface ItemMask {
  readonly id: Uint8Array;
  readonly enrolment: Enrolment;
  readonly pieces: ReadonlyMap<number, EnrolmentPieces>;
}

/** The body of the member's post for the step the round is in; undefined where the phase takes no posts. */
export function dutyOf(duty: RoundDuty, work: RoundWork): TallyBody | undefined {
  const step = duty.info.round.phase.tag;
  return Object.hasOwn(STEPS, step) ? STEPS[step as TallyStep](duty, work) : undefined;
}

const STEPS: Readonly<Record<TallyStep, (duty: RoundDuty, work: RoundWork) => TallyBody>> = {
  Keying: keying,
  KeyCheck: keyCheck,
  Reveal: reveal,
  Check: check,
  CheckEach: checkEach,
  Aggregate: aggregate,
  Total: total,
  Payout: payout,
};

function setting({ genesis, info }: RoundDuty): { params: FheParams; context: RoundContext } {
  return { params: fheParams(info.round.paramsId), context: roundContext(genesis, info.round) };
}

function keyOf(keys: SubsetKeys, subset: number): Uint8Array {
  const key = keys.get(subset);
  if (key === undefined)
    throw new TacitError('committee/no-key', 'a key of one of the member’s subsets is missing', { subset });
  return key;
}

function keying(duty: RoundDuty): TallyBody {
  const { params, context } = setting(duty);
  const { member, keys, info } = duty;
  const sum = keyPosting(params, context, member, keys, keyingAssignment(params, info.round.silent));
  const own = subsetsWith(params, member);
  return {
    tag: 'Keying',
    value: {
      sum: sum === undefined ? new Uint8Array() : encodeKeyPoly(params, sum),
      sealKeys: own.map((subset) => boxPublicKey(context, 'seal', subset, keyOf(keys, subset))),
      maskKeys: own.map((subset) => boxPublicKey(context, 'mask', subset, keyOf(keys, subset))),
    },
  };
}

function keyCheck(duty: RoundDuty): TallyBody {
  const { params, context } = setting(duty);
  const { member, keys, info } = duty;
  const assignment = keyingAssignment(params, info.round.silent);
  const sums = new Map<number, RnsPoly>();
  for (const poster of keyingPosters(params, info.round.silent)) {
    const sum = info.keySums[poster];
    if (sum !== undefined) sums.set(poster, decodeKeyPoly(params, sum));
  }
  const digest = postingsDigest(params, context, sums, assignment);
  const { publicKey } = roundKeysOf(params, context, info);
  const test = keyTest(params, context, publicKey);
  return {
    tag: 'KeyCheck',
    value: {
      functionals: encodeResidues(params.keyPrimes, keyCheckShares(params, context, member, keys, digest, assignment)),
      test: encodeResidues(params.dataPrimes, openingShare(params, test.request, member, keys, [test.ciphertext])),
    },
  };
}

function reveal(duty: RoundDuty): TallyBody {
  const { params, context } = setting(duty);
  const secrets = subsetsWith(params, duty.member).map((subset) =>
    encodeScalar(boxSecret(context, 'seal', subset, keyOf(duty.keys, subset))),
  );
  return { tag: 'Reveal', value: { secrets } };
}

function beaconOfRound({ round }: RoundInfo): Uint8Array {
  if (round.beacon === undefined) throw new TacitError('tally/no-beacon', `round ${round.round} has no beacon yet`);
  return round.beacon;
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

/** Shares of `S` and `R` per item. */
function maskChecks(duty: RoundDuty, work: RoundWork): MaskCheck[] {
  const { params } = setting(duty);
  const beacon = beaconOfRound(duty.info);
  return work
    .masks(duty)
    .map(({ id, enrolment, pieces }) =>
      maskCheckShare(params, duty.member, enrolment, pieces, enrolmentWeight(beacon, id)),
    );
}

const maskScalars = ({ S, R }: MaskCheck): Uint8Array[] => [encodeScalar(S), encodeScalar(R)];

function check(duty: RoundDuty, work: RoundWork): TallyBody {
  const { params } = setting(duty);
  const { verdicts, opened } = work.opened(duty);
  const { tables, shares: all } = work.check(duty);
  const entries = all.flatMap((shares, index) => {
    const id = opened[index]?.id;
    return shares === undefined || id === undefined ? [] : [{ id, shares }];
  });
  const combined = combineShares(tables, entries);
  return {
    tag: 'Check',
    value: {
      verdicts,
      residues: encodeResidues(params.dataPrimes, combined.q),
      scalars: [encodeScalar(combined.l), ...maskScalars(sumMaskChecks(maskChecks(duty, work)))],
    },
  };
}

function checkEach(duty: RoundDuty, work: RoundWork): TallyBody {
  const { params } = setting(duty);
  const { verdicts } = work.opened(duty);
  const shares = work.check(duty).shares.filter((one) => one !== undefined);
  return {
    tag: 'CheckEach',
    value: {
      verdicts,
      residues: encodeResidues(
        params.dataPrimes,
        joinResidues(
          params,
          shares.map(({ q }) => q),
        ),
      ),
      scalars: [...shares.map(({ l }) => encodeScalar(l)), ...maskChecks(duty, work).flatMap(maskScalars)],
    },
  };
}

function aggregate(duty: RoundDuty, work: RoundWork): TallyBody {
  const { params, context } = setting(duty);
  const { round } = duty.info;
  const sums = evaluateAggregate(duty.evaluator, duty.info, work.opened(duty).opened);
  const hashes = sums.map(({ hash }) => hash);
  const request = aggregateRequest(context, round.rule, round.accepted.length, hashes);
  const shares = openingShare(
    params,
    request,
    duty.member,
    duty.keys,
    sums.map(({ ciphertext }) => ciphertext),
  );
  return { tag: 'Aggregate', value: { ciphertexts: hashes, shares: encodeResidues(params.dataPrimes, shares) } };
}

function total(duty: RoundDuty, work: RoundWork): TallyBody {
  const { params, context } = setting(duty);
  const { scores, total: sum, bounds } = work.scores(duty);
  const request = totalRequest(context, sum.hash, scores.length, bounds.weightNorm);
  const shares = openingShare(params, request, duty.member, duty.keys, [sum.ciphertext]);
  return {
    tag: 'Total',
    value: {
      scores: scores.map(({ hash }) => hash),
      total: sum.hash,
      shares: encodeResidues(params.dataPrimes, shares),
    },
  };
}

function payout(duty: RoundDuty, work: RoundWork): TallyBody {
  const { params, context } = setting(duty);
  const { info, member, keys } = duty;
  const { scores, bounds } = work.scores(duty);
  const known = work.masks(duty);
  const masks = info.round.accepted.map((item) => {
    const mask = known[item];
    if (mask === undefined) throw new TacitError('tally/no-item', `accepted item ${item} is not enrolled`);
    return mask;
  });
  const request = payoutRequest(
    context,
    {
      scores: info.total?.scores ?? [],
      rate: info.total?.rate ?? 0n,
      stake: info.round.rule.stake,
      weightNorm: bounds.weightNorm,
    },
    masks.map(({ id, enrolment }) => ({ id, delta: enrolment.delta })),
  );
  const shares = openingShare(
    params,
    request,
    member,
    keys,
    scores.map(({ ciphertext }) => ciphertext),
    maskShares(
      params,
      member,
      masks.map(({ pieces }) => pieces),
    ),
  );
  return { tag: 'Payout', value: { shares: encodeResidues(params.dataPrimes, shares) } };
}
