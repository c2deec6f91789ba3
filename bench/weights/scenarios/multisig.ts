/** Calls of `Multisig`, with as many signatories as an account may have. */
import { balances } from '../../../pallets/balances/index.ts';
import { multisigPallet } from '../../../pallets/multisig/index.ts';
import { mockRuntime, type MockRuntime, Origin, type RuntimeCall } from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { lazy, type Ty } from '../../../primitives/scale/index.ts';
import type { Prepared } from '../measure.ts';
import type { Scenario } from '../scenario.ts';

const MOST = 100;
/** The largest call that is measured. */
const CALL_BYTES = 200_000;
const maxWeight = { refTime: 10n ** 12n, proofSize: 0n };
const signatories = Array.from({ length: MOST }, (_, i) => new Uint8Array(32).fill(i + 1));
const others = (n: number): Uint8Array[] => signatories.filter((_, i) => i !== n);
const remark = (bytes: number): RuntimeCall => system.call.remark({ remark: new Uint8Array(bytes) });
/** When the first of them opened the operation. */
const timepoint = { height: 1, index: 0 };

function open() {
  const multisig = multisigPallet(lazy((): Ty<RuntimeCall> => chain.composition.callTy));
  const accounts = signatories.map((each) => [each, 10n ** 9n] as const);
  const chain: MockRuntime = mockRuntime([system, balances, multisig], {
    system: { specName: 'weights', specVersion: 1 },
    balances: { accounts },
  });
  const hashOf = (call: RuntimeCall): Uint8Array => blake2b256(chain.composition.callTy.codec.enc(call));
  /** The approval of the signatory `n`, under a threshold of all. */
  const approval = (n: number, call: RuntimeCall): RuntimeCall =>
    multisig.call.approveAsMulti({
      threshold: MOST,
      otherSignatories: others(n),
      maybeTimepoint: n === 0 ? undefined : timepoint,
      callHash: hashOf(call),
      maxWeight,
    });
  return { chain, multisig, hashOf, approval };
}
type Opened = ReturnType<typeof open>;

/** An operation that lacks one approval. */
function nearlyApproved(call: RuntimeCall): Opened {
  const opened = open();
  for (let n = 0; n < MOST - 1; n++) {
    const outcome = opened.chain.dispatch(Origin.signed(signatories[n]!), opened.approval(n, call));
    if (outcome !== 'ok') throw new Error(`approval ${n}: ${outcome}`);
  }
  return opened;
}

function by(n: number, { chain }: Opened, call: RuntimeCall): Prepared {
  const { composition, ctx } = chain;
  return { composition, ctx, origin: Origin.signed(signatories[n]!), call };
}

export const multisigScenarios: readonly Scenario[] = [
  {
    call: 'Multisig.asMultiThreshold_1',
    prepare() {
      const opened = open();
      const call = opened.multisig.call.asMultiThreshold_1({ otherSignatories: others(0), call: remark(0) });
      return by(0, opened, call);
    },
  },
  {
    call: 'Multisig.asMulti',
    size: { unit: 'byte', from: 0, to: CALL_BYTES },
    prepare(bytes) {
      const call = remark(bytes);
      const opened = nearlyApproved(call);
      const last = { threshold: MOST, otherSignatories: others(MOST - 1), maybeTimepoint: timepoint };
      return by(MOST - 1, opened, opened.multisig.call.asMulti({ ...last, call, maxWeight }));
    },
  },
  {
    call: 'Multisig.approveAsMulti',
    prepare() {
      const opened = open();
      return by(0, opened, opened.approval(0, remark(0)));
    },
  },
  {
    call: 'Multisig.cancelAsMulti',
    prepare() {
      const call = remark(0);
      const opened = nearlyApproved(call);
      const about = { threshold: MOST, otherSignatories: others(0), timepoint, callHash: opened.hashOf(call) };
      return by(0, opened, opened.multisig.call.cancelAsMulti(about));
    },
  },
];
