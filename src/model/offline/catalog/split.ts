import { lemmaOf } from '../language/lemma.ts';

/** Abbreviations that schemas use, spelled out; general, from no schema of ours. */
const abbreviations: Readonly<Record<string, string>> = {
  num: 'number',
  no: 'number',
  nbr: 'number',
  nr: 'number',
  dept: 'department',
  qty: 'quantity',
  amt: 'amount',
  addr: 'address',
  desc: 'description',
  descr: 'description',
  fname: 'first name',
  lname: 'last name',
  mname: 'middle name',
  firstname: 'first name',
  lastname: 'last name',
  forename: 'first name',
  surname: 'last name',
  fullname: 'full name',
  username: 'user name',
  nickname: 'nickname',
  dob: 'date birth',
  bdate: 'date birth',
  birthday: 'date birth',
  birthdate: 'date birth',
  birthplace: 'birth place',
  tel: 'telephone',
  pct: 'percent',
  avg: 'average',
  yr: 'year',
  yrs: 'year',
  emp: 'employee',
  cust: 'customer',
  prod: 'product',
  cat: 'category',
  org: 'organization',
  acct: 'account',
  acc: 'account',
  bal: 'balance',
  stu: 'student',
  stud: 'student',
  prof: 'professor',
  instr: 'instructor',
  loc: 'location',
  max: 'maximum',
  min: 'minimum',
  tot: 'total',
  temp: 'temperature',
  lang: 'language',
  cnt: 'count',
  mgr: 'manager',
  super: 'supervisor',
  ssn: 'ssn',
  pop: 'population',
  lat: 'latitude',
  long: 'longitude',
  lng: 'longitude',
  zipcode: 'zip code',
  postcode: 'post code',
  phonenumber: 'phone number',
  gnp: 'gnp',
  govt: 'government',
  dest: 'destination',
  src: 'source',
  orig: 'origin',
  ref: 'reference',
  hs: 'high school',
  msg: 'message',
  img: 'image',
  pic: 'picture',
  pwd: 'password',
  usr: 'user',
  grp: 'group',
  inv: 'invoice',
  trans: 'transaction',
  txn: 'transaction',
  mfr: 'manufacturer',
  manuf: 'manufacturer',
  sal: 'salary',
  univ: 'university',
  dep: 'department',
  attr: 'attribute',
  val: 'value',
  pos: 'position',
  st: 'street',
  fk: '',
  pk: '',
  tbl: '',
  yn: '',
  mpg: 'mpg',
  hp: 'horsepower',
  gpa: 'gpa',
  abbr: 'abbreviation',
  abbrev: 'abbreviation',
  lname_: 'last name',
  advisor: 'advisor',
  titlename: 'title',
  homepage: 'homepage',
  email: 'email',
  bday: 'date birth',
  nation: 'nation',
  gender: 'gender',
  sex: 'sex',
  ht: 'height',
  wt: 'weight',
  hrs: 'hours',
  mins: 'minutes',
  secs: 'seconds',
  sec: 'section',
  sem: 'semester',
  crs: 'course',
  bldg: 'building',
  rm: 'room',
  apt: 'apartment',
  cap: 'capacity',
  info: 'information',
  stats: 'statistics',
  hist: 'history',
  perf: 'performance',
  mkt: 'market',
  corp: 'corporation',
  co: 'company',
  dist: 'district',
  cty: 'city',
  ctry: 'country',
  prov: 'province',
  lic: 'license',
  veh: 'vehicle',
  eng: 'engine',
  comp: 'competition',
};

/**
 * The lower-case words of an identifier: cut at underscores, blanks, digits and camel humps, compounds cut where a
 * vocabulary is given and knows both halves, abbreviations spelled out, each as a lemma.
 */
export function splitIdentifier(identifier: string, vocabulary?: (word: string) => boolean): string[] {
  return identifier
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '')
    .flatMap((part) => {
      // `LName` and `StuID` are known as they are; other humps part words.
      const whole = part.toLowerCase();
      const full = Object.hasOwn(abbreviations, whole) ? abbreviations[whole] : undefined;
      return full === undefined || part.length < 4
        ? splitHumps(part, vocabulary)
        : full
            .split(' ')
            .filter((word) => word !== '')
            .map(lemmaOf);
    });
}

function splitHumps(part: string, vocabulary: ((word: string) => boolean) | undefined): string[] {
  const pieces = part
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/(\p{L})(\d)/gu, '$1 $2')
    .replace(/(\d)(\p{L})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((piece) => piece !== '');
  return pieces.flatMap((piece) => expand(piece, vocabulary)).map(lemmaOf);
}

function expand(piece: string, vocabulary: ((word: string) => boolean) | undefined): string[] {
  const full = Object.hasOwn(abbreviations, piece) ? abbreviations[piece] : undefined;
  if (full !== undefined) return full.split(' ').filter((word) => word !== '');
  if (piece.length >= 4 && piece.endsWith('id') && vocabulary?.(piece) !== true) {
    return [...expand(piece.slice(0, -2), vocabulary), 'id'];
  }
  if (vocabulary === undefined || piece.length < 6 || vocabulary(piece) || vocabulary(lemmaOf(piece)))
    return [piece];
  if (piece.startsWith('is') && vocabulary(piece.slice(2))) return ['is', piece.slice(2)];
  // One letter for the table before a word: `dname`, `dlocation`.
  if (piece.length >= 5 && vocabulary(piece.slice(1))) return [piece.slice(0, 1), piece.slice(1)];
  for (let cut = piece.length - 3; cut >= 3; cut--) {
    const left = piece.slice(0, cut);
    const right = piece.slice(cut);
    const known = (word: string): boolean =>
      Object.hasOwn(abbreviations, word) || vocabulary(word) || vocabulary(lemmaOf(word));
    if (known(left) && known(right)) return [...expand(left, vocabulary), ...expand(right, vocabulary)];
  }
  return [piece];
}
