import { TypeRegistry } from '@polkadot/types';
import { expect } from 'chai';
import { equivocationProof } from '../../../pallets/grandpa/types.ts';
import { verifySignature } from '../../../pallets/support/host.ts';
import { decodeAll } from '../../../primitives/scale/index.ts';
import type { VerifyTask } from '../../../pallets/support/host.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { ed25519FromSeed, ed25519Sign, ed25519Verify, type KeyPair } from '../../../primitives/crypto/signature.ts';
import { headerHash } from '../../../node/base/header.ts';
import type { Header } from '../../../node/base/types.ts';
import { equivocationProofOf } from '../../../node/consensus/grandpa/formats.ts';
import { verifyJustification } from '../../../node/consensus/grandpa/justification.ts';
import {
  type BlockRef,
  checkJustification,
  decodeJustification,
  encodeJustification,
  type SignedVote,
  verifyJustification as verifyAlone,
  votePayload,
} from '../../../primitives/grandpa/index.ts';

const verifier = { verify: (tasks: readonly VerifyTask[]) => Promise.resolve(tasks.map(verifySignature)) };

/** Block 512 of Westend: round 713 of set 0 with its three authorities, as the public chain holds it. */
const WESTEND_AUTHORITIES = [
  '0x959cebf18fecb305b96fd998c95f850145f52cbbb64b3ef937c0575cc7ebd652',
  '0x9fc415cce1d0b2eed702c9e05f476217d23b46a8723fd56f08cddad650be7c2d',
  '0xfeca0be2c87141f6074b221c919c0161a1c468d9173c5c1be59b68fab9a0ff93',
].map((id) => ({ id: fromHex(id), weight: 1n }));
const WESTEND_TARGET = '5895897f12e1a670609929433ac7a69dcae90e0cc2d9c32c0dce0e2a5e5e614e00020000';
const WESTEND_512 = fromHex(
  `0xc902000000000000${WESTEND_TARGET}0c` +
    `${WESTEND_TARGET}6216ec969bb5133b13f54a6121ef3a908d0a87d8409e2d471c0cad1c28532b6e` +
    '27d6a8d746b43df96c2149915252a846227b060372e3bb6f49e91500d3d8ef0d' +
    '959cebf18fecb305b96fd998c95f850145f52cbbb64b3ef937c0575cc7ebd652' +
    `${WESTEND_TARGET}92820b93ac482089fffc8246b4111da2e2b7adc786938c24eb25fe3b97cd21b9` +
    '46b7e12cb6fa5546b73c047ffc7c73b17a6a750bc6f2858bb0d0a7fff2fdd202' +
    '9fc415cce1d0b2eed702c9e05f476217d23b46a8723fd56f08cddad650be7c2d' +
    `${WESTEND_TARGET}17a338b777152d2213908ab29f961ebbca04e6bd1e4cfde6cb1a0b7b7f244c26` +
    '70935cdf4c2acb4dd061913848f5865aa887406a3ea0c8d0dcd4d551ff249900' +
    'feca0be2c87141f6074b221c919c0161a1c468d9173c5c1be59b68fab9a0ff9300',
);

const keys = [0, 1, 2, 3].map((at) => ed25519FromSeed(new Uint8Array(32).fill(at + 1)));
const authorities = keys.map(({ publicKey }) => ({ id: publicKey, weight: 1n }));

/** A chain of headers upon one another, and a fork of the last. */
const headers = new Map<string, Header>();
function child(parent: Header | undefined, label: string): Header {
  const header: Header = {
    parentHash: parent === undefined ? new Uint8Array(32) : fromHex(headerHash(parent)),
    number: (parent?.number ?? 0) + 1,
    stateRoot: hash32Of('test/state/1', label),
    extrinsicsRoot: hash32Of('test/body/1', label),
    digest: { logs: [] },
  };
  headers.set(headerHash(header), header);
  return header;
}
const b1 = child(undefined, '1');
const b2 = child(b1, '2');
const b3 = child(b2, '3');
const fork = child(b1, 'fork');
const ref = (header: Header): BlockRef => ({ hash: headerHash(header), number: header.number });

