import { expect } from 'chai';
import { type Outlet, Screen } from '../../../node/telemetry/index.ts';

class Paper implements Outlet {
  text = '';
  readonly isTTY: boolean;
  readonly columns = 40;
  constructor(isTTY: boolean) {
    this.isTTY = isTTY;
  }
  write(text: string): void {
    this.text += text;
  }
}

const line = JSON.stringify({
  level: 40,
  time: '2026-01-02T03:04:05.678Z',
  pid: 1,
  hostname: 'host',
  name: 'tacit',
  part: 'network',
  code: 'network/wrong-peer',
  hash: `0x${'ab'.repeat(32)}`,
  do: 'Look at the address',
  msg: 'the peer has another id',
});

describe('node/telemetry: logs for people', () => {
  it('say time, level, part, what happened and what to do, and leave out what people need not see', () => {
    const paper = new Paper(false);
    new Screen(paper, {}).write(line);
    expect(paper.text).to.equal(
      '03:04:05 warn  network: the peer has another id. Look at the address code=network/wrong-peer hash=0xabababab…\n',
    );
  });

  it('keep a line at the bottom of a terminal, and nowhere else', () => {
    const paper = new Paper(true);
    const screen = new Screen(paper, { NO_COLOR: '1' });
    screen.status('block 1');
    screen.write('not JSON\n');
    screen.status('block 2, a line that is longer than the terminal is wide');
    expect(paper.text).to.equal(
      '\r\u001b[Kblock 1\r\u001b[Knot JSON\nblock 1\r\u001b[Kblock 2, a line that is longer than the',
    );
    const file = new Paper(false);
    new Screen(file, {}).status('block 1');
    expect(file.text).to.equal('');
  });

  it('have colours on a terminal only, and not if NO_COLOR says so', () => {
    const colours = (isTTY: boolean, env: NodeJS.ProcessEnv): boolean => {
      const paper = new Paper(isTTY);
      new Screen(paper, env).write(line);
      return paper.text.includes('\u001b[33m');
    };
    expect([colours(true, {}), colours(true, { NO_COLOR: '1' }), colours(true, { TERM: 'dumb' }), colours(false, {})])
      .to //
      .deep.equal([true, false, false, false]);
  });
});
