import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { CLAIM_FEE, claim, claimable, type ClaimTerms } from '../../../../client/sdk/claim.ts';
import { storage } from '../../../../client/sdk/generated/chain.ts';
import { type Wallet, walletOf } from '../../../../client/sdk/keys.ts';
import { type Book, openBook, type OwnNote, type Scan, scan, sealBook } from '../../../../client/sdk/notes/index.ts';
import { files } from '../../../../client/sdk/node/files.ts';
import { PASS_CLAIMS } from '../../../../client/sdk/notes/read.ts';
import { type Prover, proveHere } from '../../../../client/sdk/prove.ts';
import { random as fresh } from '../../../../client/sdk/random.ts';
import { seedOfWords, wordsOf } from '../../../../client/sdk/words.ts';
import { hash32Of } from '../../../../primitives/crypto/hash.ts';
import { commit, J0, times } from '../../../../primitives/crypto/ristretto.ts';
import { changeFor } from '../../../../primitives/proofs/change-secrets.ts';
import type { Note } from '../../../../primitives/proofs/notes.ts';
import type { Change } from '../../../../primitives/trie/index.ts';
import { codeOf, entry, PaperChain } from '../../support/paper-chain.ts';
import { PaperNotes } from '../../support/paper-notes.ts';
import {
  claimOf,
  enrolmentsOf,
  GRAINS,
  newWallets,
  paperClient,
  params,
  payoutRecord,
  RATE,
  roundRecord,
  settledRound,
} from '../../support/settled.ts';

const LARGEST = 5_000_000n;
const { genesis } = new PaperChain();

/** A chain whose rounds pay notes and whose claims are checked. */
class World {
  readonly notes = new PaperNotes(genesis);
  readonly #changes: Change[] = [];
  #next = 1;
  /** Payouts of the last round, still masked. */
  z: readonly bigint[] = [];

