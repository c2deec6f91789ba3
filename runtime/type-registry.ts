import { type Def, type Field, type Ty, typeNameOf } from '../primitives/scale/index.ts';
import { snakeCase } from '../pallets/support/index.ts';

/** A type's form, other than another name for a type. */
type Shape = Exclude<Def, { tag: 'alias' }>;
interface Entry {
  readonly id: number;
  readonly path: string[];
  params: { name: string; type: number | undefined }[];
  def: unknown;
  readonly docs: string[];
}

/** The registry of types (scale-info): every type once. */
export class TypeRegistry {
  readonly entries: Entry[] = [];
  readonly #ids = new Map<Ty<unknown>, number>();
  readonly #byShape = new Map<string, number>();

  id(ty: Ty<unknown>): number {
    const known = this.#ids.get(ty);
    if (known !== undefined) return known;
    const def = ty.def();
    const id = def.tag === 'alias' ? this.id(def.of) : this.#enter(ty, def);
    this.#ids.set(ty, id);
    return id;
  }

  #enter(ty: Ty<unknown>, def: Shape): number {
    const shape = this.#shapeOf(ty, def);
    const same = shape === undefined ? undefined : this.#byShape.get(shape);
    if (same !== undefined) return same;
    const id = this.entries.length;
    // Known before its parts are: a recursive type is among them.
    this.#ids.set(ty, id);
    if (shape !== undefined) this.#byShape.set(shape, id);
    const entry: Entry = { id, path: [...ty.path], params: [], def: undefined, docs: [...ty.docs] };
    this.entries.push(entry);
    entry.params = ty.params.map(({ name, type }) => ({ name, type: type && this.id(type) }));
    entry.def = this.#def(def);
    return id;
  }

  /** What makes a type without a name of its own the same type, whoever made it; undefined of a type with a name. */
  #shapeOf(ty: Ty<unknown>, def: Shape): string | undefined {
    if (ty.path[0] === 'Option') return `option ${ty.params.map(({ type }) => type && this.id(type))}`;
    switch (def.tag) {
      case 'primitive':
        return def.name;
      case 'array':
        return ty.path.length > 0 ? undefined : `array ${def.length} ${this.id(def.of)}`;
      case 'sequence':
      case 'compact':
        return ty.path.length > 0 ? undefined : `${def.tag} ${this.id(def.of)}`;
      case 'tuple':
        return ty.path.length > 0 ? undefined : `tuple ${def.of.map((part) => this.id(part)).join(' ')}`;
      case 'composite':
      case 'variant':
        return undefined;
    }
  }

  #def(def: Shape): unknown {
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
      typeName: typeNameOf(type),
      docs: type.fieldDocs === undefined ? [] : [type.fieldDocs],
    }));
  }
}
