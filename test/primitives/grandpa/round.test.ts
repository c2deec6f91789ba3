import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  type BlockRef,
  commitOf,
  type Phase,
  Round,
  validateCommit,
  VoterSet,
} from '../../../primitives/grandpa/index.ts';
import { equalVoters, GENESIS, names, ToyChain, vote } from '../../node/consensus/grandpa/toy.ts';

/** The tree of the crate's own tests: A-B-C-D-E-F, from E also EA-EB-EC-ED, from F also FA-FB-FC. */
function crateChain(): ToyChain {
  const chain = new ToyChain();
  chain.grow(GENESIS.hash, 'A', 'B', 'C', 'D', 'E', 'F');
  chain.grow('E', 'EA', 'EB', 'EC', 'ED');
  chain.grow('F', 'FA', 'FB', 'FC');
  return chain;
}
const crateVoters = new VoterSet([
  { id: 'Alice', weight: 4n },
  { id: 'Bob', weight: 7n },
  { id: 'Eve', weight: 3n },
]);

describe('grandpa rounds', () => {
  /** A random tree as parents: block i+1 hangs on parents[i] <= i; block 0 is genesis. */
  const trees = fc
    .integer({ min: 1, max: 14 })
    .chain((size) => fc.tuple(...Array.from({ length: size }, (_, at) => fc.nat(at))));
  function treeOf(parents: readonly number[]): { chain: ToyChain; blocks: BlockRef[] } {
    const chain = new ToyChain();
    const blocks = [GENESIS];
    for (const [at, parent] of parents.entries()) blocks.push(chain.grow(blocks[parent]!.hash, `n${at + 1}`));
    return { chain, blocks };
  }

  it('the ghost is fixed exactly when no votes of those who are silent can lift it', () => {
    const draw = fc.tuple(
      trees,
      fc.integer({ min: 1, max: 7 }),
      fc.array(fc.tuple(fc.nat(6), fc.nat(14)), { maxLength: 10 }),
    );
    fc.assert(
      fc.property(draw, ([parents, size, cast]) => {
        const { chain, blocks } = treeOf(parents);
        // A block that is not heard of yet, above each of those that are.
        const unheard = blocks.map(({ hash }) => chain.grow(hash, `above ${hash}`));
        const voters = equalVoters(size);
        const make = (votes: readonly (readonly [string, BlockRef])[]): Round => {
          const round = new Round(1n, voters, GENESIS);
          for (const [id, target] of votes) round.import(chain, 'prevote', vote(id, target));
          return round;
        };
        const known = cast.map(([voter, block]) => [`v${voter % size}`, blocks[block % blocks.length]!] as const);
        const round = make(known);
        const ghost = round.state.prevoteGhost;
        if (ghost === undefined) return !round.isGhostFixed;
        // With more than a third voting twice there is nothing to be said.
        fc.pre(names(size).filter((id) => round.votesOf('prevote', id).length > 1).length <= voters.faulty);
        const silent = names(size).filter((id) => round.votesOf('prevote', id).length === 0);
        // All of them for one block lift the ghost highest.
        const lifted = [...blocks, ...unheard].some((target) => {
          const after = make([...known, ...silent.map((id) => [id, target] as const)]).state.prevoteGhost;
          return after?.hash !== ghost.hash;
        });
        return round.isGhostFixed === !lifted;
      }),
    );
  });

  it('the threshold is W - floor((W-1)/3)', () => {
    for (const [voters, threshold] of [
      [1, 1n],
      [2, 2n],
      [3, 3n],
      [4, 3n],
      [6, 5n],
      [7, 5n],
      [10, 7n],
    ] as const) {
      expect(equalVoters(voters).threshold, `${voters} voters`).to.equal(threshold);
    }
    expect(crateVoters.threshold).to.equal(10n);
    expect(() => new VoterSet([]))
      .to.throw()
      .with.property('code', 'grandpa/bad-voters');
    const twice = [
      { id: 'a', weight: 1n },
      { id: 'a', weight: 1n },
    ];
    expect(() => new VoterSet(twice))
      .to.throw()
      .with.property('code', 'grandpa/bad-voters');
  });

  it('the estimate is the ghost until precommits come (case of the crate)', () => {
    const chain = crateChain();
    const round = new Round(1n, crateVoters, chain.ref('C'));
    round.import(chain, 'prevote', vote('Alice', chain.ref('FC')));
    round.import(chain, 'prevote', vote('Bob', chain.ref('ED')));
    expect(round.state.prevoteGhost).to.deep.equal(chain.ref('E'));
    expect(round.state.estimate).to.deep.equal(chain.ref('E'));
    expect(round.state.completable).to.equal(false);
    round.import(chain, 'prevote', vote('Eve', chain.ref('F')));
    expect(round.state.prevoteGhost).to.deep.equal(chain.ref('E'));
  });

  it('finalizes what both phases support (case of the crate)', () => {
    const chain = crateChain();
    const round = new Round(1n, crateVoters, chain.ref('C'));
    round.import(chain, 'precommit', vote('Alice', chain.ref('FC')));
    round.import(chain, 'precommit', vote('Bob', chain.ref('ED')));
    expect(round.state.finalized).to.equal(undefined);
    round.import(chain, 'prevote', vote('Alice', chain.ref('FC')));
    round.import(chain, 'prevote', vote('Bob', chain.ref('ED')));
    round.import(chain, 'prevote', vote('Eve', chain.ref('EA')));
    expect(round.state.finalized).to.deep.equal(chain.ref('E'));
    round.import(chain, 'precommit', vote('Eve', chain.ref('EC')));
    expect(round.state.finalized).to.deep.equal(chain.ref('EA'));
  });

  it('an equivocator counts for every block but only once', () => {
    const chain = crateChain();
    const round = new Round(1n, equalVoters(4), GENESIS);
    round.import(chain, 'prevote', vote('v0', chain.ref('FC')));
    round.import(chain, 'prevote', vote('v1', chain.ref('ED')));
    const second = round.import(chain, 'prevote', vote('v1', chain.ref('FC')));
    expect(second.outcome).to.equal('equivocation');
    // v0 and v1 are two voters, however often v1 votes: no ghost with threshold three.
    expect(round.state.prevoteGhost).to.equal(undefined);
    expect(round.import(chain, 'prevote', vote('v1', chain.ref('FB'))).outcome).to.equal('redundant');
    expect(round.import(chain, 'prevote', vote('v1', chain.ref('ED'))).outcome).to.equal('duplicate');
    round.import(chain, 'prevote', vote('v2', chain.ref('FC')));
    // With v2 there are three, and v1 counts for FC although its first vote was ED.
    expect(round.state.prevoteGhost).to.deep.equal(chain.ref('FC'));
  });

  it('refuses strangers and unknown blocks without counting them', () => {
    const chain = crateChain();
    const round = new Round(1n, equalVoters(1), chain.ref('E'));
    expect(round.import(chain, 'prevote', vote('nobody', chain.ref('F'))).outcome).to.equal('unknown-voter');
    expect(round.import(chain, 'prevote', vote('v0', { hash: 'nowhere', number: 9 })).outcome).to.equal(
      'unknown-block',
    );
    expect(round.state.prevoteGhost).to.equal(undefined);
    expect(round.import(chain, 'prevote', vote('v0', chain.ref('F'))).outcome).to.equal('counted');
    expect(round.state.prevoteGhost).to.deep.equal(chain.ref('F'));
  });

  it('a vote for no block above the base supports none, but has been cast', () => {
    const chain = crateChain();
    chain.grow('D', 'sibling');
    for (const target of [
      chain.ref('D'),
      chain.ref('sibling'),
      { hash: 'nowhere', number: 3 },
      { hash: 'F', number: 8 },
      { hash: 'E', number: 6 },
    ]) {
      const round = new Round(1n, equalVoters(4), chain.ref('E'));
      for (const id of ['v0', 'v1', 'v2']) round.import(chain, 'prevote', vote(id, chain.ref('F')));
      for (const id of ['v0', 'v1']) round.import(chain, 'precommit', vote(id, chain.ref('F'), 'precommit'));
      expect(round.state.completable, target.hash).to.equal(false);
      expect(round.import(chain, 'precommit', vote('v2', target, 'precommit')).outcome, target.hash).to.equal(
        'counted',
      );
      expect(round.state.finalized, target.hash).to.equal(undefined);
      expect(round.state.completable, target.hash).to.equal(true);
      // And a second one makes an equivocator, who counts for every block.
      round.import(chain, 'precommit', vote('v2', { hash: 'elsewhere', number: 2 }, 'precommit'));
      expect(round.state.finalized, target.hash).to.deep.equal(chain.ref('F'));
    }
  });

  it('counts the same on every base from which a result is seen', () => {
    const arbitrary = fc.array(fc.tuple(fc.nat(6), fc.nat(100), fc.boolean()), { minLength: 10, maxLength: 30 });
    let compared = 0;
    fc.assert(
      fc.property(trees, arbitrary, (parents, votes) => {
        const { chain, blocks } = treeOf(parents);
        const head = blocks.at(-1)!;
        const rounds = blocks
          .filter(({ hash }) => chain.isAtOrAbove(hash, head.hash))
          .map((base) => new Round(1n, equalVoters(7), base));
        const cast = new Set<string>();
        for (const [voter, target, isPrevote] of votes) {
          const phase = isPrevote ? 'prevote' : 'precommit';
          // Two of seven may vote twice.
          if (voter < 5 && cast.has(`${voter} ${phase}`)) continue;
          cast.add(`${voter} ${phase}`);
          // Most agree, so that something comes of it.
          const block = target < 60 ? head : blocks[target % blocks.length]!;
          for (const round of rounds) round.import(chain, phase, vote(`v${voter}`, block, phase));
        }
        const [whole, ...others] = rounds;
        for (const { base, state } of others) {
          if (!state.completable) continue;
          compared++;
          const { finalized } = whole!.state;
          const isSeen = finalized !== undefined && chain.isAtOrAbove(base.hash, finalized.hash);
          expect(state).to.deep.equal({ ...whole!.state, finalized: isSeen ? finalized : undefined });
        }
      }),
      { numRuns: 500 },
    );
    expect(compared).to.be.greaterThan(100);
  });

  it('states are what their definitions say, for random trees, votes and equivocations', () => {
    // Every voter once in each phase, in any order, and a few second votes in between.
    const votesOf = (size: number) => {
      const once = names(size).flatMap((_, at) => [true, false].map((prevote) => [at, prevote] as const));
      const slots = fc.tuple(
        fc.shuffledSubarray(once, { minLength: size }),
        fc.array(fc.tuple(fc.nat(size - 1), fc.boolean()), { maxLength: 2 }),
        fc.nat(9),
      );
      const order = slots.map(([cast, second, at]) => cast.toSpliced(at % cast.length, 0, ...second));
      return order.chain((cast) =>
        fc.tuple(...cast.map(([voter, prevote]) => fc.tuple(fc.constant(voter), fc.nat(100), fc.constant(prevote)))),
      );
    };
    const cases = fc.constantFrom(1, 4, 6, 7).chain((size) => fc.tuple(fc.constant(size), votesOf(size)));
    fc.assert(
      fc.property(trees, cases, (parents, [size, votes]) => {
        const { chain, blocks } = treeOf(parents);
        const round = new Round(1n, equalVoters(size), GENESIS);
        const seen: Record<Phase, Map<string, Set<string>>> = { prevote: new Map(), precommit: new Map() };
        for (const [voter, target, prevote] of votes) {
          const phase = prevote ? 'prevote' : 'precommit';
          const id = names(7)[voter % size]!;
          const block = blocks[target % blocks.length]!;
          const before = round.state;
          round.import(chain, phase, vote(id, block));
          const targets = seen[phase].get(id) ?? new Set();
          if (targets.size < 2) targets.add(block.hash);
          seen[phase].set(id, targets);
          expectDefinitions(round, chain, blocks, seen, size);
          if (before.prevoteGhost !== undefined) {
            // The ghost only rises, as long as no more voters equivocate than may.
            const equivocators = [...seen.prevote.values()].filter((own) => own.size > 1).length;
            if (equivocators <= Math.floor((size - 1) / 3)) {
              expect(chain.isAtOrAbove(before.prevoteGhost.hash, round.state.prevoteGhost!.hash)).to.equal(true);
            }
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  function expectDefinitions(
    round: Round,
    chain: ToyChain,
    blocks: readonly BlockRef[],
    seen: Record<Phase, Map<string, Set<string>>>,
    size: number,
  ): void {
    const faulty = Math.floor((size - 1) / 3);
    const threshold = size - faulty;
    const count = (phase: Phase, block: string): number =>
      [...seen[phase].values()].filter((own) => own.size > 1 || [...own].some((hash) => chain.isAtOrAbove(block, hash)))
        .length;
    const equivocators = [...seen.precommit.values()].filter((own) => own.size > 1).length;
    if ([...seen.prevote.values()].filter((own) => own.size > 1).length > faulty || equivocators > faulty) return;
    const { prevoteGhost, estimate, completable, finalized } = round.state;

    const supported = blocks.filter(({ hash }) => count('prevote', hash) >= threshold);
    const highest = Math.max(-1, ...supported.map(({ number }) => number));
    expect(prevoteGhost?.number ?? -1, 'ghost').to.equal(highest);
    if (prevoteGhost === undefined) return;

    const all = seen.precommit.size;
    const possible = (block: string): boolean => {
      const own = count('precommit', block);
      return own + (size - all) + Math.min(all - own, faulty - equivocators) >= threshold;
    };
    const below = blocks.filter(({ hash }) => chain.isAtOrAbove(hash, prevoteGhost.hash));
    const top = (candidates: readonly BlockRef[]): number => Math.max(-1, ...candidates.map(({ number }) => number));
    expect(finalized?.number ?? -1, 'finalized').to.equal(
      top(below.filter(({ hash }) => count('precommit', hash) >= threshold)),
    );
    if (all < threshold) {
      expect(estimate).to.deep.equal(prevoteGhost);
      expect(completable).to.equal(false);
      return;
    }
    const expected = top(below.filter(({ hash }) => possible(hash)));
    expect(estimate?.number ?? -1, 'estimate').to.equal(expected);
    const children = blocks.filter(({ hash }) => chain.block(hash)!.parent === prevoteGhost.hash);
    // Blocks without any vote above them are never possible once the threshold has precommitted.
    const completes =
      estimate !== undefined && (expected !== prevoteGhost.number || !children.some(({ hash }) => possible(hash)));
    expect(completable, 'completable').to.equal(completes);
  }

  it('completability, ghost and estimate are monotone when voters follow the rules (the fuzzing of the crate)', () => {
    const order = fc.shuffledSubarray(names(10), { minLength: 10 });
    const orders = fc.array(order, { minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(trees, fc.array(fc.nat(100), { minLength: 10, maxLength: 10 }), orders, (parents, targets, views) => {
        const { chain, blocks } = treeOf(parents);
        const voters = equalVoters(10);
        const prevotes = names(10).map((id, at) => vote(id, blocks[targets[at]! % blocks.length]!));
        const own = (id: string): number => names(10).indexOf(id);
        const rounds = names(10).map((_, at) => {
          const round = new Round(1n, voters, GENESIS);
          // Each sees another seven prevotes first, and precommits their ghost.
          for (const id of views[at]!.slice(0, 7)) round.import(chain, 'prevote', prevotes[own(id)]!);
          return round;
        });
        const precommits = rounds.map((round, at) => vote(names(10)[at]!, round.state.prevoteGhost!, 'precommit'));
        for (const [at, round] of rounds.entries()) {
          let last: Round['state'] | undefined;
          for (const id of views[10 + at]!) {
            round.import(chain, 'precommit', precommits[own(id)]!);
            const { state } = round;
            if (last?.completable) {
              expect(state.completable).to.equal(true);
              expect(chain.isAtOrAbove(state.estimate!.hash, last.estimate!.hash)).to.equal(true);
            }
            last = state;
          }
          for (const id of views[at]!) {
            const ghost = round.state.prevoteGhost!;
            round.import(chain, 'prevote', prevotes[own(id)]!);
            expect(chain.isAtOrAbove(ghost.hash, round.state.prevoteGhost!.hash)).to.equal(true);
          }
          // All votes seen: whatever each saw first, the round is over.
          expect(round.state.completable).to.equal(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('a commit is as small as its proof allows, and valid', () => {
    const chain = crateChain();
    const round = new Round(1n, equalVoters(7), GENESIS);
    const targets = ['FC', 'E', 'F', 'E', 'ED', 'E', 'E'];
    for (const [at, target] of targets.entries()) round.import(chain, 'precommit', vote(`v${at}`, chain.ref(target)));
    const commit = commitOf(round, 0)!;
    expect(commit.target).to.deep.equal(chain.ref('E'));
    expect(commit.precommits).to.have.length(5);
    // The four that name E itself come first, then the lowest of the others.
    expect(commit.precommits.map(({ target }) => target.hash).sort()).to.deep.equal(['E', 'E', 'E', 'E', 'F']);
    expect(validateCommit(commit, equalVoters(7), chain)).to.deep.equal({ valid: true });
    expect(commitOf(round, 5)).to.equal(undefined);
  });

  it('a commit that does not need an equivocator twice holds one vote of it', () => {
    const chain = crateChain();
    const round = new Round(1n, equalVoters(4), GENESIS);
    for (const [id, target] of [
      ['v0', 'F'],
      ['v1', 'F'],
      ['v2', 'ED'],
      ['v2', 'FA'],
    ] as const) {
      round.import(chain, 'precommit', vote(id, chain.ref(target), 'precommit'));
    }
    const commit = commitOf(round, 0)!;
    expect(commit.target).to.deep.equal(chain.ref('F'));
    expect(commit.precommits.map(({ id, target }) => `${id} ${target.hash}`)).to.deep.equal(['v0 F', 'v1 F', 'v2 FA']);
  });
});
