/** A round of as many update parts as there may be: `U` is opened in sixteen requests. One member lies in a late one, one is silent in another, and a part of the direction comes late. */
import { expect } from 'chai';
import { sumOfUpdates } from '../../../client/demo/shapley.ts';
import { notes } from '../../../pallets/notes/index.ts';
import { freeOf, reservedOf } from '../../../pallets/balances/index.ts';
import { poolOf, ROUND_DEPOSIT, royalty } from '../../../pallets/royalty/index.ts';
import { Origin } from '../../../pallets/support/index.ts';
import {
  aggregateParts,
  findRound,
  openedPart,
  type Round,
  tally,
  type TallyPost,
} from '../../../pallets/tally/index.ts';
import { present } from '../../../primitives/at.ts';
import { MAX_UPDATE_PARTS, squaredNorm, TALLY_STEPS } from '../../../primitives/round/index.ts';
import {
  account,
  asBytes,
  beginRound,
  checkMoney,
  contribute,
  phaseOf,
  publish,
  report,
  roundInfoOf,
  SALT,
} from '../../support/committee.ts';
import { expectPaid, forgetBounded, sizeOf } from '../../support/crowd-checks.ts';
import { contributeAll, type Crowd, CROWD_POOL, openCrowd } from '../../support/crowd.ts';
import { REFUSED } from '../../../pallets/tally/posts.ts';
import { residueBytes } from '../../../primitives/fhe/wire.ts';
import { isTally, lie, NAMES, offences, setUp } from './faults-support.ts';

const ITEMS = 3;
const PARTS = MAX_UPDATE_PARTS;
const REQUESTS = PARTS / 4;
/** Who lies, and in which request; who is silent, and in which. */
const LIAR = { member: 1, request: 13 } as const;
const SILENT = { member: 3, request: 6 } as const;
/** The part of the direction that comes last. */
const WITHHELD = 40;

/** Shows parts of the direction, in this order. */
function show({ members, id, direction }: Crowd, parts: readonly number[]): void {
  for (const part of parts) {
    const shown = { round: id, part, salt: SALT, direction: asBytes(present(direction[part], 'a part')) };
    expect(members.test.chain.dispatch(Origin.none, tally.call.publishDirection(shown))).to.equal('ok');
  }
}

/** Requests that were answered, by `attempt/member`. */
function watched(crowd: Crowd): Set<string> {
  const said = new Set<string>();
  crowd.members.conduct = (post, member) => {
    if (!isTally(post) || post.body.tag !== 'Aggregate') return post;
    if (member === SILENT.member && post.attempt === SILENT.request) return undefined;
    said.add(`${post.attempt}/${member}`);
    return member === LIAR.member && post.attempt === LIAR.request ? lie(post) : post;
  };
  return said;
}

