/** Who is drawn, and by what. */
import { expect } from 'chai';
import { balances } from '../../../pallets/balances/index.ts';
import { disputes, MAX_JURORS, MAX_UNITS, type Seat } from '../../../pallets/disputes/index.ts';
import { parameters } from '../../../pallets/parameters/index.ts';
import { Origin } from '../../../pallets/support/index.ts';
import { littleEndian } from '../../../primitives/crypto/bytes.ts';
import {
  ANYONE,
  by,
  call,
  court,
  type Court,
  digest,
  draw,
  errors,
  judge,
  JURORS,
  OWNER,
  panelOf,
  report,
  REPORTER,
  START,
  UNIT,
  wealth,
  who,
  WINDOW,
} from './support.ts';

const answered = (it: Court): void => {
  it.ok(REPORTER, report());
  it.ok(OWNER, call.answer({ id: 0n, digests: [] }));
};
const noBeacon = (it: Court): void => it.chain.expectNoop(by(ANYONE), call.draw({ id: 0n }), errors.NoBeacon);
/** The panel that a beacon draws. */
function drawnBy(value: Uint8Array, before: (it: Court) => void = () => undefined): number[] {
  const it = court();
  answered(it);
  before(it);
  it.reveal(value);
  it.ok(ANYONE, call.draw({ id: 0n }));
  return panelOf(it);
}

describe('pallets/disputes: draws', () => {
  it('wait for a beacon of a round that was open when the panel was called for', () => {
    const it = court();
    it.pass(5);
    it.reveal(digest(1));
    answered(it);
    noBeacon(it);
    // Its secrets may have been shown before: the round had closed.
    it.reveal(digest(2), it.chain.ctx.block - 1);
    noBeacon(it);
    it.pass(3);
    it.reveal(digest(3), it.chain.ctx.block - 1);
    it.ok(ANYONE, call.draw({ id: 0n }));
    expect(panelOf(it)).to.deep.equal(
      drawnBy(digest(3), (other) => {
        other.pass(2);
      }),
    );
  });

  it('take the beacon that fits, not one that suits whoever asks', () => {
    const first = drawnBy(digest(1));
    const it = court();
    answered(it);
    for (const n of [1, 2, 3, 4]) it.reveal(digest(n));
    it.ok(ANYONE, call.draw({ id: 0n }));
    expect(panelOf(it)).to.deep.equal(first);
    expect(drawnBy(digest(2)), 'another beacon would have drawn others').to.not.deep.equal(first);
  });

  it('take the one of the round that closed first, whichever is revealed first', () => {
    const it = court();
    answered(it);
    const { block } = it.chain.ctx;
    it.pass(2);
    it.reveal(digest(2), block + 2);
    it.reveal(digest(3), block - 1);
    it.reveal(digest(1), block + 1);
    it.ok(ANYONE, call.draw({ id: 0n }));
    expect(panelOf(it)).to.deep.equal(drawnBy(digest(1)));
  });

  it('use no later beacon in place of one that is no longer kept', () => {
    const it = court();
    answered(it);
    for (let n = 0; n < 65; n++) it.reveal(digest(n));
    noBeacon(it);
    it.ok(ANYONE, call.lapse({ id: 0n }));
  });

  it('pass over who joined in the block of the report or later', () => {
    const late = JURORS.slice(3);
    const it = court(JURORS.slice(0, 3));
    it.ok(late[0]!, call.joinJurors({ units: 8 }));
    answered(it);
    it.ok(late[1]!, call.joinJurors({ units: 8 }));
    it.pass(1);
    it.ok(late[2]!, call.joinJurors({ units: 8 }));
    draw(it);
    expect(panelOf(it).toSorted()).to.deep.equal(JURORS.slice(0, 3));
  });

  it('do not let a juror slip away, nor others’ tickets change by it', () => {
    const drawn = drawnBy(digest(1));
    const leaver = drawn[0]!;
    const stillDrawn = drawnBy(digest(1), (it) => {
      it.pass(1);
      it.ok(leaver, call.leaveJurors({}));
    });
    expect(stillDrawn, 'notice given after the panel was called for').to.deep.equal(drawn);
    const it = court();
    it.ok(leaver, call.leaveJurors({}));
    it.pass(1);
    answered(it);
    it.reveal(digest(1));
    it.ok(ANYONE, call.draw({ id: 0n }));
    expect(panelOf(it), 'the next one takes its seat, the others keep theirs').to.include.members(drawn.slice(1));
    expect(panelOf(it)).to.not.include(leaver);
  });

  it('fail while there are too few who may judge', () => {
    const it = court(JURORS.slice(0, 2));
    answered(it);
    it.reveal(digest(1));
    it.chain.expectNoop(by(ANYONE), call.draw({ id: 0n }), errors.TooFewJurors);
  });

  it('are in proportion to stake: one account of eight units is as likely as eight of one', function () {
    const [whole, ...others] = JURORS;
    // Eight units in one hand, eight in eight hands, sixteen with others.
    const parts = others.slice(0, 8);
    const rest = others.slice(8, 24);
    const it = court([...parts, ...rest]);
    it.ok(whole!, call.joinJurors({ units: 8 }));
    it.pass(1);
    const seats = { whole: 0, parts: 0, rest: 0 };
    const draws = 40;
    for (let n = 0; n < draws; n++) {
      const id = BigInt(n);
      it.ok(REPORTER, report({ evidence: n }));
      judge(it, () => 'Dismissed', id);
      const panel = disputes.use(it.chain.ctx).store.panels.get(id, 0)!;
      for (const { juror, seats: count } of panel.seats) {
        const drawn = juror[0]!;
        seats[drawn === whole ? 'whole' : parts.includes(drawn) ? 'parts' : 'rest'] += count;
      }
      it.pass(WINDOW);
      it.ok(ANYONE, call.conclude({ id }));
    }
    expect(seats.whole + seats.parts + seats.rest).to.equal(3 * draws);
    // Expected 30 each of 120, with a standard deviation of 4.7: four of them.
    for (const part of ['whole', 'parts'] as const) expect(seats[part], part).to.be.within(11, 49);
    expect(seats.rest).to.be.within(38, 82);
  });
});

