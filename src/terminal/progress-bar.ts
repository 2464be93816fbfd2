/** How far something is that has a known end, as a bar and in numbers. */
export function progressBar(done: number, total: number): string {
  const width = 24;
  const full = Math.round((done / total) * width);
  return `${'█'.repeat(full)}${'░'.repeat(width - full)} ${done} of ${total}`;
}
