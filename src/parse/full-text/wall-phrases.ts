/** Kind of page shown in place of an article. */
export type WallKind = 'paywall' | 'login' | 'consent' | 'bot-check';

/** A phrase typical of walls, found in a block of text. */
export interface WallPhrase {
  readonly kind: WallKind;
  /** `strong`: proves alone that the rest is withheld. `likely`: names subscribing and reading
   *  together. `weak`: free pages have it too. */
  readonly strength: 'strong' | 'likely' | 'weak';
  /** The matched words. */
  readonly words: string;
}

/** Returns the phrases of walls in a text: of each kind the strongest, or all weak ones. `plain`
 *  must come from `toPlain` (words.ts). */
export function findPhrases(plain: string): readonly WallPhrase[] {
  const found: WallPhrase[] = [];
  for (const [kind, [strong, weak]] of compiled) {
    const hints = weak === null ? [] : [...new Set([...plain.matchAll(weak)].map(([hint]) => hint))];
    const certain = strong.exec(plain)?.[0];
    const likely = certain === undefined && kind === 'paywall' ? findLikely(plain) : undefined;
    if (certain !== undefined) found.push({ kind, strength: 'strong', words: certain });
    else if (likely !== undefined) found.push({ kind, strength: 'likely', words: likely });
    else for (const words of hints) found.push({ kind, strength: 'weak', words });
  }
  return found;
}

/** Reports whether a text is about newsletters, feeds or comments, for which free pages ask readers
 *  to subscribe or log in too. */
export function isHarmless(plain: string): boolean {
  return BY_MAIL.test(plain);
}

function findLikely(plain: string): string | undefined {
  if (isHarmless(plain)) return undefined;
  return (
    (plain.length <= 40 ? SUBSCRIBERS.exec(plain)?.[0] : undefined) ?? (READING.test(plain) ? SUBSCRIBING.exec(plain)?.[0] : undefined)
  );
}

/** Labels that only name the audience of a text. */
const SUBSCRIBERS =
  /\bsubscribers\b|abonnent|für mitglieder|abonnés\b|suscriptores|abonados|gli abbonati|assinantes|subscritores|abonnees|prenumerant|abonent|subskryb|подписчик|有料|会員限定|付费|付費|訂戶|유료|للمشتركين|للأعضاء|members[- ]only|premium[- ](?:article|content|story)/u;
/** Stems of words for who pays and for what they get, from which new wordings of walls are made. In
 *  the order of the languages below, then some more. */
const SUBSCRIBING =
  /subscri|premium|paid\b|paying|\babo\b|\babos\b|\p{L}{3,}abo\b|abonn|mitglied|abonné|suscri|abonad|socios?\b|abbona|assinant|\bassin[ae]|subscritor|prenumer|abonent|subskry|подпис|購読|有料|会員|付费|付費|订阅|訂閱|会员|會員|订户|訂戶|구독|유료|멤버십|회원|مشترك|اشتر|للأعضاء|payant|formule|patrons\b|digital pass|tilaaj|tilaama|předpl|predpl|\babone|előfiz|συνδρομ|передплат|सदस्य/u;
const READING =
  /\bread|\bfull\b|\bwhole\b|articles?\b|stor(?:y|ies)\b|content|unlock|\baccess|\bonly\b|exclusive|reserved|remaining|continue|lesen|artikel|inhalt|beitrag|zugang|zugriff|\bnur\b|exklusiv|\blire\b|contenu|accéder|accès|réserv|\bsuite\b|\bleer\b|\blee\b|leyendo|complet|artículo|contenido|acceso|exclusiv|legger|articol|contenut|accesso|riservat|\bler\b|lendo|artigo|conteúdo|acesso|restrit|lezen|\blees|alleen|exclusief|\bläs|låst|endast|\blæs|adgang|\bkun\b|\blese|tilgang|saken|czyta|artyku|treś|tylko|dostęp|чита|стать|материал|полност|доступ|только|記事|続き|読|限定|のみ|阅读|閱讀|全文|内容|內容|解锁|解鎖|只限|仅限|기사|읽|전체|전문|전용|콘텐츠|مقال|قراءة|المحتوى|فقط|\bcomplete|remainder|juttu|\blue\b|\bvain\b|člán|číst|čten|pouze|haber|okum|sadece|devam|\bcikk|olvas|csak|άρθρ|μόνο|διαβά|матеріал|лише|लेख|केवल|पढ़/u;
