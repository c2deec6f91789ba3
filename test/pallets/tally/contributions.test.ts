import { expect } from 'chai';
import { reservedOf, freeOf } from '../../../pallets/balances/index.ts';
import { IDLE_SHARE, ROUND_DEPOSIT, royalty } from '../../../pallets/royalty/index.ts';
import { verifyTask } from '../../../node/workers/index.ts';
import { Origin, type RuntimeCall } from '../../../pallets/support/index.ts';
import { findRound, type Round, tally, type TallyPost } from '../../../pallets/tally/index.ts';
import { REJECTIONS } from '../../../primitives/proofs/unseal.ts';
import { directionHash, VERDICT } from '../../../primitives/round/index.ts';
import {
  account,
  asBytes,
  beginRound,
  call,
  contribute,
  enrolmentOf,
  PART_VALUES,
  SALT,
  partOf,
  phaseOf,
  publish,
  roundInfoOf,
  sealedOf,
  SETTINGS,
  submitSealed,
  TestCommittee,
  testChain,
  type TestRound,
} from '../../support/committee.ts';
import { badEnrolment, forged, sharedKeyEnrolment } from '../../support/forged.ts';

const NAMES = ['anna', 'bo', 'cleo', 'dan', 'eve'];

function opened(changes = {}): { members: TestCommittee; begun: TestRound } {
  const members = new TestCommittee(testChain({ accounts: NAMES }));
  members.runToActive();
  const begun = beginRound(members.test, changes);
  members.runUntil(() => phaseOf(members.test, begun.id) === 'Open');
  return { members, begun };
}

function finish(members: TestCommittee, begun: TestRound): Round {
  const over = (): boolean => ['Settled', 'Failed'].includes(phaseOf(members.test, begun.id));
  members.runUntil(() => over() || phaseOf(members.test, begun.id) === 'Direction');
  if (!over()) publish(members, begun);
  members.runUntil(over);
  return findRound(members.test.chain.ctx, begun.id) as Round;
}

function statuses({ test }: TestCommittee, id: number): string[] {
  return roundInfoOf(test.chain.ctx, id).items.map(({ status }) => status.tag);
}