describe('pallets/disputes: the pool', () => {
  it('takes bonds of whole units, once an account', () => {
    const it = court([]);
    for (const units of [0, MAX_UNITS + 1]) {
      it.chain.expectNoop(by(ANYONE), call.joinJurors({ units }), errors.BadUnits);
    }
    it.ok(ANYONE, call.joinJurors({ units: MAX_UNITS }));
    it.chain.expectNoop(by(ANYONE), call.joinJurors({ units: 1 }), errors.AlreadyJuror);
    it.chain.expectNoop(by(OWNER), call.leaveJurors({}), errors.NotJuror);
    it.chain.expectNoop(by(OWNER), call.releaseJuror({ juror: who(ANYONE) }), errors.StillBound);
    it.ok(ANYONE, call.leaveJurors({}));
    it.pass(9);
    it.chain.expectNoop(by(OWNER), call.releaseJuror({ juror: who(ANYONE) }), errors.StillBound);
    it.pass(1);
    it.ok(OWNER, call.releaseJuror({ juror: who(ANYONE) }));
    expect(wealth(it, ANYONE)).to.equal(START);
  });

  it('when it is full, more stake gives notice to the least', () => {
    const it = court([]);
    const account = (n: number): Uint8Array => {
      const bytes = new Uint8Array(32).fill(200);
      bytes.set(littleEndian(BigInt(n), 8));
      return bytes;
    };
    const { ctx } = it.chain;
    for (let n = 0; n < MAX_JURORS; n++) {
      it.ok(ANYONE, balances.call.transferKeepAlive({ dest: { tag: 'Id', value: account(n) }, value: UNIT * 3n }));
    }
    const join = (n: number, units: number) => it.chain.dispatch(Origin.signed(account(n)), call.joinJurors({ units }));
    for (let n = 0; n < MAX_JURORS; n++) expect(join(n, n === 7 || n === 9 ? 1 : 2)).to.equal('ok');
    it.chain.expectNoop(by(OWNER), call.joinJurors({ units: 1 }), errors.PoolFull);
    it.ok(OWNER, call.joinJurors({ units: 2 }));
    const pool = disputes.use(ctx).store.pool.get();
    expect(pool.filter(({ leaving }) => leaving !== undefined).map((juror) => juror.account)).to.deep.equal([
      account(9),
    ]);
    expect(pool.filter(({ leaving }) => leaving === undefined)).to.have.length(MAX_JURORS);
  });

  it('counts units at the price of the day', () => {
    const it = court(JURORS.slice(0, 6), 1);
    const set = (value: bigint) =>
      it.chain.dispatch(Origin.root, parameters.call.setParameter({ name: { tag: 'JurorUnit' }, value }));
    expect(set(UNIT * 2n)).to.equal('ok');
    answered(it);
    it.reveal(digest(1));
    it.chain.expectNoop(by(ANYONE), call.draw({ id: 0n }), errors.TooFewJurors);
    expect(set(UNIT / 2n)).to.equal('ok');
    it.ok(ANYONE, call.draw({ id: 0n }));
    expect(panelOf(it).length).to.be.within(2, 3);
  });

  it('puts at stake what a seat cost when it was drawn, whatever is decided while the panel sits', () => {
    for (const [first, loss] of [
      [undefined, UNIT / 5n],
      ['Dismissed', UNIT / 20n],
    ] as const) {
      for (const [JurorUnit, JurorSilent, JurorWrong] of [
        [1_000n * UNIT, 10_000n, 5_000n],
        [UNIT / 100n, 100n, 0n],
      ] as const) {
        const it = court(JURORS, 8);
        it.ok(REPORTER, report());
        judge(it, (place) => (place === 0 ? first : 'Upheld'));
        const [{ juror, seats }] = disputes.use(it.chain.ctx).store.panels.get(0n, 0)!.seats as [Seat];
        for (const [tag, value] of Object.entries({ JurorUnit, JurorSilent, JurorWrong })) {
          const name = { tag } as { tag: 'JurorUnit' };
          expect(it.chain.dispatch(Origin.root, parameters.call.setParameter({ name, value }))).to.equal('ok');
        }
        it.pass(WINDOW);
        it.ok(ANYONE, call.conclude({ id: 0n }));
        expect(START - wealth(it, juror[0]!)).to.equal(loss * BigInt(seats));
      }
    }
  });
});
