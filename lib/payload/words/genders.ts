import { toBaseLanguage } from './languages.ts';
import { createLexicon } from './lexicon.ts';

/** Braze's letters: male, female, other, not applicable, prefer not to say. */
const GENDERS = ['M', 'F', 'O', 'N', 'P'] as const;
export type Gender = (typeof GENDERS)[number];

/**
 * CLDR has no words for genders. Single letters are those of forms and documents in that language. A function, so that
 * the table is made only when a word needs it.
 */
const words = (): { readonly [language: string]: { readonly [G in Gender]: string } } => ({
  fr: {
    M: 'homme, h, masculin, garçon, mâle, monsieur',
    F: 'femme, féminin, fille, femelle, madame, mme, mademoiselle, mlle',
    O: 'autre, non binaire, non-binaire, x, divers, genre fluide',
    N: 'non applicable, sans objet, ne s’applique pas, non concerné, non concernée',
    P: 'je préfère ne pas répondre, je préfère ne pas le dire, je préfère ne pas dire, préfère ne pas répondre, préfère ne pas dire, préfère ne pas le dire, ne souhaite pas répondre, je ne souhaite pas répondre, ne se prononce pas, non précisé, non communiqué, pas de réponse',
  },
  de: {
    M: 'Mann, männlich, Herr, Junge, Bub',
    F: 'Frau, weiblich, w, Mädchen, Dame, Fräulein',
    O: 'divers, d, andere, anderes, anderer, sonstige, sonstiges, nichtbinär, nicht-binär, nonbinär, enby',
    N: 'nicht zutreffend, trifft nicht zu, entfällt, nicht anwendbar',
    P: 'keine Angabe, keine Angaben, k. A., möchte ich nicht sagen, möchte ich nicht angeben, möchte nicht antworten, lieber nicht sagen, will ich nicht sagen, ich möchte es nicht sagen, ich möchte das nicht sagen, ich möchte keine Angabe machen, keine Antwort',
  },
  es: {
    M: 'hombre, h, masculino, varón, chico, niño, macho, señor, sr',
    F: 'mujer, femenino, femenina, chica, niña, hembra, señora, sra, señorita, srta',
    O: 'otro, otra, otros, no binario, no binaria, no binarie, género fluido',
    N: 'no aplica, no aplicable, no procede, no corresponde',
    P: 'prefiero no decirlo, prefiero no decir, prefiero no contestar, prefiero no responder, prefiero no especificar, prefiero no especificarlo, sin especificar, no deseo responder, sin respuesta',
  },
  pt: {
    M: 'homem, h, masculino, rapaz, menino, macho, senhor, sr',
    F: 'mulher, feminino, feminina, rapariga, moça, menina, fêmea, senhora, sra',
    O: 'outro, outra, outros, não binário, não binária, não-binário, gênero fluido',
    N: 'não aplicável, não se aplica',
    P: 'prefiro não dizer, prefiro não responder, prefiro não informar, prefiro não declarar, não informado, não quero dizer, não quero responder',
  },
  it: {
    M: 'uomo, maschio, maschile, ragazzo, signore',
    F: 'donna, femmina, femminile, ragazza, signora, signorina',
    O: 'altro, altra, non binario, non binaria, non-binario, genere fluido',
    N: 'non applicabile, non si applica, non pertinente',
    P: 'preferisco non dirlo, preferisco non dire, preferisco non rispondere, preferisco non specificare, preferisco non specificarlo, non specificato, non voglio dirlo',
  },
  nl: {
    M: 'man, mannelijk, jongen, heer, meneer, dhr',
    F: 'vrouw, v, vrouwelijk, meisje, mevrouw, mevr, mw, dame',
    O: 'anders, overig, overige, non-binair, nonbinair, genderfluïde',
    N: 'niet van toepassing, nvt, n.v.t.',
    P: 'zeg ik liever niet, wil ik niet zeggen, liever niet zeggen, ik zeg het liever niet, wil ik liever niet zeggen, geen antwoord, niet opgegeven',
  },
  pl: {
    M: 'mężczyzna, męska, męski, chłopak, chłopiec, pan',
    F: 'kobieta, k, żeńska, żeński, dziewczyna, dziewczynka, pani',
    O: 'inna, inny, inne, niebinarna, niebinarny, osoba niebinarna, niebinarne',
    N: 'nie dotyczy',
    P: 'wolę nie mówić, wolę nie odpowiadać, wolę nie podawać, nie chcę podawać, nie chcę odpowiadać, bez odpowiedzi, odmawiam odpowiedzi',
  },
  sv: {
    M: 'man, manlig, kille, pojke, herr',
    F: 'kvinna, k, kvinnlig, tjej, flicka, fru',
    O: 'annat, annan, övrigt, icke-binär, ickebinär, icke binär',
    N: 'ej tillämpligt, inte tillämpligt, ej relevant',
    P: 'vill inte säga, vill ej uppge, vill inte uppge, vill inte ange, vill ej svara, vill inte svara, föredrar att inte säga, föredrar att inte svara',
  },
  da: {
    M: 'mand, mandlig, mandligt, dreng, herre, hankøn',
    F: 'kvinde, k, kvindelig, kvindeligt, pige, dame, hunkøn',
    O: 'andet, anden, ikke-binær, nonbinær, non-binær',
    N: 'ikke relevant, ikke aktuelt',
    P: 'ønsker ikke at oplyse, vil ikke oplyse, ønsker ikke at svare, vil ikke svare, foretrækker ikke at svare, vil helst ikke sige det, vil ikke sige det',
  },
  nb: {
    M: 'mann, mannlig, gutt, herre, hankjønn',
    F: 'kvinne, k, kvinnelig, jente, dame, hunkjønn',
    O: 'annet, annen, anna, ikke-binær, ikkebinær, ikkje-binær',
    N: 'ikke relevant, ikke aktuelt, ikkje aktuelt',
    P: 'ønsker ikke å oppgi, vil ikke oppgi, ønsker ikke å svare, vil ikke svare, foretrekker å ikke svare, vil helst ikke si, vil ikke si, ønsker ikke å si',
  },
  fi: {
    M: 'mies, miespuolinen, poika, herra',
    F: 'nainen, n, naispuolinen, tyttö, rouva',
    O: 'muu, muunsukupuolinen, ei-binäärinen, ei binäärinen',
    N: 'ei sovellu, ei sovelleta',
    P: 'en halua kertoa, en halua sanoa, en halua vastata, en tahdo kertoa, ei vastausta',
  },
  cs: {
    M: 'muž, mužské, mužský, kluk, chlapec, pan',
    F: 'žena, ž, ženské, ženský, dívka, holka, paní',
    O: 'jiné, jiný, jiná, ostatní, nebinární',
    N: 'netýká se, nevztahuje se, neuplatňuje se',
    P: 'nechci uvést, nechci odpovědět, nechci říct, raději neuvádět, raději neuvedu, neuvedeno, nepřeji si uvést',
  },
  tr: {
    M: 'erkek, e, bay, adam, oğlan',
    F: 'kadın, k, bayan, kız, dişi',
    O: 'diğer, başka, ikili olmayan, nonbinary',
    N: 'uygulanamaz, geçerli değil',
    P: 'belirtmek istemiyorum, söylemek istemiyorum, cevap vermek istemiyorum, yanıtlamak istemiyorum, söylememeyi tercih ederim, belirtmemeyi tercih ederim',
  },
  ru: {
    M: 'мужчина, м, муж, мужской, мальчик, парень, мужской пол',
    F: 'женщина, ж, жен, женский, девочка, девушка, женский пол',
    O: 'другой, другое, другая, иное, иной, небинарный, небинарная, небинарное',
    N: 'не применимо, неприменимо',
    P: 'предпочитаю не говорить, предпочитаю не отвечать, предпочитаю не указывать, не хочу говорить, не хочу отвечать, не хочу указывать, не указано, без ответа',
  },
  uk: {
    M: 'чоловік, ч, чоловіча, чоловічий, хлопець, хлопчик',
    F: 'жінка, ж, жіноча, жіночий, дівчина, дівчинка',
    O: 'інша, інше, інший, небінарна, небінарний',
    N: 'не застосовується, не стосується',
    P: 'не хочу казати, не хочу відповідати, не хочу вказувати, не бажаю відповідати, волію не відповідати, волію не казати, не вказано',
  },
  el: {
    M: 'άνδρας, άντρας, αρσενικό, άρρεν, αγόρι, α, κύριος',
    F: 'γυναίκα, θηλυκό, θήλυ, κορίτσι, θ, γ, κυρία',
    O: 'άλλο, άλλος, μη δυαδικό, μη-δυαδικό',
    N: 'δεν ισχύει, δεν εφαρμόζεται, μη εφαρμόσιμο',
    P: 'προτιμώ να μην απαντήσω, προτιμώ να μην πω, προτιμώ να μην το πω, δεν θέλω να πω, δεν θέλω να απαντήσω, δεν απαντώ',
  },
  ar: {
    M: 'ذكر, رجل, ولد, مذكر',
    F: 'أنثى, امرأة, بنت, فتاة, مؤنث, انثى',
    O: 'آخر, أخرى, غير ثنائي, غير ثنائية',
    N: 'لا ينطبق, غير قابل للتطبيق, غير منطبق',
    P: 'أفضل عدم القول, أفضل عدم الإجابة, أفضل ألا أقول, أفضل عدم الإفصاح, أفضل عدم الذكر, لا أريد الإجابة, لا أرغب في الإجابة',
  },
  he: {
    M: 'זכר, ז, גבר, בן, איש',
    F: 'נקבה, נ, אישה, אשה, בת',
    O: 'אחר, אחרת, א-בינארי, א-בינארית, לא בינארי, לא בינארית',
    N: 'לא רלוונטי, לא ישים',
    P: 'מעדיף לא לומר, מעדיפה לא לומר, מעדיף לא לענות, מעדיפה לא לענות, מעדיף/ה לא לומר, מעדיף לא להגיד, מעדיפה לא להגיד, לא רוצה לומר, לא רוצה לענות',
  },
  ja: {
    M: '男, 男性, 男子, 男の子, 男の人',
    F: '女, 女性, 女子, 女の子, 女の人',
    O: 'その他, ノンバイナリー, ノンバイナリ, Xジェンダー',
    N: '該当なし, 該当しない, 該当しません',
    P: '回答しない, 答えたくない, 無回答, 回答したくない, 言いたくない, 答えたくありません, 回答を控える',
  },
  ko: {
    M: '남, 남자, 남성, 소년',
    F: '여, 여자, 여성, 소녀',
    O: '기타, 논바이너리, 제3의 성, 그 외',
    N: '해당 없음, 해당되지 않음, 해당 사항 없음',
    P: '밝히고 싶지 않음, 답변하고 싶지 않음, 말하고 싶지 않음, 응답하지 않음, 응답 안 함, 선택 안 함, 밝히지 않음, 말하고 싶지 않아요',
  },
  zh: {
    M: '男, 男性, 男士, 男人, 男生, 先生',
    F: '女, 女性, 女士, 女人, 女生, 小姐',
    O: '其他, 其它, 非二元, 非二元性别, 非二元性別',
    N: '不适用, 不適用',
    P: '不愿透露, 不願透露, 不想说, 不想說, 不想回答, 保密, 不愿说, 不願說, 不愿回答, 不願回答, 宁愿不说, 不便透露',
  },
});

/** The words for a gender in every language but English, whose own stand in the field. */
export const genders = createLexicon<Gender>((locale) => {
  const own = words()[toBaseLanguage(locale)];
  if (own === undefined) return [];
  return GENDERS.flatMap((gender) => own[gender].split(', ').map((word) => [word, gender] as const));
});
