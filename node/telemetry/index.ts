/** Logs and metrics. */
export { LOG_LEVELS, type LogFormat, type LogLevel } from './levels.ts';
export { createLog, errorFields, type NodeLog } from './log.ts';
export { type Outlet, Screen } from './screen.ts';
export { Metrics, type Watched } from './metrics.ts';