/** Newsletters and other things to which readers subscribe without paying. */
const BY_MAIL =
  /news-?letter|mailing list|e-?mails?\b|inbox|\brss\b|podcast|youtube|boletín|infolettre|nieuwsbrief|nyhetsbrev|nyhedsbrev|рассылк|メルマガ|뉴스레터|نشرة|\bcomment|kommentar|comentario|commentaire/u;

/** A price per week, month or year. */
const PRICE =
  '(?:[$€£¥₩₽]\\s?\\d+(?:[.,]\\d+)?|\\d+(?:[.,]\\d+)?\\s?(?:[$€£¥₩₽]|euros?|eur|kr|zł|руб\\p{L}*|円|元|원|chf|usd|ft))~(?:month|week|year|day|monat|woche|jahr|mois|semaine|\\ban\\b|mes\\b|semana|año|mese|settimana|anno|mês|ano\\b|maand|week|jaar|månad|måned|vecka|uke|uge|miesiąc|mies\\b|месяц|год(?!\\p{L})|月|年|월|شهر)|(?:月額|每月|毎月|월)\\s?[\\d,]+';

/** `~` stands for up to forty characters within a sentence. Languages in this order: English,
 *  German, French, Spanish, Italian, Portuguese, Dutch, Swedish/Danish/Norwegian, Polish, Russian,
 *  Japanese, Chinese, Korean, Arabic. */
