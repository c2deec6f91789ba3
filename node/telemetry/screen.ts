/** Log lines for people, and below them, on a terminal, one line that says how the node stands. */
import { inspect } from 'node:util';

/** What is written to: standard error, or a stand-in in tests. */
export interface Outlet {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const LEVELS: Readonly<Record<number, readonly [name: string, colour: number]>> = {
  10: ['trace', 90],
  20: ['debug', 90],
  30: ['info', 32],
  40: ['warn', 33],
  50: ['ERROR', 31],
  60: ['FATAL', 31],
};
/** Fields that every line has and people need not see. */
const SILENT = new Set(['level', 'time', 'pid', 'hostname', 'name', 'msg', 'part', 'do']);
const CLEAR_LINE = '\r\u001b[K';

/** Whether to colour: a terminal, unless NO_COLOR is set (no-color.org). */
function wantsColour(outlet: Outlet, env: NodeJS.ProcessEnv): boolean {
  const { NO_COLOR: none, TERM: term } = env;
  return outlet.isTTY === true && (none === undefined || none === '') && term !== 'dumb';
}

export class Screen {
  readonly #outlet: Outlet;
  readonly #colour: boolean;
  readonly #isTerminal: boolean;
  #status = '';

  constructor(outlet: Outlet, env: NodeJS.ProcessEnv = process.env) {
    this.#outlet = outlet;
    this.#colour = wantsColour(outlet, env);
    const { TERM: term } = env;
    this.#isTerminal = outlet.isTTY === true && term !== 'dumb';
  }

  /** Takes a line of pino's, which is JSON. */
  write(json: string): void {
    this.#print(`${this.#lineOf(json)}\n`);
  }

  /** Shows the line in place of the last one; nothing where lines cannot be taken back. */
  status(text: string): void {
    if (!this.#isTerminal) return;
    this.#status = text.slice(0, (this.#outlet.columns ?? 80) - 1);
    this.#print('');
  }

  #print(text: string): void {
    this.#outlet.write(this.#isTerminal ? `${CLEAR_LINE}${text}${this.#status}` : text);
  }

  #lineOf(json: string): string {
    let record: Record<string, unknown>;
    try {
      record = JSON.parse(json) as Record<string, unknown>;
    } catch {
      return json.trimEnd();
    }
    const { level, time, part, msg, do: remedy } = record;
    const [name, colour] = LEVELS[Number(level)] ?? ['log', 0];
    const clock = String(time).slice(11, 19);
    const fields = Object.entries(record)
      .filter(([key]) => !SILENT.has(key))
      .map(([key, value]) => this.#paint(90, `${key}=${valueText(value)}`));
    const said = [`${part === undefined ? '' : `${String(part)}: `}${String(msg)}`];
    if (remedy !== undefined) said.push(`${String(remedy)}`);
    return [this.#paint(90, clock), this.#paint(colour, name.padEnd(5)), said.join('. '), ...fields].join(' ');
  }

  #paint(colour: number, text: string): string {
    return this.#colour ? `\u001b[${colour}m${text}\u001b[0m` : text;
  }
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return /^0x[0-9a-f]{20,}$/.test(value) ? `${value.slice(0, 10)}…` : value;
  return typeof value === 'object' && value !== null
    ? inspect(value, { breakLength: Infinity, compact: true, depth: 3 })
    : String(value);
}
