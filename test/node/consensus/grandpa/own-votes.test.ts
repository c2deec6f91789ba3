/** What a voter may sign and propose, however it is asked. */
import { expect } from 'chai';
import { OwnVotes } from '../../../../node/consensus/grandpa/own-votes.ts';
import type { VoterRecord } from '../../../../node/consensus/grandpa/types.ts';
import type { VoterConfig } from '../../../../node/consensus/grandpa/voter-io.ts';
import type { BlockRef } from '../../../../primitives/grandpa/index.ts';
import { Bench, T } from './bench.ts';
import { equalVoters, GENESIS, toySignature } from './toy.ts';

const [A, B]: BlockRef[] = ['A', 'B'].map((hash) => ({ hash, number: 1 })) as [BlockRef, BlockRef];
const rounds = {
  completed: undefined,
  running: { round: 1n, base: GENESIS, prevotes: [], precommits: [], ancestry: [] },
};

/** The votes of v0, and how many signatures it has given. */
function votesOf(record?: VoterRecord): { own: OwnVotes; signed: () => number } {
  let signed = 0;
  const sign = (_: unknown, kind: string, target: BlockRef): Uint8Array => {
    signed++;
    return toySignature('v0', kind, target.hash);
  };
  const config: VoterConfig = {
    voters: equalVoters(4),
    setId: 0n,
    finalized: GENESIS,
    period: T,
    self: { id: 'v0', sign },
    record,
  };
  let effects = 0;
  return { own: new OwnVotes(config, T, () => ++effects), signed: () => signed };
}

describe('the own votes', () => {
  for (const kind of ['prevote', 'precommit', 'propose'] as const) {
    it(`give no second ${kind} in a round: not for the same block, not for another, not after a failed write, not after a restart`, () => {
      const { own, signed } = votesOf();
      expect(own.sign(1n, kind, A)).to.equal(true);
      for (const block of [A, B]) expect(own.sign(1n, kind, block)).to.equal(false);
      own.write(rounds);
      const first = own.start(0)!;
      own.failed(first.id, 0);
      expect(own.sign(1n, kind, B)).to.equal(false);
      const again = own.start(T)!;
      expect(own.done(again.id).map(({ message }) => message.target)).to.deep.equal([A]);
      expect(own.sign(1n, kind, B)).to.equal(false);
      expect(signed()).to.equal(1);
      // What was written holds it for the next run too; the next round is another matter.
      const back = votesOf(again.value);
      expect(back.own.sign(1n, kind, B)).to.equal(false);
      expect(back.own.durable().map(({ message }) => message.target)).to.deep.equal([A]);
      expect(back.own.sign(2n, kind, B)).to.equal(true);
      expect(back.own.sign(1n, kind, B)).to.equal(false);
      expect(back.signed()).to.equal(1);
    });
  }
});

describe('proposals', () => {
  /** Voter `self` at the end of round 1: B may be final and is not. The primary of round 2 is v2. */
  function openEstimate(self: string): Bench {
    const others = ['v0', 'v1', 'v2', 'v3'].filter((id) => id !== self);
    const bench = new Bench({ grow: ['A', 'B'], self });
    bench.feed({ kind: 'tick' }, 2 * T);
    for (const id of others.slice(0, 2)) bench.vote(id, 'prevote', 'B');
    bench.feed({ kind: 'tick' }, 4 * T);
    bench.vote(others[0]!, 'precommit', 'B', 1n);
    for (const id of others.slice(1)) bench.vote(id, 'precommit', 'A', 1n);
    expect(bench.voter.round).to.equal(2n);
    return bench;
  }
  const proposals = (bench: Bench): string[] => bench.own().filter((own) => own.includes('propose'));

  it('come from the primary of the round and from nobody else', () => {
    for (const self of ['v0', 'v1', 'v3']) expect(proposals(openEstimate(self)), self).to.deep.equal([]);
    expect(proposals(openEstimate('v2'))).to.deep.equal(['2 propose B']);
  });

  it('of others than the primary, and a second one of the primary, are not followed', () => {
    const prevote = (...proposing: (readonly [string, string])[]): string | undefined => {
      const bench = new Bench({ grow: ['A', 'B', 'C'], silentThrough: 1n });
      for (const id of ['v1', 'v2', 'v3']) bench.vote(id, 'prevote', 'C');
      // A is final, and nothing above it. The best branch is not that of C: only a proposal brings a voter to it.
      for (const id of ['v1', 'v2', 'v3']) bench.vote(id, 'precommit', 'A', 1n);
      expect(bench.voter.round).to.equal(2n);
      bench.chain.grow('A', 'W', 'X', 'Y', 'Z');
      bench.chain.grow('B', 'other', 'one');
      for (const [from, block] of proposing) bench.vote(from, 'propose', block, 2n);
      bench.feed({ kind: 'tick' }, 6 * T);
      return bench.own().at(-1);
    };
    expect(prevote()).to.equal('2 prevote Z');
    expect(prevote(['v2', 'C'])).to.equal('2 prevote C');
    expect(prevote(['v1', 'C'], ['v3', 'C'])).to.equal('2 prevote Z');
    expect(prevote(['v2', 'B'])).to.equal('2 prevote one');
    expect(prevote(['v2', 'C'], ['v2', 'B'])).to.equal('2 prevote C');
  });
});