function precommit(key: KeyPair, target: BlockRef, round = 5n, setId = 2n): SignedVote {
  const signature = ed25519Sign(key, votePayload(setId, round, 'precommit', target));
  return { target, signature, id: toHex(key.publicKey) };
}
function proof(target: BlockRef, precommits: SignedVote[]): Uint8Array {
  return encodeJustification(5n, { target, precommits }, (hash) => headers.get(hash));
}
async function refusal(bytes: Uint8Array, setId = 2n): Promise<string> {
  try {
    await verifyJustification(bytes, authorities, setId, verifier);
    return 'accepted';
  } catch (error) {
    const { code, details } = error as { code: string; details: { reason: string } };
    expect(code).to.equal('grandpa/bad-justification');
    return details.reason;
  }
}

describe('grandpa justifications', () => {
  it('the justification of Westend block 512 verifies, and re-encodes to the same 442 bytes', async () => {
    const { round, target } = await verifyJustification(WESTEND_512, WESTEND_AUTHORITIES, 0n, verifier);
    expect(round).to.equal(713n);
    expect(target).to.deep.equal({ hash: `0x${WESTEND_TARGET.slice(0, 64)}`, number: 512 });
    const { commit } = decodeJustification(WESTEND_512);
    const again = encodeJustification(713n, commit, () => undefined);
    expect(toHex(again)).to.equal(toHex(WESTEND_512));
    expect(WESTEND_512.length).to.equal(442);
    // It is of set 0 and of no other.
    await verifyJustification(WESTEND_512, WESTEND_AUTHORITIES, 1n, verifier).then(
      () => expect.fail('accepted under another set'),
      (error) => expect(error.code).to.equal('grandpa/bad-justification'),
    );
  });

  it('a client verifies it with nothing but a verifier of signatures', async () => {
    const { target } = await verifyAlone(WESTEND_512, WESTEND_AUTHORITIES, 0n, ({ publicKey, message, signature }) =>
      ed25519Verify(signature, message, publicKey),
    );
    expect(target.number).to.equal(512);
    for (const never of [() => false, () => Promise.resolve(false)]) {
      await verifyAlone(WESTEND_512, WESTEND_AUTHORITIES, 0n, never).then(
        () => expect.fail('accepted without a signature'),
        (error) => expect(error.code).to.equal('grandpa/bad-justification'),
      );
    }
  });

  it('@polkadot/types reads our justification and writes the same bytes', () => {
    const bytes = proof(ref(b2), [
      precommit(keys[0]!, ref(b2)),
      precommit(keys[1]!, ref(b3)),
      precommit(keys[3]!, ref(b2)),
    ]);
    const theirs = new TypeRegistry().createType('GrandpaJustification', bytes);
    expect(theirs.toHex()).to.equal(toHex(bytes));
    expect(theirs.toJSON()).to.have.nested.property('commit.targetNumber', 2);
    expect(theirs.toJSON()).to.have.nested.property('votesAncestries.length', 1);
  });

  it('a vote signs 53 bytes: kind, target, round, set', () => {
    const payload = votePayload(7n, 9n, 'propose', { hash: `0x${'ab'.repeat(32)}`, number: 513 });
    expect(toHex(payload)).to.equal(`0x02${'ab'.repeat(32)}0102000009000000000000000700000000000000`);
  });

  it('accepts precommits on the target and above it, down to the threshold', async () => {
    const bytes = proof(
      ref(b2),
      [0, 1, 2].map((at) => precommit(keys[at]!, ref(at === 1 ? b3 : b2))),
    );
    const { target } = await verifyJustification(bytes, authorities, 2n, verifier);
    expect(target).to.deep.equal(ref(b2));
  });

  it('refuses what proves nothing', async () => {
    const good = [0, 1, 2].map((at) => precommit(keys[at]!, ref(b2)));
    expect(await refusal(proof(ref(b2), good.slice(0, 2)))).to.equal('wrong-target');
    expect(await refusal(proof(ref(b3), good))).to.equal('wrong-target');
    expect(await refusal(proof(ref(b2), [...good.slice(0, 2), good[0]!]))).to.equal('redundant');
    const stranger = ed25519FromSeed(new Uint8Array(32).fill(99));
    expect(await refusal(proof(ref(b2), [...good.slice(0, 2), precommit(stranger, ref(b2))]))).to.equal(
      'unknown-voter',
    );
    expect(await refusal(proof(ref(b2), [...good.slice(0, 2), precommit(keys[2]!, ref(fork))]))).to.equal(
      'not-above-base',
    );
    const forged = { ...good[2]!, signature: good[1]!.signature };
    expect(await refusal(proof(ref(b2), [...good.slice(0, 2), forged]))).to.equal('a signature is wrong');
    expect(await refusal(proof(ref(b2), good), 3n)).to.equal('a signature is wrong');
    expect(await refusal(new Uint8Array([1, 2, 3]))).to.equal('not a justification');
    expect(await refusal(proof(ref(b2), good).slice(0, -1))).to.equal('not a justification');
    expect(await refusal(new Uint8Array([...proof(ref(b2), good), 0]))).to.equal('not a justification');
  });

  it('refuses headers that no vote needs', async () => {
    const votes = [0, 1, 2].map((at) => precommit(keys[at]!, ref(b2)));
    const withHeader = proof(ref(b1), [precommit(keys[0]!, ref(b1)), ...votes.slice(1)]);
    expect(decodeJustification(withHeader).ancestries).to.have.length(1);
    const plain = proof(ref(b2), votes);
    // The ancestries of the other proof, b2's header, put behind votes that all name b2.
    const header = withHeader.slice(withHeader.length - (withHeader.length - plain.length));
    expect(await refusal(new Uint8Array([...plain.slice(0, -1), 4, ...header]))).to.equal('superfluous headers');
  });

  it('every flipped byte is noticed', async () => {
    const bytes = proof(ref(b2), [
      precommit(keys[0]!, ref(b2)),
      precommit(keys[1]!, ref(b3)),
      precommit(keys[2]!, ref(b2)),
    ]);
    for (let at = 0; at < bytes.length; at += 7) {
      const flipped = bytes.slice();
      flipped[at]! ^= 0x10;
      expect(await refusal(flipped), `byte ${at}`).to.not.equal('accepted');
    }
  });

  it('bounds lists before they are read', () => {
    // round, target, then a count of 2^30-1 precommits.
    const bytes = new Uint8Array([...new Uint8Array(44), 0xfe, 0xff, 0xff, 0xff]);
    expect(() => checkJustification(bytes, authorities, 0n))
      .to.throw()
      .with.property('code', 'grandpa/bad-justification');
  });

  it('an equivocation proof has the layout that the pallet reads', () => {
    const [first, second] = [precommit(keys[0]!, ref(b2)), precommit(keys[0]!, ref(fork))];
    const proof = equivocationProofOf({ setId: 2n, round: 5n, phase: 'precommit', id: first.id, first, second });
    const bytes = equivocationProof.codec.enc(proof);
    expect(bytes.length).to.equal(8 + 1 + 8 + 32 + 2 * (36 + 64));
    expect(toHex(bytes.slice(0, 17))).to.equal('0x0200000000000000010500000000000000');
    expect(toHex(bytes.slice(17, 49))).to.equal(first.id);
    expect(toHex(bytes.slice(49, 81))).to.equal(first.target.hash);
    const read = decodeAll(equivocationProof, bytes);
    expect(read.setId).to.equal(2n);
    expect(read.equivocation.tag).to.equal('Precommit');
    expect(read.equivocation.value.roundNumber).to.equal(5n);
    expect(toHex(read.equivocation.value.identity)).to.equal(first.id);
  });
});
