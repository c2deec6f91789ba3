import { expect } from 'chai';
import { type Asset, freeze, ownership, revokeAsset, thaw } from '../../../pallets/ownership/index.ts';
import { registry } from '../../../pallets/registry/index.ts';
import { type Evidence, MAX_STATED, royalty, type RoyaltyRule } from '../../../pallets/royalty/index.ts';
import { Origin } from '../../../pallets/support/index.ts';
import { findItem, findRound, setStanding, tally } from '../../../pallets/tally/index.ts';
import {
  account,
  beginRound,
  call,
  enrolmentOf,
  phaseOf,
  submitParts,
  TestCommittee,
  testChain,
  type TestChain,
  usesOf,
} from '../../support/committee.ts';
import { acceptTitle } from '../../support/ownership.ts';
import { admitted, curated, ownData, vouched } from '../../support/evidence.ts';

const NAMES = ['anna', 'bo', 'cleo', 'dan'];
const { errors } = royalty;
const by = (name: string): Origin => Origin.signed(account(name));
const data = (value: bigint) => ({ tag: 'Data' as const, value });
const AUDITED: Pick<RoyaltyRule, 'factors'> = { factors: [{ kind: { tag: 'SafetyAudit' }, factor: 4 }] };

/** A round that is open: anna owns data 0 and 1, bo data 2; 0 and 2 are curated; there are claims about 0 (an audit) and 1 (a benchmark). */
function opened(changes: Partial<RoyaltyRule> = {}) {
  const members = new TestCommittee(testChain({ accounts: [...NAMES, 'attester'] }));
  const { test } = members;
  members.runToActive();
  admitted(test, 'attester');
  const [first, second, third] = ['anna', 'anna', 'bo'].map((who, i) => ownData(test, who, `${who} ${i}`));
  const portfolio = curated(test, [
    [first!, 5n],
    [third!, 1_000_000n],
  ]);
  const audit = vouched(test, 'attester', first!, 'SafetyAudit');
  const benchmark = vouched(test, 'attester', second!, 'Benchmark');
  const curation = { portfolio, points: 10n, most: 400n };
  const { id } = beginRound(test, { points: 10n, curation, ...AUDITED, ...changes });
  members.runUntil(() => phaseOf(test, id) === 'Open');
  const { chain } = test;
  const shown = (evidence: Partial<Evidence>) => ({
    data: [...(evidence.data ?? [])],
    claims: [...(evidence.claims ?? [])],
  });
  const enrol = (who: string, evidence?: Partial<Evidence>) => {
    const enrolment = enrolmentOf(test, id, who);
    return evidence === undefined
      ? royalty.call.enrol({ round: id, enrolment })
      : royalty.call.enrolWithEvidence({ round: id, enrolment, ...shown(evidence) });
  };
  const state = (evidence: Partial<Evidence>) => royalty.call.stateStanding({ round: id, ...shown(evidence) });
  const recount = (who: string) => royalty.call.recountStanding({ round: id, account: account(who) });
  const standing = (who: string): [bigint, number] | undefined => {
    const item = findItem(chain.ctx, id, account(who))?.item;
    return item && [item.standing, item.factor];
  };
  return { members, test, chain, id, enrol, state, recount, standing, audit, benchmark, portfolio };
}

/** Offers what is owned, and has it accepted. */
function handOver(test: TestChain, asset: Asset, from: string, to: string): void {
  call(test, from, ownership.call.transfer({ asset, to: { tag: 'Id', value: account(to) } }));
  call(test, to, acceptTitle(asset, account(from)));
}

