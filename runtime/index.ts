/**
 * The chain's state machine: its pallets, put together. Pure and synchronous; the same bytes on every node, every time.
 *
 * ```ts
 * const run = runtime.begin(state, { parentHash, number, digest: [slotClaim(slot)] }, host);
 * for (const extrinsic of [...run.inherents(now), ...pool]) run.apply(extrinsic);
 * const { changes, digestLogs } = run.finish();
 * ```
 */
import { aura } from '../pallets/aura/index.ts';
import { balances } from '../pallets/balances/index.ts';
import { committee } from '../pallets/committee/index.ts';
import { disputes } from '../pallets/disputes/index.ts';
import { governancePallet } from '../pallets/governance/index.ts';
import { curation } from '../pallets/curation/index.ts';
import { grandpa } from '../pallets/grandpa/index.ts';
import { licensing } from '../pallets/licensing/index.ts';
import { multisigPallet } from '../pallets/multisig/index.ts';
import { notes } from '../pallets/notes/index.ts';
import { ownership } from '../pallets/ownership/index.ts';
import { parameters } from '../pallets/parameters/index.ts';
import { proxyPallet } from '../pallets/proxy/index.ts';
import { registry } from '../pallets/registry/index.ts';
import { royalty } from '../pallets/royalty/index.ts';
import { session } from '../pallets/session/index.ts';
import { system } from '../pallets/system/index.ts';
import { tally } from '../pallets/tally/index.ts';
import { timestamp } from '../pallets/timestamp/index.ts';
import { transactionPayment } from '../pallets/transaction-payment/index.ts';
import { usage } from '../pallets/usage/index.ts';
import { utilityPallet } from '../pallets/utility/index.ts';
import { vouchers } from '../pallets/vouchers/index.ts';
import { lazy, type Ty } from '../primitives/scale/index.ts';
import type { RuntimeCall } from '../pallets/support/index.ts';
import { makeRuntime, type Runtime } from './runtime.ts';

const anyCall = lazy((): Ty<RuntimeCall> => runtime.callTy);
const utility = utilityPallet(anyCall);
const multisig = multisigPallet(anyCall);
const proxy = proxyPallet(anyCall);
const governance = governancePallet(anyCall);

export const runtime: Runtime = makeRuntime(
  [
    // Hooks run in the order of the indexes: money before bonds, sessions before aura and grandpa, which take their keys from them.
    system, // 0
    utility, // 1
    timestamp, // 2
    balances, // 3
    transactionPayment, // 4
    session, // 5
    aura, // 6
    grandpa, // 7
    committee, // 20
    tally, // 21
    multisig, // 30
    proxy, // 31
    parameters, // 37
    ownership, // 38
    licensing, // 39
    registry, // 40
    royalty, // 41
    vouchers, // 42
    curation, // 43
    disputes, // 44
    governance, // 45
    usage, // 46
    notes, // 47
  ],
  { specName: 'tacit', implName: 'tacit-ts', specVersion: 1, transactionVersion: 1 },
);

export { type ApplyOutcome } from './executive.ts';
export {
  encodeBare,
  encodeSigned,
  type Extrinsic,
  type SigningFacts,
} from './extrinsic.ts';
export type { MortalEra } from './extensions.ts';
export { type Foreseen, type Genesis, makeRuntime, type Runtime } from './runtime.ts';
export * from './types.ts';
export type { Refusal } from './validity.ts';
