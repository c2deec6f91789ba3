import { expect } from 'chai';
import { connect } from '../../../client/sdk/connect.ts';
import { calls, storage } from '../../../client/sdk/generated/chain.ts';
import { devAccount } from '../../../client/sdk/keys.ts';
import { LightClient } from '../../../client/sdk/light/index.ts';
import { send, type Sent } from '../../../client/sdk/transact.ts';
import { storageKey } from '../../../client/sdk/storage.ts';
import { headerHash } from '../../../primitives/block/header.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { type Lie, type LyingNode, lyingNode } from '../support/lying-node.ts';
import { codeOf, entry, PaperChain, voters } from '../support/paper-chain.ts';
import { type QuickChain, quickChain } from '../support/quick-chain.ts';

const TAC = 1_000_000n;
const bob = devAccount('//Bob').publicKey;
const transfer = (value: bigint) => calls.balances.transferKeepAlive({ dest: { tag: 'Id', value: bob }, value });
const TOO_MUCH = 10n ** 18n;
const EVENTS = toHex(storageKey(storage.system.events));
/** Events of a block whose second extrinsic has failed. */
const failing = toHex(
  storage.system.events.value.codec.enc([
    {
      phase: { tag: 'ApplyExtrinsic', value: 1 },
      event: {
        tag: 'System',
        value: {
          tag: 'ExtrinsicFailed',
          value: {
            dispatchError: { tag: 'BadOrigin', value: undefined },
            dispatchInfo: {
              weight: { refTime: 0n, proofSize: 0n },
              class: { tag: 'Normal', value: undefined },
              paysFee: { tag: 'Yes', value: undefined },
            },
          },
        },
      },
      topics: [],
    },
  ]),
);

