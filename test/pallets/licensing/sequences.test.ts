/** Whatever anybody does in whatever order: money, deposits, uses, references. The harness checks the issuance, every deposit, the escrow and all records after every call. */
import { expect } from 'chai';
import * as fc from 'fast-check';
import { totalIssuance } from '../../../pallets/balances/index.ts';
import {
  licensing,
  LICENSING_ESCROW,
  revokeByRuling,
  spendUses,
  type Terms,
} from '../../../pallets/licensing/index.ts';
import { freeOf } from '../../../pallets/balances/index.ts';
import { freeze, setOptedOut, thaw } from '../../../pallets/ownership/index.ts';
import { DispatchFailure, type RuntimeCall } from '../../../pallets/support/index.ts';
import {
  BUNDLE,
  BUYER,
  by,
  call,
  CAROL,
  DAVE,
  EVE,
  idOf,
  makeTerms,
  MODEL,
  once,
  OWNER,
  RENTED,
  scene,
  type Scene,
  START,
  to,
  who,
} from './support.ts';

const PEOPLE = [OWNER, BUYER, CAROL, DAVE, EVE];
const TERMS: readonly Terms[] = [
  RENTED,
  BUNDLE,
  makeTerms({ tiers: 7, price: once(9_999n), seats: 2, transferable: true }),
  makeTerms({ price: once(777n), duration: 8, approvers: [who(CAROL), who(DAVE)], approvals: 1 }),
  makeTerms({ tiers: 4, price: { tag: 'PerUse', value: { amount: 3n } }, uses: 7n, duration: 12 }),
];
const IDS = TERMS.map(idOf);
const base = { asset: MODEL };

type Made = (n: number, grant: bigint, pick: number) => RuntimeCall;
/** Calls that a person might make of a grant, an offer or terms, right or wrong. */
const CALLS: Readonly<Record<string, Made>> = {
  store: (_, __, pick) => call.storeTerms({ terms: TERMS[pick]! }),
  removeTerms: (_, __, pick) => call.removeTerms({ id: IDS[pick]! }),
  set: (_, grant, pick) => call.setTerms({ ...base, terms: grant % 2n === 0n ? IDS[pick] : undefined }),
  offer: (n, grant, pick) =>
    call.offer({
      ...base,
      terms: IDS[pick]!,
      buyer: grant % 3n === 0n ? who(n === OWNER ? BUYER : n) : undefined,
      until: undefined,
    }),
  withdraw: (_, grant) => call.withdrawOffer({ ...base, offer: grant }),
  buy: (_, grant) => call.buy({ ...base, offer: grant, most: START }),
  approve: (_, grant) => call.approveSale({ grant }),
  open: (_, grant) => call.open({ grant }),
  refund: (_, grant) => call.refund({ grant }),
  seat: (_, grant, pick) => call.assignSeat({ grant, account: to(PEOPLE[pick]!), uses: undefined }),
  countedSeat: (_, grant, pick) => call.assignSeat({ grant, account: to(PEOPLE[pick]!), uses: BigInt(pick) * 9n }),
  move: (n, grant, pick) => call.moveSeat({ grant, from: to(PEOPLE[pick]!), to: to(n) }),
  unseat: (_, grant, pick) => call.removeSeat({ grant, account: to(PEOPLE[pick]!) }),
  transfer: (_, grant, pick) => call.transfer({ grant, to: to(PEOPLE[pick]!) }),
  renew: (_, grant) => call.renew({ grant, most: START }),
  fund: (_, grant, pick) => call.setRenewalFund({ grant, fund: BigInt(pick + 1) * 10_000n }),
  poke: (_, grant) => call.pokeRenewal({ grant }),
  revoke: (_, grant) => call.revoke({ grant, reason: who(7) }),
  contest: (_, grant) => call.contest({ grant }),
  takeBack: (_, grant) => call.takeBack({ grant }),
  propose: (_, grant, pick) => call.proposeAmendment({ grant, terms: IDS[pick]! }),
  accept: (_, grant, pick) => call.acceptAmendment({ grant, terms: IDS[pick]! }),
  drop: (_, grant) => call.dropAmendment({ grant }),
  close: (_, grant) => call.close({ grant }),
  waive: (n, _, pick) => call.waive({ ...base, owner: who(n), terms: IDS[pick]!, clause: { tag: 'ShareAlike' } }),
  unwaive: (n, _, pick) =>
    call.withdrawWaiver({ ...base, owner: who(n), terms: IDS[pick]!, clause: { tag: 'ShareAlike' } }),
};
/** What comes from elsewhere: gateways, rulings, owners, time. */
const OTHERS = ['spend', 'ruling', 'freeze', 'thaw', 'optOut', 'optIn', 'wait', 'waitLong'] as const;

