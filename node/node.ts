import { join } from 'node:path';
import type { Logger } from 'pino';
import type { ChainSpec } from '../chain-spec/index.ts';
import { ed25519Sign } from '../primitives/crypto/signature.ts';
import { grandpa as grandpaPallet } from '../pallets/grandpa/index.ts';
import type { EquivocationProof } from '../pallets/grandpa/types.ts';
import { fromLatin1 } from '../pallets/support/index.ts';
import { fromHex } from '../primitives/crypto/hex.ts';
import type { TacitError } from '../primitives/errors.ts';
import { toAddress } from '../primitives/crypto/ss58.ts';
import { type Change, Trie } from '../primitives/trie/index.ts';
import { encodeBare, runtime } from '../runtime/index.ts';
import { Chain, type ChainApi, chainApi, type Genesis, TransactionPool } from './chain/index.ts';
import { CommitteeService } from './committee/service.ts';
import { AuraAuthor } from './authoring/author.ts';
import { GrandpaService } from './consensus/grandpa/index.ts';
import { LastVote } from './consensus/grandpa/last-vote.ts';
import { BlockStore, openLevel } from './db/index.ts';
import type { ValidatorKeys } from './keys.ts';
import { loadPeerKey, NetworkService } from './network/index.ts';
import { Sync } from './sync/index.ts';
import { rpcMethods, RpcServer } from './rpc/index.ts';
import { errorFields, Metrics } from './telemetry/index.ts';
import { VerifyPool } from './workers/index.ts';

const NODE_NAME = 'tacit-node';
export const NODE_VERSION = '0.1.0';
/** Finalized blocks whose large extrinsics a node keeps if it is no archive: a day. */
const AUDIT_WINDOW = 43_200;

export interface NodeConfig {
  readonly spec: ChainSpec;
  /** Where the database and the peer key live. */
  readonly directory: string;
  /** Present in a validator. */
  readonly keys: ValidatorKeys | undefined;
  readonly rpc: { readonly host: string; readonly port: number; readonly origins: readonly string[] | 'all' };
  /** Undefined: no metrics are served. */
  readonly metricsPort: number | undefined;
  /** Multiaddresses to listen on. */
  readonly listen: readonly string[];
  readonly bootnodes: readonly string[];
  readonly archive: boolean;
  /** Module that makes this member of the committee lie: for fault tests only. */
  readonly tamper?: string | undefined;
  readonly log: Logger;
}

/** A node that runs. */
export interface RunningNode {
  readonly chain: ChainApi;
  /** State and runtime APIs, for those in the process. */
  readonly states: Chain;
  /** Also small records by name (`store.meta`). */
  readonly store: BlockStore;
  readonly pool: TransactionPool;
  readonly network: NetworkService;
  readonly verifier: VerifyPool;
  readonly rpcPort: number;
  readonly metricsPort: number | undefined;
  /** Resolves with `db/damaged` when the database turns out to have lost something: the node is to be stopped. */
  readonly damaged: Promise<TacitError>;
  /** Ends everything in order; what was acknowledged is in the database. */
  stop(): Promise<void>;
}

/** The genesis block of a specification: the same on every node. */
export function genesisOf(spec: ChainSpec): Genesis {
  const { changes, header } = runtime.genesis(spec);
  const writes = [...changes].map(([key, value]): Change => [fromLatin1(key), value]);
  const applied = new Trie({ get: () => undefined }, Trie.emptyRoot).apply(writes);
  return { applied, header: header(applied.root) };
}

/** Ends what was begun, the last first; one failure does not keep the others from ending. */
class Stops {
  readonly #log: Logger;
  readonly #steps: (() => unknown)[] = [];

  constructor(log: Logger) {
    this.#log = log;
  }

  add(step: () => unknown): void {
    this.#steps.push(step);
  }

  readonly run = async (): Promise<void> => {
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        this.#log.error(errorFields(error), 'a part of the node did not stop cleanly');
      }
    }
  };
}

/** What is wrong with the database, once something is. */
class Damage {
  readonly #known = Promise.withResolvers<TacitError>();
  #first: TacitError | undefined;

  get first(): TacitError | undefined {
    return this.#first;
  }

  get known(): Promise<TacitError> {
    return this.#known.promise;
  }

  readonly note = (damage: TacitError): void => {
    this.#first ??= damage;
    this.#known.resolve(damage);
  };
}

/** Starts database, chain, network, finality, RPC and, in a validator, authoring. */
export async function startNode(config: NodeConfig): Promise<RunningNode> {
  const stops = new Stops(config.log);
  const damage = new Damage();
  try {
    return await assemble(config, stops, damage);
  } catch (error) {
    await stops.run();
    throw damage.first ?? error;
  }
}

