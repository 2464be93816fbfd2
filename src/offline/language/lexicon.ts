/** Numbers that people write as words. */
export const numberWords: Readonly<Record<string, number>> = {
  zero: 0,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  hundred: 100,
  thousand: 1000,
  million: 1000000,
  once: 1,
  twice: 2,
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  fifth: 5,
  dozen: 12,
};

/** What a word or phrase of a question hints at, independent of any schema. */
export type Cue =
  | 'ask'
  | 'which'
  | 'who'
  | 'when'
  | 'where'
  | 'count'
  | 'avg'
  | 'sum'
  | 'max'
  | 'min'
  | 'most'
  | 'least'
  | 'adjmax'
  | 'adjmin'
  | 'gt'
  | 'lt'
  | 'ge'
  | 'le'
  | 'eq'
  | 'between'
  | 'not'
  | 'and'
  | 'or'
  | 'both'
  | 'each'
  | 'order'
  | 'asc'
  | 'desc'
  | 'distinct'
  | 'with'
  | 'whose'
  | 'that'
  | 'of'
  | 'in'
  | 'by'
  | 'for'
  | 'from'
  | 'have'
  | 'be'
  | 'like'
  | 'start'
  | 'end'
  | 'contain'
  | 'before'
  | 'after'
  | 'than'
  | 'average'
  | 'common'
  | 'top'
  | 'also'
  | 'all'
  | 'any'
  | 'comma'
  | 'without'
  | 'only'
  | 'null'
  | 'except'
  | 'named'
  | 'at'
  | 'on'
  | 'to';

/** Cues that ask how many, how much, or for an extreme. */
export const measureCues: readonly Cue[] = [
  'count',
  'avg',
  'sum',
  'max',
  'min',
  'most',
  'least',
  'adjmax',
  'adjmin',
];

/** Phrases of one to four lower-case words, longest first where they share a beginning. */
const phrases: readonly (readonly [Cue, string])[] = [
  [
    'ask',
    'what|show|list|find|give|return|display|tell|report|name the|state|retrieve|compute|provide|fetch|get|select|describe|identify|determine|please|see',
  ],
  ['which', 'which'],
  ['who', 'who|whom'],
  ['when', 'when'],
  ['where', 'where'],
  [
    'count',
    'how many|number of|count|counts|total number of|amount of|the number|numbers of|how often|how many times|quantity of',
  ],
  ['avg', 'average|mean|on average|avg|averaged'],
  ['sum', 'total|sum|combined|overall|in total|altogether|how much|summed|totals'],
  ['max', 'maximum|max|highest|largest|greatest|biggest|top|peak'],
  ['min', 'minimum|min|lowest|smallest|least|fewest'],
  [
    'most',
    'most|the most|greatest number of|largest number of|highest number of|largest amount of|maximum number of|most number of|biggest number of|most often|most frequently',
  ],
  [
    'least',
    'least|fewest|the fewest|least number of|smallest number of|lowest number of|minimum number of|fewest number of|smallest amount of',
  ],
  [
    'adjmax',
    'oldest|eldest|longest|latest|most recent|most recently|newest|heaviest|tallest|best|richest|fastest|strongest|farthest|most expensive|last|deepest|widest|most popular|hottest|busiest|largest|biggest|highest|greatest|furthest|priciest|brightest|hardest|most successful|toughest',
  ],
  [
    'adjmin',
    'youngest|shortest|earliest|cheapest|lightest|worst|smallest|lowest|poorest|slowest|weakest|least expensive|nearest|closest|first|easiest|coldest|thinnest|least recent|least popular',
  ],
  [
    'gt',
    'more than|greater than|larger than|higher than|above|over|exceed|exceeds|exceeding|bigger than|older than|longer than|taller than|heavier than|better than|in excess of|exceeded|greater|larger|higher|beyond|past|bigger|longer|older|more expensive than|faster than|later than|newer than',
  ],
  [
    'lt',
    'less than|fewer than|lower than|smaller than|below|under|younger than|shorter than|cheaper than|lighter than|worse than|lower|smaller|fewer|beneath|earlier than|slower than|younger|shorter|cheaper',
  ],
  [
    'ge',
    'at least|or more|no less than|no fewer than|minimum of|not less than|or older|or higher|or above|or greater|or later|and above|greater than or equal to|larger than or equal to|higher than or equal to|more than or equal to|greater than or equal|not fewer than',
  ],
  [
    'le',
    'at most|or less|or fewer|no more than|up to|maximum of|not more than|or younger|or lower|or below|or earlier|and below|less than or equal to|lower than or equal to|smaller than or equal to|fewer than or equal to|less than or equal',
  ],
  ['eq', 'equal|equals|equal to|exactly|same as|is|are'],
  ['between', 'between|ranging from|range from|in the range|from'],
  [
    'not',
    'not|no|never|n|don|doesn|didn|isn|aren|wasn|weren|hasn|haven|hadn|other than|neither|nor|none|cannot|different from|outside',
  ],
  [
    'without',
    'without|lack|lacking|lacks|missing|do not have|does not have|did not have|have no|has no|had no|do not|does not|did not|don t|doesn t|didn t|haven t|hasn t|not have|have not|has not|had not|are not|is not|were not|was not|have never|has never|with no|that no|never had|no',
  ],
  ['except', 'except|excluding|but not|and not|other than|apart from|besides'],
  ['and', 'and|as well as|along with|together with|&'],
  ['or', 'or|either'],
  ['both', 'both'],
  [
    'each',
    'each|every|per|for each|of each|for every|respective|different|various|grouped by|group by|all the different|by each|in each',
  ],
  [
    'order',
    'order by|ordered by|sorted by|sort by|sort|sorted|order|ordered|arranged|arrange|ranked|rank them|in order of|in the order of|ordering|sorting|alphabetical order|alphabetically|in alphabetical order|alphabetic order|chronologically|in order|order of|lexicographic|lexicographical|from the',
  ],
  [
    'asc',
    'ascending|increasing|ascend|alphabetical|alphabetically|alphabetic|ascendingly|from low to high|lowest to highest|smallest to largest|youngest to oldest|oldest first|from the youngest|least to most|a to z|from least to greatest|from lowest to highest|chronological|chronologically|lexicographic|lexicographical|lexicographically|earliest to latest|low to high|from youngest to oldest|shortest to longest|from a to z|from the lowest to the highest|increasing order of|cheapest first',
  ],
  [
    'desc',
    'descending|decreasing|descend|descendingly|from high to low|highest to lowest|largest to smallest|oldest to youngest|most to least|z to a|reverse|from most to least|from highest to lowest|reversed|from greatest to least|latest to earliest|greatest to least|high to low|from oldest to youngest|from the highest to the lowest|from largest to smallest|longest to shortest|from z to a|from the most recent|from the oldest|most recent first|newest first|highest first',
  ],
  ['distinct', 'distinct|different|unique|various|without repetition|unrepeated|no duplicates|non duplicate'],
  ['with', 'with|having|by which|who have|that have|which have|who has|that has|which has|had'],
  ['whose', 'whose'],
  ['that', 'that|which|who'],
  ['of', 'of'],
  ['in', 'in|within|inside|during'],
  ['by', 'by'],
  ['for', 'for'],
  ['from', 'from'],
  ['have', 'have|has|had'],
  ['be', 'is|are|was|were|be|been'],
  [
    'like',
    'like|containing|contains|contain|contained|includes|include|including|substring|word|has the letter|letter|letters|the string|the word|the phrase|the substring|phrase|in its name|in their name|in the name|part of',
  ],
  [
    'start',
    'start with|starts with|starting with|begin with|begins with|beginning with|starting from|begin|start|prefix|prefixed|starts|begins|initial|first letter',
  ],
  ['end', 'end with|ends with|ending with|ending in|ends in|suffix|ended with|end in'],
  ['contain', 'contain|contains|containing|include|includes|substring'],
  ['before', 'before|prior to|earlier than|until|by the end of|no later than'],
  ['after', 'after|since|later than|following'],
  ['than', 'than'],
  ['average', 'the average|average|mean'],
  [
    'common',
    'most common|most frequent|most popular|least common|most frequently|most often|commonly|common|frequent|popular|least frequent|least popular|mostly',
  ],
  ['top', 'top|first|best|highest|bottom|last|lowest'],
  ['also', 'also|as well'],
  ['all', 'all|every|entire'],
  ['any', 'any|some'],
  ['only', 'only|exclusively|just'],
  ['null', 'null|unknown|empty|unspecified|not known|missing|blank|not available|no value|undefined'],
  ['named', 'named|called|name is|titled|with name|with the name|known as'],
  ['at', 'at'],
  ['on', 'on'],
  ['to', 'to'],
];

