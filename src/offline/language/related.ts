import type { Relatedness } from './similarity.ts';

/** What is known of English words: which there are, and which mean nearly the same. */
export interface Words {
  readonly related: Relatedness;
  readonly isWord: (word: string) => boolean;
}

/** What adjectives, verbs and question words of measure and place ask for; both sides are lemmas. */
const asksFor: Readonly<Record<string, string>> = {
  full: 'first last',
  old: 'age birth year date',
  young: 'age birth',
  tall: 'height',
  high: 'height',
  heavy: 'weight',
  light: 'weight',
  long: 'length duration time distance hour minute second millisecond',
  short: 'length duration height minute second millisecond',
  expensive: 'price cost fee amount rate',
  cheap: 'price cost fee rate',
  large: 'size area population capacity amount',
  big: 'size area population capacity',
  small: 'size area population capacity',
  rich: 'worth money wealth salary income',
  fast: 'speed time horsepower',
  slow: 'speed time',
  recent: 'date year time',
  new: 'date year',
  late: 'date year time',
  early: 'date year time',
  popular: 'popularity rank',
  populous: 'population',
  crowded: 'population density',
  earn: 'salary earnings income money wage',
  pay: 'salary payment amount price',
  cost: 'price fee amount rate',
  spend: 'amount cost price total payment',
  buy: 'order purchase sale invoice',
  purchase: 'order sale invoice',
  worth: 'price value amount',
  live: 'city country address residence home state location',
  locate: 'city country location state place address',
  born: 'birth',
  birth: 'born dob',
  weigh: 'weight',
  last: 'duration length',
  where: 'location city place country address state venue',
  when: 'date year time',
  author: 'writer',
  good: 'rating score rank',
  bad: 'rating score rank',
  hire: 'hired',
  work: 'job company employee',
  home: 'hometown',
  hometown: 'home',
  deep: 'depth',
  wide: 'width',
  hot: 'temperature',
  cold: 'temperature',
  strong: 'power',
  person: 'people name',
  male: 'gender sex',
  female: 'gender sex',
  woman: 'gender sex female',
  man: 'gender sex male',
  teacher: 'instructor professor',
  professor: 'instructor faculty teacher',
  mail: 'email',
  phone: 'telephone',
  telephone: 'phone',
  film: 'movie',
  movie: 'film title',
  sex: 'gender',
  gender: 'sex',
  money: 'amount budget salary',
  nation: 'country',
  country: 'nation nationality',
  nationality: 'country',
  town: 'city',
  surname: 'last',
  headquarter: 'headquarters',
  zip: 'postal',
  postal: 'zip',
  bill: 'invoice',
  client: 'customer',
  staff: 'employee',
  worker: 'employee',
  company: 'firm manufacturer',
  maker: 'manufacturer',
  produce: 'manufacturer maker',
  website: 'url',
  quantity: 'number amount count',
  horsepower: 'power',
  sale: 'sell revenue',
  revenue: 'sale',
  begin: 'start',
  start: 'begin',
  end: 'finish',
  state: 'province',
  province: 'state',
  car: 'vehicle',
  vehicle: 'car',
  mileage: 'mpg',
  salary: 'pay wage',
  happen: 'date',
  take: 'enroll',
  grade: 'score',
  mark: 'grade score',
  story: 'floor',
};

/** Words of the list above whose first name is what they nearly always mean. */
const measures: ReadonlySet<string> = new Set(
  'old young tall heavy expensive cheap cost populous gender sex phone telephone mail nationality weigh salary'.split(
    ' ',
  ),
);

/** Words above that say how a thing is, or what it does, and name no column: nobody asks to see the expensive. */
export const predicates: ReadonlySet<string> = new Set(
  'old young tall high heavy light long short expensive cheap large big small rich fast slow recent new late early popular populous crowded earn pay cost spend worth live locate weigh good bad hire deep wide hot cold strong take happen begin start end produce last low close'.split(
    ' ',
  ),
);

/** Loads the vectors and synonyms of `data/words.json`. */
export async function loadWords(): Promise<Words> {
  const { default: data } = await import('../data/words.json', { with: { type: 'json' } });
  const rows = new Map(data.words.split(' ').map((word, row) => [word, row]));
  const bytes = Buffer.from(data.vectors, 'base64');
  const vectors = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const { dimensions } = data;
  const synonyms = new Map<string, ReadonlySet<string>>();
  for (const line of data.synonyms.split('\n')) {
    const [word, ...mates] = line.split(' ');
    if (word !== undefined) synonyms.set(word, new Set(mates));
  }
  const asked = new Map(Object.entries(asksFor).map(([word, names]) => [word, names.split(' ')]));
  const norms = new Map<number, number>();
  const normOf = (row: number): number => {
    let norm = norms.get(row);
    if (norm === undefined) {
      let sum = 0;
      for (let index = 0; index < dimensions; index++) sum += (vectors[row * dimensions + index] ?? 0) ** 2;
      norm = Math.sqrt(sum) || 1;
      norms.set(row, norm);
    }
    return norm;
  };
  const cosine = (left: string, right: string): number => {
    const a = rows.get(left);
    const b = rows.get(right);
    if (a === undefined || b === undefined) return 0;
    let sum = 0;
    for (let index = 0; index < dimensions; index++)
      sum += (vectors[a * dimensions + index] ?? 0) * (vectors[b * dimensions + index] ?? 0);
    return sum / (normOf(a) * normOf(b));
  };
  return {
    isWord: (word) => rows.has(word),
    related(left, right) {
      const place = asked.get(left)?.indexOf(right) ?? -1;
      if (place >= 0) return place === 0 && measures.has(left) ? 0.92 : 0.8;
      const near = cosine(left, right);
      const mates = synonyms.get(left)?.has(right) === true || synonyms.get(right)?.has(left) === true;
      if (mates) return Math.min(0.78, 0.6 + Math.max(0, near) * 0.25);
      return near < 0.45 ? 0 : Math.min(0.7, near * 0.85);
    },
  };
}
