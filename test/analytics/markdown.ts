/** A page of the documentation, taken apart. */
export type Page = {
  /** Blocks between fences, with the language that they name. */
  blocks: { language: string; text: string }[]
  /** Texts between single backticks. */
  codes: string[]
  /** Rows of tables: of each cell, the texts between backticks. */
  tables: string[][][]
  /** Where links lead. */
  links: string[]
  /** What `#…` of a link to the page may be. */
  anchors: string[]
}

export function readPage(markdown: string): Page {
  const blocks: Page['blocks'] = []
  const prose = markdown.replace(/^```(\w*)\n([\s\S]*?)^```$/gm, (_, language: string, text: string) => {
    blocks.push({ language, text })
    return ''
  })
  const plain = prose.replace(/`[^`\n]*`/g, '')
  return {
    blocks,
    codes: codesOf(prose),
    tables: [...prose.matchAll(/^\| (.+) \|$/gm)].map(([, row]) => row!.split(' | ').map(codesOf)),
    links: [...plain.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!),
    anchors: [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => slugOf(heading!)),
  }
}

const codesOf = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!)

/** As GitHub names a heading. */
function slugOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
}

/** The commands of a shell block, each as its words; comments and quotes are gone. */
export function commandsOf(shell: string): string[][] {
  return shell
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) =>
      [...line.matchAll(/"((?:\\.|[^"\\])*)"|'([^']*)'|(#.*)|(\S+)/g)].flatMap(([, double, single, comment, bare]) =>
        comment === undefined ? [double ?? single ?? bare!] : [],
      ),
    )
    .filter((words) => words.length > 0)
}
