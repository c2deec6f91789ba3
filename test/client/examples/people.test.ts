/** Data owner, curators, trainer and user, each by the example of the README, on four real validators; what came of it is read back with proof. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { storage } from '../../../client/sdk/generated/chain.ts';
import { devAccount } from '../../../client/sdk/keys.ts';
import { readAccess } from '../../../client/sdk/licences.ts';
import { finalizedState, type State } from '../../../client/sdk/round.ts';
import { sameBytes } from '../../../primitives/crypto/bytes.ts';
import { examples, type Examples, POLKADOT } from '../../support/examples.ts';
import { TestNetwork } from '../../support/test-network.ts';

const [DATA_OWNER, CURATOR, TRAINER, USER] = ['data-owner', 'curator', 'trainer', 'user'].map(
  (name) => `client/examples/${name}.ts`,
) as [string, string, string, string];
const key = (name: string): Uint8Array => devAccount(name).publicKey;
const data = { tag: 'Data' as const, value: 0n };
const model = { tag: 'Model' as const, value: 0n };
const TAC = 1_000_000n;

describe('client/examples: data owner, curators, trainer and user', function () {
  this.timeout(900_000);
  let network: TestNetwork;
  let folder: string;
  let rpc: string;
  let run: Examples['run'];
  let output: Examples['output'];
  /** Runs beside the others: it waits for blocks most of the time. */
  let curating: ReturnType<Examples['run']>;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tacit-people-'));
    for (const name of ['first', 'second']) writeFileSync(join(folder, name), `${name} words of many`);
    network = await TestNetwork.start({ basePort: 24_400 });
    ({ rpc } = network.network.validator(0));
    ({ run, output } = examples(network.network.specFile));
  });
  after(async () => {
    await network?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const now = async (): Promise<State> => finalizedState(await network.chain(1));

  it('the data owner registers what stays on the machine, discloses it and sells licences', async () => {
    const said = await output(DATA_OWNER, rpc, join(folder, 'first'));
    expect(said).to.include('registered as $Data 0').and.to.include('collected: 0.000000 TAC').and.not.match(POLKADOT);
    expect(await output(DATA_OWNER, rpc, join(folder, 'second'))).to.include('registered as $Data 1');
    const state = await now();
    const kept = await state.get(storage.registry.data, 0n);
    expect(kept).to.deep.include({ collective: true });
    expect(kept?.disclosure).to.deep.include({ title: 'first', text: '19 bytes' });
    expect(await state.get(storage.ownership.titles, data)).to.deep.include({ owner: key('//Bob') });
    expect(await state.get(storage.licensing.licences, data)).to.deep.include({ openTiers: 0 });
    curating = run(CURATOR, rpc, '0,1', '70,30');
  });

  it('the trainer is told what is missing, buys, and registers a model whose lineage stands', async () => {
    const said = await output(TRAINER, rpc, '0');
    expect(said).to.match(/may a model of yours come from it\? no \(GrantMissing\)\. Buy a grant/);
    expect(said).to.include('yes, for 10 % of what it earns').and.to.include('25.000000 TAC, once');
    const state = await now();
    const [link] = await state.get(storage.registry.links, 0n);
    expect(link).to.deep.include({ parent: data, shareBps: 1_000 });
    expect(await state.get(storage.registry.models, 0n)).to.deep.include({ versions: 2, branches: 1 });
    expect(await state.get(storage.registry.versions, 0n, 1)).to.deep.include({ branch: 'main' });
    const [entry] = await readAccess(state, data, key('//Ferdie'));
    expect(entry).to.deep.include({ isHolder: true, tiers: 17 });
    expect((await state.get(storage.ownership.earnings, data)).amount).to.equal((25n * TAC * 98n) / 100n);
  });

  it('the user is refused nothing that was bought: a bundle, vouchers, the end of it, a renewal, an evaluation', async () => {
    const said = await output(USER, rpc, '0');
    expect(said).to.match(
      /3 uses left\n(use \d: .*\n){3}the gateway settled .*\nyou have no uses left\nrenewed\n.*3 uses left/,
    );
    const state = await now();
    const [entry] = await readAccess(state, model, key('//Grace'));
    expect(entry).to.deep.include({ isHolder: true, tiers: 7, usesLeft: 3n });
    const grant = await state.get(storage.licensing.grants, entry!.grant);
    expect(grant).to.deep.include({ used: 3n, paid: 12n * TAC, lost: (12n * TAC * 2n) / 100n });
    const evaluation = await state.get(storage.curation.evaluations, 0n, 0);
    expect(evaluation).to.deep.include({ account: key('//Grace'), rating: 80, grant: entry!.grant });
  });

  it('what was earned reaches data owner and trainer to the last unit', async () => {
    const before = await now();
    const earned = await before.getMany(storage.ownership.earnings, [[model], [data]]);
    expect(earned.map(({ amount }) => amount)).to.deep.equal([11_760_000n, 24_500_000n]);
    const said = await output(DATA_OWNER, rpc, join(folder, 'first'));
    expect(said).to.include('these bytes are $Data 0, which is yours').and.to.include('collected: 25.676000 TAC');
    const after = await now();
    expect(await after.get(storage.royalty.owed, key('//Bob'))).to.equal(0n);
    expect(await after.get(storage.royalty.owed, key('//Ferdie'))).to.equal(10_584_000n);
    expect((await after.get(storage.ownership.earnings, data)).amount).to.equal(0n);
    expect((await after.get(storage.ownership.earnings, model)).amount).to.equal(0n);
  });

  it('the curators weigh by ballots that nobody opens, and leave with their bonds', async () => {
    const { code, out } = await curating.ended;
    expect(code, out).to.equal(0);
    expect(out).to.include('three ballots together: 270 30 of 300').and.not.match(POLKADOT);
    const state = await now();
    const proposal = await state.get(storage.curation.proposals, 0);
    expect(proposal?.state).to.deep.equal({ tag: 'Minted', value: { portfolio: 0n } });
    const minted = await state.get(storage.registry.portfolios, 0n);
    expect(minted?.items).to.deep.equal([
      { data: 0n, weight: 270n },
      { data: 1n, weight: 30n },
    ]);
    expect(minted?.curators).to.have.length(3);
    for (const name of ['//Eve', '//Ivan', '//Judy']) {
      expect(
        minted?.curators.some(({ account }) => sameBytes(account, key(name))),
        name,
      ).to.equal(true);
      expect(await state.get(storage.curation.curators, key(name)), name).to.equal(undefined);
      expect((await state.get(storage.system.account, key(name))).data.reserved, name).to.equal(0n);
    }
  });

  it('mistakes are told in sentences', async () => {
    const mistakes = [
      [2, 'usage: npx tacit run client/examples/user.ts NODE-URL MODEL', USER, rpc],
      [1, 'there is no data 9', TRAINER, rpc, '9'],
      [1, 'nobody offers a bundle of uses of model 9', USER, rpc, '9'],
      [1, 'the weights add up to 100', CURATOR, rpc, '0,1', '1,2'],
      [1, 'curation.propose failed: ownership.UnknownAsset: ', CURATOR, rpc, '0,9', '50,50'],
    ] as [number, string, string, ...string[]][];
    const answers = await Promise.all(mistakes.map(([, , ...command]) => run(...command).ended));
    for (const [place, answer] of answers.entries()) {
      const [code, said] = mistakes[place]!;
      expect(answer.code, answer.out).to.equal(code);
      expect(answer.out).to.include(said).and.not.match(POLKADOT);
      expect(answer.out).not.to.include('    at ');
    }
  });
});
