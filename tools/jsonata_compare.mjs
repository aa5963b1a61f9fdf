#!/usr/bin/env node
// Compares `pawl jsonata --raw --lines` with jsonata-js on made-up expressions, by hand:
//   npm install jsonata@2.2.2   (in some folder)
//   NODE_PATH=THAT/node_modules node tools/jsonata_compare.mjs build/dev/pawl [SECONDS [SEED]]
// Prints each expression on which they differ, in result or in an error's code, token, position or
// message, and exits 1 when there was one. Where the shared cases are there (PAWL_SHARED), a fifth
// of the expressions are mutations of theirs; others are calls with odd arguments, signatures and
// date pictures.
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

// ---- Every function, with arguments that it does and does not expect.
const texts = ['""', '"a"', '"Zürich 😀 ßΣ"', '"a,b;c"', '"  x\\t\\n y "', '"-0x1F"', '"0b101"',
  '"1e3"',
  '"12.50"', '"%41%zz"', '"https://a.b/?q=ä&x=1"', '"aGVsbG8="', '"\\ud83d"', '"aAbB1_ 2"',
    '"\\u0000"',
  '"twelve"', '"one hundred and third"', '"MCMXC"', '"1,234"', '"12th"', '"٣٤"', '"2026-03-14"',
  '"2026-02-29T24:00:00Z"', '"2017-0530"', '"14/03/2026"', '"March 3rd 2020 3pm"',
    '"20:59:59.123+05:30"'];
const numbers = ['0', '-0', '1', '-1', '2.5', '3.5', '-2.5', '0.1', '1.005', '125', '1e21', '1e-7',
  '1e300',
  '123456789.987654321', '1999', '99999', '-17', '1521801216617', '-62135596800000',
    '253402300800000',
  '0.000001', '9007199254740993', '36', '2', '16', '100', '0.5', '5e-324'];
const pictures = ['"0"', '"#,##0.00"', '"0.00e0"', '"#0.###"', '"00%"', '"#,#,#"', '"0;(0)"',
  '"###"', '".00"', '"#.#e0"',
  '"0‰"', '"x0y"', '"0,0.0,0"', '"0.0.0"', '"#0#"', '""', '"٠"', '"I"', '"i"', '"w"', '"W"',
    '"Ww"', '"w;o"', '"A"', '"a"',
  '"01"', '"1;o"', '"#,##0;o"', '"0:00:00"', '"Ａ"', '"α"', '"[Y]-[M01]-[D01]"',
    '"[Y0001]-[M]-[d]"', '"[FNn,3-3] [D1o] [MNn] [Y]"',
  '"[H01]:[m]:[s].[f001] [Z]"', '"[h]:[m01] [PN] [z]"', '"[X]-W[W01]-[F1]"', '"[x] [w]"',
    '"[YI] [Mi] [Da]"', '"[Yw] [Dwo]"',
  '"[Z0] [Z00:00t] [Z0000]"', '"[[x]] [Y,2-2]"', '"[Q]"', '"[Y"', '"[MN,*-3]"', '"[D,2] [M,3-4]"',
    '"[C] [E]"', '"[P] [Pn]"', '"[Y9,999,*]"', '"[dwo]"'];
const zones = ['"0000"', '"+0530"', '"-0800"', '"Z"', '"+1"', '"x"'];
const regexes = ['/a/', '/[a-z]+/i', '/(a)|(b)/', '/\\d{2,}/', '/^\\s*/', '/x*/', '/./',
  '/(?<n>.)\\k<n>/', '/\\bA/', '/[^,;]+/', '/$/', '/(?=b)/', '/ü/i'];
const arrays = ['[]', '[1]', '[3,1,2]', '["b","a"]', '["b",1]', '[null]', '[[1],[2,3]]',
  '[{"a":1},{"a":2,"b":3}]', '[1,"a",true,null,{}]', '{}', '{"a":1}', '{"b":[1],"a":{"c":2}}',
  '[1..3]', '(1;nothing)', 'nothing', 'true', 'null', 'items', 'items.id', 'nest', 'items[0]', '$',
  '[nothing]'];
const lambdas = ['function($x){$x}', 'function($x,$i){$i}', 'function($x,$i,$a){$a[$i]=$x}',
  'function($a,$b){$a>$b}', 'function($a,$b){$a&$b}', 'function(){1}', '$string', '$sum',
  '$uppercase', '$substring(?,1)', 'function($m){"<"&$m.match&">"}', 'function($x){$error("no")}',
  'λ($x)<s:s>{$x}', 'function($x,$y)<n-n:n>{$x}', '$length ~> $string'];
const replacements = ['"$0"', '"$1$2"', '"$$"', '"$"', '"$11"', '"$x"', '"é$9"'];
const anything = () => pick([texts, numbers, arrays, arrays, lambdas, regexes, literals])
  .at(random(10000) % 10) ?? pick(literals);
