/**
 * A chain for tests of clients: the real runtime, block production, pool and JSON-RPC server in this process, with four in-process committee members. Time
 * runs as fast as blocks can be made, and finality is by decree, with votes of all validators as proof: consensus is tested elsewhere, by real processes.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Chain, TransactionPool } from '../../../node/chain/index.ts';
import { CommitteeMember, type FinalizedView } from '../../../node/committee/member.ts';
import { Vault } from '../../../node/committee/vault.ts';
import { AuraAuthor } from '../../../node/authoring/author.ts';
import { BlockStore, openMemory } from '../../../node/db/index.ts';
import { rpcMethods, RpcServer } from '../../../node/rpc/index.ts';
import { verifyTask } from '../../../node/workers/index.ts';
import { termInfo } from '../../../pallets/committee/types.ts';
import { fromLatin1, type Host, type VerifyTask } from '../../../pallets/support/index.ts';
import { partInfo, roundInfo } from '../../../pallets/tally/types.ts';
import { concatBytes } from '../../../primitives/crypto/bytes.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { ed25519FromSeed, sr25519FromSeed, sr25519Sign } from '../../../primitives/crypto/signature.ts';
import { weightedSum } from '../../../primitives/fhe/evaluate.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { compact, option, tuple, u8, u32, vec } from '../../../primitives/scale/index.ts';
import { Trie } from '../../../primitives/trie/index.ts';
import { runtime as productRuntime, type Runtime } from '../../../runtime/index.ts';
import { devAccount } from '../../../client/sdk/keys.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { justificationBy } from './paper-chain.ts';

const SLOT = 2000;
const MEMBERS = 4;
const validatorSeed = (i: number): Uint8Array => hash32Of('test/quick-chain', i);
const voters = Array.from({ length: MEMBERS }, (_, i) => ed25519FromSeed(validatorSeed(i)));
/** What of the chain's specification a client needs: who votes on finality. */
const specification = JSON.stringify({
  name: 'Quick',
  chainType: 'Development',
  genesis: { session: { validators: voters.map(({ publicKey }) => ({ keys: { grandpa: toHex(publicKey) } })) } },
});

const verifier = {
  verify(asked: VerifyTask | readonly VerifyTask[]) {
    return 'kind' in asked ? verifyTask(asked) : Promise.resolve(asked.map(verifyTask));
  },
} as Host & { verify(tasks: readonly VerifyTask[]): Promise<boolean[]> };

export interface QuickChain extends AsyncDisposable {
  readonly url: string;
  /** The chain to trust, for `connect`. */
  readonly chain: string;
  /** Whatever went wrong inside. */
  readonly errors: unknown[];
  /** Whether blocks are made only while extrinsics wait for one: deadlines, which count blocks, then stand still for slow clients. */
  onDemand: boolean;
}

export interface QuickOptions {
  readonly paramsId?: string;
  /** Milliseconds between blocks. */
  readonly pace?: number;
  /** The state machine, if it is not the product's. */
  readonly runtime?: Runtime;
  /** Parameters of the chain that are not as usual. */
  readonly parameters?: Readonly<Record<string, bigint>>;
}

function genesisOf(runtime: Runtime, paramsId: string, parameters: QuickOptions['parameters']) {
  const TAC = 1_000_000n;
  const rich = ['//Alice', '//Bob', '//Charlie'].map((name) => devAccount(name).publicKey);
  const validators = Array.from({ length: MEMBERS }, (_, i) => {
    const { publicKey } = sr25519FromSeed(validatorSeed(i));
    return { account: publicKey, keys: { aura: publicKey, grandpa: voters[i]!.publicKey, committee: publicKey } };
  });
  const funded = [...rich, ...validators.map(({ account }) => account)];
  const { changes, header } = runtime.genesis({
    genesis: {
      balances: { accounts: funded.map((account) => [account, 1_000_000n * TAC]) },
      ...(parameters && { parameters }),
      session: { bond: 1_000n * TAC, validators },
      committee: { paramsId, setupBlocks: 30, retryBlocks: 5, termRounds: 50, slash: 100n * TAC },
      tally: { stepBlocks: 30, lateWindow: 10, leastK: 2, depositBase: TAC, depositPerByte: 1n },
    },
  });
  const writes = [...changes].map(([key, value]) => [fromLatin1(key), value] as const);
  const applied = new Trie({ get: () => undefined }, Trie.emptyRoot).apply(writes);
  return { applied, header: header(applied.root) };
}

