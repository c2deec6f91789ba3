import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { GossipFilter } from '../../../node/consensus/grandpa/gossip-filter.ts';
import type { VotePacket } from '../../../node/consensus/grandpa/types.ts';
import { loadPeerKey, parseAddress } from '../../../node/network/index.ts';
import {
  BYTES_PER_REQUEST,
  LONGEST_DEBT,
  MAX_INLINE_TRANSACTION,
  REQUEST_BURST,
  REQUEST_RATE,
} from '../../../node/base/limits.ts';
import { BAN_TIME, Reputation } from '../../../node/network/reputation.ts';
import { Transactions } from '../../../node/network/transactions.ts';
import { protocolNames, responses, syncRequest, transactionAnnouncement } from '../../../node/network/wire.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { isTacitError, TacitError } from '../../../primitives/errors.ts';
import { ToyChainApi } from './toy-chain.ts';

describe('reputation of peers', () => {
  it('faults add up to a ban, which ends; time forgives', () => {
    let now = 0;
    const reputation = new Reputation(() => now);
    expect(reputation.penalize('p', 'garbage')).to.equal(false);
    expect(reputation.penalize('p', 'garbage')).to.equal(false);
    now += 10 * 60_000;
    expect(reputation.score('p')).to.equal(0);
    for (const banned of [false, false, true]) expect(reputation.penalize('p', 'garbage')).to.equal(banned);
    expect(reputation.isBanned('p')).to.equal(true);
    expect(reputation.isBanned('q')).to.equal(false);
    now += BAN_TIME;
    expect(reputation.isBanned('p')).to.equal(false);
  });

  it('lateness alone bans no one who is merely slow', () => {
    let now = 0;
    const reputation = new Reputation(() => now);
    // A time-out every second for an hour.
    for (let at = 0; at < 3600; at++) {
      now += 1000;
      expect(reputation.penalize('p', 'timeout')).to.equal(false);
    }
  });

  it('large answers cost as much as many requests: the debt is to be waited for, and has an end', () => {
    let now = 0;
    const reputation = new Reputation(() => now);
    expect(reputation.debt('p')).to.equal(0);
    reputation.charge('p', REQUEST_BURST * BYTES_PER_REQUEST);
    expect(reputation.admit('p')).to.equal(false);
    const small = reputation.debt('p');
    expect(small).to.be.greaterThan(0).and.lessThan(50);
    reputation.charge('p', 4 << 20);
    const debt = reputation.debt('p');
    expect(debt).to.be.closeTo(small + ((4 << 20) / BYTES_PER_REQUEST / REQUEST_RATE) * 1000, 1);
    now += debt;
    expect(reputation.admit('p')).to.equal(true);
    for (let i = 0; i < 100; i++) reputation.charge('p', 8 << 20);
    expect(reputation.debt('p')).to.be.at.most(LONGEST_DEBT + 50);
    expect(reputation.debt('q')).to.equal(0);
  });

  it('requests are admitted at the rate, after a burst', () => {
    let now = 0;
    const reputation = new Reputation(() => now);
    const admitted = (count: number): number =>
      Array.from({ length: count }, () => reputation.admit('p')).filter(Boolean).length;
    expect(admitted(2 * REQUEST_BURST)).to.equal(REQUEST_BURST);
    now += 1000;
    expect(admitted(2 * REQUEST_BURST)).to.equal(REQUEST_RATE);
    expect(reputation.admit('q')).to.equal(true);
  });

  it('remembers a bounded number of peers, and bans longest', () => {
    const reputation = new Reputation(() => 0);
    reputation.penalize('banned', 'wrong-genesis');
    for (let at = 0; at < 10_000; at++) reputation.penalize(`p${at}`, 'timeout');
    expect(reputation.isBanned('banned')).to.equal(true);
    expect(reputation.score('p0')).to.equal(0);
    expect(reputation.score('p9999')).to.equal(-1);
  });
});

