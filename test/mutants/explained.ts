/** Guards that no test misses, and why that is right. Each by its file and its text, which stay where lines move. */
export interface Explained {
  readonly file: string;
  /** As the runner shows it. */
  readonly text: string;
  readonly why: string;
}

export const EXPLAINED: readonly Explained[] = [];
