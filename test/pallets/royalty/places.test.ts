import { expect } from 'chai';
import { freeOf, reservedOf, totalIssuance } from '../../../pallets/balances/index.ts';
import { IDLE_SHARE, PLACE_GRACE_BLOCKS, ROUND_DEPOSIT, royalty } from '../../../pallets/royalty/index.ts';
import { findRound, type Round } from '../../../pallets/tally/index.ts';
import {
  account,
  beginRound,
  call,
  contribute,
  enrolmentOf,
  partOf,
  phaseOf,
  publish,
  sealedOf,
  SETTINGS,
  submitSealed,
  TestCommittee,
  testChain,
  type TestRound,
} from '../../support/committee.ts';
import { forged } from '../../support/forged.ts';

const NAMES = ['anna', 'bo', 'cleo', 'dan', 'eve'];
const STAKE = 500_000_001n;
const LOST = STAKE / IDLE_SHARE;

/** A round with five places that is open for longer than the grace; what everybody has before anyone enrols. */
class Places {
  /** Blocks that somebody fills, so that nothing else goes in. */
  readonly full = new Set<number>();
  readonly members = new TestCommittee(testChain({ accounts: NAMES, isFull: (block) => this.full.has(block) }));
  readonly begun: TestRound;
  readonly #before: Map<string, bigint>;

  constructor(more: { openBlocks?: number; maxExtensions?: number } = {}) {
    const { members } = this;
    members.runToActive();
    const rule = { stake: STAKE, maxItems: NAMES.length, openBlocks: PLACE_GRACE_BLOCKS + 10, maxExtensions: 0 };
    this.begun = beginRound(members.test, { ...rule, ...more });
    this.until('Open');
    this.#before = new Map(NAMES.map((name) => [name, this.#has(name)]));
  }

  #has(name: string): bigint {
    const { ctx } = this.members.test.chain;
    return freeOf(ctx, account(name)) + reservedOf(ctx, account(name));
  }

  get round(): Round {
    return findRound(this.members.test.chain.ctx, this.begun.id) as Round;
  }

  until(phase: string): void {
    this.members.runUntil(() => ['Failed', phase].includes(phaseOf(this.members.test, this.begun.id)));
  }

  enrol(name: string): void {
    const { test } = this.members;
    call(test, name, royalty.call.enrol({ round: this.begun.id, enrolment: enrolmentOf(test, this.begun.id, name) }));
  }

  submit(name: string, part: number, sealed?: Uint8Array): void {
    const { test } = this.members;
    const own = sealed ?? sealedOf(test, this.begun.id, name, 0, part, partOf(test.random));
    submitSealed(this.members, name, this.begun.id, 0, part, own);
  }

  /** Blocks pass until so many are left before the close. */
  untilLeft(blocks: number): void {
    this.members.runUntil(() => this.round.deadline - this.members.test.chain.ctx.block === blocks);
  }

  /** Somebody fills so many blocks, from the next on. */
  fill(blocks: number): void {
    const { block } = this.members.test.chain.ctx;
    for (let i = 1; i <= blocks; i++) this.full.add(block + i);
  }

  settle(): void {
    this.until('Direction');
    publish(this.members, this.begun);
    this.until('Settled');
  }

  lost(name: string): bigint {
    return (this.#before.get(name) as bigint) - this.#has(name);
  }
}

describe('places of a round', () => {
  it('cost a part of its stake whoever takes them and does not come; the owner and who came lose nothing', () => {
    const places = new Places();
    const { begun, members } = places;
    const { chain } = members.test;
    contribute(members, begun.id, 'anna');
    for (const name of ['bo', 'cleo', 'dan', 'eve']) places.enrol(name);
    // One part of two is no contribution.
    places.submit('eve', 0);
    const [issued, held] = [totalIssuance(chain.ctx), reservedOf(chain.ctx, account('owner'))];
    places.until('Failed');
    expect(places.round.failure?.tag).to.equal('TooFew');
    expect(NAMES.map((name) => places.lost(name))).to.deep.equal([0n, LOST, LOST, LOST, LOST]);
    // Nobody gains by it, the owner least of all.
    expect(issued - totalIssuance(chain.ctx)).to.equal(4n * LOST);
    expect(held - reservedOf(chain.ctx, account('owner'))).to.equal(ROUND_DEPOSIT);
  });

  it('cost nothing who takes them too late to use them, up to the block', () => {
    const places = new Places();
    const { begun, members } = places;
    for (const name of NAMES.slice(0, 3)) contribute(members, begun.id, name);
    places.untilLeft(PLACE_GRACE_BLOCKS);
    places.enrol('dan');
    places.untilLeft(PLACE_GRACE_BLOCKS - 1);
    places.enrol('eve');
    places.settle();
    expect(places.round.phase.tag).to.equal('Settled');
    expect(['dan', 'eve'].map((name) => places.lost(name))).to.deep.equal([LOST, 0n]);
  });

  it('cost nothing who is kept out by full blocks: only blocks with room count, up to the block', () => {
    const outcomes = [6, 5, 10].map((full) => {
      const places = new Places();
      const { begun, members } = places;
      for (const name of NAMES.slice(0, 3)) contribute(members, begun.id, name);
      places.untilLeft(PLACE_GRACE_BLOCKS + 5);
      places.enrol('dan');
      places.fill(full);
      places.settle();
      return places.lost('dan');
    });
    expect(outcomes).to.deep.equal([0n, LOST, 0n]);
  });

  it('count blocks with room to the end of a round that had too few, through its extensions', () => {
    const outcomes = [0, 1].map((more) => {
      const places = new Places({ openBlocks: PLACE_GRACE_BLOCKS, maxExtensions: 1 });
      places.untilLeft(PLACE_GRACE_BLOCKS - 10);
      places.enrol('dan');
      places.fill(PLACE_GRACE_BLOCKS - 10 + more);
      places.until('Failed');
      expect(places.round.failure?.tag).to.equal('TooFew');
      expect(places.round.extensions).to.equal(1);
      return places.lost('dan');
    });
    expect(outcomes).to.deep.equal([LOST, 0n]);
  });

  it('are not used by what is refused', () => {
    const places = new Places();
    const { begun, members } = places;
    for (const name of NAMES.slice(0, 3)) contribute(members, begun.id, name);
    places.enrol('dan');
    places.submit('dan', 0, forged(members.test, begun.id, 'dan', 0, 'payloadBox'));
    places.submit('dan', 1);
    places.settle();
    expect(places.lost('dan')).to.equal(LOST + SETTINGS.deposit);
  });

  it('cost nothing in a round that fails by the committee or the owner', () => {
    for (const phase of ['Check', 'Direction']) {
      const places = new Places();
      const { begun, members } = places;
      for (const name of NAMES.slice(0, 3)) contribute(members, begun.id, name);
      places.enrol('dan');
      if (phase === 'Check')
        members.conduct = (post) => ('round' in post && post.body.tag === phase ? undefined : post);
      places.until('Failed');
      expect(places.round.failedIn?.phase.tag).to.equal(phase);
      expect(NAMES.map((name) => places.lost(name))).to.deep.equal([0n, 0n, 0n, 0n, 0n]);
    }
  });
});
