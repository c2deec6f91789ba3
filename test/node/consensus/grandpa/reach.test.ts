/** Finality that is far behind the chain: votes go step by step, and each step fits into a proof. */
import { expect } from 'chai';
import { chainView, type VotedChain } from '../../../../node/consensus/grandpa/chain-view.ts';
import { REACH } from '../../../../node/consensus/grandpa/voting-round.ts';
import type { Header } from '../../../../pallets/support/types.ts';
import { MAX_ANCESTRIES } from '../../../../primitives/grandpa/index.ts';
import { HeaderTree } from '../../../support/header-tree.ts';
import { Bench, finals, T } from './bench.ts';
import { GENESIS } from './toy.ts';

const chainOf = (length: number): string[] => Array.from({ length }, (_, at) => `b${at + 1}`);

describe('the reach of votes', () => {
  it('a lone voter finalizes a long branch in steps', () => {
    const bench = new Bench({ grow: chainOf(11), voters: 1, reach: 4 });
    for (let at = 0; at <= 12 * T; at += T) bench.feed({ kind: 'tick' }, at);
    expect(finals(bench)).to.deep.equal(['b4', 'b8', 'b11']);
  });

  it('a vote further than others reach is counted nevertheless: their base may be higher', () => {
    const bench = new Bench({ grow: chainOf(11), reach: 4 });
    bench.feed({ kind: 'tick' }, 2 * T);
    expect(bench.own()).to.deep.equal(['1 prevote b4']);
    for (const id of ['v1', 'v2', 'v3']) bench.vote(id, 'prevote', 'b9');
    expect(bench.voter.roundState.prevoteGhost!.hash).to.equal('b9');
    bench.feed({ kind: 'tick' }, 4 * T);
    expect(bench.own()).to.include('1 precommit b9');
  });

  it('what may be final is voted for however far it is', () => {
    const bench = new Bench({ grow: chainOf(11), reach: 2 });
    bench.feed({ kind: 'tick' }, 2 * T);
    for (const id of ['v1', 'v2', 'v3']) bench.vote(id, 'prevote', 'b9');
    bench.feed({ kind: 'tick' }, 4 * T);
    // Two for b9 and one for the base: b9 could have become final with one more, and nothing else is.
    bench.vote('v1', 'precommit', 'b9', 1n);
    bench.vote('v2', 'precommit', GENESIS, 1n);
    bench.vote('v3', 'precommit', GENESIS, 1n);
    expect(finals(bench)).to.deep.equal([]);
    bench.feed({ kind: 'tick' }, 40 * T);
    expect(bench.voter.round).to.equal(2n);
    bench.feed({ kind: 'tick' }, 43 * T);
    expect(bench.own().at(-1)).to.equal('2 prevote b9');
  });

  it('is within the headers of a proof', () => {
    expect(REACH).to.be.at.most(MAX_ANCESTRIES);
  });
});

describe('the chain as a voter sees it', () => {
  const tree = new HeaderTree();
  const branch = Array.from({ length: 1_000 }).reduce<(typeof tree.genesis)[]>(
    (made) => [...made, tree.grow(made.at(-1)!)],
    [tree.genesis],
  );
  const head = branch.at(-1)!;
  /** The blocks from `handover` on name set 1. */
  const viewOf = (handover: number, finalized = tree.genesis) => {
    let asked = 0;
    const chain: VotedChain = {
      header: (hash) => tree.block(hash)?.header as Header | undefined,
      bestContaining: () => head,
      finalized: () => finalized,
      authorities: (hash) => {
        asked++;
        return { setId: tree.block(hash)!.number >= handover ? 1n : 0n, authorities: [] };
      },
    };
    return { view: chainView(chain, 0n), asked: () => asked };
  };

  it('is no higher than the ceiling', () => {
    const { view } = viewOf(Infinity);
    expect(view.bestContaining(tree.genesis.hash, 5_000)).to.deep.equal(head);
    expect(view.bestContaining(tree.genesis.hash, 300)).to.deep.equal(branch[300]);
  });

  it('ends with the block that hands over, wherever that is, and few states are looked at for it', () => {
    for (const handover of [1, 2, 299, 300, 999, 1_000]) {
      const { view, asked } = viewOf(handover);
      expect(view.bestContaining(tree.genesis.hash, 5_000), `${handover}`).to.deep.equal(branch[handover]);
      expect(asked()).to.be.at.most(13);
      expect(view.bestContaining(tree.genesis.hash, 300)).to.deep.equal(branch[Math.min(300, handover)]);
    }
    const handed = viewOf(10, branch[10]);
    expect(handed.view.bestContaining(branch[10]!.hash, 5_000)).to.equal(undefined);
  });
});
