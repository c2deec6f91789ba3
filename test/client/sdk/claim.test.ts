import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { claim, claimFee, scan, scanRound } from '../../../client/sdk/claim.ts';
import { walletOf } from '../../../client/sdk/keys.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { publicKeyOf } from '../../../primitives/crypto/box.ts';
import { randomScalar } from '../../../primitives/crypto/ristretto.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { buildEnrolment, parseEnrolment, recoverEnrolment } from '../../../primitives/proofs/enrolment.ts';
import { binRoot, binsOf, encodeBin, mintNote } from '../../../primitives/proofs/notes.ts';
import { claimTag, tagOfProof, verifyClaim } from '../../../primitives/proofs/ring.ts';
import { fakeChain, type SentCall, type Table } from './support/fake-chain.ts';

const random = (n: number) => new Uint8Array(randomBytes(n));
const params = fheParams('tacit-test-256-n4');
const genesis = random(32);
const context = { genesis, term: 1, round: 2, paramsId: params.id };
const STAKE = 5_000_000n;
const GRAINS = 8n;
const RATE = 40n;
/** Scores of three wallets; one lost some of its stake. */
const SCORES = [90_000n, -70_000n, 0n];

/** Round 2 as it stands on the chain after it has settled. */
function settledRound() {
  const maskKeys = params.subsets.map(() => publicKeyOf(randomScalar(random)));
  const wallets = SCORES.map(() => walletOf(random(32)));
  const enrolments = wallets.map(({ account, noteSeed }) =>
    buildEnrolment({ params, context, account: account.publicKey, maskKeys, walletSeed: noteSeed, random }),
  );
  const z = wallets.map(({ account, noteSeed }, i) => {
    const enrolment = parseEnrolment(params, enrolments[i] as Uint8Array);
    const { m } = recoverEnrolment(params, { context, account: account.publicKey }, noteSeed, enrolment);
    return (GRAINS * STAKE + RATE * (SCORES[i] as bigint) + m) % params.t;
  });
  const notes = enrolments.map((enrolment, i) => {
    const { mask, key } = parseEnrolment(params, enrolment);
    return mintNote(z[i] as bigint, mask, key);
  });
  const [bin] = binsOf(genesis, 2, params.t, notes);
  if (!bin) throw new Error('no bin');
  const view = {
    round: 2,
    term: 1,
    paramsId: params.id,
    rule: { alpha: 1, gamma: 1, pool: 100, stake: Number(STAKE), reporters: [] },
    lanes: [{ lane: 0, part: 0, values: 8, digits: 2, offset: 128, normSq: '0x00000000000f4240', total: null }],
    phase: 'Settled',
    items: 3,
    submissions: 3,
    accepted: [0, 1, 2],
    closedAt: 7,
    endedAt: 12,
    failure: null,
    failedIn: null,
  };
  const table: Table = {
    'tally.nextRound': 3,
    'tally.rounds 2': view,
    'tally.payouts 2': {
      items: [0, 1, 2],
      z: z.map((value) => `0x${value.toString(16)}`),
      rate: Number(RATE),
      grains: Number(GRAINS),
      stake: Number(STAKE),
    },
    'royalty.rounds 2': { pool: 100, paid: 90, dust: 10, bins: 1 },
    'royalty.bins 2 0': { bin: toHex(encodeBin(bin)) },
  };
  wallets.forEach(({ account }, i) => {
    table[`tally.items 2 ${i}`] = {
      account: account.address,
      enrolment: toHex(enrolments[i] as Uint8Array),
      status: 'Accepted',
    };
  });
  return { wallets, table, bin };
}

async function codeOf(run: () => Promise<unknown>): Promise<string> {
  return run().then(
    () => 'none',
    (error: { code?: string }) => error.code ?? String(error),
  );
}

