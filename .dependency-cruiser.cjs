// The arrows of docs/architecture.md: each folder and what it may import. Everything not listed is forbidden.
const may = {
  primitives: ['primitives'],
  pallets: ['pallets', 'primitives'],
  runtime: ['runtime', 'pallets', 'primitives'],
  'chain-spec': ['chain-spec', 'primitives'],
  node: ['node', 'runtime', 'pallets', 'chain-spec', 'primitives'],
  client: ['client', 'primitives'],
};
const rooms = ['primitives', 'pallets', 'runtime', 'chain-spec', 'node', 'client', 'test', 'bench'];
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...Object.entries(may).map(([from, allowed]) => ({
      name: `arrows-of-${from}`,
      severity: 'error',
      from: { path: `^${from}/` },
      to: { path: `^(${rooms.filter((r) => !allowed.includes(r)).join('|')})/` },
    })),
    {
      name: 'pure-floors',
      comment: 'pallets, runtime and primitives know no I/O: no node builtins (the kernel build is tooling, not code)',
      severity: 'error',
      from: { path: '^(primitives|pallets|runtime)/', pathNot: '^primitives/(fhe|crypto)/asm/' },
      to: { dependencyTypes: ['core'] },
    },
    ...[{ dependencyTypes: ['core'] }, { path: '^client/sdk/(node|generate)/' }].map((to) => ({
      name: 'sdk-runs-in-browsers',
      comment: 'the SDK knows nothing of Node but in its room for it (what generates its types runs before)',
      severity: 'error',
      from: { path: '^client/sdk/', pathNot: '^client/sdk/(node|generate)/' },
      to,
    })),
    {
      name: 'no-circle-of-rooms',
      comment:
        'rooms of the node know each other one way; `scope: folder` sees circles of folders where no-circular sees circles of files',
      severity: 'error',
      scope: 'folder',
      from: { path: '^node/' },
      to: { circular: true },
    },
    {
      name: 'pallets-only-by-their-face',
      comment: "a pallet imports other pallets' index.ts or types.ts, nothing deeper",
      severity: 'error',
      from: { path: '^pallets/([^/]+)/' },
      to: { path: '^pallets/([^/]+)/', pathNot: '^pallets/($1|support)/|^pallets/[^/]+/(index|types)\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^primitives/(fhe|crypto)/asm/(index|build)|^client/sdk/dist|^test/clients/nightly/subsquid' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
