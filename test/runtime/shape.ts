import { metadata as papiMetadata, unifyMetadata } from '@polkadot-api/substrate-bindings';
import type { Runtime } from '../../runtime/index.ts';

type Lookup = ReturnType<typeof unifyMetadata>['lookup'];

/** The interface of a runtime as text: every call, event, error, storage item, constant and API with its types, for people to compare. */
export function shapeOf(runtime: Runtime): Record<string, unknown> {
  const { lookup, pallets, apis, extrinsic } = unifyMetadata(papiMetadata.dec(runtime.metadata(15)));
  const variants = (id: number | undefined) => {
    const def = id === undefined ? undefined : lookup[id]?.def;
    if (def?.tag !== 'variant') return {};
    return Object.fromEntries(
      def.value.map(({ index, name, fields }) => [
        `${index} ${name}`,
        fields
          .map(({ name: field, type, typeName }) => `${field ?? '_'}: ${shown(nameOf(lookup, type), typeName)}`)
          .join(', '),
      ]),
    );
  };
  return {
    pallets: Object.fromEntries(
      pallets.map(({ name, index, calls, events, errors, storage, constants }) => [
        `${index} ${name}`,
        {
          calls: variants(calls?.type),
          events: variants(events?.type),
          errors: Object.keys(variants(errors?.type)),
          storage: (storage?.items ?? []).map(({ name: item, type }) =>
            type.tag === 'plain'
              ? `${item}: ${nameOf(lookup, type.value)}`
              : `${item}: ${nameOf(lookup, type.value.key)} -> ${nameOf(lookup, type.value.value)} (${type.value.hashers.map(({ tag }) => tag).join(', ')})`,
          ),
          constants: constants.map(({ name: constant, type }) => `${constant}: ${nameOf(lookup, type)}`),
        },
      ]),
    ),
    apis: Object.fromEntries(
      apis.map(({ name, methods }) => [
        name,
        methods.map(
          ({ name: method, inputs, output }) =>
            `${method}(${inputs.map(({ name: input, type }) => `${input}: ${nameOf(lookup, type)}`).join(', ')}): ${nameOf(lookup, output)}`,
        ),
      ]),
    ),
    extensions: Object.values(extrinsic.signedExtensions)
      .flat()
      .map(({ identifier }) => identifier),
  };
}

/** A type as wallets know it, with what it is on the wire where that says more. */
function shown(wire: string, typeName: string | undefined): string {
  return typeName === undefined || typeName === wire ? wire : `${typeName} = ${wire}`;
}

function nameOf(lookup: Lookup, id: number): string {
  const entry = lookup[id];
  if (!entry) return `?${id}`;
  const { path, def } = entry;
  const last = path.at(-1);
  if (last !== undefined && last !== 'Option' && last !== 'Result') return last;
  switch (def.tag) {
    case 'primitive':
      return def.value.tag;
    case 'compact':
      return `Compact<${nameOf(lookup, def.value)}>`;
    case 'sequence':
      return `Vec<${nameOf(lookup, def.value)}>`;
    case 'array':
      return `[${nameOf(lookup, def.value.type)}; ${def.value.len}]`;
    case 'tuple':
      return `(${def.value.map((each) => nameOf(lookup, each)).join(', ')})`;
    case 'variant':
      return `${last}<${def.value.flatMap(({ fields }) => fields.map(({ type }) => nameOf(lookup, type))).join(', ')}>`;
    default:
      return def.tag;
  }
}
