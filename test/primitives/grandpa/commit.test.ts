/** The maker of commits against their checker, with voters of every kind of dishonesty, and the cases of the crate's own tests. */
import { expect } from 'chai';
import * as fc from 'fast-check';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import {
  type BlockRef,
  checkProof,
  type Commit,
  decodeJustification,
  descends,
  encodeJustification,
  justify,
  Round,
  type SignedVote,
  validateCommit,
  VoterSet,
} from '../../../primitives/grandpa/index.ts';
import { HeaderTree } from '../../support/header-tree.ts';

const idOf = (at: number): string => toHex(hash32Of('test/voter', at));
const setOf = (weights: readonly bigint[]): VoterSet =>
  new VoterSet(weights.map((weight, at) => ({ id: idOf(at), weight })));
const equal = (size: number): VoterSet => setOf(Array.from({ length: size }, () => 1n));
const signed = (voter: number, target: BlockRef): SignedVote => ({
  id: idOf(voter),
  target,
  signature: new Uint8Array(64).fill(voter + 1),
});

describe('commit_validation of the crate', () => {
  const tree = new HeaderTree();
  const [a, b, c] = ['A', 'B', 'C'].reduce<BlockRef[]>(
    (made, label) => [...made, tree.grow(made.at(-1) ?? tree.genesis, label)],
    [],
  ) as [BlockRef, BlockRef, BlockRef];
  const voters = equal(100);
  const votes = (count: number, target: BlockRef): SignedVote[] =>
    Array.from({ length: count }, (_, at) => signed(at, target));
  const verdict = (commit: Commit) => validateCommit(commit, voters, tree);

  it('commit_validation: 66 of 100 are short, 67 suffice, another target than the ghost is refused', () => {
    expect(verdict({ target: c, precommits: votes(66, c) })).to.deep.equal({ valid: false, reason: 'wrong-target' });
    expect(verdict({ target: c, precommits: votes(67, c) })).to.deep.equal({ valid: true });
    expect(verdict({ target: b, precommits: votes(67, c) })).to.deep.equal({ valid: false, reason: 'wrong-target' });
  });

  it('commit_validation_with_equivocation: an equivocator counts for a block it has not voted for', () => {
    const precommits = [...votes(66, c), signed(66, a), signed(66, b)];
    expect(verdict({ target: c, precommits })).to.deep.equal({ valid: true });
  });

  it('both votes of an equivocator must descend from the lowest target', () => {
    const fork = tree.grow(tree.genesis, 'fork');
    const precommits = [...votes(66, c), signed(66, a), signed(66, fork)];
    expect(verdict({ target: c, precommits })).to.deep.equal({ valid: false, reason: 'not-above-base' });
  });

  it('unlike the crate, a vote of a stranger and a third vote make a commit invalid', () => {
    const stranger = { ...signed(0, c), id: toHex(new Uint8Array(32)) };
    expect(verdict({ target: c, precommits: [...votes(67, c), stranger] })).to.have.property('reason', 'unknown-voter');
    const thrice = [...votes(66, c), signed(66, a), signed(66, b), signed(66, c)];
    expect(verdict({ target: c, precommits: thrice })).to.have.property('reason', 'redundant');
    expect(verdict({ target: c, precommits: [...votes(67, c), signed(3, c)] })).to.have.property('reason', 'redundant');
    expect(verdict({ target: c, precommits: [] })).to.have.property('reason', 'no-votes');
  });
});

/** A random tree as parents: block i+1 hangs on parents[i] <= i; block 0 is genesis. */
const trees = fc
  .integer({ min: 1, max: 12 })
  .chain((size) => fc.tuple(...Array.from({ length: size }, (_, at) => fc.nat(at))));
function treeOf(parents: readonly number[]): { tree: HeaderTree; blocks: BlockRef[] } {
  const tree = new HeaderTree();
  const blocks = [tree.genesis];
  for (const parent of parents) blocks.push(tree.grow(blocks[parent]!));
  return { tree, blocks };
}
/** Where a vote goes: a block of the tree, or one that nobody has. */
const places = fc.oneof(
  { weight: 8, arbitrary: fc.nat(40) },
  { weight: 1, arbitrary: fc.constant('nowhere' as const) },
);
type Place = number | 'nowhere';
const targetOf = (blocks: readonly BlockRef[], place: Place): BlockRef =>
  place === 'nowhere'
    ? { hash: toHex(hash32Of('test/nowhere')), number: 3 }
    : (blocks[place % blocks.length] as BlockRef);
