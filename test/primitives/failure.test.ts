import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect } from 'chai';
import { TacitError } from '../../primitives/errors.ts';
import { failureText, sentenceOf } from '../../primitives/failure.ts';

/** What this throws. */
function caught(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return expect.fail('nothing was thrown');
}
const system = (fields: object): Error => Object.assign(new Error('text of the system'), fields);

describe('primitives: what is told of a failure', () => {
  it('of ours: the message and the code, no stack', () => {
    const text = failureText(new TacitError('keys/no-file', 'there is no file k.json', { secret: 'x' }));
    expect(text).to.equal('error: there is no file k.json (keys/no-file)');
  });

  it('of the system: what it could not do, with what, and what helps', () => {
    const missing = caught(() => readFileSync('/nowhere/at/all'));
    expect(failureText(missing)).to.equal('error: cannot open /nowhere/at/all: it is not there (ENOENT)');
    const folder = caught(() => readFileSync('/'));
    expect(failureText(folder)).to.equal('error: cannot read: it is a folder (EISDIR)');
    const full = system({ code: 'ENOSPC', syscall: 'write', path: '/data/x' });
    expect(sentenceOf(full)).to.equal('cannot write /data/x: the disk is full: make room and start again (ENOSPC)');
    const unknown = system({ code: 'ENOTFOUND', syscall: 'getaddrinfo', address: undefined });
    expect(sentenceOf(unknown)).to.equal('cannot getaddrinfo: there is no such host (ENOTFOUND)');
    const address = system({ code: 'EADDRNOTAVAIL', syscall: 'bind', address: '9.9.9.9' });
    expect(sentenceOf(address)).to.equal(
      'cannot bind 9.9.9.9: this machine does not have that address (EADDRNOTAVAIL)',
    );
  });

  it('of a port that is taken: the address and the port', async () => {
    const first = createServer().listen(0, '127.0.0.1');
    await once(first, 'listening');
    const { port } = first.address() as { port: number };
    const second = createServer().listen(port, '127.0.0.1');
    const [error] = await once(second, 'error');
    first.close();
    const wanted = `cannot listen 127.0.0.1:${port}: another process listens there: choose another port (EADDRINUSE)`;
    expect(sentenceOf(error)).to.equal(wanted);
  });

  it('of a fault of the program: that it is one, and where', () => {
    const fault = caught(() => (undefined as unknown as { a: number }).a);
    expect(failureText(fault)).to.match(/^internal error: TypeError: .*\n\s+at .*failure\.test\.ts/);
    // No code of the system's, one that nobody can do anything about, or one that an object inherits.
    for (const fields of [
      { code: 'ERR_INVALID_ARG_TYPE' },
      { code: 'EBADF', syscall: 'read' },
      { code: 'toString', syscall: 'read' },
      { code: 5, syscall: 'read' },
    ]) {
      expect(sentenceOf(system(fields)), fields.code.toString()).to.equal(undefined);
      expect(failureText(system(fields))).to.match(/^internal error: Error: text of the system\n/);
    }
    const bare = new Error('no stack');
    delete bare.stack;
    expect(failureText(bare)).to.equal('internal error: no stack');
  });

  it('of what is no error at all', () => {
    expect(failureText('a text')).to.equal('internal error: a text');
    expect(failureText(undefined)).to.equal('internal error: undefined');
    expect(sentenceOf({ code: 'ENOENT', syscall: 'open' })).to.equal(undefined);
  });
});
