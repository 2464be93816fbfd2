import type { ModelServer } from '../server.ts';

/** `ollama at localhost:11434` */
export function placeOf(server: ModelServer): string {
  return `${server.provider} at ${hostOf(server)}`;
}

export function hostOf(server: Pick<ModelServer, 'baseUrl'>): string {
  return new URL(server.baseUrl).host;
}
