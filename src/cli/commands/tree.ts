/** `rolla tree`: the picture of a search tree from the log of a solve. */
import { readProgressLines } from '../../report/progressLines.ts';
import { type TreeAxis, treeAxes, treePicture } from '../../report/treePicture.ts';
import { exitCodes } from '../exitCodes.ts';
import { OutputFiles, readFileAs } from '../files.ts';
import { type CliCommand, forceFlag, outputFlag } from '../flags.ts';
import type { CommandContext } from '../terminal.ts';
import { choiceText, countText } from '../textRules.ts';

interface TreeFlags {
  readonly output: string;
  readonly by: TreeAxis;
  readonly nodes?: number;
  readonly most: number;
  readonly title?: string;
  readonly force?: boolean;
}

const examples = `
Examples:
  rolla tree search.jsonl -o tree.svg
  rolla tree search.jsonl --by bound --nodes 100 -o early.svg

rolla solve --log-json search.jsonl writes such logs.`;

export function addTreeCommand(program: CliCommand, { terminal, finish }: CommandContext): void {
  program
    .command('tree')
    .summary('draw the search tree of a log')
    .description('Draw the search tree that a log of solve or lp (--log-json) tells of, as SVG.')
    .argument('<log>', 'JSON lines of --log-json; - reads stdin')
    .addFlags({
      output: { ...outputFlag('where the picture goes; - is stdout').output, isRequired: true },
      by: {
        argument: '<what>',
        does: 'what nodes are placed by, from top to bottom',
        value: choiceText(treeAxes),
        default: 'depth',
      },
      nodes: {
        argument: '<n>',
        does: 'the tree as it was when n nodes were settled',
        value: countText(0, 'nodes'),
      },
      most: {
        argument: '<n>',
        does: 'nodes drawn at most; the others are folded and counted',
        value: countText(1, 'nodes'),
        default: 1500,
      },
      title: { argument: '<text>', does: "the picture's title", otherwise: 'the name of the log' },
      ...forceFlag,
    })
    .addHelpText('after', examples)
    .action(async (path: string, flags: TreeFlags) => {
      const { by, most: mostNodes, nodes, title = path } = flags;
      const events = await readFileAs(path, terminal, readProgressLines);
      const picture = treePicture(title, events, { by, mostNodes, ...(nodes !== undefined && { afterNodes: nodes }) });
      const files = new OutputFiles(terminal, flags);
      files.write(flags.output, picture);
      finish(files.isComplete ? exitCodes.ok : exitCodes.badInput);
    });
}
