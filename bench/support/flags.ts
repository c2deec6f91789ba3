/** Flags of the commands that measure: whole numbers and switches; whoever gives a wrong one is told, and the command ends with 2. */
import process from 'node:process';
import { parseArgs } from 'node:util';

type Flags = Readonly<
  Record<
    string,
    { readonly type: 'string'; readonly default: string } | { readonly type: 'boolean'; readonly default: boolean }
  >
>;
type Values<F extends Flags> = { readonly [N in keyof F]: F[N]['type'] extends 'boolean' ? boolean : number };

/** @param digits of the largest whole number */
export function parsedFlags<const F extends Flags>(options: F, digits: number): Values<F> {
  try {
    const { values } = parseArgs({ options });
    const read = Object.entries(options).map(([name, { type }]) => {
      const value = (values as Record<string, string | boolean>)[name];
      return [name, type === 'boolean' ? value : wholeNumber(name, String(value), digits)];
    });
    return Object.fromEntries(read) as Values<F>;
  } catch (error) {
    console.error((error as Error).message);
    process.exit(2);
  }
}

function wholeNumber(name: string, text: string, digits: number): number {
  const most = 10 ** digits - 1;
  if (!/^[1-9][0-9]*$/.test(text) || Number(text) > most)
    throw new TypeError(`--${name} is a whole number from 1 to ${most}`);
  return Number(text);
}
