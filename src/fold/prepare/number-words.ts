/** Words of six languages for numbers, weekdays and months. They differ between two instances of
 *  one template. */
const names =
  'one two three four five six seven eight nine ten eleven twelve twenty thirty hundred thousand million billion first second third fourth half ' +
  'monday tuesday wednesday thursday friday saturday sunday january february march april june july august september october november december ' +
  'jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun ' +
  'un deux trois quatre cinq sept huit neuf dix vingt cent mille millions milliard milliards lundi mardi mercredi jeudi vendredi samedi dimanche ' +
  'janvier février mars avril mai juin juillet août septembre octobre novembre décembre ' +
  'eins zwei drei vier fünf sechs sieben acht neun zehn hundert tausend montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar ' +
  'märz juni juli oktober dezember uno dos tres cuatro cinco seis siete ocho nueve diez lunes martes miércoles jueves viernes sábado domingo enero ' +
  'febrero marzo abril mayo junio julio agosto septiembre noviembre diciembre due tre quattro sei sette otto nove dieci lunedì martedì mercoledì ' +
  'giovedì venerdì sabato domenica gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre um dois segunda terça quarta quinta sexta ' +
  'janeiro fevereiro março maio junho julho setembro outubro dezembro';
/** Names of numbers, weekdays and months, in lower case, without digits. */
export const NUMBER_NAMES: ReadonlySet<string> = new Set(names.split(' '));
