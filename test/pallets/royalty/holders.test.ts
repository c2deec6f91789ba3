import { expect } from 'chai';
import { freeOf } from '../../../pallets/balances/index.ts';
import { registry } from '../../../pallets/registry/index.ts';
import { type Evidence, holdersIn, royalty, type RoyaltyRule } from '../../../pallets/royalty/index.ts';
import { Origin } from '../../../pallets/support/index.ts';
import { aggregateParts, findItem, findRound, payoutOf, tally } from '../../../pallets/tally/index.ts';
import { present } from '../../../primitives/at.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import {
  account,
  beginRound,
  call,
  enrolmentOf,
  partOf,
  phaseOf,
  publish,
  submitParts,
  submitSealed,
  TestCommittee,
  testChain,
} from '../../support/committee.ts';
import { openedBy } from '../../support/claims.ts';
import { admitted, ownData, vouched } from '../../support/evidence.ts';
import { forged } from '../../support/forged.ts';
import { enrolAs, type Party, voucherOf } from '../../support/holders.ts';

const NAMES = ['anna', 'bo', 'cleo', 'dan', 'eve'];
const { errors } = royalty;
const by = (name: string): Origin => Origin.signed(account(name));

/** An open round of items that share. */
function opened(changes: Partial<RoyaltyRule> = {}) {
  const members = new TestCommittee(testChain({ accounts: [...NAMES, 'attester', 'other'] }));
  const { test } = members;
  members.runToActive();
  admitted(test, 'attester');
  admitted(test, 'other');
  const holders = { tag: 'Attested' as const, value: undefined };
  const begun = beginRound(test, { reporters: [], openBlocks: 30, holders, ...changes });
  const { id } = begun;
  members.runUntil(() => phaseOf(test, id) === 'Open');
  const { chain } = test;
  const enrol = (who: string, evidence?: Evidence) => {
    const enrolment = enrolmentOf(test, id, who);
    if (evidence === undefined) return royalty.call.enrol({ round: id, enrolment });
    const { data, claims } = evidence;
    return royalty.call.enrolWithEvidence({ round: id, enrolment, data: [...data], claims: [...claims] });
  };
  const holderOf = (who: string): string => toHex(present(findItem(chain.ctx, id, account(who)), who).item.holder);
  const finish = (): void => {
    members.runUntil(() => ['Direction', 'Settled', 'Failed'].includes(phaseOf(test, id)), 100);
    if (phaseOf(test, id) === 'Direction') publish(members, begun);
    members.runUntil(() => ['Settled', 'Failed'].includes(phaseOf(test, id)));
  };
  return { members, test, chain, id, begun, enrol, holderOf, finish };
}

const parties = (...holders: string[]): Party[] => holders.map((holder, i) => ({ name: NAMES[i] as string, holder }));

