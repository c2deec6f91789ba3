import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { bounded, field, named, str, struct, u32, u64, vec } from '../../primitives/scale/index.ts';
import { bondOf, grandpaId, ownerOf, punish, rotatedNow, validators } from '../session/index.ts';
import {
  blockNumber,
  type Context,
  constant,
  definePallet,
  ensure,
  event,
  invalid,
  map,
  method,
  value,
  type VerifyTask,
} from '../support/index.ts';
import {
  type AuthorityList,
  authorityList,
  consensusLog,
  type EquivocationProof,
  equivocationProof,
  GRANDPA_ENGINE,
  votePayload,
} from './types.ts';
import { weights } from './weights.ts';

/** The share of its bond that an equivocating voter loses. */
const SLASH_PERCENT = 50n;
/**
 * Rounds of one set for which a voter is punished. Whoever votes twice can do so in any number of rounds, and reports are free and go before everything else:
 * without a bound it could fill the blocks and the state with its own offences.
 */
const MAX_PUNISHED = 4;
/** Reasons for which a report is refused in the pool. */
const NOT_AN_EQUIVOCATION = 1;
const UNKNOWN_VOTER = 2;
const FUTURE_SET = 3;

const setId = named('SetId', u64);
const reportTag = struct('tacit_grandpa::ReportTag', { purpose: str, setId, voter: grandpaId });

/** Who votes on finality, and what happens to a voter that votes twice. */
export const grandpa = definePallet({
  name: 'Grandpa',
  index: 7,
  docs: 'Who votes on finality, and what happens to a voter that votes twice.',
  storage: {
    authorities: value(authorityList, { default: [], docs: 'The voters and their weights.' }),
    currentSetId: value(setId, { default: 0n, docs: 'How often the voters have changed.' }),
    setBegan: map(setId, blockNumber, {
      hasher: 'twox64Concat',
      docs: 'The block that handed over to a set of voters: where a light client finds the header that names them.',
    }),
    reported: map([setId, grandpaId], bounded(vec(u64), MAX_PUNISHED), {
      hasher: 'twox64Concat',
      default: [],
      docs: 'Rounds in which a voter of a set has voted twice and was punished.',
    }),
  },
  events: {
    NewAuthorities: event('The voters changed.', {
      authoritySet: field(authorityList, 'The new voters and their weights.'),
    }),
  },
  errors: {
    InvalidEquivocationProof: 'The votes do not prove an equivocation.',
    UnknownVoter: 'No validator has or had the key.',
    DuplicateOffenceReport: 'The equivocation was punished already, or the voter as often as it can be in one set.',
  },
  constants: { MaxAuthorities: constant(u32, 64, 'The most voters there can be.') },
  calls: {
    reportEquivocation: {
      index: 0,
      docs: 'Report two votes of one voter in one round. Anybody may; unsigned by validators, at no cost. The voter is named and slashed.',
      args: { proof: equivocationProof },
      class: 'Operational',
      weight: ({ measured }) => measured(weights.reportEquivocation),
      tasks: (_, { proof }) => voteTasks(proof),
      run({ ctx, store, origin, errors }, { proof }) {
        if (!origin.isNone) origin.signed();
        const { roundNumber, identity } = proof.equivocation.value;
        const punished = store.reported.get(proof.setId, identity);
        ensure(isNew(punished, roundNumber), errors.DuplicateOffenceReport);
        ensure(proof.setId <= store.currentSetId.get() && isEquivocation(ctx, proof), errors.InvalidEquivocationProof);
        const offender = ownerOf(ctx, 'grandpa', identity);
        ensure(offender, errors.UnknownVoter);
        store.reported.put(proof.setId, identity, [...punished, roundNumber]);
        const evidence = blake2b256(equivocationProof.codec.enc(proof));
        punish(ctx, offender, 'grandpa:equivocation', evidence, (bondOf(ctx, offender) * SLASH_PERCENT) / 100n);
      },
    },
  },
  onInitialize({ ctx, store, events }) {
    if (!rotatedNow(ctx)) return;
    const next = voters(ctx);
    store.authorities.put(next);
    store.currentSetId.mutate((id) => id + 1n);
    store.setBegan.put(store.currentSetId.get(), ctx.block);
    const change = consensusLog.codec.enc({ tag: 'ScheduledChange', value: { nextAuthorities: next, delay: 0 } });
    ctx.log({ tag: 'Consensus', value: [GRANDPA_ENGINE, change] });
    events.NewAuthorities({ authoritySet: next });
  },
  validateUnsigned({ ctx, store }, { value: { proof } }) {
    const { roundNumber, identity } = proof.equivocation.value;
    if (proof.setId > store.currentSetId.get()) return invalid(FUTURE_SET);
    if (!isNew(store.reported.get(proof.setId, identity), roundNumber)) return invalid('Stale');
    if (ownerOf(ctx, 'grandpa', identity) === undefined) return invalid(UNKNOWN_VOTER);
    if (!isEquivocation(ctx, proof)) return invalid(NOT_AN_EQUIVOCATION);
    const tag = reportTag.codec.enc({ purpose: 'grandpa:equivocation', setId: proof.setId, voter: identity });
    return { priority: 1n << 62n, requires: [], provides: [tag], longevity: 600n, propagate: true };
  },
  genesis({ ctx, store }) {
    store.authorities.put(voters(ctx));
  },
  apis: {
    GrandpaApi: {
      version: 3,
      docs: 'Voters on finality.',
      methods: {
        grandpaAuthorities: method({
          docs: 'The voters and their weights.',
          inputs: {},
          output: authorityList,
          run: (ctx): AuthorityList => grandpa.use(ctx).store.authorities.get(),
        }),
        currentSetId: method({
          docs: 'How often the voters have changed.',
          inputs: {},
          output: setId,
          run: (ctx): bigint => grandpa.use(ctx).store.currentSetId.get(),
        }),
      },
    },
  },
});

function isNew(punished: readonly bigint[], round: bigint): boolean {
  return punished.length < MAX_PUNISHED && !punished.includes(round);
}

function voters(ctx: Context): AuthorityList {
  return validators(ctx).map(({ keys }) => [keys.grandpa, 1n]);
}

function voteTasks({ setId, equivocation }: EquivocationProof): VerifyTask[] {
  const { roundNumber, identity, first, second } = equivocation.value;
  return [first, second].map(([vote, signature]) => ({
    kind: 'ed25519',
    parts: [identity, votePayload(equivocation.tag, vote, roundNumber, setId), signature],
  }));
}

/** Two different votes of the same kind, both signed by the same key for the same round and set. */
function isEquivocation(ctx: Context, proof: EquivocationProof): boolean {
  const [first, second] = [proof.equivocation.value.first[0], proof.equivocation.value.second[0]];
  const same = first.targetNumber === second.targetNumber && sameBytes(first.targetHash, second.targetHash);
  return !same && voteTasks(proof).every((task) => ctx.host.verify(task));
}
