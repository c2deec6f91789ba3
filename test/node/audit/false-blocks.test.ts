import { expect } from 'chai';
import { audit } from '../../../node/audit/audit.ts';
import { CHECK } from '../../../node/audit/book.ts';
import type { StoredBlock } from '../../../node/audit/types.ts';
import { headerHash } from '../../../node/base/header.ts';
import { sealHeader } from '../../../node/base/seal.ts';
import { balances } from '../../../pallets/balances/index.ts';
import { keyOf, TestChain } from './chain.ts';
import { auditor, failureOf, failures, flipped } from './findings.ts';

describe('node/audit: false blocks', function () {
  this.timeout(600_000);
  const { auditOf, verifier } = auditor();

  describe('finds a block that is none', () => {
    let chain: TestChain;
    const AT = 6;
    before(() => {
      chain = new TestChain({ users: ['anna', 'bo'] });
      const dest = { tag: 'Id' as const, value: keyOf('bo').publicKey };
      for (let i = 0; i < 11; i++) {
        chain.call('anna', balances.call.transferKeepAlive({ dest, value: BigInt(i + 1) }));
        chain.block();
      }
      chain.finalizeAll();
    });

    const changed = (at: number, change: (block: StoredBlock) => Partial<StoredBlock>) =>
      chain.source((block) => (block.header.number === at ? { ...block, ...change(block) } : block));
    /** A header with its rightful seal and hash: whoever only compares hashes believes it. */
    const resealed = (change: Partial<StoredBlock['header']>) =>
      changed(AT, ({ header }) => {
        const logs = header.digest.logs.filter(({ tag }) => tag !== 'Seal');
        const author = chain.spec.genesis.session.validators.findIndex((_, i) => i === (800_000_000 + AT) % 4);
        const made = sealHeader({ ...header, digest: { logs }, ...change }, keyOf(`aura ${author}`));
        return { header: made, hash: headerHash(made) };
      });

    it('not where there is none', async () => {
      expect(await auditOf(chain)).to.include({ ok: true });
    });

    it('with another state root', async () => {
      const report = await auditOf(chain, undefined, resealed({ stateRoot: new Uint8Array(32) }));
      expect(failures(report)).to.deep.equal([CHECK.execution]);
      const failure = failureOf(report, CHECK.execution)!;
      expect(failure).to.include({ block: AT, what: 'state root after re-execution' });
      expect(failure.found).to.equal(`0x${'00'.repeat(32)}`);
      expect(report.head.number).to.equal(AT - 1);
      expect(report.checks.find(({ id }) => id === CHECK.claims)).to.include({ ok: false });
    });

    it('with another body', async () => {
      const source = changed(AT, ({ body }) => ({ body: [body[0]!, flipped(body[1]!)] }));
      const failure = failureOf(await auditOf(chain, undefined, source), CHECK.headers)!;
      expect(failure).to.include({ block: AT });
      expect(failure.what).to.contain('extrinsics root');
    });

    it('sealed by somebody else', async () => {
      const source = changed(AT, ({ header }) => {
        const logs = header.digest.logs.filter(({ tag }) => tag !== 'Seal');
        const made = sealHeader({ ...header, digest: { logs } }, keyOf('mallory'));
        return { header: made, hash: headerHash(made) };
      });
      const report = await auditOf(chain, undefined, source);
      expect(failureOf(report, CHECK.seals)).to.include({ block: AT });
      // The next block does not follow it.
      expect(failureOf(report, CHECK.headers)).to.include({ block: AT + 1 });
    });

    it('whose justification has too few votes, or those of others, or is missing at the head', async () => {
      const few = chain.blocks[10]!;
      chain.finalize(10, [0, 1]);
      const tooFew = await auditOf(chain);
      chain.blocks[10] = few;
      expect(failures(tooFew)).to.deep.equal([CHECK.justifications]);
      expect(failureOf(tooFew, CHECK.justifications)).to.include({ block: 10 });

      const other = await auditOf(
        chain,
        undefined,
        changed(11, () => ({ justification: few.justification })),
      );
      expect(failureOf(other, CHECK.justifications)!.what).to.contain('block that the justification finalizes');

      const none = await auditOf(
        chain,
        undefined,
        changed(11, () => ({ justification: undefined })),
      );
      expect(failureOf(none, CHECK.justifications)!.what).to.contain('head has no justification');
    });

    it('of another chain, and refuses another genesis than the one wanted', async () => {
      const other = new TestChain({ users: ['anna'] });
      const report = await audit(chain.source(), { spec: other.spec, verifier });
      expect(failureOf(report, CHECK.headers)).to.include({ block: 0, expected: other.blocks[0]!.hash });
      const pinned = audit(chain.source(), { spec: chain.spec, verifier, genesis: other.blocks[0]!.hash });
      const error: { code?: string } = await pinned.then(
        () => ({}),
        (thrown) => thrown,
      );
      expect(error.code).to.equal('audit/other-genesis');
    });
  });
});
