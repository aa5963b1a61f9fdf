// The server's words, with the instants in them as times of the reader's zone.
import { Time } from './time'

const INSTANT = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/

export function Words({ text }: { text: string }) {
  return text.split(INSTANT).map((part, index) => {
    const at = INSTANT.test(part) ? Date.parse(part) : Number.NaN
    return Number.isNaN(at) ? part : <Time key={index} at={at / 1000} />
  })
}