describe('client/sdk: a chain through a node that may lie: that an extrinsic is final, and what it has done', function () {
  this.timeout(600_000);
  let chain: QuickChain;
  before(async () => {
    chain = await quickChain({ paramsId: 'tacit-test-256-n4' });
  });
  after(async () => {
    await chain[Symbol.asyncDispose]();
    expect(chain.errors).to.deep.equal([]);
  });

  /** Pays by way of a node that lies. */
  async function paidBy(lies: Readonly<Record<string, Lie>>, value = TAC): Promise<Sent> {
    await using node: LyingNode = await lyingNode(chain.url, lies);
    await using connection = await connect(node.url, { chain: chain.chain, patienceMs: 0 });
    return await send(connection, transfer(value), devAccount('//Alice'), { until: 'finalized' });
  }
  /** Tells of finality in another block. */
  const movedTo = (hash: (ask: Parameters<Lie>[2]) => Promise<unknown>): Record<string, Lie> => ({
    author_extrinsicUpdate: async (honest, _, ask) =>
      typeof honest === 'object' && honest !== null && 'finalized' in honest ? { finalized: await hash(ask) } : honest,
  });
  const firstBlock = movedTo((ask) => ask('chain_getBlockHash', [1]));

  it('is proved where the node tells the truth: its block, its own events', async () => {
    const { events, blockHash } = await paidBy({});
    expect(blockHash).to.match(/^0x[0-9a-f]{64}$/);
    const names = events.map(({ event }) => `${event.section}.${event.method}`);
    expect(names).to.include.members(['balances.Transfer', 'system.ExtrinsicSuccess']);
    expect(new Set(events.map(({ phase }) => phase.toString())).size).to.equal(1);
    const code = await codeOf(() => paidBy({}, TOO_MUCH));
    expect(code).to.equal('sdk/extrinsic-failed');
  });

  it('is refused of a node that names a block which does not hold it', async () => {
    expect(await codeOf(() => paidBy(firstBlock))).to.equal('light/not-included');
  });

  it('is refused of a node that shows it in a block where it is not', async () => {
    let sent = '';
    const lies: Record<string, Lie> = {
      ...firstBlock,
      author_submitAndWatchExtrinsic: (honest, [extrinsic]) => {
        sent = String(extrinsic);
        return honest;
      },
      chain_getBlock: (honest) => {
        const { block } = honest as { block: { extrinsics: string[] } };
        return { ...(honest as object), block: { ...block, extrinsics: [...block.extrinsics, sent] } };
      },
    };
    expect(await codeOf(() => paidBy(lies))).to.equal('light/wrong-body');
  });

  it('is refused of a node that names a block which nobody has voted for, or none', async () => {
    // it begins to lie when the client trusts it
    let isLying = false;
    const lies: Record<string, Lie> = {
      author_submitAndWatchExtrinsic: (honest) => {
        isLying = true;
        return honest;
      },
      grandpa_proveFinality: (honest) => (isLying ? null : honest),
    };
    expect(await codeOf(() => paidBy(lies))).to.equal('light/not-final');
    expect(await codeOf(() => paidBy(movedTo(async () => `0x${'77'.repeat(32)}`)))).to.equal('light/bad-answer');
  });

  it('is not what the node says of the events: neither of a failure nor of a success', async () => {
    // what polkadot.js reads is of a block in which the other happened
    const good = (await paidBy({})).blockHash;
    let seen = 0;
    const success: Record<string, Lie> = {
      state_getStorage: (honest, [key], ask) =>
        key === EVENTS && ++seen ? ask('state_getStorage', [key, good]) : honest,
    };
    expect(await codeOf(() => paidBy(success, TOO_MUCH))).to.equal('sdk/extrinsic-failed');
    expect(seen, 'it was asked').to.be.above(0);
    const failure: Record<string, Lie> = {
      // the failing extrinsic's events, of whatever block holds it
      state_getStorage: (honest, [key]) => (key === EVENTS ? failing : honest),
    };
    expect((await paidBy(failure)).events.map(({ event }) => event.method)).to.include('ExtrinsicSuccess');
  });

  it('is refused where the events are not proved', async () => {
    let proofs = 0;
    const lies: Record<string, Lie> = {
      state_getReadProof: (honest, [keys]) =>
        (keys as string[]).includes(EVENTS) && ++proofs > 0 ? { ...(honest as object), proof: [] } : honest,
    };
    expect(await codeOf(() => paidBy(lies))).to.equal('light/incomplete-proof');
    expect(proofs).to.equal(1);
  });

  it('is asked by an api that knows the chain’s runtime APIs, from the SDK’s own metadata', async () => {
    await using node = await lyingNode(chain.url, {});
    await using connection = await connect(node.url, { chain: chain.chain });
    const { call } = connection.api;
    const alice = devAccount('//Alice').address;
    const nonce = await call['accountNonceApi']!['accountNonce']!(alice);
    expect(Number(nonce)).to.be.above(0);
    expect((await call['tallyApi']!['live']!()).toJSON()).to.deep.equal([]);
    expect(Object.keys(call)).to.include.members(['committeeApi', 'licensingApi', 'royaltyApi']);
    expect(node.asked.has('state_getMetadata')).to.equal(false);
  });

  it('is proved of a block of before the present voters by what a later one says of those before it', async () => {
    const paper = new PaperChain().block().block();
    const early = paper.blocks[1]!.header;
    const hash = toHex(headerHash(early));
    paper.block({ changes: [entry(storage.system.blockHash, [1], headerHash(early))], next: voters('second') }).block();
    const lies = { chain_getBlock: () => ({ block: { extrinsics: ['0x00'] } }) };
    const light = new LightClient(
      async (method, params) => (method in lies ? lies.chain_getBlock() : paper.ask(method, params)),
      paper.root,
      { patienceMs: 0 },
    );
    await light.finalizedState();
    expect(await codeOf(() => light.stateOf(hash))).to.equal('light/behind');
    // as far as its body, which the paper does not have
    expect(await codeOf(() => light.outcomeOf(`0x${'11'.repeat(32)}`, hash))).to.equal('light/wrong-body');
    const unknown = toHex(headerHash(paper.blocks[2]!.header));
    expect(await codeOf(() => light.outcomeOf(`0x${'11'.repeat(32)}`, unknown))).to.equal('light/behind');
  });
});
