/** What a person should be told of a node that runs: that it is alone, that its keys are of no use, that its clock is off, and how it stands. */
import type { Logger } from 'pino';
import type { ChainSpec } from '../../chain-spec/index.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import type { RunningNode } from '../assembly/index.ts';
import { auraAuthorities } from '../base/authorities.ts';
import { slotOf } from '../base/seal.ts';
import { publicKeysOf, type ValidatorKeys } from '../keys.ts';
import { ClockWatch } from './clock-watch.ts';
import { LoopLag } from './loop-lag.ts';

/** How often the status line changes, and the peers are counted. */
const STATUS_MS = 1000;
/** How long a node may be without peers before it says so, and between two times that it says so. */
const ALONE_MS = 20_000;
const ALONE_AGAIN_MS = 600_000;

export interface Watched {
  readonly node: RunningNode;
  readonly spec: ChainSpec;
  readonly keys: ValidatorKeys | undefined;
  readonly bootnodes: readonly string[];
  readonly log: Logger;
  readonly status: (text: string) => void;
}

export function watchNode(watched: Watched): { stop(): void } {
  const { node, log, status } = watched;
  tellUselessKeys(watched);
  const stopClock = watchClock(watched);
  const solitude = new Solitude(watched);
  const timer = setInterval(() => {
    solitude.look(performance.now());
    status(statusOf(node));
  }, STATUS_MS);
  return {
    stop: () => {
      clearInterval(timer);
      stopClock();
      status('');
      log.flush();
    },
  };
}

function statusOf({ chain, network, pool }: RunningNode): string {
  const peers = network.peers();
  const goal = Math.max(0, ...peers.map(({ best }) => best?.number ?? 0));
  const best = chain.best().number;
  const doing = network.isSyncing()
    ? `syncing, ${Math.max(0, goal - best)} blocks to go`
    : `${pool.size.ready} in pool`;
  return `block ${best}, final ${chain.finalized().number}, ${peers.length} peers, ${doing}`;
}

/** A key that no validator of the set has authors and votes nothing, and nothing else would say so. */
function tellUselessKeys({ node, keys, log, spec }: Watched): void {
  if (!keys) return;
  const mine = publicKeysOf(keys);
  const { hash } = node.chain.finalized();
  const authors = auraAuthorities((method) => node.states.call(hash, method, new Uint8Array())).map(toHex);
  const voters = node.chain.authorities(hash).authorities.map(({ id }) => toHex(id));
  const missing = [
    ...(authors.includes(mine.aura) ? [] : ['aura']),
    ...(voters.includes(mine.grandpa) ? [] : ['grandpa']),
  ];
  if (missing.length === 0) return;
  log.warn(
    {
      code: 'node/key-not-in-set',
      missing,
      keys: mine,
      do: `Put the public keys into session.validators of the specification before the chain begins, or start without --validator`,
    },
    `these keys are not among the ${authors.length} validators of ${spec.id}: the node follows and does not validate`,
  );
}

function watchClock({ node, log }: Watched): () => void {
  const { slotMs } = node.states;
  const clock = new ClockWatch(slotMs);
  const lag = new LoopLag(() => performance.now());
  const heard = (slot: number): void => {
    const news = clock.heard(slot * slotMs, Date.now(), lag.isBusy());
    if (news === undefined) return;
    log.warn({ code: 'node/clock-off', offMs: news.offMs, do: 'Set the clock, for example by NTP' }, news.what);
  };
  const stops = [
    lag.start(),
    node.chain.on('imported', ({ header, origin }) => {
      if (origin === 'gossip') heard(slotOf(header));
    }),
    node.chain.on('early', ({ slot }) => heard(slot)),
  ];
  return () => stops.forEach((stop) => stop());
}

/** Says that a node has no peers, once it has lasted; not of a chain of one validator, which needs none. */
class Solitude {
  readonly #watched: Watched;
  #since: number | undefined;
  #told: number | undefined;

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  look(now: number): void {
    const { node, spec, bootnodes, log } = this.#watched;
    const isEnough = spec.genesis.session.validators.length === 1 && bootnodes.length === 0;
    if (isEnough || node.network.peers().length > 0) {
      this.#since = undefined;
      return;
    }
    this.#since ??= now;
    const isTold = this.#told !== undefined && now - this.#told < ALONE_AGAIN_MS;
    if (now - this.#since < ALONE_MS || isTold) return;
    this.#told = now;
    const known = [...spec.bootNodes, ...bootnodes];
    const remedy =
      known.length === 0
        ? 'Give --bootnode with the address of a node of this chain, or wait for others to dial this one'
        : `Look whether these run, with this chain (genesis ${node.chain.genesisHash}) and these peer ids: ${known.join(' ')}`;
    log.warn({ code: 'node/alone', do: remedy }, 'the node has no peers: it makes no final blocks and hears of none');
  }
}
