/** Secret ballots on proposals, with a real committee and real ballots: what they weigh, what they cost, and what those get who spoil them. */
import { expect } from 'chai';
import { freeOf, totalIssuance } from '../../../pallets/balances/index.ts';
import { Origin, type RuntimeCall, TREASURY } from '../../../pallets/support/index.ts';
import { findRound, postsBytesOf, type Round, tally } from '../../../pallets/tally/index.ts';
import { lengthToFee } from '../../../pallets/transaction-payment/index.ts';
import { LANES } from '../../../primitives/proofs/lane.ts';
import { account, submitSealed } from '../../support/committee.ts';
import { lyingVector } from '../../support/lying-vector.ts';
import { AYE, LOCK, NAY, NEITHER, SEAT, SecretVotes, setBurn, SILENT, VOTERS } from '../../support/secret-vote.ts';

const TAC = 1_000_000n;
const FUNDS = 10n ** 12n;
const wanted = setBurn(500n);

const noop = (
  votes: SecretVotes,
  who: string,
  what: RuntimeCall,
  error: Parameters<SecretVotes['chain']['expectNoop']>[2],
): void => votes.chain.expectNoop(Origin.signed(account(who)), what, error);
const count = ({ pallet }: SecretVotes, id = 0n): RuntimeCall => pallet.call.countBallots({ id });
const seat = ({ pallet }: SecretVotes, id = 0n): RuntimeCall => pallet.call.takeSeat({ id });
const enact = ({ pallet }: SecretVotes, id = 0n): RuntimeCall => pallet.call.enact({ id, call: wanted });
const treasury = ({ chain }: SecretVotes): bigint => freeOf(chain.ctx, TREASURY);
const lost = (votes: SecretVotes, who: string): bigint => FUNDS - votes.free(who) - votes.reserved(who);
/** How the last proposal ended, and what of its deposit was lost. */
function closed({ chain }: SecretVotes): unknown[] {
  const last = chain.events.findLast(({ name }) => name === 'Closed')!;
  const { outcome, lost: part } = last.data as { outcome: { tag: string }; lost: bigint };
  return [outcome.tag, part];
}
/** All but the last of the voters vote like this. */
const FIVE = { anna: AYE, bo: AYE, cleo: AYE, dan: NAY, eve: NEITHER };

