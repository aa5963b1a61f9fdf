#!/usr/bin/env node
// Compares `pawl jsonata --raw --lines` with jsonata-js on made-up expressions, by hand:
//   npm install jsonata@2.2.2   (in some folder)
//   NODE_PATH=THAT/node_modules node tools/jsonata_compare.mjs build/dev/pawl [SECONDS [SEED]]
// Prints each expression on which they differ, and exits 1 when there was one. Where the shared
// cases are there (PAWL_SHARED), half of the expressions are mutations of theirs.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
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

// ---- Mutations: tokens of one shared case changed, dropped, doubled, or taken from another one.
const folder = path.join(process.env.PAWL_SHARED ?? '../shared', 'jsonata');
const cases = [];
if (existsSync(folder)) {
  const sets = Object.fromEntries(readdirSync(path.join(folder, 'datasets')).map((name) => [
    name.replace('.json', ''), JSON.parse(readFileSync(path.join(folder, 'datasets', name)))]));
  for (const file of ['cases.visible.jsonl', 'pitfalls.visible.jsonl']) {
    for (const line of readFileSync(path.join(folder, file), 'utf8').split('\n').filter(Boolean)) {
      const each = JSON.parse(line);
      if ('timelimit' in each || /millis|now\(|random|shuffle|uuid|eval/i.test(each.expr)) continue;
      const input = 'dataset' in each ? sets[each.dataset] : each.data;
      cases.push({ expr: each.expr, data: input, bindings: each.bindings });
    }
  }
}
const kToken =
  /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|\$?[\p{L}_][\p{L}\p{N}_]*|\d+(?:\.\d+)?|\s+|./gsu;
const kOperand = /\$?[\p{L}_][\p{L}\p{N}_]*|\d+(?:\.\d+)?|"[^"]*"|'[^']*'/gu;
function mutation() {
  const one = pick(cases);
  const tokens = one.expr.match(kToken) ?? [];
  const donors = pick(cases).expr.match(kOperand) ?? ['1'];
  for (let times = 1 + random(2); times > 0 && tokens.length > 0; --times) {
    const at = random(tokens.length);
    pick([() => { tokens[at] = pick(donors); }, () => { tokens[at] = literal(); },
      () => tokens.splice(at, 1), () => tokens.splice(at, 0, tokens[at]),
      () => tokens.splice(at, 0, pick(['[]', '[0]', '.', ',', '-', '(', ')', '^($)', '#$i', '@$j',
        '{"k": $}', ' ~> ', ' & ', '%', '*'])),
      () => { tokens[at] = pick(operators); }, () => { tokens[at] = call(1); }])();
  }
  return { ...one, expr: tokens.join('') };
}
const request = () => (cases.length > 0 && random(2) === 0 ? mutation()
  : { expr: expression(1 + random(3)), data });

function plain(value) {
  if (typeof value === 'function' || value?._jsonata_lambda || value?._jsonata_function) return '';
  if (Array.isArray(value)) return Array.from(value, (each) => plain(each));
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.keys(value).sort().map((key) => [key, plain(value[key])]));
  }
  return value;
}
const isFunction = (value) => typeof value === 'function' || value?._jsonata_lambda ||
  value?._jsonata_function;
// Stops what runs for long, as our own budget does.
function bounded(compiled) {
  const began = Date.now();
  let depth = 0;
  compiled.assign(Symbol.for('jsonata.__evaluate_entry'), () => {
    depth += 1;
    if (depth > 1000 || Date.now() - began > 2000) throw { code: 'U1001' };
  });
  compiled.assign(Symbol.for('jsonata.__evaluate_exit'), () => { depth -= 1; });
  return compiled;
}
async function reference({ expr, data: input, bindings }) {
  try {
    const result = await bounded(jsonata(expr)).evaluate(structuredClone(input), bindings);
    if (result === undefined) return { undefined: true };
    if (isFunction(result)) return { function: true };
    const number = typeof result === 'number';
    if (number && !Number.isFinite(result)) return { nonfinite: String(result) };
    return { result: JSON.parse(JSON.stringify(plain(result))) };
  } catch (error) {
    return { error: { code: error.code, message: error.message, position: error.position } };
  }
}
// An error is the same when its code is. Where jsonata-js stumbles over itself, without a code, any
// answer will do.
function same(want, got) {
  if (want.error?.code === 'U1001') return true;
  if (want.error) return want.error.code === undefined || want.error.code === got.error?.code;
  if (got.error?.code === 'U1001') return true;
  return JSON.stringify(plain(want)) === JSON.stringify(plain(got));
}

const end = Date.now() + seconds * 1000;
let compared = 0;
let differences = 0;
while (Date.now() < end) {
  const requests = Array.from({ length: 300 }, request);
  const input = requests.map((each) => JSON.stringify(each)).join('\n') + '\n';
  const run = spawnSync(binary, ['jsonata', '--raw', '--lines'], { input, maxBuffer: 1 << 28 });
  const answers = run.stdout.toString().trimEnd().split('\n');
  if (run.signal || answers.length !== requests.length) {
    console.log(`seed ${seed}: ${run.signal ?? answers.length + ' answers'} ${run.stderr}`);
    process.exit(1);
  }
  for (const [index, each] of requests.entries()) {
    const want = await reference(each);
    const got = JSON.parse(answers[index]);
    compared += 1;
    if (same(want, got)) continue;
    differences += 1;
    console.log(`${each.expr}\n  jsonata-js ${JSON.stringify(want)}`);
    console.log(`  pawl       ${answers[index]}`);
  }
}
console.log(`${compared} compared, ${differences} differ`);
process.exit(differences > 0 ? 1 : 0);
