/** Where a wallet's passphrase comes from: the environment, or the terminal without echo. Never from the command line, which others can read. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { TacitError } from '../../primitives/errors.ts';

const VARIABLE = 'TACIT_PASSPHRASE';
const MAX_SECRET = 4096;

/** Throws `cli/no-passphrase` if there is neither variable nor terminal. */
export async function askPassphrase(prompt: string): Promise<string> {
  const given = process.env[VARIABLE];
  if (given !== undefined && given !== '') return given;
  if (!process.stdin.isTTY) throw new TacitError('cli/no-passphrase', `set ${VARIABLE}, or run this in a terminal`);
  return hidden(prompt);
}

/** A secret from the terminal without echo, or all of the input where there is no terminal. */
export async function askSecret(prompt: string): Promise<string> {
  if (process.stdin.isTTY) return hidden(prompt);
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MAX_SECRET)
      throw new TacitError('cli/bad-input', `the input has more than ${MAX_SECRET} characters`);
  }
  return text;
}

async function hidden(prompt: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  process.stderr.write(`${prompt}: `);
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('SIGINT', () => reject(new TacitError('cli/no-passphrase', 'no passphrase given')));
      lines.question('', resolve);
    });
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
