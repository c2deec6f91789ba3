/** A chain with a committee that governs itself, with short periods: secret votes with real ballots. */
import { freeOf, reservedOf } from '../../pallets/balances/index.ts';
import { governancePallet } from '../../pallets/governance/index.ts';
import { parameters } from '../../pallets/parameters/index.ts';
import type { RuntimeCall } from '../../pallets/support/index.ts';
import { tally } from '../../pallets/tally/index.ts';
import { utilityPallet } from '../../pallets/utility/index.ts';
import { lazy, type Ty } from '../../primitives/scale/index.ts';
import { account, call, phaseOf, TestCommittee } from './committee.ts';
import { testChain } from './pallet-chain.ts';
import { cast, conclude } from './pallet-sums.ts';

export const LOCK = 5;
export const VOTING = 12;
/** Not a multiple of ten: a part of it is rounded. */
export const SEAT = 100_000_000_007n;
/** What a place without a ballot loses: a tenth, rounded down. */
export const SILENT = 10_000_000_000n;
export const VOTERS = ['anna', 'bo', 'cleo', 'dan', 'eve', 'finn'];
export const AYE = [1, 0, 0];
export const NAY = [0, 1, 0];
export const NEITHER = [0, 0, 1];

/** The chain as its people see it. */
export class SecretVotes {
  readonly #callTy = lazy((): Ty<RuntimeCall> => this.members.test.chain.composition.callTy);
  readonly pallet = governancePallet(this.#callTy);
  readonly members: TestCommittee;

  constructor(names: readonly string[] = VOTERS, changes: Readonly<Record<string, bigint>> = {}) {
    const begun = {
      GovernanceVoting: BigInt(VOTING),
      GovernanceTimeLock: BigInt(LOCK),
      GovernanceWindow: 10n,
      GovernanceLock: 3n,
      SecretSeat: SEAT,
      ...changes,
    };
    this.members = new TestCommittee(
      testChain({ accounts: names, pallets: [utilityPallet(this.#callTy), this.pallet], parameters: begun }),
    );
  }

  /** With a committee that takes rounds. */
  active(): this {
    this.members.runToActive();
    return this;
  }

  get chain() {
    return this.members.test.chain;
  }

  get store() {
    return this.pallet.use(this.chain.ctx).store;
  }

  make(who: string, what: RuntimeCall): void {
    call(this.members.test, who, what);
  }

  encoded(what: RuntimeCall): Uint8Array {
    return this.chain.composition.callTy.codec.enc(what);
  }

  propose(what: RuntimeCall): RuntimeCall {
    return this.pallet.call.propose({ call: this.encoded(what), title: 'Open', reasons: new Uint8Array(32) });
  }

  proposeSecret(what: RuntimeCall, leastBallots = 5): RuntimeCall {
    const wish = { call: this.encoded(what), title: 'In secret', reasons: new Uint8Array(32) };
    return this.pallet.call.proposeSecret({ ...wish, leastBallots });
  }

  vote(id: bigint, side: 'Aye' | 'Nay', amount: bigint): RuntimeCall {
    return this.pallet.call.vote({ id, choice: { tag: side, value: { tag: 'X1' } }, amount });
  }

  /** The round of the last secret vote. */
  get round(): number {
    return tally.use(this.chain.ctx).store.nextRound.get() - 1;
  }

  /** A secret vote about proposal `id`, by `user`, that takes ballots, with these in their places. */
  opened(seated: readonly string[], what: RuntimeCall = setBurn(500n), leastBallots = 5, id = 0n): this {
    this.make('user', this.proposeSecret(what, leastBallots));
    for (const who of seated) this.make(who, this.pallet.call.takeSeat({ id }));
    this.members.runUntil(() => phaseOf(this.members.test, this.round) === 'Open');
    return this;
  }

  cast(ballots: Readonly<Record<string, readonly number[]>>): this {
    for (const [who, ballot] of Object.entries(ballots)) cast(this.members, this.round, who, ballot);
    return this;
  }

  /** Blocks pass until the round of ballots is over. */
  over(): this {
    conclude(this.members, this.round);
    return this;
  }

  until(block: number): this {
    this.members.runUntil(() => this.chain.ctx.block >= block);
    return this;
  }

  free(who: string): bigint {
    return freeOf(this.chain.ctx, account(who));
  }

  reserved(who: string): bigint {
    return reservedOf(this.chain.ctx, account(who));
  }

  burnOf(): bigint {
    return parameters.use(this.chain.ctx).store.values.get({ tag: 'LicenceBurn' }) ?? 100n;
  }
}

export const setBurn = (value: bigint): RuntimeCall =>
  parameters.call.setParameter({ name: { tag: 'LicenceBurn' }, value });
