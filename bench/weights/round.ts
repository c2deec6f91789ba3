/** A whole round of a committee, on the real pallets and with real shares, stopped wherever a figure is taken. */
import { royalty } from '../../pallets/royalty/index.ts';
import { Origin, type RuntimeCall } from '../../pallets/support/index.ts';
import { committee, type SetupPost } from '../../pallets/committee/index.ts';
import { type RuleRecord, sizeOfPost, tally, type TallyPost } from '../../pallets/tally/index.ts';
import { at } from '../../primitives/at.ts';
import { completeNorm } from '../../primitives/proofs/norm.ts';
import { SPARE_COORDINATES } from '../../primitives/proofs/lane.ts';
import { directionHash } from '../../primitives/round/index.ts';
import { MAX_REPORTERS, MAX_UPDATE_PARTS } from '../../primitives/round/limits.ts';
import type { RoundPhase } from '../../primitives/round/phases.ts';
import { claimOf } from '../../test/support/claims.ts';
import {
  account,
  asBytes,
  beginRound,
  call,
  enrolmentOf,
  phaseOf,
  SALT,
  sealedOf,
  submitSealed,
  TestCommittee,
  type TestChain,
  testChain,
} from '../../test/support/committee.ts';
import { forged } from '../../test/support/forged.ts';
import { type Cost, costOf, microsOfEnd } from './measure.ts';

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
}

export interface RoundFigures {
  /** By `Pallet.call`; of several measurements of one call the largest of each figure. */
  readonly calls: ReadonlyMap<string, Cost>;
  /** By `Pallet.call`, for calls whose cost follows their size; of several of one size the largest. */
  readonly sized: ReadonlyMap<string, ReadonlyMap<number, Cost>>;
  /** Microseconds of the longest end of a block that began in each phase. */
  readonly ends: ReadonlyMap<RoundPhase, number>;
}

/** Of two costs the larger figures. */
export function largest(now: Cost, before: Cost | undefined): Cost {
  return {
    reads: Math.max(now.reads, before?.reads ?? 0),
    writes: Math.max(now.writes, before?.writes ?? 0),
    micros: Math.max(now.micros, before?.micros ?? 0),
  };
}

/** Notes what its posts and the ends of its blocks take. */
class Gauge extends TestCommittee {
  readonly calls = new Map<string, Cost>();
  readonly sized = new Map<string, Map<number, Cost>>();
  readonly ends = new Map<RoundPhase, number>();
  readonly #budget: number;

  constructor(test: TestChain, budget: number) {
    super(test);
    this.#budget = budget;
  }