const byFirst = new Map<string, { cue: Cue; words: readonly string[] }[]>();
for (const [cue, list] of phrases)
  for (const phrase of list.split('|')) {
    const words = phrase.split(' ');
    const first = words[0] ?? '';
    const found = byFirst.get(first) ?? [];
    found.push({ cue, words });
    byFirst.set(first, found);
  }

/** Every word of a cue phrase. */
export const cueWords: ReadonlySet<string> = new Set(phrases.flatMap(([, list]) => list.split(/[| ]/)));

/** A cue where it stands: tokens `start` up to, not including, `end`. */
export interface CueMention {
  readonly cue: Cue;
  readonly start: number;
  readonly end: number;
}

/** Cues that may ask for the most or fewest rows. */
const counting: readonly Cue[] = ['most', 'least', 'min'];

/** Every cue phrase in a list of lower-case words; phrases may lie over one another. */
export function findCues(words: readonly string[]): CueMention[] {
  const found: CueMention[] = [];
  words.forEach((word, start) => {
    const longest = new Map<Cue, number>();
    for (const { cue, words: phrase } of byFirst.get(word) ?? [])
      if (phrase.every((part, offset) => words[start + offset] === part))
        longest.set(cue, Math.max(longest.get(cue) ?? 0, phrase.length));
    // In `most expensive`, `most` counts no rows.
    for (const cue of counting)
      if (/^(expensive|recent|recently)$/.test(words[start + (longest.get(cue) ?? 0)] ?? ''))
        longest.delete(cue);
    if (word === ',') longest.set('comma', 1);
    for (const [cue, length] of longest) found.push({ cue, start, end: start + length });
  });
  return found;
}

/** Words that carry no meaning of their own for a schema. */
export const stopWords: ReadonlySet<string> = new Set(
  'a an the of in on at to for from by with and or is are was were be been do does did have has had what which who whom whose that this these those there their its his her our your my it they them he she we you i me us all any some each every how many much show list find give return display tell report please as if then than so such not no also both either other more most less least one ones name names'
    .split(' ')
    .filter((word) => word !== 'name' && word !== 'names'),
);
