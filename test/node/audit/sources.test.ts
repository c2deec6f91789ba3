import { expect } from 'chai';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildLocalSpec, parseChainSpec } from '../../../chain-spec/index.ts';
import { type AuditReport, audit } from '../../../node/audit/audit.ts';
import { CHECK } from '../../../node/audit/book.ts';
import { auditCommand, type AuditFlags } from '../../../node/audit/command.ts';
import { findChains, openFolder, storeSource } from '../../../node/audit/folder.ts';
import { genesisBlock } from '../../../node/audit/replay.ts';
import { openRpc } from '../../../node/audit/rpc.ts';
import { progressLine, reportTable } from '../../../node/audit/table.ts';
import { encodeHeader, headerHash } from '../../../node/base/header.ts';
import { BlockStore, openLevel, openMemory } from '../../../node/db/index.ts';
import { headerJson, justificationsJson } from '../../../node/rpc/format.ts';
import { CLIENT_ERROR, RpcError } from '../../../node/rpc/errors.ts';
import type { Methods } from '../../../node/rpc/jsonrpc.ts';
import { hexOf } from '../../../node/rpc/params.ts';
import { RpcServer } from '../../../node/rpc/index.ts';
import { VerifyPool } from '../../../node/workers/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { runtime } from '../../../runtime/index.ts';
import { TestChain } from './chain.ts';
import { expectFlipsFound } from './flips.ts';
import { scratchFolder } from '../../support/scratch.ts';

/** A short chain with a set-up of a term, large extrinsics and some justifications. */
function smallChain(): TestChain {
  const chain = new TestChain({ users: ['anna'] });
  chain.runToActive();
  chain.call('anna', system.call.remark({ remark: new Uint8Array(6000).fill(7) }));
  chain.block();
  chain.finalizeAll();
  return chain;
}

