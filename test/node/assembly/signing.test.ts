/** Which keys a started node signs with, and that two nodes of one machine never sign with the same. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect } from 'chai';
import { pino } from 'pino';
import { buildLocalSpec, builtinSpec, type ChainSpec, parseChainSpec } from '../../../chain-spec/index.ts';
import { type RunningNode, startNode } from '../../../node/assembly/index.ts';
import { genesisOf } from '../../../node/assembly/genesis.ts';
import { Successors } from '../../../node/assembly/successors.ts';
import { AuraAuthor } from '../../../node/authoring/author.ts';
import { Chain, TransactionPool } from '../../../node/chain/index.ts';
import { BlockStore, openLevel } from '../../../node/db/index.ts';
import { devKeys, publicKeysOf, type ValidatorKeys } from '../../../node/keys.ts';
import { KeyClaims } from '../../../node/process/key-claims.ts';
import { SessionKeyring } from '../../../node/session-keys.ts';
import { VerifyPool } from '../../../node/workers/index.ts';
import { proofText, session } from '../../../pallets/session/index.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { ed25519FromSeed, sr25519FromSeed, sr25519Sign } from '../../../primitives/crypto/signature.ts';
import { encodeSigned, runtime } from '../../../runtime/index.ts';
import { scratchFolder } from '../../support/scratch.ts';

const KINDS = ['aura', 'grandpa', 'committee'] as const;
const freshSeeds = () => ({ aura: randomBytes(32), grandpa: randomBytes(32), committee: randomBytes(32) });
const keysOf = ({ aura, grandpa, committee } = freshSeeds()): ValidatorKeys => ({
  aura: sr25519FromSeed(aura),
  grandpa: ed25519FromSeed(grandpa),
  committee: sr25519FromSeed(committee),
});

/** What the nodes of a test have said. */
class Ear {
  readonly lines: { msg: string; code?: string; kind?: string; key?: string; do?: string }[] = [];
  #heard: () => void = () => undefined;
  readonly log = pino(
    { level: 'debug' },
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.lines.push(JSON.parse(chunk.toString()));
        this.#heard();
        done();
      },
    }),
  );

  async said(text: string): Promise<Ear['lines'][number]> {
    for (;;) {
      const line = this.lines.find(({ msg }) => msg.includes(text));
      if (line !== undefined) return line;
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }
}

const running = new Set<RunningNode>();
async function start(
  directory: string,
  keys: ValidatorKeys,
  { spec = builtinSpec('dev')!, claims = new KeyClaims(directory), ear = new Ear() } = {},
): Promise<RunningNode> {
  const node = await startNode({
    spec,
    directory,
    keys,
    claims,
    rpc: { host: '127.0.0.1', port: 0, origins: [] },
    metricsPort: undefined,
    listen: ['/ip4/127.0.0.1/tcp/0'],
    bootnodes: [],
    archive: false,
    log: ear.log,
  });
  running.add(node);
  return node;
}
async function stop(node: RunningNode): Promise<void> {
  running.delete(node);
  await node.stop();
}

/** Resolves when a block of this height is final. */
const untilFinal = (node: RunningNode, height: number): Promise<void> =>
  new Promise((resolve) => {
    if (node.chain.finalized().number >= height) resolve();
    else node.chain.on('finalized', ({ ref }) => ref.number >= height && resolve());
  });

