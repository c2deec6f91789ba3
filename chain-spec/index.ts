/**
 * Chains as data: their form, the two that come with the project, and a builder for local ones.
 *
 * ```ts
 * const spec = builtinSpec('local') ?? parseChainSpecText(readFileSync(path, 'utf8'));
 * const genesis = runtime.genesis(spec);
 * ```
 */
import dev from './dev.json' with { type: 'json' };
import local from './local.json' with { type: 'json' };
import { type ChainSpec, parseChainSpec } from './schema.ts';

const builtin: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['dev', dev],
  ['local', local],
]);

/** The specification called `dev` (Alice alone) or `local` (four validators); undefined for another name. */
export function builtinSpec(name: string): ChainSpec | undefined {
  const json = builtin.get(name);
  return json === undefined ? undefined : parseChainSpec(json);
}

export { buildLocalSpec, type LocalWish } from './builder.ts';
export { devNames, type DevPaths, devPaths, devValidator } from './dev.ts';
export { type ChainSpec, type ChainSpecJson, parseChainSpec, parseChainSpecText } from './schema.ts';
