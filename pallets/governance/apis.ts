/** What clients ask: proposals page by page, where each stands, what an account has voted and when it is free, who sits on the panel. */
import { bool, field, type Of, option, struct, u32, vec } from '../../primitives/scale/index.ts';
import { freeOf } from '../balances/index.ts';
import { parameter } from '../parameters/index.ts';
import { accountId, type Api, balance, blockNumber, type Context, method, TREASURY } from '../support/index.ts';
import { heldBy, unlocks } from './commitments.ts';
import { depositFor } from './proposals.ts';
import { type Governance, state } from './state.ts';
import { phaseOf } from './tally.ts';
import { spendingNow } from './treasury.ts';
import {
  candidate,
  commitment,
  election,
  MAX_CALL_BYTES,
  MIN_MEMBERS,
  member,
  motion,
  phase,
  proposal,
  proposalId,
  secretVote,
  type SecretVote,
  upgrade,
} from './types.ts';

const proposalInfo = struct('tacit_governance::ProposalInfo', {
  id: proposalId,
  phase: field(phase, 'Where it stands in this block.'),
  proposal: field(proposal, 'What is kept of it.'),
});
type ProposalInfo = Of<typeof proposalInfo>;

const unlockStep = struct('tacit_governance::Unlock', {
  block: field(blockNumber, 'From this block on.'),
  amount: field(balance, 'So much more is free.'),
});
const votesInfo = struct('tacit_governance::VotesInfo', {
  held: field(balance, 'What is reserved: the largest amount of all commitments.'),
  commitments: field(vec(commitment), 'What the account has voted and approved.'),
  unlocks: field(vec(unlockStep), 'What becomes free when, if nothing is added and `unlock` is called.'),
});
type VotesInfo = Of<typeof votesInfo>;

const panelInfo = struct('tacit_governance::PanelInfo', {
  inOffice: field(bool, 'Whether it may act: its term runs, and it has members enough.'),
  members: vec(member),
  motions: vec(motion),
  election: field(election, 'The next election, and the end of this term.'),
  candidates: vec(candidate),
});
type PanelInfo = Of<typeof panelInfo>;

const treasuryInfo = struct('tacit_governance::TreasuryInfo', {
  account: accountId,
  free: field(balance, 'What it holds.'),
  left: field(balance, 'What it may still spend in this period.'),
});
type TreasuryInfo = Of<typeof treasuryInfo>;

function infoOf({ ctx, store }: Governance, id: bigint): ProposalInfo | undefined {
  const found = store.proposals.get(id);
  return found && { id, phase: { tag: phaseOf(found, ctx.block) }, proposal: found };
}

function page(ctx: Context, from: bigint, limit: number): ProposalInfo[] {
  const pallet = state.use(ctx);
  const open = pallet.store.open.get().filter(({ id }) => id >= from);
  return open.slice(0, limit).flatMap(({ id }) => infoOf(pallet, id) ?? []);
}

function votesOf(ctx: Context, who: Uint8Array): VotesInfo {
  const commitments = state.use(ctx).store.commitments.get(who);
  return { held: heldBy(commitments), commitments, unlocks: unlocks(commitments) };
}

function panelNow({ ctx, store }: Governance): PanelInfo {
  const [members, next] = [store.panel.get(), store.election.get()];
  const inOffice = ctx.block < next.closes && members.length >= MIN_MEMBERS;
  return { inOffice, members, motions: store.motions.get(), election: next, candidates: store.candidates.get() };
}

function treasuryNow(ctx: Context): TreasuryInfo {
  const left = parameter(ctx, 'TreasuryLimit') - spendingNow(state.use(ctx)).spent;
  return { account: TREASURY, free: freeOf(ctx, TREASURY), left: left > 0n ? left : 0n };
}

export const governanceApi: Api = {
  version: 1,
  docs: 'Proposals, votes, the treasury and the ethics panel.',
  methods: {
    proposals: method({
      docs: 'Open proposals with numbers from `from` on, in their order, with their tallies.',
      inputs: { from: proposalId, limit: u32 },
      output: vec(proposalInfo),
      run: (ctx, { from, limit }): ProposalInfo[] => page(ctx, from, limit),
    }),
    proposal: method({
      docs: 'An open proposal with its tally, and where it stands.',
      inputs: { id: proposalId },
      output: option(proposalInfo),
      run: (ctx, { id }): ProposalInfo | undefined => infoOf(state.use(ctx), id),
    }),
    deposit: method({
      docs: 'What would be reserved for one more proposal with a call of so many bytes.',
      inputs: { callLength: u32 },
      output: balance,
      run: (ctx, { callLength }): bigint => depositFor(state.use(ctx), Math.min(callLength, MAX_CALL_BYTES)),
    }),
    votes: method({
      docs: 'What an account has voted and approved, and what of it becomes free when.',
      inputs: { who: accountId },
      output: votesInfo,
      run: (ctx, { who }): VotesInfo => votesOf(ctx, who),
    }),
    secretVote: method({
      docs: 'The secret vote that is under way: what it is about, its round, and who has a place.',
      inputs: {},
      output: option(secretVote),
      run: (ctx): SecretVote | undefined => state.use(ctx).store.secretVote.get(),
    }),
    panel: method({
      docs: 'The ethics panel, what it is about, and the next election.',
      inputs: {},
      output: panelInfo,
      run: (ctx): PanelInfo => panelNow(state.use(ctx)),
    }),
    treasury: method({
      docs: 'What the treasury holds, and what it may still spend in this period.',
      inputs: {},
      output: treasuryInfo,
      run: (ctx): TreasuryInfo => treasuryNow(ctx),
    }),
    upgrade: method({
      docs: 'The height at which another runtime shall hold, if governance has put one down. Nothing acts on it.',
      inputs: {},
      output: option(upgrade),
      run: (ctx): Of<typeof upgrade> | undefined => state.use(ctx).store.upgrade.get(),
    }),
  },
};
