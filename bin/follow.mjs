// Loaded before a program that `tacit run` runs: when the launcher has gone, however it went, the program is told to stop as a person would tell it.
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.send !== undefined) {
  const stop = () => process.kill(process.pid, 'SIGTERM');
  if (process.connected) process.once('disconnect', stop);
  else stop();
  // The channel alone keeps no program alive.
  process.channel?.unref();
}
