/** The voter on the real chain and its database: a liar among four, and restarts after votes for branches that have died. */
import { expect } from 'chai';
import {
  grandpaGossip,
  grandpaRequest,
  grandpaResponse,
  voterRecord,
} from '../../../../node/consensus/grandpa/formats.ts';
import { isSigned } from '../../../../node/consensus/grandpa/judge.ts';
import { verifyJustification } from '../../../../node/consensus/grandpa/index.ts';
import type { Voter } from '../../../../node/consensus/grandpa/voter.ts';
import { readBlocks } from '../../../../node/network/serve.ts';
import type { Backend } from '../../../../node/rpc/backend.ts';
import { grandpaMethods } from '../../../../node/rpc/methods/grandpa.ts';
import { bytes, fixed, struct, vec } from '../../../../primitives/scale/index.ts';
import { header } from '../../../../primitives/block/header.ts';
import { hash32Of } from '../../../../primitives/crypto/hash.ts';
import { fromHex, toHex } from '../../../../primitives/crypto/hex.ts';
import { ed25519Sign } from '../../../../primitives/crypto/signature.ts';
import {
  type BlockRef,
  checkProof,
  type VoteKind,
  votePayload,
  voterSetOf,
} from '../../../../primitives/grandpa/index.ts';
import { grandpaKey, RealNet } from './real-net.ts';

