/** Compiles AssemblyScript in memory: what `read` gives for 'index.ts'. Throws an `Error` with the compiler's words. */
export declare function assemble(
  read: (name: string, base: string) => string | null,
  options: readonly string[],
): Promise<Uint8Array<ArrayBuffer>>;
