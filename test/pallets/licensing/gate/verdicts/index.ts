import { contentVerdicts } from './content.ts';
import type { Verdict } from './kinds.ts';
import { modelVerdicts } from './models.ts';
import { softwareVerdicts } from './software.ts';

export const verdicts: readonly Verdict[] = [...softwareVerdicts, ...contentVerdicts, ...modelVerdicts];
