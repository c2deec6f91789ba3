/** Compiles AssemblyScript in memory: what `read` gives for 'index.ts'. Throws an `Error` with the compiler's words. */
export declare function assemble(read: (name: string, base: string) => string | null): Promise<Uint8Array<ArrayBuffer>>;
