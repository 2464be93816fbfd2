import places from '../../words/places.json' with { type: 'json' };

const namesOf = new Map<string, Set<string>>();
for (const names of [places.countries, places.states, places.times, places.languages].flat()) {
  for (const name of names) {
    const known = namesOf.get(name) ?? new Set();
    for (const other of names) {
      if (other !== name) {
        known.add(other);
      }
    }
    namesOf.set(name, known);
  }
}

/** Other spellings under which a database may store a country, a state, a month or a weekday; all folded. */
export function otherNames(folded: string): ReadonlySet<string> {
  return namesOf.get(folded) ?? none;
}

const none: ReadonlySet<string> = new Set();