export async function quickChain(options: QuickOptions = {}): Promise<QuickChain> {
  const { paramsId = 'tacit-8192-n4', pace = 60, runtime = productRuntime, parameters } = options;
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  let slot = Math.floor(Date.now() / SLOT) - 1_000_000;
  const now = (): number => slot * SLOT + 50;
  const store = new BlockStore(openMemory());
  const chain = await Chain.open({
    store,
    runtime,
    verifier,
    genesis: genesisOf(runtime, paramsId, parameters),
    now,
    bodiesKept: undefined,
    onError,
  });
  const pool = new TransactionPool({ chain, runtime, verifier, now: () => performance.now(), onError });
  const keys = Array.from({ length: MEMBERS }, (_, i) => sr25519FromSeed(validatorSeed(i)));
  const author = new AuraAuthor({
    chain,
    pool,
    runtime,
    host: verifier,
    keys,
    now,
    paused: () => false,
    onBlock: () => undefined,
    onError,
  });
  const server = await RpcServer.listen({
    host: '127.0.0.1',
    port: 0,
    origins: [],
    onError: (_, error) => onError(error),
    methods: rpcMethods({
      chain,
      pool,
      runtime,
      info: {
        name: 'Quick',
        type: 'Development',
        properties: { ss58Format: 42, tokenDecimals: 6, tokenSymbol: 'TAC' },
      },
      network: { peerId: 'quick', addresses: () => [], peers: () => [], isSyncing: () => false },
      isAuthority: true,
      roundState: () => null,
      nodeName: 'quick',
      nodeVersion: '0',
    }),
  });

  const folder = scratchFolder('quick');
  const members = committeeOf(folder, chain.genesisHash, onError);
  const stopping = new AbortController();
  const quick: QuickChain = {
    url: `ws://127.0.0.1:${server.port}`,
    chain: specification,
    errors,
    onDemand: false,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await running;
      await server.close();
    },
  };
  const running = (async () => {
    while (!stopping.signal.aborted) {
      const isDue = !quick.onDemand || pool.size.ready + pool.size.future > 0;
      if (isDue) slot++;
      const ref = isDue ? await author.propose(slot) : undefined;
      if (ref) {
        await chain.finalize(ref.hash, justificationBy(voters, 0n, chain.header(ref.hash)!));
        for (const bytes of chain.body(ref.hash) ?? []) {
          const { tag, value } = runtime.decode(bytes).call as {
            tag: string;
            value: { tag: string; value: { sealed: Uint8Array } };
          };
          if (tag === 'Tally' && value.tag === 'submit')
            for (const member of members) member.addSealed(value.value.sealed);
        }
        const ask = (method: string, input: Uint8Array = new Uint8Array()) =>
          runtime.call(chain.state(ref.hash) as never, refHash(ref.hash), method, input, verifier);
        for (const post of postsOf(members, ref.number, ask)) await pool.submit(post, 'local');
      }
      await new Promise((resolve) => setTimeout(resolve, pace));
    }
  })().catch(onError);
  return quick;
}

const refHash = (hash: string): Uint8Array => Uint8Array.from(Buffer.from(hash.slice(2), 'hex'));

function committeeOf(folder: string, genesisHash: string, onError: (error: unknown) => void): CommitteeMember[] {
  const plain = { seal: (bytes: Uint8Array) => bytes, open: (bytes: Uint8Array) => bytes };
  return Array.from({ length: MEMBERS }, (_, i) => {
    const pair = sr25519FromSeed(validatorSeed(i));
    return new CommitteeMember({
      genesis: refHash(genesisHash),
      publicKey: pair.publicKey,
      sign: (message) => sr25519Sign(pair, message),
      vault: new Vault(join(folder, `${i}`), plain, { genesis: refHash(genesisHash), takesUnnamed: false }),
      random: (n) => new Uint8Array(randomBytes(n)),
      folder,
      heldBytes: 1 << 20,
      evaluator(paramsId) {
        const params = fheParams(paramsId);
        const one = Int32Array.of(1);
        return {
          sum: (ciphertexts) =>
            weightedSum(
              params,
              ciphertexts.map((ciphertext) => ({ ciphertext, weights: one })),
            ),
          weightedSum: (terms) => weightedSum(params, terms),
        };
      },
      onError,
    });
  });
}

/** The committee's posts on a finalized state, as unsigned extrinsics. */
function postsOf(
  members: readonly CommitteeMember[],
  number: number,
  ask: (method: string, input?: Uint8Array) => Uint8Array,
): Uint8Array[] {
  const rounds = vec(u32)
    .codec.dec(ask('TallyApi_live'))
    .map((round) => option(roundInfo).codec.dec(ask('TallyApi_round', u32.codec.enc(round))))
    .filter((info) => info !== undefined);
  const partOf = (round: number, part: number) =>
    option(partInfo).codec.dec(ask('TallyApi_part', tuple(u32, u8).codec.enc([round, part])));
  const view: FinalizedView = { number, term: option(termInfo).codec.dec(ask('CommitteeApi_term')), rounds, partOf };
  return members.flatMap((member) =>
    member.act(view).map(({ pallet, post, signature }) => {
      const body = concatBytes(Uint8Array.of(4, pallet, 0), post, signature);
      return concatBytes(compact(u32).codec.enc(body.length), body);
    }),
  );
}