async function assemble(config: NodeConfig, stops: Stops, damage: Damage): Promise<RunningNode> {
  const { spec, directory, keys, log } = config;
  // Once the database is known to be damaged the node stops; what fails on the way there is no news.
  const onError = (error: unknown): void => {
    if (!damage.first) log.error(errorFields(error), 'internal error');
  };
  const now = (): number => Date.now();
  const steady = (): number => performance.now();

  const verifier = new VerifyPool({ onFault: onError });
  stops.add(() => verifier.close());
  const level = await openLevel(join(directory, 'chain'));
  stops.add(() => level.close());
  const store = new BlockStore(level, damage.note);
  const bodiesKept = config.archive ? undefined : AUDIT_WINDOW;
  const chain = await Chain.open({ store, runtime, verifier, genesis: genesisOf(spec), now, bodiesKept, onError });
  stops.add(() => chain.close());
  const pool = new TransactionPool({ chain, runtime, verifier, now: steady, onError });
  const api = chainApi(chain, pool);

  const network = await NetworkService.create({
    chain: api,
    sync: (wire) => new Sync({ chain: api, verifier, log: log.child({ part: 'sync' }), now: steady, network: wire }),
    key: await loadPeerKey(join(directory, 'peer.key')),
    log: log.child({ part: 'network' }),
    listen: config.listen,
    bootnodes: [...spec.bootNodes, ...config.bootnodes],
  });
  const voterKey = keys && {
    publicKey: keys.grandpa.publicKey,
    sign: (payload: Uint8Array) => ed25519Sign(keys.grandpa, payload),
  };
  const lastVote = keys && (await LastVote.open(join(directory, 'last-vote')));
  const grandpa = new GrandpaService({
    chain: api,
    wire: network.grandpa,
    store: store.meta,
    verifier,
    log: log.child({ part: 'grandpa' }),
    onEquivocation: (proof) => void reportEquivocation(pool, proof, log),
    ...(voterKey && { key: voterKey }),
    ...(lastVote && { lastVote }),
  });
  await network.start();
  stops.add(() => network.stop());
  grandpa.start();
  stops.add(() => grandpa.stop());

  const server = await RpcServer.listen({
    ...config.rpc,
    methods: rpcMethods({
      chain,
      pool,
      runtime,
      network,
      info: { name: spec.name, type: spec.chainType, properties: spec.properties },
      isAuthority: keys !== undefined,
      roundState: () => roundStateJson(grandpa),
      nodeName: NODE_NAME,
      nodeVersion: NODE_VERSION,
    }),
    onError: (method, error) => {
      if (!damage.first) log.error({ method, ...errorFields(error) }, 'RPC method failed');
    },
  });
  stops.add(() => server.close());

  const metrics = new Metrics({ chain, pool, network, verifier, rpcConnections: () => server.connections });
  stops.add(() => metrics.close());
  const metricsPort =
    config.metricsPort === undefined ? undefined : await metrics.listen(config.rpc.host, config.metricsPort);

  if (keys) {
    const author = new AuraAuthor({
      chain,
      pool,
      runtime,
      host: verifier,
      keys: [keys.aura],
      now,
      paused: () => network.isSyncing(),
      onBlock: ({ ref, extrinsics, ms }) => {
        metrics.authored(ms);
        log.info({ ...ref, extrinsics, ms: Math.round(ms) }, 'authored a block');
      },
      onError,
    });
    author.start();
    stops.add(() => author.stop());
  }
  if (spec.genesis.committee) stops.add(await startCommittee(config, chain, pool));
  logEvents(chain, log);
  log.info({ chain: spec.id, genesis: chain.genesisHash, rpc: server.port, best: chain.best() }, 'node up');
  return {
    chain: api,
    states: chain,
    store,
    pool,
    network,
    verifier,
    rpcPort: server.port,
    metricsPort,
    damaged: damage.known,
    stop: stops.run,
  };
}

/** Names a voter that voted twice on the chain. All honest nodes see it and report it; the pool keeps one report of them. */
async function reportEquivocation(pool: TransactionPool, proof: EquivocationProof, log: Logger): Promise<void> {
  const call = grandpaPallet.call.reportEquivocation({ proof });
  const { kind, hash, ...rest } = await pool.submit(encodeBare(runtime.callTy, call), 'local');
  log.warn({ hash, outcome: kind, ...rest }, 'equivocation reported');
}

/** The validator's part in the tally. Returns how to stop it. */
async function startCommittee(
  { directory, keys, tamper, log }: NodeConfig,
  chain: Chain,
  pool: TransactionPool,
): Promise<() => Promise<void>> {
  const service = new CommitteeService(
    {
      finalized: () => chain.finalized(),
      hashByNumber: (number) => chain.hashByNumber(number),
      body: (hash) => chain.body(hash),
      call: (hash, method, input) => chain.call(hash, method, input),
      decode: (extrinsic) => runtime.decode(extrinsic),
      submit: (extrinsic) => pool.submit(extrinsic, 'local'),
      on: (event, listener) => chain.on(event, listener),
    },
    {
      genesis: fromHex(chain.genesisHash),
      validator: keys && { committee: keys.committee, vaultPath: join(directory, 'committee.vault'), tamper },
    },
    log.child({ part: 'committee' }),
  );
  await service.start();
  return () => service.stop();
}

function logEvents(chain: Chain, log: Logger): void {
  chain.on('best', ({ ref, retracted }) => {
    if (retracted.length > 0) log.info({ ...ref, retracted: retracted.length }, 'reorganised');
  });
  chain.on('imported', ({ ref, origin }) => {
    if (origin !== 'own') log.debug({ ...ref, origin }, 'imported a block');
  });
  chain.on('finalized', ({ ref }) => log.info({ ...ref }, 'finalized'));
}

/** Substrate's `grandpa_roundState`. */
function roundStateJson(grandpa: GrandpaService): object {
  const { setId, round, voters, threshold, missing } = grandpa.state();
  // Every voter of this chain weighs 1.
  const phase = (absent: readonly string[]): object => ({
    currentWeight: voters - absent.length,
    missing: absent.map((id) => toAddress(fromHex(id))),
  });
  const best = {
    round: Number(round),
    totalWeight: voters,
    thresholdWeight: Number(threshold),
    prevotes: phase(missing.prevote),
    precommits: phase(missing.precommit),
  };
  return { setId: Number(setId), best, background: [] };
}