describe('what is public of an item’s score', function () {
  it('is stated with the enrolment or after it, adds up over data, and is at most what the rule says', () => {
    const { test, chain, id, enrol, state, standing, audit } = opened();
    call(test, 'anna', enrol('anna', { data: [0n] }));
    expect(standing('anna')).to.deep.equal([50n, 1]);
    call(test, 'anna', state({ claims: [audit] }));
    expect(standing('anna')).to.deep.equal([50n, 4]);
    call(test, 'bo', enrol('bo'));
    expect(standing('bo')).to.deep.equal([0n, 1]);
    call(test, 'bo', state({ data: [2n] }));
    expect(standing('bo'), 'ten million points are no more than the most').to.deep.equal([400n, 1]);
    expect(chain.events.at(-1)?.data).to.deep.equal({ round: id, account: account('bo'), standing: 400n, factor: 1 });
  });

  it('counts data once in a round, whoever owns it by then', () => {
    const { test, chain, enrol, state, standing } = opened();
    call(test, 'anna', enrol('anna', { data: [0n] }));
    chain.expectNoop(by('anna'), state({ data: [0n] }), errors.AlreadyStated);
    handOver(test, data(0n), 'anna', 'cleo');
    chain.expectNoop(by('cleo'), enrol('cleo', { data: [0n] }), errors.AlreadyStated);
    call(test, 'cleo', enrol('cleo'));
    chain.expectNoop(by('cleo'), state({ data: [0n] }), errors.AlreadyStated);
    chain.expectNoop(by('bo'), enrol('bo', { data: [2n, 2n] }), errors.AlreadyStated);
    expect([standing('anna'), standing('cleo')]).to.deep.equal([
      [50n, 1],
      [0n, 1],
    ]);
  });

  it('is gone where the data is sold, frozen or taken out of use, once anyone has it counted again', () => {
    const { test, chain, enrol, recount, standing, audit } = opened();
    call(test, 'anna', enrol('anna', { data: [0n], claims: [audit] }));
    chain.expectNoop(by('dan'), recount('anna'), errors.SameStanding);
    chain.expectNoop(by('dan'), recount('bo'), tally.errors.NotEnrolled);
    freeze(chain.ctx, data(0n), chain.ctx.block + 1_000);
    call(test, 'dan', recount('anna'));
    expect(standing('anna')).to.deep.equal([0n, 1]);
    thaw(chain.ctx, data(0n));
    call(test, 'anna', recount('anna'));
    expect(standing('anna'), 'it counts again').to.deep.equal([50n, 4]);
    handOver(test, data(0n), 'anna', 'cleo');
    call(test, 'dan', recount('anna'));
    expect(standing('anna')).to.deep.equal([0n, 1]);
    handOver(test, data(0n), 'cleo', 'anna');
    call(test, 'dan', recount('anna'));
    revokeAsset(chain.ctx, data(0n));
    call(test, 'dan', recount('anna'));
    expect(standing('anna')).to.deep.equal([0n, 1]);
  });

  it('has no factor by a claim that is revoked, is over, or whose attester is dismissed', () => {
    const { members, test, chain, enrol, state, recount, standing, audit } = opened();
    call(test, 'anna', enrol('anna', { data: [0n], claims: [audit] }));
    call(test, 'attester', registry.call.revokeClaim({ id: audit }));
    expect(standing('anna')).to.deep.equal([50n, 4]);
    call(test, 'bo', recount('anna'));
    expect(standing('anna')).to.deep.equal([50n, 1]);
    chain.expectNoop(by('anna'), state({ claims: [audit] }), errors.ClaimNotValid);
    const brief = vouched(test, 'attester', 0n, 'SafetyAudit', { until: chain.ctx.block + 2 });
    call(test, 'anna', state({ claims: [brief] }));
    expect(standing('anna')).to.deep.equal([50n, 4]);
    members.runUntil(() => chain.ctx.block >= 60 || findRound(chain.ctx, 1)?.phase.tag !== 'Open' || ended());
    call(test, 'bo', recount('anna'));
    expect(standing('anna')).to.deep.equal([50n, 1]);
    const last = vouched(test, 'attester', 0n, 'SafetyAudit');
    call(test, 'anna', state({ claims: [last] }));
    const who = { tag: 'Id' as const, value: account('attester') };
    expect(chain.dispatch(Origin.root, registry.call.dismissAttester({ who }))).to.equal('ok');
    chain.expectNoop(by('anna'), state({ claims: [last] }), errors.ClaimNotValid);
    call(test, 'bo', recount('anna'));
    expect(standing('anna')).to.deep.equal([50n, 1]);

    function ended(): boolean {
      const until = registry.use(chain.ctx).store.claims.get(brief)?.until ?? 0;
      return chain.ctx.block >= until;
    }
  });

  it('is of nobody else’s data, of nothing that the rule does not ask for, and of no more than may be shown', () => {
    const { test, chain, enrol, state, audit, benchmark } = opened();
    chain.expectNoop(by('anna'), state({ data: [0n] }), tally.errors.NotEnrolled);
    chain.expectNoop(by('bo'), enrol('bo', { data: [0n] }), errors.NotYourData);
    chain.expectNoop(by('bo'), enrol('bo', { data: [99n] }), errors.NotYourData);
    chain.expectNoop(by('bo'), enrol('bo', { claims: [audit] }), errors.UnknownClaim);
    chain.expectNoop(by('bo'), enrol('bo', { data: [2n], claims: [99n] }), errors.UnknownClaim);
    chain.expectNoop(by('anna'), enrol('anna', {}), errors.NothingStated);
    chain.expectNoop(by('anna'), enrol('anna', { data: [1n] }), errors.CountsForNothing);
    chain.expectNoop(by('anna'), enrol('anna', { data: [0n, 1n], claims: [benchmark] }), errors.CountsForNothing);
    freeze(chain.ctx, data(0n), chain.ctx.block + 1_000);
    chain.expectNoop(by('anna'), enrol('anna', { data: [0n] }), ownership.errors.Frozen);
    thaw(chain.ctx, data(0n));
    call(test, 'anna', enrol('anna', { data: [0n], claims: [audit, audit] }));
    const more = Array.from({ length: MAX_STATED }, (_, i) => ownData(test, 'anna', `more ${i}`));
    const claims = more.map((id) => vouched(test, 'attester', id, 'SafetyAudit'));
    chain.expectNoop(by('anna'), state({ data: more, claims }), errors.TooManyStated);
    call(test, 'anna', state({ data: more.slice(1), claims: claims.slice(1) }));
    chain.expectNoop(by('anna'), state({ claims: claims.slice(0, 1) }), errors.TooManyStated);
    chain.expectNoop(by('anna'), royalty.call.stateStanding({ round: 7, data: [0n], claims: [] }), errors.UnknownRound);
  });

  it('is fixed when the round closes, and forgotten with the round', () => {
    const { members, test, chain, id, enrol, state, recount, audit } = opened({ kMin: 2, maxItems: 2 });
    call(test, 'anna', enrol('anna', { data: [0n], claims: [audit] }));
    call(test, 'bo', enrol('bo', { data: [2n] }));
    for (const name of ['anna', 'bo']) submitParts(members, id, name);
    const kept = () => royalty.use(chain.ctx).store;
    expect([...kept().statements.entries(id)]).to.have.length(2);
    expect([...kept().stated.entries(id)]).to.have.length(2);
    members.runUntil(() => phaseOf(test, id) !== 'Open');
    freeze(chain.ctx, data(0n), chain.ctx.block + 1_000);
    chain.expectNoop(by('dan'), recount('anna'), tally.errors.NotOpen);
    chain.expectNoop(by('anna'), state({ data: [1n] }), tally.errors.NotOpen);
    members.runUntil(() => phaseOf(test, id) === 'Failed');
    expect(findRound(chain.ctx, id)?.failure?.tag).to.equal('NoDirection');
    members.runUntil(() => kept().live.get().length === 0);
    chain.runToBlock(chain.ctx.block + 1);
    expect([...kept().statements.entries(), ...kept().stated.entries(), ...kept().forgotten.get()]).to.deep.equal([]);
  });

  it('is never more than the rule was admitted with, whatever a consumer says', () => {
    const { test, chain, id, enrol } = opened();
    call(test, 'anna', enrol('anna'));
    const give = (standing: bigint, factor: number): string => {
      try {
        setStanding(chain.ctx, id, account('anna'), { standing, factor });
        return 'ok';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(give(400n, 4)).to.equal('ok');
    for (const [standing, factor] of [
      [401n, 1],
      [0n, 5],
      [0n, 0],
    ] as const)
      expect(give(standing, factor), `${standing} ${factor}`).to.contain('BeyondRule');
  });
});

describe('whom a round takes', function () {
  it('owners of curated data, who show it as they enrol', () => {
    const { test, chain, enrol, recount, standing, audit, id } = opened({ admits: { tag: 'Curated' } });
    chain.expectNoop(by('dan'), enrol('dan'), errors.EvidenceNeeded);
    const own = ownData(test, 'dan');
    const claim = vouched(test, 'attester', own, 'SafetyAudit');
    chain.expectNoop(by('dan'), enrol('dan', { data: [own], claims: [claim] }), errors.NotTaken);
    chain.expectNoop(by('dan'), enrol('dan', { data: [0n] }), errors.NotYourData);
    call(test, 'anna', enrol('anna', { data: [0n], claims: [audit] }));
    // Data that let one account in lets in no other; whoever is in stays.
    handOver(test, data(0n), 'anna', 'cleo');
    chain.expectNoop(by('cleo'), enrol('cleo', { data: [0n] }), errors.AlreadyStated);
    call(test, 'cleo', recount('anna'));
    expect(standing('anna')).to.deep.equal([0n, 1]);
    expect(findRound(chain.ctx, id)?.items).to.equal(1);
  });

  it('owners of data that an attester vouches for in the way that is asked for', () => {
    const { test, chain, enrol, audit, benchmark } = opened({
      admits: { tag: 'Attested', value: { tag: 'Benchmark' } },
      factors: [],
      curation: undefined,
    });
    chain.expectNoop(by('anna'), enrol('anna'), errors.EvidenceNeeded);
    chain.expectNoop(by('anna'), enrol('anna', { data: [0n], claims: [audit] }), errors.CountsForNothing);
    call(test, 'anna', enrol('anna', { data: [1n], claims: [benchmark] }));
    chain.expectNoop(by('bo'), enrol('bo', { data: [2n], claims: [benchmark] }), errors.UnknownClaim);
  });
});

describe('a rule of a royalty round', function () {
  it('names only what there is', () => {
    const { test, chain, portfolio } = opened();
    const rejected = (changes: Partial<RoyaltyRule>): string => {
      try {
        beginRound(test, { points: 10n, ...changes });
        return 'ok';
      } catch (error) {
        return (error as Error).message.split(': ').at(-1) ?? '';
      }
    };
    const curation = { portfolio, points: 1n, most: 1n };
    const safety = { kind: { tag: 'SafetyAudit' as const }, factor: 2 };
    const reporter = usesOf('reporter', 1n, 1n);
    expect(rejected({ curation: { ...curation, portfolio: 77n } })).to.equal('Royalty.UnknownPortfolio');
    expect(rejected({ admits: { tag: 'Curated' } })).to.equal('Royalty.NoCuration');
    expect(rejected({ factors: [{ ...safety, factor: 1 }] })).to.equal('Royalty.BadFactors');
    expect(rejected({ factors: [{ ...safety, factor: 17 }] })).to.equal('Royalty.BadFactors');
    expect(rejected({ factors: [safety, { ...safety, factor: 3 }] })).to.equal('Royalty.BadFactors');
    expect(rejected({ reporters: [{ ...reporter, model: 1n }] })).to.equal('Royalty.ForeignModel');
    expect(rejected({ reporters: [reporter, reporter] })).to.equal('Royalty.RepeatedReporter');
    const attested = { tag: 'Benchmark' as const };
    expect(rejected({ reporters: [{ ...reporter, attested }] })).to.equal('Royalty.NotAttesting');
    revokeAsset(chain.ctx, { tag: 'Portfolio', value: portfolio });
    expect(rejected({ curation })).to.equal('Ownership.Revoked');
    expect(rejected({ reporters: [{ ...reporter, points: 1n << 43n }] })).to.equal('Tally.NoiseBudget');
    expect(rejected({ reporters: [{ ...reporter, points: (1n << 64n) - 1n }] })).to.equal('Tally.CountsWrap');
    // Nothing of the refused rounds is left.
    const both = [reporter, { ...reporter, metric: { tag: 'TaskResults' as const } }];
    expect(rejected({ reporters: [...both, { ...reporter, account: account('attester'), attested }] })).to.equal('ok');
  });
});
