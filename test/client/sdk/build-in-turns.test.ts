import { expect } from 'chai';
import type { Builder, BuildInput } from '../../../client/sdk/build.ts';
import { buildInTurns, PARTS_AT_A_TIME } from '../../../client/sdk/build-in-turns.ts';

/** Inputs that are told apart by their part. */
const inputs = (count: number): BuildInput[] =>
  Array.from({ length: count }, (_, part) => ({ spec: { part } }) as unknown as BuildInput);
const partsIn = (some: readonly BuildInput[]): number[] => some.map(({ spec }) => spec.part);
const build: Builder = async (some, { onProgress, signal } = {}) => {
  signal?.throwIfAborted();
  onProgress?.(0, some.length);
  return some.map((_, at) => {
    onProgress?.(at + 1, some.length);
    return new Uint8Array(10);
  });
};

describe('client/sdk: submissions of many parts', () => {
  it('are built when those before them stand, some at a time, and progress counts all', async () => {
    const heard: number[] = [];
    const sent: number[][] = [];
    let building = 0;
    const counted: Builder = (some, options) => {
      building += some.length;
      return build(some, options);
    };
    const onProgress = (built: number, all: number): void => {
      expect(all).to.equal(24);
      heard.push(built);
    };
    const { bytes } = await buildInTurns(
      inputs(20),
      { built: 4, all: 24 },
      { build: counted, onProgress },
      async (some) => {
        sent.push(partsIn(some));
        expect(building).to.equal(sent.flat().length);
      },
    );
    expect(sent.flat()).to.deep.equal(partsIn(inputs(20)));
    expect(sent.map(({ length }) => length)).to.deep.equal([PARTS_AT_A_TIME, PARTS_AT_A_TIME, 4]);
    expect([bytes, heard.at(0), heard.at(-1)]).to.deep.equal([200, 4, 24]);
    expect(heard).to.deep.equal(heard.toSorted((a, b) => a - b));
  });

  it('end with the first that fails, and where they are given up', async () => {
    const sent: number[] = [];
    const failing = buildInTurns(inputs(20), { built: 0, all: 20 }, { build }, async (some) => {
      sent.push(...partsIn(some));
      if (sent.length > PARTS_AT_A_TIME) throw new Error('no funds');
    });
    expect(await failing.catch((error: Error) => error.message)).to.equal('no funds');
    expect(sent).to.have.length(2 * PARTS_AT_A_TIME);
    const given = new AbortController();
    let groups = 0;
    const work = buildInTurns(inputs(20), { built: 0, all: 20 }, { build, signal: given.signal }, async () => {
      groups++;
      given.abort(new Error('given up'));
    });
    expect([await work.catch((error: Error) => error.message), groups]).to.deep.equal(['given up', 1]);
  });

  it('say at the end that one stood already', async () => {
    let groups = 0;
    const work = buildInTurns(inputs(9), { built: 0, all: 9 }, { build }, async () =>
      groups++ === 0 ? new Error('it stands') : undefined,
    );
    expect([await work.catch((error: Error) => error.message), groups]).to.deep.equal(['it stands', 2]);
  });
});