describe('node/audit: sources', function () {
  this.timeout(600_000);
  const verifier = new VerifyPool({ threads: 1 });
  const scratch = scratchFolder('audit');
  const chain = smallChain();
  const options = { spec: chain.spec, verifier };
  after(async () => {
    await verifier.close();
  });

  const codeOf = async (promise: Promise<unknown>): Promise<string> => {
    try {
      await promise;
      return 'ok';
    } catch (error) {
      return isTacitError(error) ? error.code : String(error);
    }
  };
  const named = ({ checks }: AuditReport): number[] => checks.flatMap(({ id, failure }) => (failure ? [id] : []));

  describe('a database', () => {
    it('as a node writes it is found right, stored state included', async () => {
      const kv = openMemory();
      await chain.store(kv);
      const report = await audit(storeSource(kv), options);
      expect(report).to.include({ ok: true });
      const nodes = chain.blocks.reduce((sum, { inserted }) => sum + inserted.size, 0);
      const execution = report.checks.find(({ id }) => id === CHECK.execution)!;
      expect(execution.checked).to.equal(nodes + 2 * chain.head.header.number);
    });

    it('with any byte flipped is found wrong, and where', () => expectFlipsFound(chain, verifier, 200));

    it('without the bodies of old blocks needs an archive', async () => {
      const kv = openMemory();
      await chain.store(kv);
      await new BlockStore(kv).pruneBodies(1_000);
      expect(await codeOf(audit(storeSource(kv), options))).to.equal('audit/needs-archive');
    });

    it('that is empty cannot be audited', async () => {
      expect(await codeOf(audit(storeSource(openMemory()), options))).to.equal('db/empty');
    });
  });

  describe('a data folder', () => {
    it('is found below the folder that is named, with its specification', async () => {
      const root = join(scratch, 'network');
      for (const name of ['alice', 'bob']) {
        mkdirSync(join(root, name, 'test'), { recursive: true });
        const kv = await openLevel(join(root, name, 'test', 'chain'));
        await chain.store(kv);
        await kv.close();
      }
      writeFileSync(join(root, 'chain.json'), '{}');
      const found = findChains(root);
      expect(found.map(({ database }) => database)).to.deep.equal(
        ['alice', 'bob'].map((name) => join(root, name, 'test', 'chain')),
      );
      expect(found[0]).to.include({ specFile: join(root, 'chain.json'), id: 'test' });
      expect(findChains(join(root, 'bob'))[0]).to.include({ specFile: undefined });
      const { source } = await openFolder(found);
      expect(await audit(source, options)).to.include({ ok: true });
      // While one database is open the next is taken; then none is left.
      const next = await openFolder(found);
      expect(next.chain.database).to.contain('bob');
      expect(await codeOf(openFolder(found))).to.equal('audit/locked');
      await source.close();
      await next.source.close();
    });

    it('that holds no chain is refused', () => {
      expect(() => findChains(join(scratch, 'nowhere'))).to.throw('there is no folder');
      mkdirSync(join(scratch, 'empty'));
      expect(() => findChains(join(scratch, 'empty'))).to.throw('no node keeps its data');
    });
  });

  describe('a node', () => {
    const honest: Methods = {
      chain_getFinalizedHead: () => chain.head.hash,
      chain_getHeader: ([hash]) => headerJson(chain.blocks.find((block) => block.hash === hash)!.header),
      chain_getBlockHash: ([number]) => chain.blocks[number as number]?.hash ?? null,
      chain_getBlock([hash]) {
        const { header, body, justification } = chain.blocks.find((block) => block.hash === hash)!;
        const block = { header: headerJson(header), extrinsics: body.map(hexOf) };
        return { block, justifications: justificationsJson(justification) };
      },
    };
    const servers: RpcServer[] = [];
    async function serve(methods: Methods): Promise<string> {
      const server = await RpcServer.listen({
        host: '127.0.0.1',
        port: 0,
        methods,
        origins: [],
        onError: () => undefined,
      });
      servers.push(server);
      return `ws://127.0.0.1:${server.port}`;
    }
    const auditOf = async (changes: Methods) => audit(openRpc(await serve({ ...honest, ...changes })), options);
    after(() => Promise.all(servers.map((server) => server.close())));

    it('that serves the chain as it is passes', async () => {
      expect(await auditOf({})).to.include({ ok: true });
    });

    it('that changes a block is found out', async () => {
      const getBlock = honest.chain_getBlock!;
      const report = await auditOf({
        async chain_getBlock([hash], call) {
          const answer = (await getBlock([hash], call)) as { block: { extrinsics: string[] } };
          if (hash === chain.blocks[3]!.hash) answer.block.extrinsics.pop();
          return answer;
        },
      });
      expect(report.stopped).to.include({ check: CHECK.headers, block: 3 });
    });

    it('that answers with something else is found out', async () => {
      expect(named(await auditOf({ chain_getBlock: () => ({ block: 7 }) }))).to.deep.equal([CHECK.headers]);
      expect(named(await auditOf({ chain_getBlockHash: () => null }))).to.deep.equal([CHECK.headers]);
      expect(await codeOf(auditOf({ chain_getFinalizedHead: () => 'x' }))).to.equal('audit/damaged');
    });

    it('that is short of bodies, does not answer, or is none, is told from a wrong chain', async () => {
      const pruned = () => {
        throw new RpcError(CLIENT_ERROR, 'Client error: the body was pruned after the audit window');
      };
      const code = await codeOf(auditOf({ chain_getBlock: pruned }));
      expect(code).to.equal('audit/needs-archive');
      const gone = await serve(honest);
      await servers.pop()!.close();
      expect(await codeOf(audit(openRpc(gone), options))).to.equal('audit/unreachable');
      expect(() => openRpc('nowhere')).to.throw('no URL');
      expect(() => openRpc('file:///etc/passwd')).to.throw('no URL');
    });
  });

  it('tells its progress on one line of a terminal, and on a few lines of a file', () => {
    for (const isTTY of [true, false]) {
      let written = '';
      const progress = progressLine({ isTTY, write: (text: string) => Boolean((written += text)) });
      for (let done = 1; done <= 1000; done++) progress.update(done, 1000);
      progress.end();
      expect(written).to.contain('block 1000 of 1000');
      expect(written.split('\n')).to.have.length(isTTY ? 1 : 11);
    }
  });

  it('says when the head was made and how long ago: no check sees that newer blocks are kept back', async () => {
    const report = await audit(chain.source(), options);
    const made = (800_000_000 + chain.head.header.number) * 2000;
    expect(report.headTime).to.equal(made);
    const lineAt = (now: number): string => reportTable(report, 1, now).split('\n')[2]!;
    const at = `that block was made at ${new Date(made).toISOString()}`;
    expect(lineAt(made + 4_000)).to.equal(`${at}, 4 s ago by this clock`);
    const hint = ': newer final blocks, if there are any, were not shown';
    expect(lineAt(made + 3 * 3_600_000)).to.equal(`${at}, 3 h ago by this clock${hint}`);
    expect(lineAt(made - 9_000)).to.equal(`${at}, 9 s ahead of this clock`);
  });

  describe('the command', () => {
    const spec = buildLocalSpec({ validators: 4 });
    const directory = join(scratch, 'node');
    const database = join(directory, 'tacit', 'chain');
    before(async () => {
      const { applied, header } = genesisBlock(runtime, parseChainSpec(spec));
      mkdirSync(database, { recursive: true });
      const kv = await openLevel(database);
      const ref = { hash: headerHash(header), number: 0 };
      await new BlockStore(kv).initialize({ ref, header: encodeHeader(header), body: [], trie: applied.inserted });
      await kv.close();
      writeFileSync(join(directory, 'chain.json'), JSON.stringify(spec));
    });

    async function run(flags: AuditFlags): Promise<{ code: number; out: string; error: string }> {
      const [log, warn] = [console.log, console.error];
      const said = { out: '', error: '' };
      console.log = (text: string) => void (said.out += text);
      console.error = (text: string) => void (said.error += text);
      try {
        return { code: await auditCommand(flags), ...said };
      } finally {
        Object.assign(console, { log, error: warn });
      }
    }

    it('ends with 0 and tells what was checked', async () => {
      const { code, out } = await run({ data: directory, json: true });
      expect(code).to.equal(0);
      const report = JSON.parse(out) as AuditReport;
      expect(report).to.include({ ok: true });
      expect(report.checks).to.have.length(15);
      expect(Object.keys(report.checks[0]!)).to.deep.equal(['id', 'name', 'section', 'ok', 'checked']);
      const table = await run({ data: directory });
      expect(table.out).to.contain('audit passed: 15 checks passed');
    });

    it('ends with 1 where something is wrong', async () => {
      const other = join(scratch, 'other.json');
      writeFileSync(
        other,
        JSON.stringify({ ...spec, genesis: { ...spec.genesis, session: { ...spec.genesis.session, bond: '7' } } }),
      );
      const { code, out } = await run({ data: directory, chain: other });
      expect(code).to.equal(1);
      expect(out).to.contain('AUDIT FAILED').and.to.contain('hash of block 0');
    });

    it('ends with 2 where there is nothing to audit', async () => {
      const cases: [AuditFlags, string][] = [
        [{}, 'audit/usage'],
        [{ data: directory, rpc: 'ws://127.0.0.1:1' }, 'audit/usage'],
        [{ data: join(scratch, 'nowhere') }, 'audit/no-data'],
        [{ rpc: 'nowhere' }, 'audit/bad-url'],
        [{ data: directory, chain: join(scratch, 'no-such.json') }, 'no-chain'],
        [{ data: directory, genesis: `0x${'11'.repeat(32)}` }, 'audit/other-genesis'],
      ];
      for (const [flags, message] of cases) {
        const { code, error } = await run(flags);
        expect(error).to.contain(message);
        expect(code).to.equal(2);
      }
    });
  });
});
