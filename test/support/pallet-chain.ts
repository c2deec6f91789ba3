/** The pallets on a state in memory, with validators, funded accounts and a model; every proof is verified, money is counted after every call. */
import { balances, checkIssuance, freeOf, holdings } from '../../pallets/balances/index.ts';
import { committee } from '../../pallets/committee/index.ts';
import { licensing } from '../../pallets/licensing/index.ts';
import { notes } from '../../pallets/notes/index.ts';
import { ownership } from '../../pallets/ownership/index.ts';
import { parameters } from '../../pallets/parameters/index.ts';
import { modelOf, registry } from '../../pallets/registry/index.ts';
import { ESCROW, royalty, ROUNDS_PER_MODEL } from '../../pallets/royalty/index.ts';
import { session } from '../../pallets/session/index.ts';
import {
  type AnyPallet,
  checkPallets,
  type Context,
  type Host,
  type MockRuntime,
  mockRuntime,
  Origin,
  verifySignature,
  remembered,
} from '../../pallets/support/index.ts';
import { system } from '../../pallets/system/index.ts';
import { tally } from '../../pallets/tally/index.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { Prg } from '../../primitives/crypto/prg.ts';
import { verifySchnorrTask } from '../../primitives/crypto/schnorr.ts';
import { type KeyPair, sr25519FromSeed } from '../../primitives/crypto/signature.ts';
import { type FheParams, fheParams } from '../../primitives/fhe/params.ts';
import { verifyHiddenClaimTasks } from '../../primitives/proofs/hidden-task.ts';
import { newModel } from './registry.ts';

/** Verifies every kind of task here and now; signatures and proofs once per distinct text. */
export const testHost: Host = {
  verify(task) {
    if (task.kind === 'hidden-claim') return verifyHiddenClaimTasks([task.parts])[0] === true;
    if (task.kind === 'schnorr') return verifySchnorrTask(task.parts);
    return verifySignature(task);
  },
};

export const account = (name: string): Uint8Array => hash32Of('test/account', name);

export const SETTINGS = {
  setupBlocks: 6,
  stepBlocks: 6,
  lateWindow: 8,
  retryBlocks: 5,
  termRounds: 50,
  slash: 1_000n,
  bond: 10_000n,
  deposit: 500n,
} as const;

const FUNDS = 10n ** 12n;

export interface TestChainOptions {
  readonly paramsId?: string;
  /** Validators beyond the committee: the reserve. */
  readonly reserve?: number;
  readonly accounts?: readonly string[];
  readonly seed?: string;
  /** Changes of the committee's section. */
  readonly committee?: Readonly<Record<string, unknown>>;
  /** Pallets besides those of rounds. */
  readonly pallets?: readonly AnyPallet[];
  /** Parameters of the chain that are not as usual. */
  readonly parameters?: Readonly<Record<string, bigint>>;
  /** Whether what must hold of the state is looked at after every call; a crowd looks when its round is over, for the state is read as a whole. */
  readonly isChecked?: boolean;
  /** Blocks without room for one more contribution. */
  readonly isFull?: (block: number) => boolean;
}

export interface TestChain {
  readonly chain: MockRuntime;
  readonly params: FheParams;
  readonly keys: readonly KeyPair[];
  readonly random: (n: number) => Uint8Array;
}

const PALLETS = [
  system,
  balances,
  session,
  committee,
  tally,
  parameters,
  ownership,
  licensing,
  registry,
  royalty,
  notes,
];

/** Money is conserved, what pallets declare of their state holds, and the escrow account holds exactly what the royalty pallet owes. */
export const checkMoney: (ctx: Context) => void = checkMoneyOf(PALLETS);

function checkMoneyOf(pallets: readonly AnyPallet[]): (ctx: Context) => void {
  const checkDeclared = checkPallets(pallets, holdings);
  return remembered((ctx) => {
    checkMinted(ctx);
    checkDeclared(ctx);
    checkOwed(ctx);
  });
}

const checkMinted = remembered(checkIssuance);
const checkOwed = remembered(checkEscrow);

function checkEscrow(ctx: Context): void {
  let owed = 0n;
  for (const [, amount] of royalty.owes(ctx)) owed += amount;
  const held = freeOf(ctx, ESCROW);
  if (owed !== held) throw new Error(`the escrow holds ${held}, owed are ${owed}`);
}

/** The pallets with validators, funded accounts and a model (number 0, owner `owner`). */
export function testChain(options: TestChainOptions = {}): TestChain {
  const { paramsId = 'tacit-test-256-n4', reserve = 0, accounts = [], seed = 'tacit', isFull = () => false } = options;
  const { pallets: more = [] } = options;
  // Further pallets hold money of their own: all of them are counted together then.
  const check = more.length === 0 ? checkMoney : checkMoneyOf([...PALLETS, ...more]);
  const params = fheParams(paramsId);
  const prg = new Prg(hash32Of('test/random', seed));
  const keys = Array.from({ length: params.n + reserve }, (_, i) => sr25519FromSeed(hash32Of('test/validator', i)));
  const validators = keys.map(({ publicKey }, i) => ({
    account: account(`validator ${i}`),
    keys: { aura: hash32Of('aura', i), grandpa: hash32Of('grandpa', i), committee: publicKey },
  }));
  const funded = ['owner', 'user', 'reporter', ...accounts].map(account);
  const chain = mockRuntime(
    [...PALLETS, ...more],
    {
      system: { specName: 'test', specVersion: 1 },
      balances: { accounts: [...validators.map((one) => one.account), ...funded].map((who) => [who, FUNDS]) },
      // A bin is closed in the block after its first notes.
      parameters: { BinLeast: 1n, BinWait: 1n, ...options.parameters },
      session: { bond: SETTINGS.bond, validators },
      committee: {
        paramsId,
        setupBlocks: SETTINGS.setupBlocks,
        retryBlocks: SETTINGS.retryBlocks,
        termRounds: SETTINGS.termRounds,
        slash: SETTINGS.slash,
        ...options.committee,
      },
      tally: {
        stepBlocks: SETTINGS.stepBlocks,
        lateWindow: SETTINGS.lateWindow,
        leastK: 2,
        depositBase: SETTINGS.deposit,
        depositPerByte: 0n,
      },
    },
    { host: testHost, invariants: options.isChecked === false ? [] : [check], isFull },
  );
  const test = { chain, params, keys, random: (n: number) => prg.next(n) };
  registerModel(test, 0n);
  return test;
}

function registerModel(test: TestChain, model: bigint): void {
  call(test, 'owner', newModel(account(`f${model}`)));
}

/** A model with room for one more live round: one more is registered where the first have as many as they may. */
export function modelWithRoom(test: TestChain): bigint {
  const { ctx } = test.chain;
  const { rounds, live } = royalty.use(ctx).store;
  for (let model = 0n; ; model++) {
    if (modelOf(ctx, model) === undefined) registerModel(test, model);
    const busy = live.get().filter((id) => rounds.get(id)?.models.some((one) => one.model === model)).length;
    if (busy < ROUNDS_PER_MODEL) return model;
  }
}

/** Dispatches a signed call that has to succeed. */
export function call({ chain }: TestChain, who: string, what: Parameters<MockRuntime['dispatch']>[1]): void {
  const outcome = chain.dispatch(Origin.signed(account(who)), what);
  if (outcome !== 'ok') throw new Error(`${what.tag}.${what.value.tag} by ${who}: ${outcome}`);
}
