/** Calls of the ground pallets, on the product's runtime with four validators. */
import { Keyring } from '@polkadot/keyring';
import { buildLocalSpec, parseChainSpec } from '../../../chain-spec/index.ts';
import { balances } from '../../../pallets/balances/index.ts';
import { grandpa } from '../../../pallets/grandpa/index.ts';
import { votePayload } from '../../../pallets/grandpa/types.ts';
import { proofText, session } from '../../../pallets/session/index.ts';
import { Origin, type RuntimeCall } from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { timestamp } from '../../../pallets/timestamp/index.ts';
import { concatBytes } from '../../../primitives/crypto/bytes.ts';
import { dev, TestChain } from '../../../test/runtime/chain.ts';
import type { Prepared } from '../measure.ts';
import type { Scenario } from '../scenario.ts';

const spec = parseChainSpec(buildLocalSpec({ validators: 4 }));
const [alice, bob] = [dev('Alice'), dev('Bob')];
const votes = new Keyring({ type: 'ed25519' });
const NEW_ACCOUNT = { tag: 'Id' as const, value: new Uint8Array(32).fill(9) };
/** Enough for the new account to live. */
const VALUE = 1_000_000n;
/** The largest remark that is measured. */
const REMARK_BYTES = 200_000;

/** A call in the next block of a chain, as if its time had been set. */
function within(chain: TestChain, origin: Origin, call: RuntimeCall, timed = true): Prepared {
  const run = chain.begin();
  if (timed) for (const inherent of run.inherents((chain.slot + 1n) * 2000n + 7n)) run.apply(inherent);
  return { composition: chain.runtime.composition, ctx: run.ctx, origin, call };
}

const byAlice = (call: RuntimeCall): Prepared => within(new TestChain(spec), Origin.signed(alice.publicKey), call);

/** Alice keeps nothing: her account is taken from the state. */
function emptied(): Prepared {
  const chain = new TestChain(spec);
  const fresh = dev('Fresh');
  const dest = { tag: 'Id' as const, value: fresh.publicKey };
  chain.block([chain.signed(alice, balances.call.transferKeepAlive({ dest, value: VALUE }), 0)]);
  const call = balances.call.transferAll({ dest: NEW_ACCOUNT, keepAlive: false });
  return within(chain, Origin.signed(fresh.publicKey), call);
}

function newKeys(): Prepared {
  const chain = new TestChain(spec);
  const pairs = [dev('NewAura'), votes.createFromUri('//New'), dev('NewCommittee')] as const;
  const keys = { aura: pairs[0].publicKey, grandpa: pairs[1].publicKey, committee: pairs[2].publicKey };
  const text = proofText(chain.genesisHash, bob.publicKey, keys);
  const proof = concatBytes(...pairs.map((pair) => pair.sign(text)));
  return within(chain, Origin.signed(bob.publicKey), session.call.setKeys({ keys, proof }));
}

function doubleVote(): Prepared {
  const chain = new TestChain(spec);
  const pair = votes.createFromUri('//Bob');
  const vote = (fill: number): [{ targetHash: Uint8Array; targetNumber: number }, Uint8Array] => {
    const target = { targetHash: new Uint8Array(32).fill(fill), targetNumber: 9 };
    return [target, pair.sign(votePayload('Precommit', target, 7n, 0n))];
  };
  const value = { roundNumber: 7n, identity: pair.publicKey, first: vote(1), second: vote(2) };
  const proof = { setId: 0n, equivocation: { tag: 'Precommit' as const, value } };
  return within(chain, Origin.none, grandpa.call.reportEquivocation({ proof }));
}

export const groundScenarios: readonly Scenario[] = [
  {
    call: 'System.remark',
    size: { unit: 'byte', from: 0, to: REMARK_BYTES },
    prepare: (bytes) => byAlice(system.call.remark({ remark: new Uint8Array(bytes) })),
  },
  {
    call: 'System.remarkWithEvent',
    size: { unit: 'byte', from: 0, to: REMARK_BYTES },
    prepare: (bytes) => byAlice(system.call.remarkWithEvent({ remark: new Uint8Array(bytes) })),
  },
  {
    call: 'Timestamp.set',
    prepare() {
      const chain = new TestChain(spec);
      const call = timestamp.call.set({ now: (chain.slot + 1n) * 2000n + 7n });
      return within(chain, Origin.none, call, false);
    },
  },
  {
    call: 'Balances.transferAllowDeath',
    prepare: () => byAlice(balances.call.transferAllowDeath({ dest: NEW_ACCOUNT, value: VALUE })),
  },
  {
    call: 'Balances.transferKeepAlive',
    prepare: () => byAlice(balances.call.transferKeepAlive({ dest: NEW_ACCOUNT, value: VALUE })),
  },
  { call: 'Balances.transferAll', prepare: emptied },
  { call: 'Session.setKeys', prepare: newKeys },
  { call: 'Grandpa.reportEquivocation', prepare: doubleVote },
];
