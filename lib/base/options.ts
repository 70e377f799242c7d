import { suggestion } from "./suggestion.ts";

/**
 * Checks option names that the compiler could not check, so that a misspelled one is not ignored.
 *
 * @param action the action that is refused, such as "load outcomes"
 * @param given the options
 * @throws TypeError that names the unknown option, the known ones, and the one that was probably meant
 */
export function needKnownOptions(
  action: string,
  given: object,
  { known, what = "options" }: { readonly known: readonly string[]; readonly what?: string },
): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new TypeError(
    `Cannot ${action} as ${what} must be among ${known.join(", ")}: "${unknown}" is not${
      suggestion(unknown, known, "")
    }`,
  );
}