const paywallStrong = [
  '(?:subscribe|subscription|become a (?:member|subscriber)|upgrade|join|buy a pass|start your (?:free )?trial|pay)~to (?:continue|keep|finish|unlock|read|access|view)(?! more (?:of|by|from|like|about|stor|articles|posts))(?: reading)?(?: (?:this|the|our)(?: full| rest of)?)?',
  '(?:this|the (?:full|rest of (?:the|this)|complete)) (?:article|story|content|post|piece|page|report|column)~(?:is|are) (?:only |exclusively )?(?:available |reserved |exclusive |open )?(?:only |exclusively )?(?:for|to)~(?:subscribers|members|paying|premium|patrons)',
  '(?:for|to) (?:paying |paid |premium )?(?:subscribers|members|patrons) only|(?:subscribers?|members?)[- ](?:only|exclusive) (?:article|content|story|post)',
  "you(?:'ve| have)? (?:reached|read|used|hit)~(?:free|complimentary|monthly) (?:articles?|stories|limit)|(?:no|0|zero) free (?:articles|stories)|free (?:articles|stories) (?:remaining|left|this month)|you(?:'ve| have) hit your limit|part of (?:our|the) premium|log in if you~subscri|article limit",
  'behind (?:the|a|our) paywall|end of the free (?:part|preview|section)|read (?:this|the) (?:and|full|whole|story|article)~for (?:just |only )?[$€£]|free preview (?:ends|is over|has ended)|(?:the|this) (?:rest|remainder) of (?:this|the) (?:article|post|story)~(?:subscribers|members|locked|paywall)|unlock (?:this|the)(?: full)? (?:article|story|post)',
  '(?:premium|exclusive) (?:article|content)~(?:subscribe|subscription|log in)|(?:create|get) ~(?:digital )?subscription to (?:continue|read)',
  '(?:jetzt |gleich |mit ~)?(?:weiterlesen|weiter lesen)~(?:abo\\b|abonn|testen|plus\\b|premium|mit\\b)|(?:abo\\w*|plus|premium)~(?:weiterlesen|weiter lesen)|artikel~freischalten|leseprobe ist|sie haben noch ~% |mehr lesen ~(?:digital|paket)|(?:lesen sie|lies)~(?:abo\\b|abonnent|als abonnent)',
  '(?:dieser|der (?:ganze|vollständige)|diesen) (?:artikel|beitrag|text|inhalt)~(?:nur|exklusiv|abonnent|kostenpflichtig|mit (?:dem |einem )?abo|freischalten)|(?:exklusiv|nur) für (?:abonnent|mitglieder|plus)|(?:ganzen|vollständigen|kompletten) (?:artikel|text|beitrag) (?:lesen|freischalten)|zugriff auf alle (?:inhalte|artikel|plus)|(?:schalten sie|artikel|inhalt)~(?:frei|freischalten)\\b~(?:lesen|abo)|alle artikel (?:frei|unbegrenzt|lesen)|nur mit ~abo\\b',
  "(?:réservée?s?|exclusivement|exclusif) (?:à|a|aux|pour)~(?:abonn|membres)|(?:abonnez-vous|abonne-toi|je m'abonne)~(?:pour|et)~(?:lire|continuer|accéder|suite|poursuivre)|(?:la suite|le reste) (?:de (?:cet|l')~)?(?:est )?réservé|il vous reste ~(?:%|pour cent)~(?:à lire|à découvrir)|(?:débloquez|déverrouillez|accédez à|profitez de)~(?:cet article|l'article|l'intégralité|tous (?:nos|les) (?:contenus|articles))|envie de lire la suite|pour lire (?:la suite|l'intégralité|cet article)",
  'suscr[ií]b\\w*~(?:para|y)~(?:seguir|continuar|leer|acceder)|(?:contenido|artículo|noticia)~(?:exclusiv\\w+|solo|reservad\\w+) (?:para|a)~(?:suscriptores|socios|abonados)|para seguir leyendo~(?:suscr|hazte)|hazte (?:premium|socio|suscriptor) para|(?:lee|accede a)~(?:todos los|este) (?:contenidos?|artículos?) (?:sin límites|completo|ilimitad)|desbloquea',
  "(?:abbonati|abbonarsi|attiva l'abbonamento)~(?:per (?:continuare|leggere|proseguire)|e (?:continua|leggi))|(?:contenuto|articolo)~(?:riservato|solo|esclusivo)~abbonati|per continuare a leggere~abbon|sblocca~(?:l'accesso|articolo|contenuto)|leggi (?:questo articolo|tutti gli articoli) con~abbonamento",
  '(?:assine|torne-se assinante|seja assinante)~(?:para|e)~(?:continuar|ler|acessar|continue|leia)|(?:conteúdo|artigo|matéria|reportagem)~(?:exclusiv\\w+|restrit\\w+|reservad\\w+)~(?:assinantes|subscritores)|para continuar a (?:ler|leitura)~(?:assin|subscr)|desbloqueie|tenha acesso (?:a todo|ilimitado|completo)',
  '(?:neem|sluit) ~abonnement~(?:om|en)~(?:lezen|lees)|(?:verder lezen|lees verder|lees dit artikel)~(?:abonn|word (?:lid|abonnee)|premium|proef)|(?:alleen|exclusief|enkel) (?:voor|toegankelijk voor)~(?:abonnees|leden)|word abonnee (?:om|en)',
  '(?:prenumerera|bli prenumerant|köp ~prenumeration|teckna)~(?:för att|och) (?:läsa|fortsätta)|(?:vill du|fortsätt|för att) (?:att )?läsa(?: vidare| mer)?~(?:\\?|prova|för|kr\\b)|(?:endast|bara|exklusivt) för prenumeranter|(?:bliv|bli|køb|kjøp)~(?:abonnent|abonnement|medlem)~(?:for at|for å|og|så)~l(?:æ|e)s|(?:kun|forbeholdt|bare|låst) (?:for |til )?(?:våre |vores )?(?:abonnenter|medlemmer)|(?:artik[el]*|saken|artikkelen) er (?:kun )?for (?:abonnenter|abonnement)',
  'pozostało (?:ci )?(?:jeszcze )?\\d+ ?% (?:artykułu|tekstu)|(?:wykup|kup|zaprenumeruj|prenumerat\\w*|subskrypcj\\w*)~(?:aby|żeby|by|i)~(?:czytać|przeczyta|czytaj|dostęp)|(?:artykuł|treść|dalsza część)~(?:tylko|wyłącznie|dostępn\\w+) ?(?:tylko |wyłącznie )?dla ~(?:prenumerator|subskrybent|abonent)',
  '(?:оформите|купите|приобретите)~подписк~(?:чтобы|для)|подпи(?:шитесь|шись|саться)~(?:чтобы|и) (?:прочитать|читать|читайте|дочитать|продолжить|получить)|(?:полный текст|материал|статья|продолжение|доступ)~(?:только|исключительно)?~(?:для|по)~(?:подписчик|подписке)|чтобы (?:читать дальше|дочитать|продолжить чтение)',
  '残り\\s?\\d+\\s?%|この(?:記事|続き|コンテンツ)(?:は|を)~(?:有料|会員限定|購読|プレミアム)|(?:有料会員|会員|購読者|プレミアム会員)(?:限定|専用|のみ)|続き(?:を読むには|をお読みになるには|は~会員)|残り\\s?[\\d,]+\\s?文字',
  '(?:订阅|訂閱|付费|付費|会员|會員|开通|升级|購買|购买)~(?:后|後|以|即可|才能|才可|可)~(?:阅读|閱讀|查看|继续|繼續|全文)|(?:加入|成为|成為|订阅|訂閱|升级|升級|购买|購買|开通|開通)~(?:阅读|閱讀|查看|解锁|解鎖|观看)~(?:全文|完整|更多|余下|本文|此文)|解锁全文|解鎖全文|(?:会员|會員|订户|訂戶|付费用户|訂閱者|订阅者)(?:专享|專享|专属|專屬|限定|可读|才能)|(?:阅读|閱讀)(?:全文|更多|余下)~(?:订阅|訂閱|付费|付費|会员)|(?:剩余|剩餘|还有|還有)\\s?\\d+\\s?%|(?:本文|此文)~(?:付费|付費|会员|會員|订阅|訂閱)',
  '(?:구독|유료|멤버십|프리미엄)~(?:해야|하면|하고|하시면|회원만|회원 전용|전용|독자만|회원에게만)|(?:이|본) (?:기사|콘텐츠)는~(?:유료|구독|회원)|(?:계속 읽으려면|이어서 읽으려면|전문을 보려면)',
  '(?:اشترك|للاشتراك|الاشتراك)~(?:لمتابعة|لمواصلة|لقراءة|لتتمكن|للاطلاع)|(?:هذا|هذه) (?:المقال|المحتوى|المادة)~(?:للمشتركين|حصري)|(?:للمشتركين|للأعضاء) فقط|لمتابعة القراءة',
];

