import { metadata as metadataCodec } from '@polkadot-api/substrate-bindings';
import { toHex } from '../primitives/crypto/hex.ts';
import { TacitError } from '../primitives/errors.ts';
import { type Ty, tuple } from '../primitives/scale/index.ts';
import { type AnyPallet, type Api, pascalCase, snakeCase } from '../pallets/support/index.ts';
import type { Extension } from './extensions.ts';
import { TypeRegistry } from './type-registry.ts';

export type MetadataVersion = 14 | 15 | 16;
export const metadataVersions: readonly MetadataVersion[] = [14, 15, 16];

/** All that metadata describes. */
export interface RuntimeShape {
  readonly pallets: readonly AnyPallet[];
  /** Types that only the whole runtime knows, by `Pallet.Item`. */
  readonly storageTypes: Readonly<Record<string, Ty<unknown>>>;
  /** Constants that only the whole runtime knows, by pallet. */
  readonly constants: Readonly<Record<string, AnyPallet['constants']>>;
  readonly call: Ty<unknown>;
  readonly event: Ty<unknown>;
  readonly error: Ty<unknown>;
  readonly address: Ty<unknown>;
  readonly signature: Ty<unknown>;
  readonly extra: Ty<unknown>;
  readonly extrinsic: Ty<unknown>;
  readonly runtime: Ty<unknown>;
  readonly extensions: readonly Extension[];
  readonly apis: Readonly<Record<string, Api>>;
}

const metadataHashers = {
  blake2_128Concat: 'Blake2128Concat',
  twox64Concat: 'Twox64Concat',
  identity: 'Identity',
} as const;
const notDeprecated = { deprecationInfo: { tag: 'NotDeprecated', value: undefined } };

/** Puts the parts of one version together. Every version asks for the types in the same order: a type has the same number in all of them. */
class Builder {
  readonly #shape: RuntimeShape;
  readonly #version: MetadataVersion;
  readonly #registry = new TypeRegistry();

  constructor(shape: RuntimeShape, version: MetadataVersion) {
    this.#shape = shape;
    this.#version = version;
  }

  whole(): unknown {
    const shape = this.#shape;
    const pallets = shape.pallets.map((pallet) => this.#pallet(pallet));
    const signedExtensions = shape.extensions.map(({ identifier, ty, additional }) => ({
      identifier,
      type: this.#ref(ty),
      additionalSigned: this.#ref(additional),
    }));
    const apis = Object.entries(shape.apis).map(([name, api]) => this.#api(name, api));
    const outerEnums = { call: this.#ref(shape.call), event: this.#ref(shape.event), error: this.#ref(shape.error) };
    const [type, extra, runtime] = [shape.extrinsic, shape.extra, shape.runtime].map((ty) => this.#ref(ty));
    const parts = {
      address: this.#ref(shape.address),
      call: this.#ref(shape.call),
      signature: this.#ref(shape.signature),
    };
    const byNumber = [[0, signedExtensions.map((_, i) => i)]];
    const extrinsics = {
      14: { type, version: 4, signedExtensions },
      15: { version: 4, ...parts, extra, signedExtensions },
      16: { version: [4], ...parts, signedExtensionsByVersion: byNumber, signedExtensions },
    };
    const version = this.#version;
    const value = { pallets, extrinsic: extrinsics[version], type: runtime, apis, outerEnums, custom: [] };
    return { tag: `v${version}`, value: { lookup: this.#registry.entries, ...value } };
  }

  #ref(ty: Ty<unknown>): number {
    return this.#registry.id(ty);
  }

  get #deprecation(): object {
    return this.#version === 16 ? notDeprecated : {};
  }

  #outer(ty: Ty<unknown> | undefined): unknown {
    return ty && (this.#version === 16 ? { type: this.#ref(ty), deprecationInfo: [] } : this.#ref(ty));
  }

  #pallet(pallet: AnyPallet): object {
    const names = Object.keys(pallet.storage);
    const items = names.map((name) => this.#storageItem(pallet, name));
    return {
      name: pallet.name,
      index: pallet.index,
      docs: [pallet.docs],
      ...this.#deprecation,
      associatedTypes: [],
      viewFns: [],
      storage: items.length === 0 ? undefined : { prefix: pallet.name, items },
      calls: this.#outer(pallet.callTy),
      events: this.#outer(pallet.eventTy),
      errors: this.#outer(pallet.errorTy),
      constants: this.#constants({ ...pallet.constants, ...this.#shape.constants[pallet.name] }),
    };
  }

  #constants(constants: AnyPallet['constants']): object[] {
    return Object.entries(constants).map(([name, { ty, value, docs }]) => ({
      name,
      type: this.#ref(ty),
      value: toHex(ty.codec.enc(value)),
      docs: [docs],
      ...this.#deprecation,
    }));
  }

  #storageItem(pallet: AnyPallet, name: string): object {
    const decl = pallet.storage[name]!;
    const item = pascalCase(name);
    const value = this.#ref(this.#shape.storageTypes[`${pallet.name}.${item}`] ?? decl.ty);
    const isPlain = decl.keys.length === 0;
    return {
      name: item,
      modifier: decl.fallback === undefined ? 0 : 1,
      fallback: toHex(decl.fallback ?? Uint8Array.of(0)),
      docs: [decl.docs],
      ...this.#deprecation,
      type: isPlain ? { tag: 'plain', value } : { tag: 'map', value: { ...this.#mapKey(decl.keys), value } },
    };
  }

  #mapKey(keys: AnyPallet['storage'][string]['keys']): object {
    return {
      hashers: keys.map(({ hasher }) => ({ tag: metadataHashers[hasher], value: undefined })),
      key: this.#ref(keys.length === 1 ? keys[0]!.ty : tuple(...keys.map(({ ty }) => ty))),
    };
  }

  #api(name: string, { version, docs, methods }: Api): object {
    return {
      name,
      version,
      docs: [docs],
      ...this.#deprecation,
      methods: Object.entries(methods).map(([method, { docs: about, inputs, output }]) => ({
        name: snakeCase(method),
        docs: [about],
        ...this.#deprecation,
        inputs: Object.entries(inputs).map(([input, ty]) => ({ name: snakeCase(input), type: this.#ref(ty) })),
        output: this.#ref(output),
      })),
    };
  }
}

/** Metadata in the format of `version`, as `Metadata_metadata_at_version` gives it (without its length). */
export function buildMetadata(shape: RuntimeShape, version: MetadataVersion): Uint8Array {
  const whole: unknown = { magicNumber: 0x6174656d, metadata: new Builder(shape, version).whole() };
  try {
    return metadataCodec.enc(whole as Parameters<typeof metadataCodec.enc>[0]);
  } catch (error) {
    throw new TacitError('runtime/metadata', `metadata ${version} cannot be encoded: ${String(error)}`);
  }
}
