// Where in a JSON text the value of a JSON pointer stands (RFC 6901): for diagnostics, which say
// "/States/Greet/Next". The text may be unfinished; what can be found is.

export interface Span {
  from: number
  to: number
}

// The value's place; of a value that is not there that of the innermost one around it.
export function spanOf(text: string, pointer: string): Span {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  const scanner = new Scanner(text)
  return scanner.find(steps)
}

class Scanner {
  private at = 0
  constructor(private readonly text: string) {}

  find(steps: string[]): Span {
    this.blanks()
    let best = { from: this.at, to: this.at }
    let depth = 0
    for (;;) {
      this.blanks()
      const from = this.at
      const open = this.text[from]
      best = { from, to: from + 1 }
      if (depth === steps.length) {
        this.skip()
        return { from, to: Math.max(this.at, from + 1) }
      }
      if (open !== '{' && open !== '[') return best
      const name = this.enter(open, steps[depth] ?? '')
      if (name === undefined) return best
      depth += 1
      if (depth === steps.length && open === '{') {
        // The name is part of what is marked.
        this.skip()
        return { from: name, to: this.at }
      }
    }
  }

  // Goes to the member; answers where its name begins, or nothing where there is no such member.
  private enter(open: string, step: string): number | undefined {
    this.at += 1
    for (let index = 0; this.at < this.text.length; index += 1) {
      this.blanks()
      const begin = this.at
      const char = this.text[begin]
      if (char === '}' || char === ']') return undefined
      let key = String(index)
      if (open === '{') {
        this.skip()
        key = unquote(this.text.slice(begin, this.at))
        this.blanks()
        if (this.text[this.at] === ':') this.at += 1
        this.blanks()
      }
      if (key === step) return begin
      this.skip()
      this.blanks()
      if (this.text[this.at] === ',') this.at += 1
      else if (this.at === begin) return undefined
    }
    return undefined
  }

  private blanks(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at += 1
  }

  // Past one value.
  private skip(): void {
    const open = this.text[this.at]
    if (open === '"') {
      for (this.at += 1; this.at < this.text.length && this.text[this.at] !== '"'; this.at += 1) {
        if (this.text[this.at] === '\\') this.at += 1
      }
      this.at += 1
      return
    }
    if (open !== '{' && open !== '[') {
      while (this.at < this.text.length && !/[\s,\]}:]/.test(this.text[this.at] ?? '')) this.at += 1
      return
    }
    let depth = 0
    while (this.at < this.text.length) {
      const char = this.text[this.at]
      if (char === '"') {
        this.skip()
        continue
      }
      if (char === '{' || char === '[') depth += 1
      if (char === '}' || char === ']') depth -= 1
      this.at += 1
      if (depth === 0) return
    }
  }
}

function unquote(text: string): string {
  try {
    return String(JSON.parse(text))
  } catch {
    return text
  }
}
