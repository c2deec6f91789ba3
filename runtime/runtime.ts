import { TacitError } from '../primitives/errors.ts';
import { utf8 } from '../primitives/crypto/bytes.ts';
import { blake2b256 } from '../primitives/crypto/hash.ts';
import { Reader, type Ty, Writer } from '../primitives/scale/index.ts';
import { orderedRoot } from '../primitives/trie/index.ts';
import {
  type AnyPallet,
  type Api,
  type ApiMethod,
  type BlockStart,
  type Changes,
  compose,
  type Composition,
  Context,
  type Header,
  type HeldCall,
  type Host,
  latin1,
  Overlay,
  type RuntimeCall,
  type RuntimeVersion,
  snakeCase,
  isOfThisMachine,
  type StateReader,
  type TransactionSource,
  type ValidTransaction,
  type VerifyTask,
} from '../pallets/support/index.ts';
import { noteParent, system } from '../pallets/system/index.ts';
import { apiId, coreApis } from './apis.ts';
import { applyChecked, type ApplyOutcome, BlockRun, PANIC } from './executive.ts';
import { decodeExtrinsic, type Extrinsic } from './extrinsic.ts';
import type { MetadataVersion } from './metadata.ts';
import { NextBlock } from './next-block.ts';
import { Description, eventsOf, type EventRecordValue, extrinsicOf } from './shape.ts';
import { check, isLasting, judge, type Payer, type Refusal, tasksOf, type Versions } from './validity.ts';

/** The state of block 0 and its header, which only lacks the state's root. */
export interface Genesis {
  readonly changes: Changes;
  header(stateRoot: Uint8Array): Header;
}

/** The state machine: blocks in, changes out; pure and synchronous. `at` is always the hash of the block whose state is given. */
export interface Runtime {
  readonly version: RuntimeVersion;
  readonly callTy: Ty<RuntimeCall>;
  readonly eventsTy: Ty<EventRecordValue[]>;
  readonly composition: Composition;
  metadata(version: MetadataVersion): Uint8Array;
  /** The digest of the metadata that signers may bind themselves to (RFC 78). */
  metadataHash(): Uint8Array;
  /** `configs` by the pallet's name in camelCase. */
  genesis(spec: { readonly genesis: Readonly<Record<string, unknown>> }): Genesis;
  begin(parent: StateReader, header: BlockStart, host: Host): BlockRun;
  /** Whether the pool should hold an extrinsic for the block after `at`; `payer`: of those with a signer. */
  validate(
    state: StateReader,
    at: Uint8Array,
    source: TransactionSource,
    extrinsic: Uint8Array,
    host: Host,
  ): { valid: ValidTransaction; payer?: Payer } | Refusal;
  /** Whether what refuses an extrinsic lies in its bytes: no state of this chain ever takes it, and who passes it on is at fault. */
  isLasting(extrinsic: Uint8Array, refusal: Refusal): boolean;
  /** Calls a runtime API, `Core_version` and the like, with SCALE-encoded arguments. */
  call(state: StateReader, at: Uint8Array, method: string, input: Uint8Array, host: Host): Uint8Array;
  /** A block after `at` that never is: what extrinsics would make of the state. */
  foresee(state: StateReader, at: Uint8Array, host: Host): Foreseen;
  /** The costly checks that validating or executing an extrinsic in the block after `at` asks for; none if it is malformed. */
  tasks(state: StateReader, at: Uint8Array, extrinsic: Uint8Array): VerifyTask[];
  /** @throws TacitError for anything but one well-formed extrinsic. */
  decode(extrinsic: Uint8Array): Extrinsic;
  /** The calls that an extrinsic makes, those inside of others included. Throws as {@link decode} does. */
  callsIn(extrinsic: Uint8Array): readonly HeldCall[];
  extrinsicHash(extrinsic: Uint8Array): Uint8Array;
}

/** Extrinsics applied to a state, one after the other, without the hooks of a block and without its limits. Nothing of it is kept. */
export interface Foreseen {
  /** Tries an extrinsic as a block would: unless it is `ok`, nothing has changed. */
  apply(extrinsic: Uint8Array): ApplyOutcome;
  /** What a runtime API answers after what was applied so far. */
  call(method: string, input: Uint8Array): Uint8Array;
}

const emptyState: StateReader = { get: () => undefined, entries: () => [] };
const noHost: Host = {
  verify() {
    throw new TacitError('runtime/no-host', 'nothing is verified here');
  },
};

export interface RuntimeName {
  specName: string;
  implName: string;
  specVersion: number;
  transactionVersion: number;
}

/** Contexts over a state. */
function contextsOf(composition: Composition) {
  const open = (state: StateReader, header: BlockStart, host: Host): Context =>
    new Context(composition, new Overlay(state), header, host);
  const numberOf = (state: StateReader, at: Uint8Array, host: Host): number =>
    system.use(open(state, { parentHash: at, number: 0, digest: [] }, host)).store.number.get();
  return {
    open,
    /** Of the state itself, whose block has the hash `at`. */
    on: (state: StateReader, at: Uint8Array, host: Host): Context =>
      open(state, { parentHash: at, number: numberOf(state, at, host), digest: [] }, host),
    /** Of the block that would follow. */
    after(state: StateReader, at: Uint8Array, host: Host): Context {
      const next = open(state, { parentHash: at, number: numberOf(state, at, host) + 1, digest: [] }, host);
      noteParent(next);
      return next;
    },
  };
}
type Contexts = ReturnType<typeof contextsOf>;

/** Answers a runtime API, by the name that clients call it, on a context. */
type Ask = (ctx: Context, method: string, input: Uint8Array) => Uint8Array;

