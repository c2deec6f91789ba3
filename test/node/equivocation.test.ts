import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { pino } from 'pino';
import { builtinSpec } from '../../chain-spec/index.ts';
import { grandpaGossip, votePayload } from '../../node/consensus/grandpa/formats.ts';
import { validatorKeys } from '../../node/keys.ts';
import { KeyClaims } from '../../node/process/key-claims.ts';
import { type RunningNode, startNode } from '../../node/assembly/index.ts';
import { bondOf } from '../../pallets/session/index.ts';
import { Context, Overlay } from '../../pallets/support/index.ts';
import { decodeAll } from '../../primitives/scale/index.ts';
import { ed25519Sign } from '../../primitives/crypto/signature.ts';
import { fromHex, toHex } from '../../primitives/crypto/hex.ts';
import { toAddress } from '../../primitives/crypto/ss58.ts';
import { runtime } from '../../runtime/index.ts';
import { RawPeer } from '../support/raw-peer.ts';

describe('a voter that votes twice', () => {
  let directory: string;
  let node: RunningNode;
  let peer: RawPeer;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tacit-equivocation-'));
    node = await startNode({
      spec: builtinSpec('dev')!,
      directory,
      keys: await validatorKeys({ dev: '//Alice' }, {}),
      claims: new KeyClaims(directory),
      rpc: { host: '127.0.0.1', port: 0, origins: [] },
      metricsPort: undefined,
      listen: ['/ip4/127.0.0.1/tcp/0'],
      bootnodes: [],
      archive: false,
      log: pino({ level: process.env['TEST_LOG'] ?? 'silent' }),
    });
    peer = await RawPeer.start(fromHex(node.chain.genesisHash));
  });
  after(async () => {
    await peer.stop();
    await node.stop();
    await rm(directory, { recursive: true });
  });

  it('is named and loses half of its bond, with no one’s help', async () => {
    const { bond, validators } = builtinSpec('dev')!.genesis.session;
    const alice = validators[0]!.account;
    const keys = await validatorKeys({ dev: '//Alice' }, {});
    // Whoever has Alice's key votes for the parent of whatever Alice votes for.
    peer.onMessage('grandpa', (data) => {
      const gossip = decodeAll(grandpaGossip, data);
      if (gossip.tag !== 'vote' || gossip.value.message.kind === 'propose') return;
      const { round, setId, message } = gossip.value;
      const parent = node.chain.header(message.target.hash)?.parentHash;
      if (parent === undefined || message.target.number === 0) return;
      const target = { hash: toHex(parent), number: message.target.number - 1 };
      const signature = ed25519Sign(keys!.grandpa, votePayload(setId, round, message.kind, target));
      const vote = { ...message, target, signature };
      void peer.publish(
        'grandpa',
        grandpaGossip.codec.enc({ ...gossip, value: { round, setId, message: vote, attempt: 0 } }),
      );
    });
    const bondIn = (hash: string): bigint => {
      const at = { parentHash: fromHex(hash), number: 0, digest: [] };
      return bondOf(new Context(runtime.composition, new Overlay(node.states.state(hash)!), at, node.verifier), alice);
    };
    const slashed = new Promise<string>((resolve) => {
      node.chain.on('finalized', ({ enacted }) => {
        const first = enacted.find(({ hash }) => bondIn(hash) < bond);
        if (first) resolve(first.hash);
      });
    });
    await peer.join(node.network.addresses()[0]!);
    expect(bondIn(await slashed)).to.equal(bond / 2n);
  });

  it('and grandpa_roundState names who is waited for', async () => {
    const request = { jsonrpc: '2.0', id: 1, method: 'grandpa_roundState', params: [] };
    const answer = await fetch(`http://127.0.0.1:${node.rpcPort}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
    const { result } = (await answer.json()) as {
      result: { best: { prevotes: { currentWeight: number; missing: string[] } } };
    };
    const { currentWeight, missing } = result.best.prevotes;
    const { keys } = builtinSpec('dev')!.genesis.session.validators[0]!;
    expect(currentWeight + missing.length).to.equal(1);
    for (const name of missing) expect(name).to.equal(toAddress(keys.grandpa));
  });
});