describe(`a round of ${PARTS} update parts`, function () {
  this.timeout(0);
  let crowd: Crowd;
  let begun: ReturnType<typeof sizeOf>;
  let said: Set<string>;

  before(() => {
    const opened = openCrowd(ITEMS, { parts: PARTS });
    begun = sizeOf(opened);
    crowd = contributeAll(opened, false);
    said = watched(crowd);
    crowd.members.runUntil(() => phaseOf(crowd.members.test, crowd.id) === 'Direction');
  });

  const stateOf = () => tally.use(crowd.members.test.chain.ctx);
  const round = (): Round => present(findRound(stateOf().ctx, crowd.id), 'the round');

  it('opens nothing while one part of the direction is withheld, in whatever order the others come', () => {
    show(
      crowd,
      [...crowd.direction.keys()].reverse().filter((part) => part !== WITHHELD),
    );
    const until = stateOf().ctx.block + 4;
    crowd.members.runUntil(() => stateOf().ctx.block >= until);
    expect([round().phase.tag, said.size, aggregateParts(stateOf(), round()).length]).to.deep.equal([
      'Direction',
      0,
      0,
    ]);
    expect(roundInfoOf(stateOf().ctx, crowd.id).directions.filter((isThere) => !isThere)).to.have.length(1);
  });

  it('has its pool take posts of the first four requests, and no more', () => {
    const { members, id } = crowd;
    const say = (attempt: number): unknown => {
      const { term, accepted } = round();
      const shares = new Uint8Array(residueBytes(members.test.params.dataPrimes, 48));
      const ciphertexts = Array.from({ length: 4 }, () => new Uint8Array(32));
      const body = { tag: 'Aggregate' as const, value: { accepted: accepted.length, ciphertexts, shares } };
      const post: TallyPost = { term, round: id, attempt, member: 0, body };
      return members.test.chain.validate(tally.call.post({ post, signature: members.sign(post, 0) }), 'external');
    };
    for (const attempt of [0, 3]) expect(say(attempt), `${attempt}`).to.have.property('valid');
    for (const attempt of [4, REQUESTS - 1]) expect(say(attempt)).to.deep.equal({ invalid: { tag: 'Future' } });
  });

  it('opens its sum in requests one after the other, bit by bit, past a liar and a silent member', () => {
    show(crowd, [WITHHELD]);
    crowd.members.runUntil(() => phaseOf(crowd.members.test, crowd.id) === 'Settled', 100);
    expect(aggregateParts(stateOf(), round())).to.deep.equal(sumOfUpdates(crowd.updates));
    const step = TALLY_STEPS.indexOf('Aggregate');
    const done = round().finished.filter((one) => one.step === step);
    expect(done.map(({ attempt }) => attempt)).to.deep.equal([...Array(REQUESTS).keys()]);
    const named = offences(crowd.members).map(({ member, step: of, attempt }) => [member, of, attempt]);
    expect(named).to.deep.equal([[LIAR.member, step, LIAR.request]]);
    expect(said.has(`${SILENT.request + 1}/${SILENT.member}`)).to.equal(true);
  });

  it('pays everybody the score of the plain computation, to the last unit, and conserves money', () => {
    const { ctx, store } = stateOf();
    const { vector, stake, total } = expectPaid(crowd);
    const money = present(royalty.use(ctx).store.rounds.get(crowd.id), 'the money');
    expect(money.paid).to.equal((total * vector.rate) / vector.grains);
    expect(money.dust).to.equal(CROWD_POOL - money.paid - present(money.shared, 'what is shared'));
    expect(poolOf(ctx, 0n)).to.equal(money.dust);
    const [{ brought } = { brought: 0n }] = notes.use(ctx).store.classes.get();
    expect(brought).to.equal(money.paid + stake * BigInt(ITEMS));
    // The price follows from what the parts came to, one after the other.
    const squares = sumOfUpdates(crowd.updates).reduce((sum, part) => sum + squaredNorm(part), 0n);
    expect([store.totals.get(crowd.id)?.news, store.scored.get(crowd.id)]).to.deep.equal([squares, undefined]);
    checkMoney(ctx);
  });

  it('leaves a bounded state, and what is public of each part', () => {
    forgetBounded(crowd, 20);
    const { ctx, store } = stateOf();
    expect([...store.posts.entries(), ...store.usedKeys.entries(), ...store.submissionOf.entries()]).to.deep.equal([]);
    expect(store.ended.get()).to.deep.equal([]);
    // Of each part of an item the record of its submission; of each part its direction and its sum.
    expect((sizeOf(crowd).bytes - begun.bytes) / (ITEMS * PARTS)).to.be.at.most(400);
    const part = openedPart(ctx, crowd.id, PARTS - 1);
    expect(part?.direction.values).to.deep.equal(asBytes(present(crowd.direction.at(-1), 'the last part')));
    expect([part?.aggregate.length, part?.past, openedPart(ctx, crowd.id, PARTS)]).to.deep.equal([48, [], undefined]);
    expect(() => tally.tryState(ctx)).not.to.throw();
  });

  it('is refused with one part more, or with more items than so many parts allow', () => {
    expect(() => openCrowd(ITEMS, { parts: PARTS + 1 })).to.throw();
    expect(() => openCrowd(17, { parts: PARTS })).to.throw('Tally.TooManyUpdates');
  });
});

