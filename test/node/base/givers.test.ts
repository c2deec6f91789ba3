import { expect } from 'chai';
import * as fc from 'fast-check';
import { type Giver, Shares } from '../../../node/base/givers.ts';

const peer = (name: number | string): Giver => ['peers', `${name}`, ''];

describe('node/base: shares', () => {
  it('leave half to the others, whoever comes first', () => {
    const shares = new Shares({ most: 256 });
    const takeAll = (giver: Giver): number => {
      let taken = 0;
      while (shares.take(giver, 1) !== undefined) taken++;
      return taken;
    };
    expect([takeAll(peer('liar')), takeAll(peer('second')), takeAll(peer('third'))]).to.deep.equal([128, 64, 32]);
    expect(takeAll(['clients', '192.0.2.1', '1'])).to.equal(128);
  });

  it('leave something to one more, when a hundred take all that they can', () => {
    const shares = new Shares({ most: 256, least: 1 });
    for (let name = 0; name < 100; name++) while (shares.take(peer(name), 1) !== undefined);
    expect(shares.take(peer('honest'), 1)).to.be.a('function');
    expect(shares.take(peer('honest'), 1)).to.equal(undefined);
    const places = new Shares({ most: 512, part: 1 / 4 });
    const taken = Array.from({ length: 16 }, (_, name) => {
      let count = 0;
      while (places.take(peer(name), 1) !== undefined) count++;
      return count;
    });
    expect(taken.slice(0, 3)).to.deep.equal([102, 82, 65]);
    expect(places.take(peer('honest'), 1)).to.be.a('function');
  });

  it('count a dozen connections of one address as one giver', () => {
    const shares = new Shares({ most: 4096 });
    const takeAll = (giver: Giver): number => {
      let taken = 0;
      while (shares.take(giver, 1) !== undefined) taken++;
      return taken;
    };
    const ofOne = Array.from({ length: 14 }, (_, one) => takeAll(['clients', '192.0.2.1', `${one}`]));
    expect(ofOne.reduce((sum, taken) => sum + taken, 0)).to.equal(2048);
    expect(takeAll(['clients', '192.0.2.2', '1'])).to.equal(1024);
  });

  it('even out: who holds more than is left gets no more before the others have had theirs', () => {
    const shares = new Shares({ most: 256 });
    const held = Array.from({ length: 128 }, () => shares.take(peer('liar'), 1)!);
    for (let i = 0; i < 64; i++) shares.take(peer('second'), 1);
    for (const back of held.splice(0, 10)) back();
    expect(shares.take(peer('liar'), 1)).to.equal(undefined);
    for (let i = 0; i < 5; i++) expect(shares.take(peer('second'), 1)).to.be.a('function');
    for (const back of held) back();
    expect(shares.take(peer('liar'), 1)).to.be.a('function');
  });

  it('are never more than the stock, and come back whole', () => {
    const steps = fc.array(fc.tuple(fc.nat(4), fc.nat(40), fc.boolean()), { maxLength: 80 });
    fc.assert(
      fc.property(steps, (taken) => {
        const shares = new Shares({ most: 100 });
        const open: { back: () => void; amount: number }[] = [];
        for (const [who, amount, gives] of taken) {
          const back = shares.take(peer(who), amount);
          if (back) open.push({ back, amount });
          expect(open.reduce((sum, one) => sum + one.amount, 0)).to.be.at.most(100);
          if (gives) open.shift()?.back();
        }
        for (const { back } of open) back();
        expect(shares.take(peer('last'), 50)).to.be.a('function');
      }),
    );
  });
});