const ballots = fc
  .constantFrom(4, 7, 10)
  .chain((size) =>
    fc.tuple(fc.constant(size), fc.array(fc.tuple(fc.nat(size - 1), places), { minLength: size, maxLength: 3 * size })),
  );

describe('commits under any mix of honest, double, unknown-block and off-chain votes', () => {
  it('what the maker makes, the checker accepts, and it has the form that bridges take', () => {
    let made = 0;
    fc.assert(
      fc.property(trees, ballots, fc.nat(3), (parents, [size, votes], base) => {
        const { tree, blocks } = treeOf(parents);
        const voters = equal(size);
        const round = new Round(9n, voters, blocks[base % blocks.length]!);
        for (const [voter, place] of votes) round.import(tree, 'precommit', signed(voter, targetOf(blocks, place)));
        const proof = justify(round, 0);
        if (proof === undefined) return;
        made++;
        const { commit } = proof;
        const bytes = encodeJustification(9n, commit, (hash) => tree.block(hash)?.header);
        expect(checkProof(decodeJustification(bytes), voters, 0n).target).to.deep.equal(commit.target);
        expect(checkProof(proof, voters, 0n).round).to.equal(9n);
        expect(new Set(commit.precommits.map(({ id }) => id)).size).to.equal(Number(voters.threshold));
        expect(commit.precommits).to.have.length(Number(voters.threshold));
        for (const { target } of commit.precommits) expect(descends(tree, commit.target, target)).to.equal(true);
        expect(commit.precommits.some(({ target }) => target.hash === commit.target.hash)).to.equal(true);
        expect(round.isPrecommitted(commit.target)).to.equal(true);
        for (const left of commit.precommits) {
          const precommits = commit.precommits.filter((vote) => vote !== left);
          expect(validateCommit({ ...commit, precommits }, voters, tree).valid).to.equal(false);
        }
      }),
      { numRuns: 600 },
    );
    expect(made, 'cases that prove something').to.be.greaterThan(100);
  });

  it('with unequal weights too', () => {
    fc.assert(
      fc.property(
        trees,
        fc.array(fc.bigInt(1n, 9n), { minLength: 2, maxLength: 7 }),
        fc.array(fc.tuple(fc.nat(6), places), { maxLength: 20 }),
        (parents, weights, votes) => {
          const { tree, blocks } = treeOf(parents);
          const voters = setOf(weights);
          const round = new Round(9n, voters, tree.genesis);
          for (const [voter, place] of votes) {
            round.import(tree, 'precommit', signed(voter % weights.length, targetOf(blocks, place)));
          }
          const proof = justify(round, 0);
          if (proof !== undefined) expect(checkProof(proof, voters, 0n).target).to.deep.equal(proof.commit.target);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('the honest alone always prove the lowest of their targets, whatever the liars add and in whatever order', () => {
    const cases = fc.constantFrom(4, 7, 10).chain((size) => {
      const liars = Math.floor((size - 1) / 3);
      const lies = fc.array(fc.tuple(fc.integer({ min: size - liars, max: size - 1 }), places), { maxLength: 12 });
      const heights = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: size - liars, maxLength: size - liars });
      return fc.tuple(fc.constant(size), heights, lies, fc.infiniteStream(fc.nat()));
    });
    fc.assert(
      fc.property(trees, cases, (parents, [size, heights, lies, draws]) => {
        const { tree, blocks } = treeOf(parents);
        // The honest vote on one chain, of which every second block has a sibling.
        const chain: BlockRef[] = [tree.genesis];
        for (let height = 1; height <= 5; height++) {
          blocks.push(tree.grow(chain.at(-1)!));
          chain.push(tree.grow(chain.at(-1)!));
          blocks.push(chain.at(-1)!);
        }
        const votes = [
          ...heights.map((height, voter) => signed(voter, chain[height]!)),
          ...lies.map(([voter, place]) => signed(voter, targetOf(blocks, place))),
        ];
        const round = new Round(1n, equal(size), tree.genesis);
        while (votes.length > 0) {
          const [vote] = votes.splice(draws.next().value % votes.length, 1);
          round.import(tree, 'precommit', vote!);
        }
        const proof = justify(round, 0);
        expect(proof?.commit.target.number).to.be.at.least(Math.min(...heights));
        expect(tree.isAtOrAbove(chain[Math.min(...heights)]!.hash, proof!.commit.target.hash)).to.equal(true);
        checkProof(proof!, equal(size), 0n);
      }),
      { numRuns: 400 },
    );
  });

  it('and by votes on one branch where the headers of those on many are too many', () => {
    const tree = new HeaderTree();
    const grow = (from: BlockRef, count: number): BlockRef =>
      Array.from({ length: count }).reduce<BlockRef>((at) => tree.grow(at), from);
    const target = grow(tree.genesis, 10);
    const honest = grow(target, 10);
    const round = new Round(1n, equal(7), tree.genesis);
    for (const voter of [0, 1, 2, 3]) round.import(tree, 'precommit', signed(voter, honest));
    round.import(tree, 'precommit', signed(4, target));
    // Two liars, each on a branch of its own that ends below the honest one.
    round.import(tree, 'precommit', signed(5, grow(target, 8)));
    round.import(tree, 'precommit', signed(6, grow(target, 9)));
    const proofs = [27, 26, 10, 9].map((most) => justify(round, 0, most));
    expect(proofs.map((proof) => proof?.ancestries.length)).to.deep.equal([27, 10, 10, undefined]);
    for (const proof of proofs.slice(0, 3)) {
      expect(proof!.commit.target).to.deep.equal(target);
      checkProof(proof!, equal(7), 0n);
    }
  });

  it('the checker accepts exactly what the definition says', () => {
    let [accepted, refused] = [0, 0];
    fc.assert(
      fc.property(trees, ballots, fc.nat(40), (parents, [size, cast], aim) => {
        const { tree, blocks } = treeOf(parents);
        const voters = equal(size);
        const precommits = cast.map(([voter, place]) => signed(voter, targetOf(blocks, place)));
        const commit = { target: blocks[aim % blocks.length]!, precommits };
        const valid = isFinalizing(commit, size, tree, blocks);
        fc.pre(valid !== 'undefined');
        expect(validateCommit(commit, voters, tree).valid).to.equal(valid);
        if (valid) accepted++;
        else refused++;
      }),
      { numRuns: 600 },
    );
    expect(refused).to.be.greaterThan(100);
    // Random ones are seldom valid: make the votes agree more.
    fc.assert(
      fc.property(trees, fc.constantFrom(4, 7), fc.array(fc.nat(2), { minLength: 10 }), (parents, size, steps) => {
        const { tree, blocks } = treeOf(parents);
        const head = blocks.at(-1)!;
        const branch = [head];
        while (branch[0]!.number > 0) {
          const { parent } = tree.block(branch[0]!.hash)!;
          branch.unshift({ hash: parent, number: branch[0]!.number - 1 });
        }
        const precommits = steps.map((step, at) => signed(at % size, branch.at(-1 - (step % branch.length))!));
        const seen = new Set<string>();
        const once = precommits.filter(({ id, target }) => {
          const fresh = !seen.has(`${id} ${target.hash}`);
          seen.add(`${id} ${target.hash}`);
          return fresh;
        });
        for (const target of branch) {
          const commit = { target, precommits: once };
          const valid = isFinalizing(commit, size, tree, blocks);
          fc.pre(valid !== 'undefined');
          expect(validateCommit(commit, equal(size), tree).valid).to.equal(valid);
          if (valid) accepted++;
        }
      }),
      { numRuns: 300 },
    );
    expect(accepted).to.be.greaterThan(50);
  });
});

/** The definition, counted block by block. With too many equivocators two branches can have a threshold: undefined. */
function isFinalizing(
  { target, precommits }: Commit,
  size: number,
  tree: HeaderTree,
  blocks: readonly BlockRef[],
): boolean | 'undefined' {
  const threshold = size - Math.floor((size - 1) / 3);
  const perVoter = new Map<string, Set<string>>();
  for (const {
    id,
    target: { hash },
  } of precommits) {
    const own = perVoter.get(id) ?? new Set();
    if (own.has(hash) || own.size >= 2) return false;
    perVoter.set(id, own.add(hash));
  }
  const lowest = Math.min(...precommits.map((vote) => vote.target.number));
  const base = precommits.find((vote) => vote.target.number === lowest)?.target;
  if (base === undefined || precommits.some((vote) => !tree.isAtOrAbove(base.hash, vote.target.hash))) return false;
  const count = (hash: string): number =>
    [...perVoter.values()].filter((own) => own.size > 1 || [...own].some((at) => tree.isAtOrAbove(hash, at))).length;
  const voted = blocks.filter(({ hash }) => precommits.some((vote) => tree.isAtOrAbove(hash, vote.target.hash)));
  const final = voted.filter(({ hash }) => tree.isAtOrAbove(base.hash, hash) && count(hash) >= threshold);
  const highest = final.filter(
    ({ hash }) => !final.some((other) => other.hash !== hash && tree.isAtOrAbove(hash, other.hash)),
  );
  if (highest.length > 1) return 'undefined';
  return highest[0]?.hash === target.hash;
}
