/** Disputes with unmodified @polkadot/api against a real node: a copycat is reported, is silent, appeals in vain. The development chain has short windows. */
import type { ApiPromise } from '@polkadot/api';
import type { KeyringPair } from '@polkadot/keyring/types';
import type { Codec, ISubmittableResult } from '@polkadot/types/types';
import { blake2AsHex } from '@polkadot/util-crypto';
import { hexToU8a, stringToU8a, u8aConcat } from '@polkadot/util';
import { expect } from 'chai';
import { People, type Transaction } from './support/people.ts';

describe('clients: disputes by @polkadot/api', function () {
  this.timeout(600_000);
  const hash = (byte: string): string => `0x${byte.repeat(32)}`;
  const asset = (id: number) => ({ Model: id });
  const tree = { root: hash('ab'), count: 12 };
  let people: People;
  let api: ApiPromise;
  let bob: KeyringPair;
  let charlie: KeyringPair;
  let dave: KeyringPair;
  before(async () => {
    people = await People.start('//Bob', '//Charlie', '//Dave');
    api = people.api;
    [bob, charlie, dave] = people.pairs;
  });
  after(() => people?.stop());

  const send = (transaction: Transaction, from: KeyringPair) => people.send(transaction, from);
  const failure = (transaction: Transaction, from: KeyringPair): Promise<string> =>
    send(transaction, from).then(
      () => 'ok',
      (error: Error) => error.message,
    );
  const eventOf = (result: ISubmittableResult, name: string): Record<string, Codec> => {
    const found = result.events.find(({ event }) => event.section === 'disputes' && event.method === name);
    if (found === undefined) throw new Error(`no event ${name}`);
    return found.event.data as unknown as Record<string, Codec>;
  };
  /** Tries until it is time. */
  async function inTime(transaction: () => Transaction, from: KeyringPair): Promise<ISubmittableResult> {
    for (let tries = 0; tries < 60; tries++) {
      const outcome = await send(transaction(), from).catch((error: Error) => error);
      if (!(outcome instanceof Error)) return outcome;
      if (outcome.message !== 'disputes.TooEarly') throw outcome;
    }
    throw new Error('it never came to be time');
  }
  const standing = async (id: number): Promise<Record<string, unknown>> =>
    (await api.call.ownershipApi!.standing!(asset(id))).toJSON() as Record<string, unknown>;
  const reservedOf = async ({ address }: KeyringPair): Promise<bigint> => {
    const account = (await api.query.system!.account!(address)) as unknown as {
      data: { reserved: { toBigInt(): bigint } };
    };
    return account.data.reserved.toBigInt();
  };
  const register = (fingerprint: string): Transaction =>
    api.tx.registry!.registerModel!(
      { fingerprint, architecture: hash('00'), tensors: tree, card: null, changelog: null },
      'main',
      { major: 1, minor: 0, patch: 0, pre: '' },
      null,
      [],
    );
  const report = (kind: string, evidence: string, against: unknown): Transaction =>
    api.tx.disputes!.report!({ Asset: asset(1) }, kind, [hash(evidence)], against);

  it('a copy by rule is frozen, its owner appeals, no panel can be drawn, and it is revoked', async () => {
    await send(register(hash('01')), bob);
    await send(register(hash('02')), charlie);
    const before = await reservedOf(bob);
    const reported = await send(report('Copy', 'e1', asset(0)), bob);
    expect(eventOf(reported, 'Reported').respondent!.toString()).to.equal(charlie.address);
    expect((await reservedOf(bob)) - before).to.equal(60_000_000n);
    expect((await standing(1)).tags).to.deep.equal(['Disputed']);
    expect((await standing(1)).frozenUntil).to.equal(null);
    const open = await api.call.disputesApi!.open!(asset(1), 0, 10);
    expect(open.toJSON()).to.deep.equal([0]);
    await send(api.tx.disputes!.ruleByFacts!(0), dave);
    expect((await standing(1)).tags).to.deep.equal(['Disputed', 'Copy']);
    expect((await standing(1)).frozenUntil).to.equal(4_294_967_295);
    expect(await failure(api.tx.disputes!.appeal!(0, [hash('e2')]), bob)).to.equal('disputes.NotLoser');
    await send(api.tx.disputes!.appeal!(0, [hash('e2')]), charlie);
    // A chain of one validator has no rounds, and no beacon: the appeal lapses.
    expect(await failure(api.tx.disputes!.draw!(0), dave)).to.equal('disputes.NoBeacon');
    await inTime(() => api.tx.disputes!.lapse!(0), dave);
    const closed = await send(api.tx.disputes!.conclude!(0), dave);
    expect(eventOf(closed, 'Closed').outcome!.toString()).to.equal('Upheld');
    const { revoked, tags, frozenUntil } = await standing(1);
    expect({ revoked, tags, frozenUntil }).to.deep.equal({ revoked: true, tags: ['Copy'], frozenUntil: null });
    expect(await reservedOf(bob)).to.equal(before);
    const kept = (await api.call.disputesApi!.dispute!(0)).toJSON() as { record: { outcome: string; digest: string } };
    expect(kept.record.outcome).to.equal('Upheld');
    expect(kept.record.digest).to.equal(eventOf(closed, 'Closed').digest!.toHex());
    expect(await failure(report('Copy', 'e1', asset(0)), dave)).to.equal('disputes.AlreadyTried');
  });

  it('silence loses in time, and a juror is told what to do', async () => {
    await send(api.tx.disputes!.joinJurors!(2), dave);
    const juror = (await api.call.disputesApi!.juror!(dave.address)).toJSON() as Record<string, unknown>;
    expect({ units: juror.units, duties: juror.duties, isBound: juror.isBound }).to.deep.equal({
      units: 2,
      duties: [],
      isBound: false,
    });
    await send(report('Misleading', 'e3', null), bob);
    await inTime(() => api.tx.disputes!.ruleSilence!(1), dave);
    await inTime(() => api.tx.disputes!.conclude!(1), dave);
    expect((await standing(1)).tags).to.deep.equal(['Copy', 'Misleading']);
    await send(api.tx.disputes!.leaveJurors!(), dave);
    expect(await failure(api.tx.disputes!.releaseJuror!(dave.address), bob)).to.equal('disputes.StillBound');
  });

  it('a client computes the commitment that the chain checks', async () => {
    const [salt, genesis] = [hash('5a'), api.genesisHash.toU8a()];
    const told = await api.call.disputesApi!.commitment!(7, 1, dave.address, 'Dismissed', salt);
    const bytes = u8aConcat(
      stringToU8a('tacit/vote/1'),
      genesis,
      api.createType('u64', 7).toU8a(),
      Uint8Array.of(1),
      dave.publicKey,
      Uint8Array.of(1),
      hexToU8a(salt),
    );
    expect(told.toHex()).to.equal(blake2AsHex(bytes, 256));
  });
});
