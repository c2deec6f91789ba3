import { expect } from 'chai';
import { storage } from '../../../../client/sdk/generated/chain.ts';
import { replaying } from '../../../../client/sdk/light/index.ts';
import { decodeReceipt } from '../../../../client/sdk/receipt/file.ts';
import { checkReceipt, makeReceipt, type OwnersPapers } from '../../../../client/sdk/receipt/receipt.ts';
import { makeStatement, makeVerifierKey } from '../../../../client/sdk/receipt/statement.ts';
import type { Wallet } from '../../../../client/sdk/keys.ts';
import { checkpointOf } from '../../../../client/sdk/light/root.ts';
import { storageKey } from '../../../../client/sdk/storage.ts';
import { updateOf } from '../../../../client/sdk/update.ts';
import { fromHex, toHex } from '../../../../primitives/crypto/hex.ts';
import { SketchPlaces } from '../../../../primitives/round/sketch.ts';
import { readProof } from '../../../../primitives/trie/index.ts';
import { codeOf, PaperChain, voters } from '../../support/paper-chain.ts';
import { changesOf, COUNTS, floatsOf, honestRound, type Pieces, ROUND } from '../../support/receipts.ts';
import { newWallets, paperClient, params, random } from '../../support/settled.ts';

/** The trust root of a paper chain as a file. */
const rootFile = ({ root, genesis }: PaperChain) =>
  checkpointOf(root, toHex(genesis), { number: 0, hash: toHex(genesis) }, root.set);

const chainWith = (pieces: Pieces) => new PaperChain().block({ changes: changesOf(pieces) });

