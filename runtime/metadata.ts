import { metadata as metadataCodec } from '@polkadot-api/substrate-bindings';
import { toHex } from '../primitives/crypto/hex.ts';
import { TacitError } from '../primitives/errors.ts';
import { type Def, type Field, type Ty, tuple } from '../primitives/scale/index.ts';
import { type AnyPallet, type Api, pascalCase, snakeCase } from '../pallets/support/index.ts';
import type { Extension } from './extrinsic.ts';

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

const docsOf = (docs: string): string[] => (docs === '' ? [] : [docs]);

/** The registry of types (scale-info): every type once, in the order in which it is first met. */
class Registry {
  readonly entries: { id: number; path: string[]; params: unknown[]; def: unknown; docs: string[] }[] = [];
  readonly #ids = new Map<Ty<unknown>, number>();

  id(ty: Ty<unknown>): number {
    const def = ty.def();
    if (def.tag === 'alias') return this.id(def.of);
    const known = this.#ids.get(ty);
    if (known !== undefined) return known;
    const id = this.entries.length;
    this.#ids.set(ty, id);
    const entry = { id, path: [...ty.path], params: [] as unknown[], def: undefined as unknown, docs: [...ty.docs] };
    this.entries.push(entry);
    entry.params = ty.params.map(({ name, type }) => ({ name, type: type && this.id(type) }));
    entry.def = this.#def(def);
    return id;
  }

  #def(def: Exclude<Def, { tag: 'alias' }>): unknown {
    switch (def.tag) {
      case 'composite':
        return { tag: 'composite', value: this.#fields(def.fields) };
      case 'variant':
        return {
          tag: 'variant',
          value: def.variants.map(({ name, index, fields, docs }) => ({
            name: /^[a-z]/.test(name) ? snakeCase(name) : name,
            index,
            fields: this.#fields(fields),
            docs: [...docs],
          })),
        };
      case 'array':
        return { tag: 'array', value: { len: def.length, type: this.id(def.of) } };
      case 'tuple':
        return { tag: 'tuple', value: def.of.map((ty) => this.id(ty)) };
      case 'primitive':
        return { tag: 'primitive', value: { tag: def.name, value: undefined } };
      case 'sequence':
      case 'compact':
        return { tag: def.tag, value: this.id(def.of) };
    }
  }

  #fields(fields: readonly Field[]): unknown[] {
    return fields.map(({ name, type }) => ({
      name: name && snakeCase(name),
      type: this.id(type),
      typeName: undefined,
      docs: [],
    }));
  }
}

const metadataHashers = {
  blake2_128Concat: 'Blake2128Concat',
  twox64Concat: 'Twox64Concat',
  identity: 'Identity',
} as const;
const notDeprecated = { deprecationInfo: { tag: 'NotDeprecated', value: undefined } };

/** Metadata in the format of `version`, as `Metadata_metadata_at_version` gives it (without its length). */
export function buildMetadata(shape: RuntimeShape, version: MetadataVersion): Uint8Array {
  const registry = new Registry();
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
      docs: docsOf(decl.docs),
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
      docs: docsOf(pallet.docs),
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
        docs: docsOf(docs),
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
    docs: docsOf(api.docs ?? ''),
    ...deprecation,
    methods: Object.entries(api.methods).map(([method, { docs, inputs, output }]) => ({
      name: snakeCase(method),
      docs: docsOf(docs),
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
