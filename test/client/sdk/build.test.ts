/** Builders: the same bytes' worth of work here and in a thread, told as it goes, given up when asked, with errors that keep their codes. */
import { expect } from 'chai';
import { type Builder, buildHere, type BuildInput } from '../../../client/sdk/build.ts';
import { buildInWorkerAt } from '../../../client/sdk/browser/build.ts';
import { builderBy, type Ears } from '../../../client/sdk/threads.ts';
import { buildInThread } from '../../../client/sdk/node/build.ts';
import { openSealed } from '../../../primitives/linear/member.ts';
import { testRound } from '../../primitives/proofs/support/round.ts';

const round = testRound('tacit-test-256-n4', 'build');
const account = new Uint8Array(32).fill(8);
const input = (values: number[], total: bigint): BuildInput => ({
  context: round.context,
  spec: { lane: 'usage', part: 0, values: values.length, digits: 2, offset: 0, total },
  account,
  keys: round.keys,
  values,
});
const inputs = [input([3, 0, 4], 7n), input([1, 1, 1], 3n)];
const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'none',
    (error: { code?: string }) => error.code ?? error,
  );

/** A builder by a thread that does as the test says. */
function puppet(): { build: Builder; ears: () => Ears; ended: () => number } {
  let ears: Ears | undefined;
  let ended = 0;
  const build = builderBy((_, given) => {
    ears = given;
    return () => void ended++;
  });
  return { build, ears: () => ears as Ears, ended: () => ended };
}

describe('client/sdk/build', () => {
  for (const [name, build] of Object.entries({ buildHere, buildInThread })) {
    it(`${name}: one submission after the other, each told of`, async () => {
      const told: [number, number][] = [];
      const sealed = await build(inputs, { onProgress: (built, all) => told.push([built, all]) });
      const outcomes = sealed.map((bytes, i) => {
        const { context, spec } = inputs[i] as BuildInput;
        return openSealed(round.params, { context, spec, account }, round.keys, bytes, round.sealSecrets).status;
      });
      expect(outcomes).to.deep.equal(['open', 'open']);
      expect(told).to.deep.equal([
        [0, 2],
        [1, 2],
        [2, 2],
      ]);
    });

    it(`${name}: an error has its code, whoever throws it`, async () => {
      expect(await codeOf(build([input([1, 2], 4n)]))).to.equal('proofs/claim');
      const mine = new Error('of the page');
      const throwing = build(inputs, {
        onProgress: () => {
          throw mine;
        },
      });
      expect(await codeOf(throwing)).to.equal(mine);
    });

    it(`${name}: not begun if it is given up before`, async () => {
      expect(await codeOf(build(inputs, { signal: AbortSignal.abort('enough') }))).to.equal('enough');
    });
  }

  it('a thread is ended when its work is done, given up, or it fails', async () => {
    const done = puppet();
    const building = done.build(inputs);
    done.ears().said({ sealed: [account] });
    expect(await building).to.deep.equal([account]);
    expect(done.ended()).to.equal(1);

    const stopped = puppet();
    const controller = new AbortController();
    const never = codeOf(stopped.build(inputs, { signal: controller.signal }));
    stopped.ears().said({ built: 1 });
    controller.abort('enough');
    expect([await never, stopped.ended()]).to.deep.equal(['enough', 1]);

    const failed = puppet();
    const failing = codeOf(failed.build(inputs));
    failed.ears().ended('has ended with 1');
    expect([await failing, failed.ended()]).to.deep.equal(['sdk/thread-ended', 1]);
  });

  it('a thread that cannot be started says so', async () => {
    const forbidden = builderBy(() => {
      throw new DOMException('the page may not', 'SecurityError');
    });
    expect(await codeOf(forbidden(inputs))).to.equal('sdk/thread-ended');
  });

  it('a page’s thread that cannot be told its work does not stay', async () => {
    let ended = 0;
    class Deaf {
      addEventListener(): void {}
      postMessage(): void {
        throw new DOMException('the inputs cannot be copied', 'DataCloneError');
      }
      terminate(): void {
        ended++;
      }
    }
    const page = globalThis as { Worker?: unknown };
    page.Worker = Deaf;
    try {
      expect(await codeOf(buildInWorkerAt('/worker.js')(inputs))).to.equal('sdk/thread-ended');
    } finally {
      delete page.Worker;
    }
    expect(ended).to.equal(1);
  });

  it('a thread that fails otherwise says so', async () => {
    const broken = { ...(inputs[0] as BuildInput), keys: undefined as never };
    expect(await codeOf(buildInThread([broken]))).to.equal('sdk/thread-ended');
  });
});