describe('whose an item is', function () {
  it('is what an attester’s claim about the account’s own data says; who shows none is not taken', () => {
    const { test, chain, id, enrol, holderOf } = opened();
    chain.expectNoop(by('anna'), enrol('anna'), errors.HolderNeeded);
    const own = ownData(test, 'anna', 'plain');
    const audit = vouched(test, 'attester', own, 'SafetyAudit');
    chain.expectNoop(by('anna'), enrol('anna', { data: [own], claims: [audit] }), errors.CountsForNothing);
    const mine = voucherOf(test, 'anna', 'a');
    chain.expectNoop(by('bo'), enrol('bo', mine), errors.NotYourData);
    chain.expectNoop(by('anna'), enrol('anna', { data: mine.data, claims: [] }), errors.CountsForNothing);
    chain.expectNoop(by('anna'), enrol('anna', { data: [own], claims: mine.claims }), errors.UnknownClaim);
    call(test, 'anna', enrol('anna', mine));
    const terms = present(royalty.use(chain.ctx).store.rounds.get(id), 'the round').terms;
    expect(holdersIn(chain.ctx, terms, mine.claims).map(toHex)).to.deep.equal([holderOf('anna')]);
    // Data counts once: a second account needs a voucher for data of its own.
    chain.expectNoop(by('bo'), enrol('bo', mine), errors.NotYourData);
    enrolAs(test, id, { name: 'bo', holder: 'a' });
    enrolAs(test, id, { name: 'cleo', holder: 'c' });
    expect(holderOf('bo')).to.equal(holderOf('anna'));
    expect(holderOf('cleo')).to.not.equal(holderOf('anna'));
  });

  it('is one: claims that name several are refused, and what is shown later changes nothing', () => {
    const { test, chain, id, enrol, holderOf } = opened();
    const [left, right] = [voucherOf(test, 'anna', 'a'), voucherOf(test, 'anna', 'b')];
    const both = { data: [...left.data, ...right.data], claims: [...left.claims, ...right.claims] };
    chain.expectNoop(by('anna'), enrol('anna', both), errors.SeveralHolders);
    const same = voucherOf(test, 'anna', 'a');
    call(test, 'anna', enrol('anna', { data: [...left.data, ...same.data], claims: [...left.claims, ...same.claims] }));
    const holder = holderOf('anna');
    call(test, 'anna', royalty.call.stateStanding({ round: id, ...right }));
    expect(holderOf('anna')).to.equal(holder);
  });

  it('is no other attester’s to say: a name that two attesters give is that of two holders', () => {
    const { test, id, holderOf } = opened();
    enrolAs(test, id, { name: 'anna', holder: 'a', attester: 'attester' });
    enrolAs(test, id, { name: 'bo', holder: 'a', attester: 'other' });
    expect(holderOf('bo')).to.not.equal(holderOf('anna'));
  });

  it('is said by one attester alone where the rule names it: with two, one person would be two', () => {
    const { test, chain, enrol } = opened({ holders: { tag: 'Attested', value: account('attester') } });
    const foreign = voucherOf(test, 'anna', 'a', 'other');
    chain.expectNoop(by('anna'), enrol('anna', foreign), errors.CountsForNothing);
    call(test, 'anna', enrol('anna', voucherOf(test, 'anna', 'a')));
  });

  it('needs a claim that holds at the enrolment, and stays when it is revoked before the close', () => {
    const { members, test, chain, id, enrol, holderOf, finish } = opened();
    const [early, late] = [voucherOf(test, 'anna', 'a'), voucherOf(test, 'bo', 'b')];
    for (const claim of early.claims) call(test, 'attester', registry.call.revokeClaim({ id: claim }));
    chain.expectNoop(by('anna'), enrol('anna', early), errors.ClaimNotValid);
    call(test, 'anna', enrol('anna', voucherOf(test, 'anna', 'a')));
    call(test, 'bo', enrol('bo', late));
    enrolAs(test, id, { name: 'cleo', holder: 'c' });
    const holder = holderOf('bo');
    for (const claim of late.claims) call(test, 'attester', registry.call.revokeClaim({ id: claim }));
    chain.expectNoop(
      by('cleo'),
      royalty.call.recountStanding({ round: id, account: account('bo') }),
      errors.SameStanding,
    );
    for (const name of NAMES.slice(0, 3)) submitParts(members, id, name);
    finish();
    expect([phaseOf(test, id), holderOf('bo')]).to.deep.equal(['Settled', holder]);
  });

  it('is the account where the rule asks for none, whatever is shown', () => {
    const { test, chain, enrol, holderOf } = opened({ holders: { tag: 'Accounts' } });
    chain.expectNoop(by('anna'), enrol('anna', voucherOf(test, 'anna', 'a')), errors.CountsForNothing);
    call(test, 'anna', enrol('anna'));
    expect(holderOf('anna')).to.equal(toHex(account('anna')));
  });
});

