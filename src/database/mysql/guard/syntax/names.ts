/** The letters a to z in capitals and no other, as servers compare keywords: `ı` and `ſ` stay what they are. */
export function asciiUpper(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/** Two names are the same but for the case of the letters a to z. */
export function sameAscii(a: string, b: string): boolean {
  return asciiUpper(a) === asciiUpper(b);
}

/** Names that the server may take for the same are the same here; some that it tells apart are too. */
export function fold(name: string): string {
  return name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
}
