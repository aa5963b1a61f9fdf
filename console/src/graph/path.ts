// A line through points, with its corners rounded.
import type { Point } from './layout'

const RADIUS = 14

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y)

function towards(from: Point, to: Point, length: number): Point {
  const whole = distance(from, to) || 1
  const share = Math.min(length / whole, 0.5)
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
}

const at = (point: Point): string => `${point.x.toFixed(1)} ${point.y.toFixed(1)}`

export function roundedPath(points: readonly Point[]): string {
  const [first, ...rest] = points
  const last = rest.pop()
  if (!first || !last) return ''
  let path = `M${at(first)}`
  let before = first
  for (const [index, corner] of rest.entries()) {
    const next = rest[index + 1] ?? last
    const [into, out] = [towards(corner, before, RADIUS), towards(corner, next, RADIUS)]
    path += ` L${at(into)} Q${at(corner)} ${at(out)}`
    before = corner
  }
  return `${path} L${at(last)}`
}
