/** An article in one of seven languages. */
export interface Article {
  readonly language: 'en' | 'fr' | 'de' | 'es' | 'it' | 'zh' | 'ja';
  readonly title: string;
  /** The headline of another paper over the same text. */
  readonly otherTitle: string;
  readonly sentences: readonly string[];
}

const a = (language: Article['language'], title: string, otherTitle: string, ...sentences: string[]): Article => ({
  language,
  title,
  otherTitle,
  sentences,
});

/** Twenty articles of invented places. No two are about one thing. */
export const articles: readonly Article[] = [
  a(
    'en',
    'Council votes for a second slipway',
    'Brackwater harbour to get another slipway',
    'The harbour council of Brackwater voted seven to four on Tuesday to build a second slipway beside the old ice house.',
    'Fishermen had asked for it since the storm of the year before last tore the first one away.',
    'The mayor, who was against it until last week, said the price had come down to 240 thousand crowns.',
    'Work begins in May, when the herring boats have gone, and is to end before the first frost of the winter.',
  ),
  a(
    'en',
    'Lighthouse keeper retires after forty years',
    'Last keeper leaves the lamp at Gull Point',
    'Martha Oakes climbed the 163 steps of the lighthouse at Gull Point for the last time on Sunday evening.',
    'She had kept the lamp for forty years, longer than anybody before her, and trained eleven young assistants.',
    'From now on a small motor turns the mirror, and an engineer looks in from the mainland twice a month.',
    'Oakes means to write down the names of all the ships that she has seen pass in the fog.',
  ),
  a(
    'en',
    'Orchard blight reaches the northern valleys',
    'Growers fell their trees as blight spreads north',
    'A blight that blackens pears within days has reached the northern valleys, the growers of Ashcombe report.',
    'Inspectors found it in 38 orchards last week and marked some six thousand trees for felling.',
    'There is no cure, says the botanist Ines Varga, but late frost seems to slow the fungus down.',
    'The growers ask for seedlings of the old hard varieties, which their grandparents planted against the wind.',
  ),
  a(
    'en',
    'Night ferry to Senholm returns',
    'Sleeper boat sails again after a pause',
    'The night ferry between Brackwater and Senholm sails again from the first of June, its owner says.',
    'It had been laid up for three winters because a cracked shaft could not be replaced anywhere near.',
    'The new shaft was cast in a foundry that makes church bells, weighs 14 tonnes and came by barge.',
    'Cabins have been panelled with larch, and passengers may again bring bicycles, dogs and one goat each.',
  ),
  a(
    'en',
    'Museum finds a lost map in a piano',
    'Chart from 1702 turns up inside an instrument',
    'Restorers of the town museum have found a sea chart from 1702 folded up under the keys of a piano.',
    'It shows sandbanks that have long since moved, and a village that the tide took without a trace.',
    'The piano came from the house of a pilot who, people said, never lost a ship in his life.',
    'The chart hangs in the east hall until autumn, behind two panes of glass and with very little light.',
  ),
  a(
    'fr',
    'Le conseil de Valcreux rouvre la vieille tannerie',
    'À Valcreux, une tannerie devient un atelier commun',
    'Le conseil municipal de Valcreux a décidé jeudi soir de rouvrir la vieille tannerie au bord de la rivière.',
    'Le bâtiment, fermé depuis 1987, accueillera une douzaine d’artisans, dont deux luthiers et une relieuse.',
    'La toiture coûtera à elle seule 310 000 florins, que la commune paiera en quatre fois.',
    'Les premiers établis seront posés avant la fête des moissons, promet la maire Odile Garance.',
  ),
  a(
    'fr',
    'Une baleine remonte l’estuaire de la Sorgue',
    'Un cétacé égaré attire la foule sur les quais',
    'Une baleine de neuf mètres remonte depuis lundi l’estuaire de la Sorgue, à la grande joie des enfants.',
    'Les pêcheurs ont relevé leurs filets, et la capitainerie a fermé le chenal aux barges pendant la nuit.',
    'La biologiste Maëlle Kervran craint que l’eau douce ne lui abîme la peau au bout d’une semaine.',
    'On compte la guider vers le large avec des chants enregistrés près des îles du Ponant.',
  ),
  a(
    'fr',
    'Le funiculaire de Montroc tombe en panne',
    'Quarante touristes bloqués entre deux gares à Montroc',
    'Le funiculaire de Montroc s’est arrêté mercredi à mi-pente avec quarante voyageurs et un chien à bord.',
    'Un câble s’était défait de sa poulie, expliquent les mécaniciens, qui ont travaillé cinq heures sous la pluie.',
    'Les voyageurs ont chanté, partagé du fromage et appris le nom de tous les sommets voisins.',
    'La ligne, longue de 1 240 mètres, restera fermée jusqu’à ce qu’un expert ait vu chaque boulon.',
  ),
  a(
    'de',
    'Gemeinderat von Ostried kauft den Mühlteich',
    'Ostried rettet seinen Teich vor dem Verkauf',
    'Der Gemeinderat von Ostried hat am Montag beschlossen, den Mühlteich samt Wehr und Bootshaus zu kaufen.',
    'Ein Händler aus der Hauptstadt wollte ihn zuschütten und darauf 24 Garagen bauen.',
    'Der Fischereiverein gibt ein Drittel des Preises dazu und darf dafür am Nordufer einen Steg errichten.',
    'Die Bürgermeisterin Hedwig Lohse will im Frühling den Schlamm ausbaggern lassen, ehe die Kröten wandern.',
  ),
  a(
    'de',
    'Glocke von Sankt Veit hat einen Riss',
    'Die große Glocke schweigt zum ersten Mal',
    'Die große Glocke von Sankt Veit hat einen Riss von elf Zentimetern und wird vorerst nicht mehr geläutet.',
    'Der Küster hörte ihn am Palmsonntag als ein leises Schnarren, das niemand außer ihm bemerkte.',
    'Ein Gießer aus Talheim will sie im Turm schweißen, was erst dreimal irgendwo gelungen ist.',
    'Bis dahin ruft ein Hornist von der Galerie herab zum Gottesdienst, auch bei Regen und Wind.',
  ),
  a(
    'de',
    'Wölfe ziehen durch das Moor bei Brennfelde',
    'Schäfer bei Brennfelde stellen höhere Zäune auf',
    'Im Moor bei Brennfelde hat ein Jäger die Spuren von fünf Wölfen gefunden, die nach Westen ziehen.',
    'Die Schäfer der Gegend stellen nun höhere Zäune auf und holen ihre Hunde aus den Nachbardörfern.',
    'Seit 1911 war dort kein Wolf mehr gesehen worden, sagt die Försterin Almut Brack.',
    'Sie bittet Wanderer, auf den Bohlen zu bleiben und keine Vorräte in den Hütten zu lassen.',
  ),
  a(
    'es',
    'El pueblo de Almadraba estrena su faro',
    'Almadraba vuelve a tener luz en la costa',
    'El pueblo de Almadraba estrenó el sábado un faro de piedra que sustituye al que derribó el terremoto.',
    'Lo levantaron en catorce meses los propios vecinos, dirigidos por una cantera jubilada de la sierra.',
    'La linterna alcanza 22 millas y procede de un barco que encalló en la playa hace un siglo.',
    'La alcaldesa Rocío Benavides encendió la lámpara con la misma cerilla larga que usaba su abuelo.',
  ),
  a(
    'es',
    'Descubren un mosaico bajo la plaza de Villacana',
    'Unas obras sacan a la luz delfines romanos',
    'Unos obreros que cambiaban tuberías han descubierto un mosaico romano bajo la plaza de Villacana.',
    'Mide seis metros por cuatro y muestra delfines, un ancla y un pulpo que sujeta un remo.',
    'La arqueóloga Pilar Montoro cree que pertenecía a las termas de un armador muy rico.',
    'La fuente se trasladará junto al mercado y un vidrio grueso cubrirá el hallazgo antes de las fiestas.',
  ),
  a(
    'es',
    'La cosecha de azafrán se reduce a la mitad',
    'Los agricultores de Tierraseca temen por su azafrán',
    'La cosecha de azafrán de Tierraseca se ha reducido a la mitad después de un otoño sin una gota de lluvia.',
    'Las familias recogieron apenas 310 kilos de hebras, frente a los seiscientos de un año corriente.',
    'Muchos bulbos se han secado en el suelo y habrá que traer otros de las laderas del norte.',
    'La cooperativa repartirá las pérdidas entre todos los socios, como hizo durante la gran helada.',
  ),
  a(
    'it',
    'Il mulino di Pietrafonda torna a macinare',
    'Pietrafonda riaccende le vecchie macine del fiume',
    'Il mulino di Pietrafonda ha ripreso a macinare domenica, dopo che la piena del torrente lo aveva fermato.',
    'Due fratelli hanno scolpito le nuove macine, che pesano 900 chili e vengono da una cava vicina.',
    'La farina di castagne si vende già in sacchetti di tela, cuciti dalle allieve della scuola.',
    'Il sindaco Ettore Balestra ha promesso che la strada verrà asfaltata prima della vendemmia.',
  ),
  a(
    'it',
    'Un violino rubato riappare al mercato di Borgolago',
    'Ritrovato tra i vecchi libri lo strumento del maestro',
    'Un violino rubato ventidue anni fa è riapparso tra i libri usati del mercato di Borgolago.',
    'Lo ha riconosciuto la nipote del liutaio, da una piccola stella incisa sotto la tastiera.',
    'Il venditore dice di averlo comprato con una cassa di almanacchi per 35 scudi.',
    'I carabinieri lo restituiranno al maestro Silvano Corti, che intanto ha compiuto novant’anni.',
  ),
  a(
    'zh',
    '临江镇议会批准修建第二座渡口',
    '渔民盼望多年的新渡口获准动工',
    '临江镇议会周二以七票对四票通过决议，在旧冰库旁边修建第二座渡口。',
    '前年的一场风暴冲毁了原来的木码头，渔民们一直要求重建。',
    '镇长李怀谷说，造价已经降到二百四十万，资金将分四次支付。',
    '工程将在鲱鱼季节结束以后开始，预计第一场霜降之前完工。',
  ),
  a(
    'zh',
    '古琴藏在阁楼里两百年终被发现',
    '修缮老宅时工匠找到一张失传的琴',
    '青石巷的工匠在修缮一座老宅时，从阁楼的梁上取下一张落满灰尘的古琴。',
    '琴背刻着制琴人的名字和一首短诗，字迹仍然清晰可辨。',
    '博物馆的沈若兰认为，这张琴至少有两百一十年历史，琴弦用的是野蚕丝。',
    '修复之后，它将在中秋夜由一位盲人琴师第一次弹奏。',
  ),
  a(
    'ja',
    '潮見町の議会が二つ目の船着き場を承認',
    '嵐で流された桟橋がようやく再建へ',
    '潮見町の議会は火曜日、古い氷室の隣に二つ目の船着き場を造る案を七対四で可決した。',
    '一昨年の嵐で最初の桟橋が流されてから、漁師たちは再建を求めてきた。',
    '町長の浜田さつきさんは、費用が2億4000万円まで下がったと説明した。',
    '工事はニシン漁が終わる五月に始まり、初霜の前に終わる予定だという。',
  ),
  a(
    'ja',
    '山あいの蒸気機関車が十年ぶりに走る',
    '里山の鉄道で黒い機関車がよみがえる',
    '霧沢村の山あいを走る小さな蒸気機関車が、十年ぶりに客車を引いて駅を出た。',
    '壊れた釜を直したのは、引退した鍛冶職人と工業高校の生徒たちだった。',
    '全長6キロの線路の枕木は、村の人々が三年かけて栗の木に取り替えた。',
    '初日の切符は売り切れ、沿線では太鼓と手作りの旗が列車を迎えた。',
  ),
];

/** Returns the text of an article, of its sentences from `from` to before `to`. */
export function textOf({ language, sentences }: Article, from = 0, to = Infinity): string {
  return sentences.slice(from, to).join(language === 'zh' || language === 'ja' ? '' : ' ');
}
