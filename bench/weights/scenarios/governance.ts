/** Calls of `Governance`, with as many proposals, votes, candidates and motions as there may be. */
import { Origin, type RuntimeCall } from '../../../pallets/support/index.ts';
import type { Scenario } from '../scenario.ts';
import {
  Bench,
  crowd,
  PLACES,
  reason,
  manyCalls,
  SEATS,
  TAC,
  TERM,
  to,
  voter,
  VOTING,
  who,
} from './governance-chain.ts';

/** The longest call of a proposal that is measured, less the calls that stand beside it. */
const BYTES = 62_000;
const bench = (): Bench => new Bench();
const id = BigInt(PLACES);

/** The first proposal of a chain, for which enough have voted; its time lock is over. */
function passed(call: RuntimeCall): Bench {
  const made = bench();
  made.make(who(1), made.propose(call));
  for (const each of crowd.slice(1, 3)) made.make(each, made.vote(0n, 9_000_000n * TAC));
  made.chain.runToBlock(VOTING + 3);
  return made;
}

export const governanceScenarios: readonly Scenario[] = [
  {
    call: 'Governance.propose',
    size: { unit: 'byte', from: 0, to: BYTES },
    prepare(bytes) {
      const made = bench().withProposals(PLACES - 1);
      return made.ready(crowd[PLACES] as Uint8Array, made.propose(manyCalls(bytes)));
    },
  },
  {
    call: 'Governance.vote',
    prepare() {
      const made = bench().withVotes();
      return made.ready(voter, made.vote(2n * id - 1n, 9_000_000n * TAC));
    },
  },
  {
    call: 'Governance.removeVote',
    prepare() {
      const made = bench().withVotes();
      return made.ready(voter, made.pallet.call.removeVote({ id: 2n * id - 1n }));
    },
  },
  {
    call: 'Governance.unlock',
    prepare() {
      const made = bench().withVotes();
      made.chain.runToBlock(60);
      return made.ready(who(1), made.pallet.call.unlock({ who: to(voter) }));
    },
  },
  {
    call: 'Governance.enact',
    size: { unit: 'byte', from: 0, to: BYTES },
    prepare(bytes) {
      const made = passed(manyCalls(bytes));
      return made.ready(voter, made.pallet.call.enact({ id: 0n, call: manyCalls(bytes) }));
    },
  },
  {
    call: 'Governance.close',
    prepare() {
      const made = bench().withProposals(PLACES - 1);
      const last = crowd[PLACES] as Uint8Array;
      made.make(last, made.propose(manyCalls(0)));
      made.chain.runToBlock(VOTING + 1);
      return made.ready(voter, made.pallet.call.close({ id: id - 1n }));
    },
  },
  {
    call: 'Governance.withdraw',
    prepare() {
      const made = bench().withProposals(PLACES - 1);
      const last = crowd[PLACES] as Uint8Array;
      made.make(last, made.propose(manyCalls(0)));
      made.chain.runToBlock(VOTING);
      return made.ready(last, made.pallet.call.withdraw({ id: id - 1n }));
    },
  },
  {
    call: 'Governance.cancel',
    prepare() {
      const made = bench().withProposals(PLACES);
      return made.ready('root', made.pallet.call.cancel({ id: 0n, depositLost: true }));
    },
  },
  {
    call: 'Governance.spend',
    prepare() {
      const made = bench();
      return made.ready('root', made.pallet.call.spend({ beneficiary: to(voter), amount: TAC }));
    },
  },
  {
    call: 'Governance.scheduleUpgrade',
    prepare() {
      const made = bench();
      return made.ready('root', made.pallet.call.scheduleUpgrade({ height: 10_000_000, code: reason }));
    },
  },
  {
    call: 'Governance.cancelUpgrade',
    prepare() {
      const made = bench();
      made.chain.dispatch(Origin.root, made.pallet.call.scheduleUpgrade({ height: 10_000_000, code: reason }));
      return made.ready('root', made.pallet.call.cancelUpgrade({}));
    },
  },
  {
    call: 'Governance.stand',
    prepare() {
      const made = bench().withCandidates(PLACES);
      return made.ready(crowd[PLACES] as Uint8Array, made.pallet.call.stand({}));
    },
  },
  {
    call: 'Governance.approve',
    prepare() {
      const made = bench().withProposals(PLACES).withCandidates(PLACES);
      made.make(voter, made.approve([0, 1, 2, 3, 4, 5, 6, 7]));
      return made.ready(voter, made.approve([24, 25, 26, 27, 28, 29, 30, 31], 9_000_000n * TAC));
    },
  },
  {
    call: 'Governance.removeApproval',
    prepare() {
      const made = bench().withProposals(PLACES).withCandidates(PLACES);
      made.make(voter, made.approve([24, 25, 26, 27, 28, 29, 30, 31], 9_000_000n * TAC));
      return made.ready(voter, made.pallet.call.removeApproval({}));
    },
  },
  {
    call: 'Governance.holdElection',
    prepare() {
      const made = bench().withPanel();
      made.withMotions((n) => made.suspend(BigInt(n)));
      for (const each of crowd.slice(SEATS)) made.make(each, made.pallet.call.stand({}));
      const first = SEATS;
      made.make(
        voter,
        made.approve(
          Array.from({ length: 8 }, (_, i) => first + i),
          9_000_000n * TAC,
        ),
      );
      made.chain.runToBlock(2 * TERM);
      return made.ready(voter, made.pallet.call.holdElection({}));
    },
  },
  {
    call: 'Governance.panelSuspend',
    prepare() {
      const made = bench().withPanel();
      made.nearlyCarried(made.suspend(0n));
      return made.ready(crowd[4] as Uint8Array, made.suspend(0n));
    },
  },
  {
    call: 'Governance.panelLift',
    prepare() {
      const made = bench().withPanel().suspended();
      const lift = made.pallet.call.panelLift({ model: 0n });
      made.nearlyCarried(lift);
      return made.ready(crowd[4] as Uint8Array, lift);
    },
  },
  {
    call: 'Governance.endReview',
    prepare() {
      const made = bench().withPanel().suspended();
      made.chain.runToBlock(2 * TERM);
      return made.ready(voter, made.pallet.call.endReview({ model: 0n }));
    },
  },
  {
    call: 'Governance.overrule',
    prepare() {
      const made = bench().withPanel();
      made.withMotions((n) => made.suspend(0n, who(n))).suspended();
      made.make(crowd[0] as Uint8Array, made.pallet.call.panelLift({ model: 0n }));
      return made.ready('root', made.pallet.call.overrule({ model: 0n }));
    },
  },
];
