import { expect } from 'chai';
import * as fc from 'fast-check';
import { ClockWatch } from '../../../node/cli/clock-watch.ts';

const SLOT = 2000;

/** Hears blocks of successive slots that arrive `lateMs` after the beginning of their slots; gives what was told. */
function told(lateMs: readonly number[]): string[] {
  const clock = new ClockWatch(SLOT);
  return lateMs.flatMap((late, slot) => clock.heard(slot * SLOT, slot * SLOT + late)?.what ?? []);
}

describe('node/cli: a clock that is off', () => {
  it('is told once, with its direction and its size', () => {
    const [ahead, ...more] = told(Array.from({ length: 40 }, () => 30_100));
    expect(more).to.deep.equal([]);
    expect(ahead).to.include('arrive 30.1 s after their time').and.include('ahead');
    expect(told(Array.from({ length: 40 }, () => -7_000))).to.have.length(1);
    expect(told(Array.from({ length: 40 }, () => -7_000))[0])
      .to.include('7.0 s before')
      .and.include('behind');
  });

  it('is told again when it was right in between', () => {
    const wrong = Array.from({ length: 20 }, () => -3000);
    const right = Array.from({ length: 20 }, () => 300);
    expect(told([...wrong, ...right, ...wrong])).to.have.length(2);
  });

  it('is not told of a clock that is right, whatever a minority of blocks looks like', () => {
    const honest = fc.integer({ min: 0, max: 4 * SLOT });
    const liar = fc.integer({ min: -(2 ** 40), max: 2 ** 40 });
    // In any nine blocks in a row at most four lie.
    const nine = fc.tuple(fc.array(honest, { minLength: 9, maxLength: 9 }), fc.array(liar, { maxLength: 4 }));
    const run = nine.map(([good, bad]) => good.map((value, i) => bad[i] ?? value));
    fc.assert(
      fc.property(run, fc.integer({ min: 1, max: 5 }), (offsets, times) => {
        expect(told(Array.from({ length: times }, () => offsets).flat())).to.deep.equal([]);
      }),
    );
  });
});
