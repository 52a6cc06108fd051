/** What the question documents are asked with, by the document's name. */
export type Questions = Record<string, Asked>

export type Asked = {
  /** They name the largest things there are. */
  variables: Record<string, unknown>
  /** What the generator knows of the answer: values by their path in the data. */
  holds: Record<string, unknown>
}
