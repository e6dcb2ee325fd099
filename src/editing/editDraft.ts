/** One piece of knowledge to write: the answer follows the prompt and each rephrasing. */
export interface EditDraft {
  readonly prompt: string;
  readonly answer: string;
  readonly rephrasings: readonly string[];
}
