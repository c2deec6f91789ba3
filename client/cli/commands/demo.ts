/** `tacit demo`: a program of its own; its flags pass through. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';

export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('run a royalty round with eight parties on MNIST; --help shows its flags')
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action((_options, command: Command) => demo(command.args));
}

async function demo(args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../../demo/main.ts', import.meta.url)), ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  // a Ctrl-C reaches the child by itself; what is sent to this process alone is passed on
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
