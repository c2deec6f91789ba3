import { Keyring } from '@polkadot/keyring';
import { TypeRegistry } from '@polkadot/types';
import { expect } from 'chai';
import { buildLocalSpec, parseChainSpec } from '../../../chain-spec/index.ts';
import { freeOf } from '../../../pallets/balances/index.ts';
import { grandpa } from '../../../pallets/grandpa/index.ts';
import { type EquivocationProof, equivocationProof, votePayload } from '../../../pallets/grandpa/types.ts';
import { bondOf } from '../../../pallets/session/index.ts';
import { verifySignature } from '../../../pallets/support/index.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { encodeBare, runtime } from '../../../runtime/index.ts';
import { dev, TestChain } from '../../runtime/chain.ts';

const spec = parseChainSpec(buildLocalSpec({ validators: 4 }));
const bob = dev('Bob');
const votes = new Keyring({ type: 'ed25519' });
const hash = (n: number) => new Uint8Array(32).fill(n);

interface Wish {
  by?: string;
  signer?: string;
  kind?: 'Prevote' | 'Precommit';
  targets?: [number, number];
  round?: bigint;
  setId?: bigint;
  signedSet?: bigint;
}
function proof({
  by = 'Bob',
  signer = by,
  kind = 'Precommit',
  targets = [1, 2],
  round = 7n,
  setId = 0n,
  signedSet = setId,
}: Wish = {}): EquivocationProof {
  const pair = votes.createFromUri(`//${signer}`);
  const vote = (target: number): [{ targetHash: Uint8Array; targetNumber: number }, Uint8Array] => {
    const it = { targetHash: hash(target), targetNumber: 9 };
    return [it, pair.sign(votePayload(kind, it, round, signedSet))];
  };
  const value = {
    roundNumber: round,
    identity: votes.createFromUri(`//${by}`).publicKey,
    first: vote(targets[0]),
    second: vote(targets[1]),
  };
  return { setId, equivocation: { tag: kind, value } };
}
const bare = (of: EquivocationProof) => encodeBare(runtime.callTy, grandpa.call.reportEquivocation({ proof: of }));

describe('pallets/grandpa', () => {
  it('votes are signed over 53 bytes: message, round, set', () => {
    const payload = votePayload('Precommit', { targetHash: hash(0xab), targetNumber: 0x01020304 }, 5n, 6n);
    expect(toHex(payload)).to.equal(`0x01${'ab'.repeat(32)}0403020105000000000000000600000000000000`);
    expect(votePayload('Prevote', { targetHash: hash(0), targetNumber: 0 }, 0n, 0n)[0]).to.equal(0);
  });

  it('the proof has the format of polkadot-sdk', () => {
    const encoded = equivocationProof.codec.enc(proof());
    const theirs = new TypeRegistry().createType('GrandpaEquivocationProof', encoded);
    expect(theirs.toU8a()).to.deep.equal(encoded);
    expect(theirs.toJSON()).to.have.nested.property('equivocation.precommit.roundNumber', 7);
  });

  it('an equivocating voter is named and slashed once, whoever reports it', () => {
    const chain = new TestChain(spec);
    const before = freeOf(chain.ctx(), bob.publicKey);
    const report = bare(proof());
    const tasks = runtime.tasks(chain.state, chain.hash, report);
    expect(tasks.length >= 2 && tasks.every(verifySignature)).to.equal(true);
    const judged = runtime.validate(chain.state, chain.hash, 'external', report, chain.host);
    expect('valid' in judged && judged.valid.provides).to.have.length(1);
    const { outcomes, events } = chain.block([report, report]);
    expect(outcomes).to.deep.equal(['ok', { invalid: { tag: 'Stale' } }]);
    const offence = events.find(({ name }) => name === 'Offence')?.data as { offender: Uint8Array; slashed: bigint };
    expect(offence.offender).to.deep.equal(bob.publicKey);
    expect(bondOf(chain.ctx(), bob.publicKey)).to.equal(spec.genesis.session.bond / 2n);
    expect(freeOf(chain.ctx(), bob.publicKey)).to.equal(before);
    // Signed by anybody it is refused as a duplicate, and paid for.
    const again = chain.signed(dev('Eve'), grandpa.call.reportEquivocation({ proof: proof() }), 0);
    expect(chain.block([again]).events.map(({ name }) => name)).to.include('ExtrinsicFailed');
    // Another kind of vote in the same round is the same offence of the same voter.
    expect(chain.block([bare(proof({ kind: 'Prevote' }))]).outcomes).to.deep.equal([{ invalid: { tag: 'Stale' } }]);
  });

  it('a voter that votes twice in every round is punished a few times, not at the cost of every block', () => {
    const chain = new TestChain(spec);
    const reports = Array.from({ length: 40 }, (_, i) => bare(proof({ round: BigInt(i) })));
    const { outcomes } = chain.block(reports);
    expect(outcomes.filter((outcome) => outcome === 'ok')).to.have.length(4);
    expect(chain.block(reports).outcomes.every((outcome) => outcome !== 'ok')).to.equal(true);
    expect(bondOf(chain.ctx(), bob.publicKey)).to.equal(spec.genesis.session.bond / 16n);
    // The others are no less accountable for it.
    expect(chain.block([bare(proof({ by: 'Charlie' }))]).outcomes).to.deep.equal(['ok']);
  });

  it('what proves nothing is refused', () => {
    const chain = new TestChain(spec);
    const cases: [string, Wish, unknown][] = [
      ['the same vote twice', { targets: [1, 1] }, { invalid: { tag: 'Custom', value: 1 } }],
      ['signed by another', { signer: 'Alice' }, { invalid: { tag: 'Custom', value: 1 } }],
      ['votes of another set', { signedSet: 4n }, { invalid: { tag: 'Custom', value: 1 } }],
      ['nobody known', { by: 'Mallory' }, { invalid: { tag: 'Custom', value: 2 } }],
      ['a set to come', { setId: 1n }, { invalid: { tag: 'Custom', value: 3 } }],
    ];
    for (const [what, wish, expected] of cases)
      expect(chain.block([bare(proof(wish))]).outcomes, what).to.deep.equal([expected]);
    const mixed = proof();
    mixed.equivocation.value.second = proof({ kind: 'Prevote' }).equivocation.value.second;
    expect(chain.block([bare(mixed)]).outcomes, 'a prevote and a precommit').to.deep.equal([
      { invalid: { tag: 'Custom', value: 1 } },
    ]);
    expect(bondOf(chain.ctx(), bob.publicKey)).to.equal(spec.genesis.session.bond);
  });
});
