export function changedFiles(base?: string): string[];
export function testsOf(files: readonly string[]): string[];
export function mocha(files: readonly string[], flags?: readonly string[]): Promise<number>;
