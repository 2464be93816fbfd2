/**
 * Calls `resume` each time that the shell brings the program back (`fg` after Ctrl-Z): the shell has set the terminal as it
 * likes it meanwhile. The function that is given back ends that.
 */
export function onContinue(resume: () => void): () => void {
  // After Node's own readline, which pauses its input when it comes back.
  const later = (): void => void setImmediate(resume);
  process.on('SIGCONT', later);
  return () => process.off('SIGCONT', later);
}

/** Stops the program as Ctrl-Z does in a terminal whose keys the kernel reads. */
export function suspend(): void {
  process.kill(process.pid, 'SIGTSTP');
}
