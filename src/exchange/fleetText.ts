/** A fleet as YAML that a person can edit: one line for each entry of a list, comments at its head. */

import { Document, isCollection, isMap, isSeq, visit } from 'yaml';
import type { Fleet } from '../generator/fleet/fleetSchema.ts';
import { fault, showValue } from '../input/inputError.ts';
import { isPlainObject } from '../input/optionRules.ts';
import { visible } from '../model/visibleText.ts';

/** `comments` are lines at the head. */
export function fleetText(fleet: Fleet, comments: readonly string[] = []): string {
  if (!isPlainObject(fleet) || (fleet as Partial<Fleet>).format !== 'rolla-fleet/1')
    throw fault('fleet', showValue(fleet), 'a rolla-fleet/1');
  const document = new Document(fleet, { aliasDuplicateObjects: false });
  visit(document, {
    Map: (_, node, path) => {
      // Entries of lists on one line each, but for those that hold a list themselves.
      const isEntry = isSeq(path.at(-1));
      const holdsEntries = node.items.some(({ value }) => isSeq(value) && value.items.some(isMap));
      if (isEntry && !holdsEntries) node.flow = true;
    },
    Seq: (_, node) => {
      if (!node.items.some(isCollection)) node.flow = true;
    },
  });
  const head = comments.map((line) => `# ${visible(line)}\n`).join('');
  return `${head}${document.toString({ lineWidth: 0 })}`;
}
