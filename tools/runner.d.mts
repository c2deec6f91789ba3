/** The project's root folder. */
export const root: string;
/** Executables of Node that run the sources, the best first. */
export function runners(): string[];
