/**
 * Secret votes with any people in the places, any open votes beside them, a committee that may fail and a proposal that may be cancelled, beside a model that
 * knows only what each of them does: what is counted, what passes, and where every unit is in the end. The pallets' own invariants are looked at after every call.
 */
import { expect } from 'chai';
import * as fc from 'fast-check';
import { freeOf, totalIssuance } from '../../../pallets/balances/index.ts';
import { Origin, TREASURY } from '../../../pallets/support/index.ts';
import { findRound, postsBytesOf, type Round, tally } from '../../../pallets/tally/index.ts';
import { lengthToFee } from '../../../pallets/transaction-payment/index.ts';
import { LANES } from '../../../primitives/proofs/lane.ts';
import { account, submitSealed } from '../../support/committee.ts';
import { lyingVector } from '../../support/lying-vector.ts';
import { AYE, LOCK, NAY, NEITHER, SEAT, SecretVotes, setBurn, SILENT } from '../../support/secret-vote.ts';

const PEOPLE = ['anna', 'bo', 'cleo', 'dan', 'eve', 'finn', 'gil', 'hedi'];
const BALLOT = { aye: AYE, nay: NAY, neither: NEITHER };
const FUNDS = 10n ** 12n;
const wanted = setBurn(500n);

/** What somebody does who may take a place. */
type Part = keyof typeof BALLOT | 'liar' | 'silent' | 'away';
const part = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom<Part>('aye', 'aye', 'aye', 'nay', 'nay', 'neither') },
  { weight: 2, arbitrary: fc.constantFrom<Part>('liar', 'silent', 'away') },
);
const open = fc.record({
  side: fc.constantFrom<'Aye' | 'Nay'>('Aye', 'Nay'),
  amount: fc.bigInt(1_000_000n, FUNDS / 2n),
});
const plan = fc.record({
  parts: fc.array(part, { minLength: PEOPLE.length, maxLength: PEOPLE.length }),
  least: fc.integer({ min: 5, max: 6 }),
  opens: fc.array(open, { maxLength: 2 }),
  fate: fc.constantFrom('honest', 'honest', 'honest', 'the committee fails', 'cancelled early', 'cancelled late'),
  /** Calls that must change nothing, by whom. */
  noise: fc.array(fc.record({ at: fc.nat({ max: 3 }), what: fc.nat({ max: 4 }), who: fc.nat({ max: 7 }) }), {
    maxLength: 8,
  }),
});
interface Plan {
  readonly parts: Part[];
  readonly least: number;
  readonly opens: { side: 'Aye' | 'Nay'; amount: bigint }[];
  readonly fate: string;
  readonly noise: { at: number; what: number; who: number }[];
}

const FIVE: Part[] = ['aye', 'aye', 'aye', 'nay', 'neither', 'liar', 'silent', 'away'];
/** Those that chance might leave out. */
const EXAMPLES: [Plan][] = [
  [{ parts: FIVE, least: 5, opens: [{ side: 'Aye', amount: SEAT }], fate: 'honest', noise: [] }],
  [{ parts: FIVE, least: 5, opens: [{ side: 'Nay', amount: 2n * SEAT }], fate: 'honest', noise: [] }],
  [{ parts: FIVE, least: 5, opens: [], fate: 'the committee fails', noise: [] }],
  [{ parts: FIVE, least: 6, opens: [], fate: 'cancelled late', noise: [] }],
];

/** What has to come out of it. */
function expected({ parts, least, fate }: Plan) {
  const has = (...these: Part[]): number => parts.filter((each) => these.includes(each)).length;
  const honest = has('aye', 'nay', 'neither');
  const isShort = honest + has('liar') < least;
  const isFailed = !isShort && fate === 'the committee fails';
  const tag = isFailed ? 'Failed' : honest < least ? 'TooFew' : 'Counted';
  const isChecked = !isShort && !isFailed;
  const isBlamed = !fate.startsWith('cancelled') && !isFailed;
  const silentPays = (each: Part): boolean => each === 'silent' || (each === 'liar' && isChecked);
  return { tag, isChecked, pays: (each: Part) => isBlamed && silentPays(each) };
}

/** One secret vote from the first call to the last, and what became of it. */
class Run {
  readonly votes: SecretVotes = new SecretVotes(PEOPLE).active();
  readonly #issued: bigint = totalIssuance(this.votes.chain.ctx);
  readonly #plan: Plan;
  tag = 'Cancelled';
  isEnacted = false;

  constructor(made: Plan) {
    this.#plan = made;
  }