const step = fc.record({
  what: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...Object.keys(CALLS)) },
    {
      weight: 4,
      arbitrary: fc.constantFrom('buy', 'open', 'open', 'seat', 'countedSeat', 'spend', 'fund', 'renew', 'poke'),
    },
    { weight: 2, arbitrary: fc.constantFrom('revoke', 'contest', 'takeBack', 'propose', 'accept', 'approve') },
    { weight: 1, arbitrary: fc.constantFrom('wait', 'wait', 'wait', 'optIn', 'thaw', ...OTHERS) },
  ),
  who: fc.constantFrom<string | number>('holder', 'holder', 'holder', 'holder', 'holder', 'holder', 'owner', ...PEOPLE),
  nth: fc.nat({ max: 12 }),
  pick: fc.nat({ max: TERMS.length - 1 }),
});
type Plan = typeof step extends fc.Arbitrary<infer T> ? T : never;
interface Step {
  readonly what: string;
  readonly n: number;
  readonly grant: bigint;
  readonly pick: number;
}

/** Mostly of a grant that there is, by who may: what is refused at once tests little. */
function planned(chain: Scene, { what, who, nth, pick }: Plan): Step {
  const { store } = licensing.use(chain.ctx);
  const offers = what === 'buy' || what === 'withdraw' ? [...store.offers.entries(MODEL)].map(([[, id]]) => id) : [];
  const grants = [...store.grants.entries()].map(([[id]]) => id);
  const known = offers.length > 0 ? offers : grants;
  const grant = nth === 12 ? BigInt(nth + pick) : (known[nth % Math.max(known.length, 1)] ?? BigInt(nth));
  const holder = what === 'buy' ? PEOPLE[1 + (pick % 4)]! : (store.grants.get(grant)?.holder[0] ?? EVE);
  const asOwner = ['set', 'offer', 'waive', 'unwaive', 'withdraw', 'revoke', 'takeBack', 'refund'].includes(what);
  return { what, n: typeof who === 'number' ? who : asOwner || who === 'owner' ? OWNER : holder, grant, pick };
}

function happens(chain: Scene, { what, n, grant, pick }: Step): void {
  const { ctx } = chain;
  const things: Readonly<Record<string, () => void>> = {
    spend: () => spendUses(ctx, grant, BigInt(pick) * 20n, pick < 4 ? undefined : who(n)),
    ruling: () => revokeByRuling(ctx, grant, who(8)),
    freeze: () => freeze(ctx, MODEL, ctx.block + pick),
    thaw: () => thaw(ctx, MODEL),
    optOut: () => setOptedOut(ctx, MODEL, pick === 0),
    optIn: () => setOptedOut(ctx, MODEL, false),
    wait: () => chain.runToBlock(ctx.block + 1 + (pick % 3)),
    waitLong: () => chain.runToBlock(ctx.block + 12),
  };
  try {
    // as in a call: what fails leaves nothing
    if (what.startsWith('wait')) things[what]!();
    else ctx.transactional(things[what]!);
  } catch (error) {
    if (!(error instanceof DispatchFailure)) throw error;
  }
}

