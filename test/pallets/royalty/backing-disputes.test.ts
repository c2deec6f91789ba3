/** What stands behind data while there is a case about them, with the court and its panels. */
import { expect } from 'chai';
import { freeOf } from '../../../pallets/balances/index.ts';
import { createAsset, ownership, standingOf } from '../../../pallets/ownership/index.ts';
import { parameters, type ParameterName } from '../../../pallets/parameters/index.ts';
import { royalty } from '../../../pallets/royalty/index.ts';
import { Origin } from '../../../pallets/support/index.ts';
import { data } from '../../support/assets.ts';
import {
  ANYONE,
  by,
  call,
  court,
  type Court,
  DEPOSIT,
  digest,
  HEIR,
  judge,
  OWNER,
  report,
  REPORTER,
  START,
  who,
  WINDOW,
} from '../disputes/support.ts';
import { back, burnOf, claim, DELAY, leap, release, TAC, withdraw } from './backing.ts';

const { errors } = royalty;
const ASSET = data(0);
const HOLD = 25;
const AMOUNT = 100_000n * TAC;

function set({ chain }: Court, name: ParameterName, value: bigint): void {
  const outcome = chain.dispatch(Origin.root, parameters.call.setParameter({ name: { tag: name }, value }));
  expect(outcome, name).to.equal('ok');
}

/** The owner and an heir of half a mind stand behind data, each with as much. */
function backed(): Court {
  const it = court();
  set(it, 'BackingDelay', BigInt(DELAY));
  set(it, 'RevokedHold', BigInt(HOLD));
  createAsset(it.chain.ctx, ASSET, who(OWNER), DEPOSIT);
  for (const n of [OWNER, HEIR]) it.ok(n, back(0, AMOUNT));
  return it;
}
const accuse = (it: Court, evidence = 1): void =>
  it.ok(REPORTER, report({ asset: ASSET, against: undefined, kind: 'Unlicensed', evidence }));
const appeal = (it: Court): void => it.ok(OWNER, call.appeal({ id: 0n, digests: [digest(50)] }));
const conclude = (it: Court): void => {
  it.pass(WINDOW);
  it.ok(ANYONE, call.conclude({ id: 0n }));
};
const silence = (it: Court): void => {
  it.pass(2 * WINDOW);
  it.ok(ANYONE, call.ruleSilence({ id: 0n }));
};

describe('pallets/royalty backing and disputes', () => {
  it('who withdraws as a case is opened, or before, does not get away: it is held to the end, and burned', () => {
    const it = backed();
    it.ok(OWNER, withdraw(0, AMOUNT));
    leap(it.chain, DELAY - 1);
    // The last block in which a report still comes in time.
    accuse(it);
    it.ok(HEIR, withdraw(0, AMOUNT));
    it.pass(1);
    it.chain.expectNoop(by(OWNER), release(0), errors.UnderDispute);
    silence(it);
    it.chain.expectNoop(by(OWNER), release(0), errors.UnderDispute);
    conclude(it);
    expect(standingOf(it.chain.ctx, ASSET).revoked).to.equal(true);
    leap(it.chain, DELAY);
    for (const n of [OWNER, HEIR]) it.chain.expectNoop(by(n), release(0), ownership.errors.Revoked);
    it.ok(REPORTER, burnOf(0));
    for (const n of [OWNER, HEIR]) {
      it.ok(n, release(0));
      expect(freeOf(it.chain.ctx, who(n)) <= START - AMOUNT).to.equal(true);
    }
  });

  it('a report alone holds what was withdrawn, and nothing of what is earned; dismissed, it all comes back', () => {
    const it = backed();
    it.ok(HEIR, withdraw(0, AMOUNT));
    leap(it.chain, DELAY);
    accuse(it);
    it.ok(HEIR, claim(0));
    it.chain.expectNoop(by(HEIR), release(0), errors.UnderDispute);
    judge(it, () => 'Dismissed');
    it.chain.expectNoop(by(HEIR), release(0), errors.UnderDispute);
    conclude(it);
    it.ok(HEIR, release(0));
    expect(freeOf(it.chain.ctx, who(HEIR)) >= START).to.equal(true);
  });

  it('revoked by one panel and restored by the next, it stands as ever: the time for a ruling was over, the case was not', () => {
    const it = backed();
    accuse(it);
    judge(it, () => 'Upheld');
    appeal(it);
    judge(it, () => 'Upheld');
    expect(standingOf(it.chain.ctx, ASSET).revoked).to.equal(true);
    it.ok(OWNER, withdraw(0, AMOUNT));
    appeal(it);
    it.pass(HOLD);
    it.chain.expectNoop(by(REPORTER), burnOf(0), errors.Withheld);
    judge(it, () => 'Dismissed');
    conclude(it);
    expect(standingOf(it.chain.ctx, ASSET).revoked).to.equal(false);
    it.chain.expectNoop(by(REPORTER), burnOf(0), errors.NotRevoked);
    it.ok(HEIR, claim(0));
    leap(it.chain, DELAY);
    it.ok(OWNER, release(0));
    expect(freeOf(it.chain.ctx, who(HEIR)) > START - AMOUNT).to.equal(true);
  });
});