describe('contributions to a round', () => {
  it('are taken while it is open, once per account, lane and part, from whoever may', () => {
    const { members, begun } = opened();
    const { test } = members;
    const { chain } = test;
    const round = begun.id;
    const { errors } = tally;
    const sealed = (who: string, lane: number, part: number) => {
      const values = lane === 0 ? partOf(test.random) : [50, 0, 0, 0, 0, 0, 0, 0];
      return sealedOf(test, round, who, lane, part, values);
    };
    const own = sealed('anna', 0, 0);
    const send = (args: Partial<{ round: number; lane: number; part: number; sealed: Uint8Array }>) => {
      return tally.call.submit({ round, lane: 0, part: 0, sealed: own, ...args });
    };
    const anna = Origin.signed(account('anna'));
    chain.expectNoop(anna, send({}), errors.NotEnrolled);
    const enrolment = enrolmentOf(test, round, 'anna');
    // Their proofs are known beforehand, so that nodes check them in their workers; what will fail anyhow asks for none.
    const tasks = (wanted: RuntimeCall): boolean[] => chain.composition.tasks(chain.ctx, anna, wanted).map(verifyTask);
    expect(tasks(royalty.call.enrol({ round, enrolment }))).to.not.be.empty.and.to.not.include(false);
    expect(tasks(send({}))).to.deep.equal([true]);
    expect(tasks(send({ sealed: own.subarray(1) }))).to.deep.equal([]);
    expect(tasks(send({ round: 9 }))).to.deep.equal([]);
    chain.expectNoop(Origin.signed(account('bo')), royalty.call.enrol({ round, enrolment }), errors.BadProof);
    call(test, 'anna', royalty.call.enrol({ round, enrolment }));
    chain.expectNoop(anna, royalty.call.enrol({ round, enrolment }), errors.AlreadyEnrolled);
    chain.expectNoop(anna, send({ round: 9 }), errors.UnknownRound);
    chain.expectNoop(anna, send({ part: 2 }), errors.NoSuchLane);
    chain.expectNoop(anna, send({ part: 1 }), errors.BadForm);
    chain.expectNoop(anna, send({ sealed: own.subarray(0, -1) }), errors.BadForm);
    chain.expectNoop(anna, send({ sealed: Uint8Array.of(...own, 0) }), errors.BadForm);
    for (const version of [0, 1, 3]) {
      chain.expectNoop(anna, send({ sealed: own.with(0, version) }), errors.WrongVersion);
    }
    chain.expectNoop(anna, send({ sealed: new Uint8Array() }), errors.WrongVersion);
    chain.expectNoop(
      anna,
      send({ sealed: own.map((byte, i) => (i === own.length - 1 ? byte ^ 1 : byte)) }),
      errors.BadProof,
    );
    chain.expectNoop(anna, send({ sealed: sealed('bo', 0, 0) }), errors.BadProof);
    expect(chain.dispatch(anna, send({}))).to.equal('ok');
    expect(reservedOf(chain.ctx, account('anna'))).to.equal(SETTINGS.deposit);
    chain.expectNoop(anna, send({ sealed: sealed('anna', 0, 0) }), errors.AlreadySubmitted);
    chain.expectNoop(anna, send({ lane: 1, sealed: sealed('anna', 1, 0) }), errors.NotReporter);
    expect(
      chain.dispatch(Origin.signed(account('reporter')), send({ lane: 1, sealed: sealed('reporter', 1, 0) })),
    ).to.equal('ok');
  });

  it('cannot repeat a key of the round', () => {
    const { members, begun } = opened();
    const { test } = members;
    const enrolment = enrolmentOf(test, begun.id, 'anna');
    call(test, 'anna', royalty.call.enrol({ round: begun.id, enrolment }));
    const ephemeral = enrolment.subarray(2, 34);
    expect(tally.use(test.chain.ctx).store.usedKeys.has(begun.id, ephemeral)).to.equal(true);
    // A submission under the same `E`: refused before its proof is looked at.
    const sealed = sealedOf(test, begun.id, 'anna', 0, 0, partOf(test.random));
    const copied = sealed.slice();
    copied.set(ephemeral, 4);
    const submit = tally.call.submit({ round: begun.id, lane: 0, part: 0, sealed: copied });
    test.chain.expectNoop(Origin.signed(account('anna')), submit, tally.errors.KeyReused);
  });

  it('are refused before the round opens, after it closes, and when it is full', () => {
    const { members, begun } = opened({ maxItems: 3, kMin: 3 });
    const { test } = members;
    const { chain } = test;
    for (const name of NAMES.slice(0, 3)) contribute(members, begun.id, name);
    const enrolment = enrolmentOf(test, begun.id, 'dan');
    const enrol = royalty.call.enrol({ round: begun.id, enrolment });
    chain.expectNoop(Origin.signed(account('dan')), enrol, tally.errors.RoundFull);
    members.runUntil(() => phaseOf(test, begun.id) !== 'Open');
    chain.expectNoop(Origin.signed(account('dan')), enrol, tally.errors.NotOpen);
    const second = beginRound(test);
    const early = royalty.call.enrol({ round: second.id, enrolment });
    chain.expectNoop(Origin.signed(account('dan')), early, tally.errors.NotOpen);
  });

  it('too few of them leave the round open and unopened for a while longer, then it fails', () => {
    const { members, begun } = opened();
    const { test } = members;
    contribute(members, begun.id, 'anna');
    contribute(members, begun.id, 'bo');
    const closesAt = (findRound(test.chain.ctx, begun.id) as Round).deadline;
    members.runUntil(() => test.chain.ctx.block > closesAt);
    const extended = findRound(test.chain.ctx, begun.id) as Round;
    expect([extended.phase.tag, extended.extensions, extended.deadline]).to.deep.equal(['Open', 1, closesAt + 10]);
    expect(finish(members, begun).failure?.tag).to.equal('TooFew');
    expect(roundInfoOf(test.chain.ctx, begun.id).secrets.every((secret) => secret === undefined)).to.equal(true);
    expect(reservedOf(test.chain.ctx, account('anna'))).to.equal(0n);
  });

  it('may come during the extension', () => {
    const { members, begun } = opened();
    contribute(members, begun.id, 'anna');
    contribute(members, begun.id, 'bo');
    const { extensions } = findRound(members.test.chain.ctx, begun.id) as Round;
    members.runUntil(() => (findRound(members.test.chain.ctx, begun.id) as Round).extensions > extensions);
    contribute(members, begun.id, 'cleo');
    expect(finish(members, begun).phase.tag).to.equal('Settled');
  });

  it('that are malformed are dropped with their reason and their deposit; the rest of the round does not notice', () => {
    const { members, begun } = opened();
    const { test } = members;
    for (const name of NAMES.slice(0, 3)) contribute(members, begun.id, name);
    call(test, 'dan', royalty.call.enrol({ round: begun.id, enrolment: enrolmentOf(test, begun.id, 'dan') }));
    submitSealed(members, 'dan', begun.id, 0, 0, forged(test, begun.id, 'dan', 0, 'payloadBox'));
    submitSealed(members, 'dan', begun.id, 0, 1, sealedOf(test, begun.id, 'dan', 0, 1, partOf(test.random)));
    const free = freeOf(test.chain.ctx, account('dan'));
    const round = finish(members, begun);
    expect(round.phase.tag).to.equal('Settled');
    expect(round.accepted).to.deep.equal([0, 1, 2]);
    expect(statuses(members, begun.id)).to.deep.equal(['Accepted', 'Accepted', 'Accepted', 'Incomplete']);
    const dropped = roundInfoOf(test.chain.ctx, begun.id).submissions[6];
    expect([dropped?.verdict, dropped?.reason]).to.deep.equal([VERDICT.malformed, REJECTIONS.payloadBox]);
    // The deposit of the accepted part came back and that of the malformed one did not; of the stake, all but what an unused place costs.
    const back = round.rule.stake - round.rule.stake / IDLE_SHARE;
    expect(freeOf(test.chain.ctx, account('dan'))).to.equal(free + SETTINGS.deposit + back);
    expect(reservedOf(test.chain.ctx, account('dan'))).to.equal(0n);
  });

  it('that lie are found one by one when the combined check fails', () => {
    const { members, begun } = opened();
    const { test } = members;
    for (const name of NAMES.slice(0, 3)) contribute(members, begun.id, name);
    call(test, 'eve', royalty.call.enrol({ round: begun.id, enrolment: enrolmentOf(test, begun.id, 'eve') }));
    submitSealed(members, 'eve', begun.id, 0, 0, forged(test, begun.id, 'eve', 0, 'ciphertext'));
    submitSealed(members, 'eve', begun.id, 0, 1, forged(test, begun.id, 'eve', 1, 'opened'));
    const steps: string[] = [];
    members.conduct = (post) => {
      if ('round' in post) steps.push((post as TallyPost).body.tag);
      return post;
    };
    const round = finish(members, begun);
    expect(steps).to.include('CheckEach');
    expect(round.accepted).to.deep.equal([0, 1, 2]);
    for (const refused of roundInfoOf(test.chain.ctx, begun.id).submissions.slice(6)) {
      expect([refused.verdict, refused.reason]).to.deep.equal([VERDICT.refused, REJECTIONS.check]);
    }
  });

  it('with one liar and one silent member in the step that looks at each, the round still settles', () => {
    const { members, begun } = opened();
    const { test } = members;
    for (const name of NAMES.slice(0, 3)) contribute(members, begun.id, name);
    call(test, 'eve', royalty.call.enrol({ round: begun.id, enrolment: enrolmentOf(test, begun.id, 'eve') }));
    submitSealed(members, 'eve', begun.id, 0, 0, forged(test, begun.id, 'eve', 0, 'ciphertext'));
    members.conduct = (post, member) =>
      'round' in post && post.body.tag === 'CheckEach' && member === 2 ? undefined : post;
    const round = finish(members, begun);
    expect(round.accepted).to.deep.equal([0, 1, 2]);
  });

  it('whose mask does not fit its commitment lose their stake, and only they', () => {
    const { members, begun } = opened();
    const { test } = members;
    for (const name of NAMES.slice(0, 3)) contribute(members, begun.id, name);
    call(test, 'eve', royalty.call.enrol({ round: begun.id, enrolment: badEnrolment(test, begun.id, 'eve') }));
    [0, 1].forEach((part) => {
      submitSealed(members, 'eve', begun.id, 0, part, sealedOf(test, begun.id, 'eve', 0, part, partOf(test.random)));
    });
    const free = freeOf(test.chain.ctx, account('eve'));
    const round = finish(members, begun);
    expect(round.phase.tag).to.equal('Settled');
    expect(statuses(members, begun.id)).to.deep.equal(['Accepted', 'Accepted', 'Accepted', 'BadEnrolment']);
    expect(freeOf(test.chain.ctx, account('eve'))).to.equal(free + 2n * SETTINGS.deposit);
  });

  it('of which too few are accepted fail the round: honest stakes and deposits return', () => {
    const { members, begun } = opened();
    const { test } = members;
    const before = freeOf(test.chain.ctx, account('anna'));
    for (const name of NAMES.slice(0, 2)) contribute(members, begun.id, name);
    call(test, 'eve', royalty.call.enrol({ round: begun.id, enrolment: enrolmentOf(test, begun.id, 'eve') }));
    [0, 1].forEach((part) => {
      submitSealed(members, 'eve', begun.id, 0, part, forged(test, begun.id, 'eve', part, 'ciphertext'));
    });
    const { failure, rule } = finish(members, begun);
    expect(failure?.tag).to.equal('TooFewAccepted');
    expect(freeOf(test.chain.ctx, account('anna'))).to.equal(before);
    const lost = 2n * SETTINGS.deposit + rule.stake / IDLE_SHARE;
    expect(freeOf(test.chain.ctx, account('eve'))).to.equal(before - lost);
  });

  it('without a usage report are paid by their updates alone', () => {
    const { members, begun } = opened();
    for (const name of NAMES.slice(0, 3)) contribute(members, begun.id, name);
    expect(finish(members, begun).phase.tag).to.equal('Settled');
  });

  it('have a note key of their own [two accounts with one key: the bin is refused as a ring, everybody’s notes are locked]', () => {
    const { members, begun } = opened();
    const { test } = members;
    const { chain } = test;
    const enrol = (who: string, enrolment: Uint8Array) =>
      [Origin.signed(account(who)), royalty.call.enrol({ round: begun.id, enrolment })] as const;
    expect(chain.dispatch(...enrol('anna', enrolmentOf(test, begun.id, 'anna')))).to.equal('ok');
    chain.expectNoop(...enrol('bo', sharedKeyEnrolment(test, begun.id, 'bo', 'anna')), tally.errors.KeyReused);
    expect(chain.dispatch(...enrol('bo', enrolmentOf(test, begun.id, 'bo')))).to.equal('ok');
  });

  it('with a usage report that does not add up ignore it', () => {
    const { members, begun } = opened();
    const { test } = members;
    for (const name of NAMES.slice(0, 3)) contribute(members, begun.id, name);
    submitSealed(members, 'reporter', begun.id, 1, 0, forged(test, begun.id, 'reporter', 0, 'ciphertext', 1));
    const round = finish(members, begun);
    expect(round.phase.tag).to.equal('Settled');
    expect(reservedOf(test.chain.ctx, account('reporter'))).to.equal(0n);
  });

  it('cannot be judged by a direction that was not committed, is too early, or comes twice', () => {
    const { members, begun } = opened();
    const { test } = members;
    const { chain } = test;
    for (const name of NAMES.slice(0, 3)) contribute(members, begun.id, name);
    const part = (index: number, direction: Uint8Array, salt = SALT) => {
      return tally.call.publishDirection({ round: begun.id, part: index, salt, direction });
    };
    const anyone = Origin.none;
    const [first, second] = begun.direction.map(asBytes) as [Uint8Array, Uint8Array];
    chain.expectNoop(anyone, part(0, first), 'invalid.Future');
    members.runUntil(() => phaseOf(test, begun.id) === 'Reveal');
    chain.expectNoop(Origin.signed(account('owner')), part(0, first), 'BadOrigin');
    chain.expectNoop(anyone, part(0, second), 'invalid.Custom5');
    chain.expectNoop(anyone, part(0, first, account('another salt')), 'invalid.Custom5');
    chain.expectNoop(anyone, part(2, second), 'invalid.Custom5');
    expect(chain.dispatch(anyone, part(0, first))).to.equal('ok');
    chain.expectNoop(anyone, part(0, first), 'invalid.Stale');
    expect(chain.dispatch(anyone, part(1, second))).to.equal('ok');
    // Published early: the round does not stop at Direction.
    members.runUntil(() => phaseOf(test, begun.id) === 'Settled');
  });

  it('cannot be judged by a direction longer than themselves', () => {
    const long = Int8Array.from({ length: PART_VALUES }, () => 127);
    const directions = [long, long].map((part, index) => directionHash(index, SALT, asBytes(part)));
    const { members, begun } = opened({ directions });
    const { test } = members;
    for (const name of NAMES.slice(0, 3)) contribute(members, begun.id, name);
    members.runUntil(() => phaseOf(test, begun.id) === 'Reveal');
    const part = tally.call.publishDirection({ round: begun.id, part: 0, salt: SALT, direction: asBytes(long) });
    test.chain.expectNoop(Origin.none, part, 'invalid.Custom5');
  });

  it('are neither opened nor lost when the owner withholds the direction, whose deposit is', () => {
    const { members, begun } = opened();
    const { test } = members;
    const before = freeOf(test.chain.ctx, account('anna'));
    const owned = freeOf(test.chain.ctx, account('owner'));
    const held = reservedOf(test.chain.ctx, account('owner'));
    for (const name of NAMES.slice(0, 3)) contribute(members, begun.id, name);
    const said = new Set<string>();
    members.conduct = (post) => {
      said.add(post.body.tag);
      return post;
    };
    members.runUntil(() => phaseOf(test, begun.id) === 'Failed');
    const { ctx } = test.chain;
    expect(findRound(ctx, begun.id)?.failure?.tag).to.equal('NoDirection');
    // [an owner who sees the aggregate first takes it, withholds the direction and has its pool back]
    expect([...said]).to.have.members(['Reveal', 'Check']);
    expect([...tally.use(ctx).store.aggregates.entries(begun.id)]).to.deep.equal([]);
    expect(freeOf(ctx, account('anna'))).to.equal(before);
    expect(freeOf(ctx, account('owner'))).to.equal(owned);
    expect(reservedOf(ctx, account('owner'))).to.equal(held - ROUND_DEPOSIT);
  });
});
