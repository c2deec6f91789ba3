/** A chain on which calls of `Governance` are measured: as many proposals, votes, candidates and motions as there may be. */
import { balances } from '../../../pallets/balances/index.ts';
import { governancePallet } from '../../../pallets/governance/index.ts';
import { createAsset, ownership } from '../../../pallets/ownership/index.ts';
import { parameters } from '../../../pallets/parameters/index.ts';
import { mockRuntime, type MockRuntime, Origin, type RuntimeCall, TREASURY } from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { utilityPallet } from '../../../pallets/utility/index.ts';
import { lazy, type Ty } from '../../../primitives/scale/index.ts';
import type { Prepared } from '../measure.ts';

export const PLACES = 32;
export const SEATS = 9;
const VOTES = 64;
export const TAC = 1_000_000n;
export const VOTING = 5;
export const TERM = 20;
const MOTION = 5;
export const who = (n: number): Uint8Array => new Uint8Array(32).fill(n);
export const to = (account: Uint8Array) => ({ tag: 'Id' as const, value: account });
/** Accounts that propose and stand; the first nine of them become the panel, the last of all votes. */
export const crowd = Array.from({ length: PLACES + SEATS }, (_, i) => who(i + 1));
export const voter = who(200);
const remark = (bytes: number): RuntimeCall => system.call.remark({ remark: new Uint8Array(bytes) });
const batch = (calls: RuntimeCall[]): RuntimeCall => ({ tag: 'Utility', value: { tag: 'batch', value: { calls } } });

/**
 * A call of about so many bytes that is as dear to read and write as can be: about as many calls within as one value may have, and a long one. The chain itself
 * may not make the first of them, so that none of the others is made: what they weigh is theirs.
 */
export function manyCalls(bytes: number): RuntimeCall {
  const stop = balances.call.transferAll({ dest: to(voter), keepAlive: true });
  const small = Array.from({ length: 5 }, () => batch(Array.from({ length: 200 }, () => remark(0))));
  return batch([stop, remark(bytes), ...small]);
}
export const reason = who(0x77);

/** The calls below must succeed; what is measured is made of them. */
export class Bench {
  readonly #callTy = lazy((): Ty<RuntimeCall> => this.chain.composition.callTy);
  readonly #utility = utilityPallet(this.#callTy);
  readonly pallet = governancePallet(this.#callTy);
  readonly chain: MockRuntime = mockRuntime([system, this.#utility, balances, parameters, ownership, this.pallet], {
    balances: { accounts: [...crowd, voter, TREASURY].map((each) => [each, 10_000_000n * TAC] as const) },
    parameters: {
      GovernanceVoting: BigInt(VOTING),
      GovernanceTimeLock: 2n,
      GovernanceWindow: 1_000n,
      GovernanceLock: 5n,
      PanelMotion: BigInt(MOTION),
      PanelSuspension: 15n,
      PanelTerm: BigInt(TERM),
      PanelSeats: BigInt(SEATS),
      GovernanceIgnored: 100n,
    },
  });

  make(account: Uint8Array, call: RuntimeCall): void {
    const outcome = this.chain.dispatch(Origin.signed(account), call);
    if (outcome !== 'ok') throw new Error(`${call.value.tag}: ${outcome}`);
  }

  ready(origin: Uint8Array | 'root', call: RuntimeCall): Prepared {
    const { composition, ctx } = this.chain;
    return { composition, ctx, origin: origin === 'root' ? Origin.root : Origin.signed(origin), call };
  }

  propose(call: RuntimeCall): RuntimeCall {
    return this.pallet.call.propose({
      call: this.chain.composition.callTy.codec.enc(call),
      title: 'x'.repeat(128),
      reasons: reason,
    });
  }

  vote(id: bigint, amount: bigint): RuntimeCall {
    return this.pallet.call.vote({ id, choice: { tag: 'Aye', value: { tag: 'X4' } }, amount });
  }

  /** So many open proposals, all of them with a vote of the voter. */
  withProposals(count: number): this {
    const { store } = this.pallet.use(this.chain.ctx);
    const first = store.nextProposal.get();
    for (let i = 0; i < count; i++) {
      this.make(crowd[i] as Uint8Array, this.propose(remark(0)));
      this.make(voter, this.vote(first + BigInt(i), (first + BigInt(i + 1)) * 50_000n * TAC));
    }
    return this;
  }

  /** The voter has as many votes as there may be: half of them on proposals that are over. */
  withVotes(): this {
    this.withProposals(VOTES - PLACES);
    this.chain.runToBlock(this.chain.ctx.block + VOTING);
    const { store } = this.pallet.use(this.chain.ctx);
    for (const { id } of store.open.get())
      this.chain.dispatch(Origin.root, this.pallet.call.cancel({ id, depositLost: false }));
    return this.withProposals(PLACES);
  }

  withCandidates(count: number): this {
    for (const each of crowd.slice(0, count)) this.make(each, this.pallet.call.stand({}));
    return this;
  }

  approve(ids: number[], amount = TAC): RuntimeCall {
    return this.pallet.call.approve({ candidates: ids, amount });
  }

  /** A panel of nine in office, and a model. */
  withPanel(): this {
    this.withCandidates(SEATS);
    this.make(voter, this.approve([0, 1, 2, 3, 4, 5, 6, 7], 9_000_000n * TAC));
    this.make(who(1), this.approve([8], 9_000_000n * TAC));
    this.chain.runToBlock(TERM);
    this.make(voter, this.pallet.call.holdElection({}));
    for (let model = 0n; model < 30n; model++) {
      createAsset(this.chain.ctx, { tag: 'Model', value: model }, voter, 0n);
    }
    return this;
  }

  suspend(model: bigint, why = reason): RuntimeCall {
    return this.pallet.call.panelSuspend({ model, reason: why });
  }

  /** Every member but the first opens as many motions as it may. */
  withMotions(wish: (n: number) => RuntimeCall): this {
    for (const [i, member] of crowd.slice(1, SEATS).entries()) {
      for (const n of [1, 2]) this.make(member, wish(2 * i + n));
    }
    return this;
  }

  /** One approval is missing for it, and all other motions are void in this block. */
  nearlyCarried(made: RuntimeCall): this {
    this.withMotions((n) => this.suspend(BigInt(n)));
    this.chain.runToBlock(this.chain.ctx.block + 1);
    for (const member of crowd.slice(0, 4)) this.make(member, made);
    this.chain.runToBlock(this.chain.ctx.block + MOTION - 1);
    return this;
  }

  suspended(): this {
    for (const member of crowd.slice(0, 5)) this.make(member, this.suspend(0n));
    return this;
  }
}
