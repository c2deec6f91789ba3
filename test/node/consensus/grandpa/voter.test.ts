import { expect } from 'chai';
import type { RoundVotes } from '../../../../node/consensus/grandpa/types.ts';
import { type BlockRef, Round } from '../../../../primitives/grandpa/index.ts';
import { answerOf, Bench, completedRound, finals, proofOf, T } from './bench.ts';
import { equalVoters, GENESIS, names, vote } from './toy.ts';

describe('the grandpa voter', () => {
  it('prevotes a new block above a final estimate at once, and precommits when no vote that is to come can lift the ghost', () => {
    const bench = new Bench({ grow: ['A', 'B'] });
    expect(bench.own()).to.deep.equal(['1 prevote B']);
    bench.vote('v1', 'prevote', 'B');
    expect(bench.own()).to.have.length(1);
    // Three of four for B: the last one alone lifts nothing.
    bench.vote('v2', 'prevote', 'B');
    expect(bench.own()).to.deep.equal(['1 prevote B', '1 precommit B']);
    for (const id of ['v1', 'v2']) bench.vote(id, 'precommit', 'B', 1n);
    expect(bench.voter.finalized).to.deep.equal(bench.chain.ref('B'));
    expect(bench.voter.round).to.equal(2n);
  });

  it('precommits at 4T where a vote that is to come may lift the ghost, and sooner when the round is completable', () => {
    const split = (): Bench => {
      const bench = new Bench({ grow: ['A', 'B'] });
      bench.vote('v1', 'prevote', 'B');
      bench.vote('v2', 'prevote', 'A');
      // A it is, and B with the vote of v3.
      expect(bench.voter.roundState.prevoteGhost!.hash).to.equal('A');
      bench.feed({ kind: 'tick' }, 4 * T - 1);
      expect(bench.own()).to.deep.equal(['1 prevote B']);
      return bench;
    };
    const bench = split();
    expect(bench.voter.wakeAt).to.equal(4 * T);
    bench.feed({ kind: 'tick' }, 4 * T);
    expect(bench.own()).to.deep.equal(['1 prevote B', '1 precommit A']);
    const late = split();
    late.vote('v3', 'prevote', 'B');
    expect(late.own()).to.deep.equal(['1 prevote B', '1 precommit B']);
    const over = split();
    for (const id of ['v1', 'v2', 'v3']) over.vote(id, 'precommit', 'A', 1n);
    expect(over.own().slice(0, 2)).to.deep.equal(['1 prevote B', '1 precommit A']);
  });

  it('without a block to vote on it waits six periods, and votes for one that comes at once', () => {
    const idle = new Bench();
    idle.feed({ kind: 'tick' }, 6 * T - 1);
    expect(idle.own()).to.deep.equal([]);
    expect(idle.voter.wakeAt).to.equal(6 * T);
    idle.feed({ kind: 'tick' }, 6 * T);
    expect(idle.own()).to.deep.equal(['1 prevote genesis']);
    // Others may vote so late as well: for their votes it waits as long as ever.
    idle.vote('v1', 'prevote', GENESIS);
    idle.chain.grow(GENESIS.hash, 'A');
    idle.vote('v2', 'prevote', 'A');
    expect(idle.voter.wakeAt).to.equal(8 * T);

    const bench = new Bench();
    bench.feed({ kind: 'tick' }, 3 * T);
    bench.chain.grow(GENESIS.hash, 'A');
    bench.feed({ kind: 'blocks' }, 3 * T + 1);
    expect(bench.own()).to.deep.equal(['1 prevote A']);
  });

  it('while the estimate of the round before is open it waits 2T for the primary', () => {
    const bench = openEstimate();
    bench.chain.grow('B', 'C');
    bench.feed({ kind: 'blocks' });
    const { now } = bench;
    bench.feed({ kind: 'tick' }, now + 2 * T - 1);
    expect(bench.own().filter((own) => own.startsWith('2'))).to.deep.equal([]);
    bench.feed({ kind: 'tick' }, now + 2 * T);
    expect(bench.own().at(-1)).to.equal('2 prevote C');
  });

  it('a block that was voted for in vain is voted for again after 2T only: a disagreement does not make it spin', () => {
    const bench = new Bench({ grow: ['A'] });
    bench.chain.grow(GENESIS.hash, 'X');
    const round = (number: bigint): void => {
      bench.vote('v1', 'prevote', 'A', number);
      for (const id of ['v2', 'v3']) bench.vote(id, 'prevote', 'X', number);
      for (const id of ['v1', 'v2', 'v3']) bench.vote(id, 'precommit', GENESIS, number);
    };
    round(1n);
    expect(bench.own()).to.deep.equal(['1 prevote A', '1 precommit genesis']);
    expect(bench.voter.round).to.equal(2n);
    bench.feed({ kind: 'tick' }, 2 * T - 1);
    expect(bench.own()).to.have.length(2);
    bench.feed({ kind: 'tick' }, 2 * T);
    expect(bench.own().at(-1)).to.equal('2 prevote A');
    round(2n);
    // Another block is another matter.
    bench.chain.grow('A', 'B');
    bench.feed({ kind: 'blocks' });
    expect(bench.own().slice(3)).to.deep.equal(['2 precommit genesis', '3 prevote B']);
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

  it('a vote that a crash kept from leaving leaves at the restart, before the round that it completes is left', () => {
    const before = new Bench({ grow: ['A'] });
    before.vote('v1', 'prevote', 'A');
    for (const id of ['v1', 'v2']) before.vote(id, 'precommit', 'A');
    // The record reaches the disk, and nobody hears of that any more.
    before.held = [];
    before.vote('v2', 'prevote', 'A');
    const record = before.of('persist').at(-1)!.record;
    expect(before.own()).to.deep.equal(['1 prevote A']);
    const after = new Bench({ grow: ['A'], record });
    expect([after.voter.round, after.record!.running.base.hash]).to.deep.equal([2n, 'A']);
    const steps = after.actions.map((action) =>
      action.kind === 'send' ? `${action.packet.round} ${action.packet.message.kind}` : action.kind,
    );
    expect(steps).to.include('1 precommit');
    expect(steps.indexOf('1 precommit')).to.be.lessThan(steps.indexOf('persist'));
    // With it the record proves A final, whether anything more comes or not.
    expect(finals(after)).to.deep.equal(['A']);
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
    bench.feed({ kind: 'tick' }, 10 * T);
    expect(bench.own()).to.deep.equal(['2 prevote A']);
  });

  it('after a restart it goes on although the blocks of its last round are gone', () => {
    const done = new Bench({ grow: ['A'] });
    done.chain.grow(GENESIS.hash, 'dead');
    done.feed({ kind: 'tick' }, 2 * T);
    done.vote('v1', 'prevote', 'dead');
    for (const id of ['v2', 'v3']) done.vote(id, 'prevote', 'A');
    done.feed({ kind: 'tick' }, 4 * T);
    for (const id of ['v1', 'v2', 'v3']) done.vote(id, 'precommit', 'A', 1n);
    done.chain.grow('A', 'dead too');
    done.vote('v1', 'prevote', 'dead too', 2n);
    done.feed({ kind: 'tick' }, 6 * T);
    expect(done.own().at(-1)).to.equal('2 prevote dead too');
    const back = new Bench({ record: done.record });
    expect(back.voter.round).to.equal(2n);
    // Neither block is in its chain: the record tells of both, in the round that is over and in the one that runs.
    expect(back.voter.answerCatchUp(0n, 2n)!.rounds.map(({ prevotes }) => prevotes.length)).to.deep.equal([4, 2]);
    back.chain.grow(GENESIS.hash, 'A', 'B');
    for (const id of ['v2', 'v3']) back.vote(id, 'prevote', 'B');
    back.feed({ kind: 'tick' }, 4 * T);
    expect(back.own()).to.deep.equal(['2 precommit A']);
  });

  it('a record whose blocks are nowhere to be found still tells how the round ended', () => {
    const done = new Bench({ grow: ['A'] });
    done.feed({ kind: 'tick' }, 2 * T);
    for (const id of ['v1', 'v2', 'v3']) done.vote(id, 'prevote', 'A');
    for (const id of ['v1', 'v2', 'v3']) done.vote(id, 'precommit', 'A', 1n);
    const { completed, running } = done.record!;
    const bare = { votes: { ...completed!.votes, ancestry: [] }, state: completed!.state };
    const back = new Bench({ record: { ...done.record!, completed: bare, running: { ...running, ancestry: [] } } });
    expect(back.voter.answerCatchUp(0n, 1n)!.rounds[0]).to.deep.equal(bare.votes);
    back.feed({ kind: 'tick' }, 6 * T);
    expect(back.own()).to.deep.equal(['2 prevote A']);
  });

  it('a vote whose record is not on the disk is not sent, not counted and told to nobody', () => {
    const bench = new Bench({ grow: ['A'], held: true });
    for (const id of ['v1', 'v2', 'v3']) bench.vote(id, 'prevote', 'A');
    bench.feed({ kind: 'tick' }, 4 * T);
    for (const id of ['v1', 'v2', 'v3']) bench.vote(id, 'precommit', 'A', 1n);
    bench.feed({ kind: 'tick' }, 40 * T);
    const told = (): string[] =>
      bench.voter.answerCatchUp(0n, 1n)!.rounds.flatMap(({ prevotes }) => prevotes.map(({ id }) => id));
    expect(bench.of('send')).to.deep.equal([]);
    expect(told()).not.to.include('v0');
    expect(bench.voter.missing('prevote')).to.include('v0');
    bench.resume();
    expect(bench.own().slice(0, 2)).to.deep.equal(['1 prevote A', '1 precommit A']);
    expect(told()).to.include('v0');
  });

  it('a failed effect is tried again, with growing pauses, and believed only when it is done', () => {
    const bench = new Bench({ grow: ['A'], held: true });
    const tries: number[] = [];
    for (let at = bench.now; tries.length < 4; at = bench.voter.wakeAt) {
      bench.feed({ kind: 'tick' }, at);
      for (const action of (bench.held ?? []).splice(0)) {
        if (action.kind !== 'persist') continue;
        tries.push(bench.now);
        bench.feed({ kind: 'failed', effect: action.effect });
      }
    }
    const pauses = tries.slice(1).map((at, i) => at - tries[i]!);
    expect(pauses).to.deep.equal([4 * T, 8 * T, 16 * T]);
    bench.feed({ kind: 'tick' }, bench.now + 64 * T);
    bench.resume();
    expect(bench.own()).to.deep.equal(['1 prevote A']);

    const fin = new Bench({ grow: ['A'] });
    fin.held = [];
    fin.feed({ kind: 'commit', packet: proofOf(9n, fin.chain.ref('A'), 'v1', 'v2', 'v3') });
    expect(finals(fin)).to.deep.equal(['A']);
    expect(fin.voter.finalized).to.deep.equal(GENESIS);
    const [action] = fin.held.splice(0);
    fin.feed({ kind: 'failed', effect: (action as { effect: number }).effect });
    expect(finals(fin)).to.deep.equal(['A']);
    fin.feed({ kind: 'tick' }, fin.now + 4 * T);
    expect(finals(fin)).to.deep.equal(['A', 'A']);
    fin.resume();
    expect(fin.voter.finalized.hash).to.equal('A');
  });

  it('nothing makes it wake in the past: without a quorum it does not spin', () => {
    const bench = new Bench({ grow: ['A'] });
    let ticks = 0;
    for (let at = 0; at < 1000 * T; at = bench.voter.wakeAt) {
      bench.feed({ kind: 'tick' }, at);
      expect(bench.voter.wakeAt).to.be.greaterThan(at);
      ticks++;
    }
    expect(ticks).to.be.lessThan(300);
  });

  it('counts votes that came too early, and votes for blocks that came late', () => {
    const bench = new Bench({ grow: ['A'] });
    const late = { hash: 'B', number: 2 };
    for (const id of ['v1', 'v2', 'v3']) bench.vote(id, 'prevote', late, 2n);
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
    // The three prevotes of round 2 waited: with them its ghost is there at once.
    expect(bench.voter.roundState.prevoteGhost).to.deep.equal(late);
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
    const second = (): Bench => {
      const bench = openEstimate();
      for (const id of ['v1', 'v2', 'v3']) bench.vote(id, 'prevote', 'B', 2n);
      bench.feed({ kind: 'tick' }, 9 * T);
      expect(bench.own().at(-1)).to.equal('2 precommit B');
      for (const id of ['v1', 'v2', 'v3']) bench.vote(id, 'precommit', 'A', 2n);
      expect(bench.voter.roundState.completable).to.equal(true);
      expect(bench.voter.round).to.equal(2n);
      return bench;
    };
    const bench = second();
    // Once B is final for any reason, the next round begins.
    bench.feed({ kind: 'finalized', block: bench.chain.ref('B') });
    expect(bench.voter.round).to.equal(3n);
    // Or when it has taken so long that votes must be missing.
    const long = second();
    long.feed({ kind: 'tick' }, 20 * T);
    expect(long.voter.round).to.equal(2n);
    long.feed({ kind: 'tick' }, 21 * T);
    expect(long.voter.round).to.equal(3n);
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
    const round = completedRound(9n, { hash: 'B', number: 2 });
    bench.feed({ kind: 'catch-up', peer: 'p', catchUp: answerOf(round) });
    expect(bench.voter.round).to.equal(1n);
    bench.feed({ kind: 'view', peer: 'p', view: { setId: 0n, round: 3n, finalized: 0 } });
    expect(bench.of('ask-catch-up')).to.deep.equal([]);
    const ask = (): void => {
      bench.feed({ kind: 'tick' }, bench.now + 200 * T);
      bench.feed({ kind: 'view', peer: 'p', view: { setId: 0n, round: 10n, finalized: 2 } });
    };
    ask();
    expect(bench.of('ask-catch-up')).to.deep.equal([{ kind: 'ask-catch-up', peer: 'p', round: 1n }]);
    // Another peer's answer, one without threshold, one that completes nothing, one of another set: all without effect.
    bench.feed({ kind: 'catch-up', peer: 'q', catchUp: answerOf(round) });
    bench.feed({
      kind: 'catch-up',
      peer: 'p',
      catchUp: answerOf({ ...round, precommits: round.precommits.slice(0, 2) }),
    });
    ask();
    const lone = { ...round, prevotes: round.prevotes.slice(0, 2) };
    bench.feed({ kind: 'catch-up', peer: 'p', catchUp: answerOf(lone) });
    ask();
    bench.feed({ kind: 'catch-up', peer: 'p', catchUp: { ...answerOf(round), setId: 1n } });
    expect(bench.voter.round).to.equal(1n);
    ask();
    bench.feed({ kind: 'catch-up', peer: 'p', catchUp: answerOf(round) });
    expect(bench.voter.round).to.equal(10n);
    expect(bench.voter.finalized.hash).to.equal('B');
    expect(bench.of('finalize')[0]!.justification).to.deep.include({ round: 9n });
    expect(bench.record!.completed!.votes).to.deep.include({ round: 9n });
    expect(bench.voter.answerCatchUp(0n, 5n)!.rounds.map((votes) => votes.round)).to.deep.equal([9n, 10n]);
    expect(bench.voter.answerCatchUp(0n, 12n)).to.equal(undefined);
    expect(bench.voter.answerCatchUp(1n, 5n)).to.equal(undefined);
  });

  it('a catch-up brings the blocks of its votes, and a vote without one is left out', () => {
    const source = new Bench({ grow: ['A', 'B'] });
    source.chain.grow('A', 'X');
    for (const [id, target] of [
      ['v1', 'X'],
      ['v2', 'B'],
      ['v3', 'B'],
      ['v0', 'B'],
    ] as const)
      source.vote(id, 'prevote', target);
    for (const id of ['v1', 'v2', 'v3']) source.vote(id, 'precommit', id === 'v1' ? 'A' : 'B');
    const told = source.voter.answerCatchUp(0n, 1n)!.rounds[0]!;
    expect(told.ancestry.map(({ hash }) => hash).sort()).to.deep.equal(['A', 'B', 'X']);
    const ask = (bench: Bench, votes: RoundVotes): void => {
      bench.feed({ kind: 'view', peer: 'p', view: { setId: 0n, round: 30n, finalized: 0 } });
      bench.feed({ kind: 'catch-up', peer: 'p', catchUp: answerOf({ ...votes, round: 29n }) });
    };
    const ignorant = new Bench();
    ask(ignorant, told);
    expect(ignorant.voter.round).to.equal(30n);
    const poisoned = new Bench({ grow: ['A', 'B'] });
    ask(poisoned, { ...told, ancestry: told.ancestry.filter(({ hash }) => hash !== 'X') });
    expect(poisoned.voter.round).to.equal(30n);
    expect(poisoned.voter.answerCatchUp(0n, 30n)!.rounds[0]!.prevotes).to.have.length(3);
  });

  it('asks a peer that has not helped no sooner for being gone and back, and no one at once', () => {
    const bench = new Bench({ grow: ['A'] });
    const asked = (): number => bench.of('ask-catch-up').length;
    for (let k = 0; k < 1000; k++) {
      bench.feed({ kind: 'view', peer: 'liar', view: { setId: 0n, round: 2n ** 40n, finalized: 0 } });
      bench.feed({ kind: 'no-catch-up', peer: 'liar' });
      bench.feed({ kind: 'peer-gone', peer: 'liar' });
    }
    expect(asked()).to.equal(1);
    for (let k = 0; k < 1000; k++) {
      bench.feed({ kind: 'view', peer: `liar${k}`, view: { setId: 0n, round: 2n ** 40n, finalized: 0 } });
      bench.feed({ kind: 'no-catch-up', peer: `liar${k}` });
    }
    expect(asked()).to.equal(1);
    // A minute of it: one question in four periods, whoever comes.
    for (let k = 0; k < 600; k++) {
      bench.feed({ kind: 'tick' }, bench.now + T);
      bench.feed({ kind: 'view', peer: `other${k}`, view: { setId: 0n, round: 2n ** 40n, finalized: 0 } });
      bench.feed({ kind: 'no-catch-up', peer: bench.of('ask-catch-up').at(-1)!.peer });
    }
    expect(asked()).to.be.within(100, 152);
  });

  it('without progress it asks peers of the same round for the votes it lacks, and counts them', () => {
    const bench = new Bench({ grow: ['A'] });
    bench.feed({ kind: 'tick' }, 2 * T);
    bench.feed({ kind: 'tick' }, 17 * T);
    bench.feed({ kind: 'view', peer: 'p', view: { setId: 0n, round: 1n, finalized: 0 } });
    expect(bench.of('ask-catch-up')).to.have.length(1);
    const votes = { ...completedRound(1n, bench.chain.ref('A'), ['v1', 'v2']), precommits: [] };
    bench.feed({ kind: 'catch-up', peer: 'p', catchUp: answerOf(votes) });
    expect(bench.own().at(-1)).to.equal('1 precommit A');
  });

  it('asks again for a block that did not come, as long as votes wait for it', () => {
    const bench = new Bench({ grow: ['A'] });
    const missing = { hash: 'B', number: 2 };
    bench.vote('v1', 'prevote', missing, 1n, 'p');
    for (let k = 1; k <= 3; k++) {
      bench.feed({ kind: 'tick' }, k * 9 * T);
      expect(bench.of('want-block')).to.deep.equal(
        Array.from({ length: k + 1 }, (_, i) => ({ kind: 'want-block', block: missing, from: 'p', again: i > 0 })),
      );
    }
    // one that names it anew may have it
    bench.vote('v1', 'prevote', missing, 1n, 'q');
    expect(bench.of('want-block').at(-1)).to.deep.equal({
      kind: 'want-block',
      block: missing,
      from: 'q',
      again: false,
    });
  });

  it('asks for missing blocks of each voter in turn, and of whoever told of them', () => {
    const bench = new Bench({ grow: ['A'] });
    for (const round of [1n, 2n])
      for (const kind of ['prevote', 'precommit', 'propose'] as const)
        for (const at of [1, 2]) bench.vote('v1', kind, { hash: `${round} ${kind} ${at}`, number: 3 }, round, 'liar');
    bench.vote('v2', 'prevote', { hash: 'B', number: 2 }, 1n, 'honest');
    bench.feed({ kind: 'commit', packet: proofOf(9n, { hash: 'C', number: 3 }, 'v1', 'v2', 'v3'), from: 'prover' });
    const before = bench.of('want-block').length;
    bench.feed({ kind: 'tick' }, 9 * T);
    const again = bench.of('want-block').slice(before);
    expect(again.slice(0, 3).map(({ block, from }) => [block.hash, from])).to.deep.equal([
      ['C', 'prover'],
      ['1 prevote 1', 'liar'],
      ['B', 'honest'],
    ]);
    expect(again.slice(3).every(({ from }) => from === 'liar')).to.equal(true);
  });

  it('finalizes by a commit, also of a round it does not count, and refuses a bad one', () => {
    const bench = new Bench({ grow: ['A', 'B'] });
    const [A, B] = [bench.chain.ref('A'), bench.chain.ref('B')];
    const commit = (target: BlockRef, ...voters: string[]) => proofOf(40n, target, ...voters);
    bench.feed({ kind: 'commit', packet: commit(A, 'v1', 'v2') });
    bench.feed({ kind: 'commit', packet: commit(A, 'v1', 'v2', 'v2') });
    bench.feed({ kind: 'commit', packet: { ...commit(A, 'v1', 'v2', 'v3'), setId: 3n } });
    expect(finals(bench)).to.deep.equal([]);
    bench.feed({ kind: 'commit', packet: commit(B, 'v1', 'v2', 'v3') });
    bench.feed({ kind: 'commit', packet: commit(A, 'v1', 'v2', 'v3') });
    expect(finals(bench)).to.deep.equal(['B']);
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
    const commit = (target: BlockRef) => proofOf(7n, target, 'v1', 'v2', 'v3');
    bench.feed({ kind: 'commit', packet: commit(bench.chain.ref('A')) });
    bench.feed({ kind: 'commit', packet: commit(bench.chain.ref('Y')) });
    expect(finals(bench)).to.deep.equal(['A']);
  });

  it('an equivocator with a block that nobody has does not make it finalize what it cannot prove', () => {
    const bench = new Bench({ grow: ['A', 'B'] });
    for (const id of ['v1', 'v2', 'v3']) bench.vote(id, 'prevote', 'B');
    bench.vote('v3', 'precommit', GENESIS);
    bench.vote('v3', 'precommit', { hash: 'nowhere', number: 1 });
    expect(bench.of('equivocation')).to.have.length(1);
    bench.vote('v1', 'precommit', 'B');
    bench.vote('v2', 'precommit', 'B', 1n);
    // By the paper B is final now, v3 counting for it; but no proof of it would be accepted before the own vote is there.
    const [proof] = bench.of('finalize');
    expect(proof!.justification.commit.precommits.map(({ id }) => id).sort()).to.deep.equal(['v0', 'v1', 'v2']);
    expect(bench.voter.finalized.hash).to.equal('B');
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
