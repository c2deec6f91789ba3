import { expect } from 'chai';
import { KeptPlan } from '../../../client/cli/actions/kept-plan.ts';
import { checkClaim, claim, claimable, LEAST_CLAIM, waitOf } from '../../../client/sdk/claim.ts';
import { claimNow } from '../../../client/sdk/claim-plan.ts';
import { storage } from '../../../client/sdk/generated/chain.ts';
import { proveInThread } from '../../../client/sdk/node/prove.ts';
import { scan } from '../../../client/sdk/notes/index.ts';
import type { ClaimInput } from '../../../client/sdk/prove.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { TacitError } from '../../../primitives/errors.ts';
import { codeOf, entry, PaperChain } from '../support/paper-chain.ts';
import { PaperNotes } from '../support/paper-notes.ts';
import { claimOf, GRAINS, newWallets, paperClient, params, RATE, settledRound, STAKE } from '../support/settled.ts';

const SCORES = [90_000n, -70_000n, 0n];
const LARGEST = 5_000_000n;

describe('client/sdk/claim', function () {
  this.timeout(600_000);
  const { genesis } = new PaperChain();
  const wallets = newWallets(SCORES.length);
  const [earner, loser] = wallets as [(typeof wallets)[0], (typeof wallets)[0]];

  /** One settled round, its bin closed or not. */
  function world(isClosed = true) {
    const notes = new PaperNotes(genesis);
    const members = wallets.map((wallet, i) => ({ wallet, score: SCORES[i]! }));
    const { changes } = settledRound(genesis, 1, members, notes.mint(params.t, GRAINS));
    if (isClosed) notes.close(0, LARGEST);
    const more = [entry(storage.tally.nextRound, [], 2), ...changes];
    const chain = () => new PaperChain().block({ changes: [...more, ...notes.entries()] });
    return { notes, chain };
  }

  it("what is sent verifies on the chain's side, pays the fresh account, and hides what is left", async () => {
    const { notes, chain } = world();
    const { chain: client, sent } = paperClient(chain());
    const found = await scan(client, earner);
    const note = found.notes[0]!;
    const steps: string[] = [];
    const options = { prove: proveInThread, onStep: (step: string) => steps.push(step) };
    // the node says that it is final, and proves nothing
    expect(await codeOf(() => claim(client, earner, found, note, { amount: 2_000_000n }, options))).to.include(
      'no block',
    );
    expect(steps).to.deep.equal(['reads', 'proves', 'sends']);
    const call = claimOf(sent[0]);
    expect(toHex(call.destination)).to.equal(toHex(earner.freshAccount(genesis, note.tag).publicKey));
    expect([call.class, call.bin, call.amount, call.outputs.length]).to.deep.equal([0, 0, 2_000_000n, 1]);
    expect(toHex(call.proof.slice(0, 32))).to.equal(toHex(note.tag));
    // nobody else's account, no other amount
    expect(notes.pay({ ...call, destination: loser.account.publicKey })).to.equal(false);
    expect(notes.pay({ ...call, amount: 5_000_000n })).to.equal(false);
    expect(notes.pay(call)).to.equal(true);
    expect(notes.pay(call)).to.equal(false);
    const after = await scan(paperClient(chain()).chain, earner);
    const [spent, change] = after.notes;
    expect(spent?.spent).to.deep.equal({ claim: 0, amount: 2_000_000n, fee: 10_000n, destination: call.destination });
    expect(change?.opening.amount).to.equal(note.opening.amount - 2_000_000n * GRAINS);
    expect(change?.amount).to.equal(note.amount - 2_000_000n);
  });

  it('change of change is claimed as well, split or not, until only dust is left', async () => {
    const { notes, chain } = world();
    let found = await scan(paperClient(chain()).chain, earner);
    const whole = found.notes[0]!.opening.amount;
    for (const [amount, split] of [
      [1_000_000n, 17],
      [500_000n, 0],
      [200_000n, 63],
    ] as const) {
      const { chain: client, sent } = paperClient(chain());
      found = await scan(client, earner, found);
      const note = claimable(found.notes).find((one) => one.bin && one.amount >= amount)!;
      await codeOf(() => claim(client, earner, found, note, { amount, split }));
      expect(notes.pay(claimOf(sent[0])), `${amount}`).to.equal(true);
      notes.close(0, LARGEST);
    }
    found = await scan(paperClient(chain()).chain, earner, found);
    const unspent = found.notes.filter(({ spent }) => !spent);
    expect(unspent.length).to.equal(3);
    const hidden = unspent.reduce((sum, { opening }) => sum + opening.amount, 0n);
    expect(hidden + 1_700_000n * GRAINS).to.equal(whole);
    // all of it again from nothing, as after the loss of every file
    const again = await scan(paperClient(chain()).chain, earner);
    expect(again.notes).to.deep.equal(found.notes);
  });

  it('the same claim again is the same change; another destination is another', async () => {
    const { chain } = world();
    const { chain: client, sent } = paperClient(chain());
    const found = await scan(client, earner);
    for (const destination of [undefined, undefined, loser.account.publicKey]) {
      const terms = { amount: 1_000_000n, ...(destination ? { destination } : {}) };
      await codeOf(() => claim(client, earner, found, found.notes[0]!, terms));
    }
    const [first, second, other] = sent.map((call) => toHex(claimOf(call).outputs[0]!.key));
    expect(first).to.equal(second);
    expect(other).not.to.equal(first);
  });

  it('of which a plan could not be kept is not sent; of others it is kept before', async () => {
    const { chain } = world();
    const { chain: client, sent } = paperClient(chain());
    const found = await scan(client, earner);
    const note = found.notes[0]!;
    const one = claimNow(note, [], { amount: 1_000_000n }, 7);
    const written: { readonly sent: number; readonly tried: readonly boolean[] }[] = [];
    let isFull = true;
    const kept = new KeptPlan([], async (plan) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (isFull) throw new TacitError('files/not-written', 'the disk is full');
      written.push({ sent: sent.length, tried: plan.map(({ tried }) => tried) });
    });
    const make = () => claim(client, earner, found, note, one, { onStep: kept.stepsOf(one) });
    expect(await codeOf(make)).to.equal('files/not-written');
    expect([sent, written]).to.deep.equal([[], []]);
    isFull = false;
    await codeOf(make);
    expect([sent.length, written]).to.deep.equal([1, [{ sent: 0, tried: [true] }]]);
  });

  it('says what is in the way of a claim', async () => {
    const { chain } = world();
    const { chain: client, sent } = paperClient(chain());
    const found = await scan(client, earner);
    const [note] = found.notes as [(typeof found.notes)[0]];
    const cases: [string, typeof note, bigint][] = [
      ['sdk/note-spent', { ...note, spent: { claim: 4, amount: 1n, fee: 0n, destination: genesis } }, 1_000_000n],
      ['sdk/note-too-small', { ...note, amount: LEAST_CLAIM - 1n }, LEAST_CLAIM],
      ['sdk/bin-open', { ...note, bin: undefined }, 1_000_000n],
      ['sdk/bad-amount', note, 3_000_000n],
      ['sdk/bad-amount', note, 10_000n],
      ['sdk/above-note', { ...note, amount: 900_000n }, 1_000_000n],
      ['sdk/above-largest', { ...note, amount: 50_000_000n }, 10_000_000n],
    ];
    for (const [code, one, amount] of cases) {
      const seen = { ...found, notes: [one] };
      expect(await codeOf(() => claim(client, earner, seen, one, { amount })), code).to.equal(code);
    }
    expect(await codeOf(() => claim(client, earner, found, note, { amount: 1_000_000n, split: 64 }))).to.equal(
      'change/split',
    );
    expect(sent).to.deep.equal([]);
    expect(() => checkClaim(found, { ...note, amount: 19_999n }, LEAST_CLAIM)).to.throw(
      `19999 units; a claim takes at least ${LEAST_CLAIM}`,
    );
  });

  it('tells how long an open bin stays open at most', async () => {
    const { notes, chain } = world(false);
    const parameter = (tag: 'BinLeast' | 'BinWait' | 'BinPatience', value: bigint) =>
      entry(storage.parameters.values, [{ tag }], value);
    const few = chain().block({ changes: [parameter('BinLeast', 64n), parameter('BinPatience', 300n)] });
    const found = await scan(paperClient(few).chain, earner);
    const [note] = found.notes as [(typeof found.notes)[0]];
    // its first note is of block 1, this is block 2
    expect(waitOf(found, note)).to.equal(299);
    expect(() => checkClaim(found, note, LEAST_CLAIM))
      .to.throw('299 more blocks')
      .with.property('code', 'sdk/bin-open');
    const many = few.block({ changes: [parameter('BinLeast', 3n), parameter('BinWait', 10n)] });
    const later = await scan(paperClient(many).chain, earner, found);
    expect(waitOf(later, later.notes[0]!)).to.equal(8);
    notes.close(0, LARGEST);
    const closed = await scan(paperClient(many.block({ changes: notes.entries() })).chain, earner, later);
    expect(waitOf(closed, closed.notes[0]!)).to.equal(0);
    expect(closed.notes[0]?.bin).to.include({ bin: 0, first: 0, count: 3, largest: LARGEST });
  });

  it('a bin that is not the one of its root, or does not hold the note, is not proved on', async () => {
    const { chain } = world();
    const { chain: client, sent } = paperClient(chain());
    const found = await scan(client, earner);
    const [note] = found.notes as [(typeof found.notes)[0]];
    const bin = note.bin!;
    for (const wrong of [
      { ...note, bin: { ...bin, root: genesis } },
      { ...note, number: 1 },
      { ...note, opening: { ...note.opening, blinding: 5n } },
    ]) {
      const work = () => claim(client, earner, { ...found, notes: [wrong] }, wrong, { amount: 1_000_000n });
      expect(await codeOf(work)).to.equal('sdk/wrong-bin');
    }
    expect(sent).to.deep.equal([]);
  });

  it('a claim that is given up is not sent', async () => {
    const { chain } = world();
    const { chain: client, sent } = paperClient(chain());
    const found = await scan(client, earner);
    const controller = new AbortController();
    const prove = async (input: ClaimInput) => {
      controller.abort('enough');
      return proveInThread(input);
    };
    const work = claim(
      client,
      earner,
      found,
      found.notes[0]!,
      { amount: 1_000_000n },
      { prove, signal: controller.signal },
    );
    expect(await work.catch((error: unknown) => error)).to.equal('enough');
    expect(sent).to.deep.equal([]);
  });

  it('amounts are those of the rounds, losses and zeros included', async () => {
    const { chain } = world();
    for (const [i, wallet] of wallets.entries()) {
      const { notes, problems } = await scan(paperClient(chain()).chain, wallet);
      expect([problems, notes.length]).to.deep.equal([[], 1]);
      const grains = GRAINS * STAKE + RATE * SCORES[i]!;
      expect(notes[0]).to.include({ class: 0, number: i, amount: grains / GRAINS });
      expect(notes[0]?.origin).to.deep.equal({ round: 1, item: i, stake: STAKE, rate: RATE, score: SCORES[i] });
    }
  });
});
