import { readFileSync } from 'node:fs';
import { builtinSpec, type ChainSpec, parseChainSpecText } from '../../chain-spec/index.ts';
import { TacitError } from '../../primitives/errors.ts';

/** `dev`, `local`, or a file. @throws `cli/no-chain`, `chain-spec/...` */
export function readSpec(name: string): ChainSpec {
  const builtin = builtinSpec(name);
  if (builtin) return builtin;
  let text: string;
  try {
    text = readFileSync(name, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what =
      code === 'ENOENT' ? `is to be dev, local or a file; there is no file ${name}` : `${name} cannot be read: ${code}`;
    throw new TacitError('cli/no-chain', `--chain ${what}`, { code });
  }
  return parseChainSpecText(text);
}
