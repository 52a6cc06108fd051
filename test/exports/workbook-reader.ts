import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { SaxesParser } from 'saxes'
import { type Entry, fromBuffer, type ZipFile } from 'yauzl'

export type Cell = { address: string; type: string; style: number; value: string }
export type Sheet = { name: string; cells: Map<string, Cell>; isHeaderFrozen: boolean; notes: Map<string, string> }
export type Workbook = {
  sheets: Sheet[]
  /** The number format of each style, and whether it is bold or marked as text. */
  styles: { format: string; isBold: boolean; isQuoted: boolean }[]
  description: string
}

/** Reads a workbook as ECMA-376 says: a strict parser of XML over each part, sheets by the relations that name them. */
export async function readWorkbook(bytes: Buffer): Promise<Workbook> {
  const parts = await unzipped(bytes)
  const types = elements(parts, '[Content_Types].xml').filter(({ name }) => name === 'Override')
  for (const path of [...parts.keys()].filter((path) => !path.endsWith('.rels') && path !== '[Content_Types].xml'))
    if (!types.some(({ attributes }) => attributes.PartName === `/${path}`)) throw new Error(`${path} has no type`)
  const targets = new Map(
    elements(parts, 'xl/_rels/workbook.xml.rels').map(({ attributes }) => [attributes.Id, attributes.Target]),
  )
  const sheets = elements(parts, 'xl/workbook.xml').filter(({ name }) => name === 'sheet')
  return {
    sheets: sheets.map(({ attributes }) =>
      sheetOf(attributes.name!, elements(parts, `xl/${targets.get(attributes['r:id'])}`)),
    ),
    styles: stylesOf(elements(parts, 'xl/styles.xml')),
    description: elements(parts, 'docProps/core.xml').find(({ name }) => name === 'dc:description')!.text,
  }
}

async function unzipped(bytes: Buffer): Promise<Map<string, string>> {
  const zip = (await promisify(
    fromBuffer as (bytes: Buffer, options: object, done: (error: Error | null, zip: ZipFile) => void) => void,
  )(bytes, {
    lazyEntries: true,
  })) as ZipFile
  const open = promisify<Entry, NodeJS.ReadableStream>(zip.openReadStream.bind(zip) as never)
  const parts = new Map<string, string>()
  await new Promise<void>((resolve, reject) => {
    zip.on('entry', (entry: Entry) => {
      open(entry)
        .then((stream) => buffer(stream))
        .then((content) => {
          parts.set(entry.fileName, content.toString())
          zip.readEntry()
        }, reject)
    })
    zip.on('end', resolve)
    zip.on('error', reject)
    zip.readEntry()
  })
  return parts
}

type Element = { name: string; attributes: Record<string, string>; text: string; parent: Element | undefined }

/** Elements in the order in which they begin. */
function elements(parts: Map<string, string>, path: string): Element[] {
  const found: Element[] = []
  const open: Element[] = []
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw new Error(`${path}: ${error.message}`)
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes: attributes as Record<string, string>, text: '', parent: open.at(-1) }
    found.push(element)
    open.push(element)
  })
  parser.on('text', (text) => {
    const element = open.at(-1)
    if (element) element.text += text
  })
  parser.on('closetag', () => {
    open.pop()
  })
  parser.write(parts.get(path)!).close()
  return found
}

function sheetOf(name: string, found: readonly Element[]): Sheet {
  const cells = new Map<string, Cell>()
  let lastRow = 0
  for (const element of found) {
    if (element.name === 'row') {
      const row = Number(element.attributes.r)
      if (row !== lastRow + 1) throw new Error(`row ${row} after ${lastRow}`)
      lastRow = row
    }
    if (element.name === 'f') throw new Error('a formula')
    if (element.name !== 'c') continue
    const { r: address = '', t: type = 'n', s: style = '0' } = element.attributes
    if (!address.endsWith(String(lastRow))) throw new Error(`${address} in row ${lastRow}`)
    cells.set(address, { address, type, style: Number(style), value: '' })
  }
  for (const { name: tag, text, parent } of found) {
    const holder = tag === 'v' ? parent : tag === 't' ? parent?.parent : undefined
    if (holder) cells.get(holder.attributes.r!)!.value = tag === 't' ? unescaped(text) : text
  }
  const pane = found.find((element) => element.name === 'pane')?.attributes
  const notes = found.filter((element) => element.name === 'dataValidation')
  return {
    name,
    cells,
    isHeaderFrozen: pane?.state === 'frozen' && pane.ySplit === '1' && pane.topLeftCell === 'A2',
    notes: new Map(notes.map(({ attributes }) => [attributes.sqref!, unescaped(attributes.prompt!)])),
  }
}

/** ECMA-376, part 1, 22.9.2.19: `_xHHHH_` is the character of that number. */
function unescaped(text: string): string {
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function stylesOf(found: readonly Element[]): Workbook['styles'] {
  const formats = new Map([
    ['0', 'General'],
    ['1', '0'],
    ...found
      .filter(({ name }) => name === 'numFmt')
      .map(({ attributes }) => [attributes.numFmtId!, attributes.formatCode!] as const),
  ])
  const fonts = found.filter(({ name }) => name === 'font')
  const bold = new Set(found.filter(({ name }) => name === 'b').map(({ parent }) => fonts.indexOf(parent!)))
  return found
    .filter(({ name, parent }) => name === 'xf' && parent?.name === 'cellXfs')
    .map(({ attributes }) => ({
      format: formats.get(attributes.numFmtId!)!,
      isBold: bold.has(Number(attributes.fontId)),
      isQuoted: attributes.quotePrefix === '1',
    }))
}
