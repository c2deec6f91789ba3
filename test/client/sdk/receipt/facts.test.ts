/** A chain of which a majority of voters lies: what stands in a final state and does not follow from the rest is found. Each lie is about one thing. */
import { expect } from 'chai';
import { checkReceipt, makeReceipt } from '../../../../client/sdk/receipt/receipt.ts';
import type { Wallet } from '../../../../client/sdk/keys.ts';
import { checkpointOf } from '../../../../client/sdk/light/root.ts';
import { toHex } from '../../../../primitives/crypto/hex.ts';
import { mintNote } from '../../../../primitives/proofs/notes.ts';
import { parseEnrolment } from '../../../../primitives/proofs/enrolment.ts';
import { VERDICT } from '../../../../primitives/round/phases.ts';
import { codeOf, PaperChain } from '../../support/paper-chain.ts';
import { changesOf, honestRound, type Pieces, ROUND } from '../../support/receipts.ts';
import { newWallets, paperClient, params } from '../../support/settled.ts';

type Lie = (honest: Pieces) => Partial<Pieces>;

describe('client/sdk/receipt: what does not follow', function () {
  this.timeout(600_000);
  const { genesis } = new PaperChain();
  const wallets = newWallets(3) as [Wallet, Wallet, Wallet];
  const [wallet] = wallets;
  const { pieces, updates } = honestRound(genesis, wallets);
  const chainWith = (lie: Lie, honest = pieces) =>
    new PaperChain().block({ changes: changesOf({ ...honest, ...lie(honest) }) });

  /** How a receipt over a state ends, for who makes it. */
  const ending = (lie: Lie, honest = pieces): Promise<string> =>
    codeOf(() => makeReceipt(paperClient(chainWith(lie, honest)).chain, wallet, ROUND));

  const rule =
    (changes: Partial<Pieces['record']['rule']>): Lie =>
    ({ record }) => ({
      record: { ...record, rule: { ...record.rule, ...changes } },
    });
  const payout =
    (changes: Partial<Pieces['payout']>): Lie =>
    (honest) => ({ payout: { ...honest.payout, ...changes } });
  const item =
    (changes: Partial<Pieces['items'][number]>): Lie =>
    ({ items }) => ({
      items: items.with(0, { ...items[0]!, ...changes }),
    });
  const sent =
    (place: number, changes: Partial<Pieces['submissions'][number]>): Lie =>
    ({ submissions }) => ({
      submissions: submissions.with(place, { ...submissions[place]!, ...changes }),
    });
  const money =
    (changes: Partial<Pieces['money']>): Lie =>
    (honest) => ({ money: { ...honest.money, ...changes } });
  const { rate, grains, sum, z } = pieces.payout;

  it('is nothing in an honest state', async () => {
    expect(await ending(() => ({}))).to.equal('none');
  });

  const lies: Record<string, [string, Lie]> = {
    'a round that is open': [
      'receipt/not-settled',
      ({ record }) => ({ record: { ...record, phase: { tag: 'Open' } } }),
    ],
    'money that went back': ['receipt/not-settled', money({ state: { tag: 'Refunded' } })],
    'a round without notes': ['receipt/not-settled', money({ notes: undefined })],
    'an item that was not accepted': ['receipt/not-counted', item({ status: { tag: 'Incomplete' } })],
    'an enrolment that is none': ['receipt/not-counted', item({ enrolment: new Uint8Array(9) })],
    'a part that was refused': ['receipt/not-counted', sent(0, { verdict: VERDICT.refused })],
    'a part of somebody else': ['receipt/not-counted', sent(1, { account: new Uint8Array(32) })],
    'a part sent twice': ['receipt/not-counted', sent(2, { account: wallet.account.publicKey })],
    'a part in another lane': ['receipt/not-counted', sent(0, { lane: 2 })],
    'a submission that is gone': [
      'receipt/not-counted',
      ({ record }) => ({ record: { ...record, submissions: record.submissions + 1 } }),
    ],
    'a direction that was not committed to': [
      'receipt/wrong-direction',
      ({ directions }) => ({ directions: directions.with(0, { ...directions[0]!, values: new Uint8Array(12) }) }),
    ],
    'a direction under another salt': [
      'receipt/wrong-direction',
      ({ directions }) => ({ directions: directions.with(1, { ...directions[1]!, salt: new Uint8Array(32) }) }),
    ],
    'half a direction': ['receipt/wrong-direction', ({ directions }) => ({ directions: directions.slice(0, 1) })],
    'another aggregate': ['receipt/wrong-payment', ({ aggregate }) => ({ aggregate: aggregate.with(1, 60) })],
    'a shorter aggregate': ['sdk/unexpected-answer', ({ aggregate }) => ({ aggregate: aggregate.slice(4) })],
    'a larger total': ['receipt/wrong-payment', payout({ sum: sum + 1n })],
    'a total that counts cannot give': ['receipt/wrong-payment', payout({ sum: sum + 100_000n })],
    'a smaller total': ['receipt/wrong-payment', payout({ sum: sum - 5_001n })],
    'a total below zero': ['receipt/wrong-payment', payout({ negative: true })],
    'a lower rate': ['receipt/wrong-payment', payout({ rate: rate - 1n })],
    'a higher rate': ['receipt/wrong-payment', payout({ rate: rate + 1n })],
    'other grains': ['receipt/wrong-payment', payout({ grains: grains * 16n })],
    'a smaller stake': ['receipt/wrong-payment', payout({ stake: pieces.payout.stake - 1n })],
    'another gamma': ['receipt/wrong-payment', rule({ gamma: 2n })],
    'another base': ['receipt/wrong-payment', rule({ base: 1_000_000n })],
    'another pool': ['receipt/wrong-payment', rule({ pool: 999_999_999n })],
    'a pool that nobody gave': ['receipt/wrong-payment', money({ pool: 1n })],
    'a stake that nobody put up': ['receipt/wrong-payment', money({ stake: 1n })],
    'public points nobody counted': ['receipt/wrong-payment', item({ standing: 1_000_000n })],
    'less taken out of the pool': ['receipt/wrong-payment', money({ paid: pieces.money.paid - 1n })],
    'a payout of fewer items': ['receipt/wrong-payout', payout({ z: z.slice(1) })],
    'a payout of other items': ['receipt/wrong-payout', payout({ items: [0, 2, 1] })],
    'another payout': ['receipt/wrong-note', payout({ z: z.with(0, z[0]! ^ 1n) })],
    'another note': ['receipt/wrong-note', ({ notes }) => ({ notes: notes.with(0, notes[1]!) })],
    'another key of the note': [
      'receipt/wrong-note',
      ({ notes }) => ({ notes: notes.with(2, { ...notes[2]!, key: notes[0]!.key }) }),
    ],
    'a note too few': ['receipt/wrong-note', ({ notes }) => ({ notes: notes.slice(0, 2) })],
    'notes at another place': ['receipt/wrong-note', money({ notes: { class: 1, first: 61 } })],
    'notes of another class': ['receipt/wrong-note', money({ notes: { class: 0, first: 62 } })],
    'notes of no class': ['receipt/wrong-note', money({ notes: { class: 7, first: 62 } })],
  };
  for (const [what, [code, lie]] of Object.entries(lies))
    it(`finds ${what}`, async () => {
      expect(await ending(lie)).to.equal(code);
    });

  describe('in a round that is held against the past, and counts one item of a holder', () => {
    const told = honestRound(genesis, wallets, { past: [1], discount: 1, holders: true });

    it('is nothing, and the score is worked out again from the update', async () => {
      const chain = chainWith(() => ({}), told.pieces);
      const trust = checkpointOf(chain.root, toHex(genesis), { number: 0, hash: toHex(genesis) }, chain.root.set);
      const text = await makeReceipt(paperClient(chain).chain, wallet, ROUND);
      const { earned, share } = await checkReceipt(text, trust, { wallet, update: told.updates[0]! });
      expect([earned?.score, share?.counts]).to.deep.equal([told.scores[0], 2_000n]);
    });

    const found: Record<string, Lie> = {
      'another past': ({ past }) => ({
        past: past.map((bytes) => bytes.map((byte, i) => (i === 0 ? byte ^ 64 : byte))),
      }),
      'another discount': rule({ discount: 2 }),
      'no past': rule({ past: [] }),
    };
    for (const [what, lie] of Object.entries(found))
      it(`finds ${what}`, async () => {
        expect(await ending(lie, told.pieces)).to.equal('receipt/wrong-payment');
      });

    it('finds two items of one holder', async () => {
      const alike: Lie = ({ items }) => ({ items: items.map((one) => ({ ...one, holder: new Uint8Array(32) })) });
      expect(await ending(alike, told.pieces)).to.equal('receipt/not-counted');
    });

    it('finds a past that is not there, or of other parts', async () => {
      expect(await ending(() => ({ past: [] }), told.pieces)).to.equal('receipt/not-settled');
      expect(await ending(({ past }) => ({ past: past.map((bytes) => bytes.slice(4)) }), told.pieces)).to.equal(
        'receipt/not-settled',
      );
    });
  });

  it('finds a payout of more or less that the note follows', async () => {
    const paying =
      (more: bigint): Lie =>
      (honest) => {
        const said = (z[0]! + more + params.t) % params.t;
        const { mask, key } = parseEnrolment(params, honest.items[0]!.enrolment);
        return {
          payout: { ...honest.payout, z: z.with(0, said) },
          notes: honest.notes.with(0, mintNote(said, mask, key)),
        };
      };
    expect(await ending(paying(1n))).to.equal('receipt/wrong-payout');
    // by whole points of score the owner finds it with its update: counts do not add up to it
    const chain = chainWith(paying(rate * 7n));
    const trust = checkpointOf(chain.root, toHex(genesis), { number: 0, hash: toHex(genesis) }, chain.root.set);
    const text = await makeReceipt(paperClient(chain).chain, wallet, ROUND);
    expect((await checkReceipt(text, trust, { wallet })).earned?.score).to.not.equal(undefined);
    const update = updates[0]!;
    expect(await codeOf(() => checkReceipt(text, trust, { wallet, update }))).to.equal('receipt/wrong-share');
  });

  it('knows a score to the point where nobody counts', async () => {
    const plain = honestRound(genesis, wallets, { reporters: [] });
    expect(await ending(() => ({}), plain.pieces)).to.equal('none');
    expect(await ending(payout({ sum: plain.pieces.payout.sum + 1n }), plain.pieces)).to.equal('receipt/wrong-payment');
    const chain = chainWith(() => ({}), plain.pieces);
    const trust = checkpointOf(chain.root, toHex(genesis), { number: 0, hash: toHex(genesis) }, chain.root.set);
    const text = await makeReceipt(paperClient(chain).chain, wallet, ROUND);
    const { share } = await checkReceipt(text, trust, { wallet, update: plain.updates[0]! });
    expect(share?.counts).to.equal(0n);
    expect(await codeOf(() => checkReceipt(text, trust, { wallet, update: updates[1]! }))).to.equal(
      'receipt/wrong-share',
    );
  });

  it('knows a round that pays stakes alone, and does not invent a score for it', async () => {
    const poor = honestRound(genesis, wallets, { tMin: 1_000_000_000n });
    const chain = chainWith(() => ({}), poor.pieces);
    const trust = checkpointOf(chain.root, toHex(genesis), { number: 0, hash: toHex(genesis) }, chain.root.set);
    const text = await makeReceipt(paperClient(chain).chain, wallet, ROUND);
    const { earned, share } = await checkReceipt(text, trust, { wallet, update: poor.updates[0]! });
    expect([earned?.amount, earned?.score, share]).to.deep.equal([500_000_000n, undefined, undefined]);
  });
});
