// The cause of a failure for reading: what a function threw comes as JSON in one long line.

export interface ReadableCause {
  text: string
  trace?: string
}

const lines = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value
  return Array.isArray(value) ? value.map(String).join('\n') : undefined
}

export function causeOf(cause: string | undefined): ReadableCause {
  if (!cause) return { text: '' }
  try {
    const value = JSON.parse(cause) as Record<string, unknown>
    const message = value.errorMessage
    if (typeof message === 'string') {
      return { text: message, trace: lines(value.stackTrace ?? value.trace) }
    }
    return { text: JSON.stringify(value, null, 2) }
  } catch {
    return { text: cause }
  }
}
