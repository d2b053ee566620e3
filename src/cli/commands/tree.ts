/** `rolla tree`: the picture of a search tree from the log of a solve. */
import { type Command, Option } from 'commander';
import { readProgressLines } from '../../report/progressLines.ts';
import { type TreeAxis, treeAxes, treePicture } from '../../report/treePicture.ts';
import { exitCodes } from '../exitCodes.ts';
import { checkOutputs, OutputFiles, readFileAs } from '../files.ts';
import { wholeNumber } from '../optionFlags.ts';
import type { CommandContext } from '../terminal.ts';

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

export function addTreeCommand(program: Command, { terminal, finish }: CommandContext): void {
  program
    .command('tree')
    .summary('draw the search tree of a log')
    .description('Draw the search tree that a log of solve or lp (--log-json) tells of, as SVG.')
    .argument('<log>', 'JSON lines of --log-json; - reads stdin')
    .requiredOption('-o, --output <file>', 'where the picture goes; - is stdout')
    .addOption(
      new Option('--by <what>', 'what nodes are placed by, from top to bottom').choices(treeAxes).default('depth'),
    )
    .option('--nodes <n>', 'the tree as it was when n nodes were settled', wholeNumber(0))
    .option('--most <n>', 'nodes drawn at most; the others are folded and counted', wholeNumber(1), 1500)
    .option('--title <text>', "the picture's title (default: the name of the log)")
    .option('--force', 'replace a file that exists')
    .addHelpText('after', examples)
    .action(async (path: string, flags: TreeFlags) => {
      checkOutputs([flags.output], flags);
      const { by, most: mostNodes, nodes, title = path } = flags;
      const events = await readFileAs(path, terminal, readProgressLines);
      const picture = treePicture(title, events, { by, mostNodes, ...(nodes !== undefined && { afterNodes: nodes }) });
      const files = new OutputFiles(terminal, flags);
      files.write(flags.output, picture);
      finish(files.isComplete ? exitCodes.ok : exitCodes.badInput);
    });
}
