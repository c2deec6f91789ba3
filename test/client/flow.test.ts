/**
 * The client's way through a round on the real runtime, RPC and committee: one contributor by the example script, one by the command line, one by the SDK; then
 * wallets read and claim. Consensus and processes are quick stand-ins (support/quick-chain.ts); the cryptography is real and of full size.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { buildHere } from '../../client/sdk/build.ts';
import { balanceOf, claim, CLAIM_FEE, claimable } from '../../client/sdk/claim.ts';
import { type Chain, connect } from '../../client/sdk/connect.ts';
import { contribute, enrol, reportUsage } from '../../client/sdk/contribute.ts';
import { writeWalletFile } from '../../client/sdk/node/keyfile.ts';
import { type OwnNote, scan, type Scan } from '../../client/sdk/notes/index.ts';
import { purses } from '../../client/sdk/spend.ts';
import { devAccount, walletOf } from '../../client/sdk/keys.ts';
import { createRound, fund, pay, publishDirection, registerModel } from '../../client/sdk/model.ts';
import { ROUND_TEMPLATES, type RoundPlan } from '../../client/sdk/plan.ts';
import { registerData } from '../../client/sdk/data.ts';
import { openTerms, storeTerms } from '../../client/sdk/terms.ts';
import { joinParts, partLengths, quantise } from '../../client/sdk/quantise.ts';
import { finalizedState, followRound, itemOf, readMoney, readRound, untilCommittee } from '../../client/sdk/round.ts';
import { storage } from '../../client/sdk/generated/chain.ts';
import { seedOfWords } from '../../client/sdk/words.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { type Lie, lyingNode } from './support/lying-node.ts';
import { closedFormShapley } from '../../client/demo/shapley.ts';
import { type QuickChain, quickChain } from './support/quick-chain.ts';

const PARAMETERS = 200;
const NORM_SQ = 100_000n;
/** More than so few parameters need: the round says how many. */
const PARTS = 2;
const USE_POINTS = 100n;
const STAKE = 100_000_000n;
const PASSPHRASE = 'a passphrase for the test';
const TIMEOUT = 60_000;
const USES = [10, 0, 15];

const script = (name: string): string => new URL(`../../client/${name}`, import.meta.url).pathname;

function run(args: readonly string[]): Promise<{ code: number | null; out: string }> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, TACIT_PASSPHRASE: PASSPHRASE, TACIT_CHAIN: chainFile },
  });
  let out = '';
  child.stdout.on('data', (data) => (out += data));
  child.stderr.on('data', (data) => (out += data));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out })));
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: { code?: string; details?: { error?: string } }) => error.details?.error ?? error.code ?? String(error),
  );
}

let chainFile: string;

