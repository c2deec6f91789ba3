// Lanes of tasks. What only computes runs aside: one task per core, at a low priority. What waits for blocks and sockets runs in front meanwhile, and a processor is
// its own whenever it wants it: `front` one after the other, `waiting` several at a time beside it. What must not be disturbed by what computes runs when both are done,
// `alone` where there are few cores. The output of what runs beside something else is kept until it can be shown in one piece.
import { spawn } from 'node:child_process';
import { availableParallelism, constants, setPriority } from 'node:os';
import process from 'node:process';

/** Tasks of `waiting` that run at a time: each uses some tenths of a core. */
const WAITING = 3;
/** Cores with which two tasks of `alone` do not disturb each other: networks have deadlines that count blocks. */
const CORES_FOR_TWO = 4;

/** Carries the tasks of each lane out in their order; `ended` hears of each how it ended. */
export async function runLanes(tasks, ended, { cwd, write = (text) => process.stdout.write(text), cores }) {
  const of = (lane) => tasks.filter((task) => task.lane === lane);
  const count = cores ?? availableParallelism();
  const hasFront = of('front').length > 0 || of('waiting').length > 0;
  // with nothing to wait beside, or one core only, there is nothing to win by a low priority
  const hasSide = hasFront && of('aside').length > 0 && count > 1;
  let live = false;
  const kept = [];
  const show = () => {
    if (!live) for (const text of kept.splice(0)) write(text);
  };
  const alone = async (task) => {
    live = true;
    write(`\n== ${task.name}\n`);
    const status = await runLive(task, cwd);
    live = false;
    ended(task, status);
    show();
  };
  const beside = (isLow) => async (task) => {
    const { status, output } = await runKept(task, cwd, isLow);
    kept.push(`\n== ${task.name}\n${output}`);
    ended(task, status);
    show();
  };
  const several = (lane, atOnce, isLow = false) => inTurn(of(lane), atOnce, atOnce === 1 ? alone : beside(isLow));
  const front = () => Promise.all([several('front', 1), several('waiting', WAITING)]);
  if (hasSide) await Promise.all([several('aside', count, true), front()]);
  else {
    await several('aside', count);
    await front();
  }
  await several('alone', count >= CORES_FOR_TWO ? 2 : 1);
}

/** Runs `work` on the items in their order, on so many at a time. */
async function inTurn(items, atOnce, work) {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
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

async function runKept(task, cwd, isLow) {
  const child = start(task, cwd, ['ignore', 'pipe', 'pipe']);
  const status = statusOf(child);
  try {
    // what it starts inherits it
    if (isLow && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
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
