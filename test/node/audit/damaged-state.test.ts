import { expect } from 'chai';
import { type AuditReport, audit } from '../../../node/audit/audit.ts';
import { CHECK, CheckBook, type CheckId } from '../../../node/audit/book.ts';
import { carriedOut } from '../../../node/audit/carry-out.ts';
import { Followed } from '../../../node/audit/follow.ts';
import { callsOf, readingContext } from '../../../node/audit/replay.ts';
import type { ReplayedBlock, StoredBlock } from '../../../node/audit/types.ts';
import { headerHash } from '../../../node/base/header.ts';
import { sealHeader, slotOf, unseal } from '../../../node/base/seal.ts';
import { commitRun } from '../../../node/chain/execute.ts';
import { VerifyPool, verifyTask } from '../../../node/workers/index.ts';
import { committee } from '../../../pallets/committee/index.ts';
import { type Context, fromLatin1, latin1, storagePrefix } from '../../../pallets/support/index.ts';
import { fromHex } from '../../../primitives/crypto/hex.ts';
import type { TallyPost } from '../../../pallets/tally/index.ts';
import { TacitError } from '../../../primitives/errors.ts';
import type { Trie } from '../../../primitives/trie/index.ts';
import { runtime as productRuntime, type Runtime } from '../../../runtime/index.ts';
import { keyOf, runtimeThat, TestChain } from './chain.ts';
import { claimOf, PARTIES, playRound, USERS } from './round.ts';

/** What becomes of the values of one storage item; undefined takes them away. */
const DAMAGES: Readonly<Record<string, (value: Uint8Array) => Uint8Array | undefined>> = {
  removed: () => undefined,
  cut: (value) => value.subarray(0, value.length - 1),
  filled: (value) => new Uint8Array(value.length + 1).fill(0xff),
};
const ITEMS = productRuntime.composition.pallets.flatMap(({ name, storage }) =>
  Object.keys(storage).map((item) => ({ pallet: name, item: item.slice(0, 1).toUpperCase() + item.slice(1) })),
);
type Item = (typeof ITEMS)[number];
type Damage = (typeof DAMAGES)[string];

/** Runs the same as the product's, and damages an item at the end of block `at`. */
const damaging = ({ pallet, item }: Item, at: number, damage: Damage): Runtime =>
  runtimeThat({
    // the last pallet: nothing mends it in the same block
    [productRuntime.composition.pallets.at(-1)!.name]: (ctx: Context) => {
      if (ctx.block !== at) return;
      for (const [key, value] of ctx.storage.entries(storagePrefix(pallet, item))) {
        const left = damage(value);
        if (left === undefined) ctx.storage.remove(key);
        else ctx.storage.put(key, left);
      }
    },
  });

type Built = StoredBlock & { readonly state: Trie };

/** A block with the body of an honest one on another state, as whoever runs the damaged state machine makes it. */
function remade(runtime: Runtime, honest: StoredBlock, parent: Built, n: number): Built {
  const { number, digest } = honest.header;
  const log = digest.logs.find(({ tag }) => tag === 'PreRuntime')!;
  const parentHash = fromHex(parent.hash);
  const start = { parentHash, number, digest: [log] };
  let made: { state: Trie; stateRoot: Uint8Array; logs: (typeof log)[] };
  try {
    const run = runtime.begin(parent.state, start, { verify: verifyTask });
    for (const bytes of honest.body) if (run.apply(bytes) !== 'ok') throw new Error('it is not valid here');
    const { changes, digestLogs } = run.finish();
    const applied = commitRun(parent.state, changes);
    made = { state: applied.trie, stateRoot: applied.root, logs: [log, ...digestLogs] };
  } catch {
    // Nobody can execute it: it is sent all the same.
    made = { state: parent.state, stateRoot: new Uint8Array(32), logs: [log] };
  }
  const { extrinsicsRoot } = honest.header;
  const unsealed = { parentHash, number, stateRoot: made.stateRoot, extrinsicsRoot, digest: { logs: made.logs } };
  const header = sealHeader(unsealed, keyOf(`aura ${slotOf(honest.header) % n}`));
  return { hash: headerHash(header), header, body: honest.body, justification: undefined, state: made.state };
}

