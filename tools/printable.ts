/** Control, format, surrogate and separator characters: a terminal obeys them, hides them, or shows them as a blank. */
const UNPRINTABLE = /(?! )[\p{C}\p{Z}]/gu;

/** Text from outside that can do nothing to a terminal. */
export const toPrintable = (text: string): string => text.replace(UNPRINTABLE, '�');

/** JSON in which such characters are escaped, so that it stays the same JSON. */
export const toPrintableJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, undefined, indent)
    .split('\n')
    .map((line) =>
      line.replace(UNPRINTABLE, (character) =>
        Array.from({ length: character.length }, (_, unit) => character.charCodeAt(unit))
          .map((code) => `\\u${code.toString(16).padStart(4, '0')}`)
          .join(''),
      ),
    )
    .join('\n');
