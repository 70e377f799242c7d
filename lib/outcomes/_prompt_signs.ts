/** Sentences that show a prompt's difficulty, the easiest first. */
export const DIFFICULTY_SIGNS: readonly (readonly string[])[] = [
  ["A warm-up.", "Easy, for beginners.", "Very simple."],
  ["Fairly easy.", "At school level.", "Not hard."],
  ["Medium difficulty.", "At college level.", "Needs some thought."],
  ["Hard.", "At graduate level.", "Tricky, take care."],
  ["Extremely hard.", "At research level.", "Only experts solve it."],
];

/** Sentences that show the length of the answer where one option is to be chosen, the shortest first. */
export const CHOICE_SIGNS: readonly (readonly string[])[] = [
  ["Two options.", "Yes or no."],
  ["Three options.", "Three short choices."],
  ["Four options.", "Choose A, B, C or D."],
  ["Five options.", "Choose A to E."],
  ["Six long options.", "Choose A to F, long texts."],
];

/** Sentences that show the length of an open answer, the shortest first. */
export const ANSWER_SIGNS: readonly (readonly string[])[] = [
  ["One line.", "Just the result."],
  ["Be brief.", "A short answer."],
  ["A few sentences.", "Give the main steps."],
  ["Step by step.", "Show all the work."],
  ["A long, complete answer.", "Cover every case."],
];
