// The other pure parts, as tables.
import { describe, expect, it } from 'vitest'
import { EventReader } from '../api/event_reader'
import { all, parseXml, textOf } from '../api/xml'
import { parsePlace, to } from '../router'
import { causeOf } from './cause'
import { conditionOf, END, parseDefinition, START } from './definition'
import { instantOf, localOf, readFilter, sinceSeconds } from './filter'
import { bytes, duration, machineOfExecution, shortResource } from './format'
import { History, type Visit } from './history'
import { iterationsOf } from './iterations'
import { spanOf } from './json_pointer'
import { matchesOf, rowsOf } from './json_rows'
import { applyChanges } from './live_list'
import { linesOfCall } from './log_lines'
import { edgeKey, firstDivergence, overlay } from './progress'
import { rank } from './rank'
import { timelineOf } from './timeline'

function table<In, Out>(name: string, run: (input: In) => Out, rows: [In, Out][]) {
  describe(name, () => {
    for (const [input, output] of rows) {
      it(JSON.stringify(input), () => expect(run(input)).toEqual(output))
    }
  })
}

table('duration', duration, [
  [0, '0 ms'],
  [0.25, '250 ms'],
  [4.2, '4.2 s'],
  [59.94, '59.9 s'],
  [184, '3 min 4 s'],
  [3600, '1 h'],
  [183_600, '2 d 3 h'],
])

table('bytes', bytes, [
  [12, '12 B'],
  [2048, '2.0 KiB'],
  [5_500_000, '5.2 MiB'],
])

table('machineOfExecution', machineOfExecution, [
  ['arn:aws:states:us-east-1:1:execution:m:e', 'arn:aws:states:us-east-1:1:stateMachine:m'],
  ['arn:aws:states:us-east-1:1:execution:m/Each:e', 'arn:aws:states:us-east-1:1:stateMachine:m'],
  ['nothing', ''],
])

table('shortResource', shortResource, [
  ['arn:aws:lambda:us-east-1:1:function:greet:7', 'greet'],
  ['arn:aws:states:::lambda:invoke.waitForTaskToken', 'lambda:invoke.waitForTaskToken'],
  ['arn:aws:states:::aws-sdk:s3:getObject', 's3:getObject'],
  ['arn:aws:states:us-east-1:1:activity:approve', 'activity approve'],
])

table('causeOf', causeOf, [
  [undefined, { text: '' }],
  ['plain words', { text: 'plain words' }],
  ['{"errorMessage":"no","stackTrace":["a","b"]}', { text: 'no', trace: 'a\nb' }],
  ['{"Status":"FAILED"}', { text: '{\n  "Status": "FAILED"\n}' }],
])

table('conditionOf', conditionOf, [
  [{ Variable: '$.a', NumericGreaterThanEquals: 3, Next: 'B' }, '$.a ≥ 3'],
  [{ Variable: '$.a', StringEquals: 'x', Next: 'B' }, '$.a = x'],
  [{ Variable: '$.a', IsPresent: false, Next: 'B' }, '$.a is not present'],
  [{ Not: { Variable: '$.a', BooleanEquals: true }, Next: 'B' }, 'not ($.a = true)'],
  [
    {
      And: [
        { Variable: '$.a', IsNull: true },
        { Variable: '$.b', NumericLessThan: 1 },
      ],
    },
    '$.a is null and $.b < 1',
  ],
  [{ Condition: '{% $x > 1 %}', Next: 'B' }, '$x > 1'],
])

table(
  'spanOf',
  ([text, pointer]: [string, string]) => {
    const { from, to: end } = spanOf(text, pointer)
    return text.slice(from, end)
  },
  [
    [['{"a": {"b": [1, 22]}}', '/a/b/1'], '22'],
    [['{"a": {"b": "x}"}, "c": 3}', '/c'], '"c": 3'],
    [['{"a": 1}', '/b'], '{'],
    [['{"a~/b": {"c": 5}}', '/a~0~1b/c'], '"c": 5'],
    [['{"a": ', '/a/b'], ''],
    [['', '/a'], ''],
  ],
)

table(
  'rank',
  (wanted: string) => rank(['orders', 'my-orders', 'reorders', 'x'], wanted, (one) => one),
  [
    ['ord', ['orders', 'my-orders', 'reorders']],
    ['', ['x', 'orders', 'reorders', 'my-orders']],
  ],
)

table('sinceSeconds', (since: string) => sinceSeconds(since, 1_000_000_000), [
  ['15m', 1_000_000 - 900],
  ['1970-01-02', 86_400],
  ['soon', undefined],
  ['', undefined],
])

describe('places', () => {
  const arn = 'arn:aws:states:us-east-1:1:execution:m/Each:a b%'
  it('survive the way through the address', () => {
    const address = new URL(to(['executions', arn], { view: 'events', empty: '' }), 'http://x')
    const place = parsePlace(address.pathname, address.search)
    expect(place.segments).toEqual(['executions', arn])
    expect([...place.query]).toEqual([['view', 'events']])
  })
  it('stand broken escapes', () =>
    expect(parsePlace('/_pawl/machines/%zz', '').segments).toEqual(['machines', '%zz']))
})

