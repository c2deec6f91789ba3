import { expect } from 'chai';
import { builtinSpec } from '../../chain-spec/index.ts';
import { aura } from '../../pallets/aura/index.ts';
import { checkIssuance, freeOf, totalIssuance } from '../../pallets/balances/index.ts';
import { grandpa } from '../../pallets/grandpa/index.ts';
import { ESCROW } from '../../pallets/royalty/index.ts';
import { bondOf, session } from '../../pallets/session/index.ts';
import { latin1 } from '../../pallets/support/index.ts';
import { system } from '../../pallets/system/index.ts';
import { utf8 } from '../../primitives/crypto/bytes.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { Trie } from '../../primitives/trie/index.ts';
import { headerHash, runtime } from '../../runtime/index.ts';
import { TestChain } from './chain.ts';

describe('runtime: genesis', () => {
  for (const name of ['dev', 'local']) {
    it(`${name}: validators, bonds, money and code stand`, () => {
      const spec = builtinSpec(name)!;
      const chain = new TestChain(spec);
      const ctx = chain.ctx();
      const { validators } = spec.genesis.session;
      expect(session.use(ctx).store.validators.get()).to.deep.equal(validators.map(({ account }) => account));
      expect(aura.use(ctx).store.authorities.get()).to.deep.equal(validators.map(({ keys }) => keys.aura));
      expect(grandpa.use(ctx).store.authorities.get()).to.deep.equal(validators.map(({ keys }) => [keys.grandpa, 1n]));
      for (const { account } of validators) {
        expect(bondOf(ctx, account)).to.equal(spec.genesis.session.bond);
        expect(system.use(ctx).store.account.get(account).data.reserved).to.equal(spec.genesis.session.bond);
      }
      checkIssuance(ctx);
      expect(totalIssuance(ctx)).to.equal(spec.genesis.balances.accounts.reduce((sum, [, amount]) => sum + amount, 0n));
      // Accounts of pallets are pinned although they hold nothing yet.
      expect(freeOf(ctx, ESCROW)).to.equal(0n);
      expect(system.use(ctx).store.account.get(ESCROW).providers).to.equal(1);
      expect(chain.state.get(utf8(':code'))).to.deep.equal(utf8('tacit-1'));
      // Blocks can be built on it, with the hooks of every pallet.
      chain.block();
      chain.block();
    });
  }

  it('is the same bytes every time, and another for another specification', () => {
    const root = (spec: Parameters<typeof runtime.genesis>[0]) => {
      const { changes, header } = runtime.genesis(spec);
      const store = { get: () => undefined };
      const entries = [...changes].map(
        ([key, value]) => [Uint8Array.from(key, (c) => c.charCodeAt(0)), value] as const,
      );
      return toHex(headerHash(header(new Trie(store, Trie.emptyRoot).apply(entries).root)));
    };
    const spec = builtinSpec('local')!;
    expect(root(spec)).to.equal(root(builtinSpec('local')!));
    const { bond, validators } = spec.genesis.session;
    const other = { ...spec, genesis: { ...spec.genesis, session: { bond: bond + 1n, validators } } };
    expect(root(other)).not.to.equal(root(spec));
    expect([...runtime.genesis(spec).changes.keys()]).to.include(latin1(utf8(':code')));
  });
});
