/** A whole round of a committee, on the real pallets and with real shares, stopped wherever a figure is taken. */
import { MAX_ROUND_MODELS, royalty } from '../../pallets/royalty/index.ts';
import { Origin, type RuntimeCall } from '../../pallets/support/index.ts';
import { tally } from '../../pallets/tally/index.ts';
import { completeNorm } from '../../primitives/proofs/norm.ts';
import { SPARE_COORDINATES } from '../../primitives/proofs/lane.ts';
import { directionHash } from '../../primitives/round/index.ts';
import { MAX_UPDATE_PARTS } from '../../primitives/round/limits.ts';
import { MAX_PAST } from '../../primitives/round/novelty.ts';
import type { RoundPhase } from '../../primitives/round/phases.ts';
import {
  account,
  asBytes,
  beginRound,
  call,
  enrolmentOf,
  phaseOf,
  plainRule,
  POOL,
  SALT,
  sealedOf,
  submitSealed,
  type TestChain,
  testChain,
  usesOf,
} from '../../test/support/committee.ts';
import { admitted, curated, ownData } from '../../test/support/evidence.ts';
import { forged } from '../../test/support/forged.ts';
import { enrolAs } from '../../test/support/holders.ts';
import { newModel } from '../../test/support/registry.ts';
import { Gauge } from './gauge.ts';
import { plantPast } from './past.ts';

export interface RoundPlan {
  readonly paramsId: string;
  /** Contributors. */
  readonly items: number;
  /** Values of the one update part; the most that the parameter set takes, or fewer where the calls' cost is not asked for. */
  readonly values: number;
  /** Milliseconds for each cost; see {@link costOf}. */
  readonly budget: number;
  /** One more contributor sends a proof that does not hold, so that every submission is judged by itself. */
  readonly forger: boolean;
  /** The dearest rule: the round is held against four past ones of every model, and each item is of a holder that an attester vouches for. */
  readonly isRich: boolean;
}

/** What a round has taken. */
export type RoundFigures = Pick<Gauge, 'calls' | 'sized' | 'ends'>;

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `contributor ${i}`);

/** Every coordinate is so far from 0. */
const STEP = 5;
/** The squares of all values, spare ones included. */
const normOf = (values: number): bigint => BigInt(STEP * STEP * values);

/** A part of which seven coordinates of eight have one sign: parts agree with each other, and with the direction. */
function part(test: TestChain, values: number): Int8Array {
  const coordinates = Array.from(test.random(values - SPARE_COORDINATES), (byte) => (byte < 32 ? -STEP : STEP));
  return Int8Array.from(completeNorm(coordinates, normOf(values)));
}

const MODELS = Array.from({ length: MAX_ROUND_MODELS }, (_, model) => BigInt(model));
const ATTESTER = 'attester';
const NOVELTY = { past: MAX_PAST, discount: 50 } as const;

/** Registers as many models as a round may be over, and funds them. */
function fundModels(test: TestChain): void {
  for (const model of MODELS) {
    if (model > 0n) call(test, 'owner', newModel(account(`model ${model}`)));
    call(test, 'user', royalty.call.fund({ model, amount: POOL }));
  }
}

/** The longest rule that a round may have, over as many models as may be, each with a past. */
function longestRound(test: TestChain): RuntimeCall {
  const values = 12;
  const hash = directionHash(0, SALT, asBytes(new Int8Array(values)));
  const kinds = ['Identity', 'SafetyAudit', 'EnclaveQuote', 'Benchmark'] as const;
  const models = MODELS.map((model) => ({ model, pool: POOL }));
  const parts = Array.from({ length: MAX_UPDATE_PARTS }, () => values);
  plantPast(test, MODELS, parts);
  const rule = plainRule(
    Array.from({ length: MAX_UPDATE_PARTS }, () => hash),
    {
      parts,
      normSq: normOf(values),
      reporters: models.map(({ model }) => attestedCount(test, model)),
      curation: { portfolio: curated(test, [[ownData(test, 'owner'), 1n]]), points: 1n, most: 1n },
      factors: kinds.map((tag) => ({ kind: { tag }, factor: 2 })),
      holders: { tag: 'Attested', value: account(ATTESTER) },
      novelty: NOVELTY,
    },
  );
  return royalty.call.createRound({ models, rule });
}

/** Counts of an attester that is admitted for them. */
function attestedCount(test: TestChain, model: bigint) {
  const name = `reporter ${model}`;
  admitted(test, name);
  return { ...usesOf(name, 1n, 1n, model), attested: { tag: 'Benchmark' as const } };
}