describe('the peer key', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tacit-key-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is made once, readable by the owner alone, and the same afterwards', async () => {
    const path = join(folder, 'network', 'key');
    const key = await loadPeerKey(path);
    expect(statSync(path).mode & 0o777).to.equal(0o600);
    expect((await loadPeerKey(path)).equals(key)).to.equal(true);
  });

  it('a damaged file is an error that says which', async () => {
    const path = join(folder, 'key');
    writeFileSync(path, 'not a key');
    await loadPeerKey(path).then(
      () => expect.fail('read'),
      (error) => {
        expect(error.code).to.equal('network/bad-peer-key');
        expect(error.message).to.include(path);
      },
    );
  });
});

describe('addresses', () => {
  it('name their peer, and are refused otherwise', () => {
    const id = '12D3KooWGC7x7m4LpkJYWVzZBf4BNYtUoVbZ2WhEdwvyFGLSQYZv';
    expect(parseAddress(`/ip4/127.0.0.1/tcp/30333/p2p/${id}`).peer).to.equal(id);
    for (const text of ['', 'localhost:30333', '/ip4/127.0.0.1/tcp/30333', '/ip4/999.0.0.1/tcp/1', '/p2p/x']) {
      expect(() => parseAddress(text), text)
        .to.throw()
        .with.property('code', 'network/bad-address');
    }
  });
});

