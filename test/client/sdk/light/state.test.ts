import { expect } from 'chai';
import { storage } from '../../../../client/sdk/generated/chain.ts';
import { LightClient } from '../../../../client/sdk/light/index.ts';
import { fromHex } from '../../../../primitives/crypto/hex.ts';
import { codeOf, entry, PaperChain } from '../../support/paper-chain.ts';

const { tally } = storage;
/** Longer than what stands inside of its parent's node. */
const shown = (part: number) => ({ salt: new Uint8Array(32).fill(part), values: new Uint8Array(40) });
const chain = new PaperChain([
  entry(tally.nextRound, [], 4),
  ...[1, 2, 3, 40].map((part) => entry(tally.directions, [2, part], shown(part))),
  entry(tally.directions, [3, 9], shown(9)),
  entry(tally.publicKeys, [2], new Uint8Array(100).fill(5)),
]).block();

type Lie = (honest: unknown, params: readonly unknown[]) => unknown;

function client(lies: Record<string, Lie> = {}): LightClient {
  const ask = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    const honest = await chain.ask(method, params);
    return lies[method] ? lies[method](honest, params) : honest;
  };
  return new LightClient(ask, chain.root, { patienceMs: 0 });
}
const partsOf = async (light: LightClient, of: number): Promise<number[]> =>
  (await (await light.finalizedState()).keys(tally.directions, of)).map(([, part]) => part);

describe('client/sdk/light: state', function () {
  this.timeout(600_000);
  it('reads values, defaults, absence and lists', async () => {
    const state = await client().finalizedState();
    expect(await state.get(tally.nextRound)).to.equal(4);
    expect(await state.get(tally.publicKeys, 1)).to.equal(undefined);
    expect(await state.getMany(tally.publicKeys, [[2], [3]])).to.deep.equal([new Uint8Array(100).fill(5), undefined]);
    expect(await partsOf(client(), 2)).to.have.members([1, 2, 3, 40]);
    expect(await partsOf(client(), 1)).to.deep.equal([]);
    expect(await state.entries(tally.directions, 3)).to.deep.equal([[[3, 9], shown(9)]]);
  });

  it('an entry that the node leaves out of a list, or says is not there, is missed', async () => {
    for (const place of [0, 1, 2, 3]) {
      const light = client({ state_getKeysPaged: (honest) => (honest as string[]).toSpliced(place, 1) });
      expect(await codeOf(() => partsOf(light, 2)), `part ${place}`).to.equal('light/incomplete-proof');
    }
    const none = client({ state_getKeysPaged: () => [] });
    expect(await codeOf(() => partsOf(none, 2))).to.equal('light/incomplete-proof');
  });

  it('a proof of another state, cut short or changed is refused', async () => {
    const other = new PaperChain([entry(tally.nextRound, [], 99)]).block();
    const hash = await other.ask('chain_getFinalizedHead', []);
    const lies: Record<string, Lie> = {
      'another state': (_, [keys]) => other.ask('state_getReadProof', [keys, hash]),
      'nothing at all': (honest) => ({ ...(honest as object), proof: [] }),
      'one node less': (honest) => ({
        ...(honest as object),
        proof: (honest as { proof: string[] }).proof.slice(0, -1),
      }),
      'one bit changed': (honest) => ({
        ...(honest as object),
        proof: (honest as { proof: string[] }).proof.map((node, i, { length }) =>
          i === length - 1 ? flipped(node) : node,
        ),
      }),
    };
    for (const [what, lie] of Object.entries(lies)) {
      const light = client({ state_getReadProof: lie });
      // whatever the age of the block is read by is a read too
      const read = async () => (await light.finalizedState()).get(tally.nextRound);
      expect(await codeOf(read), what).to.equal('light/incomplete-proof');
    }
  });

  it('answers of a wrong form or size are refused and not looked into', async () => {
    const forms: Record<string, Lie> = {
      state_getReadProof: () => ({ at: 'x', proof: 'y' }),
      state_getKeysPaged: () => Array.from({ length: 1001 }, () => '0x00'),
      chain_getHeader: (honest) => ({ ...(honest as object), number: '0x1ffffffff' }),
      grandpa_proveFinality: () => '0x00',
    };
    for (const [method, lie] of Object.entries(forms)) {
      const read = async () => (await client({ [method]: lie }).finalizedState()).keys(tally.directions, 2);
      expect(await codeOf(read), method).to.equal('light/bad-answer');
    }
  });
});

function flipped(hex: string): string {
  const bytes = fromHex(hex);
  bytes[bytes.length - 1]! ^= 1;
  return `0x${Buffer.from(bytes).toString('hex')}`;
}
