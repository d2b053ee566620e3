/** A proof of the result that anyone can check: written in one worker, checked in another by exact arithmetic alone. */
import type { CheckedProof } from '../../src/proof/check/checkProof.ts';
import type { WriteProgress } from '../../src/proof/write/writeOptions.ts';
import { percent } from '../../src/report/numberText.ts';
import { CommandText } from '../parts/CommandText.tsx';
import { TaskLine } from '../parts/TaskLine.tsx';
import { useTask } from '../parts/useTask.ts';
import { proofCommand } from '../state/commandLine.ts';
import { download } from '../state/downloads.ts';
import type { Solved } from '../state/planner.ts';

export function ProofTab({ solved }: { readonly solved: Solved }) {
  const { instance, result, options, file } = solved;
  const writing = useTask('write proof', solved);
  const proof = writing.answer !== null && 'proof' in writing.answer ? writing.answer.proof : null;
  const checking = useTask('check proof', proof);
  const text = proof === null ? '' : `${JSON.stringify(proof)}\n`;
  return (
    <>
      <p class="says">
        A proof is a file that shows that nothing cheaper exists. The checker trusts neither the search nor its
        rounding: it knows the problem and exact fractions, nothing else.
      </p>
      <TaskLine
        does="Write the proof"
        isRunning={writing.isRunning}
        failure={writing.failure}
        onStart={() => void writing.start({ instance, result })}
        onStop={writing.stop}
      />
      <CommandText command={proofCommand(file, options)} />
      {writing.isRunning && <Progress {...(writing.points.at(-1) ?? { leaves: 0, open: 1, done: 0 })} />}
      {writing.answer !== null && 'reason' in writing.answer && <p class="warning">{writing.answer.reason}</p>}
      {proof !== null && (
        <>
          <p>Written: {Math.ceil(text.length / 1024)} kB.</p>
          <TaskLine
            does="Check it"
            isRunning={checking.isRunning}
            failure={checking.failure}
            onStart={() => void checking.start({ instance, proof })}
            onStop={checking.stop}
          >
            <button type="button" onClick={() => download('proof.json', text)}>
              Download
            </button>
          </TaskLine>
          {checking.isRunning && <p>{checking.points.at(-1) ?? 0} leaves checked</p>}
          {checking.answer?.ok === true && <Accepted checked={checking.answer} />}
          {checking.answer?.ok === false && (
            <p class="fault" role="alert">
              Refused at {checking.answer.path}: {checking.answer.reason}
            </p>
          )}
        </>
      )}
    </>
  );
}

function Progress({ leaves, open, done }: WriteProgress) {
  return (
    <p>
      {leaves} leaves written, {open} nodes open, about {percent(done)} done
    </p>
  );
}

function Accepted({ checked: { claims, cost, bound, gap, leaves } }: { readonly checked: CheckedProof }) {
  return (
    <dl class="facts accepted">
      <div>
        <dt>Accepted</dt>
        <dd>{claims.includes('infeasible') ? 'no plan exists' : 'the plan and the bound hold'}</dd>
      </div>
      {cost !== null && (
        <div>
          <dt>Cost</dt>
          <dd>$ {cost}</dd>
        </div>
      )}
      {bound !== null && (
        <div>
          <dt>Bound</dt>
          <dd>$ {bound}</dd>
        </div>
      )}
      {gap !== null && (
        <div>
          <dt>Gap</dt>
          <dd>{percent(gap)}</dd>
        </div>
      )}
      <div>
        <dt>Leaves</dt>
        <dd>{leaves}</dd>
      </div>
    </dl>
  );
}
