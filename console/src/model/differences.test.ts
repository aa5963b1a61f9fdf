// Differences of texts and of definitions.
import { describe, expect, it } from 'vitest'
import { parseDefinition } from './definition'
import { diffDefinitions } from './definition_diff'
import { lineDiff, linesOf, piecesOf } from './line_diff'
import { comparable } from './visit_data'

const SIGNS = { same: ' ', removed: '-', added: '+' }
const shown = (before: string, after: string) =>
  lineDiff(before, after)
    .map((row) => SIGNS[row.kind] + row.text)
    .join('|')

describe('lines', () => {
  it.each([
    ['', '', ''],
    ['', 'a', '+a'],
    ['a', '', '-a'],
    ['a\nb\nc', 'a\nb\nc', ' a| b| c'],
    ['a\nb\nc', 'a\nx\nc', ' a|-b|+x| c'],
    ['a\nb\nc\na\nb\nb\na', 'c\nb\na\nb\na\nc', '-a|-b| c|+b| a| b|-b| a|+c'],
    ['x\ny', 'y\nx', '-x| y|+x'],
  ])('%j to %j', (before, after, expected) => {
    expect(shown(before, after)).toBe(expected)
  })

  it('gives both texts back, whatever they are', () => {
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648
      return seed % below
    }
    for (let round = 0; round < 300; round += 1) {
      const text = () => Array.from({ length: random(12) }, () => 'abc'[random(3)]).join('\n')
      const [before, after] = [text(), text()]
      const rows = lineDiff(before, after)
      const side = (left: boolean) =>
        rows.filter((row) => row.kind !== (left ? 'added' : 'removed')).map((row) => row.text)
      expect(side(true)).toEqual(linesOf(before))
      expect(side(false)).toEqual(linesOf(after))
    }
  })

  it('replaces whole what has too little in common', () => {
    const before = Array.from({ length: 3000 }, (_, index) => `left ${index}`).join('\n')
    const after = Array.from({ length: 3000 }, (_, index) => `right ${index}`).join('\n')
    const rows = lineDiff(before, after)
    expect(rows.length).toBe(6000)
    expect(rows[0]?.kind).toBe('removed')
    expect(rows[5999]?.kind).toBe('added')
  })

  it('folds what is far from any change', () => {
    const before = Array.from({ length: 40 }, (_, index) => `${index}`)
    const after = before.with(20, 'x')
    const pieces = piecesOf(lineDiff(before.join('\n'), after.join('\n')))
    expect(pieces.map((piece) => [piece.hidden, piece.rows.length])).toEqual([
      [true, 17],
      [false, 8],
      [true, 16],
    ])
  })
})

describe('definitions', () => {
  const marksOf = (before: object, after: object) => {
    const [old, now] = [JSON.stringify(before), JSON.stringify(after)]
    const { marks, block } = diffDefinitions(
      { source: old, block: parseDefinition(old) ?? { nodes: [], edges: [] } },
      { source: now, block: parseDefinition(now) ?? { nodes: [], edges: [] } },
    )
    return { marks: Object.fromEntries(marks), edges: block.edges.length }
  }
  const pass = (more = {}) => ({ Type: 'Pass', End: true, ...more })

  it('marks what was added, removed and changed', () => {
    const before = { StartAt: 'A', States: { A: pass(), B: pass(), C: pass() } }
    const after = { StartAt: 'A', States: { A: pass({ Result: 1 }), C: pass(), D: pass() } }
    expect(marksOf(before, after).marks).toEqual({ A: 'changed', B: 'removed', D: 'added' })
  })

  it('takes the order of members for nothing', () => {
    const before = { StartAt: 'A', States: { A: { Type: 'Pass', End: true } } }
    const after = { States: { A: { End: true, Type: 'Pass' } }, StartAt: 'A' }
    expect(marksOf(before, after).marks).toEqual({})
  })

  it('looks into Parallel and Map states', () => {
    const parallel = (inner: object, more = {}) => ({
      StartAt: 'P',
      States: {
        P: pass({ Type: 'Parallel', Branches: [{ StartAt: 'X', States: inner }], ...more }),
      },
    })
    expect(marksOf(parallel({ X: pass() }), parallel({ X: pass({ Result: 2 }) })).marks).toEqual({
      'P#0/X': 'changed',
    })
    const map = (start: string) => ({
      StartAt: 'M',
      States: {
        M: pass({
          Type: 'Map',
          ItemProcessor: { StartAt: start, States: { X: pass(), Y: pass() } },
        }),
      },
    })
    expect(marksOf(map('X'), map('Y')).marks).toEqual({ M: 'changed' })
  })

  it('draws the ways of both', () => {
    const before = { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' }, B: pass() } }
    const after = { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'C' }, C: pass() } }
    expect(marksOf(before, after).edges).toBe(5)
  })
})

describe('data', () => {
  it('are compared by meaning', () => {
    expect(comparable('{"b":1,"a":[{"d":2,"c":3}]}')).toBe(
      comparable('{"a":[{"c":3,"d":2}],"b":1}'),
    )
    expect(comparable('no JSON')).toBe('no JSON')
    expect(comparable(undefined)).toBe('')
  })
})
