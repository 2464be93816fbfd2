import type { ModelServer } from '../../server.ts';

const mask = '***';
/** A run that is shorter says nothing of a key, and could be any word. */
const shortestRun = 6;

/**
 * A server's own words without its secrets: the key, the values of headers and of the address's parameters, whole, as a run of them, or masked by
 * the server (`sk-ab****wxyz`), because servers answer a wrong key by showing its ends.
 */
export function scrub(text: string, server: Pick<ModelServer, 'apiKey' | 'headers' | 'baseUrl'>): string {
  const inAddress = [...(URL.parse(server.baseUrl)?.searchParams.values() ?? [])];
  const secrets = [server.apiKey ?? '', ...Object.values(server.headers), ...inAddress].filter(
    (secret) => secret !== '',
  );
  if (secrets.length === 0) {
    return text;
  }
  let clean = text;
  for (const secret of secrets) {
    if (secret.length >= shortestRun) {
      clean = clean.replaceAll(secret, mask);
    }
  }
  return clean.replace(/[^\s"'`,;()<>{}[\]]+/g, (word) =>
    /\*{2,}|…|\.{3}\w/.test(word) || secrets.some((secret) => sharesRun(word, secret)) ? masked(word) : word,
  );
}

function masked(word: string): string {
  return /[.:]$/.test(word) ? mask + word.slice(-1) : mask;
}

function sharesRun(word: string, secret: string): boolean {
  for (let start = 0; start + shortestRun <= secret.length; start++) {
    if (word.includes(secret.slice(start, start + shortestRun))) {
      return true;
    }
  }
  return false;
}