const of = (...sets) => () => (random(6) === 0 ? anything() : pick(pick(sets)));
const text = of(texts);
const number = of(numbers);
const array = of(arrays);
const lambda = of(lambdas);
const signatures = {
  sum: [array], count: [array], max: [array], min: [array], average: [array], string: [of(arrays,
    numbers, texts), of(['true', 'false'])],
  substring: [text, number, number], substringBefore: [text, text], substringAfter: [text, text],
    lowercase: [text], uppercase: [text],
  length: [text], trim: [text], pad: [text, number, text], match: [text, of(regexes, lambdas),
    number], contains: [text, of(regexes, texts)],
  replace: [text, of(regexes, texts), of(replacements, lambdas), number], split: [text, of(regexes,
    texts), number],
  join: [array, text], formatNumber: [number, of(pictures), of(['{"decimal-separator":","}',
    '{"zero-digit":"٠"}', '{"minus-sign":"~","percent":"p"}', '{"digit":"!"}'])],
  formatBase: [number, number], formatInteger: [number, of(pictures)], parseInteger: [text,
    of(pictures)], number: [of(texts, numbers, arrays)],
  floor: [number], ceil: [number], round: [number, number], abs: [number], sqrt: [number],
    power: [number, number], boolean: [of(arrays, texts, numbers)],
  not: [of(arrays, texts, numbers)], map: [array, lambda], zip: [array, array, array],
    filter: [array, lambda], single: [array, lambda],
  reduce: [array, lambda, of(numbers, arrays)], sift: [array, lambda], keys: [array],
    lookup: [array, of(['"a"', '"b"', '"id"'])], append: [array, array],
  exists: [of(arrays)], spread: [array], merge: [array], reverse: [array], each: [array, lambda],
    error: [text], assert: [of(['true', 'false', '1']), text],
  type: [of(arrays, numbers, lambdas, texts)], sort: [array, lambda], distinct: [array],
    base64encode: [text], base64decode: [text], encodeUrl: [text],
  encodeUrlComponent: [text], decodeUrl: [text], decodeUrlComponent: [text], eval: [of(['"1+"',
    '"a"', '"$x"', '"$sum([1,2])"', '"[1,"', '"\\"x\\"+1"']), array],
  toMillis: [text, of(pictures)], fromMillis: [number, of(pictures), of(zones)], clone: [array],
};
function oddCall() {
  const name = pick(Object.keys(signatures));
  const parameters = signatures[name];
  const count = random(8) === 0 ? random(parameters.length + 2) : 1 + random(parameters.length);
  const argument = (_, i) => (parameters[i] ?? anything)();
  const call = `$${name}(${Array.from({ length: count }, argument).join(', ')})`;
  return { data, expr: pick([() => call, () => call, () => call, () => call, () => `items.${call}`,
    () => `${anything()} ~> ${call}`,
    () => `${call}${suffix(1)}`, () => `${array()}.${call}`, () => `(${call}; ${call})`,
    () => `${call} ${pick(operators)} ${anything()}`,
    () => `$map(${array()}, $${name})`, () => `$${name}(?, ${text()})(${anything()})`,
    () => `{"k": ${call}}`])() };
}

// ---- Signatures of any form, and date pictures made of any components, there and back.
const symbols = ['s', 'n', 'b', 'l', 'o', 'a', 'f', 'x', 'j', '(sn)', '(ao)', 'a<s>', 'a<n>',
  'f<n:n>', 'a<(sn)>', 's-', 'n-', 'n?', 's+', 'a<a<n>>', 'z', ''];
const given = ['1', '"a"', 'true', 'null', '[]', '[1]', '["a"]', '[1,"a"]', '{}', 'nothing',
  '$sum', 'λ($x){$x}', '/a/', '[[1]]', 'a', '$'];
const some = (count, items) => Array.from({ length: random(count) }, () => pick(items));
function signed() {
  const call = `λ($p,$q,$r)<${some(5, symbols).join('')}:x>{[$p,$q,$r]}(${some(4, given)})`;
  return { data, expr: pick([call, `b.${call}`, `"a" ~> ${call}`, `[1,2].${call}`]) };
}
function dated() {
  const component = () => `[${pick([...'YMDdFWwXxHhPmsfZzCE'])}${pick(['', '0', '1', '01', '0001',
    'I', 'w', 'Ww', 'N', 'Nn', 'a', '#1', '9,999', '01:01t'])}${pick(['', '', 'o', ',2', ',2-2',
    ',*-3'])}]`;
  const picture = Array.from({ length: 1 + random(4) }, component).join(pick(['-', '/', ' ', 'T']));
  return { data, expr: `$fromMillis(${pick(numbers)}, "${picture}", ${pick(zones)})` };
}

const kinds = [() => ({ expr: expression(1 + random(3)), data }), oddCall, signed, dated];
if (cases.length > 0) kinds.push(mutation);
const request = () => pick(kinds)();

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
    return { error };
  }
}
// Where jsonata-js stumbles over itself, without a code, any answer will do; so it is with its own
// messages of what it leaves to the machine (URIs, patterns).
// jsonata-js's built-in functions remember who called them last, whatever the expression: where one
// is passed on, the name in the message is left out.
const passesFunction = new RegExp(`\\$(${Object.keys(signatures).join('|')})\\b(?!\\()`);
function same(want, got, expr) {
  if (want.error?.code === 'U1001' || got.error?.code === 'U1001') return true;
  if (!want.error) return JSON.stringify(plain(want)) === JSON.stringify(plain(got));
  if (want.error.code === undefined) return true;
  const parts = passesFunction.test(expr) || expr.includes('?,') ? ['code', 'position']
    : ['code', 'position', 'token', 'message', 'functionName'];
  const text = (error, part) => JSON.stringify(error?.[part]);
  return parts.every((part) => text(want.error, part) === text(got.error, part));
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
    if (same(want, got, each.expr)) continue;
    differences += 1;
    console.log(`${each.expr}\n  jsonata-js ${JSON.stringify(want)}`);
    console.log(`  pawl       ${answers[index]}`);
  }
}
console.log(`${compared} compared, ${differences} differ`);
process.exit(differences > 0 ? 1 : 0);
