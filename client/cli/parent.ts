/** Ends this program when the launcher that started it has gone; does not keep it alive. */
export function endWithParent(): void {
  if (process.send !== undefined && !process.connected) process.exit(1);
  process.once('disconnect', () => process.exit(1));
  process.channel?.unref();
}
