import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { TALLY_STEPS, type TallyStep } from '../../primitives/round/index.ts';
import { type Chain, within } from '../../client/sdk/connect.ts';
import { type MiniOutcome, MiniWorld } from '../support/mini-round.ts';
import { finalBlocks, finalHead, TestNetwork } from '../support/test-network.ts';
import { LIES } from './liar.ts';

const LIAR = 2;
const BOND = 1_000_000_000n;
const SLASH = 100_000_000n;
/** For a post that comes after its step is done, and for the block that holds it to become final. */
const NAMING_MS = 30_000;

interface Offence {
  readonly member: number;
  readonly kind: string;
  readonly round: number;
  readonly step: TallyStep;
}

async function offences(chain: Chain, hash?: string): Promise<Offence[]> {
  const state = await chain.api.at(hash ?? (await chain.api.rpc.chain.getFinalizedHead()));
  const entries = (await state.query.committee?.offences?.entries()) ?? [];
  return entries
    .map(([, value]) => value.toJSON() as { member: number; kind: string; round: number; step: number })
    .map(({ step, ...rest }) => ({ ...rest, step: TALLY_STEPS[step] as TallyStep }))
    .map(({ member, kind, round, step }) => ({ member, kind, round, step }))
    .sort((a, b) => a.round - b.round || TALLY_STEPS.indexOf(a.step) - TALLY_STEPS.indexOf(b.step));
}

const expected: Offence[] = Object.entries(LIES).flatMap(([round, lies]) =>
  TALLY_STEPS.filter((step) => step in lies).map((step) => ({
    member: LIAR,
    kind: step === 'Keying' ? 'BadKeySum' : 'BadShare',
    round: Number(round),
    step,
  })),
);

describe('a validator that lies in its posts', function () {
  this.timeout(600_000);

  let network: TestNetwork;
  const worlds: MiniWorld[] = [];
  const outcomes: MiniOutcome[] = [];

  before(async () => {
    const module = fileURLToPath(new URL('./liar.ts', import.meta.url));
    network = await TestNetwork.start({ basePort: 21_400, tamper: new Map([[LIAR, module]]) });
    const chain = await network.chain(0);
    const crews = [
      { seed: 'liar 1', owner: '//Alice', user: '//Bob' },
      { seed: 'liar 2', owner: '//Charlie', user: '//Dave' },
      { seed: 'liar 3', owner: '//Eve', user: '//Ferdie' },
    ];
    worlds.push(...(await Promise.all(crews.map((crew) => MiniWorld.prepare(chain, crew)))));
  });

  after(async () => {
    await network?.stop();
  });

  it('cannot keep three rounds at once from settling', async () => {
    const chain = await network.chain(0);
    outcomes.push(...(await Promise.all(worlds.map((world) => world.run(chain)))));
    for (const { view, phases } of outcomes) expect(phases.at(-1), view.failure ?? '').to.equal('Settled');
    expect(outcomes.map(({ round }) => round).sort()).to.deep.equal([1, 2, 3]);
  });

  it('cannot change a payout: scores are those of the plain computation, bit by bit', async () => {
    const chain = await network.chain(0);
    for (const [at, outcome] of outcomes.entries()) {
      const { notes, plain, aggregate, plainAggregate, pool, paid, dust } = await (worlds[at] as MiniWorld).payout(
        chain,
        outcome,
      );
      expect(aggregate?.map((part) => [...part])).to.deep.equal(plainAggregate.map((part) => [...part]));
      expect(notes.map(({ origin }) => origin.score)).to.deep.equal(plain);
      expect(paid + dust).to.equal(pool);
    }
  });

  it('is named for every lie, with its kind, and nobody else is named', async () => {
    const chain = await network.chain(0);
    const { number } = await finalHead(chain);
    const allNamed = async (): Promise<void> => {
      for await (const { hash } of finalBlocks(chain, number))
        if ((await offences(chain, hash)).length >= expected.length) return;
    };
    await within(allNamed(), NAMING_MS, () => new Error('not every lie was named')).catch(() => undefined);
    expect(await offences(chain)).to.deep.equal(expected);
  });

  it('is slashed for every lie, and nobody else is', async () => {
    const chain = await network.chain(0);
    const state = await chain.api.at(await chain.api.rpc.chain.getFinalizedHead());
    const validators = (await state.query.session?.validators?.())?.toJSON() as string[];
    const bonds = await Promise.all(
      validators.map(async (account) => BigInt(String(await state.query.session?.bonds?.(account)))),
    );
    const lost = SLASH * BigInt(expected.length);
    expect(bonds).to.deep.equal([0, 1, 2, 3].map((index) => (index === LIAR ? BOND - lost : BOND)));
  });

  it('is passed over in the keys of the round whose key sum it falsified', () => {
    expect(outcomes.find(({ round }) => round === 2)?.phases.filter((phase) => phase === 'Keying').length).to.equal(2);
  });
});
