import { expect } from 'chai';
import type { Wallet } from '../../../../client/sdk/keys.ts';
import { checkpointOf } from '../../../../client/sdk/light/root.ts';
import { checkStatement, makeStatement, makeVerifierKey } from '../../../../client/sdk/receipt/statement.ts';
import { openWith, publicKeyOf, sealTo } from '../../../../primitives/crypto/box.ts';
import { utf8 } from '../../../../primitives/crypto/bytes.ts';
import { hash32Of } from '../../../../primitives/crypto/hash.ts';
import { fromHex, toHex } from '../../../../primitives/crypto/hex.ts';
import {
  hashToPoint,
  hashToScalar,
  invertScalar,
  randomScalar,
  times,
  U0,
} from '../../../../primitives/crypto/ristretto.ts';
import { designatedNonces, forgeDesignated, withoutAmount } from '../../../../primitives/proofs/designated.ts';
import { parseEnrolment, recoverEnrolment } from '../../../../primitives/proofs/enrolment.ts';
import { codeOf, PaperChain } from '../../support/paper-chain.ts';
import { changesOf, honestRound, ROUND } from '../../support/receipts.ts';
import { newWallets, paperClient, params, random } from '../../support/settled.ts';

describe('client/sdk/receipt: statements for one verifier', function () {
  this.timeout(600_000);
  const { genesis } = new PaperChain();
  const wallets = newWallets(3) as [Wallet, Wallet, Wallet];
  const [wallet, other] = wallets;
  const [verifier, stranger] = newWallets(2) as [Wallet, Wallet];
  const { pieces, scores } = honestRound(genesis, wallets);
  const honest = new PaperChain().block({ changes: changesOf(pieces) });
  const trust = checkpointOf(honest.root, toHex(genesis), { number: 0, hash: toHex(genesis) }, honest.root.set);
  const key = makeVerifierKey(verifier);
  const { rate, grains, stake } = pieces.payout;
  const held = scores.map((score) => grains * stake + rate * score);
  /** What a verifier's box holds, as the specification has it. */
  const secret = hashToScalar('tacit/verifier-secret/1', verifier.noteSeed);
  const associated = hash32Of('tacit/statement-box/1', publicKeyOf(secret));
  const opened = (text: string) => {
    const { ephemeral, box } = JSON.parse(text);
    return JSON.parse(new TextDecoder().decode(openWith(secret, fromHex(ephemeral), fromHex(box), associated)));
  };
  const sealed = (inner: object): string => {
    const ephemeral = randomScalar(random);
    const box = toHex(sealTo(publicKeyOf(secret), utf8(JSON.stringify(inner)), associated, ephemeral));
    const outer = {
      format: 'tacit-statement-1',
      verifier: toHex(publicKeyOf(secret)),
      ephemeral: toHex(publicKeyOf(ephemeral)),
      box,
    };
    return JSON.stringify(outer);
  };
  let text: string;
  before(async () => {
    text = await makeStatement(paperClient(honest).chain, wallet, [ROUND], key);
  });

  it('tell their verifier, without a node, what the notes of named rounds hold', async () => {
    for (const [i, one] of wallets.entries()) {
      const made = await makeStatement(paperClient(honest).chain, one, [ROUND], key);
      const { account, notes, block } = await checkStatement(made, trust, verifier);
      expect([toHex(account), block.number]).to.deep.equal([toHex(one.account.publicKey), 1]);
      const amount = held[i]! / grains;
      expect(notes).to.deep.equal([{ round: ROUND, item: i, grains: held[i], amount, stake }]);
    }
  });

  it('tell nobody else anything: no account, round or amount stands in the file, and no other key opens it', async () => {
    expect(Object.keys(JSON.parse(text))).to.have.members(['format', 'verifier', 'ephemeral', 'box']);
    for (const own of [wallet.account.publicKey, pieces.notes[0]!.key, pieces.notes[0]!.commitment])
      expect(text).not.to.include(toHex(own).slice(2));
    expect(await codeOf(() => checkStatement(text, trust, stranger))).to.equal('receipt/other-verifier');
    const renamed = JSON.stringify({
      ...JSON.parse(text),
      verifier: toHex(publicKeyOf(hashToScalar('tacit/verifier-secret/1', stranger.noteSeed))),
    });
    expect(await codeOf(() => checkStatement(renamed, trust, stranger))).to.equal('receipt/bad-file');
  });

  it('do not show the verifier the secrets of the note, or the tag that will spend it', () => {
    const inner = JSON.stringify(opened(text));
    const about = {
      context: { genesis, term: 1, round: ROUND, paramsId: params.id },
      account: wallet.account.publicKey,
    };
    const enrolment = parseEnrolment(params, pieces.items[0]!.enrolment);
    const { key: k, r } = recoverEnrolment(params, about, wallet.noteSeed, enrolment);
    const little = (value: bigint): string => value.toString(16).padStart(64, '0').match(/../g)!.toReversed().join('');
    for (const hidden of [
      little(k),
      little(r),
      toHex(times(U0, invertScalar(k)).toBytes()).slice(2),
      toHex(wallet.noteSeed).slice(2),
    ])
      expect(inner).not.to.include(hidden);
  });

  it('are what the verifier can make itself, about any account and any amount', async () => {
    const { proved } = opened(text);
    const victim = pieces.items[2]!;
    const amount = held[2]! + 12_345n;
    const said = {
      verifier: publicKeyOf(secret),
      message: hash32Of('tacit/statement/1', genesis, victim.account, 1, ROUND, 2, amount),
      notes: [withoutAmount(pieces.notes[2]!, pieces.payout.z[2]! < amount ? amount - params.t : amount)],
    };
    const proof = toHex(forgeDesignated(said, secret, designatedNonces(said, [secret], random)));
    const forged = sealed({
      account: toHex(victim.account),
      notes: [{ round: ROUND, grains: `${amount}` }],
      proof,
      proved,
    });
    const { notes } = await checkStatement(forged, trust, verifier);
    expect(notes[0]?.grains).to.equal(amount);
    expect(Object.keys(JSON.parse(forged))).to.deep.equal(Object.keys(JSON.parse(text)));
    expect(Object.keys(opened(forged))).to.deep.equal(Object.keys(opened(text)));
  });

  it('with anything changed convince the verifier of nothing', async () => {
    const inner = opened(text);
    const proof: string = inner.proof;
    const note = inner.notes[0];
    const changed: [object, string][] = [
      [{ account: toHex(other.account.publicKey) }, 'receipt/false-statement'],
      [{ account: toHex(random(32)) }, 'receipt/no-item'],
      [{ notes: [{ ...note, grains: `${held[0]! + 1n}` }] }, 'receipt/false-statement'],
      [{ notes: [{ ...note, grains: `${held[0]! - grains}` }] }, 'receipt/false-statement'],
      [{ notes: [{ ...note, grains: `${1n << 47n}` }] }, 'receipt/false-statement'],
      [{ notes: [{ ...note, round: ROUND + 1 }] }, 'sdk/unknown-round'],
      [{ notes: [note, note] }, 'receipt/rounds'],
      [{ proof: `${proof.slice(0, -64)}${'00'.repeat(32)}` }, 'receipt/false-statement'],
      [{ proof: proof.slice(0, -64) }, 'receipt/false-statement'],
      [{ proved: { ...inner.proved, finality: [] } }, 'light/not-final'],
    ];
    for (const [change, code] of changed)
      expect(await codeOf(() => checkStatement(sealed({ ...inner, ...change }), trust, verifier)), code).to.equal(code);
    expect(await codeOf(() => checkStatement(sealed(inner), trust, verifier))).to.equal('none');
  });

  it('that are none are refused before anything is made of them', async () => {
    const outer = JSON.parse(text);
    const inner = opened(text);
    const bad = [
      '',
      JSON.stringify({ ...outer, more: 1 }),
      JSON.stringify({ ...outer, box: `${outer.box}0` }),
      JSON.stringify({ ...outer, box: `${outer.box.slice(0, -2)}${outer.box.endsWith('00') ? '01' : '00'}` }),
      JSON.stringify({ ...outer, ephemeral: toHex(new Uint8Array(32)) }),
      sealed({ ...inner, notes: [] }),
      sealed({ ...inner, notes: Array.from({ length: 257 }, (_, i) => ({ round: i + 1, grains: '1' })) }),
      sealed({ ...inner, notes: [{ round: ROUND, grains: '-1' }] }),
      sealed({ ...inner, proof: '0x12' }),
      sealed({ ...inner, proof: `0x${'00'.repeat(32 * 520)}` }),
    ];
    for (const [i, one] of bad.entries())
      expect(await codeOf(() => checkStatement(one, trust, verifier)), `${i}`).to.equal('receipt/bad-file');
  });

  it('are made for a key whose secret somebody knows, of rounds each named once, by who has their notes', async () => {
    const { chain } = paperClient(honest);
    const make = (by: Wallet, rounds: number[], of = key) => codeOf(() => makeStatement(chain, by, rounds, of));
    const nobody = `${toHex(hashToPoint('test/nobody').toBytes())}${'00'.repeat(64)}`;
    expect(await make(wallet, [ROUND], JSON.stringify({ format: 'tacit-verifier-key-1', key: nobody }))).to.equal(
      'designated/verifier-key',
    );
    expect(await make(wallet, [ROUND], 'no key')).to.equal('receipt/bad-file');
    expect(await make(wallet, [])).to.equal('receipt/rounds');
    expect(await make(wallet, [ROUND, ROUND])).to.equal('receipt/rounds');
    expect(
      await make(
        wallet,
        Array.from({ length: 257 }, (_, i) => i + 1),
      ),
    ).to.equal('receipt/rounds');
    expect(await make(stranger, [ROUND])).to.equal('receipt/no-item');
    const impostor = { ...stranger, account: wallet.account };
    expect(await make(impostor, [ROUND])).to.equal('receipt/not-mine');
  });

  it('the verifier’s key is the same whenever it is made, and is none of its accounts', () => {
    const keyOf = (made: string): string => JSON.parse(made).key.slice(0, 66);
    expect(keyOf(makeVerifierKey(verifier))).to.equal(keyOf(key));
    expect(keyOf(key)).to.equal(toHex(publicKeyOf(secret)));
    expect(keyOf(key)).to.not.equal(toHex(verifier.account.publicKey));
  });
});
