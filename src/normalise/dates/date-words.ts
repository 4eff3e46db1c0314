/** Returns the month that a word names, 1 to 12; null for any other word. Words are in full or
 *  short ("Sept.", "févr", "мая"), in any case, with or without accents. Languages: English,
 *  German, French, Spanish, Italian, Portuguese, Catalan, Dutch, Polish, Czech, Slovak, Russian,
 *  Ukrainian, Bulgarian, Serbian, Swedish, Norwegian, Danish, Finnish, Hungarian, Romanian, Greek,
 *  Turkish, Indonesian, Arabic. Forms are from Unicode CLDR 46, `dates/calendars/gregorian/months`,
 *  inflected and plain. Croatian is left out, because its October is the November of Polish and
 *  Czech. */
export function monthOf(word: string): number | null {
  return months.get(toBareWord(word)) ?? null;
}

/** Returns the minutes east of UTC of a zone's abbreviation; null for an unknown word. The
 *  abbreviations are those of RFC 5322 §4.3 and others in feeds. A military letter is 0, as that
 *  section requires, since RFC 822 reversed their signs. */
export function offsetOf(name: string): number | null {
  const word = name.toLowerCase();
  return /^[a-ik-z]$/.test(word) ? 0 : (offsets.get(word) ?? null);
}

/** Returns the IANA zone that a newsroom means by an abbreviation or name ("ET", "EST", "MEZ",
 *  "Eastern time", "北京时间"); null for an unknown one. "EST" in summer still means the clocks in New
 *  York, so summer time is left to the zone. "IST" is India, "CST" Chicago. */
export function zoneOfName(name: string): string | null {
  return zones.get(name.toLowerCase().replaceAll('.', '').replace(/\s+/g, ' ').trim()) ?? null;
}

/** Returns every name that `zoneOfName` knows, longest first, so that a pattern finds "eastern
 *  time" before "eastern". */
export function zoneNames(): readonly string[] {
  return [...zones.keys()].toSorted((a, b) => b.length - a.length);
}

/** Returns a word in lower case without accents and full stops, so that the tables need one
 *  spelling. */
function toBareWord(word: string): string {
  return word
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\p{M}.]/gu, '');
}

const monthWords = [
  'january jan januar janner janvier janv enero ene gennaio gen janeiro januari stycznia styczen sty января январь янв' +
    ' ianuarie ian ocak oca ledna leden led tammikuuta tammikuu tammik ιανουαριου ιανουαριος ιαν січня січень січ януари яну gener yanvar يناير јануар јан',
  'february feb februar feber fevrier fevr fev febrero febbraio fevereiro februari lutego luty lut февраля февраль фев февр' +
    ' februarie subat sub unora unor uno helmikuuta helmikuu helmik φεβρουαριου φεβρουαριος φεβ лютого лютий лют февруари febrer pebruari فبراير фебруар феб',
  'march mar marz mrz maerz mars marzo marco maart mrt marts marca marzec марта март мар' +
    ' martie mart marcius brezna brezen bre maaliskuuta maaliskuu maalisk μαρτιου μαρτιος μαρ березня березень бер marc maret مارس',
  'april apr avril avr abril abr aprile kwietnia kwiecien kwi апреля апрель апр' +
    ' aprilie nisan nis aprilis dubna duben dub huhtikuuta huhtikuu huhtik απριλιου απριλιος απρ квітня квітень квіт кві أبريل ابريل',
  'may mai mayo maggio mag maio mei maj maja мая май' +
    ' mayıs mayis majus kvetna kveten kve toukokuuta toukokuu toukok μαιου μαιος μαι травня травень трав тра maig مايو мај',
  'june jun juni juin junio giugno giu junho czerwca czerwiec cze июня июнь июн' +
    ' iunie iun haziran haz junius cervna cerven kesakuuta kesakuu kesak ιουνιου ιουνιος ιουν червня червень черв чер юни juny يونيو јун',
  'july jul juli juillet juil julio luglio lug julho lipca lipiec lip июля июль июл' +
    ' iulie iul temmuz tem julius cervence cervenec heinakuuta heinakuu heinak ιουλιου ιουλιος ιουλ липня липень лип юли juliol يوليو јул',
  'august aug aout agosto ago augustus augusti sierpnia sierpien sie августа август авг' +
    ' agustos agu augusztus srpna srpen srp elokuuta elokuu elok αυγουστου αυγουστος αυγ серпня серпень серп сер agost agustus أغسطس اغسطس',
  'september sep sept septembre septiembre setiembre set settembre setembro wrzesnia wrzesien wrz сентября сентябрь сен сент' +
    ' septembrie eylul eyl szeptember szept zari syyskuuta syyskuu syysk σεπτεμβριου σεπτεμβριος σεπ σεπτ вересня вересень вер септември сеп setembre سبتمبر септембар',
  'october oct oktober okt octobre octubre ottobre ott outubro out pazdziernika pazdziernik paz октября октябрь окт' +
    ' octombrie ekim eki rijna rijen rij lokakuuta lokakuu lokak οκτωβριου οκτωβριος οκτ жовтня жовтень жовт жов октомври أكتوبر اكتوبر октобар',
  'november nov novembre noviembre novembro listopada listopad lis ноября ноябрь ноя нояб' +
    ' noiembrie kasım kasim kas marraskuuta marraskuu marrask νοεμβριου νοεμβριος νοε листопада листопад лист ноември نوفمبر новембар',
  'december dec dezember dez decembre diciembre dic dicembre dezembro desember des grudnia grudzien gru декабря декабрь дек' +
    ' decembrie aralık aralik ara prosince prosinec pro joulukuuta joulukuu jouluk δεκεμβριου δεκεμβριος δεκ грудня грудень груд гру декември desembre ديسمبر децембар',
];
const months = new Map(monthWords.flatMap((words, index) => words.split(' ').map((word) => [toBareWord(word), index + 1] as const)));

