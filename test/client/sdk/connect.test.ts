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
  this.timeout(600_000);

  it('refuses what is no address, and says when nobody answers', async () => {
    for (const bad of ['http://127.0.0.1:1', '127.0.0.1:9944', '', []])
      expect(await codeOf(connect(bad))).to.equal('sdk/bad-url');
    expect(await codeOf(connect(['ws://127.0.0.1:1', 'http://127.0.0.1:1']))).to.equal('sdk/bad-url');
    expect(await codeOf(connect('ws://127.0.0.1:1', { trustNode: true, timeoutMs: 300 }))).to.equal('sdk/unreachable');
  });

  it('connects to nothing without a chain to trust, and to other machines by TLS only', async () => {
    const chain = { name: 'a', chainType: 'Live', genesis: { session: { validators: [] } } };
    expect(await codeOf(connect('ws://127.0.0.1:1'))).to.equal('light/no-trust-root');
    expect(await codeOf(connect('ws://127.0.0.1:1', { chain }))).to.equal('light/bad-trust-root');
    const there = ['ws://node.example:9944', 'ws://192.0.2.1', 'ws://[2001:db8::1]:9944', 'ws://127.0.0.1.example'];
    for (const url of there) expect(await codeOf(connect(url, { trustNode: true }))).to.equal('sdk/insecure');
    expect(await codeOf(connect(['wss://a.example', ...there], { trustNode: true }))).to.equal('sdk/insecure');
    for (const url of ['ws://localhost:1', 'ws://[::1]:1', 'ws://127.0.0.2:1'])
      expect(await codeOf(connect(url))).to.equal('light/no-trust-root');
    const open = { trustNode: true, insecure: true, timeoutMs: 1 };
    expect(await codeOf(connect('ws://192.0.2.1:1', open))).to.equal('sdk/unreachable');
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
