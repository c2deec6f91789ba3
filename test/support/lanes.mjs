// Two lanes of tasks. What only computes runs aside: at a low priority, its output kept until it can be shown in one piece. What waits for blocks and sockets
// runs in front meanwhile, and the processor is its own whenever it wants it. What must not be disturbed at all runs when the side lane is empty.
import { spawn } from 'node:child_process';
import { availableParallelism, constants, setPriority } from 'node:os';
import process from 'node:process';

/** Carries the tasks of each lane out in their order; `ended` hears of each how it ended. */
export async function runLanes(tasks, ended, { cwd, write = (text) => process.stdout.write(text), cores }) {
  const of = (lane) => tasks.filter((task) => task.lane === lane);
  const front = of('front');
  // with nothing to wait beside, or one core only, there is nothing to win
  const hasSide = front.length > 0 && of('aside').length > 0 && (cores ?? availableParallelism()) > 1;
  const kept = [];
  const show = () => {
    for (const text of kept.splice(0)) write(text);
  };
  const live = async (task) => {
    write(`\n== ${task.name}\n`);
    ended(task, await runLive(task, cwd));
    show();
  };
  const side = (async () => {
    for (const task of hasSide ? of('aside') : []) {
      const { status, output } = await runAside(task, cwd);
      kept.push(`\n== ${task.name}\n${output}`);
      ended(task, status);
    }
  })();
  for (const task of hasSide ? front : [...of('aside'), ...front]) await live(task);
  await side;
  show();
  for (const task of of('alone')) await live(task);
}

function start({ command, args, env }, cwd, stdio) {
  // npm is a script of the shell's on Windows.
  const shell = process.platform === 'win32' && command === 'npm';
  return spawn(command, args, { cwd, stdio, shell, env: { ...process.env, ...env } });
}

const statusOf = (child) =>
  new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', (code) => resolve(code ?? 1));
  });

const runLive = (task, cwd) => statusOf(start(task, cwd, 'inherit'));

async function runAside(task, cwd) {
  const child = start(task, cwd, ['ignore', 'pipe', 'pipe']);
  const status = statusOf(child);
  try {
    // what it starts inherits it
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // it has ended already
  }
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  return { status: await status, output };
}