function askerOf(apis: Readonly<Record<string, Api>>): Ask {
  const methods = new Map<string, ApiMethod>(
    Object.entries(apis).flatMap(([api, { methods }]) =>
      Object.entries(methods).map(([method, body]) => [`${api}_${snakeCase(method)}`, body] as const),
    ),
  );
  return (ctx, method, input) => {
    const found = methods.get(method);
    if (!found) throw new TacitError('runtime/no-such-method', `${method} is no runtime API of this chain`);
    const reader = new Reader(input);
    const inputs: Record<string, unknown> = {};
    for (const [name, ty] of Object.entries(found.inputs)) inputs[name] = ty.read(reader);
    reader.end();
    const writer = new Writer(256);
    found.output.write(writer, found.run(ctx, inputs));
    return writer.finish();
  };
}

function foreseer(composition: Composition, contexts: Contexts, facts: Versions, ask: Ask): Runtime['foresee'] {
  return (state, at, host) => {
    const ctx = contexts.after(state, at, host);
    let count = 0;
    return {
      apply(bytes) {
        const checked = check(composition, bytes);
        if (!('extrinsic' in checked)) return checked;
        const outcome = applyChecked(composition, ctx, facts, checked, count);
        if ('refusal' in outcome) return outcome.refusal;
        count++;
        return 'ok';
      },
      call: (method, input) => ask(ctx, method, input),
    };
  };
}

function genesisMaker(composition: Composition, contexts: Contexts, name: RuntimeName): Runtime['genesis'] {
  const { specName, specVersion } = name;
  return ({ genesis }) => {
    const start = { parentHash: new Uint8Array(32), number: 0, digest: [] };
    const ctx = contexts.open(emptyState, start, noHost);
    composition.seed(ctx, { aura: {}, grandpa: {}, ...genesis, system: { specName, specVersion } });
    // Clients take the hash of `:code` as the runtime's identity; there is no code blob, so its name and version stand for it.
    ctx.storage.put(latin1(utf8(':code')), utf8(`${specName}-${specVersion}`));
    const extrinsicsRoot = orderedRoot([]);
    return {
      changes: ctx.changes(),
      header: (stateRoot) => ({ ...start, digest: { logs: [] }, stateRoot, extrinsicsRoot }),
    };
  };
}

/** What judges extrinsics before a block does. */
function judgesOf(
  composition: Composition,
  contexts: Contexts,
  facts: Versions,
): Pick<Runtime, 'validate' | 'isLasting' | 'tasks'> {
  const next = new NextBlock(contexts.after);
  return {
    validate(state, at, source, bytes, host) {
      const found = check(composition, bytes);
      if (!('extrinsic' in found)) return found;
      try {
        return next.run(state, at, host, (ctx) => judge(composition, ctx, facts, found, source));
      } catch (error) {
        if (isOfThisMachine(error)) throw error;
        host.report?.(error);
        return PANIC;
      }
    },
    isLasting: (bytes, refusal) => isLasting(composition, bytes, refusal),
    tasks(state, at, bytes) {
      const found = check(composition, bytes);
      if (!('extrinsic' in found)) return [];
      const asked: VerifyTask[] = [];
      const noting: Host = {
        believes: true,
        verify(task) {
          asked.push(task);
          return true;
        },
      };
      const declared = next.run(state, at, noting, (ctx) => tasksOf(composition, ctx, facts, found));
      return [...asked, ...declared];
    },
  };
}

function versionOf(name: RuntimeName, apis: Readonly<Record<string, Api>>): RuntimeVersion {
  return {
    ...name,
    authoringVersion: 1,
    implVersion: 1,
    // State version 1 for the state and for the extrinsics root (RFC 42 of the Polkadot fellowship).
    systemVersion: 2,
    apis: Object.entries(apis).map(([api, { version }]) => [apiId(api), version]),
  };
}

/** Puts pallets together to a runtime. */
export function makeRuntime(pallets: readonly AnyPallet[], name: RuntimeName): Runtime {
  const composition = compose(pallets);
  const { callTy } = composition;
  const contexts = contextsOf(composition);
  const [events, extrinsic] = [eventsOf(composition), extrinsicOf(composition)];
  const facts: Versions = { ...name, metadataHash: () => description.hash() };
  const apis: Record<string, Api> = {
    ...coreApis({
      composition,
      extrinsic,
      facts,
      version: () => version,
      metadata: (wanted) => description.metadata(wanted),
      next: (ctx, hash) => contexts.after(ctx.reader, hash, ctx.host),
    }),
    ...Object.assign({}, ...composition.pallets.map((pallet) => pallet.apis)),
  };
  const version = versionOf(name, apis);
  const ask = askerOf(apis);
  const description = new Description({ composition, version, apis, events, extrinsic });
  return {
    version,
    callTy,
    eventsTy: events,
    composition,
    metadata: (wanted) => description.metadata(wanted),
    metadataHash: () => description.hash(),
    genesis: genesisMaker(composition, contexts, name),
    begin: (parent, header, host) => new BlockRun(composition, facts, contexts.open(parent, header, host)),
    ...judgesOf(composition, contexts, facts),
    call: (state, at, method, input, host) => ask(contexts.on(state, at, host), method, input),
    foresee: foreseer(composition, contexts, facts, ask),
    decode: (bytes) => decodeExtrinsic(callTy, bytes),
    callsIn(bytes) {
      const { signed, call } = decodeExtrinsic(callTy, bytes);
      return composition.madeBy({ signer: signed?.account, call });
    },
    extrinsicHash: blake2b256,
  };
}