describe('node/audit: a state in which something is missing or is no value of its type', function () {
  this.timeout(600_000);
  const verifier = new VerifyPool({ threads: 1 });
  after(() => verifier.close());

  describe('is reported, whatever it is', () => {
    let chain: TestChain;
    const reports = new Map<string, AuditReport>();
    before(async () => {
      chain = new TestChain({ users: USERS });
      chain.runToActive();
      for (let i = 0; i < 2; i++) chain.block();
      chain.finalizeAll();
    });

    /** The audit of the chain whose last block but one is damaged. */
    async function auditOf(item: Item, damage: Damage): Promise<AuditReport> {
      const at = chain.head.header.number - 1;
      const runtime = damaging(item, at, damage);
      const { n } = chain.params;
      const honest = chain.blocks as readonly Built[];
      const damagedOne = remade(runtime, honest[at]!, honest[at - 1]!, n);
      const next = remade(runtime, honest[at + 1]!, damagedOne, n);
      const blocks = [...honest.slice(0, at), damagedOne, next];
      const source = {
        finalized: () => Promise.resolve({ hash: next.hash, number: at + 1 }),
        block: (number: number) => Promise.resolve(blocks[number]!),
        close: () => Promise.resolve(),
      };
      return audit(source, { spec: chain.spec, verifier, runtime });
    }
    for (const [name, damage] of Object.entries(DAMAGES)) {
      it(`${name}, one storage item after the other`, async () => {
        for (const item of ITEMS) {
          const prefix = fromLatin1(storagePrefix(item.pallet, item.item));
          const state = chain.blocks.at(-3)!.state;
          if (state.entries(prefix)[Symbol.iterator]().next().done) continue;
          const what = `${item.pallet}.${item.item}`;
          const report = await auditOf(item, damage);
          reports.set(`${what} ${name}`, report);
          // The head lacks a justification here, so that each audit has something to say.
          expect(report.ok, what).to.equal(false);
        }
      });
    }

    it('by the number of the check that it is about', () => {
      const about: readonly (readonly [string, CheckId, string])[] = [
        ['System.Account cut', CHECK.money, 'the money cannot be judged: '],
        ['Balances.TotalIssuance removed', CHECK.money, 'total issuance'],
        ['Session.Bonds filled', CHECK.money, 'deposits of Session cannot be told'],
        ['Committee.Current filled', CHECK.execution, 'the block cannot be executed'],
        ['Grandpa.Authorities cut', CHECK.justifications, 'the state does not tell who votes'],
        ['Aura.Authorities removed', CHECK.seals, 'names no Aura authority'],
        ['Licensing.TableHash removed', CHECK.state, 'the table has another hash'],
      ];
      for (const [name, check, what] of about) {
        const failure = reports.get(name)?.checks.find(({ id }) => id === check)?.failure;
        expect(failure?.what, name).to.include(what);
      }
    });
  });

  describe('in a round with a liar, and its claims', () => {
    let chain: TestChain;
    const lying = (post: TallyPost, member: number): TallyPost => {
      const { body } = post;
      if (member !== 2 || body.tag !== 'Aggregate') return post;
      const shares = body.value.shares.map((byte, i) => byte ^ Number(i === 0));
      return { ...post, body: { ...body, value: { ...body.value, shares } } };
    };
    before(() => {
      chain = new TestChain({ users: USERS, tamper: lying });
      playRound(chain);
      chain.unsigned(claimOf(chain, PARTIES[0]!, 0));
      chain.block();
      chain.finalizeAll();
    });

    /** What is executed in a block of the chain, and the contexts around it. */
    function replayed(number: number): ReplayedBlock {
      const [parent, made] = [chain.blocks[number - 1]!, chain.blocks[number]!];
      const { unsealed } = unseal(made.header);
      const log = unsealed.digest.logs.find(({ tag }) => tag === 'PreRuntime')!;
      const start = { parentHash: fromHex(parent.hash), number, digest: [log] };
      const run = productRuntime.begin(parent.state, start, { verify: verifyTask });
      for (const bytes of made.body) run.apply(bytes);
      const changed = new Set(run.finish().changes.keys());
      const hash = fromHex(made.hash);
      return {
        number,
        hash,
        calls: callsOf(productRuntime, made.body),
        events: run.ctx.events,
        before: readingContext(productRuntime, parent.state, { number: number - 1, hash: start.parentHash }),
        after: readingContext(productRuntime, made.state, { number, hash }),
        state: made.state,
        changed,
      };
    }

    /** The block, with an item damaged in the state behind it. */
    function damagedAfter(block: ReplayedBlock, prefix: string, damage: Damage): ReplayedBlock | undefined {
      const entries = [...block.state.entries(fromLatin1(prefix))];
      if (entries.length === 0) return undefined;
      const { trie } = block.state.apply(entries.map(([key, value]) => [key, damage(value) ?? null] as const));
      const changed = new Set([...block.changed, ...entries.map(([key]) => latin1(key))]);
      const after = readingContext(productRuntime, trie, { number: block.number, hash: block.hash });
      return { ...block, state: trie, after, changed };
    }

    it('no part of the audit throws, whatever is damaged in whichever block', async () => {
      const book = new CheckBook();
      const { state, hash } = chain.blocks[0]!;
      const host = { verify: verifyTask };
      const parts = { runtime: productRuntime, genesis: fromHex(hash), state, host, book, source: chain.source() };
      const followed = new Followed(parts);
      const kinds = Object.values(DAMAGES);
      const tried = new Set<string>();
      for (let number = 1; number <= chain.head.header.number; number++) {
        const block = replayed(number);
        book.at({ block: number });
        for (const [index, { pallet, item }] of ITEMS.entries()) {
          const prefix = storagePrefix(pallet, item);
          // what a block leaves alone is damaged in others; one after the other gets each kind of damage
          if (![...block.changed].some((key) => key.startsWith(prefix))) continue;
          const damaged = damagedAfter(block, prefix, kinds[(number + index) % kinds.length]!);
          if (damaged === undefined) continue;
          await followed.block(damaged, false);
          tried.add(`${pallet}.${item}`);
        }
        await followed.block(block, number === chain.head.header.number);
      }
      followed.close();
      expect(tried).to.include.members(['Committee.Offences', 'Tally.Rounds', 'Notes.Bins', 'Registry.Models']);
      for (const check of [CHECK.setup, CHECK.sealed, CHECK.openings, CHECK.claims, CHECK.money])
        expect(book.hasFailed(check), `check ${check}`).to.equal(true);
    });

    it('a record that is counted and not there is told by its number', async () => {
      const { offences } = committee.use(chain.ctx).store;
      expect(offences.get(0)?.member).to.equal(2);
      const at = offences.get(0)!.block;
      const runtime = damaging({ pallet: 'Committee', item: 'Offences' }, at, DAMAGES.removed!);
      const made = remade(runtime, chain.blocks[at]!, chain.blocks[at - 1]!, chain.params.n);
      const source = {
        finalized: () => Promise.resolve({ hash: made.hash, number: at }),
        block: (number: number) => Promise.resolve(number === at ? made : chain.blocks[number]!),
        close: () => Promise.resolve(),
      };
      const { checks, ok } = await audit(source, { spec: chain.spec, verifier, runtime });
      expect(ok).to.equal(false);
      expect(checks.find(({ id }) => id === CHECK.openings)?.failure).to.deep.include({
        block: at,
        what: 'who was named cannot be judged: the record of offence 0 is missing (at/missing)',
      });
    });
  });

  it('a source that fails, or an audit that is stopped, is no finding', async () => {
    const book = new CheckBook();
    for (const code of ['audit/needs-archive', 'audit/unreachable', 'db/damaged', 'workers/died']) {
      const error = await carriedOut(book, CHECK.money, 'it', () => {
        throw new TacitError(code, 'gone');
      }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).to.include({ code });
    }
    expect(book.report(true).every(({ ok }) => ok)).to.equal(true);
  });
});
