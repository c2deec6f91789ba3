/** The user's command as a process: what it says, how it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const LAUNCHER = fileURLToPath(new URL('../../bin/tacit.mjs', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** `tacit ...` under way. */
export class TacitCommand {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  #output = '';
  #errors = '';
  #heard: () => void = () => undefined;

  /** `detached`: in a process group of its own, as a shell starts it. */
  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}, { detached = false } = {}) {
    this.process = spawn(process.execPath, [LAUNCHER, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
      detached,
    });
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text;
      this.#heard();
    });
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
      this.#heard();
    });
    this.ended = new Promise((resolve, reject) => {
      this.process.once('error', reject);
      this.process.once('close', (code) => {
        resolve({ code, output: this.#output, errors: this.#errors });
        this.#heard();
      });
    });
  }

  /** What it has said on standard output so far. */
  get output(): string {
    return this.#output;
  }

  /** What it has said on standard error so far. */
  get errors(): string {
    return this.#errors;
  }

  /** Resolves when standard output holds `text`. @throws with everything it said, if it ends before that */
  async says(text: string): Promise<void> {
    await this.#until(text, () => this.#output);
  }

  /** The same for standard error. */
  async warns(text: string): Promise<void> {
    await this.#until(text, () => this.#errors);
  }

  async #until(text: string, said: () => string): Promise<void> {
    let over = false;
    void this.ended.finally(() => {
      over = true;
    });
    while (!said().includes(text)) {
      if (over || this.process.exitCode !== null)
        throw new Error(`it ended without '${text}':\n${this.#output}\n${this.#errors}`);
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  /** Sends a signal and waits for the end. */
  async end(signal: NodeJS.Signals): Promise<Ended> {
    this.process.kill(signal);
    return this.ended;
  }

  /** Makes sure that it is gone, whatever state it is in. */
  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) await this.end('SIGTERM');
  }
}

/** Runs `tacit ...` to its end. */
export function tacit(...args: readonly string[]): Promise<Ended> {
  return new TacitCommand(args).ended;
}
