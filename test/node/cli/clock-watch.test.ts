import { expect } from 'chai';
import * as fc from 'fast-check';
import { ClockWatch } from '../../../node/cli/clock-watch.ts';
import { LoopLag } from '../../../node/cli/loop-lag.ts';

const SLOT = 2000;

/** Hears blocks of successive slots that arrive `lateMs` after the beginning of their slots; gives what was told. */
function told(lateMs: readonly number[], isBusy: (slot: number) => boolean = () => false): string[] {
  const clock = new ClockWatch(SLOT);
  return lateMs.flatMap((late, slot) => clock.heard(slot * SLOT, slot * SLOT + late, isBusy(slot))?.what ?? []);
}
const forty = (late: number): number[] => Array.from({ length: 40 }, () => late);

describe('node/cli: a clock that is off', () => {
  it('is told once, with its direction and its size', () => {
    const [ahead, ...more] = told(forty(30_100));
    expect(more).to.deep.equal([]);
    expect(ahead).to.include('arrive 30.1 s after their time').and.include('ahead');
    expect(told(forty(-7_000))).to.have.length(1);
    expect(told(forty(-7_000))[0])
      .to.include('7.0 s before')
      .and.include('behind');
  });

  it('is told although the network adds its part, and a third of the authors theirs', () => {
    const offsets = Array.from({ length: 40 }, (_, i) =>
      i % 3 === 0 ? (i % 2) * 90_000 : 20_000 + ((i * 577) % SLOT),
    );
    expect(told(offsets)).to.have.length(1);
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

  it('is not told of a busy machine that hears of blocks late, but of one to which they come early', () => {
    expect(told(forty(30_000), () => true)).to.deep.equal([]);
    expect(told(forty(-3000), () => true)).to.have.length(1);
    // What was heard in quiet moments counts.
    expect(told(forty(30_000), (slot) => slot % 2 === 0)).to.have.length(1);
  });

  it('is not told of blocks that wait in a growing queue, each longer than the one before', () => {
    expect(told(Array.from({ length: 40 }, (_, i) => 9000 + i * 700))).to.deep.equal([]);
  });
});

describe('node/cli: an event loop that is late', () => {
  /** A clock that is moved by hand. */
  function lagging() {
    let time = 5_000_000;
    const lag = new LoopLag(() => time);
    return {
      lag,
      /** Time in which the loop comes round as it should. */
      quiet(ms: number) {
        for (let past = 0; past < ms; past += 100) {
          time += 100;
          lag.tick();
        }
      },
      /** Time in which it does not come round. */
      blocked(ms: number) {
        time += ms;
      },
    };
  }

  it('is busy while something blocks it, before any timer has fired again', () => {
    const { lag, quiet, blocked } = lagging();
    quiet(5000);
    expect(lag.isBusy()).to.equal(false);
    blocked(1000);
    expect(lag.isBusy()).to.equal(true);
  });

  it('counts as busy for ten seconds after, then no more', () => {
    const { lag, quiet, blocked } = lagging();
    blocked(1000);
    quiet(9000);
    expect(lag.isBusy()).to.equal(true);
    quiet(2000);
    expect(lag.isBusy()).to.equal(false);
  });

  it('is not busy when it comes round a little late', () => {
    const { lag, quiet, blocked } = lagging();
    for (let i = 0; i < 20; i++) {
      blocked(200);
      quiet(100);
    }
    expect(lag.isBusy()).to.equal(false);
  });

  it('is seen in this very process', async () => {
    const lag = new LoopLag(() => performance.now());
    const stop = lag.start();
    try {
      const until = performance.now() + 600;
      while (performance.now() < until);
      expect(lag.isBusy()).to.equal(true);
      await new Promise((resolve) => setTimeout(resolve, 0));
      expect(lag.isBusy()).to.equal(true);
    } finally {
      stop();
    }
  });
});
