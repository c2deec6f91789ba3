/** What each type of proxy may call: a list, so that a call that is new is allowed to nobody until somebody decides. */
import { enumeration, type Of } from '../../primitives/scale/index.ts';
import type { RuntimeCall } from '../support/index.ts';

/** In the order of their numbers, which are never used again. `Any` is first: the widest, and the one found first. */
export const proxyType = enumeration(
  'tacit_runtime::ProxyType',
  { Any: null, NonTransfer: null, Registry: null, Rounds: null },
  {
    variantDocs: {
      Any: ['Everything that the account itself may do.'],
      NonTransfer: ['What neither pays nor gives anything away.'],
      Registry: ['Register data and models, tell about them. Not: hand them over.'],
      Rounds: ['Fund, begin and join rounds, with the money of the account.'],
    },
  },
);
export type ProxyType = Of<typeof proxyType>;
type Kind = ProxyType['tag'];

/**
 * Calls that hold others are allowed to every type: dispatch asks the filter again about each call inside. Not `proxyAnnounced`: anybody may make it, and made
 * under a filter it would use up what another has announced.
 */
const WRAPPERS = ['Utility.batch', 'Utility.batchAll', 'Utility.forceBatch', 'Proxy.proxy'];

/** Allowed if it lets no portfolio license the data: who consents gives something away. */
const DATA = 'Registry.registerData';
/** Allowed if it names no parents. */
const RELEASE = 'Registry.releaseVersion';
/** Allowed if it refuses training: who opens data to it gives something away. */
const OPT_OUT = 'Registry.setOptOut';

/**
 * Handing data or models over takes their deposits along, and parents are paid of what a model earns: those are payments, and the owner's. A bond and a
 * claim are an attester's word.
 */
const REGISTRY = [
  ...WRAPPERS,
  DATA,
  'Registry.disclose',
  'Registry.withdrawDisclosure',
  OPT_OUT,
  'Registry.addDigest',
  'Registry.commit',
  'Registry.openCommitment',
  'Registry.dropCommitment',
  'Registry.registerModel',
  RELEASE,
  'Registry.deprecateVersion',
  'Registry.proveSharedTensor',
  'Registry.withdrawEvidence',
];

const ROUNDS = [
  ...WRAPPERS,
  'Royalty.fund',
  'Royalty.createRound',
  // The stake comes back to whoever has the key of the note, which the enrolment names.
  'Royalty.enrol',
  'Royalty.enrolWithEvidence',
  'Royalty.stateStanding',
  'Royalty.recountStanding',
  // What a prepared round is paid with is held of the delegate's principal, as for a round that it begins.
  'Royalty.setRoundRule',
  'Royalty.clearRoundRule',
  'Royalty.queueRound',
  'Royalty.dropQueuedRound',
  'Royalty.openDueRound',
  'Tally.submit',
];

/** Not `announce`, which shows a hash and not the call that anybody may dispatch later. */
const NON_TRANSFER = [
  ...REGISTRY,
  // They move nobody's money but what has been earned, to whom it belongs.
  'Royalty.distribute',
  'Royalty.collect',
  'Royalty.claimBonus',
  'Royalty.claimBase',
  'Royalty.burnBacking',
  'Royalty.recountStanding',
  'Tally.submit',
  'System.remark',
  'System.remarkWithEvent',
  'Session.setKeys',
  'Proxy.addProxy',
  'Proxy.removeProxy',
  'Proxy.removeAnnouncement',
  'Proxy.rejectAnnouncement',
];

const CALLS: Readonly<Record<Exclude<Kind, 'Any'>, ReadonlySet<string>>> = {
  NonTransfer: new Set(NON_TRANSFER),
  Registry: new Set(REGISTRY),
  Rounds: new Set(ROUNDS),
};

/** The calls that are allowed to a type, as `Pallet.call`; undefined if all are. */
export function callsOf({ tag }: ProxyType): ReadonlySet<string> | undefined {
  return tag === 'Any' ? undefined : CALLS[tag];
}

/** Whether everything that is allowed to `other` is allowed to `wide`. */
export function covers(wide: ProxyType, other: ProxyType): boolean {
  const [all, calls] = [callsOf(wide), callsOf(other)];
  return all === undefined || (calls !== undefined && [...calls].every((call) => all.has(call)));
}

/** A proxy by what it may do: its type, and the blocks that its announcements wait. */
export interface Rights {
  readonly proxyType: ProxyType;
  readonly delay: number;
}

/** Whether a call is allowed. Data are registered without consent to portfolios, a version that names parents binds the model to pay them, and data are closed to training but not opened. Proxies may be added and removed only by one that may do no less than they, and waits no longer. */
export function isAllowed(rights: Rights, { tag, value }: RuntimeCall): boolean {
  const calls = callsOf(rights.proxyType);
  if (calls === undefined) return true;
  const name = `${tag}.${value.tag}`;
  if (!calls.has(name)) return false;
  if (name === DATA) return (value.value as { collective?: boolean }).collective === false;
  if (name === RELEASE) return (value.value as { parents?: readonly unknown[] }).parents?.length === 0;
  if (name === OPT_OUT) return (value.value as { optedOut?: boolean }).optedOut === true;
  if (tag !== 'Proxy' || (value.tag !== 'addProxy' && value.tag !== 'removeProxy')) return true;
  const other = value.value as Rights;
  return covers(rights.proxyType, other.proxyType) && other.delay >= rights.delay;
}
