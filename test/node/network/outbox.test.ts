import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { Outbox } from '../../../node/network/outbox.ts';
import { transactionAnnouncement } from '../../../node/network/wire.ts';
import { decodeAll } from '../../../primitives/scale/index.ts';

/** An outbox, and what has gone out of it: the first byte of each transaction, message by message. */
function outbox(): { box: Outbox; sent: number[][] } {
  const sent: number[][] = [];
  const box = new Outbox((data) => {
    const message = decodeAll(transactionAnnouncement, data);
    if (message.tag !== 'bundle') throw new Error('what is small goes in bundles');
    sent.push(message.value.map((bytes) => bytes[0]!));
  });
  return { box, sent };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const until = async (done: () => boolean): Promise<void> => {
  while (!done()) await turn();
};

describe('node/network: transactions on their way out', function () {
  // A turn of the event loop may take long on a busy machine.
  this.retries(3);

  it('go at once after a rest, together what comes in one turn', async () => {
    const { box, sent } = outbox();
    const before = performance.now();
    box.add(Uint8Array.of(1));
    box.add(Uint8Array.of(2));
    expect(sent).to.deep.equal([]);
    await until(() => sent.length > 0);
    expect(sent).to.deep.equal([[1, 2]]);
    expect(performance.now() - before).to.be.below(30);
    box.close();
  });

  it('gather for a moment after that, and go at once again after a rest', async () => {
    const { box, sent } = outbox();
    box.add(Uint8Array.of(1));
    await until(() => sent.length > 0);
    for (const byte of [2, 3, 4]) {
      box.add(Uint8Array.of(byte));
      await turn();
    }
    await until(() => sent.length > 1);
    expect(sent).to.deep.equal([[1], [2, 3, 4]]);
    await sleep(100);
    expect(sent).to.have.length(2);
    const before = performance.now();
    box.add(Uint8Array.of(5));
    await until(() => sent.length > 2);
    expect(performance.now() - before).to.be.below(30);
    box.close();
  });

  it('fill no message beyond its bound, and leave nothing behind at the end', async () => {
    const { box, sent } = outbox();
    const large = (byte: number): Uint8Array => new Uint8Array(40_000).fill(byte);
    for (const byte of [1, 2, 3]) box.add(large(byte));
    expect(sent).to.deep.equal([[1], [2]]);
    box.close();
    expect(sent).to.deep.equal([[1], [2], [3]]);
    await sleep(80);
    expect(sent).to.have.length(3);
  });
});
