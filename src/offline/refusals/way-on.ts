/** The step that always works. */
export const wayOn = 'For a model that reads freer questions, run: sqlq config init';
