// Lanes of tasks. Networks of validators run `alone`, one after the other, for their deadlines count blocks; then `front`, which waits for sockets and threads. What is
// `waiting` for blocks runs beside these, one task at a time beside a network and several beside the front. What only computes runs `aside` of all of them, one task per
// core at the lowest priority: a processor is the others' own whenever they want it, and no core is idle while they wait. What is left of `front` when nothing computes
// any more gets the other cores. The output of what runs beside something else is kept until it can be shown in one piece.
import { spawn } from 'node:child_process';
import { availableParallelism, constants, setPriority } from 'node:os';
import process from 'node:process';

/** Tasks of `waiting` that run at a time: each uses some tenths of a core. */
const WAITING = 3;
/** Cores with which two tasks of `alone` do not disturb each other. */
const CORES_FOR_TWO = 4;

/** Carries the tasks of each lane out in their order; `ended` hears of each how it ended. */
export async function runLanes(tasks, ended, { cwd, write = (text) => process.stdout.write(text), cores }) {
  const of = (lane) => tasks.filter((task) => task.lane === lane);
  const count = cores ?? availableParallelism();
  const show = keeper(write);
  const live = async (task) => {
    show.begin(task);
    const status = await runLive(task, cwd);
    ended(task, status);
    show.end();
  };
  const beside = (isLow) => async (task) => {
    const { status, output } = await runKept(task, cwd, isLow);
    ended(task, status);
    show.keep(task, output);
  };
  const networks = () =>
    count >= CORES_FOR_TWO ? inTurn(of('alone'), 2, beside(false)) : inTurn(of('alone'), 1, live);
  const [front, waiting] = [of('front'), of('waiting')];
  const isBeside = count > 1 && of('aside').length < tasks.length;
  const side = () => inTurn(of('aside'), count, beside(isBeside));
  // with one core, or nothing to wait beside, there is nothing to win by a low priority
  if (!isBeside) await side();
  const computed = isBeside ? side() : Promise.resolve();
  // one that waits hardly disturbs a network
  const firstWaiting = count > 1 ? inTurn(waiting, 1, beside(false)) : Promise.resolve();
  await networks();
  const rest = [
    inTurn(waiting, WAITING - (count > 1 ? 1 : 0), beside(false)),
    inTurn(front, 1, beside(false)),
    computed.then(() => inTurn(front, count - 1, beside(false))),
  ];
  await Promise.all([computed, firstWaiting, ...rest]);
}

/** Shows what was kept, each task in one piece, when nothing writes meanwhile. */
function keeper(write) {
  let isLive = false;
  const kept = [];
  const flush = () => {
    if (!isLive) for (const text of kept.splice(0)) write(text);
  };
  return {
    begin(task) {
      isLive = true;
      write(`\n== ${task.name}\n`);
    },
    end() {
      isLive = false;
      flush();
    },
    keep(task, output) {
      kept.push(`\n== ${task.name}\n${output}`);
      flush();
    },
  };
}

/** Runs `work` on the items in their order, on so many at a time; they are taken out of the list, which others may do too. */
async function inTurn(left, atOnce, work) {
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
    if (isLow && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
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