describe('grandpa on the real chain', function () {
  this.timeout(600_000);
  let net: RealNet;

  beforeEach(() => {
    net = new RealNet();
  });
  afterEach(async () => {
    for (const index of [0, 1, 2, 3]) await net.halt(index);
  });

  /** The key of the fourth voter in the wrong hands: two precommits and two prevotes in every round that it hears of. */
  function lie(): { rounds: Set<bigint>; commits: number } {
    const told = { rounds: new Set<bigint>(), commits: 0 };
    const key = grandpaKey(3);
    const say = (round: bigint, kind: VoteKind, target: BlockRef): void => {
      const signature = ed25519Sign(key, votePayload(0n, round, kind, target));
      const message = { kind, target, id: toHex(key.publicKey), signature };
      net.publish(grandpaGossip.codec.enc({ tag: 'vote', value: { setId: 0n, round, message, attempt: 0 } }));
    };
    net.onGossip = (data) => {
      const { tag, value } = grandpaGossip.codec.dec(data);
      if (tag === 'commit') {
        // What a node tells the others must stand by itself.
        const { setId, justification } = value;
        const set = net.up()[0]!.api.authorities(net.up()[0]!.api.genesisHash);
        checkProof(justification, voterSetOf(set.authorities), setId);
        told.commits++;
        return;
      }
      const [low] = net
        .up()
        .map(({ chain }) => chain.finalized())
        .sort((a, b) => a.number - b.number);
      for (const round of [value.round, value.round + 1n]) {
        if (told.rounds.has(round)) continue;
        told.rounds.add(round);
        const nowhere = { hash: toHex(hash32Of('test/nowhere', Number(round))), number: low!.number + 1 };
        for (const target of Number(round) % 2 === 0 ? [low!, nowhere] : [nowhere, low!]) {
          say(round, 'precommit', target);
          say(round, 'prevote', target);
        }
      }
    };
    return told;
  }

  it('one liar of four: finality follows the chain, and every proof that a node makes is accepted by its checker', async () => {
    for (const index of [0, 1, 2]) await net.boot(index);
    const told = lie();
    for (let block = 1; block <= 12; block++) {
      await net.extend(block % 3);
      await net.untilFinal(block);
    }
    expect(told.rounds.size).to.be.greaterThan(3);
    const finalityProof = struct('FinalityProof', {
      block: fixed(32),
      justification: bytes,
      unknownHeaders: vec(header),
    });
    for (const { api, chain, service } of net.up()) {
      const proveFinality = grandpaMethods({ chain, roundState: () => service.state() } as unknown as Backend)[
        'grandpa_proveFinality'
      ]!;
      let proofs = 0;
      for (let height = 1; height <= 12; height++) {
        const hash = chain.hashByNumber(height)!;
        const { authorities, setId } = api.authorities(toHex(chain.header(hash)!.parentHash));
        const stored = chain.justification(hash);
        if (stored !== undefined) {
          proofs++;
          const { target } = await verifyJustification(stored, authorities, setId, net.verifier);
          expect(target).to.deep.equal({ hash, number: height });
        }
        // As the sync serves it, and as clients ask for it.
        const [served] = readBlocks(api, { from: { tag: 'hash', value: hash }, max: 1, bodies: false });
        expect(served?.justification).to.deep.equal(stored);
        const answer = await proveFinality([height], undefined as never);
        const proof = finalityProof.codec.dec(fromHex(answer as string));
        const { target } = await verifyJustification(proof.justification, authorities, setId, net.verifier);
        expect(target.hash).to.equal(toHex(proof.block));
        expect(target.number).to.equal(height + proof.unknownHeaders.length);
      }
      expect(proofs).to.be.greaterThan(0);
    }
    await expectCatchUps();
  });

  /** What nodes tell each other when asked is accepted by whoever asks. */
  async function expectCatchUps(): Promise<void> {
    for (const { service, api, index } of net.up()) {
      const { setId, round } = service.state();
      const wire = { tag: 'catchUp' as const, value: { setId, round } };
      const answer = grandpaResponse.codec.dec(await net.ask(index, grandpaRequest.codec.enc(wire)));
      if (answer.tag !== 'catchUp' || answer.value === undefined) throw new Error('no answer');
      const voters = voterSetOf(api.authorities(api.finalized().hash).authorities);
      expect(answer.value.rounds).to.have.length(2);
      // Whoever asks has counted nothing yet.
      const voter = { hasCounted: () => false } as unknown as Voter;
      expect(await isSigned(answer.value, { voter, voters }, net.verifier)).to.equal(true);
    }
  }

  /** Makes siblings until one dies that a validator has voted for. */
  async function killBranch(): Promise<{ lost: string; height: number }> {
    const votedFor = new Set<string>();
    net.onGossip = (data) => {
      const { tag, value } = grandpaGossip.codec.dec(data);
      if (tag === 'vote') votedFor.add(value.message.target.hash);
    };
    for (let height = 1; height < 40; height++) {
      // Nobody hears the others; the last has its own block first.
      net.isOpen = false;
      const alive = await net.authorBy(0);
      const dead = await net.authorBy(3);
      await net.give(0, alive, 1, 2);
      await net.give(3, dead, 0, 1, 2);
      await net.give(0, alive, 3);
      net.isOpen = true;
      await net.untilFinal(height);
      const lost = net.nodes[0]!.chain.finalized().hash === alive ? dead : alive;
      if (votedFor.has(lost)) return { lost, height };
    }
    throw new Error('no validator ever voted for a block that died');
  }

  for (const who of [
    [0, 1, 2, 3],
    [1, 2],
    [0, 3],
  ]) {
    it(`a vote for a branch that has died, then a restart of ${who.join(', ')}: finality comes back`, async () => {
      for (const index of [0, 1, 2, 3]) await net.boot(index);
      const { lost, height } = await killBranch();
      net.isOpen = false;
      for (const index of who) await net.halt(index);
      for (const index of who) await net.boot(index);
      for (const { chain } of net.up()) if (who.length === 4) expect(chain.header(lost)).to.equal(undefined);
      net.isOpen = true;
      for (let block = height + 1; block <= height + 3; block++) {
        await net.extend(block % 4);
        await net.untilFinal(block);
      }
      for (const { store } of net.up()) {
        expect(voterRecord.codec.dec(store.meta.get('grandpa/voter')!).completed).to.not.equal(undefined);
      }
    });
  }
});
