/** The names of a settings file, first to last. */
export const settingsNames: readonly string[] = ['.sqlqrc', '.sqlqrc.json', '.sqlqrc.yaml', '.sqlqrc.yml'];
