import { expect } from 'chai';
import { CLAIM_FEE, claim, LEAST_CLAIM, scan, scanRound } from '../../../client/sdk/claim.ts';
import { storage } from '../../../client/sdk/generated/chain.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { encodeBin } from '../../../primitives/proofs/notes.ts';
import { claimTag, tagOfProof, verifyClaim } from '../../../primitives/proofs/ring.ts';
import type { Change } from '../../../primitives/trie/index.ts';
import { codeOf, entry, PaperChain } from '../support/paper-chain.ts';
import {
  claimOf,
  GRAINS,
  enrolmentsOf,
  newWallets,
  paperClient,
  payoutRecord,
  random,
  RATE,
  roundRecord,
  settledRound,
  STAKE,
} from '../support/settled.ts';

/** Scores of three wallets; one lost some of its stake. */
const SCORES = [90_000n, -70_000n, 0n];

const binRecord = (bin: Uint8Array) => ({ bin, root: random(32), escrow: 0n, claimed: 0, grains: GRAINS });

describe('client/sdk/claim', function () {
  this.timeout(600_000);
  const base = new PaperChain();
  const wallets = newWallets(SCORES.length);
  const members = wallets.map((wallet, i) => ({ wallet, score: SCORES[i]! }));
  const { changes, bin, z } = settledRound(base.genesis, 2, members);
  const [earner, loser] = wallets as [(typeof wallets)[0], (typeof wallets)[0]];
  /** The chain with round 2 settled, and what else a test wants. */
  const chainWith = (...more: Change[]) =>
    new PaperChain().block({ changes: [entry(storage.tally.nextRound, [], 3), ...changes, ...more] });

  it('every wallet reads its own amount and score, losses and zeros included', async () => {
    const { chain } = paperClient(chainWith());
    for (const [i, wallet] of wallets.entries()) {
      const { notes, problems, rounds } = await scan(chain, wallet);
      expect([problems, notes.length, [...rounds.keys()]]).to.deep.equal([[], 1, [2]]);
      const [note] = notes;
      expect(note).to.include({ round: 2, item: i, place: i, stake: STAKE, rate: RATE, spent: false });
      expect(note?.score).to.equal(SCORES[i]);
      // whole units, rounded down
      const grains = GRAINS * STAKE + RATE * SCORES[i]!;
      expect([note?.opening.amount, note?.amount]).to.deep.equal([grains, grains / GRAINS]);
    }
    expect((await scan(chain, newWallets(1)[0]!)).notes).to.deep.equal([]);
  });

  it("the claim that is sent verifies on the chain's side and pays the fresh account", async () => {
    const { chain, sent } = paperClient(chainWith());
    const note = await scanRound(chain, earner, 2);
    if (!note) throw new Error('no note');
    const destination = earner.freshAccount(base.genesis, 2).publicKey;
    // The node says that it is final, and proves nothing.
    expect(await codeOf(() => claim(chain, note, destination))).to.include('no block');
    expect(sent.length).to.equal(1);
    const { round, bin: index, amount, destination: to, proof } = claimOf(sent[0]);
    expect([round, index, amount, toHex(to)]).to.deep.equal([2, 0, note.opening.amount, toHex(destination)]);
    const terms = { amount, fee: CLAIM_FEE * GRAINS, destination: to };
    expect(verifyClaim(bin, terms, proof)).to.equal(true);
    expect(verifyClaim(bin, { ...terms, destination: loser.account.publicKey }, proof)).to.equal(false);
    expect(toHex(tagOfProof(proof))).to.equal(toHex(claimTag(note.key)));
  });

  it('knows a note that has been claimed, and does not claim it again', async () => {
    const open = await scanRound(paperClient(chainWith()).chain, earner, 2);
    const tag = claimTag(open?.key as bigint);
    // the tag of another round's note is another note's
    const { chain } = paperClient(chainWith(entry(storage.royalty.tags, [1, tag], undefined)));
    expect((await scanRound(chain, earner, 2))?.spent).to.equal(false);
    const marked = paperClient(chainWith(entry(storage.royalty.tags, [2, tag], undefined)));
    const note = await scanRound(marked.chain, earner, 2);
    expect(note?.spent).to.equal(true);
    expect(await codeOf(() => claim(marked.chain, note!, new Uint8Array(32)))).to.equal('sdk/note-spent');
    expect(marked.sent).to.deep.equal([]);
    expect((await scanRound(marked.chain, loser, 2))?.spent).to.equal(false);
  });

  it('a note that does not pay the fee and an account is not claimed, and says the numbers', async () => {
    const { chain, sent } = paperClient(chainWith());
    const note = (await scanRound(chain, earner, 2))!;
    const work = () => claim(chain, { ...note, amount: LEAST_CLAIM - 1n }, new Uint8Array(32));
    expect(await codeOf(work)).to.equal('sdk/note-too-small');
    expect(String(await work().catch((error: Error) => error)))
      .to.include(`${LEAST_CLAIM - 1n}`)
      .and.include(`${LEAST_CLAIM}`);
    expect(sent).to.deep.equal([]);
  });

  it('what is wrong with one round does not hide the notes of the others', async () => {
    const other = settledRound(base.genesis, 1, members);
    const broken = chainWith(
      ...other.changes,
      entry(storage.royalty.bins, [1, 0], binRecord(encodeBin({ ...other.bin, notes: other.bin.notes.slice(1) }))),
    );
    const { notes, problems } = await scan(paperClient(broken).chain, earner);
    expect(notes.map(({ round }) => round)).to.deep.equal([2]);
    expect(problems.map(({ round, error }) => [round, error.code])).to.deep.equal([[1, 'sdk/no-note']]);
  });

  it('what the chain itself has wrong is found out', async () => {
    const wrong: Record<string, Change> = {
      'notes/not-mine': entry(
        storage.tally.payouts,
        [2],
        payoutRecord(
          2,
          z.map((value) => value ^ 1n),
        ),
      ),
      'sdk/bad-payout': entry(storage.tally.payouts, [2], payoutRecord(2, z, 7_000_000n)),
      'notes/bad-bin': entry(storage.royalty.bins, [2, 0], binRecord(Uint8Array.of(0))),
    };
    for (const [code, change] of Object.entries(wrong))
      expect(await codeOf(() => scanRound(paperClient(chainWith(change)).chain, earner, 2)), code).to.equal(code);
    expect(await codeOf(() => scanRound(paperClient(chainWith()).chain, earner, 1))).to.equal('sdk/unknown-round');
  });

  it('parameters that only tests may use are refused, except on a chain for development', async () => {
    for (const chainType of ['Local', 'Live'] as const) {
      const chain = new PaperChain([], chainType).block({
        changes: [entry(storage.tally.nextRound, [], 3), ...changes],
      });
      const { problems, notes } = await scan(
        paperClient({ ...chain, ask: chain.ask, genesis: base.genesis }).chain,
        earner,
      );
      expect([notes, problems.map(({ error }) => error.code)]).to.deep.equal([[], ['sdk/weak-parameters']]);
    }
  });
});

