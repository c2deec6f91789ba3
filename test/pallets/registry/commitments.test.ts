/** Who was first: copiers of what waits in the pool, and those who lie in wait, against owners who have committed. */
import { expect } from 'chai';
import { totalIssuance } from '../../../pallets/balances/index.ts';
import { titleOf } from '../../../pallets/ownership/index.ts';
import {
  COMMIT_AGE,
  COMMIT_FEE,
  COMMIT_LIFE,
  COMMITMENT_DEPOSIT,
  type Content,
  commitmentOf,
  contentKey,
  DATA_DEPOSIT,
  dataTakenBy,
  type Digest,
  MAX_COMMITMENTS,
  modelByFingerprint,
  registry,
  versionTakenBy,
} from '../../../pallets/registry/index.ts';
import type { MockRuntime } from '../../../pallets/support/index.ts';
import { named, newData, newModel, newVersion } from '../../support/registry.ts';
import { ALICE, as, BOB, CAROL, free, fresh, MONEY, ok, POOR, reserved, who } from './support.ts';

const { call, errors } = registry;
const SALT = named('salt');
const CROISSANT: Digest = { tag: 'Croissant', value: named('croissant') };
const data = (content: string, more: readonly Digest[] = []): Content => ({
  tag: 'Data',
  value: [
    { tag: 'Sha256', value: named(`sha2-256 of ${content}`) },
    { tag: 'Blake2b256', value: named(content) },
    ...more,
  ],
});
const model = (name: string): Content => ({ tag: 'Model', value: named(name) });
const hashOf = (chain: MockRuntime, n: number, content: Content): Uint8Array =>
  commitmentOf(chain.ctx, who(n), contentKey(content), SALT);
const commit = (chain: MockRuntime, n: number, content: Content): void =>
  ok(chain, n, call.commit({ hash: hashOf(chain, n, content) }));
const open = (content: Content) => call.openCommitment({ key: contentKey(content), salt: SALT });
const pass = (chain: MockRuntime, blocks: number): void => void chain.runToBlock(chain.ctx.block + blocks);
const holderOf = ({ ctx }: MockRuntime, digest: Digest): bigint | undefined =>
  registry.use(ctx).store.dataByDigest.get(digest);

