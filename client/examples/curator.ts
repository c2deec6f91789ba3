/**
 * Be a curator: put up a bond, take a place in a proposal, weigh its data by an encrypted ballot, and leave with the bond.
 *
 *     npx tacit run client/examples/curator.ts ws://127.0.0.1:9944 DATA,DATA WEIGHT,WEIGHT
 *
 * DATA are numbers of registered data that others own, WEIGHTs whole numbers that add up to 100. The portfolio is proposed by //Alice; you are //Eve, and
 * //Ivan and //Judy vote beside you, since nothing is opened of fewer than three ballots. For development networks only.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import type { KeyringPair } from '@polkadot/keyring/types';
import { utf8 } from '../../primitives/crypto/bytes.ts';
import { tac } from '../demo/report.ts';
import { type Chain, connect } from '../sdk/connect.ts';
import { castBallot } from '../sdk/contribute.ts';
import { calls, storage } from '../sdk/generated/chain.ts';
import { devAccount } from '../sdk/keys.ts';
import { knownChain } from '../sdk/node/chain-file.ts';
import { finalizedState, followRound, readSum, untilCommittee } from '../sdk/round.ts';
import { eventField, send } from '../sdk/transact.ts';
import { orExplain } from './explain.ts';

const TAC = 1_000_000n;
const BOND = 20n * TAC;
const REWARD = 30n * TAC;
const PATIENCE_MS = 10 * 60_000;
/** Blocks of two seconds in which ballots may be cast. */
const OPEN_BLOCKS = 20;
const TEXT = 'what is good to learn from';

function parse(items: string, weights: string): { items: bigint[]; weights: number[] } {
  const parsed = { items: items.split(',').map(BigInt), weights: weights.split(',').map(Number) };
  if (parsed.items.length !== parsed.weights.length) throw new Error('as many weights as data: one for each');
  if (parsed.weights.reduce((sum, weight) => sum + weight, 0) !== 100) throw new Error('the weights add up to 100');
  return parsed;
}

async function propose(chain: Chain, items: bigint[]): Promise<{ proposal: number; round: number }> {
  const criteria = { digest: sha256(utf8(TEXT)), text: TEXT };
  const plan = {
    items,
    criteria,
    curatorsBps: 1_000,
    reward: REWARD,
    kMin: 3,
    openBlocks: OPEN_BLOCKS,
    maxExtensions: 1,
  };
  const sent = await send(chain, calls.curation.propose(plan), devAccount('//Alice'), { until: 'finalized' });
  const field = (name: string): number => Number(eventField(sent, 'curation', 'Proposed', name));
  return { proposal: field('proposal'), round: field('round') };
}

/** Puts up a bond unless there is one, and takes a place. */
async function sit(chain: Chain, curator: KeyringPair, proposal: number): Promise<void> {
  const known = await (await finalizedState(chain)).get(storage.curation.curators, curator.publicKey);
  if (known === undefined) await send(chain, calls.curation.bond({ amount: BOND }), curator);
  await send(chain, calls.curation.join({ proposal }), curator, { until: 'finalized' });
}

await orExplain('curator.ts NODE-URL DATA,DATA WEIGHT,WEIGHT', async (url: string, data: string, given: string) => {
  const { items, weights } = parse(data, given);
  await using chain = await connect(url, knownChain());
  const [you, ...others] = ['//Eve', '//Ivan', '//Judy'].map(devAccount) as [KeyringPair, ...KeyringPair[]];
  await untilCommittee(chain, () => undefined, PATIENCE_MS);
  const { proposal, round } = await propose(chain, items);
  console.log(
    `proposal ${proposal}: a portfolio of data ${items.join(' and ')}, looking for ${TEXT}; reward ${tac(REWARD)} TAC`,
  );
  await Promise.all([you, ...others].map((curator) => sit(chain, curator, proposal)));
  console.log(`you put up a bond of ${tac(BOND)} TAC and took one of three places`);

  await followRound(chain, round, ({ phase }) => phase === 'Open' || undefined, PATIENCE_MS);
  await castBallot(chain, you, round, weights); // encrypted and proved here; nobody ever opens it
  console.log(`your ballot is in a block: ${weights.join(' ')} of 100, which nobody but you can read`);
  for (const other of others)
    await castBallot(
      chain,
      other,
      round,
      [...items.keys()].map((item) => (item === 0 ? 100 : 0)),
    );

  await followRound(chain, round, ({ phase }) => phase === 'Settled' || undefined, PATIENCE_MS);
  const { sums = [] } = (await readSum(await finalizedState(chain), round)) ?? {};
  console.log(`three ballots together: ${sums.join(' ')} of 300; no single one was opened`);
  const ended = await send(chain, calls.curation.conclude({ proposal }), you, { until: 'finalized' });
  const portfolio = BigInt(eventField(ended, 'curation', 'Minted', 'portfolio'));
  const minted = await (await finalizedState(chain)).get(storage.registry.portfolios, portfolio);
  const parts = minted?.items.map((item) => `data ${item.data} with ${item.weight}`).join(', ');
  console.log(`$Portfolio ${portfolio} is minted: ${parts}`);
  const rewards = ended.events.filter(
    ({ event }) => event.section === 'curation' && event.method === 'CuratorRewarded',
  );
  console.log(`${rewards.length} curators have shared the reward, and get 10 % of what the portfolio earns`);
  for (const curator of [you, ...others]) await send(chain, calls.curation.leave(), curator, { until: 'finalized' });
  console.log(`you left, and your bond of ${tac(BOND)} TAC is yours again`);
});
