/** Storage, events and errors of the committee. */
import { TacitError } from '../../primitives/errors.ts';
import { fixed, u8, u16, u32, u128 } from '../../primitives/scale/index.ts';
import { accountId, defineState, map, value } from '../support/index.ts';
import { COMMITTEE_PALLET, dealtKey, offence, offenceKind, type Term, term, termPhase } from './types.ts';
import { bounded, str, struct, vec } from '../../primitives/scale/index.ts';

/** Deadlines in blocks and the price of an offence; fixed by the chain specification. */
export const committeeConfig = struct('tacit_committee::Config', {
  /** Name of the parameter set; its `n` is the size of the committee. */
  paramsId: bounded(str, 64),
  /** Blocks each phase of the set-up may take. */
  setupBlocks: u32,
  /** Blocks between a failed term and the next attempt at one. */
  retryBlocks: u32,
  /** Taken from the bond for each offence. */
  slash: u128,
});

export const state = defineState({
  name: 'Committee',
  index: COMMITTEE_PALLET,
  docs: 'The validators as holders of subset keys: set-up of a term, offences.',
  storage: {
    config: value(committeeConfig, { docs: 'Deadlines and the parameter set.' }),
    current: value(term, { docs: 'The present term.' }),
    encryptionKeys: map([u32, u8, u8], fixed(32), {
      hasher: 'twox64Concat',
      docs: 'Encryption keys by term, attempt and member.',
    }),
    deals: map([u32, u8, u16], dealtKey, { hasher: 'twox64Concat', docs: 'Dealt keys by term, attempt and subset.' }),
    digests: map([u32, u8, u8], vec(fixed(32)), {
      hasher: 'twox64Concat',
      docs: 'Posted digests by term, attempt and member.',
    }),
    subsetDigests: map([u32, u16], fixed(32), {
      hasher: 'twox64Concat',
      docs: 'The agreed digest of each subset key of an active term.',
    }),
    reveals: map([u32, u8, u16], fixed(32), {
      hasher: 'twox64Concat',
      docs: 'Revealed ephemeral secrets of disputed subsets.',
    }),
    basis: value(fixed(32), { docs: 'Hash of the validators and keys that the present term is made of.' }),
    excluded: value(vec(accountId), {
      default: [],
      docs: 'Accounts named in the set-up by the present validators: replaced in the next attempts.',
    }),
    offenceCount: value(u32, { default: 0 }),
    offences: map(u32, offence, { hasher: 'twox64Concat', docs: 'Members named, in order.' }),
  },
  events: {
    TermStarted: { term: u32, attempt: u8 },
    PhaseBegan: { term: u32, attempt: u8, phase: termPhase },
    Posted: { term: u32, attempt: u8, member: u8, step: u8 },
    TermActive: { term: u32 },
    TermFailed: { term: u32 },
    Offended: { term: u32, member: u8, account: accountId, kind: offenceKind },
  },
  errors: {
    NoTerm: 'There is no active term.',
    Rotating: 'The validators have changed: no round begins until the next term.',
    BadPost: 'The post is not one this phase takes.',
  },
});

export type Committee = ReturnType<typeof state.use>;
export type Config = NonNullable<ReturnType<Committee['store']['config']['get']>>;

export function configOf({ store }: Committee): Config {
  const config = store.config.get();
  if (config === undefined) throw new TacitError('committee/no-config', 'the genesis has no committee section');
  return config;
}

export function currentTerm({ store }: Committee): Term {
  const current = store.current.get();
  if (current === undefined) throw new TacitError('committee/no-term', 'no term has begun');
  return current;
}
