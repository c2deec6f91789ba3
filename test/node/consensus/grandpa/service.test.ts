/** The service around the voter: what leaves the node while the disk hangs, and peers that say one thing and hang up. */
import { expect } from 'chai';
import {
  type GrandpaRequest,
  grandpaGossip,
  grandpaRequest,
  grandpaResponse,
} from '../../../../node/consensus/grandpa/formats.ts';
import { GrandpaService } from '../../../../node/consensus/grandpa/index.ts';
import type { View } from '../../../../node/consensus/grandpa/types.ts';
import type { GrandpaListener } from '../../../../node/network/types.ts';
import { TacitError } from '../../../../primitives/errors.ts';
import { toHex } from '../../../../primitives/crypto/hex.ts';
import { ed25519Sign } from '../../../../primitives/crypto/signature.ts';
import { type BlockRef, type Phase, votePayload } from '../../../../primitives/grandpa/index.ts';
import { MemoryMeta, ToyChainApi } from '../../network/toy-chain.ts';
import { authoritiesOf, log, verifier, voterKeys } from '../../network/toy-node.ts';

const T = 50;

/** Voter 0 of four, alone with what the test does to it. Its clock moves only by hand; its timers find nothing to do. */
class Bench {
  readonly chain = new ToyChainApi('service', [authoritiesOf(0, 1, 2, 3)]);
  readonly sent: Uint8Array[] = [];
  readonly asked: { peer: string; request: GrandpaRequest }[] = [];
  readonly punished: string[] = [];
  readonly wanted: { block: BlockRef; from: string | undefined }[] = [];
  /** Signatures that were checked. */
  checks = 0;
  readonly service: GrandpaService;
  listener!: GrandpaListener;
  peers: string[] = [];
  now = 0;
  answer: (peer: string, request: GrandpaRequest) => Uint8Array = () => {
    throw new TacitError('network/unreachable', 'not connected');
  };

  constructor(store: MemoryMeta = new MemoryMeta()) {
    const pair = voterKeys[0]!;
    this.service = new GrandpaService({
      chain: this.chain,
      wire: {
        publish: (data) => this.sent.push(data),
        request: async (peer, data) => {
          const request = grandpaRequest.codec.dec(data);
          this.asked.push({ peer, request });
          return this.answer(peer, request);
        },
        peers: () => this.peers,
        punish: (peer) => this.punished.push(peer),
        want: (block, from) => this.wanted.push({ block, from }),
        attach: (listener) => {
          this.listener = listener;
        },
      },
      store,
      verifier: {
        verify: (tasks) => {
          this.checks += tasks.length;
          return verifier.verify(tasks);
        },
      },
      log,
      period: T,
      key: { publicKey: pair.publicKey, sign: (payload) => ed25519Sign(pair, payload) },
      now: () => this.now,
    });
    this.service.start();
  }

  /** A vote of another, by gossip. Whatever it starts has come as far as it can when this resolves. */
  async vote(voter: number, kind: Phase): Promise<void> {
    const target = this.chain.best();
    const pair = voterKeys[voter]!;
    const signature = ed25519Sign(pair, votePayload(0n, 1n, kind, target));
    const message = { kind, target, id: toHex(pair.publicKey), signature };
    const data = grandpaGossip.codec.enc({ tag: 'vote', value: { setId: 0n, round: 1n, message, attempt: 0 } });
    expect(await this.listener.onGossip('p', data)).to.equal('accept');
    await settled();
  }

  /** How many signatures of its own the node shows to a stranger. */
  async leaked(): Promise<number> {
    const request = grandpaRequest.codec.enc({ tag: 'catchUp', value: { setId: 0n, round: 1n } });
    const answer = grandpaResponse.codec.dec(await this.listener.onRequest('stranger', request));
    if (answer.tag !== 'catchUp' || answer.value === undefined) throw new Error('no catch-up');
    const own = toHex(voterKeys[0]!.publicKey);
    const votes = answer.value.rounds.flatMap(({ prevotes, precommits }) => [...prevotes, ...precommits]);
    expect(votes).to.not.deep.equal([]);
    return votes.filter(({ id }) => id === own).length;
  }

  get ownVotes(): number {
    const own = toHex(voterKeys[0]!.publicKey);
    const votes = this.sent.map((data) => grandpaGossip.codec.dec(data));
    return votes.filter(({ tag, value }) => tag === 'vote' && value.message.id === own).length;
  }

  catchUpsAsked(): number {
    return this.asked.filter(({ request }) => request.tag === 'catchUp').length;
  }
}

