/**
 * One of the numbers that the trees look at: its name, which the weights carry, and how it is worked out. `class` marks a
 * number that stands for one of several kinds and is no amount.
 */
export type Feature<Input> = readonly [name: string, value: (input: Input) => number, kind?: 'class'];

/** A list of features in the order in which training wrote them and trees refer to them. */
export type FeatureTable<Input> = readonly Feature<Input>[];

export function namesOf<Input>(features: FeatureTable<Input>): readonly string[] {
  return features.map(([name]) => name);
}

/** The names of those that stand for kinds. */
export function classNamesOf<Input>(features: FeatureTable<Input>): readonly string[] {
  return features.flatMap(([name, , kind]) => (kind === 'class' ? [name] : []));
}

export function valuesOf<Input>(features: FeatureTable<Input>, input: Input): number[] {
  return features.map(([, value]) => value(input));
}

/** The same features of a part of something larger. */
export function featuresOfPart<Whole, Part>(
  features: FeatureTable<Part>,
  part: (whole: Whole) => Part,
): FeatureTable<Whole> {
  return features.map(([name, value, kind]): Feature<Whole> => {
    const own = (whole: Whole): number => value(part(whole));
    return kind === undefined ? [name, own] : [name, own, kind];
  });
}

/** The place of a feature in its table; it must be there. */
export function indexOf<Input>(features: FeatureTable<Input>, name: string): number {
  const index = features.findIndex(([other]) => other === name);
  if (index < 0) {
    throw new Error(`There is no feature ${name}.`);
  }
  return index;
}
