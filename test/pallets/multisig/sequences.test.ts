/** Whatever signatories do in whatever order: money, deposits, thresholds. */
import { expect } from 'chai';
import * as fc from 'fast-check';
import { freeOf } from '../../../pallets/balances/index.ts';
import type { MockRuntime, RuntimeCall } from '../../../pallets/support/index.ts';
import {
  account,
  ALICE,
  approve,
  asking,
  asMulti,
  BOB,
  by,
  cancel,
  CAROL,
  DAVE,
  fresh,
  hashOf,
  latest,
  multisig,
  pay,
  START,
  type When,
  who,
} from './support.ts';

const CALLS = [pay(5_000n), pay(70_000n), asking.call.fails({})];
const PAID = [5_000n, 70_000n, 0n];

interface Model {
  when: When;
  depositor: number;
  approvals: Set<number>;
}
const step = fc.record({
  how: fc.constantFrom('approve', 'asMulti', 'asMulti', 'cancel'),
  signatory: fc.constantFrom(ALICE, BOB, CAROL, DAVE),
  call: fc.nat({ max: CALLS.length - 1 }),
  threshold: fc.constantFrom(2, 2, 3),
  when: fc.constantFrom('right', 'right', 'right', 'none', 'old'),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** What a step must do, by a model that knows approvals and nothing else. `undefined`: it is refused. */
class Expected {
  readonly open = new Map<string, Model>();
  paid = 0n;

  take({ how, signatory, call, threshold, when }: Step, at: When, found: Model | undefined): string | undefined {
    const name = `${call} ${threshold}`;
    if (signatory === DAVE) return undefined;
    if (how === 'cancel') {
      if (found?.depositor !== signatory || when !== 'right') return undefined;
      this.open.delete(name);
      return 'MultisigCancelled';
    }
    if (found === undefined) {
      if (when === 'old') return undefined;
      this.open.set(name, { when: at, depositor: signatory, approvals: new Set([signatory]) });
      return 'NewMultisig';
    }
    if (when !== 'right') return undefined;
    const approvals = new Set(found.approvals);
    if (approvals.size < threshold) approvals.add(signatory);
    if (how === 'asMulti' && approvals.size >= threshold) {
      this.open.delete(name);
      if (threshold === 2) this.paid += PAID[call]!;
      return 'MultisigExecuted';
    }
    if (approvals.size === found.approvals.size) return undefined;
    found.approvals.add(signatory);
    return 'MultisigApproval';
  }
}

function callOf({ how, signatory, call, threshold, when }: Step, found: Model | undefined): RuntimeCall {
  const inner = CALLS[call]!;
  const old = { height: 0, index: 4_000 };
  const point = when === 'old' ? old : when === 'right' ? found?.when : undefined;
  // Dave names the others as if he were Alice.
  const wish = { threshold, ...(signatory === DAVE ? { others: [who(BOB), who(CAROL)] } : {}) };
  if (how === 'cancel') return cancel(signatory, inner, point ?? old, wish);
  const build = how === 'approve' ? approve : asMulti;
  return build(signatory, inner, { ...wish, when: point });
}

const eventsOf = (chain: MockRuntime) => chain.events.filter(({ pallet }) => pallet === 'Multisig');

/** Dave's operations are those of another account: they are no part of the model, and are taken back at once. */
function undoDave(chain: MockRuntime, { call, threshold }: Step): void {
  const wish = { threshold, others: [who(BOB), who(CAROL)] };
  expect(chain.dispatch(by(DAVE), cancel(DAVE, CALLS[call]!, latest(chain), wish))).to.equal('ok');
}

function play(steps: readonly Step[]): void {
  const chain = fresh();
  const expected = new Expected();
  for (const each of steps) {
    const found = expected.open.get(`${each.call} ${each.threshold}`);
    const before = eventsOf(chain).length;
    // The harness checks the issuance, and every deposit against every open operation.
    const outcome = chain.dispatch(by(each.signatory), callOf(each, found));
    if (each.signatory === DAVE) {
      if (outcome === 'ok') undoDave(chain, each);
      continue;
    }
    const told = expected.take(each, latest(chain), found);
    expect(outcome === 'ok', JSON.stringify(each)).to.equal(told !== undefined);
    expect(
      eventsOf(chain)
        .slice(before)
        .map(({ name }) => name),
    ).to.deep.equal(told === undefined ? [] : [told]);
    expect(freeOf(chain.ctx, account(2)), 'paid under the threshold, or twice').to.equal(START - expected.paid);
  }
  for (const [name, { depositor, when }] of expected.open) {
    const [call, threshold] = name.split(' ').map(Number) as [number, number];
    expect(multisig.use(chain.ctx).store.multisigs.has(account(threshold), hashOf(CALLS[call]!))).to.equal(true);
    expect(chain.dispatch(by(depositor), cancel(depositor, CALLS[call]!, when, { threshold }))).to.equal('ok');
  }
  expect([...multisig.deposits(chain.ctx)]).to.deep.equal([]);
  for (const each of [ALICE, BOB, CAROL]) expect(freeOf(chain.ctx, who(each)), 'what was deposited').to.equal(START);
}

describe('pallets/multisig: sequences', () => {
  it('conserve money, leave no deposit behind, execute nothing under the threshold and nothing twice', function () {
    fc.assert(fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), play), { numRuns: 150 });
  });
});
