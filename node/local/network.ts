/**
 * A network of validators on this machine: one operating-system process each, libp2p over loopback, a LevelDB and a key file in a folder of its own. `tacit
 * start` shows a royalty round on it; the end-to-end and fault tests kill and restart its processes.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { buildLocalSpec, devNames } from '../../chain-spec/index.ts';
import { TacitError } from '../../primitives/errors.ts';
import { takeLock, whoHolds } from '../process/lock.ts';
import { type NodeReady, nodeReady } from '../process/ready.ts';
import { checkFree, METRICS_OFFSET, P2P_OFFSET } from './ports.ts';

/** How long a validator may take to start, and to stop, before it is given up. */
const START_MS = 240_000;
const STOP_MS = 60_000;
/** Of what a starting node says on standard error, the end is kept. */
const MAX_WORDS = 4096;

export interface LocalOptions {
  /** Data folder; holds everything, is made if it is not there. A second start on it continues the same chain. */
  readonly directory: string;
  readonly validators: 4 | 7;
  /** RPC of validator i listens on `basePort + i`. */
  readonly basePort: number;
  /** Address of the RPC servers; 127.0.0.1 by default. */
  readonly rpcHost?: string;
  /** Flags of the RPC servers, as `tacit node` takes them. */
  readonly rpcArguments?: readonly string[];
  /** Parameters of the chain that differ from a local chain's, by name; of a new network only. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Environment of the processes, besides this one's. */
  readonly env?: NodeJS.ProcessEnv;
  /** Module with a `tamper` export per validator index: members that lie, for fault tests. */
  readonly tamper?: ReadonlyMap<number, string>;
  /** Hears of a validator that was up and has ended while the network was not being stopped; `how` is its exit code or signal. */
  readonly onLost?: (validator: LocalValidator, how: number | string) => void;
}

const settingsSchema = z.strictObject({ version: z.literal(1), validators: z.union([z.literal(4), z.literal(7)]) });

/** One validator's process. */
export interface LocalValidator {
  readonly index: number;
  readonly name: string;
  readonly directory: string;
  /** File with what the process says. */
  readonly log: string;
  readonly rpc: string;
  readonly metrics: string;
  /** What the process told of itself when it was ready. */
  readonly ready: NodeReady;
  readonly process: ChildProcess;
}

export class LocalNetwork {
  readonly options: LocalOptions;
  readonly specFile: string;
  readonly #validators = new Map<number, LocalValidator>();
  /** All that live, those that are still starting included. */
  readonly #processes = new Set<ChildProcess>();
  #stopping = false;
  #hasLaunched = false;
  /** How often it was stopped: a start under way sees by it that it is to end. */
  #stops = 0;
  #release: () => void | Promise<void> = () => undefined;

  /** Makes the data folder, or checks the one that is there. Codes `local/no-folder`, `local/other-size`, `local/bad-settings`. */
  constructor(options: LocalOptions) {
    this.options = options;
    this.specFile = join(options.directory, 'chain.json');
    try {
      mkdirSync(options.directory, { recursive: true, mode: 0o700 });
    } catch {
      throw new TacitError('local/no-folder', `${options.directory} cannot be made; give another --data`);
    }
    const file = join(options.directory, 'network.json');
    if (existsSync(file)) {
      const known = settingsOf(file);
      if (known.validators !== options.validators) {
        throw new TacitError(
          'local/other-size',
          `${options.directory} holds a network of ${known.validators} validators; give --validators ${known.validators} or another --data`,
        );
      }
    } else {
      const { validators, parameters = {} } = options;
      writeFileSync(this.specFile, `${JSON.stringify(buildLocalSpec({ validators, parameters }), null, 2)}\n`);
      writeFileSync(file, `${JSON.stringify({ version: 1, validators: options.validators })}\n`);
    }
  }

  get rpcHost(): string {
    return this.options.rpcHost ?? '127.0.0.1';
  }

  /** Whether any validator's process was ever started: a refused start has nothing to stop. */
  get hasLaunched(): boolean {
    return this.#hasLaunched;
  }

