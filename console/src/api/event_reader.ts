// Server-sent events out of pieces of text (WHATWG HTML, "Parsing an event stream").

export interface StreamEvent {
  name: string
  data: string
}

export class EventReader {
  private rest = ''
  private name = ''
  private data: string[] = []

  // The events that are complete with this piece.
  take(piece: string): StreamEvent[] {
    const lines = (this.rest + piece).split('\n')
    this.rest = lines.pop() ?? ''
    const events: StreamEvent[] = []
    for (const line of lines) {
      if (line === '') {
        if (this.data.length > 0)
          events.push({ name: this.name || 'message', data: this.data.join('\n') })
        this.name = ''
        this.data = []
        continue
      }
      const colon = line.indexOf(':')
      const field = colon < 0 ? line : line.slice(0, colon)
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
      if (field === 'event') this.name = value
      if (field === 'data') this.data.push(value)
    }
    return events
  }
}
