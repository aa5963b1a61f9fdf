// The names and the files of a ZIP archive (APPNOTE.TXT 4.3), unpacked by the browser itself. What
// is not as it should be ends the list; sizes are bounded before anything is unpacked.

export interface ZipEntry {
  name: string
  size: number
  packed: number
  method: number // 0 stored, 8 deflated
  offset: number // of the local header
}

const END = 0x06054b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
const END_BYTES = 22
const COMMENT_MAX = 65_535
const ENTRIES_MAX = 10_000

export const looksLikeZip = (bytes: Uint8Array): boolean =>
  bytes.length >= END_BYTES && bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] ?? 9) < 9

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function endOf(view: DataView): number | undefined {
  const first = Math.max(0, view.byteLength - END_BYTES - COMMENT_MAX)
  for (let at = view.byteLength - END_BYTES; at >= first; at -= 1) {
    if (view.getUint32(at, true) === END) return at
  }
  return undefined
}

export function entriesOf(bytes: Uint8Array): ZipEntry[] {
  const view = viewOf(bytes)
  const end = endOf(view)
  if (end === undefined) return []
  const entries: ZipEntry[] = []
  const count = Math.min(view.getUint16(end + 10, true), ENTRIES_MAX)
  let at = view.getUint32(end + 16, true)
  while (
    entries.length < count &&
    at + 46 <= bytes.length &&
    view.getUint32(at, true) === CENTRAL
  ) {
    const nameLength = view.getUint16(at + 28, true)
    entries.push({
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)),
      size: view.getUint32(at + 24, true),
      packed: view.getUint32(at + 20, true),
      method: view.getUint16(at + 10, true),
      offset: view.getUint32(at + 42, true),
    })
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return entries
}

// At most so many bytes: an archive may claim anything.
export async function unpack(
  bytes: Uint8Array<ArrayBuffer>,
  entry: ZipEntry,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const view = viewOf(bytes)
  const at = entry.offset
  if (at + 30 > bytes.length || view.getUint32(at, true) !== LOCAL) {
    throw new Error(`${entry.name} is not where the archive says`)
  }
  const begin = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true)
  const packed = bytes.slice(begin, begin + entry.packed)
  if (entry.method === 0) return packed.slice(0, most)
  if (entry.method !== 8) throw new Error(`${entry.name} is packed in a way browsers do not know`)
  return take(new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw')), most)
}

async function take(stream: ReadableStream<Uint8Array>, most: number) {
  const pieces: Uint8Array<ArrayBuffer>[] = []
  let length = 0
  const reader = stream.getReader()
  while (length < most) {
    const { done, value } = await reader.read()
    if (done) break
    pieces.push(new Uint8Array(value))
    length += value.length
  }
  await reader.cancel()
  return new Uint8Array(await new Blob(pieces).arrayBuffer()).slice(0, most)
}
