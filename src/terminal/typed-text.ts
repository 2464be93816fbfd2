/** Whether a terminal would obey a text. */
export function isObeyed(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

/** The text with the pictures that Unicode has of control characters, such as ␄, in their place. */
export function controlPictures(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '\u2421' : '\ufffd';
  });
}
