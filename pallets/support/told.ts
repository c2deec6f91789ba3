import { TacitError } from '../../primitives/errors.ts';

type Docs = { readonly docs: string };
/** A pallet by what is told of it. */
interface Told extends Docs {
  readonly name: string;
  readonly storage: Readonly<Record<string, Docs>>;
  readonly constants: Readonly<Record<string, Docs>>;
  readonly calls: ReadonlyMap<string, Docs>;
  readonly apis: Readonly<Record<string, Docs & { readonly methods: Readonly<Record<string, Docs>> }>>;
}
interface ToldState {
  readonly events: Readonly<
    Record<string, Docs & { readonly fields: Readonly<Record<string, { readonly fieldDocs: string }>> | null }>
  >;
  readonly errors: Readonly<Record<string, string>>;
}

/** Everything that metadata shows of a pallet, with what is told of it. */
function* told(pallet: Told, { events, errors }: ToldState): Generator<[what: string, docs: string]> {
  yield ['the pallet', pallet.docs];
  for (const [name, { docs, fields }] of Object.entries(events)) {
    yield [`event ${name}`, docs];
    for (const [field, { fieldDocs }] of Object.entries(fields ?? {}))
      yield [`event ${name}, field ${field}`, fieldDocs];
  }
  for (const [name, docs] of Object.entries(errors)) yield [`error ${name}`, docs];
  for (const [name, { docs }] of Object.entries(pallet.storage)) yield [`storage ${name}`, docs];
  for (const [name, { docs }] of Object.entries(pallet.constants)) yield [`constant ${name}`, docs];
  for (const [name, { docs }] of pallet.calls) yield [`call ${name}`, docs];
  for (const [api, { docs, methods }] of Object.entries(pallet.apis)) {
    yield [`API ${api}`, docs];
    for (const [name, method] of Object.entries(methods)) yield [`API ${api}, method ${name}`, method.docs];
  }
}

/** Missing docs do not compile; empty ones end here. */
export function checkTold(pallet: Told, state: ToldState): void {
  for (const [what, docs] of told(pallet, state)) {
    if (!docs.trim()) throw new TacitError('support/no-docs', `${pallet.name}, ${what}: say what it is`);
  }
}