const paywallWeak = [
  PRICE,
  'already (?:a |have a |have an )?(?:subscriber|subscribed|member|subscription)|subscribe (?:now|today)|view subscription options|subscription (?:options|plans)|(?:free|\\d+[- ]day) trial|cancel any ?time|(?:unlimited|full|digital) access|(?:for (?:just|only) )?[$€£]\\s?\\d+(?:\\.\\d+)? ?(?:a|per|/|for)|continue reading|read the full (?:story|article)|support our journalism',
  'bereits (?:abonnent|abo\\b|registriert|kunde)|(?:jetzt|kostenlos) (?:abonnieren|testen|freischalten|lesen)|jederzeit kündbar|monatlich kündbar|probe-?abo|zum (?:abo|angebot)|abo abschließen|artikel freischalten|weiterlesen',
  "déjà abonné|abonnez-vous|s'abonner|offre d'abonnement|sans engagement|essai gratuit|accès illimité|lire la suite",
  'ya eres (?:suscriptor|socio)|suscríbete|prueba gratis|cancela cuando quieras|acceso ilimitado|seguir leyendo',
  'sei già abbonato|abbonati|prova gratuita|disdici quando vuoi|accesso illimitato|continua a leggere',
  'já é assinante|assine (?:já|agora)|teste grátis|cancele quando quiser|acesso ilimitado|continue lendo|já é subscritor',
  'al abonnee|bent u al abonnee|abonneer|proefabonnement|maandelijks opzegbaar|onbeperkt toegang|lees verder',
  'redan prenumerant|allerede abonnent|prenumerera|bliv abonnent|bli abonnent|ingen bindning|uten binding|läs mer|avsluta när du vill',
  'masz już (?:prenumeratę|subskrypcję)|czytaj dalej|wykup (?:dostęp|prenumeratę)|okres próbny',
  'уже (?:есть )?подпис|оформить подписку|читать далее|пробный период',
  '購読(?:する|はこちら|申し込み)|会員登録|無料(?:体験|トライアル)|ログインして|続きを読む',
  '立即(?:订阅|訂閱|购买|加入)|已(?:是|经是|經是)(?:会员|會員|订户|訂戶)|免费试用|免費試用|继续阅读|繼續閱讀',
  '구독(?:하기|신청)|이미 구독|무료 체험|계속 읽기|더 보기',
  'مشترك بالفعل|اشترك الآن|تجربة مجانية|تابع القراءة',
];

