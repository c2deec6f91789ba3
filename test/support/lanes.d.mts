export interface Task {
  /** What is printed above its output. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly lane: 'aside' | 'front' | 'waiting' | 'alone';
}

export interface LaneOptions {
  readonly cwd: string;
  readonly write?: (text: string) => void;
  /** Cores of the machine, if it is not to be asked. */
  readonly cores?: number;
}

/** Carries the tasks of each lane out in their order; `ended` hears of each how it ended. */
export function runLanes<T extends Task>(
  tasks: readonly T[],
  ended: (task: T, status: number) => void,
  options: LaneOptions,
): Promise<void>;
