// The XML that the services answer with, as plain elements: no attributes are needed, and no DOM,
// which the page's policy keeps away from text that comes from outside.

export interface Element {
  name: string
  text: string
  children: Element[]
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function unescaped(text: string): string {
  return text.replace(/&(#x?[0-9a-fA-F]+|\w+);/g, (whole, name: string) => {
    if (name.startsWith('#x')) return String.fromCodePoint(Number.parseInt(name.slice(2), 16))
    if (name.startsWith('#')) return String.fromCodePoint(Number.parseInt(name.slice(1), 10))
    return ENTITIES[name] ?? whole
  })
}

export function parseXml(source: string): Element {
  const root: Element = { name: '', text: '', children: [] }
  const open: Element[] = [root]
  for (const match of source.matchAll(/<(\/?)([^\s/>!?]+)[^>]*?(\/?)>|([^<]+)/g)) {
    const [, closing, name, empty, text] = match
    const inner = open[open.length - 1] as Element
    if (text !== undefined) {
      inner.text += unescaped(text)
    } else if (closing) {
      if (open.length > 1) open.pop()
    } else {
      const element: Element = { name: name ?? '', text: '', children: [] }
      inner.children.push(element)
      if (!empty) open.push(element)
    }
  }
  return root
}

// All elements of that name, at any depth, not inside one another.
export function all(element: Element, name: string): Element[] {
  return element.children.flatMap((child) => (child.name === name ? [child] : all(child, name)))
}

export function textOf(element: Element, name: string): string | undefined {
  return element.children.find((child) => child.name === name)?.text.trim()
}

// The members of a list: <Name><member>..</member></Name>.
export function members(element: Element, name: string): Element[] {
  return element.children.find((child) => child.name === name)?.children ?? []
}
