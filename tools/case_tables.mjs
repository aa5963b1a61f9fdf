// Prints src/jsonata/case_tables.cc: what ECMAScript's toUpperCase and toLowerCase do to each
// character, from the Unicode version of the Node that runs this. `node tools/case_tables.mjs`.
const codes = [];
for (let code = 0x80; code <= 0x10FFFF; code++) {
  if (code < 0xD800 || code > 0xDFFF) codes.push(code);
}
const hex = (code) => '0x' + code.toString(16).toUpperCase().padStart(4, '0');
const escaped = (text) => [...text].map((character) => {
  const code = character.codePointAt(0);
  return code < 0x80 ? character : '\\u' + code.toString(16).toUpperCase().padStart(4, '0');
}).join('');
const list = (items) => items.reduce((lines, item) => {
  const last = lines.length - 1;
  if ((lines[last] + ' ' + item).length > 98) return [...lines, '    ' + item];
  return [...lines.slice(0, last), lines[last] === '' ? '    ' + item : lines[last] + ' ' + item];
}, ['']).join('\n');

// Runs of characters at the same distance from one another and from their mapping.
function runs(mappings) {
  const result = [];
  for (const [from, to] of mappings) {
    const run = result[result.length - 1];
    const stride = run && from - run.last;
    const fits = run && to - from === run.delta && stride <= 2 &&
      (run.first === run.last || stride === run.stride);
    if (fits) {
      run.stride = stride;
      run.last = from;
    } else {
      result.push({ first: from, last: from, stride: 1, delta: to - from });
    }
  }
  return result.map((run) => `{${hex(run.first)}, ${hex(run.last)}, ${run.stride}, ${run.delta}},`);
}

function table(kind, convert) {
  const simple = [];
  const special = [];
  for (const code of codes) {
    const text = String.fromCodePoint(code);
    const mapped = convert(text);
    if (mapped === text) continue;
    if ([...mapped].length === 1) simple.push([code, mapped.codePointAt(0)]);
    else special.push(`{${hex(code)}, "${escaped(mapped)}"},`);
  }
  const name = kind[0].toUpperCase() + kind.slice(1);
  return `constexpr CaseRun k${name}Runs[] = {\n${list(runs(simple))}\n};\n` +
    `constexpr CaseText k${name}Texts[] = {\n${list(special)}\n};\n`;
}

function property(name, pattern) {
  const ranges = [];
  for (const code of [...Array(0x80).keys(), ...codes]) {
    if (!pattern.test(String.fromCodePoint(code))) continue;
    const range = ranges[ranges.length - 1];
    if (range && range[1] === code - 1) range[1] = code;
    else ranges.push([code, code]);
  }
  const items = ranges.map(([first, last]) => `{${hex(first)}, ${hex(last)}},`);
  return `constexpr CodeRange k${name}[] = {\n${list(items)}\n};\n`;
}

const origin = `Unicode ${process.versions.unicode}. Made by tools/case_tables.mjs; do not edit`;
process.stdout.write(`// Case mappings of ${origin}.
#include "jsonata/case_tables.h"

namespace pawl::jsonata {
namespace {

// clang-format off
${table('upper', (text) => text.toUpperCase())}
${table('lower', (text) => text.toLowerCase())}
${property('CaseIgnorable', /^\p{Case_Ignorable}$/u)}
${property('Cased', /^(?!\p{Case_Ignorable})\p{Cased}$/u)}
// clang-format on

}  // namespace

const CaseTable kUpperTable = {kUpperRuns, kUpperTexts};
const CaseTable kLowerTable = {kLowerRuns, kLowerTexts};
const std::span<const CodeRange> kCaseIgnorableRanges = kCaseIgnorable;
const std::span<const CodeRange> kCasedRanges = kCased;

}  // namespace pawl::jsonata
`);
