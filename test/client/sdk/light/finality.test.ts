import { expect } from 'chai';
import { storage } from '../../../../client/sdk/generated/chain.ts';
import { LightClient, type LightOptions, trustRootOf } from '../../../../client/sdk/light/index.ts';
import { headerHash } from '../../../../primitives/block/header.ts';
import { toHex } from '../../../../primitives/crypto/hex.ts';
import {
  changeTo,
  codeOf,
  entry,
  headerJson,
  justificationBy,
  PaperChain,
  proofHex,
  voters,
} from '../../support/paper-chain.ts';

const IMPATIENT: LightOptions = { patienceMs: 0 };

/** A client of a chain whose node answers some methods otherwise. */
function client(
  chain: PaperChain,
  lies: Record<string, (...params: readonly unknown[]) => unknown> = {},
  root = chain.root,
): LightClient {
  return new LightClient(
    async (method, params) => (lies[method] ? lies[method](...params) : chain.ask(method, params)),
    root,
    IMPATIENT,
  );
}
const heightOf = async (light: LightClient): Promise<number> => (await light.finalizedState()).block.number;
const hashOf = (chain: PaperChain, number: number): string => toHex(headerHash(chain.blocks[number]!.header));

describe('client/sdk/light: finality', function () {
  this.timeout(600_000);
  it('follows an honest chain from its authorities, over blocks without a proof of their own', async () => {
    const chain = new PaperChain().block().block({ justified: false }).block({ justified: false }).block();
    const light = client(chain);
    expect(await heightOf(light)).to.equal(4);
    expect(await light.genesis()).to.equal(toHex(chain.genesis));
    // blocks below the newest are proved as well, by the proof of a later one
    expect((await light.stateOf(hashOf(chain, 2))).block.number).to.equal(2);
    expect((await client(chain).stateOf(hashOf(chain, 2))).block.number).to.equal(2);
    chain.block();
    expect(await heightOf(light)).to.equal(5);
  });

  it('follows changes of the voters, several at once, and starts again from a checkpoint', async () => {
    const chain = new PaperChain().block();
    for (const name of ['second', 'third']) chain.block({ next: voters(name) }).block();
    const light = client(chain);
    expect(await heightOf(light)).to.equal(5);
    const checkpoint = await light.checkpoint();
    expect(checkpoint).to.include({ number: 5, setId: '2', genesis: toHex(chain.genesis) });
    chain.block({ next: voters('fourth', 7) });
    expect(await heightOf(light)).to.equal(6);
    const later = client(chain.block(), {}, trustRootOf(JSON.stringify(checkpoint)));
    expect(await heightOf(later)).to.equal(7);
    expect(await codeOf(() => later.stateOf(hashOf(chain, 4)))).to.equal('light/behind');
    const elsewhere = client(chain, {}, trustRootOf({ ...checkpoint, genesis: `0x${'11'.repeat(32)}` }));
    expect(await codeOf(() => elsewhere.genesis())).to.equal('light/other-chain');
  });

  it('refuses the proof of too few voters, of strangers, of another round, set or block', async () => {
    const chain = new PaperChain().block().block();
    const { header } = chain.head;
    const [own, strangers] = [voters('first'), voters('strangers')];
    const proofs = {
      'two of four': justificationBy(own.slice(0, 2), 0n, header),
      'one of them twice': justificationBy([own[0]!, own[1]!, own[1]!], 0n, header),
      strangers: justificationBy(strangers, 0n, header),
      'another set': justificationBy(own, 1n, header),
      'an older block': justificationBy(own, 0n, chain.blocks[1]!.header),
      nothing: new Uint8Array(0),
    };
    for (const [what, proof] of Object.entries(proofs)) {
      const light = client(chain, { grandpa_proveFinality: () => proofHex(header, proof) });
      expect(await codeOf(() => light.finalizedState()), what).to.equal('light/not-final');
    }
    const signed = justificationBy(own, 0n, header);
    for (const at of [0, 9, 45, 90, signed.length - 1]) {
      const changed = signed.map((byte, i) => (i === at ? byte ^ 1 : byte));
      const light = client(chain, { grandpa_proveFinality: () => proofHex(header, changed) });
      expect(await codeOf(() => light.finalizedState()), `byte ${at}`).to.equal('light/not-final');
    }
    expect(await codeOf(() => client(chain, { grandpa_proveFinality: () => null }).finalizedState())).to.equal(
      'light/not-final',
    );
  });

  it('refuses a fork that other voters finalize, and says when the specification may be of another chain', async () => {
    const chain = new PaperChain().block();
    const fork = new PaperChain([], 'Development', 'liars').block().block();
    const light = client(fork, {}, chain.root);
    const error = await light.finalizedState().catch((why: Error) => why);
    expect(String(error)).to.include('Is it a node of the chain whose specification was given?');
    expect(await codeOf(() => light.finalizedState())).to.equal('light/not-final');
  });

  it('refuses an old justification, a header that is another’s, and a second block at a proved height', async () => {
    const chain = new PaperChain().block().block();
    let [node, head] = [chain, hashOf(chain, 2)];
    const ask = async (method: string, params: readonly unknown[]): Promise<unknown> =>
      method === 'chain_getFinalizedHead' ? head : node.ask(method, params);
    const light = new LightClient(ask, chain.root, IMPATIENT);
    expect(await heightOf(light)).to.equal(2);
    head = hashOf(chain, 1);
    expect(await codeOf(() => light.finalizedState())).to.equal('light/behind');
    const other = client(chain, { chain_getHeader: () => headerJson(chain.blocks[1]!.header) });
    expect(await codeOf(() => other.finalizedState())).to.equal('light/wrong-header');
    // more of the voters than may have voted for two blocks: the client stays with what it has
    node = new PaperChain([entry(storage.tally.nextRound, [], 9)]).block().block();
    head = hashOf(node, 2);
    expect(await codeOf(() => light.finalizedState())).to.equal('light/conflict');
  });

  it('refuses changes of the voters that headers do not show, or show in a form that cannot be followed', async () => {
    const chain = new PaperChain()
      .block()
      .block({ next: voters('second') })
      .block();
    const began = (number: number) => ({
      state_getStorage: () => toHex(storage.grandpa.setBegan.value.codec.enc(number)),
    });
    expect(await codeOf(() => client(chain, began(1)).finalizedState()), 'a block without a change').to.equal(
      'light/bad-handover',
    );
    expect(await codeOf(() => client(chain, began(3)).finalizedState()), 'the block itself').to.equal(
      'light/bad-handover',
    );
    expect(await codeOf(() => client(chain, began(9)).finalizedState()), 'beyond').to.equal('light/not-final');
    expect(await codeOf(() => client(chain, { state_getStorage: () => null }).finalizedState())).to.equal(
      'light/not-final',
    );
    const forged = justificationBy(voters('second'), 0n, chain.blocks[2]!.header);
    const lie = (number: unknown) =>
      number === 2 ? proofHex(chain.blocks[2]!.header, forged) : chain.ask('grandpa_proveFinality', [number]);
    expect(await codeOf(() => client(chain, { grandpa_proveFinality: lie }).finalizedState())).to.equal(
      'light/bad-handover',
    );
    const twice = [voters('x')[0]!, voters('x')[0]!];
    for (const logs of [
      [changeTo(voters('x'), 5)],
      [changeTo(voters('x'), 0, 2)],
      [changeTo([])],
      [changeTo(twice)],
      [changeTo(voters('x')), changeTo(voters('x'))],
    ]) {
      const odd = new PaperChain().block({ logs });
      expect(await codeOf(() => client(odd).finalizedState())).to.equal('light/bad-handover');
    }
  });

  it('votes of the old set above its last block count for nothing', async () => {
    const chain = new PaperChain()
      .block({ next: voters('second') })
      .block()
      .block();
    const { header } = chain.head;
    const old = proofHex(header, justificationBy(voters('first'), 0n, header));
    const light = client(chain, {
      grandpa_proveFinality: (number) => (number === 3 ? old : chain.ask('grandpa_proveFinality', [number])),
    });
    await light.stateOf(hashOf(chain, 1));
    expect(await codeOf(() => light.finalizedState())).to.equal('light/not-final');
    // nor does a proof that leads over the change
    const over = proofHex(header, justificationBy(voters('first'), 0n, header), [chain.blocks[2]!.header, header]);
    const jumping = client(chain, { grandpa_proveFinality: () => over, state_getStorage: () => null });
    expect(await codeOf(() => jumping.stateOf(hashOf(chain, 1)))).to.equal('light/not-final');
  });

  it('refuses a newest block that is old by this clock, except on a chain for development', async () => {
    const late = { now: () => Date.now() + 11 * 60_000, patienceMs: 0 };
    const live = new PaperChain([], 'Live').block();
    expect(await codeOf(() => new LightClient(live.ask, live.root, late).finalizedState())).to.equal('light/stale');
    const dev = new PaperChain().block();
    expect((await new LightClient(dev.ask, dev.root, late).finalizedState()).block.number).to.equal(1);
  });

  it('waits for a node that is behind, and says so in the end', async () => {
    const chain = new PaperChain().block().block();
    let head = 2;
    const light = new LightClient(
      async (method, params) => (method === 'chain_getFinalizedHead' ? hashOf(chain, head) : chain.ask(method, params)),
      chain.root,
      { patienceMs: 5_000 },
    );
    await light.finalizedState();
    head = 1;
    const waiting = light.finalizedState();
    head = 2;
    expect((await waiting).block.number).to.equal(2);
    expect(await codeOf(() => client(new PaperChain()).finalizedState())).to.equal('light/nothing-final');
  });

  it('refuses a chain whose runtime it does not know', async () => {
    const chain = new PaperChain().block({
      changes: [[new TextEncoder().encode(':code'), new TextEncoder().encode('tacit-999')]],
    });
    expect(await codeOf(() => client(chain).genesis())).to.equal('light/other-runtime');
  });
});

describe('client/sdk/light: trust roots', () => {
  const keys = voters('spec').map(({ publicKey }) => toHex(publicKey));
  const spec = {
    name: 'A chain',
    id: 'a-chain',
    chainType: 'Local',
    genesis: { session: { validators: keys.map((grandpa) => ({ keys: { grandpa } })) } },
  };

  it('are read from a chain specification, as text or parsed', () => {
    for (const given of [spec, JSON.stringify(spec)]) {
      const root = trustRootOf(given);
      expect(root.set.authorities.map(({ id }) => toHex(id))).to.deep.equal(keys);
      expect(root).to.include({ chainType: 'Local', genesis: undefined });
    }
  });

  it('are refused in any other form', () => {
    const twice = {
      ...spec,
      genesis: { session: { validators: [keys[0], keys[0]].map((grandpa) => ({ keys: { grandpa } })) } },
    };
    for (const given of ['', 'null', '[]', {}, { ...spec, genesis: {} }, { format: 'tacit-checkpoint-1' }, twice]) {
      expect(() => trustRootOf(given), JSON.stringify(given))
        .to.throw()
        .with.property('code', 'light/bad-trust-root');
    }
  });
});
