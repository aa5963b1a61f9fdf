// Archives as they come, and what is none.
import { describe, expect, it } from 'vitest'
import { entriesOf, looksLikeZip, unpack } from './zip'

interface File {
  name: string
  data: string
  method: 0 | 8
}

const encoder = new TextEncoder()

const u16 = (value: number) => Uint8Array.of(value & 255, value >>> 8)
const u32 = (value: number) => bytesOf(u16(value & 65_535), u16(value >>> 16))

function bytesOf(...parts: (string | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  const pieces = parts.map((part) => (typeof part === 'string' ? encoder.encode(part) : part))
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]))
}

async function deflated(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([data]).stream().pipeThrough(new CompressionStream('deflate-raw'))
  return new Uint8Array(await new Response(packed).arrayBuffer())
}

async function archive(files: File[]): Promise<Uint8Array<ArrayBuffer>> {
  let body = new Uint8Array(0)
  let central = new Uint8Array(0)
  for (const { name, data, method } of files) {
    const plain = bytesOf(data)
    const packed = method === 8 ? await deflated(plain) : plain
    // Flags, method, time and date, checksum, sizes, length of the name, of what else there is.
    const common = bytesOf(
      ...[u16(0), u16(method), u32(0), u32(0), u32(packed.length), u32(plain.length)],
      ...[u16(name.length), u16(0)],
    )
    const rest = bytesOf(u16(0), u32(0), u32(0), u32(body.length), name)
    central = bytesOf(central, 'PK\x01\x02', u16(20), u16(20), common, rest)
    body = bytesOf(body, 'PK\x03\x04', u16(20), common, name, packed)
  }
  const counts = bytesOf(u32(0), u16(files.length), u16(files.length))
  return bytesOf(body, central, 'PK\x05\x06', counts, u32(central.length), u32(body.length), u16(0))
}

const text = 'exports.handler = async () => 7\n'.repeat(40)

describe('archives', () => {
  it.each([0, 8] as const)('are unpacked, method %i', async (method) => {
    const bytes = await archive([
      { name: 'first.txt', data: 'first', method: 0 },
      { name: 'lib/index.js', data: text, method },
    ])
    const entries = entriesOf(bytes)
    expect(entries.map((one) => [one.name, one.size])).toEqual([
      ['first.txt', 5],
      ['lib/index.js', text.length],
    ])
    const second = entries[1]
    if (!second) throw new Error('it has no second file')
    expect(new TextDecoder().decode(await unpack(bytes, second, 1 << 20))).toBe(text)
    expect((await unpack(bytes, second, 10)).length).toBe(10)
  })

  it('that are none have no files', () => {
    expect(entriesOf(new TextEncoder().encode('no archive'))).toEqual([])
    expect(entriesOf(new Uint8Array(0))).toEqual([])
    expect(looksLikeZip(new TextEncoder().encode('PK'))).toBe(false)
  })

  it('cut anywhere do no harm', async () => {
    const whole = await archive([{ name: 'a', data: text, method: 8 }])
    for (let length = 0; length < whole.length; length += 1) {
      for (const entry of entriesOf(whole.slice(length))) {
        await unpack(whole.slice(length), entry, 100).catch(() => undefined)
      }
    }
  })
})