const signed = (who: string): Origin => Origin.signed(account(who));

/** A round under way, and who does what in it. */
class MeasuredRound {
  readonly #gauge: Gauge;
  readonly #values: number;
  readonly #direction: Int8Array;
  readonly #id: number;
  readonly #isRich: boolean;

  constructor(gauge: Gauge, { values, items, isRich }: RoundPlan) {
    const { test } = gauge;
    this.#gauge = gauge;
    this.#values = values;
    this.#direction = part(test, values);
    this.#isRich = isRich;
    if (isRich) plantPast(test, MODELS, [values]);
    const { id } = beginRound(test, {
      parts: [values],
      normSq: normOf(values),
      points: 1n,
      // What the round leaves goes back to as many models as may be.
      others: Array.from({ length: MAX_ROUND_MODELS - 1 }, (_, i) => ({ model: BigInt(i + 1), pool: POOL / 10n })),
      maxItems: items + 1,
      openBlocks: 200,
      directions: [directionHash(0, SALT, asBytes(this.#direction))],
      ...(isRich ? { holders: { tag: 'Attested' as const, value: undefined }, novelty: NOVELTY } : {}),
    });
    this.#id = id;
  }

  /** Blocks pass until the round is in `phase`. */
  until(phase: RoundPhase): void {
    this.#gauge.runUntil(() => {
      const found = phaseOf(this.#gauge.test, this.#id);
      if (found === 'Failed') throw new Error(`the round failed before ${phase}`);
      return found === phase;
    });
  }

  /** Enrols `who` and submits an update, whose proof holds or does not. */
  contribute(who: string, holds: boolean): void {
    const { test } = this.#gauge;
    if (this.#isRich) enrolAs(test, this.#id, { name: who, holder: who, attester: ATTESTER });
    else this.#do(who, royalty.call.enrol({ round: this.#id, enrolment: enrolmentOf(test, this.#id, who) }));
    const update = part(test, this.#values);
    const sealed = holds
      ? sealedOf(test, this.#id, who, 0, 0, update)
      : forged(test, this.#id, who, 0, 'opened', 0, update);
    this.#submit(who, 0, sealed);
  }

  /** All uses are of the first of `items` contributors. */
  report(items: number): void {
    const counts = Array.from({ length: items }, (_, i) => (i === 0 ? 50 : 0));
    this.#submit('reporter', 1, sealedOf(this.#gauge.test, this.#id, 'reporter', 1, 0, counts));
  }

  publish(): void {
    const direction = asBytes(this.#direction);
    const shown = tally.call.publishDirection({ round: this.#id, part: 0, salt: SALT, direction });
    this.#gauge.note(Origin.none, shown);
    this.#gauge.test.chain.dispatch(Origin.none, shown);
  }

  #do(who: string, what: RuntimeCall): void {
    this.#gauge.note(signed(who), what);
    call(this.#gauge.test, who, what);
  }

  #submit(who: string, lane: number, sealed: Uint8Array): void {
    const what = tally.call.submit({ round: this.#id, lane, part: 0, sealed });
    this.#gauge.noteSized('Tally.submit', sealed.length, signed(who), what);
    submitSealed(this.#gauge, who, this.#id, lane, 0, sealed);
  }
}

/** Runs a round to its settlement. Throws if it fails. */
export function measureRound(plan: RoundPlan): RoundFigures {
  const { paramsId, items, budget, forger } = plan;
  const [who, liar] = [names(items), 'forger'];
  const reporters = Array.from({ length: MAX_ROUND_MODELS }, (_, model) => `reporter ${model}`);
  const test = testChain({ paramsId, accounts: [...who, liar, ATTESTER, ...reporters], isChecked: false });
  const gauge = new Gauge(test, budget);
  gauge.runToActive();
  call(test, 'user', royalty.call.fund({ model: 0n, amount: POOL }));
  gauge.note(signed('user'), royalty.call.fund({ model: 0n, amount: POOL }));
  fundModels(test);
  admitted(test, ATTESTER);
  if (!plan.isRich) gauge.note(signed('owner'), longestRound(test));
  const round = new MeasuredRound(gauge, plan);
  round.until('Open');
  for (const name of who) round.contribute(name, true);
  if (forger) round.contribute(liar, false);
  round.report(items + 1);
  round.until('Direction');
  round.publish();
  round.until('Settled');
  return gauge;
}
