import { metadata as metadataCodec } from '@polkadot-api/substrate-bindings';
import { toHex } from '../primitives/crypto/hex.ts';
import { TacitError } from '../primitives/errors.ts';
import { type Ty, tuple } from '../primitives/scale/index.ts';
import { type AnyPallet, type Api, pascalCase, snakeCase } from '../pallets/support/index.ts';
import type { Extension } from './extrinsic.ts';
import { TypeRegistry } from './type-registry.ts';

export type MetadataVersion = 14 | 15 | 16;
export const metadataVersions: readonly MetadataVersion[] = [14, 15, 16];

/** All that metadata describes. */
export interface RuntimeShape {
  readonly pallets: readonly AnyPallet[];
  /** Types that only the whole runtime knows, by `Pallet.Item`. */
  readonly storageTypes: Readonly<Record<string, Ty<unknown>>>;
  /** Constants that only the whole runtime knows, by pallet. */
  readonly constants: Readonly<Record<string, Record<string, { ty: Ty<unknown>; value: unknown; docs: string }>>>;
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

/** Metadata in the format of `version`, as `Metadata_metadata_at_version` gives it (without its length). */
export function buildMetadata(shape: RuntimeShape, version: MetadataVersion): Uint8Array {
  const registry = new TypeRegistry();
  const ref = (ty: Ty<unknown>): number => registry.id(ty);
  const deprecation = version === 16 ? notDeprecated : {};
  const outer = (ty: Ty<unknown> | undefined) =>
    ty && (version === 16 ? { type: ref(ty), deprecationInfo: [] } : ref(ty));

  const storageItem = (pallet: AnyPallet, name: string) => {
    const decl = pallet.storage[name]!;
    const item = pascalCase(name);
    const value = ref(shape.storageTypes[`${pallet.name}.${item}`] ?? decl.ty);
    return {
      name: item,
      modifier: decl.fallback === undefined ? 0 : 1,
      fallback: toHex(decl.fallback ?? Uint8Array.of(0)),
      docs: [decl.docs],
      ...deprecation,
      type: decl.keys.length === 0 ? { tag: 'plain', value } : { tag: 'map', value: { ...mapKey(decl.keys), value } },
    };
  };
  const mapKey = (keys: AnyPallet['storage'][string]['keys']) => ({
    hashers: keys.map(({ hasher }) => ({ tag: metadataHashers[hasher], value: undefined })),
    key: ref(keys.length === 1 ? keys[0]!.ty : tuple(...keys.map(({ ty }) => ty))),
  });
  const pallets = shape.pallets.map((pallet) => {
    const names = Object.keys(pallet.storage);
    const constants = { ...pallet.constants, ...shape.constants[pallet.name] };
    return {
      name: pallet.name,
      index: pallet.index,
      docs: [pallet.docs],
      ...deprecation,
      associatedTypes: [],
      viewFns: [],
      storage:
        names.length === 0 ? undefined : { prefix: pallet.name, items: names.map((name) => storageItem(pallet, name)) },
      calls: outer(pallet.callTy),
      events: outer(pallet.eventTy),
      errors: outer(pallet.errorTy),
      constants: Object.entries(constants).map(([name, { ty, value, docs }]) => ({
        name,
        type: ref(ty),
        value: toHex(ty.codec.enc(value)),
        docs: [docs],
        ...deprecation,
      })),
    };
  });
  const signedExtensions = shape.extensions.map(({ identifier, ty, additional }) => ({
    identifier,
    type: ref(ty),
    additionalSigned: ref(additional),
  }));
  const apis = Object.entries(shape.apis).map(([name, api]) => ({
    name,
    version: api.version,
    docs: [api.docs],
    ...deprecation,
    methods: Object.entries(api.methods).map(([method, { docs, inputs, output }]) => ({
      name: snakeCase(method),
      docs: [docs],
      ...deprecation,
      inputs: Object.entries(inputs).map(([input, ty]) => ({ name: snakeCase(input), type: ref(ty) })),
      output: ref(output),
    })),
  }));
  const outerEnums = { call: ref(shape.call), event: ref(shape.event), error: ref(shape.error) };
  const parts = { address: ref(shape.address), call: ref(shape.call), signature: ref(shape.signature) };
  const byVersion = {
    14: {
      pallets,
      extrinsic: { type: ref(shape.extrinsic), version: 4, signedExtensions },
      type: ref(shape.runtime),
      apis: [],
    },
    15: {
      pallets,
      extrinsic: { version: 4, ...parts, extra: ref(shape.extra), signedExtensions },
      type: ref(shape.runtime),
      apis,
      outerEnums,
      custom: [],
    },
    16: {
      pallets,
      extrinsic: {
        version: [4],
        ...parts,
        signedExtensionsByVersion: [[0, signedExtensions.map((_, i) => i)]],
        signedExtensions,
      },
      apis,
      outerEnums,
      custom: [],
    },
  }[version];
  const whole: unknown = {
    magicNumber: 0x6174656d,
    metadata: { tag: `v${version}`, value: { lookup: registry.entries, ...byVersion } },
  };
  try {
    return metadataCodec.enc(whole as Parameters<typeof metadataCodec.enc>[0]);
  } catch (error) {
    throw new TacitError('runtime/metadata', `metadata ${version} cannot be encoded: ${String(error)}`);
  }
}
