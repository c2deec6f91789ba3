/** Submissions that come inside of other calls: the members and the audit find them, under the account that made them. */
import { expect } from 'chai';
import { audit } from '../../../node/audit/audit.ts';
import { CHECK } from '../../../node/audit/book.ts';
import { callsOf } from '../../../node/audit/replay.ts';
import { usesOf } from '../../support/committee.ts';
import { VerifyPool } from '../../../node/workers/index.ts';
import { balances, unreserve } from '../../../pallets/balances/index.ts';
import { multiAccount } from '../../../pallets/multisig/index.ts';
import { type RuntimeCall } from '../../../pallets/support/index.ts';
import { tally } from '../../../pallets/tally/index.ts';
import { compareBytes } from '../../../primitives/crypto/bytes.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { LANES } from '../../../primitives/proofs/lane.ts';
import { runtime } from '../../../runtime/index.ts';
import { keyOf, runtimeThat, TestChain } from './chain.ts';
import { beginRound, contribute, PARTIES, sealed, USERS } from './round.ts';

const SIGNATORIES = ['user', 'reporter'].map((name) => keyOf(name).publicKey).toSorted(compareBytes);
const ACCOUNT = multiAccount(SIGNATORIES, 1);
const values = Array.from({ length: 8 }, (_, i) => [20, 5, 25][i] ?? 0);

const multisig = (who: string, call: RuntimeCall): RuntimeCall => {
  const otherSignatories = SIGNATORIES.filter((each) => compareBytes(each, keyOf(who).publicKey) !== 0);
  return { tag: 'Multisig', value: { tag: 'asMultiThreshold_1', value: { otherSignatories, call } } };
};
const batch = (...calls: RuntimeCall[]): RuntimeCall => ({ tag: 'Utility', value: { tag: 'batch', value: { calls } } });

/** Open, with the parties' submissions; usage is reported by the account of several. */
function openRound(): TestChain {
  const chain = new TestChain({ users: USERS });
  chain.runToActive();
  beginRound(chain, { reporters: [{ ...usesOf('reporter', 50n, 100n), account: ACCOUNT }] });
  chain.call('user', balances.call.transferKeepAlive({ dest: { tag: 'Id', value: ACCOUNT }, value: 10_000_000n }));
  chain.runToPhase(1, 'Open');
  for (const name of PARTIES) contribute(chain, name);
  chain.block();
  return chain;
}

describe('node/audit: calls that others hold', function () {
  this.timeout(600_000);
  const verifier = new VerifyPool({ threads: 1 });
  after(() => verifier.close());

  it('a deposit of an operation is reserved while it is open, or the audit says so', async () => {
    const opening = (who: string): RuntimeCall => {
      const otherSignatories = SIGNATORIES.filter((each) => compareBytes(each, keyOf(who).publicKey) !== 0);
      const rest = {
        maybeTimepoint: undefined,
        callHash: new Uint8Array(32),
        maxWeight: { refTime: 0n, proofSize: 0n },
      };
      return { tag: 'Multisig', value: { tag: 'approveAsMulti', value: { threshold: 2, otherSignatories, ...rest } } };
    };
    const auditOf = async (stolen: bigint) => {
      const thief = runtimeThat({
        Multisig(ctx) {
          if (ctx.block === 3) unreserve(ctx, keyOf('user').publicKey, stolen);
        },
      });
      const chain = new TestChain({ users: USERS, runtime: thief });
      chain.call('user', opening('user'));
      for (let i = 0; i < 3; i++) chain.block();
      chain.finalizeAll();
      const { checks } = await audit(chain.source(), { spec: chain.spec, verifier, runtime: thief });
      return checks.flatMap(({ id, failure }) => (failure ? [[id, failure.what]] : []));
    };
    expect(await auditOf(0n)).to.deep.equal([]);
    expect(await auditOf(1n)).to.deep.equal([
      [CHECK.money, `deposits of 140000 of ${toHex(keyOf('user').publicKey)} are backed by 139999 reserved`],
    ]);
  });

  it('a submission of an account of several is right, though somebody copies it in the same block', async () => {
    const chain = openRound();
    const usage = sealed(chain, ACCOUNT, LANES.usage, 0, values);
    const report = tally.call.submit({ round: 1, lane: LANES.usage, part: 0, sealed: usage });
    chain.call('reporter', batch(multisig('reporter', batch(report))));
    chain.call('owner', batch(report));
    const { body } = chain.block();
    const found = callsOf(runtime, body).filter(({ call }) => call.tag === 'Tally' && call.value.tag === 'submit');
    expect(found.map(({ signer }) => signer)).to.deep.equal([ACCOUNT, keyOf('owner').publicKey]);
    expect(tally.use(chain.ctx).store.submissionOf.get(1, ACCOUNT, LANES.usage, 0)).to.equal(2 * PARTIES.length);
    chain.addSealed(usage);
    chain.runToPhase(1, 'Direction');
    chain.finalizeAll();
    const { checks } = await audit(chain.source(), { spec: chain.spec, verifier });
    // The round is not over: some checks have nothing to look at yet.
    expect(checks.filter(({ failure }) => failure !== undefined)).to.deep.equal([]);
    expect(checks.find(({ id }) => id === CHECK.sealed)?.checked).to.be.above(0);
  });
});
