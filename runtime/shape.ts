/** What a runtime shows of itself: its metadata in every version, and their digest. */
import { described, type Of, type Ty, unit, vec } from '../primitives/scale/index.ts';
import { struct } from '../primitives/scale/index.ts';
import {
  type AnyPallet,
  type Api,
  type Composition,
  h256,
  multiAddress,
  multiSignature,
  phase,
  type RuntimeVersion,
  runtimeVersion,
} from '../pallets/support/index.ts';
import { SS58_PREFIX, TOKEN } from '../pallets/system/limits.ts';
import { extrinsicTy } from './apis.ts';
import { extensions, extra } from './extensions.ts';
import { buildMetadata, type MetadataVersion, type RuntimeShape } from './metadata.ts';
import { metadataHashOf } from './metadata-hash.ts';

export type EventRecordValue = {
  phase: Of<typeof phase>;
  event: { tag: string; value: { tag: string; value: unknown } };
  topics: Uint8Array[];
};

/** The events of a block, as `System.Events` holds them. */
export function eventsOf({ eventTy }: Composition): Ty<EventRecordValue[]> {
  const params = [
    { name: 'E', type: eventTy },
    { name: 'T', type: h256 },
  ];
  return vec(struct('frame_system::EventRecord', { phase, event: eventTy, topics: vec(h256) }, { params }));
}

export function extrinsicOf({ callTy }: Composition): Ty<Uint8Array> {
  return extrinsicTy({ Address: multiAddress, Call: callTy, Signature: multiSignature, Extra: extra });
}

interface Parts {
  readonly composition: Composition;
  readonly version: RuntimeVersion;
  readonly apis: Readonly<Record<string, Api>>;
  readonly events: Ty<EventRecordValue[]>;
  readonly extrinsic: Ty<Uint8Array>;
}

function shapeOf({ composition, version, apis, events, extrinsic }: Parts): RuntimeShape {
  const runtime: Ty<unknown> = {
    ...described(unit, { path: 'tacit_runtime::Runtime' }),
    def: () => ({ tag: 'composite', fields: [] }),
  } as Ty<unknown>;
  const constants: AnyPallet['constants'] = {
    Version: { ty: runtimeVersion as Ty<unknown>, value: version, docs: 'The version of the runtime.' },
  };
  return {
    pallets: composition.pallets,
    storageTypes: { 'System.Events': events as Ty<unknown> },
    constants: { System: constants },
    call: composition.callTy as Ty<unknown>,
    event: composition.eventTy as Ty<unknown>,
    error: composition.errorTy,
    address: multiAddress as Ty<unknown>,
    signature: multiSignature as Ty<unknown>,
    extra: extra as Ty<unknown>,
    extrinsic: extrinsic as Ty<unknown>,
    runtime,
    extensions,
    apis,
  };
}

/** Built when it is first asked for, and once. */
export class Description {
  readonly #parts: Parts;
  readonly #built = new Map<MetadataVersion, Uint8Array>();
  #hash: Uint8Array | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  metadata(version: MetadataVersion): Uint8Array {
    const found = this.#built.get(version) ?? buildMetadata(shapeOf(this.#parts), version);
    this.#built.set(version, found);
    return found;
  }

  /** By RFC 78, of version 15. */
  hash(): Uint8Array {
    const { specName, specVersion } = this.#parts.version;
    const { decimals, symbol } = TOKEN;
    const about = { specName, specVersion, base58Prefix: SS58_PREFIX, decimals, tokenSymbol: symbol };
    this.#hash ??= metadataHashOf(this.metadata(15), about);
    return this.#hash;
  }
}