describe('what nodes say to each other', () => {
  it('decoding arbitrary bytes gives a value or an error of ours, never anything else', () => {
    const types = [
      syncRequest,
      transactionAnnouncement,
      responses.blocks,
      responses.pool,
      responses.peers,
      responses.status,
    ];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(types.length - 1), (bytes, at) => {
        try {
          types[at]!.codec.dec(bytes);
        } catch (error) {
          expect(isTacitError(error)).to.equal(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('requests come back as they went', () => {
    const hash = `0x${'12'.repeat(32)}`;
    for (const request of [
      { tag: 'status', value: { genesis: hash, best: { hash, number: 7 }, finalized: { hash, number: 5 } } },
      { tag: 'blocks', value: { from: { tag: 'number', value: 3 }, max: 9, bodies: true } },
      { tag: 'blocks', value: { from: { tag: 'hash', value: hash }, max: 1, bodies: false } },
      { tag: 'transaction', value: hash },
    ] as const) {
      expect(syncRequest.codec.dec(syncRequest.codec.enc(request))).to.deep.equal(request);
    }
    expect(syncRequest.codec.dec(syncRequest.codec.enc({ tag: 'pool' })).tag).to.equal('pool');
  });

  it('chains have protocols and topics of their own', () => {
    const [a, b] = [protocolNames(`0x${'01'.repeat(32)}`), protocolNames(`0x${'02'.repeat(32)}`)];
    expect(a.sync).to.equal('/tacit/01010101/sync/1');
    expect(a.topics.blocks).to.not.equal(b.topics.blocks);
  });
});

describe('the filter of votes', () => {
  const packet = (hash: string, id = 'v1', round = 5n): VotePacket => ({
    setId: 0n,
    round,
    message: { kind: 'prevote', target: { hash, number: 1 }, id, signature: new Uint8Array(64) },
  });
  const passes = (filter: GossipFilter, vote: VotePacket, attempt: number, now: number): boolean => {
    const wanted = filter.wants(vote, attempt, now);
    if (wanted) filter.note(vote, attempt, now);
    return wanted;
  };

  it('a vote passes once per sending, and not too often', () => {
    const filter = new GossipFilter();
    expect(passes(filter, packet('a'), 0, 0)).to.equal(true);
    expect(passes(filter, packet('a'), 0, 1000)).to.equal(false);
    expect(passes(filter, packet('a'), 1, 100)).to.equal(false);
    expect(passes(filter, packet('a'), 1, 1000)).to.equal(true);
    expect(passes(filter, packet('a'), 1, 9000)).to.equal(false);
    expect(passes(filter, packet('a', 'v2'), 0, 0)).to.equal(true);
  });

  it('two votes prove an equivocation, more do not pass', () => {
    const filter = new GossipFilter();
    expect(passes(filter, packet('a'), 0, 0)).to.equal(true);
    expect(passes(filter, packet('b'), 0, 0)).to.equal(true);
    expect(passes(filter, packet('c'), 0, 0)).to.equal(false);
    filter.prune(6n);
    expect(passes(filter, packet('c'), 0, 0)).to.equal(true);
  });

  it('what was not noted, such as a vote with a wrong signature, does not stand in the way', () => {
    const filter = new GossipFilter();
    for (let at = 0; at < 10; at++) expect(filter.wants(packet(`x${at}`), 0, 0)).to.equal(true);
    expect(passes(filter, packet('true'), 0, 0)).to.equal(true);
  });
});

describe('transactions of a new peer', () => {
  it('those it has and we do not are fetched, whatever is wrong with some', async () => {
    const door = new ToyChainApi('pool', []);
    const good = [1, 2, 3].map((byte) => new Uint8Array(10).fill(byte));
    const names = good.map((bytes) => toHex(blake2b256(bytes)));
    await door.submit(good[0]!, 'local');
    const asked: string[] = [];
    const faults: string[] = [];
    const transactions = new Transactions({
      now: () => 0,
      publish: () => undefined,
      door,
      pool: async () => [...names, `0x${'99'.repeat(32)}`, `0x${'88'.repeat(32)}`],
      peers: () => [],
      fetch: async (_peer, hash) => {
        asked.push(hash);
        if (hash.startsWith('0x99')) return new Uint8Array([1]);
        return good[names.indexOf(hash)];
      },
      punish: (_peer, fault) => void faults.push(fault),
    });
    await transactions.greet('p');
    expect(asked).to.have.length(4);
    expect(names.every((hash) => door.transaction(hash) !== undefined)).to.equal(true);
    expect(faults).to.deep.equal(['wrong-answer']);
  });

  describe('that are announced by a peer which does not give them', () => {
    const bytes = new Uint8Array(MAX_INLINE_TRANSACTION + 1).fill(7);
    const hash = toHex(blake2b256(bytes));
    const told = transactionAnnouncement.codec.enc({ tag: 'hash', value: { hash, length: bytes.length } });
    const never = (signal: AbortSignal): Promise<undefined> =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new TacitError('network/timeout', 'given up')));
      });
    const opened = (give: (peer: string, signal: AbortSignal) => Promise<Uint8Array | undefined>, all: string[]) => {
      const door = new ToyChainApi('pool', []);
      const asked: string[] = [];
      const faults: string[] = [];
      const transactions = new Transactions({
        now: () => 0,
        publish: () => undefined,
        door,
        pool: async () => [],
        peers: () => all,
        fetch: (peer, _hash, signal) => {
          asked.push(peer);
          return give(peer, signal);
        },
        punish: (peer, fault) => void faults.push(`${peer} ${fault}`),
      });
      return { door, asked, faults, transactions };
    };

    it('come from others: of who keeps silent, says no, or gives something else', async function () {
      this.timeout(10_000);
      for (const lie of [never, async () => undefined, async () => Uint8Array.of(1)]) {
        const give = (peer: string, signal: AbortSignal) => (peer === 'liar' ? lie(signal) : Promise.resolve(bytes));
        const { door, asked, faults, transactions } = opened(give, ['liar', 'honest', 'third']);
        expect(await transactions.onGossip('liar', told)).to.equal('accept');
        expect(door.transaction(hash)).to.deep.equal(bytes);
        expect(asked).to.deep.equal(['liar', 'honest']);
        expect(faults.every((fault) => fault === 'liar wrong-answer')).to.equal(true);
      }
    });

    it('come first from those who announce them too; of others few are asked', async function () {
      this.timeout(10_000);
      const give = (peer: string, signal: AbortSignal) =>
        peer === 'second' ? Promise.resolve(bytes) : peer === 'liar' ? never(signal) : Promise.resolve(undefined);
      const named = opened(give, ['a', 'b', 'c', 'd']);
      const first = named.transactions.onGossip('liar', told);
      expect(await named.transactions.onGossip('second', told)).to.equal('later');
      expect(await first).to.equal('accept');
      expect(named.asked).to.deep.equal(['liar', 'second']);
      const nobody = opened(async () => undefined, ['a', 'b', 'c', 'd']);
      expect(await nobody.transactions.onGossip('liar', told)).to.equal('later');
      expect(nobody.asked).to.deep.equal(['liar', 'a', 'b']);
    });

    it('are taken although another has told a wrong length of them first', async () => {
      const { door, transactions } = opened(async () => bytes, ['liar', 'honest']);
      const wrong = { hash, length: bytes.length + 1 };
      const lie = transactions.onGossip('liar', transactionAnnouncement.codec.enc({ tag: 'hash', value: wrong }));
      expect(await transactions.onGossip('honest', told)).to.equal('later');
      expect(await lie).to.equal('reject');
      expect(door.transaction(hash)).to.deep.equal(bytes);
    });

    it('keep no others away, however many are announced', async () => {
      const liars = Array.from({ length: 50 }, (_, i) => `liar ${i}`);
      const { asked, transactions } = opened(
        (peer, signal) => (peer === 'honest' ? Promise.resolve(bytes) : never(signal)),
        [],
      );
      let name = 0;
      for (const liar of liars) {
        for (let i = 0; i < 200; i++) {
          const other = `0x${(++name).toString(16).padStart(64, '0')}`;
          const value = { hash: other, length: bytes.length };
          void transactions.onGossip(liar, transactionAnnouncement.codec.enc({ tag: 'hash', value }));
        }
      }
      expect(await transactions.onGossip('honest', told)).to.equal('accept');
      expect(asked.filter((peer) => peer === 'liar 0')).to.have.length(4);
      transactions.stop();
    });
  });

  it('that are not judged are not passed on, and judged when another tells them, unless something with them is to be rejected', async () => {
    const door = new ToyChainApi('pool', []);
    const codes = new Map<string, string>();
    const submit = door.submit.bind(door);
    door.submit = async (bytes, source) => {
      const code = codes.get(String(bytes[0]));
      const hash = toHex(blake2b256(bytes));
      if (code === undefined) return submit(bytes, source);
      return code === 'BadCall' ? { kind: 'invalid', hash, code, lasting: true } : { kind: 'refused', hash, code };
    };
    const asked = { pool: async () => [], peers: () => [], fetch: async () => undefined };
    const parts = { ...asked, door, now: () => 0, publish: () => undefined, punish: () => undefined };
    const transactions = new Transactions(parts);
    const hear = (...firsts: number[]) => {
      const value = firsts.map((first) => Uint8Array.of(first, 1, 2));
      return transactions.onGossip('p', transactionAnnouncement.codec.enc({ tag: 'bundle', value }));
    };
    codes.set('1', 'pool/busy').set('2', 'pool/unavailable').set('3', 'BadCall').set('4', 'pool/full');
    expect(await hear(1)).to.equal('later');
    expect(await hear(2)).to.equal('later');
    expect(await hear(5, 1, 4)).to.equal('later');
    expect(await hear(1, 3)).to.equal('reject');
    expect(await hear(4, 5)).to.equal('ignore');
    codes.delete('1');
    expect(await hear(5, 1)).to.equal('accept');
    transactions.stop();
  });

  it('many large ones are all fetched, a few at a time', async () => {
    const door = new ToyChainApi('pool', []);
    const all = Array.from({ length: 40 }, (_, at) => new Uint8Array(MAX_INLINE_TRANSACTION + 1).fill(at));
    const byName = new Map(all.map((bytes) => [toHex(blake2b256(bytes)), bytes]));
    let running = 0;
    let most = 0;
    const announced: Uint8Array[] = [];
    const transactions = new Transactions({
      now: () => 0,
      publish: (data) => announced.push(data),
      door,
      pool: async () => [],
      peers: () => [],
      fetch: async (_peer, hash) => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        return byName.get(hash);
      },
      punish: () => expect.fail('nobody is at fault'),
    });
    for (const bytes of all) transactions.announce(bytes);
    const verdicts = await Promise.all(announced.map((data) => transactions.onGossip('p', data)));
    expect(verdicts).to.have.length(all.length);
    expect(verdicts.every((verdict) => verdict === 'accept')).to.equal(true);
    expect([...byName.keys()].every((hash) => door.transaction(hash) !== undefined)).to.equal(true);
    expect(most).to.be.within(2, 4);
  });
});
