import { expect } from 'chai';
import type { CatchUp, VotePacket, VoterRecord } from '../../../node/consensus/grandpa/types.ts';
import { Voter } from '../../../node/consensus/grandpa/voter.ts';
import type { VoterAction } from '../../../node/consensus/grandpa/voter-io.ts';
import { type BlockRef, type Phase, Round, type VoteKind } from '../../../primitives/grandpa/index.ts';
import { equalVoters, GENESIS, names, ToyChain, toySignature, vote } from './toy.ts';

const T = 100;

/** Voter v0 of four, fed by hand. */
class Bench {
  readonly chain = new ToyChain();
  readonly voter: Voter;
  actions: VoterAction[] = [];
  record: VoterRecord | undefined;
  now = 0;

  constructor(
    options: {
      grow?: string[];
      record?: VoterRecord | undefined;
      self?: string;
      voters?: number;
      silentThrough?: bigint;
    } = {},
  ) {
    const { grow = [], record, self = 'v0', voters = 4, silentThrough = 0n } = options;
    this.chain.grow(GENESIS.hash, ...grow);
    const sign = (packet: { round: bigint }, kind: string, target: BlockRef): Uint8Array =>
      toySignature(self, packet.round, kind, target.hash);
    this.voter = new Voter(
      {
        voters: equalVoters(voters),
        setId: 0n,
        setBase: GENESIS,
        finalized: GENESIS,
        period: T,
        self: { id: self, sign },
        record,
        silentThrough,
      },
      this.chain,
      0,
    );
    this.feed({ kind: 'tick' });
  }

  feed(input: Parameters<Voter['handle']>[1], at = this.now): VoterAction[] {
    this.now = at;
    const actions = this.voter.handle(at, input);
    this.actions.push(...actions);
    for (const action of actions) if (action.kind === 'persist') this.record = action.record;
    return actions;
  }

  vote(from: string, kind: VoteKind, target: string | BlockRef, round = this.voter.round): VoterAction[] {
    const block = typeof target === 'string' ? this.chain.ref(target) : target;
    const packet: VotePacket = { setId: 0n, round, message: { kind, ...vote(from, block, kind) } };
    return this.feed({ kind: 'vote', packet });
  }

  /** Votes of our own, in order, as `kind target`. */
  own(): string[] {
    return this.actions.flatMap((action) =>
      action.kind === 'send' && !action.again
        ? [`${action.packet.round} ${action.packet.message.kind} ${action.packet.message.target.hash}`]
        : [],
    );
  }

  of<K extends VoterAction['kind']>(kind: K): Extract<VoterAction, { kind: K }>[] {
    return this.actions.filter((action): action is Extract<VoterAction, { kind: K }> => action.kind === kind);
  }
}

/** All votes of a completed round: every voter prevotes and precommits `target`. */
function completedRound(round: bigint, target: BlockRef, voters = names(4)): CatchUp {
  const votes = (phase: Phase) => voters.map((id) => vote(id, target, phase));
  return { setId: 0n, round, base: GENESIS, prevotes: votes('prevote'), precommits: votes('precommit') };
}