describe('pallets/registry: commitments', () => {
  it('attack: who copies a registration from the pool and is first has the digests until the owner’s call comes in', () => {
    const chain = fresh();
    const content = data('song', [CROISSANT]);
    commit(chain, ALICE, content);
    pass(chain, COMMIT_AGE);
    ok(chain, BOB, newData('song'));
    ok(chain, BOB, newData('other', { digests: [CROISSANT] }));
    chain.expectNoop(as(ALICE), newData('song', { digests: [CROISSANT] }), errors.AlreadyRegistered);
    ok(chain, ALICE, open(content));
    ok(chain, ALICE, newData('song', { digests: [CROISSANT] }));
    for (const digest of content.value as Digest[]) expect(holderOf(chain, digest)).to.equal(2n);
    expect([0n, 1n].map((id) => dataTakenBy(chain.ctx, id))).to.deep.equal([2n, 2n]);
    expect(
      titleOf(chain.ctx, { tag: 'Data', value: 0n })?.owner,
      'what the copier has is no more than a name',
    ).to.deep.equal(who(BOB));
    // What only stood in the way is free for whoever has it.
    ok(chain, CAROL, newData('other'));
  });

  it('attack: a fingerprint is taken back the same way, of a model and of a version', () => {
    const chain = fresh();
    for (const name of ['first', 'next']) commit(chain, ALICE, model(name));
    pass(chain, COMMIT_AGE);
    ok(chain, BOB, newModel(named('first')));
    ok(chain, BOB, newVersion(0n, named('next')));
    for (const name of ['first', 'next']) ok(chain, ALICE, open(model(name)));
    ok(chain, ALICE, newModel(named('first')));
    ok(chain, ALICE, newVersion(1n, named('next')));
    expect(modelByFingerprint(chain.ctx, named('first'))).to.deep.equal({ model: 1n, version: 0 });
    expect(modelByFingerprint(chain.ctx, named('next'))).to.deep.equal({ model: 1n, version: 1 });
    expect(versionTakenBy(chain.ctx, { model: 0n, version: 1 })).to.deep.equal({ model: 1n, version: 1 });
  });

  it('attack: a copier that commits when it sees the call in the pool is too late, also against who has not committed', () => {
    const chain = fresh();
    const content = data('song');
    commit(chain, BOB, content);
    pass(chain, COMMIT_AGE - 1);
    ok(chain, ALICE, newData('song'));
    ok(chain, BOB, open(content));
    pass(chain, COMMIT_AGE);
    chain.expectNoop(as(BOB), newData('song'), errors.AlreadyRegistered);
    expect(holderOf(chain, { tag: 'Blake2b256', value: named('song') })).to.equal(0n);
  });

  it('the older of two commitments wins, in whatever order they register', () => {
    for (const order of [
      [ALICE, BOB],
      [BOB, ALICE],
    ] as const) {
      const chain = fresh();
      const content = data('song');
      commit(chain, ALICE, content);
      pass(chain, COMMIT_AGE);
      commit(chain, BOB, content);
      pass(chain, COMMIT_AGE);
      for (const n of order) {
        ok(chain, n, open(content));
        const outcome = chain.dispatch(as(n), newData('song'));
        expect(outcome).to.equal(n === BOB && order[0] === ALICE ? 'Registry.AlreadyRegistered' : 'ok');
      }
      const id = holderOf(chain, { tag: 'Blake2b256', value: named('song') })!;
      expect(titleOf(chain.ctx, { tag: 'Data', value: id })?.owner).to.deep.equal(who(ALICE));
    }
  });

  it('attack: nobody lies in wait for long: a commitment that is over counts for nothing, opened or not', () => {
    for (const isOpened of [true, false]) {
      const chain = fresh();
      const content = data('song');
      commit(chain, BOB, content);
      if (isOpened) ok(chain, BOB, open(content));
      registry
        .use(chain.ctx)
        .store[isOpened ? 'opened' : 'commitments'].put(
          who(BOB),
          isOpened ? contentKey(content) : hashOf(chain, BOB, content),
          0,
        );
      // As if the blocks of a day had passed.

      Object.defineProperty(chain.ctx, 'block', { value: COMMIT_LIFE });
      ok(chain, ALICE, newData('song'));

      if (!isOpened) ok(chain, BOB, open(content));
      chain.expectNoop(as(BOB), newData('song'), errors.AlreadyRegistered);
    }
  });

  it('attack: a commitment is its account’s: copied, it opens nothing, and the key shows nothing', () => {
    const chain = fresh();
    const content = data('song');
    const hash = hashOf(chain, ALICE, content);
    ok(chain, ALICE, call.commit({ hash }));
    ok(chain, BOB, call.commit({ hash }));
    chain.expectNoop(as(BOB), open(content), errors.NoCommitment);
    chain.expectNoop(
      as(ALICE),
      call.openCommitment({ key: contentKey(content), salt: named('x') }),
      errors.NoCommitment,
    );
    pass(chain, COMMIT_AGE);
    ok(chain, ALICE, open(content));
    chain.expectNoop(as(ALICE), open(content), errors.NoCommitment);
    ok(chain, BOB, newData('song'));
    chain.expectNoop(as(ALICE), newData('song', { digests: [CROISSANT] }), errors.AlreadyRegistered);
    ok(chain, ALICE, newData('song'));
  });

  it('cost a deposit that comes back but for the fee of what stays; are few; and are taken back at will', () => {
    const chain = fresh();
    const content = data('song');
    chain.expectNoop(as(POOR), call.dropCommitment({ hash: SALT }), errors.NoCommitment);
    commit(chain, ALICE, content);
    chain.expectNoop(as(ALICE), call.commit({ hash: hashOf(chain, ALICE, content) }), errors.AlreadyCommitted);
    expect(reserved(chain, ALICE)).to.equal(COMMITMENT_DEPOSIT);
    ok(chain, ALICE, open(content));
    const issued = totalIssuance(chain.ctx);
    ok(chain, ALICE, newData('song'));
    expect(issued - totalIssuance(chain.ctx)).to.equal(COMMIT_FEE);
    expect([free(chain, ALICE), reserved(chain, ALICE)]).to.deep.equal([
      MONEY - COMMIT_FEE - DATA_DEPOSIT,
      DATA_DEPOSIT,
    ]);
    for (let n = 0; n < MAX_COMMITMENTS; n++) commit(chain, BOB, model(`${n}`));
    chain.expectNoop(as(BOB), call.commit({ hash: SALT }), errors.TooManyCommitments);
    ok(chain, BOB, open(model('0')));
    ok(chain, BOB, call.dropCommitment({ hash: contentKey(model('0')) }));
    for (let n = 1; n < MAX_COMMITMENTS; n++)
      ok(chain, BOB, call.dropCommitment({ hash: hashOf(chain, BOB, model(`${n}`)) }));
    expect([free(chain, BOB), reserved(chain, BOB)]).to.deep.equal([MONEY, 0n]);
  });

  it('data that have lost their digests get no new ones', () => {
    const chain = fresh();
    const content = data('song');
    commit(chain, ALICE, content);
    pass(chain, COMMIT_AGE);
    ok(chain, BOB, newData('song'));
    ok(chain, ALICE, open(content));
    ok(chain, ALICE, newData('song'));
    chain.expectNoop(as(BOB), call.addDigest({ id: 0n, digest: CROISSANT }), errors.DigestsTaken);
  });
});
