/** What a gateway knows of an account: the answer of a node, and what one proof of one key says without trusting it. */
import { expect } from 'chai';
import { access, licensing, spendUses } from '../../../pallets/licensing/index.ts';
import { accessEntries } from '../../../pallets/licensing/records.ts';
import { fromLatin1, type MockRuntime } from '../../../pallets/support/index.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { decodeAll } from '../../../primitives/scale/index.ts';
import { Trie } from '../../../primitives/trie/index.ts';
import { readProof } from '../../../primitives/trie/index.ts';
import {
  BUNDLE,
  BUYER,
  call,
  CAROL,
  DAVE,
  EVE,
  makeTerms,
  MODEL,
  once,
  OWNER,
  RENTED,
  scene,
  START,
  to,
  who,
} from './support.ts';

const keyOf = (chain: MockRuntime, n: number) => licensing.use(chain.ctx).store.access.keyOf(MODEL, who(n));
/** The state as a node keeps it, and what it sends to prove one key of it. */
function prove(chain: MockRuntime, key: Uint8Array): { root: Uint8Array; nodes: Uint8Array[] } {
  const empty = new Trie({ get: () => undefined }, Trie.emptyRoot);
  const all = chain.ctx.storage.entries('').map(([name, value]) => [fromLatin1(name), value] as const);
  const { trie } = empty.apply(all);
  return { root: trie.root, nodes: trie.proof([key]) };
}
/** What a gateway reads of it: entries of one key, judged by the number of the block. */
function mayBy(chain: MockRuntime, n: number, tier: number): boolean {
  const key = keyOf(chain, n);
  const { root, nodes } = prove(chain, key);
  const value = readProof(root, nodes).get(key);
  const entries = value === undefined ? [] : decodeAll(accessEntries, value);
  return entries.some(
    ({ tiers, until, usesLeft }) =>
      (tiers & tier) !== 0 && (until === undefined || chain.ctx.block < until) && usesLeft !== 0n,
  );
}

describe('licensing: access', () => {
  it('one proof of one key tells a gateway what the node would: opened, seats, uses, renewal, revocation, end', () => {
    const chain = scene();
    chain.set('LicenceRevokeBlocks', 10n);
    const agrees = (): void => {
      for (const n of [BUYER, CAROL, DAVE, EVE]) {
        for (const tier of [1, 4, 16]) {
          const { tiers } = access(chain.ctx, MODEL, who(n));
          expect(mayBy(chain, n, tier), `account ${n}, tier ${tier}`).to.equal((tiers & tier) !== 0);
        }
      }
    };
    const steps: (() => unknown)[] = [
      () => chain.offered(RENTED),
      () => chain.ok(BUYER, call.buy({ asset: MODEL, offer: 0n, most: START })),
      () => chain.ok(BUYER, call.open({ grant: 0n })),
      () => chain.ok(BUYER, call.assignSeat({ grant: 0n, account: to(CAROL), uses: undefined })),
      () => chain.bought(DAVE, BUNDLE),
      () => chain.ok(DAVE, call.assignSeat({ grant: 1n, account: to(EVE), uses: 2n })),
      () => spendUses(chain.ctx, 1n, 98n),
      () => spendUses(chain.ctx, 1n, 2n, who(EVE)),
      () => chain.runToBlock(13),
      () => chain.ok(BUYER, call.renew({ grant: 0n, most: START })),
      () => chain.ok(OWNER, call.revoke({ grant: 0n, reason: who(1) })),
      () => chain.runToBlock(23),
      () => chain.ok(EVE, call.close({ grant: 0n })),
    ];
    const seen = new Set<boolean>();
    for (const step of steps) {
      step();
      agrees();
      seen.add(mayBy(chain, BUYER, 4));
    }
    expect([...seen].toSorted()).to.deep.equal([false, true]);
  });

  it('a proof is of one entry: a few nodes, whatever else the state holds; a changed one is none', () => {
    const chain = scene();
    chain.bought(BUYER, makeTerms({ price: once(5_000n), tiers: 4 }));
    for (let n = 0; n < 60; n++) chain.ok(BUYER, call.assignSeat({ grant: 0n, account: to(100 + n), uses: undefined }));
    const key = keyOf(chain, BUYER);
    const { root, nodes } = prove(chain, key);
    expect(nodes.reduce((sum, node) => sum + node.length, 0)).to.be.lessThan(4_000);
    const place = nodes.findIndex((node) => toHex(node).includes(toHex(readProof(root, nodes).get(key)!).slice(2)));
    const forged = nodes.with(
      place,
      Uint8Array.from(nodes[place]!, (byte, at) => (at === nodes[place]!.length - 1 ? byte ^ 1 : byte)),
    );
    expect(() => readProof(root, forged).get(key)).to.throw();
  });

  it('the best is the one with more tiers, one’s own, the longer, the one with more uses', () => {
    const chain = scene();
    const small = chain.bought(BUYER, makeTerms({ price: once(5n), tiers: 4 }));
    const short = chain.bought(BUYER, makeTerms({ price: once(5n), tiers: 12, duration: 10 }));
    expect(access(chain.ctx, MODEL, who(BUYER)).grant).to.equal(short);
    const long = chain.bought(BUYER, makeTerms({ price: once(5n), tiers: 12, duration: 20, uses: 5n }));
    expect(access(chain.ctx, MODEL, who(BUYER))).to.deep.include({ grant: long, until: 21, usesLeft: 5n });
    spendUses(chain.ctx, long, 5n);
    expect(access(chain.ctx, MODEL, who(BUYER)).grant).to.equal(short);
    chain.runToBlock(11);
    expect(access(chain.ctx, MODEL, who(BUYER))).to.deep.include({ grant: small, tiers: 4, until: undefined });
  });

  it('open terms give everyone what they say, and nobody a grant', () => {
    const chain = scene();
    expect(access(chain.ctx, MODEL, who(EVE)).reason?.tag).to.equal('NoGrant');
    chain.ok(OWNER, call.setTerms({ asset: MODEL, terms: chain.stored(makeTerms({ tiers: 5 })) }));
    expect(access(chain.ctx, MODEL, who(EVE))).to.deep.include({ tiers: 5, grant: undefined, reason: undefined });
    const bounded = [
      makeTerms({ duration: 5 }),
      makeTerms({ uses: 5n }),
      makeTerms({ seats: 5 }),
      makeTerms({ price: once(5n) }),
      makeTerms({ approvers: [who(1)], approvals: 1 }),
    ];
    for (const terms of bounded) {
      chain.ok(OWNER, call.setTerms({ asset: MODEL, terms: chain.stored(terms) }));
      expect(access(chain.ctx, MODEL, who(EVE)).tiers).to.equal(0);
    }
    expect(access(chain.ctx, { tag: 'Model', value: 99n }, who(EVE)).reason?.tag).to.equal('UnknownAsset');
  });
});
