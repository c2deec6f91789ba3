import { TacitError } from '../primitives/errors.ts';
import { utf8 } from '../primitives/crypto/bytes.ts';
import { blake2b256 } from '../primitives/crypto/hash.ts';
import { described, type Of, Reader, type Ty, unit, vec, Writer } from '../primitives/scale/index.ts';
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
  h256,
  type Header,
  type Host,
  latin1,
  multiAddress,
  multiSignature,
  Overlay,
  phase,
  type RuntimeCall,
  type RuntimeVersion,
  runtimeVersion,
  snakeCase,
  StateFault,
  type StateReader,
  type TransactionSource,
  type ValidTransaction,
  type VerifyTask,
} from '../pallets/support/index.ts';
import { noteParent, system } from '../pallets/system/index.ts';
import { struct } from '../primitives/scale/index.ts';
import { apiId, coreApis, extrinsicTy } from './apis.ts';
import { BlockRun, PANIC } from './executive.ts';
import { decodeExtrinsic, extensions, extra, type Extrinsic } from './extrinsic.ts';
import { buildMetadata, type MetadataVersion } from './metadata.ts';
import { check, isLasting, judge, type Payer, type Refusal, tasksOf } from './validity.ts';

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
  /** The costly checks that validating or executing an extrinsic in the block after `at` asks for; none if it is malformed. */
  tasks(state: StateReader, at: Uint8Array, extrinsic: Uint8Array): VerifyTask[];
  /** @throws TacitError for anything but one well-formed extrinsic. */
  decode(extrinsic: Uint8Array): Extrinsic;
  extrinsicHash(extrinsic: Uint8Array): Uint8Array;
}

export type EventRecordValue = {
  phase: Of<typeof phase>;
  event: { tag: string; value: { tag: string; value: unknown } };
  topics: Uint8Array[];
};

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

/** Puts pallets together to a runtime. */
export function makeRuntime(pallets: readonly AnyPallet[], name: RuntimeName): Runtime {
  const composition = compose(pallets);
  const { callTy, eventTy, errorTy } = composition;
  const extrinsic = extrinsicTy({ Address: multiAddress, Call: callTy, Signature: multiSignature, Extra: extra });
  const record = struct(
    'frame_system::EventRecord',
    { phase, event: eventTy, topics: vec(h256) },
    {
      params: [
        { name: 'E', type: eventTy },
        { name: 'T', type: h256 },
      ],
    },
  );
  const eventsTy = vec(record);

  const open = (state: StateReader, header: BlockStart, host: Host): Context =>
    new Context(composition, new Overlay(state), header, host);
  /** The context of a state itself, or of the block that would follow it. */
  const after = (state: StateReader, at: Uint8Array, host: Host): Context => {
    const number = system.use(open(state, { parentHash: at, number: 0, digest: [] }, host)).store.number.get();
    const next = open(state, { parentHash: at, number: number + 1, digest: [] }, host);
    noteParent(next);
    return next;
  };

  const apis: Record<string, Api> = {
    ...coreApis({
      composition,
      extrinsic,
      version: () => version,
      metadata: (wanted) => metadata(wanted),
      next: (ctx, hash) => after(ctx.reader, hash, ctx.host),
    }),
    ...Object.assign({}, ...composition.pallets.map((pallet) => pallet.apis)),
  };
  const version: RuntimeVersion = {
    ...name,
    authoringVersion: 1,
    implVersion: 1,
    // State version 1 for the state and for the extrinsics root (RFC 42 of the Polkadot fellowship).
    systemVersion: 2,
    apis: Object.entries(apis).map(([api, { version: number }]) => [apiId(api), number]),
  };
  const methods = new Map<string, ApiMethod>(
    Object.entries(apis).flatMap(([api, { methods }]) =>
      Object.entries(methods).map(([method, body]) => [`${api}_${snakeCase(method)}`, body] as const),
    ),
  );

  const built = new Map<MetadataVersion, Uint8Array>();
  const metadata = (wanted: MetadataVersion): Uint8Array => {
    let found = built.get(wanted);
    if (!found) {
      found = buildMetadata(
        {
          pallets: composition.pallets,
          storageTypes: { 'System.Events': eventsTy },
          constants: {
            System: { Version: { ty: runtimeVersion, value: version, docs: 'The version of the runtime.' } },
          },
          call: callTy,
          event: eventTy,
          error: errorTy,
          address: multiAddress,
          signature: multiSignature,
          extra,
          extrinsic,
          runtime: {
            ...described(unit, { path: 'tacit_runtime::Runtime' }),
            def: () => ({ tag: 'composite', fields: [] }),
          },
          extensions,
          apis,
        },
        wanted,
      );
      built.set(wanted, found);
    }
    return found;
  };

  return {
    version,
    callTy,
    eventsTy,
    composition,
    metadata,
    genesis({ genesis }) {
      const start = { parentHash: new Uint8Array(32), number: 0, digest: [] };
      const ctx = open(emptyState, start, noHost);
      composition.seed(ctx, {
        aura: {},
        grandpa: {},
        ...genesis,
        system: { specName: name.specName, specVersion: name.specVersion },
      });
      // Clients take the hash of `:code` as the runtime's identity; there is no code blob, so its name and version stand for it.
      ctx.storage.put(latin1(utf8(':code')), utf8(`${name.specName}-${name.specVersion}`));
      const extrinsicsRoot = orderedRoot([]);
      return {
        changes: ctx.changes(),
        header: (stateRoot) => ({ ...start, digest: { logs: [] }, stateRoot, extrinsicsRoot }),
      };
    },
    begin: (parent, header, host) => new BlockRun(composition, version, open(parent, header, host)),
    validate(state, at, source, bytes, host) {
      const found = check(composition, bytes);
      if (!('extrinsic' in found)) return found;
      try {
        return judge(composition, after(state, at, host), version, found, source);
      } catch (error) {
        if (error instanceof StateFault) throw error;
        host.report?.(error);
        return PANIC;
      }
    },
    isLasting: (bytes, refusal) => isLasting(composition, bytes, refusal),
    call(state, at, method, input, host) {
      const found = methods.get(method);
      if (!found) throw new TacitError('runtime/no-such-method', `${method} is no runtime API of this chain`);
      const reader = new Reader(input);
      const inputs: Record<string, unknown> = {};
      for (const [name, ty] of Object.entries(found.inputs)) inputs[name] = ty.read(reader);
      reader.end();
      const probe = open(state, { parentHash: at, number: 0, digest: [] }, host);
      const ctx = open(state, { parentHash: at, number: system.use(probe).store.number.get(), digest: [] }, host);
      const writer = new Writer(256);
      found.output.write(writer, found.run(ctx, inputs));
      return writer.finish();
    },
    tasks(state, at, bytes) {
      const found = check(composition, bytes);
      if (!('extrinsic' in found)) return [];
      const asked: VerifyTask[] = [];
      const noting: Host = {
        verify(task) {
          asked.push(task);
          return true;
        },
      };
      const declared = tasksOf(composition, after(state, at, noting), version, found);
      return [...asked, ...declared];
    },
    decode: (bytes) => decodeExtrinsic(callTy, bytes),
    extrinsicHash: blake2b256,
  };
}
