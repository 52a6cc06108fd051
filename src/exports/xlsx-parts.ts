import { LONGEST_TEXT } from './xlsx-text.ts'

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const SHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** The file within a workbook that holds a sheet; the first is 1. */
export function sheetPath(number: number): string {
  return `xl/worksheets/sheet${number}.xml`
}

/**
 * The files of a workbook beside its sheets and styles, by their paths.
 * @param cutTexts how many texts were too long for a cell
 */
export function workbookParts(sheets: number, cutTexts: number): Record<string, string> {
  const numbers = Array.from({ length: sheets }, (_, place) => place + 1)
  return {
    '[Content_Types].xml': [
      `${XML}<Types xmlns="${PACKAGE}/content-types">`,
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
      '<Default Extension="xml" ContentType="application/xml"/>',
      `<Override PartName="/xl/workbook.xml" ContentType="${SHEET}.sheet.main+xml"/>`,
      `<Override PartName="/xl/styles.xml" ContentType="${SHEET}.styles+xml"/>`,
      '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>',
      ...numbers.map((number) => `<Override PartName="/${sheetPath(number)}" ContentType="${SHEET}.worksheet+xml"/>`),
      '</Types>',
    ].join(''),
    '_rels/.rels': [
      `${XML}<Relationships xmlns="${PACKAGE}/relationships">`,
      `<Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/>`,
      `<Relationship Id="rId2" Type="${PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>`,
      '</Relationships>',
    ].join(''),
    'docProps/core.xml': [
      `${XML}<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">`,
      `<dc:description>${descriptionOf(cutTexts)}</dc:description>`,
      '</cp:coreProperties>',
    ].join(''),
    'xl/workbook.xml': [
      `${XML}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${OFFICE}"><sheets>`,
      ...numbers.map((number) => `<sheet name="${sheetName(number)}" sheetId="${number}" r:id="rId${number}"/>`),
      '</sheets></workbook>',
    ].join(''),
    'xl/_rels/workbook.xml.rels': [
      `${XML}<Relationships xmlns="${PACKAGE}/relationships">`,
      ...numbers.map(
        (number) =>
          `<Relationship Id="rId${number}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${number}.xml"/>`,
      ),
      `<Relationship Id="rId${sheets + 1}" Type="${OFFICE}/styles" Target="styles.xml"/>`,
      '</Relationships>',
    ].join(''),
  }
}

function sheetName(number: number): string {
  return number === 1 ? 'Rows' : `Rows ${number}`
}

/** Shown among the file's properties. */
function descriptionOf(cutTexts: number): string {
  const times = 'Times are in UTC. Numbers of more than 15 digits are text.'
  return cutTexts === 0 ? times : `${times} Texts cut to ${LONGEST_TEXT} characters: ${cutTexts}.`
}