const offsets = new Map<string, number>(
  Object.entries({
    gmt: 0,
    utc: 0,
    ut: 0,
    wet: 0,
    bst: 60,
    west: 60,
    cet: 60,
    mez: 60,
    cest: 120,
    mesz: 120,
    eet: 120,
    sast: 120,
    eest: 180,
    msk: 180,
    trt: 180,
    msd: 240,
    gst: 240,
    pkt: 300,
    ist: 330,
    npt: 345,
    ict: 420,
    wib: 420,
    hkt: 480,
    sgt: 480,
    pht: 480,
    awst: 480,
    jst: 540,
    kst: 540,
    acst: 570,
    aest: 600,
    acdt: 630,
    aedt: 660,
    nzst: 720,
    nzdt: 780,
    ndt: -150,
    nst: -210,
    brt: -180,
    art: -180,
    adt: -180,
    ast: -240,
    edt: -240,
    est: -300,
    cdt: -300,
    cst: -360,
    mdt: -360,
    mst: -420,
    pdt: -420,
    pst: -480,
    akdt: -480,
    akst: -540,
    hst: -600,
  }),
);

const zoneWords: Readonly<Record<string, string>> = {
  'America/New_York': 'et|est|edt|eastern|eastern time|eastern standard time|eastern daylight time|us eastern|new york time|new york',
  'America/Chicago': 'ct|cst|cdt|central|central time|central standard time|central daylight time',
  'America/Denver': 'mt|mst|mdt|mountain|mountain time|mountain standard time|mountain daylight time',
  'America/Los_Angeles': 'pt|pst|pdt|pacific|pacific time|pacific standard time|pacific daylight time',
  'America/Anchorage': 'akst|akdt',
  'Pacific/Honolulu': 'hst',
  'America/Halifax': 'ast|adt',
  'America/St_Johns': 'nst|ndt',
  'America/Sao_Paulo': 'brt|horário de brasília|hora de brasília',
  UTC: 'utc|ut|gmt|z|tu|tmg|greenwich mean time|universal time',
  'Europe/London': 'bst|london time|uk time|london|british summer time',
  'Europe/Paris': 'cet|cest|paris time|heure de paris|central european time|hec',
  'Europe/Berlin': 'mez|mesz|berlin time',
  'Europe/Madrid': 'hora peninsular|hora de madrid',
  'Europe/Lisbon': 'wet|west',
  'Europe/Helsinki': 'eet|eest',
  'Europe/Moscow': 'msk|мск|moscow time|по московскому времени|по москве',
  'Europe/Istanbul': 'trt',
  'Africa/Johannesburg': 'sast',
  'Asia/Dubai': 'gst',
  'Asia/Karachi': 'pkt',
  'Asia/Kolkata': 'ist|india time',
  'Asia/Shanghai': 'beijing time|北京时间|北京時間',
  'Asia/Hong_Kong': 'hkt|hong kong time|香港時間',
  'Asia/Singapore': 'sgt|singapore time',
  'Asia/Tokyo': 'jst|tokyo time|japan time|日本時間',
  'Asia/Seoul': 'kst|한국시간|한국 시간',
  'Australia/Perth': 'awst',
  'Australia/Adelaide': 'acst|acdt',
  'Australia/Sydney': 'aest|aedt|aet|sydney time',
  'Pacific/Auckland': 'nzst|nzdt',
};
const zones = new Map(Object.entries(zoneWords).flatMap(([zone, names]) => names.split('|').map((name) => [name, zone] as const)));
