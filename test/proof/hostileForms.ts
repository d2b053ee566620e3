/**
 * Proof files that are almost one: at every place of a sound file, as text, something of another form. Whether such a
 * file is refused must not depend on who reads it.
 */

/** What no field holds, or what looks like what it holds. As JSON text, some of it none. */
const strangers = [
  'null',
  'true',
  'false',
  '""',
  '"1"',
  '" 1"',
  '"1_0"',
  '"+1"',
  '"0x1"',
  '"\u0661"',
  '"1/0"',
  '"1/-2"',
  '"1e9999"',
  '"NaN"',
  '"Infinity"',
  '"__proto__"',
  '"split"',
  '"decision-dependent"',
  '"none"',
  '"pooled"',
  '"last-deployment"',
  '"per-placement"',
  'NaN',
  'Infinity',
  '-Infinity',
  '-0',
  '-0.0',
  '1.0',
  '0.5',
  '-1',
  '1e0',
  '1e999',
  '-1e308',
  '9007199254740993',
  '123456789012345678901234567890',
  '01',
  '.5',
  '[]',
  '[[]]',
  '[null]',
  '{}',
  '{"0":{}}',
  '{"constructor":1}',
] as const;

/** Keys that no table has: positions are written one way. */
const strangeKeys = [
  '__proto__',
  'constructor',
  'toString',
  'length',
  '-1',
  '-0',
  '00',
  '1.0',
  '1e0',
  ' 0',
  '٠',
  '999999',
];

interface Place {
  readonly path: string;
  readonly text: string;
  /** Of the whole text. */
  readonly start: number;
}

export interface HostileForm {
  /** What stands where. */
  readonly change: string;
  readonly text: string;
}

/** Texts that differ from the file in one place. */
export function* hostileForms(file: object): Generator<HostileForm> {
  const text = JSON.stringify(file);
  for (const { path, text: part, start } of placesOf(text)) {
    const put = (other: string): HostileForm => ({
      change: `${path}: ${other}`,
      text: text.slice(0, start) + other + text.slice(start + part.length),
    });
    for (const stranger of strangers) yield put(stranger);
    if (part.startsWith('{')) yield* strangeObjects(part).map(put);
    if (part.startsWith('[')) yield* strangeLists(part).map(put);
  }
  yield { change: 'cut off', text: text.slice(0, -1) };
  yield { change: 'a brace more', text: `${text}}` };
  yield { change: 'in a list', text: `[${text}]` };
}

function strangeObjects(part: string): string[] {
  const members = Object.entries(JSON.parse(part) as object).map(([key, value]) => [
    JSON.stringify(key),
    JSON.stringify(value),
  ]);
  const joined = (list: readonly (readonly string[])[]) => `{${list.map((member) => member.join(':')).join()}}`;
  const value = members[0]?.[1] ?? '1';
  return [
    ...strangeKeys.map((key) => joined([...members, [JSON.stringify(key), value]])),
    ...members.map(([key]) => joined(members.filter(([other]) => other !== key))),
    ...members.map((member) => joined([...members, member])),
    ...members.map(([key]) => joined([...members, [key, 'null']])),
  ];
}

function strangeLists(part: string): string[] {
  const items = (JSON.parse(part) as unknown[]).map((item) => JSON.stringify(item));
  const last = items.at(-1) ?? '0';
  return [[...items, last], [...items, 'null'], items.slice(1), [...items].reverse()].map((list) => `[${list.join()}]`);
}

/** Every value of a JSON text without spaces, with its place. */
function placesOf(text: string, path = '', start = 0): Place[] {
  const value: unknown = JSON.parse(text);
  const own = { path, text, start };
  if (typeof value !== 'object' || value === null) return [own];
  const isList = Array.isArray(value);
  let at = start + 1;
  const inside = Object.entries(value).flatMap(([key, item]) => {
    if (!isList) at += JSON.stringify(key).length + 1;
    const part = JSON.stringify(item);
    const places = placesOf(part, `${path}.${key}`, at);
    at += part.length + 1;
    return places;
  });
  return [own, ...inside];
}