/** Resolves when all that needs neither time nor input has happened; never, if that does not end. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

class HangingMeta extends MemoryMeta {
  release: () => void = () => undefined;
  readonly #hanging = new Promise<void>((resolve) => {
    this.release = resolve;
  });
  override async put(key: string, value: Uint8Array): Promise<void> {
    await this.#hanging;
    await super.put(key, value);
  }
}

describe('node/consensus/grandpa: the service', () => {
  it('while the disk hangs no own vote leaves, by gossip or in a catch-up', async () => {
    const store = new HangingMeta();
    const bench = new Bench(store);
    for (const kind of ['prevote', 'precommit'] as const) {
      for (const voter of [1, 2, 3]) {
        bench.now += 2 * T;
        await bench.vote(voter, kind);
      }
    }
    expect(bench.ownVotes).to.equal(0);
    expect(await bench.leaked()).to.equal(0);
    store.release();
    await settled();
    expect(bench.ownVotes).to.be.greaterThan(0);
    bench.now += 2_000;
    expect(await bench.leaked()).to.be.greaterThan(0);
    await bench.service.stop();
  });

  it('a counted vote that comes again is passed on unchecked; another signature under it is checked', async () => {
    const bench = new Bench();
    await bench.vote(1, 'prevote');
    const target = bench.chain.best();
    const pair = voterKeys[1]!;
    const right = ed25519Sign(pair, votePayload(0n, 1n, 'prevote', target));
    const again = (signature: Uint8Array, attempt: number): Promise<string> => {
      bench.now += 1_000;
      const message = { kind: 'prevote' as const, target, id: toHex(pair.publicKey), signature };
      const value = { setId: 0n, round: 1n, message, attempt };
      return bench.listener.onGossip('p', grandpaGossip.codec.enc({ tag: 'vote', value }));
    };
    const before = bench.checks;
    expect(await again(right, 1)).to.equal('accept');
    expect(bench.checks).to.equal(before);
    expect(await again(right.with(0, right[0]! ^ 1), 2)).to.equal('reject');
    expect(bench.checks).to.equal(before + 1);
    await bench.service.stop();
  });

  it('asks for a block that a vote names at the peer that passed the vote on', async () => {
    const bench = new Bench();
    const pair = voterKeys[1]!;
    const target = { hash: `0x${'77'.repeat(32)}`, number: 1 };
    const signature = ed25519Sign(pair, votePayload(0n, 1n, 'prevote', target));
    const message = { kind: 'prevote' as const, target, id: toHex(pair.publicKey), signature };
    const value = { setId: 0n, round: 1n, message, attempt: 0 };
    await bench.listener.onGossip('relay', grandpaGossip.codec.enc({ tag: 'vote', value }));
    expect(bench.wanted).to.deep.equal([{ block: target, from: 'relay' }]);
    await bench.service.stop();
  });

  const huge: View = { setId: 0n, round: 2n ** 40n, finalized: 0 };
  const viewAnswer = grandpaResponse.codec.enc({ tag: 'view', value: huge });

  it('a peer that claims a huge round and hangs up is asked once, and the node goes on', async () => {
    const bench = new Bench();
    bench.answer = (_peer, { tag }) => {
      if (tag === 'view') return viewAnswer;
      throw new TacitError('network/unreachable', 'not connected');
    };
    for (let time = 0; time < 20; time++) {
      bench.peers = ['liar'];
      bench.listener.onPeer('liar', true);
      await settled();
      bench.peers = [];
      bench.listener.onPeer('liar', false);
      await settled();
    }
    expect(bench.catchUpsAsked()).to.equal(1);
    await bench.service.stop();
  });

  it('what a peer said that has gone meanwhile is not believed', async () => {
    const bench = new Bench();
    bench.answer = () => viewAnswer;
    // Gone before its answer is read, and never announced as gone after that.
    bench.listener.onPeer('liar', true);
    await settled();
    await bench.listener.onRequest('other', grandpaRequest.codec.enc({ tag: 'view', value: huge }));
    await settled();
    expect(bench.catchUpsAsked()).to.equal(0);
    await bench.service.stop();
  });

  it('an answer with forged votes costs the peer, one without votes does not', async () => {
    const bench = new Bench();
    bench.peers = ['liar', 'poor'];
    const target = bench.chain.best();
    const id = toHex(voterKeys[1]!.publicKey);
    const forged = { target, id, signature: new Uint8Array(64) };
    const empty = { round: 9n, base: target, prevotes: [], precommits: [], ancestry: [] };
    bench.answer = (peer, { tag }) => {
      if (tag === 'view') return viewAnswer;
      const rounds = [{ ...empty, prevotes: peer === 'liar' ? [forged] : [] }];
      return grandpaResponse.codec.enc({ tag: 'catchUp', value: { setId: 0n, rounds } });
    };
    for (const peer of bench.peers) {
      bench.now += 20 * T;
      bench.listener.onPeer(peer, true);
      await settled();
    }
    expect(bench.catchUpsAsked()).to.equal(2);
    expect(bench.punished).to.deep.equal(['liar']);
    await bench.service.stop();
  });
});