describe('pallets/governance: secret ballots', function () {
  it('count with the open votes, each as much as its place holds; the call is made two time locks after they are counted', () => {
    const votes = new SecretVotes().active();
    const before = { user: votes.free('user'), issued: totalIssuance(votes.chain.ctx) };
    votes.opened(VOTERS);
    const round = findRound(votes.chain.ctx, votes.round) as Round;
    const fee = lengthToFee(postsBytesOf(round));
    const { deposit } = votes.store.proposals.get(0n)!;
    expect(fee > 0n && before.issued - totalIssuance(votes.chain.ctx)).to.equal(fee);
    expect(before.user - votes.free('user')).to.equal(fee + deposit);
    votes.cast({ ...FIVE, finn: NAY });
    votes.make('reporter', votes.vote(0n, 'Aye', TAC));
    expect(votes.free('anna')).to.equal(FUNDS - SEAT - tally.use(votes.chain.ctx).store.config.get()!.depositBase);
    votes.over();
    votes.make('owner', count(votes));
    const found = votes.store.proposals.get(0n)!;
    expect(found.ballots).to.deep.equal({ tag: 'Counted', value: { ayes: 3, nays: 2, abstentions: 1 } });
    expect(found.tally).to.deep.equal({
      ayes: 3n * SEAT + TAC,
      nays: 2n * SEAT,
      ayeStake: 3n * SEAT + TAC,
      nayStake: 2n * SEAT,
      abstainStake: SEAT,
      voters: 7,
    });
    const block = votes.chain.ctx.block;
    expect([found.enactFrom, found.expires]).to.deep.equal([block + 2 * LOCK, block + 2 * LOCK + 10]);
    for (const who of VOTERS) expect([votes.free(who), votes.reserved(who)], who).to.deep.equal([FUNDS, 0n]);
    expect(votes.store.secretVote.get()).to.equal(undefined);
    expect([...tally.use(votes.chain.ctx).store.handed.entries()]).to.have.length(0);
    noop(votes, 'owner', count(votes), votes.pallet.errors.NoSecretVote);
    votes.until(found.enactFrom - 1);
    noop(votes, 'owner', enact(votes), votes.pallet.errors.NotEnactable);
    votes.until(found.enactFrom);
    votes.make('owner', enact(votes));
    expect(votes.burnOf()).to.equal(500n);
    expect(before.user - votes.free('user')).to.equal(fee);
    expect(totalIssuance(votes.chain.ctx)).to.equal(before.issued - fee);
  });

  it('are outweighed by open votes of more stake, whoever has the places', () => {
    for (const [more, phase] of [
      [0n, 'Locked'],
      [1n, 'Rejected'],
    ] as const) {
      const votes = new SecretVotes().active().opened(VOTERS.slice(0, 5));
      votes.cast({ anna: AYE, bo: AYE, cleo: AYE, dan: AYE, eve: AYE });
      // One unit less than all the ballots together, or as much.
      votes.make('reporter', votes.vote(0n, 'Nay', 5n * SEAT - 1n + more));
      votes.over().make('owner', count(votes));
      const { proposal } = votes.pallet.apis['GovernanceApi']!.methods;
      expect(proposal!.run(votes.chain.ctx, { id: 0n })).to.have.nested.property('phase.tag', phase);
      if (phase === 'Rejected') votes.make('owner', votes.pallet.call.close({ id: 0n }));
    }
  });

  it('who lies or is silent in a place loses a tenth of the reserve; the others are counted', () => {
    const votes = new SecretVotes([...VOTERS, 'gil']).active().opened([...VOTERS, 'gil']);
    votes.cast(FIVE);
    const { members, round } = votes;
    submitSealed(members, 'finn', round, LANES.ballot, 0, lyingVector(members.test, round, 'finn', [100, 0, 0]));
    votes.over().make('owner', count(votes));
    const counted = { tag: 'Counted', value: { ayes: 3, nays: 1, abstentions: 1 } };
    expect(votes.store.proposals.get(0n)?.ballots).to.deep.equal(counted);
    expect(treasury(votes)).to.equal(2n * SILENT);
    const deposit = tally.use(votes.chain.ctx).store.config.get()!.depositBase;
    expect([...VOTERS, 'gil'].map((who) => lost(votes, who))).to.deep.equal([
      0n,
      0n,
      0n,
      0n,
      0n,
      SILENT + deposit,
      SILENT,
    ]);
    expect(votes.reserved('finn')).to.equal(0n);
  });

  it('too few ballots open nothing and nothing passes; who has cast one loses nothing', () => {
    for (const isSupported of [true, false]) {
      const votes = new SecretVotes().active().opened(VOTERS.slice(0, 5));
      votes.cast({ anna: AYE, bo: AYE, cleo: AYE, dan: AYE });
      if (isSupported) votes.make('owner', votes.vote(0n, 'Aye', FUNDS / 2n));
      const { deposit } = votes.store.proposals.get(0n)!;
      votes.over().make('owner', count(votes));
      expect(votes.store.proposals.get(0n)?.ballots?.tag).to.equal('TooFew');
      expect(VOTERS.map((who) => lost(votes, who))).to.deep.equal([0n, 0n, 0n, 0n, SILENT, 0n]);
      noop(votes, 'owner', enact(votes), votes.pallet.errors.NotEnactable);
      votes.make('anna', votes.pallet.call.close({ id: 0n }));
      // A place that is taken with nobody for it costs the deposit.
      expect(closed(votes)).to.deep.equal(isSupported ? ['Uncounted', 0n] : ['Ignored', deposit]);
    }
  });

  it('too few that hold open nothing either: a liar cannot make four of five', () => {
    const votes = new SecretVotes().active().opened(VOTERS.slice(0, 5));
    votes.cast({ anna: AYE, bo: AYE, cleo: AYE, dan: AYE });
    const { members, round } = votes;
    submitSealed(members, 'eve', round, LANES.ballot, 0, lyingVector(members.test, round, 'eve', [0, 2, 0]));
    votes.over().make('owner', count(votes));
    expect(findRound(votes.chain.ctx, round)?.failure?.tag).to.equal('TooFewAccepted');
    expect(tally.use(votes.chain.ctx).store.sums.get(round)).to.equal(undefined);
    expect(votes.store.proposals.get(0n)?.ballots?.tag).to.equal('TooFew');
    expect(treasury(votes)).to.equal(SILENT);
  });

  it('a committee that fails costs no voter anything and the proposer no deposit, and nothing passes', () => {
    const votes = new SecretVotes().active().opened(VOTERS);
    votes.cast(FIVE);
    votes.members.conduct = () => undefined;
    votes.over().make('owner', count(votes));
    expect(votes.store.proposals.get(0n)?.ballots?.tag).to.equal('Failed');
    expect(VOTERS.map((who) => lost(votes, who))).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n]);
    expect(treasury(votes)).to.equal(0n);
    votes.make('owner', votes.pallet.call.close({ id: 0n }));
    expect(closed(votes)).to.deep.equal(['Uncounted', 0n]);
  });

  it('a cancelled proposal frees all places when its round is over, and nobody is to blame; then there is room for another', () => {
    const votes = new SecretVotes().active().opened(VOTERS);
    votes.cast({ anna: AYE });
    expect(votes.chain.dispatch(Origin.root, votes.pallet.call.cancel({ id: 0n, depositLost: false }))).to.equal('ok');
    const { errors } = votes.pallet;
    noop(votes, 'owner', seat(votes), errors.UnknownProposal);
    noop(votes, 'owner', count(votes), errors.NotOpened);
    noop(votes, 'owner', votes.proposeSecret(wanted), errors.SecretVoteOpen);
    expect(votes.reserved('bo')).to.equal(SEAT);
    votes.over().make('owner', count(votes));
    for (const who of VOTERS) expect([votes.free(who), votes.reserved(who)], who).to.deep.equal([FUNDS, 0n]);
    expect(votes.store.proposals.get(0n)).to.equal(undefined);
    votes.make('user', votes.proposeSecret(wanted));
    votes.make('anna', seat(votes, 1n));
    expect(votes.store.secretVote.get()?.seats).to.deep.equal([account('anna')]);
  });

  it('a majority of stake that learns of the outcome has one time lock to propose that it be cancelled', () => {
    const votes = new SecretVotes().active().opened(VOTERS);
    votes
      .cast({ ...FIVE, finn: AYE })
      .over()
      .make('owner', count(votes));
    const { enactFrom } = votes.store.proposals.get(0n)!;
    const cancel = votes.pallet.call.cancel({ id: 0n, depositLost: true });
    // The last block in which it helps: one time lock later it would be too late.
    votes.until(enactFrom - LOCK - 1).make('owner', votes.propose(cancel));
    votes.make('owner', votes.vote(1n, 'Aye', FUNDS / 2n));
    votes.until(enactFrom - 1).make('owner', votes.pallet.call.enact({ id: 1n, call: cancel }));
    expect(votes.store.open.get()).to.deep.equal([]);
    votes.until(enactFrom);
    noop(votes, 'user', enact(votes), votes.pallet.errors.UnknownProposal);
    expect(votes.burnOf()).to.equal(100n);
  });

  it('nobody has two places, one without the money, none at all, or one after the open voting; sums are opened later still', () => {
    const votes = new SecretVotes().active();
    votes.make('owner', votes.propose(wanted));
    noop(votes, 'anna', seat(votes), votes.pallet.errors.NoSecretVote);
    noop(votes, 'anna', seat(votes, 9n), votes.pallet.errors.UnknownProposal);
    votes.make('user', votes.proposeSecret(wanted));
    const { closes } = votes.store.proposals.get(1n)!;
    votes.make('anna', seat(votes, 1n));
    noop(votes, 'anna', seat(votes, 1n), votes.pallet.errors.AlreadySeated);
    // What stands behind an open vote does not take a place too.
    votes.make('bo', votes.vote(1n, 'Aye', FUNDS - SEAT + 1n));
    noop(votes, 'bo', seat(votes, 1n), 'Balances.InsufficientBalance');
    noop(votes, 'anna', count(votes, 1n), votes.pallet.errors.VotingOpen);
    votes.until(closes - 1).make('cleo', seat(votes, 1n));
    // A ballot without a place is none.
    expect(() => votes.cast({ dan: AYE })).to.throw('NotAdmitted');
    votes.until(closes);
    noop(votes, 'dan', seat(votes, 1n), votes.pallet.errors.VotingOver);
    noop(votes, 'dan', count(votes, 1n), votes.pallet.errors.NotOpened);
    expect(findRound(votes.chain.ctx, votes.round)?.phase.tag).to.equal('Open');
    votes.over().make('owner', count(votes, 1n));
    expect(treasury(votes)).to.equal(2n * SILENT);
  });

  it('a round that fails before it takes ballots frees the places when the open voting is over', () => {
    const votes = new SecretVotes().active();
    votes.make('user', votes.proposeSecret(wanted));
    votes.make('anna', seat(votes));
    const { closes } = votes.store.proposals.get(0n)!;
    votes.chain.runToBlock(closes - 1);
    while (findRound(votes.chain.ctx, votes.round)?.phase.tag !== 'Failed')
      votes.chain.runToBlock(votes.chain.ctx.block + 1);
    if (votes.chain.ctx.block < closes) noop(votes, 'bo', seat(votes), tally.errors.UnknownRound);
    votes.chain.runToBlock(Math.max(closes, votes.chain.ctx.block));
    votes.make('owner', count(votes));
    expect([votes.free('anna'), votes.reserved('anna')]).to.deep.equal([FUNDS, 0n]);
    expect(votes.store.proposals.get(0n)?.ballots?.tag).to.equal('Failed');
  });

  it('takes as many as there are places, and no more', () => {
    const names = Array.from({ length: 65 }, (_, i) => `voter ${i}`);
    const votes = new SecretVotes(names).active();
    votes.make('user', votes.proposeSecret(wanted, 64));
    for (const who of names.slice(0, 64)) votes.make(who, seat(votes));
    noop(votes, 'voter 64', seat(votes), votes.pallet.errors.SeatsTaken);
  });

  it('refuses what is no secret vote, and more than one', () => {
    const votes = new SecretVotes();
    const { errors, call } = votes.pallet;
    noop(votes, 'user', votes.proposeSecret(wanted), 'Committee.NoTerm');
    votes.active();
    noop(votes, 'user', votes.proposeSecret(wanted, 4), errors.TooFewBallots);
    noop(votes, 'user', votes.proposeSecret(wanted, 65), tally.errors.BadCounts);
    const stops = [call.cancel({ id: 0n, depositLost: false }), call.overrule({ model: 0n }), call.cancelUpgrade({})];
    for (const stop of stops) noop(votes, 'user', votes.proposeSecret(stop), errors.OpenOnly);
    noop(votes, 'poor', votes.proposeSecret(wanted), 'Balances.InsufficientBalance');
    votes.make('user', votes.proposeSecret(wanted));
    noop(votes, 'user', call.withdraw({ id: 0n }), errors.OpenOnly);
    noop(votes, 'owner', votes.proposeSecret(wanted), errors.SecretVoteOpen);
    // A round takes ballots for seven days at the most.
    const long = new SecretVotes(VOTERS, { GovernanceVoting: 302_401n }).active();
    noop(long, 'user', long.proposeSecret(wanted), tally.errors.BadWindow);
  });
});
