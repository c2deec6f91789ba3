import { expect } from 'chai';
import { TransactionPool } from '../../../node/chain/index.ts';
import { type Giver, OWN, peerGiver } from '../../../node/base/givers.ts';
import { Ahead } from '../../../node/chain/ahead.ts';
import type { ChainRuntime } from '../../../node/base/runtime.ts';
import { CHECK_WEIGHT, type VerifyTask } from '../../../pallets/support/index.ts';
import { MAX_BLOCK_WEIGHT } from '../../../pallets/system/limits.ts';
import { Trie } from '../../../primitives/trie/index.ts';
import { runtime, testNode, transfer } from './harness.ts';

const claimOf = (extrinsic: Uint8Array): VerifyTask => ({ kind: 'hidden-claim', parts: [extrinsic] });
const valid = (tag: Uint8Array) => ({ priority: 1n, requires: [], provides: [tag], longevity: 64n, propagate: true });

/** A runtime that asks for one claim proof per extrinsic, the costliest check there is. */
const claims: ChainRuntime = {
  ...runtime,
  tasks: (_state, _at, extrinsic) => [claimOf(extrinsic)],
  validate: (_state, _at, _source, extrinsic, host) =>
    host.verify(claimOf(extrinsic)) === true ? { valid: valid(extrinsic) } : { invalid: { tag: 'BadProof' } },
};

describe('node/chain: floods of made-up claims', () => {
  it('in a block keep the verifying threads busy for a block’s weight, not for minutes', async () => {
    let asked = 0;
    const verifier = {
      verify(tasks: readonly unknown[]) {
        asked += tasks.length;
        return Promise.resolve(tasks.map(() => false));
      },
    };
    const body = Array.from({ length: 8_000 }, (_, i) => Uint8Array.of(i & 255, i >> 8));
    const state = new Trie({ get: () => undefined }, Trie.emptyRoot);
    await new Ahead(body, claims, { hash: new Uint8Array(32), state }, verifier).all();
    expect(asked).to.equal(Number(MAX_BLOCK_WEIGHT / CHECK_WEIGHT['hidden-claim']) + 1);
  });

  it('at the door are refused beyond a few at a time; what pays goes on', async () => {
    const node = await testNode();
    const waiting: (() => void)[] = [];
    const givers = new Set<unknown>();
    const verifier = {
      verify(tasks: readonly unknown[] | VerifyTask, giver?: unknown) {
        if ('kind' in tasks) return false;
        givers.add(giver);
        return new Promise<boolean[]>((resolve) => waiting.push(() => resolve(tasks.map(() => false))));
      },
    } as never;
    const isClaim = (bytes: Uint8Array): boolean => bytes.length < 10;
    const mixed: ChainRuntime = {
      ...claims,
      tasks: (state, at, bytes) => (isClaim(bytes) ? claims : runtime).tasks(state, at, bytes),
      validate: (state, at, source, bytes, host) =>
        (isClaim(bytes) ? claims : runtime).validate(state, at, source, bytes, host),
    };
    const pool = new TransactionPool({
      chain: node.chain,
      runtime: mixed,
      verifier,
      now: () => 0,
      onError: (error) => node.errors.push(error),
    });
    const flood = Array.from({ length: 200 }, (_, i) => pool.submit(Uint8Array.of(i), 'external'));
    expect(waiting).to.have.length(128);
    const paying = pool.submit(transfer(node, { from: 'carol', nonce: 0 }), 'external');
    expect(waiting).to.have.length(129);
    for (const settle of waiting) settle();
    const kinds = (await Promise.all(flood)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'refused')).to.have.length(72);
    expect((await paying).kind).to.equal('invalid');
    expect([...givers]).to.deep.equal([OWN]);
    expect(node.errors).to.deep.equal([]);
    // There is room again.
    void pool.submit(Uint8Array.of(250), 'external');
    expect(waiting).to.have.length(130);
    waiting.at(-1)?.();
  });

  it('of one peer, or of a hundred, leave room and a turn for the claim of another', async () => {
    const node = await testNode();
    const waiting: { giver: Giver; settle: () => void }[] = [];
    const verifier = {
      verify(tasks: readonly unknown[] | VerifyTask, giver: Giver) {
        if ('kind' in tasks) return false;
        return new Promise<boolean[]>((resolve) =>
          waiting.push({ giver, settle: () => resolve(tasks.map(() => false)) }),
        );
      },
    } as never;
    const parts = { chain: node.chain, runtime: claims, verifier, now: () => 0 };
    const pool = new TransactionPool({ ...parts, onError: (error) => node.errors.push(error) });
    let made = 0;
    const bring = (giver: Giver, count: number) =>
      Array.from({ length: count }, () => {
        made++;
        return pool.submit(Uint8Array.of(made & 255, made >> 8), 'external', giver);
      });
    const liars = Array.from({ length: 100 }, (_, i) => peerGiver(`liar ${i}`));
    const flood = liars.flatMap((liar) => bring(liar, 200));
    const before = waiting.length;
    const honest = [...bring(peerGiver('honest'), 1), ...bring(['clients', '192.0.2.1', '1'], 100), ...bring(OWN, 100)];
    expect(waiting.length - before).to.equal(201);
    expect(before).to.be.below(400);
    for (const { settle } of waiting) settle();
    const codes = await Promise.all([...flood, ...honest]);
    const refused = codes.flatMap((result) => (result.kind === 'refused' ? [result.code] : []));
    expect(refused).to.have.length(20_000 - before);
    expect(new Set(refused)).to.deep.equal(new Set(['pool/busy']));
    expect(codes.slice(20_000).map(({ kind }) => kind)).not.to.include('refused');
    expect(node.errors).to.deep.equal([]);
  });

  it('and of batches full of proofs cost one signature, unless their signer can pay', async () => {
    const node = await testNode();
    const asked: number[] = [];
    const verifier = {
      verify(tasks: readonly unknown[] | VerifyTask) {
        if ('kind' in tasks) return false;
        asked.push(tasks.length);
        return Promise.resolve(tasks.map(() => true));
      },
    } as never;
    const signature = { kind: 'sr25519' as const, parts: [Uint8Array.of(1), Uint8Array.of(2)] };
    const proof = { kind: 'schnorr' as const, parts: [] };
    const batches = (validate: ChainRuntime['validate']): ChainRuntime => ({
      ...runtime,
      // A second time the same is nothing new.
      tasks: () => [signature, { ...signature }, ...Array.from({ length: 1000 }, () => proof)],
      validate,
    });
    const poolOf = (of: ChainRuntime): TransactionPool =>
      new TransactionPool({ chain: node.chain, runtime: of, verifier, now: () => 0, onError: () => undefined });
    const submit = (validate: ChainRuntime['validate']) =>
      poolOf(batches(validate)).submit(Uint8Array.of(1), 'external');
    await submit(() => ({ invalid: { tag: 'Payment' } }));
    expect(asked, 'nothing for what cannot pay').to.deep.equal([]);
    const forged = await submit((_state, _at, _source, bytes, host) =>
      host.verify(signature) === true ? { valid: valid(bytes) } : { invalid: { tag: 'BadProof' } },
    );
    expect(forged).to.include({ kind: 'invalid', code: 'BadProof' });
    expect(asked).to.deep.equal([1]);
    const paying = await submit((_state, _at, _source, bytes, host) => {
      if (host.believes) host.verify(signature);
      return { valid: valid(bytes) };
    });
    expect(paying.kind).to.equal('ready');
    expect(asked).to.deep.equal([1, 1, 1000]);
  });
});