describe('the grandpa voter', () => {
  it('prevotes at 2T, precommits at 4T, and sooner when the round is completable', () => {
    const bench = new Bench({ grow: ['A', 'B'] });
    bench.feed({ kind: 'tick' }, 2 * T - 1);
    expect(bench.own()).to.deep.equal([]);
    bench.feed({ kind: 'tick' }, 2 * T);
    expect(bench.own()).to.deep.equal(['1 prevote B']);
    bench.vote('v1', 'prevote', 'B');
    bench.vote('v2', 'prevote', 'B');
    bench.feed({ kind: 'tick' }, 4 * T - 1);
    expect(bench.own()).to.have.length(1);
    // Three precommits of others: nothing more can happen above B, so ours need not wait.
    bench.vote('v1', 'precommit', 'B');
    bench.vote('v2', 'precommit', 'B');
    expect(bench.own()).to.have.length(1);
    bench.vote('v3', 'precommit', 'B');
    expect(bench.own().slice(0, 2)).to.deep.equal(['1 prevote B', '1 precommit B']);
    expect(bench.voter.finalized).to.deep.equal(bench.chain.ref('B'));
    expect(bench.voter.round).to.equal(2n);
  });

  it('writes a vote down before it is sent', () => {
    const bench = new Bench({ grow: ['A'] });
    bench.feed({ kind: 'tick' }, 2 * T);
    const kinds = bench.actions.map(({ kind }) => kind);
    expect(kinds.indexOf('persist')).to.be.lessThan(kinds.indexOf('send')).and.at.least(0);
    expect(bench.of('persist').at(-1)!.record.cast[0]!.message).to.equal(bench.of('send')[0]!.packet.message);
  });

  it('after a restart sends the old vote again and never another, whatever the chain looks like now', () => {
    const before = new Bench({ grow: ['A'] });
    before.feed({ kind: 'tick' }, 2 * T);
    const old = before.of('send')[0]!.packet;
    const after = new Bench({ grow: ['A', 'B', 'C'], record: before.record });
    after.feed({ kind: 'tick' }, 10 * T);
    expect(after.own()).to.deep.equal([]);
    expect(after.of('send').map(({ packet }) => packet.message)).to.deep.include(old.message);
    for (const { packet } of after.of('send')) expect(packet.message.target.hash).to.equal('A');
    // The other phase of the round goes on as it should.
    after.vote('v1', 'prevote', 'C');
    after.vote('v2', 'prevote', 'C');
    expect(after.own()).to.deep.equal(['1 precommit A']);
  });

  it('where votes may be lost it counts those of the others, and votes from the next round on', () => {
    const bench = new Bench({ grow: ['A'], silentThrough: 1n });
    bench.feed({ kind: 'tick' }, 2 * T);
    for (const id of ['v1', 'v2', 'v3']) bench.vote(id, 'prevote', 'A');
    bench.feed({ kind: 'tick' }, 4 * T);
    for (const id of ['v1', 'v2', 'v3']) bench.vote(id, 'precommit', 'A', 1n);
    expect(bench.own()).to.deep.equal([]);
    expect(bench.voter.finalized).to.deep.equal(bench.chain.ref('A'));
    expect(bench.voter.round).to.equal(2n);
    bench.feed({ kind: 'tick' }, 6 * T);
    expect(bench.own()).to.deep.equal(['2 prevote A']);
  });

  it('after a restart it does not vote before it has the blocks of its last round', () => {
    const done = new Bench({ grow: ['A'] });
    done.feed({ kind: 'tick' }, 2 * T);
    for (const id of ['v1', 'v2', 'v3']) done.vote(id, 'prevote', 'A');
    for (const id of ['v1', 'v2', 'v3']) done.vote(id, 'precommit', 'A', 1n);
    expect(done.voter.round).to.equal(2n);
    const back = new Bench({ record: done.record });
    back.feed({ kind: 'tick' }, 20 * T);
    expect(back.voter.round).to.equal(2n);
    expect(back.own()).to.deep.equal([]);
    back.chain.grow(GENESIS.hash, 'A');
    back.feed({ kind: 'blocks' }, 21 * T);
    back.feed({ kind: 'tick' }, 23 * T);
    expect(back.own()).to.deep.equal(['2 prevote A']);
  });

  it('counts votes that came too early, and votes for blocks that came late', () => {
    const bench = new Bench({ grow: ['A'] });
    for (const id of ['v1', 'v2', 'v3']) bench.vote(id, 'prevote', 'A', 2n);
    const late = { hash: 'B', number: 2 };
    bench.vote('v1', 'prevote', late);
    bench.vote('v2', 'prevote', late);
    bench.vote('v3', 'prevote', late);
    expect(bench.of('want-block').map(({ block }) => block)).to.deep.include(late);
    expect(bench.voter.roundState.prevoteGhost).to.equal(undefined);
    bench.chain.grow('A', 'B');
    bench.feed({ kind: 'blocks' });
    expect(bench.voter.roundState.prevoteGhost).to.deep.equal(late);
    bench.feed({ kind: 'tick' }, 4 * T);
    for (const id of ['v1', 'v2', 'v3']) bench.vote(id, 'precommit', 'B', 1n);
    expect(bench.voter.round).to.equal(2n);
    // The three prevotes of round 2 were for A, below: with them the ghost is there at once.
    expect(bench.voter.missing('prevote')).to.deep.equal(['v0']);
    expect(bench.voter.missing('precommit')).to.deep.equal(['v0', 'v1', 'v2', 'v3']);
  });

  it('bounds what waits: per voter, round and kind two votes', () => {
    const bench = new Bench();
    for (let at = 0; at < 1000; at++) bench.vote('v1', 'prevote', { hash: `x${at}`, number: 1 });
    expect(bench.of('want-block')).to.have.length(2);
  });

  /** Round 1 is over, A is final by it, and B above A may be: with v0 and v1 for B one equivocation would do. */
  function openEstimate(): Bench {
    const bench = new Bench({ grow: ['A', 'B'] });
    bench.feed({ kind: 'tick' }, 2 * T);
    for (const id of ['v1', 'v2']) bench.vote(id, 'prevote', 'B');
    bench.feed({ kind: 'tick' }, 4 * T);
    bench.vote('v1', 'precommit', 'B', 1n);
    for (const id of ['v2', 'v3']) bench.vote(id, 'precommit', 'A', 1n);
    expect(bench.voter.finalized.hash).to.equal('A');
    expect(bench.voter.round).to.equal(2n);
    return bench;
  }

  it('does not precommit what leaves out the estimate of the round before', () => {
    const bench = openEstimate();
    bench.chain.grow('A', 'X', 'Y', 'Z');
    for (const id of ['v1', 'v2', 'v3']) bench.vote(id, 'prevote', 'Z', 2n);
    expect(bench.voter.roundState.prevoteGhost!.hash).to.equal('Z');
    bench.feed({ kind: 'tick' }, 20 * T);
    // Z is the longer chain, but not one that contains B.
    expect(bench.own().filter((own) => own.startsWith('2'))).to.deep.equal(['2 prevote B']);
  });

  it('does not leave a round while the estimate of the one before is open', () => {
    const bench = openEstimate();
    for (const id of ['v1', 'v2', 'v3']) bench.vote(id, 'prevote', 'B', 2n);
    bench.feed({ kind: 'tick' }, 20 * T);
    expect(bench.own().at(-1)).to.equal('2 precommit B');
    for (const id of ['v1', 'v2', 'v3']) bench.vote(id, 'precommit', 'A', 2n);
    expect(bench.voter.roundState.completable).to.equal(true);
    expect(bench.voter.round).to.equal(2n);
    // Once B is final for any reason, the next round begins.
    bench.feed({ kind: 'finalized', block: bench.chain.ref('B') });
    expect(bench.voter.round).to.equal(3n);
  });

  it('names an equivocation once, with both votes', () => {
    const bench = new Bench({ grow: ['A', 'B'] });
    bench.vote('v1', 'prevote', 'A');
    bench.vote('v1', 'prevote', 'B');
    bench.vote('v1', 'prevote', 'A');
    bench.vote('v1', 'prevote', GENESIS);
    const [action, ...more] = bench.of('equivocation');
    expect(more).to.deep.equal([]);
    expect(action!.proof).to.deep.include({ phase: 'prevote', id: 'v1', round: 1n, setId: 0n });
    expect([action!.proof.first.target.hash, action!.proof.second.target.hash]).to.deep.equal(['A', 'B']);
  });

  it('an equivocation is named even if its second block is unknown', () => {
    const bench = new Bench({ grow: ['A'] });
    bench.vote('v1', 'precommit', 'A');
    bench.vote('v1', 'precommit', { hash: 'elsewhere', number: 1 });
    expect(bench.of('equivocation')).to.have.length(1);
  });

  it('skips to the round after a catch-up that it asked for, and to none that it did not', () => {
    const bench = new Bench({ grow: ['A', 'B'] });
    const answer = completedRound(9n, { hash: 'B', number: 2 });
    bench.feed({ kind: 'catch-up', peer: 'p', catchUp: answer });
    expect(bench.voter.round).to.equal(1n);
    bench.feed({ kind: 'view', peer: 'p', view: { setId: 0n, round: 3n, finalized: 0 } });
    expect(bench.of('ask-catch-up')).to.deep.equal([]);
    bench.feed({ kind: 'view', peer: 'p', view: { setId: 0n, round: 10n, finalized: 2 } });
    expect(bench.of('ask-catch-up')).to.deep.equal([{ kind: 'ask-catch-up', peer: 'p', round: 1n }]);
    // Another peer's answer, one without threshold, one with a stranger, one that completes nothing: all without effect.
    bench.feed({ kind: 'catch-up', peer: 'q', catchUp: answer });
    bench.feed({ kind: 'catch-up', peer: 'p', catchUp: { ...answer, precommits: answer.precommits.slice(0, 2) } });
    bench.feed({
      kind: 'catch-up',
      peer: 'p',
      catchUp: { ...answer, prevotes: [...answer.prevotes, vote('x', answer.base)] },
    });
    bench.feed({ kind: 'catch-up', peer: 'p', catchUp: { ...answer, setId: 1n } });
    expect(bench.voter.round).to.equal(1n);
    bench.feed({ kind: 'catch-up', peer: 'p', catchUp: answer });
    expect(bench.voter.round).to.equal(10n);
    expect(bench.voter.finalized.hash).to.equal('B');
    expect(bench.of('finalize')[0]!.packet).to.deep.include({ round: 9n });
    expect(bench.record!.completed).to.deep.include({ round: 9n });
    expect(bench.voter.answerCatchUp(0n, 5n)!.round).to.equal(9n);
    expect(bench.voter.answerCatchUp(0n, 10n)).to.equal(undefined);
    expect(bench.voter.answerCatchUp(1n, 5n)).to.equal(undefined);
  });

  it('finalizes by a commit, also of a round it does not count, and refuses a bad one', () => {
    const bench = new Bench({ grow: ['A', 'B'] });
    const [A, B] = [bench.chain.ref('A'), bench.chain.ref('B')];
    const commit = (target: BlockRef, ...voters: string[]) => ({
      setId: 0n,
      round: 40n,
      commit: { target, precommits: voters.map((id) => vote(id, target, 'precommit')) },
    });
    bench.feed({ kind: 'commit', packet: commit(A, 'v1', 'v2') });
    bench.feed({ kind: 'commit', packet: commit(A, 'v1', 'v2', 'v2') });
    bench.feed({ kind: 'commit', packet: { ...commit(A, 'v1', 'v2', 'v3'), setId: 3n } });
    expect(bench.of('finalize')).to.deep.equal([]);
    bench.feed({ kind: 'commit', packet: commit(B, 'v1', 'v2', 'v3') });
    bench.feed({ kind: 'commit', packet: commit(A, 'v1', 'v2', 'v3') });
    expect(bench.of('finalize').map(({ packet }) => packet.commit.target.hash)).to.deep.equal(['B']);
    // One for a block that is not here yet takes effect when it comes.
    bench.feed({ kind: 'commit', packet: commit({ hash: 'C', number: 3 }, 'v1', 'v2', 'v3') });
    expect(bench.voter.finalized.hash).to.equal('B');
    bench.chain.grow('B', 'C');
    bench.feed({ kind: 'blocks' });
    expect(bench.voter.finalized.hash).to.equal('C');
  });

  it('never finalizes against what is final, even if a threshold is dishonest', () => {
    const bench = new Bench({ grow: ['A'] });
    bench.chain.grow(GENESIS.hash, 'X', 'Y');
    const commit = (target: BlockRef) => ({
      setId: 0n,
      round: 7n,
      commit: { target, precommits: ['v1', 'v2', 'v3'].map((id) => vote(id, target, 'precommit')) },
    });
    bench.feed({ kind: 'commit', packet: commit(bench.chain.ref('A')) });
    bench.feed({ kind: 'commit', packet: commit(bench.chain.ref('Y')) });
    expect(bench.of('finalize').map(({ packet }) => packet.commit.target.hash)).to.deep.equal(['A']);
  });

  it('tells of a commit in turns: at once as primary, not at all if another was heard', () => {
    const first = new Bench({ grow: ['A'], self: 'v1' });
    first.feed({ kind: 'tick' }, 2 * T);
    for (const id of ['v0', 'v2', 'v3']) first.vote(id, 'prevote', 'A');
    for (const id of ['v0', 'v2', 'v3']) first.vote(id, 'precommit', 'A', 1n);
    expect(first.of('send-commit')).to.have.length(1);
    const third = new Bench({ grow: ['A'], self: 'v3' });
    third.feed({ kind: 'tick' }, 2 * T);
    for (const id of ['v0', 'v1', 'v2']) third.vote(id, 'prevote', 'A');
    for (const id of ['v0', 'v1', 'v2']) third.vote(id, 'precommit', 'A', 1n);
    expect(third.of('send-commit')).to.deep.equal([]);
    third.feed({ kind: 'commit', packet: first.of('send-commit')[0]!.packet });
    third.feed({ kind: 'tick' }, 10 * T);
    expect(third.of('send-commit')).to.deep.equal([]);
  });

  it('the primary proposes an open estimate, and the others vote for the best chain above it', () => {
    // v2 is primary of round 2. In round 1 the ghost is B, two precommit A, one B: E(1) = B or A is open, A final.
    const bench = new Bench({ grow: ['A', 'B'], self: 'v2' });
    bench.feed({ kind: 'tick' }, 2 * T);
    for (const id of ['v0', 'v1']) bench.vote(id, 'prevote', 'B');
    bench.feed({ kind: 'tick' }, 4 * T);
    bench.vote('v0', 'precommit', 'A', 1n);
    bench.vote('v1', 'precommit', 'B', 1n);
    bench.vote('v3', 'precommit', 'A', 1n);
    expect(bench.voter.round).to.equal(2n);
    expect(bench.own()).to.include('2 propose B');
  });

  it('a single voter finalizes alone', () => {
    const bench = new Bench({ grow: ['A', 'B'], self: 'v0', voters: 1 });
    bench.feed({ kind: 'tick' }, 2 * T);
    bench.feed({ kind: 'tick' }, 4 * T);
    expect(bench.voter.finalized.hash).to.equal('B');
    expect(bench.voter.round).to.equal(2n);
  });

  it('a node without a key counts and follows, and sends nothing', () => {
    const bench = new Bench({ grow: ['A'], self: 'observer' });
    bench.feed({ kind: 'tick' }, 2 * T);
    for (const id of names(3)) bench.vote(id, 'prevote', 'A');
    bench.feed({ kind: 'tick' }, 4 * T);
    for (const id of names(3)) bench.vote(id, 'precommit', 'A', 1n);
    expect(bench.voter.finalized.hash).to.equal('A');
    expect(bench.voter.round).to.equal(2n);
    expect(bench.of('send')).to.deep.equal([]);
    expect(bench.of('send-commit')).to.deep.equal([]);
  });

  it('its round counts as Round does', () => {
    const bench = new Bench({ grow: ['A'] });
    const round = new Round(1n, equalVoters(4), GENESIS);
    for (const id of ['v1', 'v2', 'v3']) {
      bench.vote(id, 'prevote', 'A');
      round.import(bench.chain, 'prevote', vote(id, bench.chain.ref('A')));
    }
    expect(bench.voter.roundState).to.deep.equal(round.state);
  });
});
