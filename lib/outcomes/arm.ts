/** The name of an arm's retriever where nothing is retrieved. */
export const NO_RETRIEVER = "none";
/** Between a retriever's and a model's name in the name of an arm; no retriever's name holds it. */
export const BETWEEN_NAMES = "+";

/** An arm: what is retrieved by, and the model that answers. */
export interface Arm {
  /** Its name in the table: `bm25+gpt-4`, or the model's alone where nothing is retrieved. */
  readonly name: string;
  /** The retriever; {@linkcode NO_RETRIEVER} where nothing is retrieved. */
  readonly retriever: string;
  /** The model. */
  readonly model: string;
}

/** The arm that a name in a table stands for: `bm25+gpt-4` is retriever `bm25` with model `gpt-4`. */
export function armOf(name: string): Arm {
  const at = name.indexOf(BETWEEN_NAMES);
  if (at <= 0 || at === name.length - 1) return { name, retriever: NO_RETRIEVER, model: name };
  return { name, retriever: name.slice(0, at), model: name.slice(at + 1) };
}

/** The name of a pair in a table. */
export function armName(retriever: string, model: string): string {
  const isPlain = retriever === NO_RETRIEVER && !model.includes(BETWEEN_NAMES);
  return isPlain ? model : `${retriever}${BETWEEN_NAMES}${model}`;
}
