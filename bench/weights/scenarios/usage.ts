/** Calls of usage, with as many reporters and grants as there may be, and every other place for rounds of it taken. */
import { Origin, type RuntimeCall } from '../../../pallets/support/index.ts';
import { tally } from '../../../pallets/tally/index.ts';
import { LEAST_GRANTS, MAX_COUNTERS, MAX_NAME, MAX_REPORTERS, MAX_SLOTS } from '../../../pallets/usage/types.ts';
import { usage } from '../../../pallets/usage/index.ts';
import { account, call, testChain, TestCommittee, type TestChain } from '../../../test/support/committee.ts';
import { newModel } from '../../../test/support/registry.ts';
import { buy, calls, GATEWAY, metered, MODEL, placed, report, TERMS } from '../../../test/pallets/usage/support.ts';
import { idOfTerms } from '../../../test/support/terms.ts';
import type { Prepared } from '../measure.ts';
import type { Scenario } from '../scenario.ts';

const OTHER = 'another gateway';
const HOLDERS = Array.from({ length: MAX_SLOTS }, (_, i) => `holder ${i}`);
const COUNTERS = Array.from({ length: MAX_COUNTERS }, (_, i) => `${i}`.padStart(MAX_NAME, '0'));

function by({ chain }: TestChain, who: string, what: RuntimeCall): Prepared {
  const { composition, ctx } = chain;
  return { composition, ctx, origin: Origin.signed(account(who)), call: what };
}

const period = (model: bigint, reporters: number) =>
  calls.openPeriod({
    model,
    counters: COUNTERS,
    reporters: HOLDERS.slice(0, reporters).map(account),
    most: 15n,
    kMin: 2,
    openBlocks: 8,
  });
const name = (gateway: string) => calls.nameGateway({ model: MODEL, gateway: account(gateway), isNamed: true });
const opening = calls.openMeter({ model: MODEL, terms: idOfTerms(TERMS), kMin: LEAST_GRANTS });

/** Meter 0 with so many grants on it. With `isBusy` there are a committee, and another's period and report under way. */
const MOST_USES = 1n << 60n;

function withMeter(slots: number, isBusy: boolean): TestChain {
  const test = testChain({ accounts: [GATEWAY, OTHER, 'another', ...HOLDERS], pallets: [usage], isChecked: false });
  if (isBusy) new TestCommittee(test).runToActive();
  metered(test, HOLDERS.slice(0, slots));
  call(test, 'owner', name(OTHER));
  if (!isBusy) return test;
  call(test, OTHER, opening);
  for (const holder of HOLDERS.slice(0, LEAST_GRANTS)) placed(test, holder, buy(test, holder, 0n), 1, OTHER);
  call(test, OTHER, calls.report({ meter: 1, total: 5n, openBlocks: 8 }));
  call(test, 'another', newModel(account('another model')));
  call(test, 'another', period(1n, 2));
  return test;
}

/** As if the committee had opened all that is under way: every grant is used up, every counter counted. */
function settled(test: TestChain): TestChain {
  const { ctx } = test.chain;
  const { store } = tally.use(ctx);
  for (const id of store.live.get()) {
    const round = store.rounds.get(id)!;
    const { values, bounds } = round.sum!;
    const sums = Array.from({ length: bounds.length === 0 ? values : bounds.length }, () => 1n);
    store.sums.put(id, { ciphertext: new Uint8Array(32), contributors: round.rule.kMin, sums });
    // Whatever a grant has left, its bound is no less: all of them end.
    const sum = { ...round.sum!, bounds: bounds.map(() => MOST_USES) };
    store.rounds.put(id, { ...round, sum, phase: { tag: 'Settled' }, endedAt: ctx.block });
    store.handed.put(round.consumer, id, undefined);
  }
  return test;
}

/** As many grants as a submission of the test's parameter set carries: what each adds tells of more. */
const MOST_SLOTS = 32;

/** Everything under way that may be, and opened. */
function full(slots: number): TestChain {
  const test = withMeter(slots, true);
  // With as many uses as one grant has, each of them may be used up.
  call(test, GATEWAY, report(TERMS.uses!));
  call(test, 'owner', period(MODEL, MAX_REPORTERS));
  return settled(test);
}

export const usageScenarios: readonly Scenario[] = [
  {
    call: 'Usage.openPeriod',
    size: { unit: 'reporter', from: 2, to: MAX_REPORTERS },
    prepare: (reporters) => by(withMeter(0, true), 'owner', period(MODEL, reporters)),
  },
  {
    call: 'Usage.concludePeriod',
    prepare: () => by(full(LEAST_GRANTS), 'user', calls.concludePeriod({ model: MODEL, period: 0 })),
  },
  { call: 'Usage.nameGateway', prepare: () => by(withMeter(0, false), 'owner', name('user')) },
  { call: 'Usage.openMeter', prepare: () => by(withMeter(0, false), OTHER, opening) },
  {
    call: 'Usage.join',
    prepare() {
      const test = withMeter(MAX_SLOTS - 1, false);
      return by(test, HOLDERS[0]!, calls.join({ meter: 0, grant: buy(test, HOLDERS[0]!, 0n) }));
    },
  },
  {
    call: 'Usage.admit',
    prepare() {
      const test = withMeter(MAX_SLOTS - 1, false);
      const grant = buy(test, HOLDERS[0]!, 0n);
      call(test, HOLDERS[0]!, calls.join({ meter: 0, grant }));
      return by(test, GATEWAY, calls.admit({ meter: 0, grant }));
    },
  },
  {
    call: 'Usage.leave',
    prepare: () => by(withMeter(MAX_SLOTS, false), HOLDERS[0]!, calls.leave({ grant: 0n })),
  },
  {
    call: 'Usage.release',
    prepare: () => by(withMeter(MAX_SLOTS, false), GATEWAY, calls.release({ meter: 0, grant: 0n, uses: 3n })),
  },
  {
    call: 'Usage.closeMeter',
    prepare: () => by(withMeter(0, false), GATEWAY, calls.closeMeter({ meter: 0 })),
  },
  {
    call: 'Usage.report',
    size: { unit: 'grant', from: LEAST_GRANTS, to: MOST_SLOTS },
    prepare: (slots) => by(withMeter(slots, true), GATEWAY, report(5n)),
  },
  {
    call: 'Usage.concludeReport',
    size: { unit: 'grant', from: LEAST_GRANTS, to: MOST_SLOTS },
    prepare: (slots) => by(full(slots), 'user', calls.concludeReport({ meter: 0 })),
  },
];
