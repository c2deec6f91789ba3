import { bool, bounded, field, u16, u64, vec } from '../../primitives/scale/index.ts';
import { pin } from '../balances/index.ts';
import { grantId, termsId } from '../licensing/types.ts';
import { modelId } from '../ownership/types.ts';
import { accountId, blockNumber, definePallet } from '../support/index.ts';
import { usageApi } from './api.ts';
import { held } from './held.ts';
import { admit, closeMeter, join, leave, nameGateway, openMeter, release } from './meters.ts';
import { concludePeriod, openPeriod } from './periods.ts';
import { beginReport, concludeReport } from './reports.ts';
import { ESCROW, state } from './state.ts';
import { counters, MAX_REPORTERS, MAX_SLOTS, meterId, periodIndex } from './types.ts';
import { weights } from './weights.ts';

const kMin = (of: string) => field(u16, `The least number of ${of} that are opened together.`);
const uses = (what: string) => field(u64, what);
const openBlocks = field(blockNumber, 'How long counts may be submitted, from when the round has its key.');

/** How models are used: statistics, and uses that are billed and run out, by encrypted counts. */
export const usage = definePallet({
  ...state,
  ...held,
  calls: {
    openPeriod: {
      index: 0,
      docs: 'Take statistics of a model, as its owner or delegate for rounds. Pays what the committee posts for it.',
      args: {
        model: modelId,
        counters,
        reporters: field(bounded(vec(accountId), MAX_REPORTERS), 'Who may report, each once.'),
        most: uses('The largest count of one report, rounded up to all digits of base 16 that it has.'),
        kMin: kMin('reports'),
        openBlocks,
      },
      weight: ({ measured }, { reporters }) => measured(weights.openPeriod, reporters.length),
      run(pallet, args) {
        openPeriod(pallet, pallet.origin.signed(), args);
      },
    },
    concludePeriod: {
      index: 1,
      docs: 'Keep the totals of a period whose round is over, or end it without. Anyone may.',
      args: { model: modelId, period: periodIndex },
      weight: ({ measured }) => measured(weights.concludePeriod),
      run(pallet, { model, period }) {
        pallet.origin.signed();
        concludePeriod(pallet, model, period);
      },
    },
    nameGateway: {
      index: 2,
      docs: 'Say whether an account may have meters of a model, as whoever licenses it.',
      args: { model: modelId, gateway: accountId, isNamed: field(bool, 'Whether it may from now on.') },
      weight: ({ measured }) => measured(weights.nameGateway),
      run(pallet, { model, gateway, isNamed }) {
        nameGateway(pallet, pallet.origin.signed(), model, gateway, isNamed);
      },
    },
    openMeter: {
      index: 3,
      docs: 'Open a meter for grants of a model under stored terms, as a gateway that is named for it.',
      args: { model: modelId, terms: termsId, kMin: kMin('grants') },
      weight: ({ measured }) => measured(weights.openMeter),
      run(pallet, { model, terms, kMin }) {
        openMeter(pallet, pallet.origin.signed(), model, terms, kMin);
      },
    },
    join: {
      index: 4,
      docs: 'Agree to have the uses of the caller’s grant counted by a meter. Until that is over they go to no seat and no other holder.',
      args: { meter: meterId, grant: grantId },
      weight: ({ measured }) => measured(weights.join),
      run(pallet, { meter, grant }) {
        join(pallet, pallet.origin.signed(), meter, grant);
      },
    },
    leave: {
      index: 5,
      docs: 'Leave a meter as the holder of a grant. What is left of its uses is lost, unless the gateway has given it no place, is silent or named no more.',
      args: { grant: grantId },
      weight: ({ measured }) => measured(weights.leave),
      run(pallet, { grant }) {
        leave(pallet, pallet.origin.signed(), grant);
      },
    },
    release: {
      index: 6,
      docs: 'Let a grant go, as the gateway, and say how many uses it had.',
      args: {
        meter: meterId,
        grant: grantId,
        uses: uses('Uses since it has its place; at most those left are spent.'),
      },
      weight: ({ measured }) => measured(weights.release),
      run(pallet, { meter, grant, uses }) {
        release(pallet, pallet.origin.signed(), meter, grant, uses);
      },
    },
    closeMeter: {
      index: 7,
      docs: 'Close a meter of the caller on which no grant is any more; its deposit returns.',
      args: { meter: meterId },
      weight: ({ measured }) => measured(weights.closeMeter),
      run(pallet, { meter }) {
        closeMeter(pallet, pallet.origin.signed(), meter);
      },
    },
    report: {
      index: 8,
      docs: 'Report uses, as the gateway of a meter: pays what is new into escrow and opens a round for the encrypted counts.',
      args: { meter: meterId, total: uses('All uses that the meter has counted since it was opened.'), openBlocks },
      weight: ({ measured }) => measured(weights.report, MAX_SLOTS),
      run(pallet, { meter, total, openBlocks }) {
        beginReport(pallet, pallet.origin.signed(), meter, total, openBlocks);
      },
    },
    concludeReport: {
      index: 9,
      docs: 'Settle a report whose round is over: its bill is paid, grants that are used up are marked; or give the bill back. Anyone may.',
      args: { meter: meterId },
      weight: ({ measured }) => measured(weights.concludeReport, MAX_SLOTS),
      run(pallet, { meter }) {
        pallet.origin.signed();
        concludeReport(pallet, meter);
      },
    },
    admit: {
      index: 10,
      docs: 'Give a grant a place on a meter, as its gateway, once its holder has agreed. The place stays.',
      args: { meter: meterId, grant: grantId },
      weight: ({ measured }) => measured(weights.admit),
      run(pallet, { meter, grant }) {
        admit(pallet, pallet.origin.signed(), meter, grant);
      },
    },
  },
  genesis({ ctx }) {
    pin(ctx, ESCROW);
  },
  apis: { UsageApi: usageApi },
});

export { ESCROW as USAGE_ESCROW } from './state.ts';