const loginStrong = [
  '(?:log ?in|sign ?in|sign ?up|register|create (?:a |an |your )?(?:free )?account|registration)~(?:to|and) (?:continue|keep|go on|carry on|read|access|view|unlock|see|finish)|(?:you (?:must|need to)|please) (?:be logged in|log ?in|sign ?in|register)(?!~(?:comment|reply|vote|respond|review))|(?:free )?registration (?:is )?required|read with a (?:free )?account',
  '(?:melden sie sich|melde dich|anmelden|einloggen|registrieren)~(?:um|und)~(?:weiter|lesen|fortfahren)|(?:kostenlos|gratis) registrieren (?:und|um)|bitte (?:melden|loggen) sie sich|(?:nur|exklusiv) für registrierte',
  '(?:veuillez|merci de) vous (?:identifier|connecter|inscrire)|(?:connectez-vous|identifiez-vous|inscrivez-vous|créez (?:un|votre) compte)~(?:pour|et)~(?:lire|continuer|accéder|poursuivre)',
  '(?:inicia sesión|identifícate|regístrate|crea (?:una|tu) cuenta)~(?:para|y)~(?:leer|continuar|seguir|acceder|continúa)',
  "(?:accedi|effettua (?:il login|l'accesso)|registrati)~(?:per|e)~(?:leggere|continuare|continua|proseguire)",
  '(?:faça login|entre|inicie sessão|cadastre-se|registe-se|crie (?:uma|sua) conta)~para~(?:ler|continuar|acessar|aceder)',
  '(?:log in|inloggen|registreer|maak (?:een )?(?:gratis )?account)~(?:om|en)~(?:verder|lezen|lees)',
  '(?:logga in|registrera dig|skapa (?:ett )?(?:gratis)?konto)~(?:för att|och)~läs|(?:log ind|logg inn|opret|opprett|registrer)~(?:for at|for å|og)~(?:læse|lese|fortsætte|fortsette)',
  '(?:zaloguj się|zarejestruj się|załóż konto)~(?:aby|żeby|by|i)~(?:czyta|przeczyta|kontynu)',
  '(?:войдите|зарегистрируйтесь|авторизуйтесь)~(?:чтобы|для)',
  '(?:ログイン|会員登録|無料登録|登録)~(?:すると|して|が必要|してください|いただくと)~',
  '(?:登录|登入|注册|註冊)~(?:后|後|以|即可|才能)~(?:阅读|閱讀|查看|继续|繼續)|请先?(?:登录|注册)|請先?(?:登入|註冊)',
  '(?:로그인|회원가입)~(?:후|하시면|해야|하고|이 필요|하세요|해 주세요)',
  '(?:سجل الدخول|تسجيل الدخول|سجّل|أنشئ حساب)~(?:لمتابعة|لمواصلة|لقراءة)',
];

const loginWeak = [
  'forgot(?:ten)? (?:your )?password|remember me|stay signed in|create (?:an )?account|sign in with|log in with|e-?mail address and password|no account yet|new here',
  'passwort vergessen|angemeldet bleiben|noch kein konto|benutzername',
  'mot de passe oublié|se souvenir de moi|pas encore de compte',
  'olvidaste tu contraseña|recordarme|contraseña olvidada',
  'password dimenticata|ricordami|esqueceu (?:a|sua) senha|wachtwoord vergeten|glömt lösenord|glemt adgangskode|glemt passord|nie pamiętasz hasła|забыли пароль',
  'パスワードを忘れ|忘记密码|忘記密碼|비밀번호 찾기|نسيت كلمة',
];

