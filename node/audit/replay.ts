/** Executing a block again, and comparing everything its header promises. */
import { Context, type EventRecord, type Host, Overlay } from '../../pallets/support/index.ts';
import { fromHex } from '../../primitives/crypto/hex.ts';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { type Applied, Trie } from '../../primitives/trie/index.ts';
import type { Runtime } from '../../runtime/index.ts';
import type { StateOf } from '../chain/ahead.ts';
import { commitRun } from '../chain/execute.ts';
import { encodeHeader } from '../base/header.ts';
import { refusalCode } from '../base/runtime.ts';
import type { Block, Header } from '../base/types.ts';
import { unseal } from '../base/seal.ts';
import { CHECK, type CheckBook } from './book.ts';
import type { PlacedCall } from './types.ts';

/** The form in which the runtime takes its first state: that of a chain specification. */
export interface GenesisSpec {
  readonly genesis: Readonly<Record<string, unknown>>;
}

/** The state and the header of block 0. */
export function genesisBlock(runtime: Runtime, spec: GenesisSpec): { applied: Applied; header: Header } {
  const { changes, header } = runtime.genesis(spec);
  const empty = new Trie({ get: () => undefined }, Trie.emptyRoot);
  const applied = commitRun(empty, changes);
  return { applied, header: header(applied.root) };
}

export interface Replay {
  readonly applied: Applied;
  readonly events: readonly EventRecord[];
  readonly changed: ReadonlySet<string>;
}

/** Executes a block on the state of its parent; undefined, and check 4 failed, if it is not what its header says. */
export function replayBlock(
  runtime: Runtime,
  { header, body }: Block,
  parent: StateOf,
  host: Host,
  book: CheckBook,
): Replay | undefined {
  const { unsealed } = unseal(header);
  const preRuntime = unsealed.digest.logs.filter(({ tag }) => tag === 'PreRuntime');
  let extrinsic: number | undefined;
  try {
    const start = { parentHash: header.parentHash, number: header.number, digest: preRuntime };
    const run = runtime.begin(parent.state, start, host);
    for (const [index, bytes] of body.entries()) {
      extrinsic = index;
      const outcome = run.apply(bytes);
      if (outcome === 'ok') continue;
      const why = outcome === 'exhausted' ? 'it exhausts the block' : refusalCode(outcome);
      book.failed(CHECK.execution, `the extrinsic is not valid here: ${why}`, { extrinsic });
      return undefined;
    }
    extrinsic = undefined;
    const { changes, digestLogs } = run.finish();
    const applied = commitRun(parent.state, changes);
    if (!book.same(CHECK.execution, 'state root after re-execution', applied.root, header.stateRoot)) return undefined;
    const executed: Header = { ...unsealed, digest: { logs: [...preRuntime, ...digestLogs] } };
    const [expected, found] = [encodeHeader(executed), encodeHeader(unsealed)];
    if (!book.same(CHECK.execution, 'digest after re-execution', expected, found)) return undefined;
    return { applied, events: run.ctx.events, changed: new Set(changes.keys()) };
  } catch (error) {
    // Whatever the block makes the runtime throw, it is no block of this chain.
    const why = isTacitError(error) ? `${error.message} (${error.code})` : String(error);
    book.failed(CHECK.execution, `the block cannot be executed: ${why}`, extrinsic === undefined ? {} : { extrinsic });
    return undefined;
  }
}

/** A state as pallets read it. */
export function readingContext(runtime: Runtime, state: Trie, block: { number: number; hash: Uint8Array }): Context {
  const start = { parentHash: block.hash, number: block.number, digest: [] };
  const none: Host = {
    verify() {
      throw new TacitError('audit/read-only', 'nothing is verified while a state is read');
    },
  };
  return new Context(runtime.composition, new Overlay(state), start, none);
}

/** All calls of a body that was executed. */
export function callsOf(runtime: Runtime, body: readonly Uint8Array[]): PlacedCall[] {
  return body.flatMap((bytes, extrinsic) => runtime.callsIn(bytes).map((held) => ({ extrinsic, ...held })));
}

/** The keys by which the state's nodes are stored are their hashes: what re-execution inserted must stand there. */
export function compareStored(
  inserted: ReadonlyMap<string, Uint8Array>,
  stateNode: (hash: Uint8Array) => Uint8Array | undefined,
  book: CheckBook,
): void {
  for (const [name, bytes] of inserted) {
    const stored = stateNode(fromHex(name));
    if (!book.same(CHECK.execution, `stored state, node ${name}`, bytes, stored)) return;
  }
}
