import { field, fixed, option, u8, u32, vec } from '../../primitives/scale/index.ts';
import { asset } from '../ownership/index.ts';
import { accountId, definePallet, h256, method } from '../support/index.ts';
import { disputeInfo, disputesAbout, infoOf, jurorInfo, jurorInfoOf } from './api.ts';
import { appeal, lapse } from './appeals.ts';
import { checkState } from './check.ts';
import { draw, noteBeacons } from './draw.ts';
import { conclude, prune } from './endings.ts';
import { giveNotice, join, release } from './jurors.ts';
import { answer, openDispute, openOf, ruleByFacts, ruleSilence } from './reports.ts';
import { state } from './state.ts';
import { digests, disputeId, kind, subject, verdict } from './types.ts';
import { commit, commitmentOf, count, denounce, reveal } from './votes.ts';
import { weights } from './weights.ts';

const id = field(disputeId, 'Which dispute.');
const salt = field(fixed(32), 'What kept the vote secret.');
const opened = field(verdict, 'The vote.');

/** Reports, answers, panels, appeals, and what becomes of assets, grants, evaluations and claims. */
export const disputes = definePallet({
  ...state,
  calls: {
    report: {
      index: 0,
      docs: 'Report an asset, a grant, an evaluation or a claim. A fee is burned; a bond is reserved, and lost if the report is dismissed in the end.',
      args: {
        subject,
        kind,
        digests,
        against: field(option(asset), 'The asset whose rights are touched.'),
      },
      weight: ({ measured }) => measured(weights.report),
      run(pallet, report) {
        openDispute(pallet, pallet.origin.signed(), report);
      },
    },
    answer: {
      index: 1,
      docs: 'Contradict a report, as its respondent. A bond is reserved, except for an evaluation; after the ordinary time it is twice as much.',
      args: { id, digests },
      weight: ({ measured }) => measured(weights.answer),
      run(pallet, { id, digests }) {
        answer(pallet, pallet.origin.signed(), id, digests);
      },
    },
    ruleByFacts: {
      index: 2,
      docs: 'Have a dispute decided by what the chain itself knows. Anyone may, as long as no panel is drawn.',
      args: { id },
      weight: ({ measured }) => measured(weights.ruleByFacts),
      run(pallet, { id }) {
        pallet.origin.signed();
        ruleByFacts(pallet, id);
      },
    },
    ruleSilence: {
      index: 3,
      docs: 'Have a report upheld that was not answered in time; of an evaluation, have its panel called for all the same. Anyone may.',
      args: { id },
      weight: ({ measured }) => measured(weights.ruleSilence),
      run(pallet, { id }) {
        pallet.origin.signed();
        ruleSilence(pallet, id);
      },
    },
    draw: {
      index: 4,
      docs: 'Draw the panel of a dispute by the first beacon that was unknown when the panel was called for. Anyone may.',
      args: { id },
      weight: ({ measured }) => measured(weights.draw),
      run(pallet, { id }) {
        pallet.origin.signed();
        pallet.store.disputes.put(id, draw(pallet, id, openOf(pallet, id)));
      },
    },
    commit: {
      index: 5,
      docs: 'Commit to a vote, as a juror of the panel: by its hash with a salt (see `DisputesApi_commitment`).',
      args: { id, commitment: field(h256, 'Hash of the vote and its salt.') },
      weight: ({ measured }) => measured(weights.commit),
      run(pallet, { id, commitment }) {
        commit(pallet, pallet.origin.signed(), id, commitment);
      },
    },
    reveal: {
      index: 6,
      docs: 'Open a vote, when the time for commitments is over; it is over soon after the last of the panel has committed.',
      args: { id, verdict: opened, salt },
      weight: ({ measured }) => measured(weights.reveal),
      run(pallet, { id, verdict, salt }) {
        reveal(pallet, pallet.origin.signed(), id, verdict.tag, salt);
      },
    },
    denounce: {
      index: 7,
      docs: 'Show that a juror’s vote is known before it may be: it counts no more, and half of what the juror loses is the caller’s.',
      args: { id, juror: field(accountId, 'Whose vote it is.'), verdict: opened, salt },
      weight: ({ measured }) => measured(weights.denounce),
      run(pallet, { id, juror, verdict, salt }) {
        denounce(pallet, pallet.origin.signed(), id, { juror, verdict: verdict.tag, salt });
      },
    },
    count: {
      index: 8,
      docs: 'Count the votes of a panel whose time is over, or who have all voted. Anyone may.',
      args: { id },
      weight: ({ measured }) => measured(weights.count),
      run(pallet, { id }) {
        pallet.origin.signed();
        count(pallet, id);
      },
    },
    appeal: {
      index: 9,
      docs: 'Call for a larger panel, as the side that lost. A larger bond is reserved.',
      args: { id, digests },
      weight: ({ measured }) => measured(weights.appeal),
      run(pallet, { id, digests }) {
        appeal(pallet, pallet.origin.signed(), id, digests);
      },
    },
    lapse: {
      index: 10,
      docs: 'End the wait for a panel that could not be drawn in time: what stood before stays. Anyone may.',
      args: { id },
      weight: ({ measured }) => measured(weights.lapse),
      run(pallet, { id }) {
        pallet.origin.signed();
        lapse(pallet, id);
      },
    },
    conclude: {
      index: 11,
      docs: 'Close a dispute whose ruling was not appealed in time: bonds are settled, the outcome takes effect. Anyone may.',
      args: { id },
      weight: ({ measured }) => measured(weights.conclude),
      run(pallet, { id }) {
        pallet.origin.signed();
        conclude(pallet, id);
      },
    },
    prune: {
      index: 12,
      docs: 'Drop the papers of a dispute that has been over for long; its record stays. Anyone may.',
      args: { id },
      weight: ({ measured }) => measured(weights.prune),
      run(pallet, { id }) {
        pallet.origin.signed();
        prune(pallet, id);
      },
    },
    joinJurors: {
      index: 20,
      docs: 'Become a juror for a bond of so many units. The chance to be drawn is in proportion to them.',
      args: { units: field(u8, 'How many units.') },
      weight: ({ measured }) => measured(weights.joinJurors),
      run(pallet, { units }) {
        join(pallet, pallet.origin.signed(), units);
      },
    },
    leaveJurors: {
      index: 21,
      docs: 'Give notice as a juror.',
      args: {},
      weight: ({ measured }) => measured(weights.leaveJurors),
      run(pallet) {
        giveNotice(pallet, pallet.origin.signed());
      },
    },
    releaseJuror: {
      index: 22,
      docs: 'Give a juror whose notice is over its bond back. Anyone may.',
      args: { juror: field(accountId, 'Which juror.') },
      weight: ({ measured }) => measured(weights.releaseJuror),
      run(pallet, { juror }) {
        pallet.origin.signed();
        release(pallet, juror);
      },
    },
  },
  onFinalize(pallet) {
    noteBeacons(pallet);
  },
  *deposits({ store }) {
    for (const [, { bonds }] of store.disputes.entries())
      for (const { account, amount } of bonds) yield [account, amount];
    for (const { account, bond } of store.pool.get()) yield [account, bond];
  },
  tryState: checkState,
  apis: {
    DisputesApi: {
      version: 1,
      docs: 'Disputes, and what jurors have to do.',
      methods: {
        dispute: method({
          docs: 'A dispute with its papers; of one that is long over, what stays of it.',
          inputs: { id: disputeId },
          output: option(disputeInfo),
          run: (ctx, { id }) => infoOf(ctx, id),
        }),
        open: method({
          docs: 'Open disputes about an asset, in the order of their reports.',
          inputs: { asset, from: u32, limit: u32 },
          output: vec(disputeId),
          run: (ctx, { asset, from, limit }) => disputesAbout(ctx, { tag: 'Asset', value: asset }, from, limit),
        }),
        openAbout: method({
          docs: 'Open disputes about anything that can be reported, in the order of their reports.',
          inputs: { subject, from: u32, limit: u32 },
          output: vec(disputeId),
          run: (ctx, { subject, from, limit }) => disputesAbout(ctx, subject, from, limit),
        }),
        juror: method({
          docs: 'An account as a juror, and what it has to do now.',
          inputs: { who: accountId },
          output: option(jurorInfo),
          run: (ctx, { who }) => jurorInfoOf(ctx, who),
        }),
        commitment: method({
          docs: 'What a juror commits to. Ask a node of your own: who knows vote and salt can denounce the juror.',
          inputs: { id: disputeId, level: u8, juror: accountId, verdict, salt },
          output: h256,
          run: (ctx, { id, level, juror, verdict, salt }) =>
            commitmentOf(ctx, { id, level, juror, verdict: verdict.tag, salt }),
        }),
      },
    },
  },
});

export { COMMIT_MARGIN } from './state.ts';
export { commitmentOf } from './votes.ts';
export * from './types.ts';