  /** Calls that fail whenever they come; but when all is counted there is room for another secret vote. */
  #noise(at: number): void {
    const { chain, pallet } = this.votes;
    const calls = [
      pallet.call.countBallots({ id: 0n }),
      pallet.call.enact({ id: 0n, call: wanted }),
      pallet.call.close({ id: 0n }),
      pallet.call.withdraw({ id: 0n }),
      this.votes.proposeSecret(wanted),
    ];
    for (const { what, who } of this.#plan.noise.filter((each) => each.at === at && (at < 3 || each.what < 4))) {
      const outcome = chain.dispatch(Origin.signed(account(PEOPLE[who]!)), calls[what]!);
      expect(outcome, `call ${what} at ${at}`).not.to.equal('ok');
    }
  }

  #cancel(): void {
    const call = this.votes.pallet.call.cancel({ id: 0n, depositLost: false });
    expect(this.votes.chain.dispatch(Origin.root, call)).to.equal('ok');
  }

  run(): void {
    const { votes } = this;
    const { parts, least, opens, fate } = this.#plan;
    const seated = PEOPLE.filter((_, i) => parts[i] !== 'away');
    votes.opened(seated, wanted, least);
    const fee = lengthToFee(postsBytesOf(findRound(votes.chain.ctx, votes.round) as Round));
    this.#noise(0);
    for (const [i, who] of PEOPLE.entries()) this.#takePart(who, parts[i]!);
    for (const [i, { side, amount }] of opens.entries())
      votes.make(i === 0 ? 'owner' : 'reporter', votes.vote(0n, side, amount));
    this.#noise(1);
    if (fate === 'cancelled early') this.#cancel();
    const { closes = 0 } = votes.store.proposals.get(0n) ?? {};
    votes.until(closes);
    this.#noise(2);
    if (fate === 'cancelled late') this.#cancel();
    if (fate === 'the committee fails') votes.members.conduct = () => undefined;
    votes.over().make('user', votes.pallet.call.countBallots({ id: 0n }));
    this.#end();
    this.#settled(fee);
  }

  #takePart(who: string, what: Part): void {
    const { members, round } = this.votes;
    if (what === 'liar')
      submitSealed(members, who, round, LANES.ballot, 0, lyingVector(members.test, round, who, [0, 3, 0]));
    else if (what !== 'silent' && what !== 'away') this.votes.cast({ [who]: BALLOT[what] });
  }

  /** The proposal passes by all votes together, or ends. */
  #end(): void {
    const { votes } = this;
    const found = votes.store.proposals.get(0n);
    expect(found === undefined).to.equal(this.#plan.fate.startsWith('cancelled'));
    if (found === undefined) return;
    this.tag = found.ballots!.tag;
    expect(this.tag).to.equal(expected(this.#plan).tag);
    const passes = this.tag === 'Counted' && this.#passes();
    const enactFrom = votes.chain.ctx.block + 2 * LOCK;
    if (passes) {
      this.#noise(3);
      votes.until(enactFrom - 1);
      const enact = votes.pallet.call.enact({ id: 0n, call: wanted });
      expect(votes.chain.dispatch(Origin.signed(account('user')), enact)).not.to.equal('ok');
      votes.until(enactFrom).make('user', enact);
    } else votes.make('user', votes.pallet.call.close({ id: 0n }));
    this.isEnacted = passes;
    expect(votes.burnOf()).to.equal(passes ? 500n : 100n);
  }

  #passes(): boolean {
    const { parts, opens } = this.#plan;
    const secret = (side: Part): bigint => SEAT * BigInt(parts.filter((each) => each === side).length);
    const inOpen = (side: 'Aye' | 'Nay'): bigint =>
      opens.reduce((sum, each) => (each.side === side ? sum + each.amount : sum), 0n);
    const [ayes, nays] = [secret('aye') + inOpen('Aye'), secret('nay') + inOpen('Nay')];
    // The electorate is what there was before the fee for the committee's posts was burned.
    return ayes > nays && (ayes + secret('neither')) * 10_000n >= 200n * this.#issued;
  }

  /** Nothing is reserved any more, and what is gone is what the rules take. */
  #settled(fee: bigint): void {
    const { votes } = this;
    const { parts } = this.#plan;
    const { pays, isChecked } = expected(this.#plan);
    const { depositBase } = tally.use(votes.chain.ctx).store.config.get()!;
    let lies = 0n;
    for (const [i, who] of PEOPLE.entries()) {
      const lie = parts[i] === 'liar' && isChecked ? depositBase : 0n;
      lies += lie;
      const left = FUNDS - lie - (pays(parts[i]!) ? SILENT : 0n);
      expect([votes.free(who), votes.reserved(who)], `${who}, ${parts[i]}`).to.deep.equal([left, 0n]);
    }
    const { ctx } = votes.chain;
    expect(totalIssuance(ctx)).to.equal(this.#issued - fee - lies);
    const paid = BigInt(parts.filter(pays).length) * SILENT;
    const deposit =
      (ctx.events.findLast(({ name }) => name === 'Closed')?.data as { lost: bigint } | undefined)?.lost ?? 0n;
    expect(freeOf(ctx, TREASURY)).to.equal(paid + deposit);
    expect(votes.store.secretVote.get()).to.equal(undefined);
  }
}

describe('pallets/governance: any secret vote', function () {
  it('counts who was honest, passes what all votes together pass, and every unit is where it belongs', () => {
    const seen: string[] = [];
    fc.assert(
      fc.property(plan, (made) => {
        const run = new Run(made);
        run.run();
        seen.push(run.tag, `enacted: ${run.isEnacted}`);
      }),
      { numRuns: 11, examples: EXAMPLES },
    );
    expect(seen).to.include.members(['Counted', 'enacted: true', 'enacted: false']);
  });
});
