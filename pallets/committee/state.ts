/** Storage, events and errors of the committee. */
import { TacitError } from '../../primitives/errors.ts';
import { field, fixed, u8, u32 } from '../../primitives/scale/index.ts';
import { accountId, balance, blockNumber, defineState, event, map, value } from '../support/index.ts';
import {
  boxOpening,
  COMMITTEE_PALLET,
  dealtKey,
  memberIndex,
  offence,
  offenceKind,
  subsetIndex,
  type Term,
  term,
  termId,
  termPhase,
} from './types.ts';
import { bounded, str, struct, vec } from '../../primitives/scale/index.ts';

/** Deadlines in blocks and the price of an offence; fixed by the chain specification. */
export const committeeConfig = struct('tacit_committee::Config', {
  paramsId: field(bounded(str, 64), 'Name of the parameter set; its `n` is the size of the committee.'),
  setupBlocks: field(blockNumber, 'Blocks each phase of the set-up may take.'),
  retryBlocks: field(
    blockNumber,
    'Blocks between a failed term and the next attempt at one; and, doubled with every short term, before a term without all its members is dealt anew.',
  ),
  termRounds: field(
    u32,
    'Rounds of a term: then no other begins, and all keys are dealt anew when the last has ended.',
  ),
  slash: field(balance, 'Taken from the bond for each offence.'),
});

const attempt = field(u8, 'Which attempt at the set-up of the term it is, from 0.');

/** An account that was named, or was silent in a dispute of its own. */
const exclusion = struct('tacit_committee::Exclusion', {
  account: accountId,
  until: field(termId, 'The last term that it takes no part in.'),
});

export const state = defineState({
  name: 'Committee',
  index: COMMITTEE_PALLET,
  docs: 'The validators as holders of subset keys: set-up of a term, offences.',
  storage: {
    config: value(committeeConfig, { docs: 'Deadlines and the parameter set.' }),
    current: value(term, { docs: 'The present term.' }),
    encryptionKeys: map([termId, u8, memberIndex], fixed(32), {
      hasher: 'twox64Concat',
      docs: 'Encryption keys by term, attempt and member.',
    }),
    deals: map([termId, u8, subsetIndex], dealtKey, {
      hasher: 'twox64Concat',
      docs: 'Dealt keys by term, attempt and subset.',
    }),
    digests: map([termId, u8, memberIndex], vec(fixed(32)), {
      hasher: 'twox64Concat',
      docs: 'Posted digests by term, attempt and member.',
    }),
    subsetDigests: map([termId, subsetIndex], fixed(32), {
      hasher: 'twox64Concat',
      docs: 'The agreed digest of each subset key of an active term.',
    }),
    openings: map([termId, u8, memberIndex], boxOpening, {
      hasher: 'twox64Concat',
      docs: 'Boxes that members opened for everyone, by term, attempt and member.',
    }),
    reveals: map([termId, u8], fixed(32), {
      hasher: 'twox64Concat',
      docs: 'The revealed ephemeral secret of the disputed deal, by term and attempt.',
    }),
    basis: value(fixed(32), { docs: 'Hash of the validators and keys that the present term is made of.' }),
    excluded: value(vec(exclusion), {
      default: [],
      docs: 'Accounts that take no part up to a term: replaced from the reserve where there is one.',
    }),
    quiet: value(vec(accountId), {
      default: [],
      docs: 'Accounts that let a deadline of the present term’s set-up pass: later attempts do not wait for them.',
    }),
    shortTerms: value(u8, {
      default: 0,
      docs: 'Terms in a row that ended because a member asked for a deal: each doubles the time to the next.',
    }),
    offenceCount: value(u32, { default: 0, docs: 'How many offences have been noted.' }),
    offences: map(u32, offence, { hasher: 'twox64Concat', docs: 'Members named, in order.' }),
  },
  events: {
    TermStarted: event('The set-up of a term began, or began anew.', { term: termId, attempt }),
    PhaseBegan: event('The set-up of a term entered a phase.', {
      term: termId,
      attempt,
      phase: field(termPhase, 'The phase.'),
    }),
    Posted: event('A member posted its part of the set-up.', {
      term: termId,
      attempt,
      member: memberIndex,
      step: field(
        u8,
        'What it posted: 0 its encryption key, 1 deals, 2 digests, 3 a revealed secret, 4 an opened box, 5 whether it holds the keys after all.',
      ),
    }),
    TermActive: event('The set-up of a term is done: rounds can begin.', { term: termId }),
    TermFailed: event('The set-up of a term failed; it is tried again later.', { term: termId }),
    Offended: event('A member was named for a false post, and slashed.', {
      term: termId,
      member: memberIndex,
      account: field(accountId, 'The account of the member.'),
      kind: field(offenceKind, 'What was false.'),
    }),
  },
  errors: {
    NoTerm: 'There is no active term.',
    Rotating: 'The validators have changed: no round begins until the next term.',
    TermOver: 'The term has had all its rounds: the next one begins when the last of them has ended.',
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
