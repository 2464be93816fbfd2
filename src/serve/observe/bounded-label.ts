/** A function that gives back the first so many texts that it is given, and `other` for all that come after. */
export function boundedLabel(most: number): (text: string) => string {
  const known = new Set<string>();
  return (text) => {
    if (known.has(text)) {
      return text;
    }
    if (known.size >= most) {
      return 'other';
    }
    known.add(text);
    return text;
  };
}