describe('a round of five update parts', function () {
  this.timeout(0);
  /** Up to the wait for the direction. */
  function waiting() {
    const members = setUp();
    const begun = beginRound(members.test, { parts: Array.from({ length: 5 }, () => 12) });
    members.runUntil(() => phaseOf(members.test, begun.id) === 'Open');
    for (const name of NAMES) contribute(members, begun.id, name);
    report(members, begun.id, [20, 5, 25]);
    members.runUntil(() => phaseOf(members.test, begun.id) === 'Direction');
    return { members, begun };
  }

  it('takes posts of requests that come soon, each in its own form; and fails unopened, at the owner’s cost, if four of five parts of the direction are shown', () => {
    const { members, begun } = waiting();
    const { ctx } = members.test.chain;
    // Four parts, then one and the points of all counts.
    const say = (attempt: number, sums: number, slots: number): unknown => {
      const { term, accepted } = findRound(ctx, begun.id)!;
      const shares = new Uint8Array(residueBytes(members.test.params.dataPrimes, slots));
      const ciphertexts = Array.from({ length: sums }, () => new Uint8Array(32));
      const body = { tag: 'Aggregate' as const, value: { accepted: accepted.length, ciphertexts, shares } };
      const post: TallyPost = { term, round: begun.id, attempt, member: 0, body };
      const call = tally.call.post({ post, signature: members.sign(post, 0) });
      return members.test.chain.validate(call, 'external');
    };
    expect([say(0, 4, 48), say(1, 2, 13)].every((one) => 'valid' in (one as object))).to.equal(true);
    const bad = { invalid: { tag: 'Custom', value: REFUSED.badForm } };
    for (const [attempt, sums, slots] of [
      [0, 2, 13],
      [0, 5, 49],
      [0, 4, 49],
      [1, 4, 48],
      [1, 1, 12],
      [1, 2, 12],
    ] as const)
      expect(say(attempt, sums, slots), `${attempt} ${sums} ${slots}`).to.deep.equal(bad);
    expect(say(2, 2, 13)).to.deep.equal({ invalid: { tag: 'Future' } });
    const [held, free] = [reservedOf(ctx, account('owner')), freeOf(ctx, account('anna'))];
    const stake = findRound(ctx, begun.id)?.rule.stake ?? 0n;
    publish(members, { ...begun, direction: begun.direction.slice(0, 4) });
    members.runUntil(() => phaseOf(members.test, begun.id) === 'Failed', 100);
    const after = members.test.chain.ctx;
    expect(findRound(after, begun.id)?.failure?.tag).to.equal('NoDirection');
    expect([...tally.use(after).store.aggregates.entries()]).to.deep.equal([]);
    expect(reservedOf(after, account('owner'))).to.equal(held - ROUND_DEPOSIT);
    expect(freeOf(after, account('anna'))).to.equal(free + stake);
    checkMoney(after);
  });

  it('that stops between two requests keeps nothing of what was opened once it is forgotten', () => {
    const { members, begun } = waiting();
    members.conduct = (post, member) =>
      isTally(post) && post.body.tag === 'Aggregate' && post.attempt === 1 && member < 2 ? undefined : post;
    publish(members, begun);
    members.runUntil(() => phaseOf(members.test, begun.id) === 'Failed', 100);
    const { chain } = members.test;
    const { store } = tally.use(chain.ctx);
    const { failedIn } = findRound(chain.ctx, begun.id)!;
    expect([failedIn?.phase.tag, failedIn?.silent]).to.deep.equal(['Aggregate', [0, 1]]);
    expect([store.aggregates.has(begun.id, 3), store.aggregates.has(begun.id, 4)]).to.deep.equal([true, false]);
    expect(store.scored.has(begun.id)).to.equal(true);
    chain.runToBlock(chain.ctx.block + 12);
    const left = tally.use(chain.ctx).store;
    expect([...left.aggregates.entries(), ...left.scored.entries(), ...left.posts.entries()]).to.deep.equal([]);
    expect(() => tally.tryState(chain.ctx)).not.to.throw();
    checkMoney(chain.ctx);
  });
});