  /** A round that pays these wallets. */
  settle(wallets: readonly Wallet[], score = 9_000n, grains = GRAINS): number {
    const members = wallets.map((wallet, i) => ({ wallet, score: score + BigInt(i) }));
    const mint = this.notes.mint(params.t, grains);
    const { changes, z } = settledRound(genesis, this.#next, members, mint, undefined, undefined, grains);
    this.#changes.push(...changes);
    this.z = z;
    return this.#next++;
  }

  /** A round that is not over, or is over otherwise. */
  other(more: Parameters<typeof roundRecord>[2]): number {
    this.#changes.push(entry(storage.tally.rounds, [this.#next], roundRecord(this.#next, 2, more)));
    return this.#next++;
  }

  add(...changes: Change[]): this {
    this.#changes.push(...changes);
    return this;
  }

  /** The chain as it stands, with `blocks` blocks. */
  chain(blocks = 1): PaperChain {
    const changes = [entry(storage.tally.nextRound, [], this.#next), ...this.#changes, ...this.notes.entries()];
    const made = new PaperChain();
    for (let i = 1; i < blocks; i++) made.block();
    return made.block({ changes });
  }

  async read(wallet: Wallet, before?: Book): Promise<Scan> {
    return scan(paperClient(this.chain()).chain, wallet, before);
  }

  /** Claims of a note, on a chain that takes this fee. */
  async claim(wallet: Wallet, note: OwnNote, found: Scan, terms: ClaimTerms, fee = CLAIM_FEE): Promise<void> {
    const { chain, sent } = paperClient(this.chain());
    const { noteSeed } = wallet;
    const prove: Prover = (input) => {
      const made = { ...input.terms, fee };
      const left = note.opening.amount - made.amount * note.grains;
      const change = changeFor({ noteSeed, genesis, tag: note.tag, terms: made, left }, terms.split);
      return proveHere({ ...input, terms: made, change });
    };
    await codeOf(() => claim(chain, wallet, found, note, terms, { prove }));
    expect(this.notes.pay(claimOf(sent[0]), fee)).to.equal(true);
  }
}

const only = ({ notes }: Scan): OwnNote => {
  expect(notes.length).to.equal(1);
  return notes[0] as OwnNote;
};

describe('client/sdk/notes: scans', function () {
  this.timeout(600_000);

  it('go on where they ended, and find what one from the start finds, through change of change in several classes', async () => {
    const [alice, bob] = newWallets(2) as [Wallet, Wallet];
    const world = new World();
    let book: Scan | undefined;
    const pending = world.other({ phase: { tag: 'Open' } });
    for (const grains of [16n, 256n, 16n]) {
      world.settle([alice, bob], 50_000n, grains);
      for (const id of [0, 1]) if (grains === 16n ? id === 0 : id === 1) world.notes.close(id, LARGEST);
      book = await world.read(alice, book);
      for (const [amount, split] of [
        [1_000_000n, 40],
        [200_000n, 0],
      ] as const) {
        const note = claimable(book.notes).find((one) => one.bin && one.amount >= amount) as OwnNote;
        await world.claim(alice, note, book, { amount, split });
        world.notes.close(note.class, LARGEST);
        book = await world.read(alice, book);
        expect(book.unsettled.map(({ round }) => round)).to.deep.equal([pending]);
      }
    }
    const whole = await world.read(alice);
    expect(book?.notes).to.deep.equal(whole.notes);
    expect(new Set(whole.notes.map((note) => note.class)).size).to.equal(2);
    expect(whole.notes.filter(({ spent }) => spent).length).to.equal(6);
    // everything that a round brought is paid or held, to the grain
    for (const id of [0, 1]) {
      const own = whole.notes.filter((note) => note.class === id);
      const [scale] = own.map(({ grains }) => grains);
      const brought = own.reduce((sum, { origin, opening }) => sum + ('round' in origin ? opening.amount : 0n), 0n);
      const paid = own.reduce((sum, { spent }) => sum + (spent?.amount ?? 0n), 0n);
      const held = own.reduce((sum, { spent, opening }) => sum + (spent ? 0n : opening.amount), 0n);
      expect(brought).to.equal(paid * (scale as bigint) + held);
    }
    expect((await world.read(bob)).notes.length).to.equal(3);
  });

  it('find everything again by the words alone, on a machine that has no file', async () => {
    const seed = fresh(32);
    const alice = walletOf(seed);
    const world = new World();
    world.settle([alice, ...newWallets(1)]);
    world.notes.close(0, LARGEST);
    let book = await world.read(alice);
    await world.claim(alice, only(book), book, { amount: 2_000_000n, split: 9 });
    world.notes.close(0, LARGEST);
    book = await world.read(alice, book);
    const again = walletOf(seedOfWords(wordsOf(seed)));
    const found = await world.read(again);
    expect(found.notes).to.deep.equal(book.notes);
    const [spent] = found.notes.filter(({ spent: by }) => by);
    // and where it was paid to
    const own = again.freshAccount(genesis, spent!.tag).publicKey;
    expect(spent?.spent?.destination).to.deep.equal(own);
  });

  it('find by the words alone, on a machine that has no file, change that was made under two fees [it was derived with the fee, which changes]', async () => {
    const seed = fresh(32);
    const alice = walletOf(seed);
    const world = new World();
    world.settle([alice, ...newWallets(1)]);
    const fees = [CLAIM_FEE, (3n * CLAIM_FEE) / 2n, 0n];
    for (const [i, fee] of fees.entries()) {
      world.notes.close(0, LARGEST);
      const found = await world.read(alice);
      const [note] = claimable(found.notes).toSorted((a, b) => (a.amount > b.amount ? -1 : 1)) as [OwnNote];
      await world.claim(alice, note, found, { amount: 500_000n, split: i === 1 ? 20 : 0 }, fee);
    }
    const found = await world.read(walletOf(seedOfWords(wordsOf(seed))));
    expect(found.problems).to.deep.equal([]);
    const [minted] = found.notes.filter(({ origin }) => 'round' in origin) as [OwnNote];
    const left = found.notes.filter(({ spent }) => !spent).reduce((sum, { opening }) => sum + opening.amount, 0n);
    expect(left).to.equal(minted.opening.amount - 1_500_000n * GRAINS);
    // and what each has paid
    const spent = found.notes.flatMap((note) => note.spent ?? []).toSorted((a, b) => a.claim - b.claim);
    expect(spent.map(({ fee }) => fee)).to.deep.equal(fees);
    expect(openBook(alice, genesis, sealBook(alice, found, fresh)).notes).to.deep.equal(found.notes);
  });

  it('ask the same, in the same order and of the same size, whatever the wallet holds', async () => {
    const wallets = newWallets(4);
    const [rich, poor, none] = wallets as [Wallet, Wallet, Wallet];
    const world = new World();
    for (const members of [[rich, poor], [rich], [rich, wallets[3]!]]) world.settle(members);
    world.other({ phase: { tag: 'Failed' }, failure: { tag: 'TooFew' } });
    world.notes.close(0, LARGEST);
    const early = world.chain();
    const book = await world.read(rich);
    for (const note of book.notes.slice(0, 2)) await world.claim(rich, note, book, { amount: 1_000_000n, split: 30 });
    world.settle([poor]);
    world.notes.close(0, LARGEST);
    const late = world.chain(2);
    const views: string[][][] = [];
    for (const wallet of [rich, poor, none]) {
      const [first, second, whole] = [paperClient(early), paperClient(late), paperClient(late)];
      const before = await scan(first.chain, wallet);
      await scan(second.chain, wallet, before);
      const { notes } = await scan(whole.chain, wallet);
      views.push([first.asked, second.asked, whole.asked, [`${notes.length}`]]);
    }
    expect(views.map((view) => view[3]?.[0])).to.deep.equal(['7', '2', '0']);
    for (const [a, b, c] of views) expect([a, b, c]).to.deep.equal(views[0]?.slice(0, 3));
    // the second reads what is new, not everything
    expect(views[0]?.[1]?.length).to.be.lessThan(views[0]?.[2]?.length as number);
  });

  it('what is wrong with one round does not hide the notes of the others', async () => {
    const [alice, bob] = newWallets(2) as [Wallet, Wallet];
    const world = new World();
    for (let i = 0; i < 4; i++) world.settle([alice, bob]);
    const stored = settledRound(genesis, 2, [{ wallet: alice, score: 1n }], () => ({ class: 0, first: 3 }))
      .changes[2] as Change;
    const far = settledRound(genesis, 3, [{ wallet: alice, score: 1n }], () => ({ class: 4, first: 0 }))
      .changes[2] as Change;
    const [first = 0n, ...others] = world.z;
    world.add(stored, far, entry(storage.tally.payouts, [4], payoutRecord(4, [(first + 1n) % params.t, ...others])));
    const { notes, problems } = await world.read(alice);
    expect(notes.map(({ origin }) => origin)).to.have.length(1);
    expect(problems.map(({ where, code }) => [where, code])).to.deep.equal([
      ['round 2', 'sdk/no-note'],
      ['round 4', 'notes/not-mine'],
      ['round 3', 'sdk/no-note'],
    ]);
  });

  it('parameters that only tests may use are refused, except on a chain for development', async () => {
    const [alice] = newWallets(1) as [Wallet];
    const world = new World();
    world.settle([alice]);
    const changes = [entry(storage.tally.nextRound, [], 2), ...world.notes.entries()];
    for (const chainType of ['Local', 'Live'] as const) {
      const { changes: round } = settledRound(genesis, 1, [{ wallet: alice, score: 1n }], () => ({
        class: 0,
        first: 0,
      }));
      const chain = new PaperChain([], chainType).block({ changes: [...changes, ...round] });
      const { notes, problems } = await scan(paperClient({ root: chain.root, ask: chain.ask, genesis }).chain, alice);
      expect([notes, problems.map(({ code }) => code)]).to.deep.equal([[], ['sdk/weak-parameters']]);
    }
  });

  it('rounds that failed are not asked for again, those under way are', async () => {
    const [alice] = newWallets(1) as [Wallet];
    const world = new World();
    const failed = world.other({ phase: { tag: 'Failed' }, failure: { tag: 'TooFew' } });
    const open = world.other({ phase: { tag: 'Payout' } });
    const book = await world.read(alice);
    expect(book.failed).to.deep.equal([{ round: failed, failure: 'TooFew' }]);
    expect(book.cursor).to.deep.include({ rounds: open + 1, unsettled: [open] });
    const { changes } = settledRound(genesis, open, [{ wallet: alice, score: 5n }], world.notes.mint(params.t, GRAINS));
    world.add(...changes);
    const after = await world.read(alice, book);
    expect(only(after).origin).to.include({ round: open });
    expect([after.failed, after.unsettled, after.cursor.unsettled]).to.deep.equal([book.failed, [], []]);
  });

  it('keep of the rounds that failed the last ones, so that the store can be read however many there were', async () => {
    const [alice] = newWallets(1) as [Wallet];
    const world = new World();
    const book = await world.read(alice);
    const failed = world.other({ phase: { tag: 'Failed' }, failure: { tag: 'TooFew' } });
    const long = Array.from({ length: 100_000 }, () => ({ round: 1, failure: 'TooFew' }));
    const after = await world.read(alice, { ...book, failed: long });
    expect([after.failed.length, after.failed.at(-1)]).to.deep.equal([10_000, { round: failed, failure: 'TooFew' }]);
    expect(openBook(alice, genesis, sealBook(alice, after, fresh)).failed).to.deep.equal(after.failed);
  });

  it('read more claims than are held at once, in passes, with change that goes from one into the next', async () => {
    const [alice] = newWallets(1) as [Wallet];
    const world = new World();
    world.settle([alice]);
    world.notes.close(0, LARGEST);
    const book = await world.read(alice);
    const strange = (i: number): Note => ({ key: hash32Of('k', i), commitment: hash32Of('c', i) });
    const fill = (count: number, from: number): void => {
      for (let i = from; i < from + count; i++)
        world.notes.record(
          { class: 0, bin: 0, tag: hash32Of('t', i), amount: 20_000n, fee: CLAIM_FEE, destination: genesis },
          [strange(i)],
        );
    };
    fill(PASS_CLAIMS - 9, 0);
    await world.claim(alice, only(book), book, { amount: 1_000_000n });
    fill(40, PASS_CLAIMS);
    // change of the first claim is spent by a claim of the second pass
    const change = (await world.read(alice, book)).notes.find(({ spent }) => !spent) as OwnNote;
    const terms = { amount: 500_000n, destination: genesis };
    const left = change.opening.amount - 500_000n * GRAINS;
    const [made] = changeFor({ noteSeed: alice.noteSeed, genesis, tag: change.tag, terms, left });
    const outputs = [{ key: made!.key, commitment: commit(left, made!.blinding).toBytes() }];
    world.notes.record({ class: 0, bin: 0, tag: change.tag, fee: CLAIM_FEE, ...terms }, outputs);
    const whole = await world.read(alice);
    expect(whole.cursor.claims).to.be.greaterThan(PASS_CLAIMS);
    expect(whole.notes.map(({ spent: by }) => by?.amount)).to.deep.equal([1_000_000n, 500_000n, undefined]);
    expect(whole.notes).to.deep.equal((await world.read(alice, book)).notes);
  });
});

describe('client/sdk/notes: what strangers do', function () {
  this.timeout(600_000);
  const record = { class: 0, bin: 0, amount: 1_000_000n, fee: CLAIM_FEE, destination: genesis };

  it('change that a stranger makes for one of our keys is not found, and takes nothing away', async () => {
    const [alice] = newWallets(1) as [Wallet];
    const world = new World();
    world.settle([alice]);
    const note = only(await world.read(alice));
    const key = times(J0, note.key).toBytes();
    world.notes.record({ ...record, tag: hash32Of('theirs') }, [{ key, commitment: commit(10n ** 9n, 7n).toBytes() }]);
    const found = await world.read(alice);
    expect(found.notes).to.deep.equal([note]);
    expect(found.problems).to.deep.equal([]);
  });

  it('a claim of our note whose change is not ours ends the note, and is said', async () => {
    const [alice] = newWallets(1) as [Wallet];
    const note = await noteOf(alice);
    const strange = [{ key: hash32Of('k'), commitment: hash32Of('c') }];
    const terms = { amount: record.amount, destination: genesis };
    const left = note.opening.amount - record.amount * GRAINS;
    const [made] = changeFor({ noteSeed: alice.noteSeed, genesis, tag: note.tag, terms, left });
    const own = [{ key: made!.key, commitment: commit(left, made!.blinding).toBytes() }];
    // own change among the notes of another class holds other amounts
    for (const [more, outputs] of [
      [{}, strange],
      [{ class: 1 }, own],
      [{ amount: 10n ** 12n }, strange],
      [{}, [...own, ...own]],
    ] as const) {
      // the key of a note follows from wallet and round: the same tag on every such chain
      const other = new World();
      other.settle([alice]);
      other.notes.classOf(params.t, 256n);
      other.notes.record({ ...record, ...more, tag: note.tag }, outputs);
      const found = await other.read(alice);
      expect(only(found).spent?.claim).to.equal(0);
      expect(found.problems.map(({ where, code }) => [where, code])).to.deep.equal([['claim 0', 'sdk/no-change']]);
      expect(claimable(found.notes)).to.deep.equal([]);
    }
  });

  it('of two notes with one key the larger is spent, whichever came first, and the other ends with it', async () => {
    const [alice] = newWallets(1) as [Wallet];
    for (const amounts of [
      [3_000_000n, 4_000_000n],
      [4_000_000n, 3_000_000n],
    ]) {
      const world = new World();
      world.settle(newWallets(1));
      const note = await noteOf(alice);
      const two = amounts.map((amount, i) => {
        const grains = amount * GRAINS;
        return { ...note, number: i, amount, opening: { amount: grains, twin: 0 as const, blinding: 5n + BigInt(i) } };
      });
      const [larger] = two.toSorted((a, b) => (a.amount > b.amount ? -1 : 1)) as [OwnNote, OwnNote];
      expect(claimable(two)).to.deep.equal([larger]);
      const book = { ...(await world.read(alice)), notes: two };
      const terms = { amount: 1_000_000n, destination: genesis };
      const source = { noteSeed: alice.noteSeed, genesis, tag: note.tag, terms };
      const outputs = changeFor({ ...source, left: larger.opening.amount - 1_000_000n * GRAINS }).map((one) => ({
        key: one.key,
        commitment: commit(one.amount, one.blinding).toBytes(),
      }));
      world.notes.record({ ...record, tag: note.tag }, outputs);
      const { notes } = await world.read(alice, book);
      expect(notes.map(({ amount, spent }) => [amount, spent?.claim])).to.deep.equal([
        ...amounts.map((amount) => [amount, 0]),
        [3_000_000n, undefined],
      ]);
      expect(claimable(notes).map(({ amount }) => amount)).to.deep.equal([3_000_000n]);
    }
  });

  async function noteOf(wallet: Wallet): Promise<OwnNote> {
    const world = new World();
    world.settle([wallet]);
    return only(await world.read(wallet));
  }

  it('a node that hides claims, notes or bins, or changes them, proves nothing', async () => {
    const wallets = newWallets(3);
    const [alice] = wallets as [Wallet];
    const world = new World();
    world.settle(wallets);
    world.notes.close(0, LARGEST);
    const book = await world.read(alice);
    const before = world.chain(2);
    await world.claim(alice, only(book), book, { amount: 1_000_000n });
    const honest = world.chain(2);
    // the state of before the claim, one of its records left out, a chunk of another chain: each under the header of the honest one
    const liars = {
      before,
      shorter: world.chain().block({ changes: [entry(storage.notes.claims, [0], [])] }),
      hidden: world.chain().block({ changes: [entry(storage.notes.claimCount, [], 0)] }),
      changed: world
        .chain()
        .block({ changes: [entry(storage.notes.notes, [0, 0], [{ key: hash32Of('k'), commitment: hash32Of('c') }])] }),
    };
    for (const [name, lying] of Object.entries(liars)) {
      const lie = async (answer: unknown, method: string, [keys]: readonly unknown[]): Promise<unknown> =>
        method === 'state_getReadProof'
          ? lying.ask(method, [keys, await lying.ask('chain_getBlockHash', [2])])
          : answer;
      const { chain, sent } = paperClient(honest, lie);
      expect(await codeOf(() => scan(chain, alice, book)), name).to.equal('light/incomplete-proof');
      expect(sent).to.deep.equal([]);
    }
    expect((await scan(paperClient(honest).chain, alice, book)).notes.length).to.equal(2);
  });

  it('a chain that counts what is not there is found out', async () => {
    const [alice] = newWallets(1) as [Wallet];
    const made = (): World => {
      const world = new World();
      world.settle([alice]);
      world.notes.record({ ...record, tag: hash32Of('t') }, [{ key: genesis, commitment: genesis }]);
      return world;
    };
    for (const change of [
      entry(storage.notes.claimCount, [], 2),
      entry(storage.notes.notes, [0, 0], []),
      entry(storage.notes.claims, [0], [{ ...record, tag: genesis, first: 900, outputs: 1 }]),
    ]) {
      const chain = made()
        .chain()
        .block({ changes: [change] });
      expect(await codeOf(() => scan(paperClient(chain).chain, alice))).to.equal('sdk/unexpected-answer');
    }
  });

  it('a node that lies about payouts reads of none of 32 wallets who claims', async () => {
    const wallets = newWallets(32);
    const members = wallets.map((wallet, i) => ({ wallet, score: BigInt(i * 1000) }));
    const enrolments = enrolmentsOf(genesis, 1, members);
    const next = entry(storage.tally.nextRound, [], 2);
    const chainOf = (shift: (item: number) => bigint) => {
      const notes = new PaperNotes(genesis);
      const { changes } = settledRound(genesis, 1, members, notes.mint(params.t, GRAINS), shift, enrolments);
      return new PaperChain().block({ changes: [next, ...changes, ...notes.entries()] });
    };
    const honest = chainOf(() => 0n);
    // the liar marks item i by adding i * step to its payout, and makes the notes agree: all of it from public data
    const step = RATE * ((1n << 41n) / RATE + 1n);
    const lying = chainOf((i) => step * BigInt(i));
    const lie = async (answer: unknown, method: string, [keys]: readonly unknown[]): Promise<unknown> => {
      if (method !== 'state_getReadProof') return answer;
      return lying.ask(method, [keys, await lying.ask('chain_getBlockHash', [1])]);
    };
    for (const wallet of wallets) {
      const { chain } = paperClient(honest, lie);
      expect(await codeOf(() => scan(chain, wallet))).to.equal('light/incomplete-proof');
      const { root } = new PaperChain([], 'Development', 'others');
      const forked = paperClient({ ...lying, ask: lying.ask, genesis, root });
      expect(await codeOf(() => scan(forked.chain, wallet))).to.equal('light/not-final');
    }
    expect((await scan(paperClient(honest).chain, wallets[31]!)).notes.length).to.equal(1);
  });
});

describe('client/sdk/notes: the store', function () {
  this.timeout(600_000);
  const [alice, bob] = newWallets(2) as [Wallet, Wallet];

  async function someBook(): Promise<Scan> {
    const world = new World();
    world.settle([alice, bob]);
    world.other({ phase: { tag: 'Failed' }, failure: { tag: 'TooFew' } });
    world.notes.close(0, LARGEST);
    const book = await world.read(alice);
    await world.claim(alice, only(book), book, { amount: 1_000_000n, split: 5 });
    return world.read(alice, book);
  }

  it('gives back what it was given, to its wallet and for its chain only', async () => {
    const { open: _, unsettled: __, ...book } = await someBook();
    const text = sealBook(alice, book, fresh);
    expect(openBook(alice, genesis, text)).to.deep.equal(book);
    expect(sealBook(alice, book, fresh)).not.to.equal(text);
    expect(text).not.to.include('round').and.not.to.include(alice.account.address);
    const codes = [
      () => openBook(bob, genesis, text),
      () => openBook(alice, hash32Of('other'), text),
      () => openBook(alice, genesis, ''),
      () => openBook(alice, genesis, text.slice(0, -4)),
      () => openBook(alice, genesis, text.replace('tacit-notes-2', 'tacit-claims-1')),
    ].map((open) => {
      try {
        open();
        return 'none';
      } catch (error) {
        return (error as { code?: string }).code;
      }
    });
    expect(codes).to.deep.equal([
      'sdk/bad-store',
      'sdk/other-chain',
      ...Array.from({ length: 3 }, () => 'sdk/bad-store'),
    ]);
  });

  it('of some thousand notes fits into a file of the owner alone', async () => {
    const { open: _, unsettled: __, ...book } = await someBook();
    const [note] = book.notes as [OwnNote];
    const many = { ...book, notes: Array.from({ length: 3000 }, (___, number) => ({ ...note, number })) };
    const folder = mkdtempSync(join(tmpdir(), 'tacit-store-'));
    try {
      const name = join(folder, 'a.notes');
      await files.replace(name, sealBook(alice, many, fresh));
      expect(statSync(name).mode & 0o777).to.equal(0o600);
      expect(openBook(alice, genesis, (await files.read(name)) as string)).to.deep.equal(many);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('a text that is damaged anywhere is refused with its code, and nothing else happens', async () => {
    const text = sealBook(alice, await someBook(), fresh);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 33, max: 126 }), (at, code) => {
        const char = String.fromCharCode(code);
        // line end apart, and what JSON takes for the same
        fc.pre(text[at] !== char && at < text.length - 1);
        const damaged = text.slice(0, at) + char + text.slice(at + 1);
        expect(() => openBook(alice, genesis, damaged))
          .to.throw()
          .with.property('code', 'sdk/bad-store');
      }),
      { numRuns: 60 },
    );
  });

  it('of another chain, or ahead of this one, is told apart from a damaged one', async () => {
    const book = await someBook();
    const world = new World();
    const other = { ...book, genesis: hash32Of('other') };
    expect(await codeOf(() => world.read(alice, other))).to.equal('sdk/other-chain');
    // a chain of the same beginning that is shorter
    expect(await codeOf(() => world.read(alice, book))).to.equal('sdk/book-ahead');
    const later = { ...book, cursor: { ...book.cursor, block: 9 } };
    expect(await codeOf(() => world.read(alice, later))).to.equal('sdk/book-ahead');
  });
});
