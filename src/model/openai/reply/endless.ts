/** So much white space at the end of a reply is no answer any more. */
const longestBlank = 400;
/** A reply whose last characters are one piece again and again has lost its way. */
const loopLength = 600;
const longestPiece = 80;

/** Whether a reply so far ends in what a small model writes without end: white space, or one piece again and again. */
export function isEndless(reply: string): boolean {
  if (reply.length >= longestBlank && reply.slice(-longestBlank).trim() === '') {
    return true;
  }
  if (reply.length < loopLength) {
    return false;
  }
  const tail = reply.slice(-loopLength);
  for (let piece = 1; piece <= longestPiece; piece++) {
    if (tail.startsWith(tail.slice(piece))) {
      return true;
    }
  }
  return false;
}
