/** Whatever owners do in whatever order: money to the last unit, the parts, the delegates, the log. */
import { expect } from 'chai';
import * as fc from 'fast-check';
import { DELEGATE_DEPOSIT, LOG_FEE, OFFER_DEPOSIT, ownership, titleOf } from '../../../pallets/ownership/index.ts';
import { DATA_DEPOSIT } from '../../../pallets/registry/index.ts';
import type { RuntimeCall } from '../../../pallets/support/index.ts';
import {
  ALICE,
  as,
  BOB,
  CAROL,
  DATA,
  DAVE,
  delegate,
  free,
  give,
  MONEY,
  partsOf,
  reserved,
  take,
  takeShare,
  to,
  transfer,
  withData,
} from './support.ts';

const people = [ALICE, BOB, CAROL, DAVE];
const person = fc.constantFrom(...people);
const step = fc.record({
  how: fc.constantFrom('transfer', 'give', 'give', 'take', 'take', 'take', 'close', 'delegate'),
  by: person,
  to: person,
  bps: fc.constantFrom(0, 1, 17, 5_000, 9_999, 10_000),
  roles: fc.constantFrom(0, 0, 1, 6, 15, 16),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The same title, kept by hand. */
class Model {
  owner = ALICE;
  readonly parts = new Map([[ALICE, 10_000]]);
  readonly delegates = new Set<number>();
  /** The title, or how many basis points, by who offers and to whom. */
  readonly offers = new Map<string, 'title' | number>();
  readonly fees = new Map<number, bigint>();
  entries = 1;

  #logged(by: number): true {
    this.entries++;
    this.fees.set(by, (this.fees.get(by) ?? 0n) + LOG_FEE);
    return true;
  }
  #move(from: number, to: number, bps: number): void {
    this.parts.set(from, (this.parts.get(from) ?? 0) - bps);
    this.parts.set(to, (this.parts.get(to) ?? 0) + bps);
  }

  #offer(from: number, to: number, what: 'title' | number): boolean {
    const key = `${from} ${to}`;
    if (this.offers.has(key)) return false;
    this.offers.set(key, what);
    return true;
  }
  #accept(from: number, to: number): boolean {
    const key = `${from} ${to}`;
    const what = this.offers.get(key);
    if (what === undefined) return false;
    if (what === 'title' ? this.owner !== from : (this.parts.get(from) ?? 0) < what) return false;
    this.offers.delete(key);
    this.#move(from, to, what === 'title' ? (this.parts.get(from) ?? 0) : what);
    if (what === 'title') {
      this.owner = to;
      this.delegates.clear();
    }
    return this.#logged(from);
  }
  /** What is reserved of an account for offers. */
  offered(n: number): bigint {
    return OFFER_DEPOSIT * BigInt([...this.offers.keys()].filter((key) => key.startsWith(`${n} `)).length);
  }

  /** @returns whether the step succeeds */
  take({ how, by, to, bps, roles }: Step): boolean {
    if (how === 'close') return this.offers.delete(`${by} ${to}`);
    if (how === 'take') return this.#accept(to, by);
    if (by === to) return false;
    if (how === 'give') {
      if (bps === 0 || (this.parts.get(by) ?? 0) < bps) return false;
      if (to !== this.owner && (this.parts.get(to) ?? 0) === 0) return this.#offer(by, to, bps);
      this.#move(by, to, bps);
      return this.#logged(by);
    }
    if (by !== this.owner) return false;
    if (how === 'transfer') return this.#offer(by, to, 'title');
    if (roles > 15 || (roles === 0 && !this.delegates.has(to))) return false;
    if (roles === 0) this.delegates.delete(to);
    else this.delegates.add(to);
    return true;
  }
}

/** What is accepted is what is offered, so that offers are taken at all. */
function callOf(model: Model, { how, by, to: other, bps, roles }: Step): RuntimeCall {
  const what = model.offers.get(`${other} ${by}`);
  switch (how) {
    case 'transfer':
      return transfer(other);
    case 'give':
      return give(other, bps);
    case 'take':
      return typeof what === 'number' ? takeShare(other, what) : take(other);
    case 'close':
      return ownership.call.closeOffer({ asset: DATA, from: to(by), to: to(other) });
    default:
      return delegate(other, roles);
  }
}

function play(steps: readonly Step[]): void {
  const chain = withData();
  const model = new Model();
  for (const each of steps) {
    const { by } = each;
    const call = callOf(model, each);
    // The harness checks the issuance, every deposit, and the pallet’s own invariants.
    expect(chain.dispatch(as(by), call) === 'ok', JSON.stringify(each)).to.equal(model.take(each));
    const title = titleOf(chain.ctx, DATA);
    expect(title?.owner[0]).to.equal(model.owner);
    expect(title?.entries).to.equal(model.entries);
    const parts = [...model.parts].filter(([, part]) => part > 0);
    expect(partsOf(title?.shares ?? []).toSorted(byAccount)).to.deep.equal(parts.toSorted(byAccount));
    for (const n of people) {
      const held = n === model.owner ? DATA_DEPOSIT + DELEGATE_DEPOSIT * BigInt(model.delegates.size) : 0n;
      const offered = model.offered(n);
      expect(reserved(chain, n)).to.equal(held + offered);
      // The deposit came with the asset: who has it now got it from Alice, who put it up.
      const owned = (n === ALICE ? -DATA_DEPOSIT : 0n) - (held === 0n ? 0n : held - DATA_DEPOSIT);
      expect(free(chain, n), `${n}`).to.equal(MONEY + owned - offered - (model.fees.get(n) ?? 0n));
    }
  }
  expect([...ownership.use(chain.ctx).store.delegates.entries(DATA)].length).to.equal(model.delegates.size);
}
const byAccount = ([a]: readonly [number, number], [b]: readonly [number, number]): number => a - b;

describe('pallets/ownership: sequences', () => {
  it('agree with a title kept by hand', function () {
    fc.assert(fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), play), { numRuns: 120 });
  });
});