describe('client/sdk/receipt', function () {
  this.timeout(600_000);
  const { genesis } = new PaperChain();
  const wallets = newWallets(3) as [Wallet, Wallet, Wallet];
  const [wallet, other] = wallets;
  const { pieces, updates, scores } = honestRound(genesis, wallets);
  const honest = chainWith(pieces);
  const trust = rootFile(honest);
  const update = updates[0]!;

  it('its owner checks without a node what was earned, and that the score is that of the update', async () => {
    for (const [i, one] of wallets.entries()) {
      const text = await makeReceipt(paperClient(honest).chain, one, ROUND);
      const { earned, share, own, block } = await checkReceipt(text, trust, { wallet: one, update: updates[i]! });
      const asGiven = await checkReceipt(text, trust, { wallet: one, update: floatsOf(i) });
      expect(asGiven.share).to.deep.equal(share);
      expect(block).to.deep.equal({ number: 1, hash: toHex(await hashOf(honest)) });
      expect([own.item, own.number, own.submissions.map(({ part }) => part)]).to.deep.equal([i, 62 + i, [0, 1]]);
      const { rate, grains, stake } = pieces.payout;
      expect(rate > 0n).to.equal(true);
      const held = grains * stake + rate * scores[i]!;
      expect(earned).to.deep.equal({ grains: held, amount: held / grains, score: scores[i] });
      expect(share).to.deep.equal({
        update: scores[i]! - 10n - BigInt(i) - 100n * COUNTS[i]!,
        points: 10n + BigInt(i),
        counts: 100n * COUNTS[i]!,
      });
    }
  });

  it('holds nothing that is not public, unless it is to be opened', async () => {
    const { chain } = paperClient(honest);
    const shown = await makeReceipt(chain, wallet, ROUND);
    expect(JSON.parse(shown)).to.have.keys('format', 'round', 'account', 'proved');
    expect((await checkReceipt(shown, trust)).earned).to.equal(undefined);
    expect(await codeOf(() => checkReceipt(shown, trust, { update }))).to.equal('receipt/no-mask');
    const open = await makeReceipt(chain, wallet, ROUND, { open: true });
    const { earned, share } = await checkReceipt(open, trust, { update });
    expect([earned?.score, share?.points]).to.deep.equal([scores[0], 10n]);
    for (const text of [shown, open]) expect(text).not.to.include(toHex(wallet.noteSeed).slice(2));
    // the opening does not spend: the note's secret is not in it
    expect(JSON.parse(open).mask).to.have.keys('mask', 'blinding');
  });

  it('asks a node the same whoever asks, and all of one block although the chain goes on', async () => {
    const views = await Promise.all(
      wallets.map(async (one) => {
        const { chain, asked } = paperClient(honest);
        await makeReceipt(chain, one, ROUND);
        return asked;
      }),
    );
    for (const asked of views) expect(asked).to.deep.equal(views[0]);
    const growing = chainWith(pieces);
    const text = await makeReceipt(
      paperClient(growing, (answer, method) => {
        if (method === 'state_getReadProof') growing.block();
        return answer;
      }).chain,
      wallet,
      ROUND,
    );
    expect(growing.blocks.length).to.be.greaterThan(5);
    expect((await checkReceipt(text, trust, { wallet })).block.number).to.equal(1);
  });

  it('follows the voters from the chain’s beginning, and believes no others', async () => {
    const [second, third] = [voters('second'), voters('third')];
    const long = new PaperChain()
      .block({ next: second })
      .block()
      .block({ next: third, changes: changesOf(pieces) })
      .block({ justified: false })
      .block();
    const text = await makeReceipt(paperClient(long).chain, wallet, ROUND);
    expect((await checkReceipt(text, trust, { wallet, update })).block.number).to.equal(5);
    const forged = new PaperChain([], 'Development', 'others').block({ changes: changesOf(pieces) });
    const lie = await makeReceipt(paperClient(forged).chain, wallet, ROUND);
    expect(await codeOf(() => checkReceipt(lie, trust))).to.equal('light/not-final');
    // nor a chain that begins elsewhere
    const elsewhere = { ...trust, genesis: toHex(random(32)) };
    expect(await codeOf(() => checkReceipt(text, elsewhere))).to.equal('light/other-chain');
  });

  it('a receipt of which anything is changed proves nothing', async () => {
    const text = await makeReceipt(paperClient(honest).chain, wallet, ROUND, { open: true });
    const file = JSON.parse(text);
    const { proved, mask } = file;
    const flipped = (hex: string): string => `${hex.slice(0, -1)}${hex.endsWith('0') ? '1' : '0'}`;
    const [[hash, header]] = proved.headers;
    const changed: Record<string, [object, ...string[]]> = {
      'another round': [{ round: 1 }, 'sdk/unknown-round'],
      'another account': [{ account: toHex(random(32)) }, 'receipt/no-item'],
      'another’s account': [{ account: toHex(other.account.publicKey) }, 'receipt/wrong-mask'],
      'another mask': [{ mask: { ...mask, mask: `${BigInt(mask.mask) ^ 1n}` } }, 'receipt/wrong-mask'],
      'a mask that is t more': [{ mask: { ...mask, mask: `${BigInt(mask.mask) + params.t}` } }, 'receipt/wrong-mask'],
      'another blinding': [{ mask: { ...mask, blinding: `0x01${mask.blinding.slice(4)}` } }, 'receipt/wrong-mask'],
      'another head': [{ proved: { ...proved, head: toHex(random(32)) } }, 'light/bad-answer'],
      'another header': [
        { proved: { ...proved, headers: [[hash, { ...header, stateRoot: hash }]] } },
        'light/wrong-header',
      ],
      'no finality': [{ proved: { ...proved, finality: [] } }, 'light/not-final'],
    };
    for (const [what, [change, ...codes]] of Object.entries(changed))
      expect(codes, what).to.include(await codeOf(() => checkReceipt(JSON.stringify({ ...file, ...change }), trust)));
    for (let i = 0; i < proved.nodes.length; i++) {
      for (const nodes of [proved.nodes.with(i, flipped(proved.nodes[i])), proved.nodes.toSpliced(i, 1)]) {
        const lacking = JSON.stringify({ ...file, proved: { ...proved, nodes } });
        expect(await codeOf(() => checkReceipt(lacking, trust)), `node ${i}`).to.equal('light/incomplete-proof');
      }
    }
  });

  it('what is no receipt is refused before anything is made of it', async () => {
    const text = await makeReceipt(paperClient(honest).chain, wallet, ROUND, { open: true });
    const file = JSON.parse(text);
    const zero = `0x${'ff'.repeat(32)}`;
    const bad = [
      'no JSON',
      '{}',
      JSON.stringify({ ...file, format: 'tacit-receipt-2' }),
      JSON.stringify({ ...file, more: 1 }),
      JSON.stringify({ ...file, round: 0 }),
      JSON.stringify({ ...file, account: '0x00' }),
      JSON.stringify({ ...file, mask: { ...file.mask, mask: '-1' } }),
      JSON.stringify({ ...file, mask: { ...file.mask, blinding: zero } }),
      JSON.stringify({ ...file, proved: { ...file.proved, nodes: ['0x0'] } }),
      JSON.stringify({
        ...file,
        proved: { ...file.proved, headers: Array.from({ length: 2049 }, () => file.proved.headers[0]) },
      }),
      `${text}${' '.repeat(48 << 20)}`,
    ];
    for (const one of bad)
      expect(await codeOf(() => checkReceipt(one, trust)), one.slice(0, 80)).to.equal('receipt/bad-file');
    expect(await codeOf(() => checkReceipt(text, { format: 'other' }))).to.equal('light/bad-trust-root');
  });

  it('answers a question about one entry with what proves it, however much it holds', async () => {
    const text = await makeReceipt(paperClient(honest).chain, wallet, ROUND);
    const { proved } = decodeReceipt(text);
    const key = toHex(storageKey(storage.tally.payouts, ROUND));
    const ask = (recording: typeof proved) => replaying(recording)('state_getReadProof', [[key], proved.head]);
    const { proof } = (await ask(proved)) as { proof: string[] };
    expect(proof.length)
      .to.be.greaterThan(1)
      .and.below(proved.nodes.length / 2);
    const root = fromHex(proved.headers.find(([hash]) => hash === proved.head)![1].stateRoot);
    expect(readProof(root, proof.map(fromHex)).get(fromHex(key))).not.to.equal(undefined);
    // of nodes that do not prove it none is left out: the client says what is wrong
    const nodes = proved.nodes.filter((node) => node !== proof.at(-1));
    expect(await ask({ ...proved, nodes })).to.deep.equal({ at: proved.head, proof: nodes });
  });

  it('is not written if nobody would read it, nor is a statement', async () => {
    const { light } = paperClient(honest).chain;
    const given = (change: object) => {
      const recorded = () => {
        const { light: own, recording } = light.recorded();
        return { light: own, recording: () => ({ ...recording(), ...change }) };
      };
      return { light: { recorded } as unknown as typeof light };
    };
    const key = makeVerifierKey(other);
    const hash = `0x${'00'.repeat(32)}`;
    const tooMany: object[] = [
      { hashes: Array.from({ length: 2049 }, (_, number) => [number, hash]) },
      { nodes: [`0x${'00'.repeat(24 << 20)}`] },
    ];
    for (const change of tooMany) {
      expect(await codeOf(() => makeReceipt(given(change), wallet, ROUND))).to.equal('receipt/too-large');
      expect(await codeOf(() => makeStatement(given(change), wallet, [ROUND], key))).to.equal('receipt/too-large');
    }
    expect(await codeOf(() => makeReceipt(given({}), wallet, ROUND))).to.equal('none');
  });

  it('of a round of sketches are checked by the whole update, or by its sketch', async () => {
    const [floats, coordinates] = [floatsOf(0), 20_000];
    const sketch = { coordinates, seed: new Uint8Array(32).fill(3) };
    // Of each value of the sketch one coordinate that makes it.
    const whole = new Float32Array(coordinates);
    const first = new Map<number, number>();
    new SketchPlaces(sketch, floats.length).next(coordinates).forEach((place, j) => {
      const bucket = place < 0 ? -1 - place : place;
      if (first.has(bucket)) return;
      first.set(bucket, j);
      whole[j] = (place < 0 ? -1 : 1) * (floats[bucket] as number);
    });
    expect(first.size).to.equal(floats.length);
    const told = honestRound(genesis, wallets, { sketch });
    const chain = chainWith(told.pieces);
    const text = await makeReceipt(paperClient(chain).chain, wallet, ROUND);
    const checked = async (given: OwnersPapers['update']) =>
      (await checkReceipt(text, rootFile(chain), { wallet, update: given })).share;
    const share = await checked(told.updates[0]!);
    expect(await checked(updateOf(whole))).to.deep.equal(share);
    expect(await checked(Float64Array.from(whole))).to.deep.equal(share);
    expect(await checked(floats)).to.deep.equal(share);
    expect(await codeOf(() => checked(updateOf(whole.toReversed())))).to.equal('receipt/wrong-share');
    expect(await codeOf(() => checked(updateOf(whole.slice(1))))).to.equal('sdk/wrong-length');
  });

  it('another wallet, and an update that was not sent, are told', async () => {
    const text = await makeReceipt(paperClient(honest).chain, wallet, ROUND);
    expect(await codeOf(() => checkReceipt(text, trust, { wallet: other }))).to.equal('receipt/not-mine');
    const swapped = [update[1]!, update[0]!];
    const negated = update.map((part) => part.map((value) => -value));
    for (const wrong of [negated, swapped])
      expect(await codeOf(() => checkReceipt(text, trust, { wallet, update: wrong }))).to.equal('receipt/wrong-share');
    for (const none of [[], [update[0]!], [update[0]!, update[1]!.with(0, 90)], [update[0]!, update[1]!.slice(1)]])
      expect(await codeOf(() => checkReceipt(text, trust, { wallet, update: none }))).to.equal('receipt/wrong-update');
    expect(await codeOf(() => makeReceipt(paperClient(honest).chain, newWallets(1)[0]!, ROUND))).to.equal(
      'receipt/no-item',
    );
    expect(await codeOf(() => makeReceipt(paperClient(honest).chain, wallet, ROUND + 1))).to.equal('sdk/unknown-round');
  });
});

async function hashOf(chain: PaperChain): Promise<Uint8Array> {
  return fromHex(String(await chain.ask('chain_getFinalizedHead', [])));
}