  cost(origin: Origin, what: RuntimeCall): Cost {
    const { composition, ctx } = this.test.chain;
    return costOf({ composition, ctx, origin, call: what }, this.#budget);
  }

  note(origin: Origin, what: RuntimeCall): void {
    const name = `${what.tag}.${what.value.tag}`;
    this.calls.set(name, largest(this.cost(origin, what), this.calls.get(name)));
  }

  noteSized(name: string, size: number, origin: Origin, what: RuntimeCall): void {
    const sizes = this.sized.get(name) ?? new Map<number, Cost>();
    sizes.set(size, largest(this.cost(origin, what), sizes.get(size)));
    this.sized.set(name, sizes);
  }

  override dispatch(post: TallyPost | SetupPost, signature: Uint8Array): string {
    if ('round' in post) {
      const name = `Tally.post${post.body.tag}`;
      this.noteSized(name, sizeOfPost(post.body), Origin.none, tally.call.post({ post, signature }));
    } else this.note(Origin.none, committee.call.post({ post, signature }));
    return super.dispatch(post, signature);
  }

  /** As the committee's own, but for the look at every end of a block. */
  override runUntil(done: () => boolean, limit = 400): void {
    const { chain } = this.test;
    const last = chain.ctx.block + limit;
    while (!done()) {
      if (chain.ctx.block >= last) throw new Error('the committee did not get there');
      this.act();
      const micros = microsOfEnd(chain.composition, chain.ctx);
      for (const id of tally.use(chain.ctx).store.live.get()) {
        const phase = phaseOf(this.test, id) as RoundPhase;
        this.ends.set(phase, Math.max(micros, this.ends.get(phase) ?? 0));
      }
      chain.runToBlock(chain.ctx.block + 1);
    }
  }
}

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

/** The longest rule that a round may have. */
function longestRule(test: TestChain, values: number): RuleRecord {
  const hash = directionHash(0, SALT, asBytes(new Int8Array(values)));
  return {
    parts: Array.from({ length: MAX_UPDATE_PARTS }, () => values),
    normSq: normOf(values),
    reporters: Array.from({ length: MAX_REPORTERS }, (_, i) => ({ account: account(`reporter ${i}`), total: 1n })),
    alpha: 1n,
    gamma: 1n,
    tMin: 1n,
    pool: 1_000_000_000n,
    stake: 500_000_000n,
    kMin: 3,
    maxItems: 8,
    openBlocks: 10,
    maxExtensions: 1,
    directions: Array.from({ length: MAX_UPDATE_PARTS }, () => hash),
  };
}

const signed = (who: string): Origin => Origin.signed(account(who));

/** Runs a round to its settlement and a claim. Throws if it fails. */
export function measureRound({ paramsId, items, values, budget, forger }: RoundPlan): RoundFigures {
  const who = names(items);
  const liar = 'forger';
  const test = testChain({ paramsId, accounts: [...who, liar] });
  const gauge = new Gauge(test, budget);
  gauge.runToActive();
  call(test, 'user', royalty.call.fund({ model: 0n, amount: 1_000_000_000n }));
  gauge.note(signed('user'), royalty.call.fund({ model: 0n, amount: 1_000_000n }));
  gauge.note(signed('owner'), royalty.call.createRound({ model: 0n, rule: longestRule(test, 12) }));
  const direction = part(test, values);
  const { id } = beginRound(test, {
    parts: [values],
    normSq: normOf(values),
    alpha: 1n,
    maxItems: items + 1,
    openBlocks: 200,
    directions: [directionHash(0, SALT, asBytes(direction))],
  });
  const until = (phase: string): void => {
    gauge.runUntil(() => {
      const found = phaseOf(test, id);
      if (found === 'Failed') throw new Error(`the round failed before ${phase}`);
      return found === phase;
    });
  };
  const enrol = (name: string): void => {
    const what = royalty.call.enrol({ round: id, enrolment: enrolmentOf(test, id, name) });
    gauge.note(signed(name), what);
    call(test, name, what);
  };
  const submit = (by: string, lane: number, sealed: Uint8Array): void => {
    const what = tally.call.submit({ round: id, lane, part: 0, sealed });
    gauge.noteSized('Tally.submit', sealed.length, signed(by), what);
    submitSealed(gauge, by, id, lane, 0, sealed);
  };
  until('Open');
  for (const name of who) {
    enrol(name);
    submit(name, 0, sealedOf(test, id, name, 0, 0, part(test, values)));
  }
  if (forger) {
    enrol(liar);
    submit(liar, 0, forged(test, id, liar, 0, 'response', 0, part(test, values)));
  }
  const counts = Array.from({ length: items + 1 }, (_, i) => (i === 0 ? 50 : 0));
  submit('reporter', 1, sealedOf(test, id, 'reporter', 1, 0, counts));
  until('Direction');
  const publish = royalty.call.publishDirection({ round: id, part: 0, salt: SALT, direction: asBytes(direction) });
  gauge.note(signed('owner'), publish);
  call(test, 'owner', publish);
  until('Settled');
  const claim = claimOf(test, id, at(who, 0), 0);
  gauge.note(Origin.none, claim);
  return { calls: gauge.calls, sized: gauge.sized, ends: gauge.ends };
}
