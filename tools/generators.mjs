// What is made from sources before anything runs. A generator is a script that writes its outputs whole or not at all; tools/prepare.mjs decides when it must.

/**
 * @typedef {object} Generator
 * @property {string} name  for people
 * @property {string} script  run from the project's root
 * @property {readonly string[]} sources  files, and folders with all that is below them; folders called `build` or `generated` do not count
 * @property {readonly string[]} packages  whose versions count as well
 * @property {readonly string[]} outputs
 */

/** In the order in which they run. @type {readonly Generator[]} */
export const generators = [
  {
    name: 'ring kernel',
    script: 'primitives/fhe/asm/build.mjs',
    sources: ['primitives/fhe/asm', 'tools/assembly.mjs'],
    packages: ['assemblyscript'],
    outputs: ['primitives/fhe/asm/build/kernel.mjs', 'primitives/fhe/asm/build/kernel.d.mts'],
  },
  {
    name: 'crypto kernel',
    script: 'primitives/crypto/asm/build.mjs',
    sources: ['primitives/crypto/asm', 'tools/assembly.mjs'],
    packages: ['assemblyscript'],
    outputs: ['primitives/crypto/asm/build/kernel.mjs', 'primitives/crypto/asm/build/kernel.d.mts'],
  },
  {
    name: 'client types',
    script: 'client/sdk/generate/main.ts',
    // Everything that the runtime's metadata can depend on, and what makes types of it.
    sources: ['runtime', 'pallets', 'primitives', 'client/sdk/generate', 'node/cli/metadata.ts'],
    packages: ['@noble/hashes', '@noble/curves'],
    outputs: ['client/sdk/generated/chain.ts', 'client/sdk/generated/metadata.ts'],
  },
];