describe('client: from registration to claim', function () {
  this.timeout(10 * TIMEOUT);
  const owner = devAccount('//Alice');
  const user = devAccount('//Bob');
  const seeds = USES.map(() => new Uint8Array(randomBytes(32)));
  const wallets = seeds.map(walletOf);
  const updates = USES.map((_, party) =>
    Float64Array.from({ length: PARAMETERS }, (_, j) => Math.sin(j) + Math.cos(j * (party + 2)) / (party + 1)),
  );
  const direction = quantise(
    Float64Array.from({ length: PARAMETERS }, (_, j) => Math.sin(j)),
    NORM_SQ,
    PARTS,
  );
  const parts = updates.map((update) => quantise(update, NORM_SQ, PARTS));
  const plan: RoundPlan = {
    ...ROUND_TEMPLATES.known,
    parts: partLengths(PARAMETERS, PARTS),
    normSq: NORM_SQ,
    reporters: [{ account: user.publicKey, total: BigInt(USES.reduce((a, b) => a + b)), points: USE_POINTS }],
    gamma: 1n,
    tMin: 1n,
    pool: 50_000_000n,
    stake: STAKE,
    kMin: 3,
    maxItems: 4,
    openBlocks: 40,
    maxExtensions: 50,
    salt: new Uint8Array(randomBytes(32)),
    direction,
  };

  let quick: QuickChain;
  let chain: Chain;
  let folder: string;
  let round: number;
  const file = (party: number): string => join(folder, `${party}.wallet`);
  const update = (party: number): string => join(folder, `${party}.update`);

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tacit-flow-'));
    seeds.forEach((seed, party) => {
      writeWalletFile(file(party), seed, PASSPHRASE);
      writeFileSync(update(party), new Uint8Array((updates[party] as Float64Array).buffer));
    });
    quick = await quickChain({ parameters: { BinLeast: 3n, BinWait: 1n } });
    chainFile = join(folder, 'chain.json');
    writeFileSync(chainFile, quick.chain);
    chain = await connect(quick.url, { chain: quick.chain });
    const terms = await storeTerms(chain, owner, openTerms('Apache-2.0'));
    // A second time they stand already, and are the same.
    expect(await storeTerms(chain, user, openTerms('Apache-2.0'))).to.deep.equal(terms);
    const content = randomBytes(100);
    const data = BigInt(await registerData(chain, user, content, { terms }));
    expect(await codeOf(registerData(chain, owner, content))).to.equal('registry.AlreadyRegistered');
    const parents = [
      {
        asset: { tag: 'Data' as const, value: data },
        relation: { tag: 'TrainedOn' as const },
        grant: undefined,
        mostBps: 0,
        mostInAll: undefined,
      },
    ];
    const card = { fingerprint: randomBytes(32), architecture: randomBytes(32), terms, parents };
    const model = await registerModel(chain, owner, card);
    await Promise.all([
      fund(chain, user, model, plan.pool),
      pay(
        chain,
        owner,
        wallets.map(({ account }) => account.publicKey),
        STAKE + 20_000_000n,
      ),
    ]);
    await untilCommittee(chain, () => undefined, TIMEOUT);
    expect(await codeOf(createRound(chain, user, model, plan))).to.equal('ownership.NotAllowed');
    round = await createRound(chain, owner, model, plan);
    expect(await codeOf(enrol(chain, wallets[0] as (typeof wallets)[0], round + 1))).to.equal('sdk/unknown-round');
    await followRound(chain, round, ({ phase }) => phase === 'Open' || undefined, TIMEOUT);
    // the round closes by block number: however slow this machine is, it stays open for the contributions
    quick.onDemand = true;
  });
  after(async () => {
    await chain?.close();
    await quick?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
    expect(quick.errors).to.deep.equal([]);
  });

  it('an update of another length is refused with both numbers, before anything is enrolled or staked', async () => {
    const { publicKey } = (wallets[1] as (typeof wallets)[0]).account;
    const held = async () => (await (await finalizedState(chain)).get(storage.system.account, publicKey)).data;
    const before = await held();
    const short = join(folder, 'short.update');
    writeFileSync(short, new Uint8Array(8 * (PARAMETERS - 1)).fill(64));
    const { code, out } = await run([
      script('cli/main.ts'),
      'contribute',
      '--rpc',
      quick.url,
      '--wallet',
      file(1),
      '--round',
      `${round}`,
      '--update',
      short,
    ]);
    expect(code, out).to.equal(1);
    expect(out).to.include(`holds ${PARAMETERS - 1} values; this round takes ${PARAMETERS} (sdk/wrong-length)`);
    expect(await itemOf(await finalizedState(chain), round, publicKey)).to.equal(undefined);
    expect(await held()).to.deep.equal(before);
  });

  it('script, command line and SDK contribute to the same round', async () => {
    const [scripted, commanded, coded] = wallets as [(typeof wallets)[0], (typeof wallets)[0], (typeof wallets)[0]];
    // in the order of the items, which the usage report refers to
    const byScript = await run([script('examples/contribute.ts'), quick.url, `${round}`, file(0), update(0)]);
    expect(byScript.code, byScript.out).to.equal(0);
    // what the README shows, and nothing that polkadot.js says of its own accord
    const calls = ['royalty.enrol', 'tally.submit', 'tally.submit'];
    expect(byScript.out).to.equal(calls.map((call) => `${call} is in a block\n`).join(''));
    const command = [
      script('cli/main.ts'),
      'contribute',
      '--rpc',
      quick.url,
      '--wallet',
      file(1),
      '--round',
      `${round}`,
      '--update',
      update(1),
    ];
    const byCommand = await run(command);
    expect(byCommand.code, byCommand.out).to.equal(0);
    const again = await run(command);
    expect(again.code, again.out).to.equal(1);
    expect(again.out)
      .to.include(`all ${PARTS} parts of this account stand in round ${round}`)
      .and.include('(cli/already-contributed)');

    expect(await codeOf(contribute(chain, coded, round, parts[2] as Int8Array[], { build: buildHere }))).to.equal(
      'tally.NotEnrolled',
    );
    await enrol(chain, coded, round);
    expect(await codeOf(enrol(chain, coded, round))).to.equal('tally.AlreadyEnrolled');
    expect(await codeOf(contribute(chain, coded, round, [direction[0] as Int8Array]))).to.equal('sdk/wrong-parts');
    expect(await codeOf(reportUsage(chain, owner, round, USES))).to.equal('sdk/not-reporter');
    expect(await codeOf(reportUsage(chain, user, round, [1, 2, 3]))).to.equal('proofs/claim');
    const sent = await contribute(chain, coded, round, parts[2] as Int8Array[]);
    expect(sent.bytes).to.be.below(2 << 20);
    await reportUsage(chain, user, round, USES);
    expect(await codeOf(contribute(chain, commanded, round, parts[1] as Int8Array[], { build: buildHere }))).to.equal(
      'tally.AlreadySubmitted',
    );
    expect(scripted.account.address).not.to.equal(commanded.account.address);
  });

  it('every wallet opens the score that the closed form gives', async () => {
    quick.onDemand = false;
    await followRound(chain, round, ({ closedAt }) => closedAt ?? undefined, TIMEOUT);
    await publishDirection(chain, round, direction, plan.salt);
    await followRound(chain, round, ({ phase }) => phase === 'Settled' || undefined, TIMEOUT);
    const shapley = closedFormShapley(parts, direction);
    const notes = await Promise.all(wallets.map(async (wallet) => (await scan(chain, wallet)).notes[0] as OwnNote));
    expect(notes.map(({ origin }) => 'round' in origin && origin.score)).to.deep.equal(
      shapley.map((phi, i) => phi + USE_POINTS * BigInt(USES[i] as number)),
    );
    const money = await readMoney(await finalizedState(chain), round);
    const paid = notes.reduce((sum, note) => sum + note.amount - STAKE, 0n);
    expect(money?.pool).to.equal(plan.pool);
    expect((money?.paid ?? 0n) + (money?.dust ?? 0n)).to.equal(plan.pool);
    // Each note leaves less than a unit.
    const fractions = (money?.paid ?? 0n) - paid;
    expect(fractions >= 0n && fractions < BigInt(notes.length)).to.equal(true);
    expect(paid > 0n).to.equal(true);
  });

  it('the owner has the sum of the updates, value by value, from the command line', async () => {
    const out = join(folder, 'sum');
    const flags = ['--rpc', quick.url, '--round', `${round}`, '--out', out];
    const ended = await run([script('cli/main.ts'), 'round', 'aggregate', ...flags]);
    expect(ended.code, ended.out).to.equal(0);
    expect(ended.out).to.include(`${PARAMETERS} values, the sum of 3 updates`);
    const sum = new Float64Array(Uint8Array.from(readFileSync(out)).buffer);
    const plain = parts.map((each) => joinParts(each, PARAMETERS));
    expect([...sum]).to.deep.equal(Array.from(sum, (_, j) => plain.reduce((all, each) => all + each[j]!, 0)));
  });

  /** What a wallet finds once the bins of its notes are closed. */
  async function closed(wallet: (typeof wallets)[0]): Promise<Scan> {
    return followRound(
      chain,
      round,
      async (_, state) => {
        const found = await scan(chain, wallet, undefined, state);
        return claimable(found.notes).every(({ bin }) => bin) ? found : undefined;
      },
      TIMEOUT,
    );
  }

  it('wallets claim round amounts to accounts that held nothing, and each amount once', async () => {
    const wallet = wallets[2] as (typeof wallets)[0];
    const found = await closed(wallet);
    const note = found.notes[0] as OwnNote;
    const fresh = wallet.freshAccount(chain.genesis, note.tag).publicKey;
    expect(await balanceOf(chain, fresh)).to.equal(0n);
    const amount = 20_000_000n;
    const { paid, hidden } = await claim(chain, wallet, found, note, { amount, split: 20 });
    expect([await balanceOf(chain, fresh), paid]).to.deep.equal([amount - CLAIM_FEE, amount - CLAIM_FEE]);
    const after = await scan(chain, wallet, found);
    expect(after.notes[0]?.spent?.destination).to.deep.equal(fresh);
    const change = after.notes.slice(1);
    expect([change.length, change.reduce((sum, { opening }) => sum + opening.amount, 0n)]).to.deep.equal([2, hidden]);
    expect(hidden + amount * note.grains).to.equal(note.opening.amount);
    // the wallet would refuse by itself: the chain must as well
    expect(await codeOf(claim(chain, wallet, found, note, { amount, destination: user.publicKey }))).to.equal(
      'sdk/extrinsic-refused',
    );
  });

  it('the command line lists, claims, and knows what is left; the change of a claim is claimed in its turn', async () => {
    const purse = ['--rpc', quick.url, '--wallet', file(0)];
    const tacit = (...args: string[]) => run([script('cli/main.ts'), 'wallet', ...args]);
    const first = wallets[0] as (typeof wallets)[0];
    const note = (await closed(first)).notes[0] as OwnNote;
    const target = first.freshAccount(chain.genesis, note.tag);
    const scanned = await tacit('list', ...purse);
    expect(scanned.out).to.match(
      /^ *0\/0 +round \d+ +\d+\.\d{6} +100\.000000 +-?\d+ +3 +unclaimed, \d+\.\d{6} TAC at a time$/m,
    );
    const claimed = await tacit('claim', ...purse, '--round', `${round}`);
    expect(claimed.code, claimed.out).to.equal(0);
    expect(claimed.out).to.include(target.address).and.include('it hides among 3 notes, which is few');
    const inBins = /: (\d+\.\d{6}) TAC to \w+; (\d+\.\d{6}) TAC stay hidden; ring of 3$/m.exec(claimed.out);
    const units = (text: string | undefined): bigint => BigInt((text ?? '').replace('.', ''));
    expect(await balanceOf(chain, target.publicKey)).to.equal(units(inBins?.[1]));
    expect(units(inBins?.[1]) + CLAIM_FEE + units(inBins?.[2])).to.equal(note.amount);
    // one after the other: each brings the wallet's notes up to date
    const one = await tacit('claim', ...purse, '--round', `${round}`);
    const none = await tacit('claim', ...purse, '--round', '99');
    const held = await tacit('balance', ...purse);
    const words = await tacit('export', '--wallet', file(0));
    expect(one.code, one.out).to.equal(0);
    expect(one.out).to.match(/^round \d+: already claimed, \d+\.\d{6} TAC; what was left is change\n$/);
    expect(none.code).to.equal(1);
    expect(none.out).to.include(`no round 99: the last is ${round} (cli/no-round)`);
    expect(held.out)
      .to.include(first.account.address)
      .and.include(target.address)
      .and.match(/hidden in notes: \d/);
    expect(words.out.split('\n')[0]?.split(' ')).to.have.length(24);
    expect(seedOfWords(words.out.split('\n')[0] as string)).to.deep.equal(seeds[0]);
    // its change stands in a bin of three notes, two of which the claim before has left
    const [change] = claimable((await closed(first)).notes) as [OwnNote];
    const again = await tacit('claim', ...purse, '--now');
    expect(again.code, again.out).to.equal(0);
    expect(again.out).to.match(new RegExp(`^note ${change.class}/${change.number}: \\d+\\.\\d{6} TAC to `, 'm'));

    // the files beside the wallet: sealed, the owner's alone; one that is damaged is said and can be deleted
    const store = readdirSync(folder).find((name) => name.startsWith('0.wallet.') && name.endsWith('.notes')) as string;
    expect(statSync(join(folder, store)).mode & 0o777).to.equal(0o600);
    const text = readFileSync(join(folder, store), 'utf8');
    writeFileSync(join(folder, store), text.replace('"box":"0x', '"box":"0x00'));
    expect((await tacit('scan', ...purse)).out)
      .to.include('delete it')
      .and.include('(sdk/bad-store)');
    rmSync(join(folder, store));
    const anew = await tacit('scan', ...purse, '--all');
    expect(anew.out.match(/claimed: \d/g)?.length, anew.out).to.equal(2);

    const payee = devAccount('//Payee');
    const [sent, tooMuch] = await Promise.all([
      tacit('send', ...purse, '--to', payee.address, '--amount', '1.5', '--from', target.address, '--now'),
      tacit('send', ...purse, '--to', payee.address, '--amount', '999999', '--now'),
    ]);
    expect(sent.code, sent.out).to.equal(0);
    expect(sent.out).to.include(`1.500000 TAC of ${target.address} sent to ${payee.address}`);
    expect(await balanceOf(chain, payee.publicKey)).to.equal(1_500_000n);
    expect(tooMuch.out).to.include('(cli/linkable)').and.include('999999.000000');
  });

  it('a node that lies about the round, its keys and notes, finality or the chain is refused, whatever it says', async () => {
    const older = (await chain.api.rpc.chain.getBlockHash(5)).toHex();
    const flipped = (hex: string): string =>
      hex.slice(0, -1) + (Number.parseInt(hex.at(-1) as string, 16) ^ 1).toString(16);
    const wallet = wallets[0] as (typeof wallets)[0];
    const prefixes = [
      storage.tally.rounds,
      storage.tally.payouts,
      storage.tally.items,
      storage.notes.classes,
      storage.notes.notes,
      storage.notes.bins,
      storage.notes.claims,
      storage.royalty.rounds,
      storage.tally.publicKeys,
      storage.tally.boxKeys,
    ].map(({ name, prefix }) => ({ name, prefix: toHex(prefix) }));
    const read = async (client: Chain): Promise<void> => {
      await scan(client, wallet);
      await purses(client, wallet, []);
      const state = await finalizedState(client);
      await readRound(state, round);
      // Some time after the round its keys are gone from the state: then it is their absence that has to be proved.
      await state.get(storage.tally.publicKeys, round);
      await state.get(storage.tally.boxKeys, round);
    };
    const refusal = async (lies: Record<string, Lie>): Promise<string> => {
      await using liar = await lyingNode(quick.url, lies);
      // Not without await: the liar would be gone before it is asked.
      return await codeOf(
        (async () => {
          await using client = await connect(liar.url, { chain: quick.chain, patienceMs: 0, timeoutMs: TIMEOUT });
          await read(client);
        })(),
      );
    };
    // that it is the lies that are refused
    await using honest = await lyingNode(quick.url, {});
    await using believed = await connect(honest.url, { chain: quick.chain, timeoutMs: TIMEOUT });
    await read(believed);
    for (const { name, prefix } of prefixes) {
      const about = (keys: unknown): boolean => (keys as string[]).some((key) => key.startsWith(prefix));
      // the state before the round: it had neither keys nor notes
      const before: Lie = (honest, [keys], ask) => (about(keys) ? ask('state_getReadProof', [keys, older]) : honest);
      expect(await refusal({ state_getReadProof: before }), name).to.equal('light/incomplete-proof');
      const changed: Lie = (honest, [keys]) => {
        const { proof, ...rest } = honest as { proof: string[] };
        return about(keys) ? { ...rest, proof: proof.map(flipped) } : honest;
      };
      expect(await refusal({ state_getReadProof: changed }), name).to.equal('light/incomplete-proof');
    }
    const lies: [string, string, Lie][] = [
      ['light/not-final', 'grandpa_proveFinality', () => null],
      [
        'light/not-final',
        'grandpa_proveFinality',
        (_, [number], ask) => ask('grandpa_proveFinality', [Number(number) - 3]),
      ],
      [
        'light/wrong-header',
        'chain_getHeader',
        (honest) => ({ ...(honest as object), stateRoot: `0x${'77'.repeat(32)}` }),
      ],
      ['light/incomplete-proof', 'state_getKeysPaged', () => []],
      ['light/other-chain', 'chain_getBlockHash', () => `0x${'77'.repeat(32)}`],
      ['light/other-runtime', 'state_getRuntimeVersion', (honest) => ({ ...(honest as object), specVersion: 99 })],
    ];
    for (const [code, method, lie] of lies) expect(await refusal({ [method]: lie }), method).to.equal(code);

    // what a call's bytes mean is not the node's to say: nobody asks it
    await using watched = await lyingNode(quick.url, {});
    await using client = await connect(watched.url, { chain: quick.chain });
    expect(client.api.tx.notes?.claim).not.to.equal(undefined);
    expect(watched.asked.has('state_getMetadata')).to.equal(false);
  });
});
