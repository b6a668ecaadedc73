/** What docs/language.md says about one object of the language. Its keys are taken from the schema. */
export type LanguageSection = {
  readonly title: string;
  /** Where its object stands in the schema. */
  readonly path: readonly string[];
  readonly text: string;
  /** A whole topology; null: the examples of other sections show it. */
  readonly example: string | null;
  /** A part of the schema whose keys are described there, and not again here. */
  readonly like?: readonly string[];
};
