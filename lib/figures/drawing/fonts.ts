import bold from "@expo-google-fonts/source-sans-3/700Bold/SourceSans3_700Bold.ttf" with { type: "bytes" };
import italic from "@expo-google-fonts/source-sans-3/400Regular_Italic/SourceSans3_400Regular_Italic.ttf" with {
  type: "bytes",
};
import regular from "@expo-google-fonts/source-sans-3/400Regular/SourceSans3_400Regular.ttf" with { type: "bytes" };

/** One face of the typeface of every figure. */
export type FontFace = "regular" | "bold" | "italic";

/** The typeface of every figure, as the font files name it. */
export const FONT_FAMILY = "Source Sans 3";

/** The CSS list a browser chooses from: the typeface itself where it is installed, else what is nearest in width. */
export const FONT_STACK = `'${FONT_FAMILY}', 'Source Sans Pro', 'Helvetica Neue', Arial, sans-serif`;

/**
 * The faces as TrueType bytes. They come from a package, never from the system, so that every machine draws the same
 * figure.
 *
 * **Source**: Source Sans 3 by Adobe (SIL Open Font License 1.1), as packed by `@expo-google-fonts/source-sans-3`
 * (MIT).
 */
export const FONT_BYTES: Readonly<Record<FontFace, Uint8Array<ArrayBuffer>>> = { regular, bold, italic };