describe('a filter', () => {
  it('is read from the address', () => {
    const filter = readFilter(
      new URLSearchParams('status=FAILED,NONE,RUNNING&where=a%3D1;b<2&name=x'),
    )
    expect(filter).toEqual({ statuses: ['RUNNING', 'FAILED'], where: ['a=1', 'b<2'], name: 'x' })
  })
})

describe('events of a stream', () => {
  it('are the same in whatever pieces they come', () => {
    const text =
      'retry: 1\nevent: ready\ndata: {}\n\n: beat\n\nevent: change\ndata: {"a":\ndata: 1}\n\n'
    const expected = [
      { name: 'ready', data: '{}' },
      { name: 'change', data: '{"a":\n1}' },
    ]
    for (const size of [1, 2, 7, text.length]) {
      const reader = new EventReader()
      const events = []
      for (let at = 0; at < text.length; at += size)
        events.push(...reader.take(text.slice(at, at + size)))
      expect(events).toEqual(expected)
    }
  })
})

describe('XML', () => {
  it('is read with entities, empty elements and attributes', () => {
    const root = parseXml(
      '<?xml version="1.0"?><R a="b"><L><m>1 &lt; 2</m><m/></L><m>&#65;&#x42;</m></R>',
    )
    expect(all(root, 'm').map((one) => one.text)).toEqual(['1 < 2', '', 'AB'])
    expect(textOf(root.children[0] ?? root, 'm')).toBe('AB')
  })
  it('stands what is no XML', () => expect(all(parseXml('</a><b'), 'b')).toEqual([]))
})

const LOOP = JSON.stringify({
  StartAt: 'Each',
  States: {
    Each: {
      Type: 'Map',
      ItemProcessor: {
        StartAt: 'Call',
        States: { Call: { Type: 'Task', Resource: 'r', End: true } },
      },
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Sad' }],
      Next: 'Pick',
    },
    Pick: {
      Type: 'Choice',
      Choices: [{ Variable: '$.n', NumericLessThan: 2, Next: 'Each' }],
      Default: 'Sad',
    },
    Sad: { Type: 'Fail' },
  },
})

describe('a definition', () => {
  it('is blocks of states and ways', () => {
    const root = parseDefinition(LOOP)
    expect(root?.nodes.map((node) => node.id)).toEqual(['Each', 'Pick', 'Sad'])
    expect(root?.edges.map((edge) => `${edge.from} ${edge.kind} ${edge.to}`)).toEqual([
      `${START} next Each`,
      'Each next Pick',
      'Each catch Sad',
      'Pick choice Each',
      'Pick default Sad',
      `Sad next ${END}`,
    ])
    expect(root?.nodes[0]?.blocks[0]?.nodes[0]?.id).toBe('Each#0/Call')
  })
  for (const text of [
    '',
    '[]',
    '{"States": 3}',
    '{"States": {"A": null, "B": []}}',
    '{"StartAt": "X"}',
  ]) {
    it(`stands ${text}`, () => expect(parseDefinition(text)?.nodes ?? []).toEqual([]))
  }
})

function historyOf(...events: [number, string, string?, number?][]): History {
  const history = new History()
  history.add(
    events.map(([previousEventId, type, name, index], at) => ({
      id: at + 1,
      previousEventId,
      timestamp: at,
      type,
      someEventDetails: { name, index },
    })),
  )
  return history
}

const run = () =>
  historyOf(
    [0, 'ExecutionStarted'],
    [0, 'MapStateEntered', 'Each'],
    [2, 'MapStateStarted'],
    [3, 'MapIterationStarted', 'Each', 0],
    [4, 'TaskStateEntered', 'Call'],
    [5, 'TaskStateExited', 'Call'],
    [6, 'MapStateSucceeded'],
    [7, 'MapStateExited', 'Each'],
    [8, 'ChoiceStateEntered', 'Pick'],
    [9, 'ChoiceStateExited', 'Pick'],
    [10, 'FailStateEntered', 'Sad'],
    [11, 'ExecutionFailed'],
  )

describe('a run over its definition', () => {
  it('colours states and the ways that were taken', () => {
    const root = parseDefinition(LOOP)
    if (!root) throw new Error('no definition')
    const { states, taken } = overlay(root, run())
    expect([...states].map(([id, state]) => `${id} ${state.status}`)).toEqual([
      'Each SUCCEEDED',
      'Each#0/Call SUCCEEDED',
      'Pick SUCCEEDED',
      'Sad FAILED',
    ])
    expect([...taken.keys()]).toEqual([
      edgeKey(START, 'Each'),
      edgeKey(`Each#0/${START}`, 'Each#0/Call'),
      edgeKey('Each', 'Pick'),
      edgeKey('Pick', 'Sad'),
    ])
  })
  it('has a bar for each visit', () => {
    const { bars, from, to: end } = timelineOf(run().visits, 100)
    expect(bars.map((bar) => `${bar.depth} ${bar.label} ${bar.from}-${bar.to}`)).toEqual([
      '0 Each 1-7',
      '1 Each[0]/Call 4-5',
      '0 Pick 8-9',
      '0 Sad 10-10',
    ])
    expect([from, end]).toEqual([1, 10])
  })
})

