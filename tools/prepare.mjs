// Makes what is generated from sources, if the sources have changed: `npm ci` and every entrance call it, so that no old build runs. Plain JavaScript for
// any Node from 18 on.
//
//     node tools/prepare.mjs            make what is out of date; exit code 1 if that fails
//     node tools/prepare.mjs --install  the same after an installation: without the development packages there is nothing to make it with
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { generators } from './generators.mjs';
import { NO_RUNNER, root, runners } from './runner.mjs';

const SKIPPED = new Set(['build', 'generated', 'node_modules']);

/** Files of a source, in an order that does not depend on the machine. */
function filesOf(path) {
  const entries = readdirSync(join(root, path), { withFileTypes: true }).filter(({ name }) => !SKIPPED.has(name));
  return entries
    .map((entry) => ({ path: `${path}/${entry.name}`, isFolder: entry.isDirectory() }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .flatMap(({ path: below, isFolder }) => (isFolder ? filesOf(below) : [below]));
}

function sourcesOf(path) {
  return /\.[a-z]+$/.test(path) ? [path] : filesOf(path);
}

function versionOf(name) {
  try {
    return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
  } catch {
    return 'missing';
  }
}

/** Hash of all that the outputs depend on. */
export function fingerprint(generator) {
  const hash = createHash('sha256').update(JSON.stringify(generator));
  for (const name of generator.packages) hash.update(`${name} ${versionOf(name)}\0`);
  for (const path of new Set([generator.script, ...generator.sources.flatMap(sourcesOf)])) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

const stampOf = ({ outputs, name }) => join(root, dirname(outputs[0]), `.${name.replaceAll(' ', '-')}.sources`);

function isCurrent(generator, wanted) {
  if (!generator.outputs.every((path) => existsSync(join(root, path)))) return false;
  try {
    return readFileSync(stampOf(generator), 'utf8') === wanted;
  } catch {
    return false;
  }
}

/** Runs the generator's script by the first Node that runs here. Gives what it said if it failed. */
function run({ script }, [runner, ...others]) {
  const { status, error, stdout, stderr } = spawnSync(runner, [join(root, script)], { cwd: root, encoding: 'utf8' });
  if (status === 0) return undefined;
  if (error && others.length > 0) return run({ script }, others);
  return error?.message ?? `${stdout}${stderr}`;
}

function make(generator, wanted) {
  const missing = generator.packages.find((name) => versionOf(name) === 'missing');
  if (missing !== undefined) {
    return `the ${generator.name} has to be made, and the package ${missing} is not installed: run npm ci`;
  }
  const candidates = runners();
  if (candidates.length === 0) return NO_RUNNER;
  const problem = run(generator, candidates);
  if (problem !== undefined) return `the ${generator.name} could not be made:\n${problem}`;
  // Several processes may be at it at once: a stamp is written after the outputs, and in one piece.
  const draft = `${stampOf(generator)}.${process.pid}`;
  mkdirSync(dirname(draft), { recursive: true });
  writeFileSync(draft, wanted);
  renameSync(draft, stampOf(generator));
  return undefined;
}

/** Makes what is out of date. Gives what went wrong; undefined if nothing did. */
export function prepare() {
  for (const generator of generators) {
    const wanted = fingerprint(generator);
    if (isCurrent(generator, wanted)) continue;
    const problem = make(generator, wanted);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problem = prepare();
  if (problem !== undefined) console.error(problem);
  if (problem !== undefined && !process.argv.includes('--install')) process.exit(1);
}
