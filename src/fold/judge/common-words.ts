/** Shares of texts that contain a word, by kind of word. They stand in for the counts of a small
 *  store. */
const SHARES = { everywhere: 0.5, often: 0.15, rubric: 0.04 } as const;

/** Words in most texts of a language. */
const EVERYWHERE =
  'the of and to in a is that for it on with as was at by be from are has this an have not or but which were his he they their its will been had more ' +
  'le la les de des du et en un une est que dans pour qui par sur au aux pas plus ce il se son sont avec ne sa ' +
  'der die das und ist nicht mit den von zu ein eine auf im dem des sich fur als auch an es bei aus nach wird hat ' +
  'el los las y con por para su lo como mas pero sus del al una no es ' +
  'di che e della per del non gli sono nel con alla si da dei anche come piu ' +
  'o os do da em um uma que nao se na no com';
/** Words that many texts have. */
const OFTEN =
  'after new said says year years first last time people over up out about when who also into two one would could than other some what all can there we you ' +
  'if no so our your its us just before between while where how may day days week month today yesterday tomorrow made make government world state country ' +
  'police president minister company million percent since against during under through because being most many three four five back off down only now any ' +
  'apres deux ans leur comme fait etre mais tout sans contre selon cette entre ou nous vous depuis an jour jours semaine mois aujourd hui annee pays monde ' +
  'nach jahr jahre sind werden wurde haben kann nur noch mehr uber sein ihre wie oder wenn aber gegen bis vor heute woche monat land welt uhr seit unter ' +
  'anos ano dos entre sobre este esta desde dia hoy semana mes pais mundo gobierno sin donde tras segun hasta fue ha han ser ' +
  'anni anno dopo oggi giorno settimana mese mondo governo ha stato tra sulla questo questa dal dalla essere prima contro secondo ' +
  'apos dois sobre hoje dia semana pais mundo governo';
/** Words of rubrics, of the calendar and of the trade, which name no subject. */
const RUBRICS =
  'briefing briefings evening morning afternoon night daily weekly monthly newsletter digest roundup round wrap recap summary headlines headline news live ' +
  'update updates updated latest breaking podcast podcasts episode episodes season part video watch listen read photos photo pictures picture gallery ' +
  'weather forecast horoscope horoscopes crossword quiz sudoku puzzle puzzles letters letter editorial opinion opinions comment column market markets ' +
  'report reports review reviews guide page pages edition issue issues thread open links link notes note best top things know need stories story reading ' +
  'good edition front index archive schedule results result scores agenda calendar events event release released version versions nightly build builds ' +
  'sponsored promotion deal deals exclusive analysis explained explainer interview bulletin brief briefs minute minutes five ' +
  'matin soir journal jour quotidien hebdo lettre infolettre point direct infos info actualite actualites revue presse meteo previsions horoscope mots ' +
  "croises l'essentiel l'actu l'actualite l'info l'edition journee " +
  'episode saison emission balado photos images resume essentiel retenir semaine edition bulletin agenda ' +
  'abend morgen nachrichten tag taglich wochentlich uberblick ruckblick lage newsticker ticker folge staffel sendung bilder bild wetter wetterbericht ' +
  'vorhersage horoskop kreuzwortratsel leserbriefe kommentar presseschau ausgabe wochenruckblick zusammenfassung wichtigste wichtigsten kompakt ' +
  'manana tarde noche diario boletin resumen titulares noticias ultima hora ultimas tiempo pronostico horoscopo crucigrama episodio temporada programa ' +
  'fotos imagenes cartas opinion edicion portada claves repaso ' +
  'mattina sera giornale notizie notiziario bollettino rassegna stampa riassunto meteo previsioni oroscopo cruciverba puntata stagione trasmissione foto ' +
  'immagini lettere edizione ultime ultima cose sapere punto ' +
  '早报 晚报 日报 周报 周刊 简报 新闻 要闻 快讯 每日 今日 早间 晚间 天气 预报 星座 运势 直播 更新 播客 图片 ' +
  '朝刊 夕刊 日刊 週刊 朝の 夜の 今日 本日 天気 予報 占い 更新 速報 写真 動画';

