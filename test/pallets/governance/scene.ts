/** A chain that governs itself, with short periods. */
import { expect } from 'chai';
import { balances, checkIssuance, freeOf, reservedOf, reservers } from '../../../pallets/balances/index.ts';
import { governancePallet } from '../../../pallets/governance/index.ts';
import { multisigPallet } from '../../../pallets/multisig/index.ts';
import { createAsset, ownership } from '../../../pallets/ownership/index.ts';
import { parameters } from '../../../pallets/parameters/index.ts';
import { proxyPallet } from '../../../pallets/proxy/index.ts';
import {
  checkPallets,
  compose,
  definePallet,
  type Context,
  type DispatchError,
  type MockRuntime,
  type MultiAddress,
  mockRuntime,
  Origin,
  type RuntimeCall,
  type VerifyTask,
  remembered,
} from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { utilityPallet } from '../../../pallets/utility/index.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { lazy, type Ty } from '../../../primitives/scale/index.ts';

const callTy = lazy((): Ty<RuntimeCall> => composed.callTy);
export const utility = utilityPallet(callTy);
export const multisig = multisigPallet(callTy);
export const proxy = proxyPallet(callTy);
export const governance = governancePallet(callTy);
/** A check that a call of the chain itself asks of workers. */
export const task: VerifyTask = { kind: 'schnorr', parts: [Uint8Array.of(1)] };
export const asking = definePallet({
  name: 'Asking',
  index: 60,
  docs: 'Asks.',
  calls: {
    ask: {
      index: 0,
      docs: 'Ask, as the chain itself.',
      args: {},
      weight: () => 0n,
      tasks({ origin }) {
        origin.root();
        return [task];
      },
      run({ origin }) {
        origin.root();
      },
    },
  },
});
export const pallets = [system, utility, balances, multisig, proxy, parameters, ownership, governance, asking];
const composed = compose(pallets, 'mock');
export const { call, errors } = governance;

export const TAC = 1_000_000n;
/** Each of ten accounts has a tenth of all units. */
export const MONEY = 100_000n * TAC;
export const who = (n: number): Uint8Array => new Uint8Array(32).fill(n);
export const accounts = Array.from({ length: 10 }, (_, i) => who(i + 1));
export const [alice, bob, carol, dave, eve] = accounts as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
export const to = (account: Uint8Array): MultiAddress => ({ tag: 'Id', value: account });
export const by = (account: Uint8Array): Origin => Origin.signed(account);

export const PERIODS = {
  votingBlocks: 10,
  timeLockBlocks: 5,
  windowBlocks: 10,
  lockBlocks: 7,
  treasuryBlocks: 50,
  noticeBlocks: 5,
  termBlocks: 20,
  motionBlocks: 6,
  suspensionBlocks: 8,
};

/** What the chain begins with. */
const begun = {
  GovernanceVoting: BigInt(PERIODS.votingBlocks),
  GovernanceTimeLock: BigInt(PERIODS.timeLockBlocks),
  GovernanceWindow: BigInt(PERIODS.windowBlocks),
  GovernanceLock: BigInt(PERIODS.lockBlocks),
  TreasuryPeriod: BigInt(PERIODS.treasuryBlocks),
  UpgradeNotice: BigInt(PERIODS.noticeBlocks),
  PanelTerm: BigInt(PERIODS.termBlocks),
  PanelMotion: BigInt(PERIODS.motionBlocks),
  PanelSuspension: BigInt(PERIODS.suspensionBlocks),
};

export const encoded = (made: RuntimeCall): Uint8Array => composed.callTy.codec.enc(made);
export const hashOf = (made: RuntimeCall): Uint8Array => blake2b256(encoded(made));
const REASONS = new Uint8Array(32).fill(0x77);
export const propose = (made: RuntimeCall): RuntimeCall =>
  call.propose({ call: encoded(made), title: 'A change', reasons: REASONS });
export const setBurn = (value: bigint): RuntimeCall =>
  parameters.call.setParameter({ name: { tag: 'LicenceBurn' }, value });
export type Times = 'X1' | 'X2' | 'X3' | 'X4';
export const aye = (id: bigint, amount: bigint, times: Times = 'X1'): RuntimeCall =>
  call.vote({ id, choice: { tag: 'Aye', value: { tag: times } }, amount });
export const nay = (id: bigint, amount: bigint, times: Times = 'X1'): RuntimeCall =>
  call.vote({ id, choice: { tag: 'Nay', value: { tag: times } }, amount });
export const abstain = (id: bigint, amount: bigint): RuntimeCall =>
  call.vote({ id, choice: { tag: 'Abstain', value: undefined }, amount });
/** The blocks of a proposal that is made in block 1. */
export const CLOSES = 1 + PERIODS.votingBlocks;
export const ENACT_FROM: number = CLOSES + PERIODS.timeLockBlocks;
export const EXPIRES: number = ENACT_FROM + PERIODS.windowBlocks;

export interface Scene extends MockRuntime {
  /** Dispatches as an account; the outcome must be `ok`. */
  ok(account: Uint8Array, made: RuntimeCall): void;
  /** The chain itself makes a call, as if a proposal had passed. */
  root(made: RuntimeCall): string;
  /** How the last enacted call ended. */
  enacted(): string;
  /** How the last proposal ended, and what of its deposit was lost. */
  closed(): [outcome: string, lost: bigint];
  free(account: Uint8Array): bigint;
  reserved(account: Uint8Array): bigint;
  burnOf(): bigint;
}

const invariants = [remembered(checkIssuance), checkPallets(pallets, { freeOf, reservedOf, reservers })];

/** After every call and every block: money is conserved, every reserve is explained, and the pallets' own invariants hold. */
export function openScene(extra: readonly ((ctx: Context) => void)[] = []): Scene {
  const chain = mockRuntime(
    pallets,
    { balances: { accounts: accounts.map((each) => [each, MONEY] as const) }, parameters: begun },
    { invariants: [...invariants, ...extra] },
  );
  const last = (name: string) => chain.events.findLast((each) => each.name === name)?.data as Record<string, unknown>;
  return Object.assign(Object.create(chain) as MockRuntime, {
    ok: (account: Uint8Array, made: RuntimeCall) =>
      expect(chain.dispatch(by(account), made), `${made.tag}.${made.value.tag}`).to.equal('ok'),
    root: (made: RuntimeCall) => chain.dispatch(Origin.root, made),
    enacted(): string {
      const result = last('Enacted')['result'] as { tag: string; value: DispatchError };
      return result.tag === 'Ok' ? 'ok' : chain.errorName(result.value);
    },
    closed(): [string, bigint] {
      const { outcome, lost } = last('Closed') as { outcome: { tag: string }; lost: bigint };
      return [outcome.tag, lost];
    },
    free: (account: Uint8Array) => freeOf(chain.ctx, account),
    reserved: (account: Uint8Array) => reservedOf(chain.ctx, account),
    burnOf: () => parameters.use(chain.ctx).store.values.get({ tag: 'LicenceBurn' }) ?? 100n,
  });
}

/** Registers a model of an account. */
export function makeModel(chain: MockRuntime, model: bigint, owner: Uint8Array): void {
  createAsset(chain.ctx, { tag: 'Model', value: model }, owner, 0n);
}
