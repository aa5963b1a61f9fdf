#!/usr/bin/env node
// Compares `pawl jsonata --raw --lines` with jsonata-js on made-up expressions, by hand:
//   npm install jsonata@2.2.2   (in some folder)
//   NODE_PATH=THAT/node_modules node tools/jsonata_compare.mjs build/dev/pawl [SECONDS [SEED]]
// Prints each expression on which they differ, and exits 1 when there was one.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';

const binary = process.argv[2] ?? 'build/dev/pawl';
const seconds = Number(process.argv[3] ?? 20);
let seed = Number(process.argv[4] ?? 1);

function load() {
  for (const folder of (process.env.NODE_PATH ?? 'node_modules').split(path.delimiter)) {
    try {
      return createRequire(path.resolve(folder, 'x.js'))(path.resolve(folder, 'jsonata'));
    } catch { /* the next folder may have it */ }
  }
  console.log('jsonata-js not found on NODE_PATH, nothing compared');
  process.exit(0);
}
const jsonata = load();

function random(below) {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor(seed / 4294967296 * below);
}
const pick = (items) => items[random(items.length)];

const data = {
  a: 1, b: [1, 2, { c: 3 }], s: 'naïve text', n: null, t: true, f: false, z: 0, e: '',
  arr: [], obj: {}, nest: [[1, 2], [3]], d: '2026-03-14T09:26:53.589Z',
  items: [{ id: 1, v: 'x', p: { q: [1] } }, { id: 2, v: 'y', p: { q: [2, 3] } },
    { id: 2, v: 'z' }],
};

const names = [...Object.keys(data), 'id', 'v', 'p', 'q', 'c', 'nothing'];
const literals = ['0', '1', '2', '-1', '0.5', '"x"', '"2"', '""', 'true', 'false', 'null', '[]',
  '{}', '[1, 2]', '{"k": 1}', '$', '$$', '"a,b"'];
const functions = ['string', 'length', 'sum', 'count', 'max', 'average', 'keys', 'reverse',
  'boolean', 'distinct', 'not', 'exists', 'type', 'number', 'abs', 'floor', 'round', 'uppercase',
  'trim', 'spread', 'merge', 'append', 'join', 'split', 'contains', 'substring', 'zip', 'lookup',
  'sort', 'single', 'replace', 'power', 'sqrt', 'formatBase', 'formatNumber', 'pad', 'each',
  'sift', 'map', 'filter', 'reduce', 'match', 'assert', 'error', 'toMillis', 'fromMillis'];
const operators = ['+', '-', '*', '/', '%', '&', '=', '!=', '<', '>=', 'and', 'or', 'in', '~>',
  '?:', '??', '.', '..'];
const literal = () => pick(literals);
const call = (depth) => {
  const parameters = () => pick(['$x', '$x, $i', '$x, $i, $y']);
  const lambda = () => `function(${parameters()}) { ${expression(depth - 1)} }`;
  const inner = () => expression(depth - 1);
  const argument = () => pick([inner, inner, literal, lambda])();
  return `$${pick(functions)}(${Array.from({ length: random(4) }, argument).join(', ')})`;
};
const step = (depth) => pick([() => pick(names), () => pick(names), () => '*', () => '**',
  () => '$', () => `(${expression(depth - 1)})`, () => `{${pick(names)}: ${expression(depth - 1)}}`,
  () => `[${expression(depth - 1)}]`, () => call(depth), () => '%', () => '`id`'])();
const suffix = (depth) => pick([() => '', () => '', () => '', () => `[${expression(depth - 1)}]`,
  () => `[${random(4) - 1}]`, () => '[]', () => `^(${pick(['', '<', '>'])}${pick(names)})`,
  () => `{${pick(['v', 'id', '"k"'])}: ${expression(depth - 1)}}`, () => '#$i', () => '@$j',
  () => `[${pick(names)} = ${literal()}]`])();
function expression(depth) {
  if (depth <= 0) return pick([literal, () => pick(names), () => '$x', () => '$i'])();
  return pick([
    () => literal(), () => pick(names),
    () => step(depth) + suffix(depth) + '.' + step(depth) + suffix(depth),
    () => 'items' + suffix(depth) + '.' + step(depth) + suffix(depth),
    () => `${expression(depth - 1)} ${pick(operators)} ${expression(depth - 1)}`,
    () => `(${expression(depth - 1)} ? ${expression(depth - 1)} : ${expression(depth - 1)})`,
    () => `($x := ${expression(depth - 1)}; ${expression(depth - 1)})`,
    () => call(depth),
    () => `$ ~> |${pick(['items', 'obj', '$'])}|{"k": ${expression(depth - 1)}}|`,
  ])();
}

function plain(value) {
  if (typeof value === 'function') return { function: true };
  if (Array.isArray(value)) return Array.from(value, (each) => plain(each));
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.keys(value).sort().map((key) => [key, plain(value[key])]));
  }
  return value;
}
const isFunction = (value) => typeof value === 'function' || value?._jsonata_lambda ||
  value?._jsonata_function;
async function reference(expr) {
  try {
    const result = await jsonata(expr).evaluate(structuredClone(data));
    if (result === undefined) return { undefined: true };
    if (isFunction(result)) return { function: true };
    const number = typeof result === 'number';
    if (number && !Number.isFinite(result)) return { nonfinite: String(result) };
    return { result: plain(JSON.parse(JSON.stringify(result))) };
  } catch (error) {
    return { error: { code: error.code, message: error.message, position: error.position } };
  }
}
// An error is the same when its code is. Where jsonata-js stumbles over itself, without a code, any
// answer will do.
function same(want, got) {
  if (want.error) return want.error.code === undefined || want.error.code === got.error?.code;
  return JSON.stringify(plain(want)) === JSON.stringify(plain(got));
}

const end = Date.now() + seconds * 1000;
let compared = 0;
let differences = 0;
while (Date.now() < end) {
  const expressions = Array.from({ length: 300 }, () => expression(1 + random(3)));
  const input = expressions.map((expr) => JSON.stringify({ expr, data })).join('\n') + '\n';
  const run = spawnSync(binary, ['jsonata', '--raw', '--lines'], { input, maxBuffer: 1 << 28 });
  const answers = run.stdout.toString().trimEnd().split('\n');
  if (run.signal || answers.length !== expressions.length) {
    console.log(`seed ${seed}: ${run.signal ?? answers.length + ' answers'} ${run.stderr}`);
    process.exit(1);
  }
  for (const [index, expr] of expressions.entries()) {
    const want = await reference(expr);
    const got = JSON.parse(answers[index]);
    compared += 1;
    if (same(want, got)) continue;
    differences += 1;
    console.log(`${expr}\n  jsonata-js ${JSON.stringify(want)}\n  pawl       ${answers[index]}`);
  }
}
console.log(`${compared} compared, ${differences} differ`);
process.exit(differences > 0 ? 1 : 0);