/** Uses are conserved: what is left of all accounts of a bundle and what was used are whole bundles. */
function checkUses(chain: Scene): void {
  const { store } = licensing.use(chain.ctx);
  const sums = new Map<bigint, bigint>();
  for (const [, entries] of store.access.entries())
    for (const { grant, usesLeft } of entries) sums.set(grant, (sums.get(grant) ?? 0n) + (usesLeft ?? 0n));
  for (const [[id], { used, terms }] of store.grants.entries())
    if (idOf(BUNDLE).every((byte, at) => byte === terms[at])) expect((sums.get(id)! + used) % 100n).to.equal(0n);
}

/** Every price is where it belongs: what grants have cost is what the asset, the treasury and nobody have. */
class Books {
  paid = 0n;
  #seen = 0;
  #block = 0;

  read(chain: Scene): void {
    if (chain.ctx.block !== this.#block) this.#seen = 0;
    this.#block = chain.ctx.block;
    for (const { pallet, name, data } of chain.events.slice(this.#seen)) {
      const told = data as Record<string, bigint>;
      if (pallet !== 'Licensing') continue;
      if (name === 'Opened') this.paid += told.earned! + told.treasury! + told.burned!;
      if (name === 'Renewed') this.paid += told.price!;
    }
    this.#seen = chain.events.length;
  }
}

function play(plans: readonly Plan[], amends: boolean): void {
  const chain = scene();
  const issued = totalIssuance(chain.ctx);
  const reserved = PEOPLE.map((n) => chain.reserved(n));
  const treasury = chain.treasury();
  const books = new Books();
  chain.set('LicenceReleaseBlocks', 10n);
  chain.set('LicenceApprovalBlocks', 10n);
  chain.set('LicenceRevokeBlocks', 10n);
  for (const [place, terms] of TERMS.entries()) {
    const offer = chain.offered(terms);
    chain.ok(PEOPLE[1 + (place % 4)]!, call.buy({ ...base, offer, most: START }));
  }
  books.read(chain);
  for (const plan of plans) {
    const each = planned(chain, plan);
    const made = CALLS[each.what];
    if (made === undefined) happens(chain, each);
    else if (amends || each.what !== 'propose') chain.dispatch(by(each.n), made(each.n, each.grant, each.pick));
    books.read(chain);
    if (!amends) checkUses(chain);
  }
  const burned = issued - totalIssuance(chain.ctx);
  expect(books.paid).to.equal(chain.earned() + chain.treasury() - treasury + burned);
  unwind(chain);
  expect(PEOPLE.map((n) => chain.reserved(n))).to.deep.equal(reserved);
  expect(freeOf(chain.ctx, LICENSING_ESCROW)).to.equal(0n);
}

/** Everybody takes back what they can: nothing is left over that nobody can remove. */
function unwind(chain: Scene): void {
  thaw(chain.ctx, MODEL);
  chain.runToBlock(chain.ctx.block + 10);
  for (const [[id], { holder, state }] of licensing.use(chain.ctx).store.grants.entries()) {
    const n = holder[0]!;
    if (state.tag !== 'Open') chain.ok(OWNER, call.refund({ grant: id }));
    else chain.ok(n, call.close({ grant: id }));
  }
  const now = licensing.use(chain.ctx).store;
  for (const [[, offer], { maker }] of now.offers.entries())
    chain.ok(maker[0]!, call.withdrawOffer({ ...base, offer }));
  for (const [[, { owner, terms }], list] of now.waivers.entries())
    for (const clause of list) chain.ok(OWNER, call.withdrawWaiver({ ...base, owner, terms, clause }));
  chain.ok(OWNER, call.setTerms({ ...base, terms: undefined }));
  for (const [[id], { storer }] of now.terms.entries()) chain.ok(storer[0]!, call.removeTerms({ id }));
}

describe('licensing: any sequence of calls', () => {
  it('conserves money and uses, and leaves no deposit behind', function () {
    fc.assert(
      fc.property(fc.array(step, { minLength: 50, maxLength: 80, size: 'max' }), (steps) => play(steps, false)),
      { numRuns: 25 },
    );
  });

  it('conserves money with amendments too', function () {
    fc.assert(
      fc.property(fc.array(step, { minLength: 50, maxLength: 80, size: 'max' }), (steps) => play(steps, true)),
      { numRuns: 25 },
    );
  });
});
