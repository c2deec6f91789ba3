/** Logs and metrics. */
export { createLog, errorFields, LOG_LEVELS, type LogLevel } from './log.ts';
export { Metrics, type Watched } from './metrics.ts';
