/**
 * polkadot.js logs to the console by itself, connection by connection. What it knows reaches us as errors and events, so programs for people keep its lines
 * out; a library must not do that to its host, so it is asked for, not done on import.
 */
const METHODS = ['error', 'warn', 'log'] as const;
/** A line of its: a date, then a name in capitals with a colon. */
const DATE = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;
const NAME = /^\s*[A-Z][A-Z0-9/_-]*:$/;

/** From now on this thread's console shows nothing that polkadot.js says of its own accord. */
export function quietPolkadot(): void {
  for (const method of METHODS) {
    const original = console[method].bind(console);
    console[method] = (...values: unknown[]): void => {
      const [date, name] = values;
      if (typeof date === 'string' && typeof name === 'string' && DATE.test(date) && NAME.test(name)) return;
      original(...values);
    };
  }
}