describe('a round of few holders', function () {
  it('does not close with fewer than it needs, however many accounts they have', () => {
    const { members, test, chain, id, finish } = opened({ openBlocks: 8, maxExtensions: 0 });
    for (const party of parties('a', 'a', 'a', 'b')) {
      enrolAs(test, id, party);
      submitParts(members, id, party.name);
    }
    finish();
    expect(findRound(chain.ctx, id)?.failure?.tag).to.equal('TooFew');
  });

  it('is not opened if the checks leave fewer', () => {
    const { members, test, chain, id, finish } = opened({ openBlocks: 8, maxExtensions: 0 });
    for (const party of parties('a', 'b', 'b', 'c')) enrolAs(test, id, party);
    for (const { name } of parties('a', 'b', 'b')) submitParts(members, id, name);
    // What the third holder sends cannot be read, and nobody knows before it is unsealed.
    for (const part of [0, 1]) submitSealed(members, 'dan', id, 0, part, forged(test, id, 'dan', part, 'payloadBox'));
    finish();
    const round = present(findRound(chain.ctx, id), 'the round');
    expect([round.accepted, round.failure?.tag]).to.deep.equal([[0, 1], 'TooFewAccepted']);
  });

  it('keeps places for as many others as it needs [one holder took all places, and the round never closed]', () => {
    const { test, chain, id, enrol } = opened({ maxItems: 4 });
    enrolAs(test, id, { name: 'anna', holder: 'a' });
    enrolAs(test, id, { name: 'bo', holder: 'a' });
    chain.expectNoop(by('cleo'), enrol('cleo', voucherOf(test, 'cleo', 'a')), tally.errors.KeptForOthers);
    enrolAs(test, id, { name: 'cleo', holder: 'c' });
    chain.expectNoop(by('dan'), enrol('dan', voucherOf(test, 'dan', 'c')), tally.errors.KeptForOthers);
    enrolAs(test, id, { name: 'dan', holder: 'd' });
    chain.expectNoop(by('eve'), enrol('eve', voucherOf(test, 'eve', 'e')), tally.errors.RoundFull);
  });

  it('gives accounts of one holder together what one account gets [28 copies took 91 % of the pool]', () => {
    const paid = (holders: string[]): bigint[] => {
      const { members, test, chain, id, finish } = opened({ openBlocks: 8, maxExtensions: 0 });
      const updates = new Map(['a', 'b', 'c'].map((holder) => [holder, [partOf(test.random), partOf(test.random)]]));
      const all = parties(...holders);
      for (const party of all) {
        enrolAs(test, id, party);
        submitParts(members, id, party.name, updates.get(party.holder as string));
      }
      finish();
      const { rate, grains, stake } = present(payoutOf(chain.ctx, id), 'the payout');
      const { accepted } = present(findRound(chain.ctx, id), 'the round');
      expect(accepted).to.deep.equal([0, 1, 2]);
      const others = all.slice(3).map(({ name }) => present(findItem(chain.ctx, id, account(name)), name).item.status);
      expect(others.every(({ tag }) => tag === 'Pending')).to.equal(true);
      return accepted.map((i) => (openedBy(test, id, NAMES[i] as string, i).opening.amount - grains * stake) / rate);
    };
    expect(paid(['a', 'b', 'c', 'a', 'a'])).to.deep.equal(paid(['a', 'b', 'c']));
  });

  it('is told nothing of one holder by its aggregate but the sum of one item each [weights of 60 and 30 told of each number of one holder whether it is even]', () => {
    const { members, test, chain, id, finish } = opened({ openBlocks: 8, maxExtensions: 0 });
    const sent = parties('a', 'b', 'c', 'c').map((party) => {
      const update = [partOf(test.random), partOf(test.random)];
      enrolAs(test, id, party);
      submitParts(members, id, party.name, update);
      return update;
    });
    const before = freeOf(chain.ctx, account('dan'));
    finish();
    const round = present(findRound(chain.ctx, id), 'the round');
    const sums = [0, 1].map((part) =>
      Array.from(sent[0]?.[part] ?? [], (_, j) =>
        sent.slice(0, 3).reduce((sum, update) => sum + (update[part]?.[j] as number), 0),
      ),
    );
    expect(aggregateParts(tally.use(chain.ctx), round).map((part) => [...part])).to.deep.equal(sums);
    // Whom another account of its holder stands for loses nothing.
    expect(freeOf(chain.ctx, account('dan')) - before >= round.rule.stake).to.equal(true);
  });
});