describe('client/sdk/scan: what a node sees and can say', function () {
  this.timeout(600_000);

  it('a scan asks the same, in the same order and size, whatever the wallet holds', async () => {
    const { genesis } = new PaperChain();
    const [ROUNDS, WALLETS] = [5, 6];
    const wallets = newWallets(WALLETS);
    const changes: Change[] = [entry(storage.tally.nextRound, [], ROUNDS + 2)];
    for (let round = 1; round <= ROUNDS; round++) {
      // wallet w is in the rounds that the bits of w name; the last wallet is in none
      const members = wallets.slice(0, -1).filter((_, w) => ((w + 1) >> (round % 3)) & 1 || round === 4);
      changes.push(
        ...settledRound(
          genesis,
          round,
          members.map((wallet) => ({ wallet, score: 1_000n })),
        ).changes,
      );
    }
    changes.push(entry(storage.tally.rounds, [ROUNDS + 1], roundRecord(ROUNDS + 1, 2, { phase: { tag: 'Open' } })));
    const chain = new PaperChain().block({ changes });
    const views = await Promise.all(
      wallets.map(async (wallet) => {
        const { chain: seen, asked } = paperClient(chain);
        const { notes } = await scan(seen, wallet);
        return { asked, notes: notes.length };
      }),
    );
    expect(new Set(views.map(({ notes }) => notes)).size).to.be.greaterThan(2);
    for (const { asked } of views) expect(asked).to.deep.equal(views[0]?.asked);
    expect(views[0]?.asked.length).to.be.greaterThan(5 * ROUNDS);
  });

  it('a node that lies about bins and payouts reads of none of 32 wallets who claims', async () => {
    const { genesis } = new PaperChain();
    const wallets = newWallets(32);
    const members = wallets.map((wallet) => ({ wallet, score: BigInt(Math.floor(Math.random() * 4e4)) }));
    const enrolments = enrolmentsOf(genesis, 1, members);
    const next = entry(storage.tally.nextRound, [], 2);
    const honest = new PaperChain().block({
      changes: [next, ...settledRound(genesis, 1, members, undefined, enrolments).changes],
    });
    // the liar marks item i by adding i * step to its payout, and makes the bin agree: all of it from public data
    const step = RATE * ((1n << 41n) / RATE + 1n);
    const marked = settledRound(genesis, 1, members, (i) => step * BigInt(i), enrolments).changes;
    const lying = new PaperChain().block({ changes: [next, ...marked] });
    const lie = async (answer: unknown, method: string, [keys]: readonly unknown[]): Promise<unknown> => {
      if (method !== 'state_getReadProof') return answer;
      return lying.ask(method, [keys, await lying.ask('chain_getBlockHash', [1])]);
    };
    for (const wallet of wallets) {
      const { chain, sent } = paperClient(honest, lie);
      expect(await codeOf(() => scan(chain, wallet))).to.equal('light/incomplete-proof');
      const forked = paperClient({
        ...lying,
        ask: lying.ask,
        genesis,
        root: new PaperChain([], 'Development', 'others').root,
      });
      expect(await codeOf(() => scan(forked.chain, wallet))).to.equal('light/not-final');
      expect([...sent, ...forked.sent]).to.deep.equal([]);
    }
    // the honest node serves them all
    expect((await scan(paperClient(honest).chain, wallets[31]!)).notes.length).to.equal(1);
  });
});
