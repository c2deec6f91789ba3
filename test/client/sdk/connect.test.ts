import { expect } from 'chai';
import { connect, isDisconnected, persist } from '../../../client/sdk/connect.ts';
import { TacitError } from '../../../primitives/errors.ts';

const broken = () => new TacitError('sdk/disconnected', 'the connection broke');
const failed = (error: string) => new TacitError('sdk/extrinsic-failed', `failed: ${error}`, { error });

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: { code?: string }) => error.code ?? String(error),
  );
}

/** Work that throws these errors one after the other, then gives 7. */
function scripted(...errors: Error[]): () => Promise<number> {
  return async () => {
    const next = errors.shift();
    if (next) throw next;
    return 7;
  };
}

describe('client/sdk/connect', function () {
  this.timeout(120_000);

  it('refuses what is no address, and says when nobody answers', async () => {
    for (const bad of ['http://127.0.0.1:1', '127.0.0.1:9944', '', []])
      expect(await codeOf(connect(bad))).to.equal('sdk/bad-url');
    expect(await codeOf(connect(['ws://127.0.0.1:1', 'http://127.0.0.1:1']))).to.equal('sdk/bad-url');
    expect(await codeOf(connect('ws://127.0.0.1:1', { trustNode: true, timeoutMs: 300 }))).to.equal('sdk/unreachable');
  });

  it('knows a broken connection from every other failure', () => {
    expect(isDisconnected(broken())).to.equal(true);
    expect(isDisconnected(new Error('disconnected from ws://127.0.0.1:1: 1006:: Abnormal Closure'))).to.equal(true);
    expect(isDisconnected(new Error('WebSocket is not connected'))).to.equal(true);
    expect(isDisconnected(new Error('1010: Invalid Transaction'))).to.equal(false);
    expect(isDisconnected(failed('tally.NotOpen'))).to.equal(false);
    expect(isDisconnected('disconnected from')).to.equal(false);
  });

  it('does work again after a broken connection only', async () => {
    expect(await persist(scripted(broken()))).to.equal(7);
    expect(await codeOf(persist(scripted(failed('tally.NotOpen'))))).to.equal('sdk/extrinsic-failed');
    expect(await codeOf(persist(scripted(broken(), failed('tally.NotOpen'))))).to.equal('sdk/extrinsic-failed');
  });

  it('takes "stands already" for success after a broken connection, and for the error it is before', async () => {
    const done = ['tally.AlreadySubmitted'];
    expect(await persist(scripted(broken(), failed('tally.AlreadySubmitted')), done)).to.equal(undefined);
    expect(await codeOf(persist(scripted(failed('tally.AlreadySubmitted')), done))).to.equal('sdk/extrinsic-failed');
  });
});
