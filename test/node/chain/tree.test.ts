import { expect } from 'chai';
import * as fc from 'fast-check';
import { BlockTree, type TreeBlock } from '../../../node/chain/tree.ts';
import type { Header } from '../../../node/chain/index.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';

const nameOf = (index: number): string => `0x${index.toString(16).padStart(64, '0')}`;

/** Block i hangs on block `parents[i - 1] % i`; block 0 is the root. */
const shape = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 40 });

function build(parents: readonly number[]): { tree: BlockTree; up: number[]; heights: number[] } {
  const zero = new Uint8Array(32);
  const header = (parent: string, number: number): Header => ({
    parentHash: fromHex(parent),
    number,
    stateRoot: zero,
    extrinsicsRoot: zero,
    digest: { logs: [] },
  });
  const tree = new BlockTree({ hash: nameOf(0), number: 0 }, header(toHex(zero), 0));
  const [up, heights] = [[-1], [0]];
  for (const [i, seed] of parents.entries()) {
    // Mostly long chains, now and then a fork far below.
    const parent = seed % 4 === 0 ? seed % (i + 1) : i;
    up.push(parent);
    heights.push(heights[parent]! + 1);
    tree.add({ hash: nameOf(i + 1), number: heights[i + 1]! }, header(nameOf(parent), heights[i + 1]!));
  }
  return { tree, up, heights };
}

const indexOf = ({ ref }: TreeBlock): number => Number(ref.hash);

/** A block and its ancestors, by the plain list of parents. */
function line(up: readonly number[], index: number): number[] {
  const found: number[] = [];
  for (let at = index; at >= 0; at = up[at]!) found.push(at);
  return found;
}

describe('node/chain: block tree', () => {
  it('answers ancestry, best block and routes as a plain list does', () => {
    fc.assert(
      fc.property(shape, fc.nat(), fc.nat(), (parents, a, b) => {
        const { tree, up, heights } = build(parents);
        const [from, to] = [a % up.length, b % up.length];
        const [fromBlock, toBlock] = [tree.get(nameOf(from))!, tree.get(nameOf(to))!];
        expect(tree.isDescendent(fromBlock, toBlock)).to.equal(line(up, to).includes(from));
        const top = Math.max(...heights);
        expect(indexOf(tree.best)).to.equal(heights.indexOf(top));
        const above = up.map((_parent, i) => i).filter((i) => line(up, i).includes(from));
        const highest = Math.max(...above.map((i) => heights[i]!));
        expect(heights[indexOf(tree.bestAbove(fromBlock))]).to.equal(highest);
        const { retracted, enacted } = tree.route(fromBlock, toBlock);
        const common = line(up, from).find((i) => line(up, to).includes(i))!;
        expect(retracted.map(indexOf)).to.deep.equal(line(up, from).filter((i) => !line(up, common).includes(i)));
        expect(enacted.map(indexOf)).to.deep.equal(
          line(up, to)
            .filter((i) => !line(up, common).includes(i))
            .toReversed(),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('keeps after finality exactly what lies above, and forgets the rest', () => {
    fc.assert(
      fc.property(shape, fc.nat(), (parents, pick) => {
        const { tree, up, heights } = build(parents);
        const target = pick % up.length;
        const block = tree.get(nameOf(target))!;
        const kept = up.map((_parent, i) => i).filter((i) => line(up, i).includes(target));
        const { enacted, pruned } = tree.finality(block);
        expect(enacted.map(indexOf)).to.deep.equal(line(up, target).toReversed().slice(1));
        const gone = up.map((_parent, i) => i).filter((i) => !kept.includes(i) && !line(up, target).includes(i));
        expect(pruned.map(indexOf)).to.deep.equal(gone);
        tree.finalize(block);
        expect(tree.size).to.equal(kept.length);
        expect(tree.root).to.equal(block);
        expect(heights[indexOf(tree.best)]).to.equal(Math.max(...kept.map((i) => heights[i]!)));
        for (const i of kept) expect(tree.isDescendent(block, tree.get(nameOf(i))!)).to.equal(true);
      }),
      { numRuns: 300 },
    );
  });
});