/** The share of texts that contain a word, for words that say little; a word that is not here is
 *  rare. Without accents, in lower case. */
export const COMMON_WORDS: ReadonlyMap<string, number> = new Map([
  ...RUBRICS.split(' ').map((word) => [word, SHARES.rubric] as const),
  ...OFTEN.split(' ').map((word) => [word, SHARES.often] as const),
  ...EVERYWHERE.split(' ').map((word) => [word, SHARES.everywhere] as const),
]);

/** Sentences that services and publishers add to texts of every subject. */
export const STOCK_SENTENCES: readonly string[] = [
  'Hosted on Acast. See acast.com/privacy for more information.',
  'Learn more about your ad choices. Visit megaphone.fm/adchoices',
  'Learn more about your ad choices. Visit podcastchoices.com/adchoices',
  'Hosted by Simplecast, an AdsWizz company. See pcm.adswizz.com for information about our collection and use of personal data for advertising.',
  'Privacy & Opt-Out: https://redcircle.com/privacy',
  'Our GDPR privacy policy was updated. Visit acast.com/privacy for more information.',
  'See Privacy Policy at https://art19.com/privacy and California Privacy Notice at https://art19.com/privacy#do-not-sell-my-info.',
  'Support this podcast by becoming a paid subscriber. Listen to new episodes early and ad-free wherever you get your podcasts.',
  'Subscribe wherever you get your podcasts, and leave us a rating and a review. Follow us on Apple Podcasts, Spotify or wherever you listen.',
  'This is a public episode. If you would like to discuss this with other subscribers or get access to bonus episodes, visit',
  'This article is for subscribers only. To continue reading, please log in or subscribe. Already a subscriber? Sign in.',
  'This post is for paid subscribers. Subscribe to read the full story. Get unlimited access to all articles.',
  'Sign up for our newsletter. You can unsubscribe at any time. All rights reserved. Terms of use and privacy policy.',
  'Read the whole article on our site. Click here to read more, watch the video and see all pictures and comments.',
  'Lisez l’article complet sur notre site. Cliquez ici pour lire la suite et voir toutes les photos.',
  'Lesen Sie den ganzen Artikel auf unserer Seite. Klicken Sie hier, um mehr zu lesen und alle Bilder zu sehen.',
  'Lea el artículo completo en nuestro sitio. Haga clic aquí para leer más y ver todas las fotos.',
  'Leggi l’articolo completo sul nostro sito. Clicca qui per leggere di più e vedere tutte le foto.',
  'This story was originally published by and is reproduced here with permission. Follow us on Twitter, Facebook and Instagram.',
  'Cet article est réservé aux abonnés. Pour lire la suite, abonnez-vous. Déjà abonné ? Connectez-vous.',
  'Hébergé par Acast. Visitez acast.com/privacy pour plus d’informations.',
  'Inscrivez-vous à notre newsletter. Abonnez-vous à ce podcast sur votre plateforme préférée. Tous droits réservés.',
  'Dieser Artikel ist nur für Abonnenten verfügbar. Jetzt abonnieren und weiterlesen. Sie sind bereits Abonnent? Jetzt anmelden.',
  'Hosted on Acast. Weitere Informationen finden Sie unter acast.com/privacy. Abonnieren Sie diesen Podcast. Alle Rechte vorbehalten.',
  'Este artículo es solo para suscriptores. Suscríbete para seguir leyendo. ¿Ya eres suscriptor? Inicia sesión. Todos los derechos reservados.',
  'Alojado en Acast. Visita acast.com/privacy para obtener más información.',
  'Questo articolo è riservato agli abbonati. Abbonati per continuare a leggere. Sei già abbonato? Accedi. Tutti i diritti riservati.',
  'Learn more about your ad choices. Visit megaphone.fm/adchoices. Iscriviti alla newsletter e ascolta il podcast sulla tua piattaforma preferita.',
  '本文仅供订阅用户阅读。请登录或订阅后继续阅读。版权所有，未经授权不得转载。',
  'この記事は会員限定です。続きを読むにはログインまたは会員登録してください。無断転載を禁じます。',
];