  get validators(): LocalValidator[] {
    return [...this.#validators.values()].sort((a, b) => a.index - b.index);
  }

  /** Starts every validator; resolves when all serve RPC. */
  async start(): Promise<void> {
    const { basePort, validators, directory } = this.options;
    const taken = await takeLock('data', realpathSync(directory), directory);
    if ('heldBy' in taken) {
      const who = whoHolds({ ...taken.heldBy, what: undefined });
      throw new TacitError('local/data-in-use', `${who} uses ${directory}; stop it, or give another --data`);
    }
    this.#release = taken.release;
    const before = this.#stops;
    const indexes = Array.from({ length: validators }, (_, i) => i);
    const { rpcHost } = this;
    const ports = [
      [rpcHost, 0],
      ['127.0.0.1', P2P_OFFSET],
      [rpcHost, METRICS_OFFSET],
    ] as const;
    for (const [host, offset] of ports) {
      await Promise.all(indexes.map((i) => checkFree(host, basePort + offset + i)));
    }
    if (this.#stops !== before) throw new TacitError('local/stopping', 'the network is being stopped');
    await this.launch(0);
    if (this.#stops !== before) throw new TacitError('local/stopping', 'the network is being stopped');
    // Where one fails the others are waited for all the same: only those that are up can be stopped.
    const launched = await Promise.allSettled(indexes.slice(1).map((i) => this.launch(i)));
    for (const result of launched) if (result.status === 'rejected') throw result.reason;
  }

  validator(index: number): LocalValidator {
    const found = this.#validators.get(index);
    if (found === undefined) throw new TacitError('local/not-running', `validator ${index} is not running`);
    return found;
  }

  /** Starts validator `index`, which must not be running; it finds the others by the addresses of those that are. */
  async launch(index: number): Promise<LocalValidator> {
    const { directory, basePort, env, tamper, rpcArguments = [] } = this.options;
    const name = devNames[index];
    if (name === undefined || this.#validators.has(index)) {
      throw new TacitError('local/bad-index', `validator ${index} is running or unknown`);
    }
    if (this.#stopping) throw new TacitError('local/stopping', 'the network is being stopped');
    const own = join(directory, name.toLowerCase());
    mkdirSync(own, { recursive: true, mode: 0o700 });
    const bootnodes = this.validators.flatMap(({ ready }) => ready.addresses.slice(0, 1));
    const tampered = tamper?.get(index);
    const flags: [string, string][] = [
      ['--chain', this.specFile],
      ['--data', own],
      ['--dev-key', `//${name}`],
      ['--rpc-port', String(basePort + index)],
      ['--p2p-host', '127.0.0.1'],
      ['--p2p-port', String(basePort + P2P_OFFSET + index)],
      ['--metrics-port', String(basePort + METRICS_OFFSET + index)],
      ...bootnodes.map((address): [string, string] => ['--bootnode', address]),
    ];
    const args = ['node', ...flags.flat(), ...rpcArguments, '--archive', '--log-format', 'json'];
    const child = fork(fileURLToPath(new URL('../cli/main.ts', import.meta.url)), args, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, ...env, ...(tampered === undefined ? {} : { TACIT_FAULT_TAMPER: tampered }) },
    });
    this.#processes.add(child);
    this.#hasLaunched = true;
    child.once('exit', () => this.#processes.delete(child));
    const log = join(own, 'node.log');
    keepLog(child, log);
    const ready = await this.#readiness(child, name, log);
    const validator: LocalValidator = {
      index,
      name,
      directory: own,
      log,
      rpc: `ws://${reachable(this.rpcHost)}:${ready.rpcPort}`,
      metrics: `http://${reachable(this.rpcHost)}:${basePort + METRICS_OFFSET + index}/metrics`,
      ready,
      process: child,
    };
    this.#validators.set(index, validator);
    child.once('exit', (code, signal) => {
      this.#validators.delete(index);
      if (!this.#stopping) this.options.onLost?.(validator, code ?? signal ?? 'nothing');
    });
    return validator;
  }

  /** `kill -9`: resolves when the process is gone. */
  async kill(index: number): Promise<void> {
    const { process: child } = this.validator(index);
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** Asks every validator to stop and waits; one that does not is killed. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#stops++;
    await Promise.all(
      [...this.#processes].map(async (child) => {
        const gone = once(child, 'exit');
        child.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
        await gone;
        clearTimeout(timer);
      }),
    );
    this.#stopping = false;
    await this.#release();
  }

  async #readiness(child: ChildProcess, name: string, log: string): Promise<NodeReady> {
    const limit = AbortSignal.timeout(START_MS);
    const told = new Promise<NodeReady>((resolve, reject) => {
      child.on('message', (message) => {
        const parsed = nodeReady.safeParse(message);
        if (parsed.success) resolve(parsed.data);
      });
      let words = '';
      child.stderr?.on('data', (chunk: Buffer) => {
        words = `${words}${chunk.toString('utf8')}`.slice(-MAX_WORDS);
      });
      child.once('close', (code, signal) => {
        const why = lastSentence(words);
        reject(new TacitError('local/exited', `${name} ended with ${code ?? signal} while starting${why}; see ${log}`));
      });
      limit.addEventListener('abort', () => {
        reject(new TacitError('local/timeout', `${name} was not ready after ${START_MS / 1000} s; see ${log}`));
      });
    });
    try {
      return await told;
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }
}

/** The sentence with which a node ended; it says it last. */
function lastSentence(words: string): string {
  const last = words.trimEnd().split('\n').at(-1) ?? '';
  return last.startsWith('error: ') ? ` (${last.slice('error: '.length)})` : '';
}

/** Writes what a process says to a file. Where that fails, on a full disk say, what it says is lost; the process must not wait for it to be read. */
function keepLog(child: ChildProcess, file: string): void {
  const { stdout, stderr } = child;
  const log = createWriteStream(file, { flags: 'a' });
  child.once('close', () => log.end());
  log.on('error', () => {
    for (const said of [stdout, stderr]) said?.unpipe(log).resume();
  });
  for (const said of [stdout, stderr]) said?.pipe(log, { end: false });
}

function settingsOf(file: string): z.infer<typeof settingsSchema> {
  try {
    return settingsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new TacitError('local/bad-settings', `${file} is not the settings of a local network; give another --data`);
  }
}

/** Where clients on this machine find a server that listens on `host`. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return isIPv6(host) ? `[${host}]` : host;
}
