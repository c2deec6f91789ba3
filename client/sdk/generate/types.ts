/** The parts of a chain's metadata (version 15) that the generator reads, and the types of the registry by number. */
import { metadata as metadataCodec } from '@polkadot-api/substrate-bindings';
import { TacitError } from '../../../primitives/errors.ts';

type Decoded = ReturnType<typeof metadataCodec.dec>;
export type Metadata = Extract<Decoded['metadata'], { tag: 'v15' }>['value'];
export type Entry = Metadata['lookup'][number];
export type Pallet = Metadata['pallets'][number];
export type Item = NonNullable<Pallet['storage']>['items'][number];
export type Field = Extract<Entry['def'], { tag: 'composite' }>['value'][number];
export type VariantEntry = Extract<Entry['def'], { tag: 'variant' }>['value'][number];

/** Metadata of version 15. Throws `sdk/bad-metadata`. */
export function readMetadata(bytes: Uint8Array): Metadata {
  const { metadata } = metadataCodec.dec(bytes);
  if (metadata.tag !== 'v15')
    throw new TacitError('sdk/bad-metadata', `metadata of version 15 is read, not ${metadata.tag}`);
  return metadata.value;
}

/** `snake_case` as TypeScript writes it; names that begin with a capital stay. */
export function camelCase(name: string): string {
  const joined = name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return /^[A-Z]/.test(name) ? joined : joined.replace(/^./, (letter) => letter.toLowerCase());
}

export const lowerFirst = (name: string): string => name.replace(/^./, (letter) => letter.toLowerCase());
const pascalCase = (name: string): string => camelCase(name).replace(/^./, (letter) => letter.toUpperCase());

/** The crate of a path without its house: `pallet_royalty` and `tacit_royalty` are both `Royalty`. */
const houseless = (crate: string): string => pascalCase(crate.replace(/^(tacit|pallet|frame|sp|sc)_/, ''));

/**
 * A TypeScript name for every type that needs one, by number. A name that two types would share is preceded by their crate's; if that does not tell
 * them apart, followed by the number.
 */
export function typeNames(lookup: readonly Entry[]): ReadonlyMap<number, string> {
  const named = lookup.filter(({ path, def }) => path.length > 0 && (def.tag === 'composite' || def.tag === 'variant'));
  const short = (entry: Entry): string => entry.path.at(-1) as string;
  const long = ({ path }: Entry): string => `${houseless(path[0] as string)}${path.at(-1)}`;
  const repeated = (of: (entry: Entry) => string): ReadonlySet<string> => {
    const seen = new Set<string>();
    return new Set(named.map(of).filter((name) => seen.size === seen.add(name).size));
  };
  const [twice, twiceLong] = [repeated(short), repeated(long)];
  return new Map(
    named.map((entry) => {
      if (!twice.has(short(entry)) && !RESERVED.has(short(entry))) return [entry.id, short(entry)];
      return [entry.id, twiceLong.has(long(entry)) ? `${long(entry)}${entry.id}` : long(entry)];
    }),
  );
}

/** Names that mean something else in a TypeScript module. */
const RESERVED: ReadonlySet<string> = new Set([
  'Option',
  'Result',
  'Event',
  'Error',
  'Call',
  'Ty',
  'Date',
  'Map',
  'Set',
  'Array',
]);
