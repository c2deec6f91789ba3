import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { TacitError } from '../../primitives/errors.ts';
import type { Chain, Network, TransactionPool } from '../chain/index.ts';
import type { VerifyPool } from '../workers/index.ts';

/** What the metrics read. */
export interface Watched {
  readonly chain: Chain;
  readonly pool: TransactionPool;
  readonly network: Network;
  readonly verifier: VerifyPool;
  readonly rpcConnections: () => number;
}

/** Prometheus metrics of one node. Values that can be read are read when asked for. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #authored: Counter;
  readonly #authoring: Histogram;
  readonly #delay = monitorEventLoopDelay({ resolution: 10 });
  #server: Server | undefined;

  constructor({ chain, pool, network, verifier, rpcConnections }: Watched) {
    const registers = [this.#registry];
    const gauge = (name: string, help: string, read: () => number): void => {
      const made: Gauge = new Gauge({ name: `tacit_${name}`, help, registers, collect: () => made.set(read()) });
    };
    collectDefaultMetrics({ register: this.#registry });
    gauge('block_height_best', 'Number of the best block', () => chain.best().number);
    gauge('block_height_finalized', 'Number of the finalized block', () => chain.finalized().number);
    gauge('pool_ready', 'Transactions that can go into a block', () => pool.size.ready);
    gauge('pool_future', 'Transactions that wait for others', () => pool.size.future);
    gauge('pool_bytes', 'Bytes of pooled transactions', () => pool.size.bytes);
    gauge('peers', 'Connected peers', () => network.peers().length);
    gauge('is_syncing', '1 while the node catches up', () => Number(network.isSyncing()));
    gauge('rpc_connections', 'Open WebSocket connections', rpcConnections);
    gauge('verify_backlog', 'Checks that wait for a worker thread', () => verifier.backlog);
    gauge('verify_misses', 'Checks made on the event loop', () => verifier.misses);

    this.#delay.enable();
    const delay: Gauge = new Gauge({
      name: 'tacit_event_loop_delay_seconds',
      help: 'How late timers fired since the last look: what blocks the event loop holds up votes',
      labelNames: ['quantile'],
      registers,
      collect: () => {
        const at = (quantile: number): number => this.#delay.percentile(100 * quantile) / 1e9;
        for (const quantile of [0.5, 0.9, 0.99, 1]) delay.set({ quantile: String(quantile) }, at(quantile));
        this.#delay.reset();
      },
    });

    const imported = new Counter({
      name: 'tacit_blocks_imported_total',
      help: 'Blocks',
      labelNames: ['origin'],
      registers,
    });
    const reorganised = new Counter({ name: 'tacit_reorganisations_total', help: 'Changes of branch', registers });
    const lag = new Histogram({
      name: 'tacit_finality_seconds',
      help: 'From the import of a block to its finality',
      buckets: [0.2, 0.4, 0.6, 0.8, 1, 1.5, 2, 3, 5, 10, 30],
      registers,
    });
    this.#authored = new Counter({ name: 'tacit_blocks_authored_total', help: 'Blocks of this node', registers });
    this.#authoring = new Histogram({
      name: 'tacit_authoring_seconds',
      help: 'From the slot to the stored block',
      buckets: [0.01, 0.03, 0.1, 0.3, 0.6, 1, 2],
      registers,
    });
    const since = new Map<string, number>();
    chain.on('imported', ({ ref, origin }) => {
      imported.inc({ origin });
      since.set(ref.hash, performance.now());
    });
    chain.on('best', ({ retracted }) => retracted.length > 0 && reorganised.inc());
    chain.on('finalized', ({ enacted, pruned }) => {
      for (const { hash } of enacted) {
        const at = since.get(hash);
        if (at !== undefined) lag.observe((performance.now() - at) / 1000);
      }
      for (const { hash } of [...enacted, ...pruned]) since.delete(hash);
    });
  }

  authored(ms: number): void {
    this.#authored.inc();
    this.#authoring.observe(ms / 1000);
  }

  /** The metrics in Prometheus' text form. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** Serves `GET /metrics`. Returns the port. */
  async listen(host: string, port: number): Promise<number> {
    const server = createServer((request, response) => {
      if (request.method !== 'GET' || request.url !== '/metrics') {
        response.writeHead(404).end();
        return;
      }
      this.text().then(
        (text) => response.writeHead(200, { 'content-type': this.#registry.contentType }).end(text),
        () => response.writeHead(500).end(),
      );
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        reject(new TacitError('telemetry/cannot-listen', `no metrics on ${host}:${port}: ${error.code}`)),
      );
      server.listen(port, host, resolve);
    });
    this.#server = server;
    return (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#delay.disable();
    const server = this.#server;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
