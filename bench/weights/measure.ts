/** What one call, or one end of a block, takes: keys read and written, and time; the state is as before afterwards. */
import type { Composition } from '../../pallets/support/compose.ts';
import {
  type Context,
  type Host,
  MEASURED,
  type Origin,
  type Overlay,
  type RuntimeCall,
} from '../../pallets/support/index.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { median } from '../harness.ts';

/** A call that has to succeed, and the block it is dispatched in. */
export interface Prepared {
  readonly composition: Composition;
  readonly ctx: Context;
  readonly origin: Origin;
  readonly call: RuntimeCall;
}

/** Keys are counted once each, however often they are touched. */
export interface Cost {
  readonly reads: number;
  readonly writes: number;
  /** Microseconds. */
  readonly micros: number;
}

class Undo extends Error {}

/** Runs `body` and takes back what it wrote and emitted. */
export function undone<T>(ctx: Context, body: () => T): T {
  let result: { value: T } | undefined;
  try {
    ctx.transactional(() => {
      result = { value: body() };
      throw new Undo();
    });
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
  }
  if (result === undefined) throw new Error('the body did not run');
  return result.value;
}

/** The distinct keys that `body` reads and writes; an entry met while walking a map is a key read. */
function counted(storage: Overlay, body: () => void): Pick<Cost, 'reads' | 'writes'> {
  const [reads, writes] = [new Set<string>(), new Set<string>()];
  const own = { get: storage.get, put: storage.put, remove: storage.remove, entries: storage.entries };
  storage.get = (key) => {
    reads.add(key);
    return own.get.call(storage, key);
  };
  storage.put = (key, value) => {
    writes.add(key);
    own.put.call(storage, key, value);
  };
  storage.remove = (key) => {
    writes.add(key);
    own.remove.call(storage, key);
  };
  storage.entries = (prefix, most) => {
    const found = own.entries.call(storage, prefix, most);
    for (const [key] of found) reads.add(key);
    return found;
  };
  try {
    body();
  } finally {
    Object.assign(storage, own);
  }
  return { reads: reads.size, writes: writes.size };
}

/** Lets `body` ask for each check once, as a node does: what validation has verified is at hand when the call asks again. */
function withMemory(ctx: Context, body: () => void): void {
  const { host } = ctx;
  const known = new Map<string, boolean>();
  const remembering: Host = {
    ...host,
    verify(task) {
      const name = `${task.kind}:${task.parts.map(toHex).join()}`;
      const found = known.get(name) ?? host.verify(task);
      known.set(name, found);
      return found;
    },
  };
  const own = ctx as { host: Host };
  own.host = remembering;
  try {
    body();
  } finally {
    own.host = host;
  }
}

/** Dispatches as a block does; an unsigned call is validated first. Throws if it is refused. */
function run(prepared: Prepared): void {
  withMemory(prepared.ctx, () => dispatch(prepared));
}

function dispatch({ composition, ctx, origin, call }: Prepared): void {
  const name = `${call.tag}.${call.value.tag}`;
  if (origin.isNone && composition.infoOf(call).class !== 'Mandatory') {
    const judged = composition.validateUnsigned(ctx, call, 'inBlock');
    if (!('valid' in judged)) throw new Error(`${name} is not valid: ${JSON.stringify(judged)}`);
  }
  const error = composition.dispatch(ctx, origin, call);
  if (error !== undefined) throw new Error(`${name} failed: ${composition.errorName(error)}`);
}

/** Times `body` so often that `budget` milliseconds are used, once at least after a first run that does not count. */
function microsOf(body: () => void, budget: number): number {
  const once = (): number => {
    const from = performance.now();
    body();
    return (performance.now() - from) * 1000;
  };
  const first = Math.max(1, once());
  const runs = Math.max(1, Math.min(400, Math.floor((budget * 1000) / first)));
  for (let i = 0; i < Math.min(runs, 40); i++) once();
  return median(Array.from({ length: runs }, once));
}

/** What a call takes. @param budget milliseconds for the clock's part; 0 runs it once or twice, for who asks for the keys alone */
export function costOf(prepared: Prepared, budget: number): Cost {
  return costOfBody(prepared.ctx, () => run(prepared), budget);
}

/** The same of what a hook does. */
export function costOfBody(ctx: Context, body: () => void, budget: number): Cost {
  const keys = undone(ctx, () => counted(ctx.storage, body));
  return { ...keys, micros: microsOf(() => undone(ctx, body), budget) };
}

/** Microseconds of a cost with all its keys: what is judged is declared as one figure. */
export function wholeMicros({ reads, writes, micros }: Cost): number {
  return micros + reads * MEASURED.read + writes * MEASURED.write;
}

/** Ends that take longer are measured some times: in microseconds. */
const LONG_END = 2000;

/** Microseconds that the end of this block takes as it stands, its keys included. */
export function microsOfEnd(composition: Composition, ctx: Context): number {
  const once = (): number => {
    const from = performance.now();
    undone(ctx, () => composition.finalize(ctx));
    return (performance.now() - from) * 1000;
  };
  const keys = undone(ctx, () => counted(ctx.storage, () => composition.finalize(ctx)));
  const first = once();
  const micros = first < LONG_END ? first : median([first, once(), once(), once(), once()]);
  return wholeMicros({ ...keys, micros });
}
