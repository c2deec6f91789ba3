/** A database that forgets votes, under a voter that must not cast them anew. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { assert as hold, bigInt, constantFrom, property, record } from 'fast-check';
import { votePosition } from '../../../../node/consensus/grandpa/formats.ts';
import { isBehind, LastVote } from '../../../../node/consensus/grandpa/last-vote.ts';
import { openLastVote } from '../../../../node/consensus/grandpa/set.ts';
import type { VotePacket, VotePosition } from '../../../../node/consensus/grandpa/types.ts';
import { concatBytes } from '../../../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../../../primitives/crypto/hash.ts';
import { MemoryMeta, ToyChainApi } from '../../network/toy-chain.ts';
import { authoritiesOf } from '../../network/toy-node.ts';
import { chainOf, Loner } from './loner.ts';

const GENESIS = `0x${'01'.repeat(32)}`;
const RECORD = 'grandpa/voter';
let folder: string;
let files = 0;
const freshPath = (): string => join(folder, `last-vote-${files++}`);

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tacit-last-vote-'));
});
after(() => rm(folder, { recursive: true, force: true }));

const at = (setId: bigint, round: bigint, kind: VotePosition['kind']): VotePosition => ({ setId, round, kind });

describe('node/consensus/grandpa: the last vote', () => {
  it('is there again after a restart, and never goes back', async () => {
    const path = freshPath();
    expect((await LastVote.open(path, GENESIS)).position).to.equal(undefined);
    const order = [
      at(0n, 1n, 'propose'),
      at(0n, 1n, 'prevote'),
      at(0n, 1n, 'precommit'),
      at(0n, 2n, 'prevote'),
      at(1n, 1n, 'prevote'),
    ];
    const file = await LastVote.open(path, GENESIS);
    for (const [i, position] of order.entries()) {
      await file.advance(position);
      for (const older of order.slice(0, i)) await file.advance(older);
      expect((await LastVote.open(path, GENESIS)).position).to.deep.equal(position);
    }
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
  });

  it('orders votes by set, round and phase', () => {
    const position = record({
      setId: bigInt(0n, 2n),
      round: bigInt(0n, 2n),
      kind: constantFrom<VotePosition['kind']>('propose', 'prevote', 'precommit'),
    });
    const rank = ({ setId, round, kind }: VotePosition): number =>
      Number(setId) * 100 + Number(round) * 10 + ['propose', 'prevote', 'precommit'].indexOf(kind);
    hold(property(position, position, (a, b) => isBehind(a, b) === rank(a) < rank(b)));
  });

  it('is refused when any byte of it is another, or missing', async () => {
    const path = freshPath();
    await (await LastVote.open(path, GENESIS)).advance(at(3n, 17n, 'prevote'));
    const good = await readFile(path);
    const codeOf = (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => 'opened',
        (error: { code: unknown }) => error.code,
      );
    for (let i = 0; i < good.length; i++) {
      await writeFile(
        path,
        good.map((byte, j) => (j === i ? byte ^ 1 : byte)),
      );
      expect(await codeOf(LastVote.open(path, GENESIS))).to.equal('grandpa/bad-last-vote');
      await writeFile(path, good.subarray(0, i));
      expect(await codeOf(LastVote.open(path, GENESIS))).to.equal('grandpa/bad-last-vote');
    }
  });
});

describe('node/consensus/grandpa: the last vote on another chain', () => {
  it('is refused, and stays as it is', async () => {
    const path = freshPath();
    await (await LastVote.open(path, GENESIS)).advance(at(3n, 17n, 'prevote'));
    const before = await readFile(path);
    const error = await LastVote.open(path, `0x${'02'.repeat(32)}`).catch((thrown: unknown) => thrown);
    expect(error).to.have.property('code', 'grandpa/other-chain');
    expect((error as Error).message).to.contain(GENESIS);
    expect(await readFile(path)).to.deep.equal(before);
  });

  it('is not told from one on this where it names none, until the next vote names it', async () => {
    const path = freshPath();
    const plain = votePosition.codec.enc(at(3n, 17n, 'prevote'));
    await writeFile(path, concatBytes(blake2b256(plain), plain));
    const file = await LastVote.open(path, GENESIS);
    expect(file.position).to.deep.equal(at(3n, 17n, 'prevote'));
    await file.advance(at(3n, 17n, 'precommit'));
    const error = await LastVote.open(path, `0x${'02'.repeat(32)}`).catch((thrown: unknown) => thrown);
    expect(error).to.have.property('code', 'grandpa/other-chain');
  });
});

describe('node/consensus/grandpa: a database that has lost votes', function () {
  this.timeout(20_000);

  /** Votes for some rounds; gives the record of votes of the beginning and of the end, and what was sent. */
  async function history(path: string) {
    const store = new MemoryMeta();
    const lastVote = await LastVote.open(path, GENESIS);
    const unwritten: unknown[] = [];
    const sent = { count: 0 };
    const node = new Loner(await chainOf('a', 'b'), store, lastVote, () => {
      sent.count++;
      if (!lastVote.position) unwritten.push(sent.count);
    });
    await node.untilRound(1n);
    const early = store.get(RECORD);
    await node.untilRound(6n);
    await node.service.stop();
    expect(unwritten, 'votes that left before they were noted').to.deep.equal([]);
    return { early, late: store.get(RECORD), votes: node.votes, last: lastVote.position! };
  }

  /** Votes of both that name the same round and kind, and different blocks. */
  const contradictions = (before: readonly VotePacket[], after: readonly VotePacket[]): VotePacket[] =>
    after.filter((vote) =>
      before.some(
        (old) =>
          old.round === vote.round &&
          old.message.kind === vote.message.kind &&
          old.message.target.hash !== vote.message.target.hash,
      ),
    );

  it('keeps what was sent within what the file tells', async () => {
    const { votes, last } = await history(freshPath());
    for (const { setId, round, message } of votes) {
      expect(isBehind(last, { setId, round, kind: message.kind })).to.equal(false);
    }
  });

  for (const lost of ['all', 'the last rounds'] as const) {
    it(`of ${lost}: no vote contradicts one that has left; without the file, one would`, async () => {
      const path = freshPath();
      const { early, votes, last } = await history(path);
      const restart = async (lastVote: LastVote | undefined): Promise<Loner> => {
        const store = new MemoryMeta();
        if (lost === 'the last rounds' && early) await store.put(RECORD, early);
        // The chain has forgotten as well, and goes on with other blocks.
        const chain = await chainOf(...(lost === 'all' ? ['x', 'y', 'z'] : ['a', 'b', 'c', 'd']));
        return new Loner(chain, store, lastVote);
      };
      const careless = await restart(undefined);
      await careless.untilRound(3n);
      await careless.service.stop();
      expect(contradictions(votes, careless.votes)).not.to.deep.equal([]);

      const careful = await restart(await LastVote.open(path, GENESIS));
      // As long as it took the other: it would have voted by now.
      const other = await restart(undefined);
      await other.untilRound(last.round + 2n);
      await Promise.all([other.service.stop(), careful.service.stop()]);
      expect(careful.votes.filter(({ round }) => round <= last.round)).to.deep.equal([]);
    });
  }

  it('a vote that a crash kept out of the file is in it before the next run tells of it', async () => {
    const { early, late, last } = await history(freshPath());
    const store = new MemoryMeta();
    await store.put(RECORD, late!);
    const path = freshPath();
    expect((await openLastVote(path, GENESIS, store)).position).to.deep.equal(last);
    expect((await LastVote.open(path, GENESIS)).position).to.deep.equal(last);
    // An older record takes nothing back, and none says nothing.
    await store.put(RECORD, early!);
    expect((await openLastVote(path, GENESIS, store)).position).to.deep.equal(last);
    expect((await openLastVote(freshPath(), GENESIS, new MemoryMeta())).position).to.equal(undefined);
  });

  it('of nothing: the voter goes on at once', async () => {
    const path = freshPath();
    const { late, last } = await history(path);
    const store = new MemoryMeta();
    await store.put(RECORD, late!);
    const node = new Loner(await chainOf('a', 'b', 'c'), store, await LastVote.open(path, GENESIS));
    await node.untilRound(last.round + 1n);
    await node.service.stop();
  });

  it('of a set that the chain has not reached: no vote at all', async () => {
    const path = freshPath();
    const lastVote = await LastVote.open(path, GENESIS);
    await lastVote.advance(at(1n, 4n, 'precommit'));
    const [careful, other] = [
      new Loner(await chainOf('a'), new MemoryMeta(), lastVote),
      new Loner(await chainOf('a'), new MemoryMeta(), undefined),
    ];
    await other.untilRound(4n);
    await Promise.all([other.service.stop(), careful.service.stop()]);
    expect(careful.votes).to.deep.equal([]);
  });

  it('of an old set is no matter: the voter of a new one votes', async () => {
    const lastVote = await LastVote.open(freshPath(), GENESIS);
    const chain = new ToyChainApi('loner', [authoritiesOf(0), authoritiesOf(0)]);
    const first = await chain.importBlock(chain.make(chain.genesisHash, 'next-set'), 'sync');
    if (first.kind !== 'imported') throw new Error(first.kind);
    await chain.finalize(first.ref.hash, new Uint8Array(0));
    await chain.importBlock(chain.make(first.ref.hash, 'a'), 'sync');
    await lastVote.advance(at(0n, 1_000n, 'precommit'));
    const node = new Loner(chain, new MemoryMeta(), lastVote);
    await node.untilRound(2n);
    await node.service.stop();
    expect(lastVote.position!.setId).to.equal(1n);
  });
});