const consentStrong = [
  '(?:we|our|us)~(?:value|respect|care about) your privacy|before you continue|(?:we|us) (?:and our|& our|need)~(?:partners|your consent)|your (?:privacy )?(?:consent|choices?)~(?:required|needed|matters?)|(?:accept|agree to|consent to)~(?:cookies|tracking|all)~to (?:continue|read|access|view)|(?:continue|read)~(?:with (?:ads|advertising|tracking)|by accepting)|manage (?:your )?(?:privacy|consent|cookie) (?:settings|preferences|choices)|store and/or access information on a device',
  '(?:wir brauchen|wir benötigen|wir bitten um)~(?:zustimmung|einwilligung)|ihre (?:privatsphäre|zustimmung)~(?:wichtig|erforderlich)|(?:mit werbung|werbefrei|mit tracking)~(?:weiterlesen|nutzen|lesen|besuchen)|(?:zustimmen|akzeptieren) und weiter|alle(?:n)? (?:cookies )?(?:akzeptieren|zustimmen)|datenschutz-?einstellungen',
  '(?:nous|notre) ~(?:respectons|partenaires)~(?:vie privée|cookies|données)|votre vie privée|(?:continuer|accéder)~(?:sans accepter|en acceptant)|accepter (?:et (?:fermer|continuer)|les cookies)|tout accepter',
  '(?:nos importa|valoramos|respetamos) (?:tu|su) privacidad|(?:aceptar|acepta)~(?:cookies|y continuar)|(?:nosotros y )?nuestros (?:socios|partners)~(?:datos|cookies|información)',
  '(?:la tua|rispettiamo la tua|teniamo alla tua) privacy|(?:accetta|accettare)~(?:cookie|e continua)|noi e i nostri (?:partner|fornitori)',
  '(?:valorizamos|respeitamos|a) (?:sua|a sua) privacidade|(?:aceitar|aceite)~(?:cookies|e continuar)|nós e (?:os )?nossos parceiros',
  '(?:wij|we) ~(?:respecteren|waarderen) (?:je|uw|jouw) privacy|(?:accepteer|akkoord)~(?:cookies|en ga verder)|wij en onze partners|jouw privacy',
  '(?:vi|oss) ~(?:värnar om|bryr oss om|respekterer|vårnar|bryr os om)~(?:integritet|privatliv|personvern)|godkänn (?:alla )?(?:cookies|kakor)|(?:accepter|godta) (?:alle )?(?:cookies|informasjonskapsler)|vi og våre partnere|vi och våra partner|din integritet',
  '(?:szanujemy|cenimy)~(?:twoją )?prywatność|(?:akceptuję|zaakceptuj)~(?:cookies|przechodzę|i przejdź|wszystk)|my i nasi partnerzy',
  '(?:мы ценим|мы уважаем)~конфиденциальность|(?:принять|согласиться)~(?:cookie|файлы|все|продолжить)|мы и наши партн',
  '(?:cookie|クッキー)~(?:同意|許可|使用します)|プライバシー(?:を尊重|の設定|に関する)',
  '(?:我们|我們)~(?:重视|重視|尊重)~(?:隐私|隱私)|(?:接受|同意)~cookie',
  '(?:개인정보|프라이버시)~(?:소중|존중|동의)|쿠키~동의',
  '(?:نحن )?(?:نحترم|نقدر) خصوصيتك|(?:قبول|الموافقة)~(?:ملفات تعريف|الكوكيز)',
  "(?:you appear|you seem|it looks like you(?:'re| are)|we (?:have )?(?:noticed|detected))~ad-? ?block|(?:disable|turn off|switch off|pause|deactivate)~ad-? ?block|(?:adblocker|werbeblocker|ad-blocker)~(?:deaktiv|ausschalt|abschalt)|désactive\\w*~bloqueur|desactiva~bloqueador|disattiva~ad ?block",
  "(?:are you|you must be|confirm (?:that )?you are|verify (?:that )?you(?: are|'re))~(?:18|21|of legal)|(?:enter|what is) your date of birth|age (?:verification|check|gate) ?|sind sie (?:über |mindestens )?(?:16|18)|avez-vous (?:plus de )?18|eres mayor de|(?:18|20)歳以上ですか|年齢確認",
];

const consentWeak = [
  '\\bcookies?\\b|\\bconsent\\b|accept all|reject all|privacy (?:policy|settings)|legitimate interest',
  'einwilligung|datenschutz|alle akzeptieren|consentement|cookies|privacidad|privacy|prywatnoś|конфиденциальн|クッキー|プライバシー|隐私|隱私|쿠키|개인정보|خصوصية',
];

const botCheck = [
  "enable javascript and cookies to continue|checking (?:if the site connection is secure|your browser)|(?:verify|verifying|confirm|make sure|prove)~(?:you are|you're|that you are|you)~(?:human|not a robot)|i'?m not a robot|are you a (?:human|robot)|unusual (?:traffic|activity) (?:from|on)|(?:security|captcha) (?:check|challenge)|performance & security by|ray id|ddos protection|please complete the~captcha|you have been blocked|access (?:to this page has been |is )?denied|request (?:was )?(?:blocked|unsuccessful)|why have i been blocked|too many requests|rate limit(?:ed)? exceeded|please (?:enable|turn on|activate) (?:javascript|cookies|js)",
  'sind sie ein (?:mensch|roboter)|(?:bestätigen|überprüfen)~(?:mensch|roboter)|zugriff verweigert|bitte aktivieren sie (?:javascript|cookies)|ungewöhnliche aktivität',
  'vérifi\\w+~(?:humain|robot)|accès refusé|(?:activer|activez) javascript|verifi\\w+~(?:humano|robot|umano)|acceso denegado|acesso negado|accesso negato|toegang geweigerd|odmowa dostępu|доступ (?:запрещен|ограничен)|вы не робот|подтвердите, что (?:вы|запросы)',
  'ロボットではない|アクセスが拒否|人間であることを確認|javascriptを有効に|请完成(?:安全)?验证|安全验证|请输入验证码|您的访问被|人机验证|로봇이 아닙니다|접근이 거부|보안 확인|لست روبوت|تم رفض الوصول',
];