describe('the first divergence', () => {
  it('is none between equal runs', () => expect(firstDivergence(run(), run())).toBeUndefined())
  it('is the first visit that differs', () => {
    const other = historyOf(
      [0, 'ExecutionStarted'],
      [0, 'MapStateEntered', 'Each'],
      [2, 'MapStateExited', 'Each'],
    )
    expect(firstDivergence(run(), other)).toEqual({ index: 0, why: 'Each: 1 against 0 attempts' })
    expect(firstDivergence(historyOf([0, 'ExecutionStarted']), run())?.why).toBe(
      'only one of them came to Each',
    )
  })
})

describe('what ran inside', () => {
  const inside = (ending: string) =>
    historyOf(
      [0, 'ExecutionStarted'],
      [0, 'MapStateEntered', 'Each'],
      [2, 'MapStateStarted'],
      [3, 'MapIterationStarted', 'Each', 1],
      [3, 'MapIterationStarted', 'Each', 0],
      [4, 'PassStateEntered', 'One'],
      [5, 'PassStateEntered', 'One'],
      [7, 'PassStateExited', 'One'],
      [8, 'TaskStateEntered', 'Two'],
      [9, 'TaskScheduled'],
      [10, ending],
      [11, 'MapStateFailed'],
    )
  it('is one row an iteration, with the state that tells most', () => {
    const history = inside('TaskFailed')
    const rows = iterationsOf(history.visits, history.visits[0] as Visit)
    expect(rows.map((one) => `${one.index} ${one.shown.name} ${one.status}`)).toEqual([
      '0 Two FAILED',
      '1 One ABORTED',
    ])
  })
  it('parts two runs where it differs, not at what holds it', () => {
    const found = firstDivergence(inside('TaskFailed'), inside('TaskSucceeded'))
    expect(found?.why).toContain('Two')
  })
})

describe('an instant', () => {
  it('is shown in the zone of the reader, and read back', () => {
    const instant = '2026-11-22T16:30:00.000Z'
    expect(instantOf(localOf(instant))).toBe(instant)
    expect([localOf('no time'), localOf(undefined), instantOf('')]).toEqual(['', '', undefined])
  })
})

describe('a tree of JSON', () => {
  it('folds what is large, and opens what was found', () => {
    const value = { big: Array.from({ length: 60 }, (_, index) => index), small: [true, null] }
    const names = (wanted: string) =>
      rowsOf(value, new Set(), matchesOf(value, wanted)).map(
        (row) => `${row.path}${row.found ? '!' : ''}`,
      )
    expect(names('')).toEqual(['', '/big', '/small', '/small/0', '/small/1'])
    expect(names('true')).toContain('/small/0!')
    expect(names('59')).toContain('/big/59!')
  })
})

describe('a live list', () => {
  const item = (name: string, status: 'RUNNING' | 'FAILED', startDate: number) => ({
    executionArn: name,
    stateMachineArn: 'm',
    name,
    status,
    startDate,
  })
  it('takes changes in and puts new executions first', () => {
    const change = (name: string, date: number, startDate?: number) =>
      [name, { ...item(name, 'FAILED', 0), lastEventId: 3, date, startDate }] as const
    const changes = new Map([change('a', 9), change('c', 8, 7), change('d', 8)])
    const rows = applyChanges(
      [item('b', 'RUNNING', 2), item('a', 'RUNNING', 1)],
      changes,
      () => true,
    )
    expect(rows.map((row) => `${row.name} ${row.status} ${row.startDate}-${row.stopDate}`)).toEqual(
      ['c FAILED 7-8', 'b RUNNING 2-undefined', 'a FAILED 1-9'],
    )
  })
})

describe('the log of one call', () => {
  it('is what its environment wrote between START and REPORT', () => {
    const line = (time: number, stream: string, text: string) => ({ time, stream, text })
    const lines = [
      line(1, 'a', 'START RequestId: r1'),
      line(2, 'b', 'START RequestId: r2'),
      line(2.1, 'a', 'of one'),
      line(2.2, 'b', 'of two'),
      line(3, 'b', 'REPORT RequestId: r2'),
      line(4, 'b', 'later'),
    ]
    expect(linesOfCall(lines, 2.05).map((one) => one.text)).toEqual([
      'START RequestId: r2',
      'of two',
      'REPORT RequestId: r2',
    ])
    expect(linesOfCall([line(1, 'a', 'only')], 1)).toHaveLength(1)
  })
})
