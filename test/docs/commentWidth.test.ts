/** Comments are wrapped at the formatter's width. The formatter wraps code and leaves comments as they are. */
import { expect, it } from 'vitest';
import { filesLike, repository, textOf } from './repositoryFiles.ts';

const { formatter } = JSON.parse(textOf('biome.json')) as { formatter: { lineWidth: number } };

/** A line that is a comment and nothing else, in a block or by itself. */
const commentLine = /^\s*(\/\/|\/\*|\*( |\/|$))/;

it('no line of a comment is wider than the formatter allows', () => {
  const files = filesLike('*.ts', '*.mjs');
  expect(files.length, `files read in ${repository}`).toBeGreaterThan(400);
  const wide = files.flatMap((file) =>
    textOf(file)
      .split('\n')
      .flatMap((line, index) =>
        commentLine.test(line) && line.length > formatter.lineWidth ? [`${file}:${index + 1}: ${line.trim()}`] : [],
      ),
  );
  expect(wide).toEqual([]);
});
