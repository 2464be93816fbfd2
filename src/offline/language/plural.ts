/** The plural of an English noun, by the rules alone. */
export const plural = (word: string): string => {
  if (/[^s]s$/u.test(word)) {
    return word;
  }
  if (/(?:s|x|ch|sh)$/u.test(word)) {
    return `${word}es`;
  }
  return /[^aeiou]y$/u.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
};
