/** Calls of `Governance` about secret ballots: all places taken, by accounts of which most lie. */
import { Origin, type RuntimeCall } from '../../../pallets/support/index.ts';
import { tally } from '../../../pallets/tally/index.ts';
import { VERDICT } from '../../../primitives/round/index.ts';
import { account } from '../../../test/support/committee.ts';
import { SecretVotes, setBurn } from '../../../test/support/secret-vote.ts';
import type { Prepared } from '../measure.ts';
import type { Scenario } from '../scenario.ts';
import { manyCalls, PLACES } from './governance-chain.ts';

const SEATS = 64;
const LEAST = 5;
const BYTES = 62_000;
const CROWD = Array.from({ length: SEATS }, (_, i) => `voter ${i}`);

const by = ({ chain }: SecretVotes, who: string, call: RuntimeCall): Prepared => {
  const { composition, ctx } = chain;
  return { composition, ctx, origin: Origin.signed(account(who)), call };
};

/** A secret vote with so many places taken. */
function withSeats(seats: number): SecretVotes {
  const votes = new SecretVotes(CROWD).active();
  votes.make('user', votes.proposeSecret(setBurn(500n), LEAST));
  for (const who of CROWD.slice(0, seats)) votes.make(who, votes.pallet.call.takeSeat({ id: 0n }));
  return votes;
}

/** As if everybody had handed something in, and only as many as have to be were honest: what the tally would have written. */
function withBallots(): SecretVotes {
  const votes = withSeats(SEATS);
  votes.chain.runToBlock(votes.store.proposals.get(0n)?.closes ?? 0);
  const { store } = tally.use(votes.chain.ctx);
  const round = store.rounds.get(votes.round);
  if (round === undefined) throw new Error('no round');
  const lane = round.lanes[0]?.lane ?? 0;
  for (const [place, who] of CROWD.entries()) {
    store.submissions.put(votes.round, place, {
      account: account(who),
      lane,
      part: 0,
      id: new Uint8Array(32),
      ephemeral: new Uint8Array(32),
      length: 1,
      block: 1,
      verdict: place < LEAST ? VERDICT.accepted : VERDICT.refused,
      reason: 0,
    });
  }
  store.sums.put(votes.round, { ciphertext: new Uint8Array(32), contributors: LEAST, sums: [3n, 1n, 1n] });
  const over = { submissions: SEATS, failure: undefined, endedAt: votes.chain.ctx.block };
  store.rounds.put(votes.round, { ...round, ...over, phase: { tag: 'Settled' } });
  store.handed.put(round.consumer, votes.round, undefined);
  return votes;
}

export const secretVoteScenarios: readonly Scenario[] = [
  {
    call: 'Governance.proposeSecret',
    size: { unit: 'byte', from: 0, to: BYTES },
    prepare(bytes) {
      const votes = new SecretVotes(CROWD).active();
      for (const who of CROWD.slice(0, PLACES - 1)) votes.make(who, votes.propose(setBurn(1n)));
      return by(votes, 'user', votes.proposeSecret(manyCalls(bytes), LEAST));
    },
  },
  {
    call: 'Governance.takeSeat',
    prepare() {
      const votes = withSeats(SEATS - 1);
      return by(votes, `voter ${SEATS - 1}`, votes.pallet.call.takeSeat({ id: 0n }));
    },
  },
  {
    call: 'Governance.countBallots',
    prepare() {
      const votes = withBallots();
      return by(votes, 'owner', votes.pallet.call.countBallots({ id: 0n }));
    },
  },
];
