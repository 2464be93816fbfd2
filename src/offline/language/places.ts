/** Countries with their codes and what their people and things are called; one a line. */
const countries = `
united states|usa|us|u s|u s a|united states of america|america|american|americans
united kingdom|uk|gb|gbr|u k|great britain|britain|british
england|eng|english
scotland|sco|scottish
wales|wal|welsh
ireland|ie|irl|irish
france|fr|fra|french
germany|de|deu|ger|german|germans
italy|it|ita|italian|italians
spain|es|esp|spanish
portugal|pt|prt|por|portuguese
netherlands|nl|nld|ned|the netherlands|holland|dutch
belgium|be|bel|belgian
luxembourg|lu|lux
switzerland|ch|che|sui|swiss
austria|at|aut|austrian
poland|pl|pol|polish
czech republic|cz|cze|czechia|czech
slovakia|sk|svk|slovak
hungary|hu|hun|hungarian
romania|ro|rou|romanian
bulgaria|bg|bgr|bul|bulgarian
greece|gr|grc|gre|greek
turkey|tr|tur|turkish
ukraine|ua|ukr|ukrainian
russia|ru|rus|russian|russians|russian federation
sweden|se|swe|swedish
norway|no|nor|norwegian
denmark|dk|dnk|den|danish
finland|fi|fin|finnish
iceland|isl|icelandic
estonia|ee|est|estonian
latvia|lv|lva|latvian
lithuania|lt|ltu|lithuanian
croatia|hr|hrv|cro|croatian
serbia|rs|srb|serbian
slovenia|si|svn|slovenian
israel|il|isr|israeli
egypt|eg|egy|egyptian
morocco|ma|mar|moroccan
algeria|dz|dza|algerian
tunisia|tn|tun|tunisian
south africa|za|zaf|rsa|south african
nigeria|ng|nga|nigerian
kenya|ke|ken|kenyan
ethiopia|eth|ethiopian
ghana|gh|gha|ghanaian
senegal|sen|senegalese
cameroon|cm|cmr|cameroonian
saudi arabia|sa|sau|ksa|saudi
united arab emirates|ae|are|uae|emirati
iran|ir|irn|iranian
iraq|iq|irq|iraqi
pakistan|pk|pak|pakistani
india|ind|indian
bangladesh|bd|bgd|bangladeshi
sri lanka|lk|lka|sri lankan
china|cn|chn|chinese
japan|jp|jpn|japanese
south korea|kr|kor|korea|korean|republic of korea
north korea|kp|prk
taiwan|tw|twn|taiwanese
hong kong|hk|hkg
singapore|sg|sgp|singaporean
malaysia|mys|malaysian
indonesia|idn|indonesian
thailand|th|tha|thai
vietnam|vn|vnm|vietnamese
philippines|ph|phl|the philippines|filipino|philippine
australia|au|aus|australian|australians
new zealand|nz|nzl|new zealander
canada|ca|can|canadian|canadians
mexico|mx|mex|mexican
brazil|br|bra|brazilian
argentina|ar|arg|argentine|argentinian
chile|cl|chl|chilean
colombia|col|colombian
peru|pe|per|peruvian
venezuela|ve|ven|venezuelan
ecuador|ec|ecu|ecuadorian
uruguay|uy|ury|uruguayan
paraguay|py|pry|paraguayan
bolivia|bo|bol|bolivian
cuba|cu|cub|cuban
jamaica|jm|jam|jamaican
`;

/** States and provinces with their postal codes. */
const states = `
alabama|al
alaska|ak
arizona|az
arkansas|ar
california|ca
colorado|co
connecticut|ct
delaware|de
florida|fl
georgia|ga
hawaii|hi
idaho|id
illinois|il
indiana|in
iowa|ia
kansas|ks
kentucky|ky
louisiana|la
maine|me
maryland|md
massachusetts|ma
michigan|mi
minnesota|mn
mississippi|ms
missouri|mo
montana|mt
nebraska|ne
nevada|nv
new hampshire|nh
new jersey|nj
new mexico|nm
new york|ny
north carolina|nc
north dakota|nd
ohio|oh
oklahoma|ok
oregon|or
pennsylvania|pa
rhode island|ri
south carolina|sc
south dakota|sd
tennessee|tn
texas|tx
utah|ut
vermont|vt
virginia|va
washington|wa
west virginia|wv
wisconsin|wi
wyoming|wy
district of columbia|dc
ontario|on
quebec|qc
british columbia|bc
alberta|ab
`;

/** Months and days of the week with their short forms. */
const times = `
january|jan
february|feb
march|mar
april|apr
june|jun
july|jul
august|aug
september|sep|sept
october|oct
november|nov
december|dec
monday|mon
tuesday|tue
wednesday|wed
thursday|thu
friday|fri
saturday|sat
sunday|sun
`;

const namesOf = new Map<string, Set<string>>();
for (const line of [countries, states, times].join('').split('\n')) {
  const names = line.split('|').filter((name) => name !== '');
  for (const name of names) {
    const known = namesOf.get(name) ?? new Set();
    for (const other of names) if (other !== name) known.add(other);
    namesOf.set(name, known);
  }
}

/** Other spellings under which a database may store a country, a state, a month or a weekday; all folded. */
export function otherNames(folded: string): ReadonlySet<string> {
  return namesOf.get(folded) ?? none;
}

const none: ReadonlySet<string> = new Set();
