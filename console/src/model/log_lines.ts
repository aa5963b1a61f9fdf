// Lines of a function's log, and those of one call out of them.

export interface LogLine {
  time: number // seconds
  text: string
  stream: string
}

const REQUEST = /^(START|END|REPORT) RequestId: (\S+)/

// Environments work at the same time: a call is what one of them wrote from the START that is
// nearest to the call's beginning to the next REPORT. All lines, where there is no START.
export function linesOfCall(lines: readonly LogLine[], began: number): LogLine[] {
  let start: LogLine | undefined
  for (const line of lines) {
    if (REQUEST.exec(line.text)?.[1] !== 'START') continue
    if (!start || Math.abs(line.time - began) < Math.abs(start.time - began)) start = line
  }
  if (!start) return [...lines]
  const id = REQUEST.exec(start.text)?.[2]
  const call: LogLine[] = []
  let open = false
  for (const line of lines) {
    if (line.stream !== start.stream) continue
    const match = REQUEST.exec(line.text)
    if (line === start) open = true
    else if (match?.[1] === 'START') open = false
    if (open || match?.[2] === id) call.push(line)
    if (match?.[1] === 'REPORT') open = false
  }
  return call
}
