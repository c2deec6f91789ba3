import { balances, checkIssuance, holdings } from '../../../pallets/balances/index.ts';
import { multiAccount, multisigPallet } from '../../../pallets/multisig/index.ts';
import {
  checkPallets,
  compose,
  definePallet,
  fail,
  type MultiAddress,
  mockRuntime,
  type MockRuntime,
  Origin,
  type RuntimeCall,
  type VerifyTask,
  remembered,
} from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { utilityPallet } from '../../../pallets/utility/index.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { lazy, type Ty } from '../../../primitives/scale/index.ts';

export const START = 10_000_000n;
export const who = (n: number): Uint8Array => new Uint8Array(32).fill(n);
export const to = (account: Uint8Array): MultiAddress => ({ tag: 'Id', value: account });
export const by = (n: number): Origin => Origin.signed(who(n));
export const [ALICE, BOB, CAROL, DAVE] = [1, 2, 3, 4] as const;
export const SIGNATORIES = [ALICE, BOB, CAROL] as const;

const task: VerifyTask = { kind: 'sr25519', parts: [who(7)] };
/** Asks the host for a check, and fails if it is told to. */
export const asking = definePallet({
  name: 'Asking',
  index: 99,
  docs: 'It asks the host.',
  errors: { Wanted: 'It was wanted.' },
  calls: {
    ask: { index: 0, docs: 'Ask.', args: {}, weight: () => 0n, tasks: () => [task], run: () => undefined },
    root: {
      index: 1,
      docs: 'Wants root.',
      args: {},
      weight: () => 0n,
      run: ({ origin }) => origin.root() as undefined,
    },
    fails: { index: 2, docs: 'Fails.', args: {}, weight: () => 0n, run: ({ errors }) => fail(errors.Wanted) },
  },
});

const anyCall = lazy((): Ty<RuntimeCall> => composed.callTy);
export const utility = utilityPallet(anyCall);
export const multisig = multisigPallet(anyCall);
const pallets = [system, utility, balances, multisig, asking];
export const composed = compose(pallets, 'mock');
export const { errors } = multisig;

const invariants = [remembered(checkIssuance), checkPallets(pallets, holdings)];

/** A chain on which four accounts, and the one of three of them under a threshold of two, have money. */
export function fresh(): MockRuntime {
  const accounts = [...[ALICE, BOB, CAROL, DAVE].map(who), account(2)].map((each) => [each, START] as const);
  return mockRuntime(pallets, { system: { specName: 'mock', specVersion: 1 }, balances: { accounts } }, { invariants });
}

/** The account of Alice, Bob and Carol. */
export function account(threshold: number): Uint8Array {
  return multiAccount(SIGNATORIES.map(who), threshold);
}
export const others = (n: number): Uint8Array[] => SIGNATORIES.filter((each) => each !== n).map(who);
export const hashOf = (call: RuntimeCall): Uint8Array => blake2b256(composed.callTy.codec.enc(call));
export const pay = (value: bigint): RuntimeCall => balances.call.transferKeepAlive({ dest: to(who(DAVE)), value });
export const ENOUGH = { refTime: 10n ** 12n, proofSize: 0n };

export interface When {
  height: number;
  index: number;
}
/** The operation's opening: the extrinsic that was dispatched last. */
export function latest(chain: MockRuntime): When {
  const { phase } = chain.ctx;
  if (phase.tag !== 'ApplyExtrinsic') throw new Error(`nothing was dispatched: ${phase.tag}`);
  return { height: chain.ctx.block, index: phase.value };
}

interface Wish {
  threshold?: number;
  when?: When | undefined;
  others?: Uint8Array[];
  maxWeight?: { refTime: bigint; proofSize: bigint };
}
/** `as_multi` of one of the three, as a client writes it. */
export function asMulti(n: number, call: RuntimeCall, wish: Wish = {}): RuntimeCall {
  const { threshold = 2, when, maxWeight = ENOUGH } = wish;
  const otherSignatories = wish.others ?? others(n);
  return multisig.call.asMulti({ threshold, otherSignatories, maybeTimepoint: when, call, maxWeight });
}
export function approve(n: number, call: RuntimeCall, wish: Wish = {}): RuntimeCall {
  const { threshold = 2, when, maxWeight = ENOUGH } = wish;
  const otherSignatories = wish.others ?? others(n);
  const callHash = hashOf(call);
  return multisig.call.approveAsMulti({ threshold, otherSignatories, maybeTimepoint: when, callHash, maxWeight });
}
export function cancel(n: number, call: RuntimeCall, when: When, wish: Omit<Wish, 'when'> = {}): RuntimeCall {
  const { threshold = 2 } = wish;
  const otherSignatories = wish.others ?? others(n);
  return multisig.call.cancelAsMulti({ threshold, otherSignatories, timepoint: when, callHash: hashOf(call) });
}
