import { bool, bounded, bytes, field, type Ty } from '../../primitives/scale/index.ts';
import { pin } from '../balances/index.ts';
import { modelId } from '../ownership/index.ts';
import {
  balance,
  blockNumber,
  definePallet,
  h256,
  innerCall,
  lookup,
  multiAddress,
  Origin,
  type RuntimeCall,
  TREASURY,
} from '../support/index.ts';
import { governanceApi } from './apis.ts';
import { countBallots, proposeSecret, takeSeat } from './ballots.ts';
import { deposits, tryState } from './checks.ts';
import { unlock } from './commitments.ts';
import { approve, holdElection, removeApproval, stand } from './election.ts';
import { endReview, overrule, panelLift, panelSuspend } from './panel.ts';
import { cancel, close, enact, ensureEnactable, numberOf, propose, withdraw } from './proposals.ts';
import { state } from './state.ts';
import { cancelUpgrade, scheduleUpgrade, spend } from './treasury.ts';
import { candidateIds, choice, leastBallots, MAX_CALL_BYTES, proposalId, reason, title } from './types.ts';
import { removeVote, vote } from './votes.ts';
import { weights } from './weights.ts';

const amount = field(balance, 'The amount that counts. It is reserved, once for all votes of the account together.');
const model = field(modelId, 'Which model.');
/** What a proposal is made of. */
const wish = {
  call: field(bounded(bytes, MAX_CALL_BYTES), 'The encoded call.'),
  title,
  reasons: field(h256, 'Digest of the text that gives the reasons.'),
};

