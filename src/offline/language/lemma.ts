import irregularForms from '../data/irregular-forms.json' with { type: 'json' };

/** Forms that the suffix rules below would miss. */
const irregular: Readonly<Record<string, string>> = irregularForms;

const vowel = /[aeiouy]/;

/** The stem that an inflected verb leaves, with a doubled consonant undone and a lost final e put back. */
function verbBase(stem: string): string {
  if (/([bdfgklmnprt])\1$/.test(stem) && !/(ll|ss|ff)$/.test(stem)) {
    return stem.slice(0, -1);
  }
  if (
    /(at|iz|iv|uc|ut|iat|eas|ur|ag|ang|ecid|id|ous|os|as|is|us|ac|ic|eg|rg|nc|rv|lv|ok|ak|ik|in|ir|ar|or|am|um|om|ot|it|et|op|ap|ip|yp|yl|il|ol|ul|al|dl|tl|gl|bl|pl|cl|u|v|z|rs|ns|ps)$/.test(
      stem,
    ) &&
    !/(ain|ein|oin|ear|oor|eer|air|our|oun|een|ail|eal|eel|oil|ool|ish|eat|oat|oot|eet|ait|out|eak|ook|eek|isit|imit|edit|exit|edit|enter|pass|miss|ess|oss|ass|view|ollow|row|low|ow|aw|ew|er|ict|act|ect|ist|el|om|um|ill|all|oll|ell|on|an|en)$/.test(
      stem,
    )
  ) {
    return `${stem}e`;
  }
  return stem;
}

/**
 * The dictionary form of one lower-case English word, without regard to context: plurals, verb endings and
 * comparatives undone by rule. The same rule runs on words of questions and of identifiers, so that a wrong form
 * still meets its like.
 */
export function lemmaOf(word: string): string {
  const known = Object.hasOwn(irregular, word) ? irregular[word] : undefined;
  if (known !== undefined) {
    return known;
  }
  if (word.length < 4 || !/^[a-z]+$/.test(word)) {
    return word;
  }
  if (/[^aeiou]ies$/.test(word)) {
    return `${word.slice(0, -3)}y`;
  }
  if (/(ss|sh|ch|x|zz)es$/.test(word)) {
    return word.slice(0, -2);
  }
  if (/(us|ss|is|ous)$/.test(word)) {
    return word;
  }
  if (/s$/.test(word)) {
    return word.slice(0, -1);
  }
  if (/[^aeiou]ied$/.test(word)) {
    return `${word.slice(0, -3)}y`;
  }
  if (/ing$/.test(word) && word.length > 5 && vowel.test(word.slice(0, -3))) {
    return verbBase(word.slice(0, -3));
  }
  if (/ed$/.test(word) && word.length > 4 && vowel.test(word.slice(0, -2))) {
    return verbBase(word.slice(0, -2));
  }
  return word;
}

/** Whether a word is a form that rules don't make: `paid`, `men`. */
export const isIrregular = (word: string): boolean => Object.hasOwn(irregular, word);

/** A short stem under which derived forms meet: `instructor`, `instruction`; `nationality`, `nation`. */
export function stemOf(lemma: string): string {
  if (lemma.length < 6) {
    return lemma;
  }
  const stem = lemma.replace(
    /(isation|ization|ations?|itions?|ality|ities|ators?|ments?|ances?|ences?|ings?|tions?|sions?|ness|able|ible|ship|ors?|ers?|ity|ive|ist|ian|ial|al|ly|or|er|ee|ed|y|e)$/,
    '',
  );
  return stem.length >= 4 ? stem : lemma;
}
