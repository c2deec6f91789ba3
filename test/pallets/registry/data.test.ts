import { expect } from 'chai';
import { balances } from '../../../pallets/balances/index.ts';
import { ownership, standingOf, titleOf } from '../../../pallets/ownership/index.ts';
import {
  DATA_DEPOSIT,
  dataOf,
  type Digest,
  DIGEST_DEPOSIT,
  DISCLOSURE_DEPOSIT,
  MAX_DIGESTS,
  registry,
} from '../../../pallets/registry/index.ts';
import { concatBytes } from '../../../primitives/crypto/bytes.ts';
import { asset, named, newData } from '../../support/registry.ts';
import { acceptTitle } from '../../support/ownership.ts';
import { ALICE, as, BOB, CAROL, delegate, free, fresh, MONEY, ok, POOR, reserved, to, who } from './support.ts';

const { call, errors } = registry;
const disclosure = {
  title: 'digits',
  text: 'handwritten',
  metadataCid: 'bafy',
  croissant: named('croissant'),
  statistics: named('statistics'),
};
const of = (tag: 'OmsManifest' | 'Croissant' | 'MerkleTensors', name: string): Digest => ({ tag, value: named(name) });
/** CID of version 1: codec, hash function, digest. */
const cid = (codec: readonly number[], hash: readonly number[], digest: Uint8Array): Digest => ({
  tag: 'Cid',
  value: concatBytes(new Uint8Array([1, ...codec, ...hash, digest.length]), digest),
});
const RAW = [0x55];
const DAG_PB = [0x70];
const SHA2 = [0x12];
const BLAKE2 = [0xa0, 0xe4, 0x02];