describe('client/sdk/claim', () => {
  const { wallets, table, bin } = settledRound();
  const [earner, loser] = wallets as [(typeof wallets)[0], (typeof wallets)[0]];

  it('every wallet reads its own amount and score, losses and zeros included', async () => {
    const { chain } = fakeChain(genesis, table);
    for (const [i, wallet] of wallets.entries()) {
      const [note, ...others] = await scan(chain, wallet);
      expect(others).to.deep.equal([]);
      expect(note).to.include({ round: 2, item: i, place: i, stake: STAKE, rate: RATE, spent: false });
      expect(note?.score).to.equal(SCORES[i]);
      // Whole units, rounded down.
      const grains = GRAINS * STAKE + RATE * (SCORES[i] as bigint);
      expect([note?.opening.amount, note?.amount]).to.deep.equal([grains, grains / GRAINS]);
    }
    expect(await scan(chain, walletOf(random(32)))).to.deep.equal([]);
  });

  it("the claim that is sent verifies on the chain's side and pays the fresh account", async () => {
    const { chain, sent } = fakeChain(genesis, table);
    const note = await scanRound(chain, earner, 2);
    if (!note) throw new Error('no note');
    const destination = earner.freshAccount(genesis, 2).publicKey;
    await claim(chain, note, destination);
    expect(sent.map(({ name }) => name)).to.deep.equal(['royalty.claim']);
    const [round, index, amount, to, proof] = (sent[0] as SentCall).args as [
      number,
      number,
      bigint,
      Uint8Array,
      string,
    ];
    expect([round, index, amount, toHex(to)]).to.deep.equal([2, 0, note.opening.amount, toHex(destination)]);
    const terms = { amount, fee: claimFee(chain) * GRAINS, destination: to };
    expect(verifyClaim(bin, terms, fromHex(proof))).to.equal(true);
    expect(verifyClaim(bin, { ...terms, destination: loser.account.publicKey }, fromHex(proof))).to.equal(false);
    // nothing that is sent names the wallet
    expect(JSON.stringify(sent[0]?.args, (_, v: unknown) => (typeof v === 'bigint' ? `${v}` : v))).not.to.include(
      earner.account.address,
    );
    expect(toHex(tagOfProof(fromHex(proof)))).to.equal(toHex(claimTag(note.key)));
  });

  it('knows a note that has been claimed, and does not claim it again', async () => {
    const open = await scanRound(fakeChain(genesis, table).chain, earner, 2);
    const tag = toHex(claimTag(open?.key as bigint));
    // The tag of another round's note is another note's.
    const { chain, sent } = fakeChain(genesis, { ...table, [`royalty.tags 1 ${tag}`]: true });
    const marked = fakeChain(genesis, { ...table, [`royalty.tags 2 ${tag}`]: true });
    const note = await scanRound(marked.chain, earner, 2);
    expect(note?.spent).to.equal(true);
    if (note) expect(await codeOf(() => claim(marked.chain, note, new Uint8Array(32)))).to.equal('sdk/note-spent');
    expect([...sent, ...marked.sent]).to.deep.equal([]);
    expect((await scanRound(chain, earner, 2))?.spent).to.equal(false);
    expect((await scanRound(marked.chain, loser, 2))?.spent).to.equal(false);
  });

  it('a node that serves a scan does not learn whose wallet is looking, nor the tag of its note', async () => {
    const views = await Promise.all(
      wallets.map(async (wallet) => {
        const { chain, asked } = fakeChain(genesis, table);
        await scan(chain, wallet);
        return [...asked].sort();
      }),
    );
    expect(views[0]).to.include.members(['tally.items 2 0', 'tally.items 2 1', 'tally.items 2 2', 'royalty.tags 2']);
    for (const view of views) expect(view).to.deep.equal(views[0]);
  });

  it('a node that lies about payout, note or shape is found out', async () => {
    const payout = table['tally.payouts 2'] as { z: string[] };
    const altered = payout.z.map((value, i) => (i === 0 ? `0x${(BigInt(value) ^ 1n).toString(16)}` : value));
    const lies: Record<string, [string, unknown]> = {
      'notes/not-mine': ['tally.payouts 2', { ...payout, z: altered }],
      'sdk/no-note': ['royalty.bins 2 0', { bin: toHex(encodeBin({ ...bin, notes: bin.notes.slice(1) })) }],
      'notes/bad-bin': ['royalty.bins 2 0', { bin: '0x00' }],
      'sdk/unexpected-answer': ['tally.payouts 2', { ...payout, z: 'many' }],
      'enrolment/not-mine': [
        'tally.items 2 0',
        { ...(table['tally.items 2 1'] as object), account: earner.account.address },
      ],
      'sdk/unknown-round': ['tally.rounds 2', undefined],
    };
    for (const [code, [key, value]] of Object.entries(lies)) {
      const { chain } = fakeChain(genesis, { ...table, [key]: value });
      expect(await codeOf(() => scanRound(chain, earner, 2)), key).to.equal(code);
    }
    expect(binRoot(bin).length).to.equal(32);
  });

  it('a payout that is no multiple of the rate is refused', async () => {
    const payout = table['tally.payouts 2'] as object;
    const { chain } = fakeChain(genesis, { ...table, 'tally.payouts 2': { ...payout, rate: 7_000_000 } });
    expect(await codeOf(() => scanRound(chain, earner, 2))).to.equal('sdk/bad-payout');
  });
});