const compile = (phrases: readonly string[], flags = 'u'): RegExp =>
  new RegExp(phrases.map((phrase) => `(?:${phrase.replaceAll('~', GAP)})`).join('|'), flags);

/** Contains no end of a sentence, except a question mark ("Read on? Subscribe"). Its length is
 *  bounded, so that the search stays linear. */
const GAP = '[^.!\\u3002\\uff01]{0,40}?';

const compiled: readonly (readonly [WallKind, readonly [RegExp, RegExp | null]])[] = [
  ['paywall', [compile(paywallStrong), compile(paywallWeak, 'gu')]],
  ['login', [compile(loginStrong), compile(loginWeak, 'gu')]],
  ['consent', [compile(consentStrong), compile(consentWeak, 'gu')]],
  ['bot-check', [compile(botCheck), null]],
];

/** Titles of error pages and walls, matched against a whole title, or a part of it between bars and
 *  dashes. */
export const NOT_FOUND_TITLE =
  /^(?:(?:error|erreur|fehler|fel|errore|erro|błąd|ошибка|エラー)\s?:? ?)?(?:404|410)(?:[ :(]+(?:error|not found|page not found|fehler))?[).!1]*$|^(?:oops[,!. ]*)?(?:(?:the |this )?(?:page|article|story|content|post|file)(?: (?:is|was|could|can|cannot|has))?(?: be)? ?(?:not found|not be found|cannot be found|no longer (?:available|exists)|does(?:n't| not) exist|unavailable|been removed|missing))|^not found$|^(?:die )?(?:seite|artikel)(?: wurde| konnte)? nicht gefunden|^(?:oups ?[!,.] ?)?(?:cette |la )?page (?:est )?(?:introuvable|non trouvée|n'existe)|^(?:la |questa )?(?:página|pagina|artículo|articolo)(?: que \w+)? no(?:n|) (?:encontrad[ao]|(?:è stata )?trovat[ao]|existe|esiste)|^página não encontrada|^pagina niet gevonden|^sidan (?:hittades inte|kunde inte hittas)|^siden (?:blev ikke fundet|ble ikke funnet|findes ikke)|^nie znaleziono(?: strony)?|^strona nie (?:istnieje|została znaleziona)|^страница не найдена|(?:ページ|記事)が見つかりません|^(?:页面|頁面|网页)(?:不存在|未找到)|^找不到(?:页面|頁面)|페이지를 찾을 수 없|الصفحة غير موجودة/u;

export const BOT_CHECK_TITLE =
  /^(?:just a moment|one moment,? please|please wait|attention required|access (?:denied|to this page has been denied)|403 forbidden|forbidden|security check|are you (?:a robot|human)|verify(?:ing)? you are human|human verification|robot check|captcha|request (?:blocked|rejected)|ddos-guard|pardon our interruption|too many requests|429 too many requests|(?:503 )?service (?:temporarily )?unavailable|nur einen moment|un instant|un momento|einen moment bitte|zugriff verweigert|accès refusé|acceso denegado|доступ (?:запрещен|ограничен)|しばらくお待ちください|安全验证|请稍候)[.…! ]*$/u;

export const CONSENT_TITLE =
  /^(?:before you continue|bevor sie (?:fortfahren|weiterlesen)|avant de continuer|antes de continuar|prima di continuare|privacy settings|your privacy choices|cookie (?:consent|settings|wall)|consent|age verification)/u;

export const LOGIN_TITLE =
  /^(?:log ?in|sign ?in|login|anmelden|anmeldung|einloggen|connexion|se connecter|iniciar sesión|accedi|entrar|inloggen|logga in|log ind|logg inn|zaloguj się|logowanie|вход|ログイン|登录|登入|로그인|تسجيل الدخول)$/u;