/** What the chain itself decides. `callTy` is the runtime's call type, which holds this pallet's calls in turn: pass it lazily. */
export function governancePallet(callTy: Ty<RuntimeCall>) {
  const inner = innerCall(callTy);
  return definePallet({
    ...state,
    calls: {
      propose: {
        index: 0,
        docs: 'Propose a call that the chain itself shall make. A deposit is reserved until the proposal ends.',
        args: wish,
        weight: ({ measured }, { call }) => measured(weights.propose, call.length),
        run(pallet, args) {
          propose(pallet, callTy, pallet.origin.signed(), args);
        },
      },
      vote: {
        index: 1,
        docs: 'Vote on a proposal, or otherwise than before. The amount is reserved until the lock of the choice is over.',
        args: { id: proposalId, choice: field(choice, 'For it, against it, or neither.'), amount },
        weight: ({ measured }) => measured(weights.vote),
        run(pallet, { id, ...made }) {
          vote(pallet, pallet.origin.signed(), id, made);
        },
      },
      removeVote: {
        index: 2,
        docs: 'Take a vote back while the voting is open.',
        args: { id: proposalId },
        weight: ({ measured }) => measured(weights.removeVote),
        run(pallet, { id }) {
          removeVote(pallet, pallet.origin.signed(), id);
        },
      },
      unlock: {
        index: 3,
        docs: 'Free what locks of an account hold that are over. Anybody may.',
        args: { who: multiAddress },
        weight: ({ measured }) => measured(weights.unlock),
        run(pallet, { who }) {
          pallet.origin.signed();
          unlock(pallet, lookup(who));
        },
      },
      enact: {
        index: 4,
        docs: 'Have the chain make the call of a proposal that has passed, after its time lock. Anybody may, once.',
        args: { id: proposalId, call: field(inner.ty, 'The call of the proposal.') },
        weight: ({ of, measured }, { call }) => measured(weights.enact, inner.lengthOf(call)) + of(call),
        // The chain itself makes it: nobody signed.
        holds: ({ call }, who) => (who === undefined ? [] : [{ signer: undefined, call }]),
        tasks(pallet, { id, call }) {
          pallet.origin.signed();
          ensureEnactable(pallet, id, inner.hashOf(call));
          return pallet.ctx.dispatcher.tasks(pallet.ctx, Origin.root, call);
        },
        run(pallet, { id, call }) {
          pallet.origin.signed();
          enact(pallet, id, call, inner.hashOf(call));
        },
      },
      close: {
        index: 5,
        docs: 'End a proposal that was rejected or has expired. Anybody may.',
        args: { id: proposalId },
        weight: ({ measured }) => measured(weights.close),
        run(pallet, { id }) {
          pallet.origin.signed();
          close(pallet, id);
        },
      },
      withdraw: {
        index: 6,
        docs: 'Take back a proposal that nobody has voted on. Of the deposit as large a part is lost as of its time is over.',
        args: { id: proposalId },
        weight: ({ measured }) => measured(weights.withdraw),
        run(pallet, { id }) {
          withdraw(pallet, id, pallet.origin.signed());
        },
      },
      cancel: {
        index: 7,
        docs: 'End another proposal, whatever its votes. Only the chain itself may: by a proposal.',
        args: { id: proposalId, depositLost: field(bool, 'Whether its deposit goes to the treasury.') },
        weight: ({ measured }) => measured(weights.cancel),
        run(pallet, { id, depositLost }) {
          pallet.origin.root();
          cancel(pallet, id, depositLost);
        },
      },
      spend: {
        index: 8,
        docs: 'Pay out of the treasury. Only the chain itself may: by a proposal, within what a period allows.',
        args: { beneficiary: multiAddress, amount: field(balance, 'How much.') },
        weight: ({ measured }) => measured(weights.spend),
        run(pallet, { beneficiary, amount: units }) {
          pallet.origin.root();
          spend(pallet, lookup(beneficiary), units);
        },
      },
      scheduleUpgrade: {
        index: 9,
        docs: 'Put down the height at which another runtime shall hold; nothing acts on it. Only by a proposal.',
        args: {
          height: field(blockNumber, 'The first block of the other runtime.'),
          code: field(h256, 'Digest of its code.'),
        },
        weight: ({ measured }) => measured(weights.scheduleUpgrade),
        run(pallet, { height, code }) {
          pallet.origin.root();
          scheduleUpgrade(pallet, height, code);
        },
      },
      cancelUpgrade: {
        index: 10,
        docs: 'Strike the height for another runtime. Only by a proposal.',
        args: {},
        weight: ({ measured }) => measured(weights.cancelUpgrade),
        run(pallet) {
          pallet.origin.root();
          cancelUpgrade(pallet);
        },
      },
      stand: {
        index: 11,
        docs: 'Stand for the ethics panel. A bond is reserved until the election, of those elected until their term ends.',
        args: {},
        weight: ({ measured }) => measured(weights.stand),
        run(pallet) {
          stand(pallet, pallet.origin.signed());
        },
      },
      approve: {
        index: 12,
        docs: 'Approve of candidates for the panel, or of others than before.',
        args: { candidates: candidateIds, amount },
        weight: ({ measured }) => measured(weights.approve),
        run(pallet, { candidates, amount: units }) {
          approve(pallet, pallet.origin.signed(), candidates, units);
        },
      },
      removeApproval: {
        index: 13,
        docs: 'Take one’s approval of candidates back while the election is open.',
        args: {},
        weight: ({ measured }) => measured(weights.removeApproval),
        run(pallet) {
          removeApproval(pallet, pallet.origin.signed());
        },
      },
      holdElection: {
        index: 14,
        docs: 'End the term of the panel and begin the next one’s, when the election has closed. Anybody may.',
        args: {},
        weight: ({ measured }) => measured(weights.holdElection),
        run(pallet) {
          pallet.origin.signed();
          holdElection(pallet);
        },
      },
      panelSuspend: {
        index: 15,
        docs: 'As a member of the panel, want a model suspended for review. The majority does it.',
        args: { model, reason },
        weight: ({ measured }) => measured(weights.panelSuspend),
        run(pallet, { model: id, reason: why }) {
          panelSuspend(pallet, pallet.origin.signed(), id, why);
        },
      },
      panelLift: {
        index: 16,
        docs: 'As a member of the panel, want a suspension ended. The majority does it.',
        args: { model },
        weight: ({ measured }) => measured(weights.panelLift),
        run(pallet, { model: id }) {
          panelLift(pallet, pallet.origin.signed(), id);
        },
      },
      endReview: {
        index: 17,
        docs: 'Take the marks of a suspension off a model whose time is over. Anybody may.',
        args: { model },
        weight: ({ measured }) => measured(weights.endReview),
        run(pallet, { model: id }) {
          pallet.origin.signed();
          endReview(pallet, id);
        },
      },
      overrule: {
        index: 18,
        docs: 'End the suspension of a model and keep this panel from suspending it. Only the chain itself may: by a proposal.',
        args: { model },
        weight: ({ measured }) => measured(weights.overrule),
        run(pallet, { model: id }) {
          pallet.origin.root();
          overrule(pallet, id);
        },
      },
      proposeSecret: {
        index: 19,
        docs: 'Propose a call on which also secret ballots count. Besides the deposit, what the committee posts for it is burned.',
        args: { ...wish, leastBallots },
        weight: ({ measured }, { call }) => measured(weights.proposeSecret, call.length),
        run(pallet, args) {
          proposeSecret(pallet, callTy, pallet.origin.signed(), args);
        },
      },
      takeSeat: {
        index: 20,
        docs: 'Take a place in a secret vote, for a reserve. The ballot itself is an encrypted submission to the round of the tally.',
        args: { id: proposalId },
        weight: ({ measured }) => measured(weights.takeSeat),
        run(pallet, { id }) {
          takeSeat(pallet, pallet.origin.signed(), id);
        },
      },
      countBallots: {
        index: 21,
        docs: 'Count the ballots of a secret vote whose round is over, and free its places. Anybody may.',
        args: { id: proposalId },
        weight: ({ measured }) => measured(weights.countBallots),
        run(pallet, { id }) {
          pallet.origin.signed();
          countBallots(pallet, id);
        },
      },
    },
    genesis({ ctx, store }) {
      pin(ctx, TREASURY);
      store.election.put({ number: 1, closes: numberOf(ctx, 'PanelTerm') });
    },
    deposits,
    tryState,
    apis: { GovernanceApi: governanceApi },
  });
}