describe('node/assembly: the keys that sign', function () {
  this.timeout(600_000);
  afterEach(async () => {
    for (const node of running) await stop(node);
  });

  describe('given by RPC to two nodes of one machine', () => {
    const seeds = freshSeeds();
    const shared = keysOf(seeds);
    const spec: ChainSpec = (() => {
      const json = buildLocalSpec({ validators: 1 });
      json.genesis.session.validators[0]!.keys = publicKeysOf(shared);
      return parseChainSpec(json);
    })();
    /** A data folder whose keyring holds the shared keys. */
    function folderWith(own: ValidatorKeys): string {
      const directory = scratchFolder('signing');
      const keyring = new SessionKeyring(join(directory, 'session-keys'), own);
      for (const kind of KINDS) keyring.insert(kind, toHex(seeds[kind]), shared[kind].publicKey);
      return directory;
    }
    it('sign in one of them: the other says who has them and does not start', async () => {
      const [mine, other] = [keysOf(), keysOf()];
      const [here, there] = [folderWith(mine), folderWith(other)];
      const first = await start(here, mine, { spec });
      await untilFinal(first, 1);
      const error = await start(there, other, { spec }).then(
        () => undefined,
        (reason: { code: string; message: string }) => reason,
      );
      expect(error?.code).to.equal('cli/key-in-use');
      expect(error?.message).to.include(`process ${process.pid}`).and.include(here);
      await stop(first);
      await untilFinal(await start(there, other, { spec }), 1);
    });
  });

  it('are not taken from another process when they come into force later: that is told once, and tried again', async () => {
    const [chosen, next] = [keysOf(), keysOf()];
    const [mine, others] = [new KeyClaims('/mine'), new KeyClaims('/the/other')];
    const ear = new Ear();
    await Promise.all([mine.take(chosen), others.take({ grandpa: next.grandpa })]);
    const successors = new Successors({ claims: mine, log: ear.log }, chosen);
    for (let i = 0; i < 2; i++) await successors.look({ ...chosen, grandpa: next.grandpa });
    const told = ear.lines.map(({ code, kind }) => ({ code, kind }));
    expect(told).to.deep.equal([{ code: 'cli/key-in-use', kind: 'grandpa' }]);
    expect(ear.lines[0]?.msg).to.include('must not sign').and.include('/the/other');
    expect(ear.lines[0]?.do).to.include('session-keys');
    await others.release();
    for (let i = 0; i < 2; i++) await successors.look({ ...chosen, grandpa: next.grandpa });
    expect(ear.lines.slice(1).map(({ msg }) => msg)).to.have.length(1);
    expect(ear.lines[1]?.msg).to.include('start the node again');
    // Now it is this process's.
    const codes = await others.take({ grandpa: next.grandpa }).catch(({ code }: { code: string }) => code);
    expect(codes).to.equal('cli/key-in-use');
    await Promise.all([mine.release(), others.release()]);
  });

  describe('registered with setKeys', () => {
    const SLOT = 2000;
    let directory: string;
    let own: ValidatorKeys;
    let made: ReturnType<SessionKeyring['rotate']>;

    /** A chain of the past hour that ends after the session's end; nothing of it is final. */
    async function pastSession(): Promise<void> {
      const errors: unknown[] = [];
      const onError = (error: unknown): unknown => errors.push(error);
      let slot = Math.floor(Date.now() / SLOT) - 620;
      const now = (): number => slot * SLOT + 10;
      const verifier = new VerifyPool({ onFault: onError });
      const level = await openLevel(join(directory, 'chain'));
      const store = new BlockStore(level, onError);
      const spec = builtinSpec('dev')!;
      const chain = await Chain.open({
        store,
        runtime,
        verifier,
        genesis: genesisOf(spec),
        now,
        bodiesKept: undefined,
        onError,
      });
      const pool = new TransactionPool({ chain, runtime, verifier, now, onError });
      const keyring = new SessionKeyring(join(directory, 'session-keys'), own);
      made = keyring.rotate();
      await pool.submit(setKeysOf(chain.genesisHash, keyring), 'local');
      const aura = keyring.chosen({ aura: [made.aura], grandpa: [], committee: [] }).aura;
      const parts = { chain, pool, runtime, host: verifier, keys: [own.aura, aura], now, paused: () => false };
      const author = new AuraAuthor({ ...parts, finalitySlack: Infinity, onBlock: () => undefined, onError });
      for (; chain.best().number < 603; slot++) await author.propose(slot);
      await chain.close();
      await level.close();
      await verifier.close();
      expect(errors).to.deep.equal([]);
    }

    function setKeysOf(genesis: string, keyring: SessionKeyring): Uint8Array {
      const { account } = builtinSpec('dev')!.genesis.session.validators[0]!;
      const proof = keyring.prove(made, proofText(fromHex(genesis), account, made))!;
      const sign = (payload: Uint8Array) => ({ tag: 'Sr25519' as const, value: sr25519Sign(own.aura, payload) });
      const { specVersion, transactionVersion } = runtime.version;
      const facts = { specVersion, transactionVersion, genesisHash: fromHex(genesis), birthHash: fromHex(genesis) };
      const call = session.call.setKeys({ keys: made, proof });
      return encodeSigned(runtime.callTy, call, { account, nonce: 0, sign }, facts);
    }

    it('sign after a restart: blocks at once, votes when the change is final and the node has been started again', async () => {
      directory = scratchFolder('signing');
      own = await devKeys('//Alice');
      await pastSession();
      const ear = new Ear();
      const first = await start(directory, own, { ear });
      // The old key finalizes the block that ends the session, the new one makes blocks.
      await untilFinal(first, 600);
      const { key } = await ear.said('has come into force');
      expect(key).to.equal(toHex(made.grandpa));
      await stop(first);
      const again = await start(directory, own);
      await untilFinal(again, again.chain.best().number + 2);
      const { hash } = again.chain.finalized();
      expect(again.chain.authorities(hash).authorities.map(({ id }) => toHex(id))).to.deep.equal([toHex(made.grandpa)]);
    });
  });
});