describe('pallets/registry: data', () => {
  it('is minted by two digests of its bytes, for a deposit that stands on its title', () => {
    const chain = fresh();
    ok(chain, ALICE, newData('digits', { digests: [of('OmsManifest', 'm')], disclosure }));
    const { block, ...found } = dataOf(chain.ctx, 0n) ?? { block: 0 };
    expect(found).to.deep.equal({
      sha256: named('sha2-256 of digits'),
      blake2b256: named('digits'),
      digests: [of('OmsManifest', 'm')],
      disclosure,
      collective: false,
    });
    expect(block).to.equal(chain.ctx.block);
    const deposit = DATA_DEPOSIT + DIGEST_DEPOSIT + DISCLOSURE_DEPOSIT;
    expect(titleOf(chain.ctx, asset('Data', 0n))?.deposit).to.equal(deposit);
    expect([free(chain, ALICE), reserved(chain, ALICE)]).to.deep.equal([MONEY - deposit, deposit]);
    chain.expectNoop(as(POOR), newData('other', { disclosure }), balances.errors.InsufficientBalance);
    ok(chain, POOR, newData('other'));
    expect(registry.use(chain.ctx).store.dataByDigest.get(of('OmsManifest', 'm'))).to.equal(0n);
  });

  it('a digest of one kind belongs to one of them, whichever kind it is and whenever it came', () => {
    const chain = fresh();
    ok(chain, ALICE, newData('digits', { digests: [of('OmsManifest', 'm')] }));
    const [sha256, blake2b256] = [named('sha2-256 of digits'), named('digits')];
    // The same bytes with one canonical digest made up, or with both of them in the other's place.
    chain.expectNoop(as(BOB), newData('digits'), errors.AlreadyRegistered);
    chain.expectNoop(as(BOB), newData('digits', { sha256: named('made up') }), errors.AlreadyRegistered);
    chain.expectNoop(as(BOB), newData('digits', { blake2b256: named('made up') }), errors.AlreadyRegistered);
    chain.expectNoop(as(BOB), newData('x', { digests: [of('OmsManifest', 'm')] }), errors.AlreadyRegistered);
    chain.expectNoop(
      as(BOB),
      newData('x', { digests: [of('Croissant', 'c'), of('Croissant', 'c')] }),
      errors.AlreadyRegistered,
    );
    // A CID of raw content is its digest: it cannot stand beside another one.
    chain.expectNoop(as(BOB), newData('x', { digests: [cid(RAW, SHA2, sha256)] }), errors.DigestsDisagree);
    chain.expectNoop(as(BOB), newData('x', { digests: [cid(RAW, BLAKE2, blake2b256)] }), errors.DigestsDisagree);
    ok(chain, ALICE, call.addDigest({ id: 0n, digest: cid(RAW, SHA2, sha256) }));
    ok(chain, ALICE, call.addDigest({ id: 0n, digest: cid(RAW, BLAKE2, blake2b256) }));
    // Of a file in blocks it is the hash of the first of them, which nobody here can compare.
    ok(chain, BOB, newData('x', { digests: [cid(DAG_PB, SHA2, sha256)] }));
    chain.expectNoop(
      as(ALICE),
      call.addDigest({ id: 0n, digest: cid(DAG_PB, SHA2, sha256) }),
      errors.AlreadyRegistered,
    );
  });

  it('CIDs are of version 1 in their shortest form: one name has one form', () => {
    const chain = fresh();
    ok(chain, ALICE, newData('digits'));
    const digest = named('block');
    const bytes = (...parts: number[]) => ({ tag: 'Cid' as const, value: new Uint8Array(parts) });
    for (const bad of [
      bytes(),
      bytes(1),
      { tag: 'Cid' as const, value: concatBytes(new Uint8Array([0x12, 0x20]), digest) },
      bytes(1, 0x55, 0x12, 2, 7),
      bytes(1, 0x55, 0x12, 1, 7, 7),
      bytes(2, 0x55, 0x12, 1, 7),
      // 0x55 in two bytes, and a number without an end
      bytes(1, 0xd5, 0x00, 0x12, 1, 7),
      bytes(1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1),
    ])
      chain.expectNoop(as(ALICE), call.addDigest({ id: 0n, digest: bad }), errors.BadCid);
    ok(chain, ALICE, call.addDigest({ id: 0n, digest: bytes(1, 0x55, 0x12, 1, 7) }));
  });

  it('further digests are of other kinds, few, and cost a deposit each', () => {
    const chain = fresh();
    ok(chain, ALICE, newData('digits'));
    const sha: Digest = { tag: 'Sha256', value: named('other') };
    chain.expectNoop(as(ALICE), call.addDigest({ id: 0n, digest: sha }), errors.CanonicalDigest);
    chain.expectNoop(as(ALICE), newData('x', { digests: [sha] }), errors.CanonicalDigest);
    chain.expectNoop(as(ALICE), call.addDigest({ id: 7n, digest: of('Croissant', 'c') }), errors.UnknownData);
    chain.expectNoop(as(BOB), call.addDigest({ id: 0n, digest: of('Croissant', 'c') }), ownership.errors.NotAllowed);
    for (let n = 0; n < MAX_DIGESTS; n++)
      ok(chain, ALICE, call.addDigest({ id: 0n, digest: of('Croissant', `c${n}`) }));
    chain.expectNoop(as(ALICE), call.addDigest({ id: 0n, digest: of('Croissant', 'more') }), errors.TooManyDigests);
    expect(reserved(chain, ALICE)).to.equal(DATA_DEPOSIT + DIGEST_DEPOSIT * BigInt(MAX_DIGESTS));
  });

  it('is told of for a deposit that comes back when that is taken back', () => {
    const chain = fresh();
    ok(chain, ALICE, newData('digits'));
    chain.expectNoop(as(BOB), call.disclose({ id: 0n, disclosure }), ownership.errors.NotAllowed);
    chain.expectNoop(as(ALICE), call.withdrawDisclosure({ id: 0n }), errors.NothingDisclosed);
    chain.expectNoop(as(ALICE), call.disclose({ id: 1n, disclosure }), errors.UnknownData);
    ok(chain, ALICE, call.disclose({ id: 0n, disclosure }));
    ok(chain, ALICE, call.disclose({ id: 0n, disclosure: { ...disclosure, title: 'more' } }));
    expect(reserved(chain, ALICE)).to.equal(DATA_DEPOSIT + DISCLOSURE_DEPOSIT);
    chain.expectNoop(as(BOB), call.withdrawDisclosure({ id: 0n }), ownership.errors.NotAllowed);
    ok(chain, ALICE, call.withdrawDisclosure({ id: 0n }));
    expect(reserved(chain, ALICE)).to.equal(DATA_DEPOSIT);
    expect(dataOf(chain.ctx, 0n)?.disclosure).to.equal(undefined);
    const long = { ...disclosure, text: 'x'.repeat(1025) };
    expect(() => chain.dispatch(as(ALICE), call.disclose({ id: 0n, disclosure: long }))).to.throw('1025');
  });

  it('goes to another owner with all that is reserved for it; the giver has no say any more', () => {
    const chain = fresh();
    ok(chain, ALICE, newData('digits', { disclosure, digests: [of('OmsManifest', 'm')] }));
    ok(chain, ALICE, ownership.call.transfer({ asset: asset('Data', 0n), to: to(BOB) }));
    ok(chain, BOB, acceptTitle(asset('Data', 0n), who(ALICE)));
    expect([reserved(chain, ALICE), reserved(chain, BOB)]).to.deep.equal([
      0n,
      DATA_DEPOSIT + DIGEST_DEPOSIT + DISCLOSURE_DEPOSIT,
    ]);
    for (const what of [
      call.setOptOut({ id: 0n, optedOut: true }),
      call.withdrawDisclosure({ id: 0n }),
      call.setCollective({ id: 0n, collective: true }),
    ])
      chain.expectNoop(as(ALICE), what, ownership.errors.NotAllowed);
    ok(chain, BOB, call.withdrawDisclosure({ id: 0n }));
    expect(reserved(chain, BOB)).to.equal(DATA_DEPOSIT + DIGEST_DEPOSIT);
  });

  it('delegates do what their role says and no more', () => {
    const chain = fresh();
    ok(chain, ALICE, newData('digits'));
    ok(chain, ALICE, delegate(asset('Data', 0n), BOB, 'metadata'));
    ok(chain, ALICE, delegate(asset('Data', 0n), CAROL, 'licensing', 'rounds', 'money'));
    const metadata = [
      call.disclose({ id: 0n, disclosure }),
      call.withdrawDisclosure({ id: 0n }),
      call.addDigest({ id: 0n, digest: of('Croissant', 'c') }),
      call.setOptOut({ id: 0n, optedOut: true }),
    ];
    for (const what of metadata) {
      chain.expectNoop(as(CAROL), what, ownership.errors.NotAllowed);
      ok(chain, BOB, what);
    }
    chain.expectNoop(as(BOB), call.setCollective({ id: 0n, collective: true }), ownership.errors.NotAllowed);
    // attack: who may describe data opens it to training again
    chain.expectNoop(as(BOB), call.setOptOut({ id: 0n, optedOut: false }), ownership.errors.NotAllowed);
    ok(chain, CAROL, call.setCollective({ id: 0n, collective: true }));
    expect(dataOf(chain.ctx, 0n)?.collective).to.equal(true);
    expect([reserved(chain, BOB), reserved(chain, CAROL)], 'the owner puts up what is kept').to.deep.equal([0n, 0n]);
  });

  it('is closed to training from the first block on, or later', () => {
    const chain = fresh();
    ok(chain, ALICE, newData('digits', { optedOut: true }));
    expect(standingOf(chain.ctx, asset('Data', 0n)).optedOut).to.equal(true);
    ok(chain, ALICE, call.setOptOut({ id: 0n, optedOut: false }));
    expect(standingOf(chain.ctx, asset('Data', 0n)).optedOut).to.equal(false);
    chain.expectNoop(as(ALICE), call.setOptOut({ id: 1n, optedOut: true }), errors.UnknownData);
    expect(titleOf(chain.ctx, asset('Data', 0n))?.owner).to.deep.equal(who(ALICE));
  });
});
