/**
 * Open a small round that waits for one more contributor, as the development owner of a model:
 *
 *     npx tacit run client/examples/open-round.ts ws://127.0.0.1:9944 ACCOUNT
 *
 * Registers a model (its weights are those that train.ts starts from), pays into its pool, gives ACCOUNT what it needs to take part, opens a round for four,
 * contributes for three parties with real MNIST shards, then waits for ACCOUNT's contribution and for the payout. For development networks only: it
 * uses the keys of //Alice and //Bob.
 */
import { randomBytes } from 'node:crypto';
import { fromAddress } from '../../primitives/crypto/ss58.ts';
import { dealShards } from '../demo/parties.ts';
import { roundData, UPDATE_NORM_SQ } from '../demo/learning.ts';
import { loadMnist } from '../demo/mnist.ts';
import { tac } from '../demo/report.ts';
import { DEMO_SEED } from '../demo/retrained.ts';
import { connect } from '../sdk/connect.ts';
import { contribute, enrol } from '../sdk/contribute.ts';
import { devAccount, walletOf } from '../sdk/keys.ts';
import { knownChain } from '../sdk/node/chain-file.ts';
import { createRound, fund, pay, publishDirection, registerModel } from '../sdk/model.ts';
import { ROUND_TEMPLATES } from '../sdk/plan.ts';
import { openTerms, storeTerms } from '../sdk/terms.ts';
import { followRound, finalizedState, readMoney } from '../sdk/round.ts';
import { orExplain } from './explain.ts';

const TAC = 1_000_000n;
const POOL = 1_000n * TAC;
const STAKE = 2_000n * TAC;
/** Long enough for a person: the round stays open for up to 200 times 10 blocks of 2 s. */
const PATIENCE = { openBlocks: 10, maxExtensions: 200 };
const PATIENCE_MS = 75 * 60_000;

await orExplain('open-round.ts NODE-URL ACCOUNT', async (url: string, address: string) => {
  const newcomer = fromAddress(address);
  const [owner, user] = [devAccount('//Alice'), devAccount('//Bob')];
  const { parties, validation } = dealShards(loadMnist().train, DEMO_SEED);
  const { updates, direction } = roundData(parties, validation, DEMO_SEED);
  const companions = updates.slice(0, 3).map((parts) => ({ parts, wallet: walletOf(new Uint8Array(randomBytes(32))) }));
  // only now: who computes does not answer the node, and it ends the connection
  await using chain = await connect(url, knownChain());

  const model = await registerModel(chain, owner, {
    fingerprint: new Uint8Array(randomBytes(32)), // a real owner names the hash of its weights
    architecture: new Uint8Array(randomBytes(32)),
    terms: await storeTerms(chain, owner, openTerms('Apache-2.0')),
  });
  await fund(chain, user, model, POOL);
  const accounts = [newcomer, ...companions.map(({ wallet }) => wallet.account.publicKey)];
  await pay(chain, owner, accounts, STAKE + 200n * TAC); // stake, deposit of a submission, fees
  console.log(
    `model ${model} is registered, its pool holds ${tac(POOL)} TAC; every contributor has ${tac(STAKE + 200n * TAC)} TAC`,
  );

  const salt = new Uint8Array(randomBytes(32));
  const round = await createRound(chain, owner, model, {
    ...ROUND_TEMPLATES.open, // without it an attester has to vouch for whoever takes part
    parts: direction.map(({ length }) => length),
    normSq: BigInt(UPDATE_NORM_SQ),
    reporters: [], // nobody reports usage: the update alone is paid
    gamma: 1n,
    tMin: 1_000_000n,
    pool: POOL,
    stake: STAKE,
    kMin: 4,
    maxItems: 4,
    ...PATIENCE,
    salt, // keep it: the direction is published with it
    direction, // only its hash is sent now, and under a salt nobody can confirm a guess
  });
  await followRound(chain, round, ({ phase }) => phase === 'Open' || undefined, PATIENCE_MS);
  for (const { parts, wallet } of companions) {
    await enrol(chain, wallet, round);
    await contribute(chain, wallet, round, parts);
  }
  console.log(`round ${round} is open; three have contributed, it waits for ${address}`);

  await followRound(chain, round, ({ closedAt }) => closedAt ?? undefined, PATIENCE_MS);
  console.log(`round ${round} is closed: the committee opens what may be opened`);
  await publishDirection(chain, round, direction, salt);
  await followRound(chain, round, ({ phase }) => phase === 'Settled' || undefined, PATIENCE_MS);
  const money = await readMoney(await finalizedState(chain), round);
  console.log(`round ${round} is settled: paid ${tac(money?.paid ?? 0n)} TAC, dust ${tac(money?.dust ?? 0n)} TAC`);
});
