// Names by how well they fit what was typed: beginnings first, then words, then anywhere.

function score(name: string, wanted: string): number {
  const place = name.indexOf(wanted)
  if (place < 0) return -1
  if (place === 0) return name.length === wanted.length ? 4 : 3
  return /[^a-z0-9]/.test(name.charAt(place - 1)) ? 2 : 1
}

export function rank<T>(items: readonly T[], wanted: string, nameOf: (item: T) => string): T[] {
  const text = wanted.toLowerCase()
  return items
    .map((item) => ({ item, points: score(nameOf(item).toLowerCase(), text) }))
    .filter((one) => one.points >= 0)
    .sort((a, b) => b.points - a.points || nameOf(a.item).length - nameOf(b.item).length)
    .map((one) => one.item)
}
