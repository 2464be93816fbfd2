/** What is said of a command in errors, and the request that does the same. */
const requests: readonly (readonly [command: RegExp, request: string])[] = [
  [/(?<=See what the database holds with|zeigt|se ve con): sqlq schema/gu, ': GET /v1/schema'],
  [/,? or forget what was before with \.new\b/gu, ', or leave out its conversation'],
  // Who asks over HTTP has no command line to say it on.
  [/ ?For a model that reads freer questions, run: sqlq config init/gu, ''],
  // The same in other languages: `…; ein Modell versteht mehr Deutsch: sqlq config init`.
  [/[.;][^.;]*: sqlq config init$/gu, '.'],
];

/** A sentence as whoever asks over HTTP can follow it: requests in place of commands. */
export function inRequests(text: string): string {
  return requests.reduce((told, [command, request]) => told.replace(command, request), text).trim();
}

/** A hint as whoever asks over HTTP can follow it; null where it is one for a terminal alone. */
export function hintInRequests(hint: string | null): string | null {
  const told = hint === null ? '' : inRequests(hint);
  return told === '' || /\bsqlq [a-z]|(?:^|\s)--[a-z]/u.test(told) ? null : told;
}
