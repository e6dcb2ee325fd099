/** Drives the engine through one edit and keeps what the page shows of it. */
import type { EditDraft, GenerateEvent, ModelFacts, ModelSource, RoutingRows, RoutingTrace } from "../../src/engine/protocol.ts";
import type { Session } from "../../src/engine/session.ts";
import { promptKinds, RECORDING_FORMAT, RECORDING_VERSION } from "../../src/panels/recorded/recording.ts";
import type {
  RecordedAnswer,
  RecordedEdit,
  RecordedModel,
  RecordedRows,
  RecordedToken,
  Recording,
} from "../../src/panels/recorded/recording.ts";

/** An edit, and the two prompts that show how far it reaches. */
export interface Script {
  readonly draft: EditDraft;
  readonly rephrasing: string;
  readonly unrelated: string;
}

const MOST_TOKENS = 12;
/** Digits kept of a probability or a loss: more than the page shows. */
const DIGITS = 4;

/** Loads a model, asks the script's three prompts, makes the edit, and asks them again. */
export async function recordRun(session: Session, source: ModelSource, { draft, rephrasing, unrelated }: Script): Promise<Recording> {
  const { handlers } = session;
  const context = { signal: new AbortController().signal, emit: () => undefined };
  await handlers.start({}, context);
  const model = withoutMethods(await handlers.load({ source }, context));
  const asked = [draft.prompt, rephrasing, unrelated];
  const before = await askAll(session, asked);
  const edit = await handlers.edit({ draft }, context);
  const after = await askAll(session, asked);
  return {
    format: RECORDING_FORMAT,
    version: RECORDING_VERSION,
    model,
    edit: recordedEdit(edit),
    prompts: promptKinds.map((kind, at) => ({
      kind,
      prompt: asked[at] as string,
      before: before[at] as RecordedAnswer,
      after: after[at] as RecordedAnswer,
    })),
  };
}

const withoutMethods = ({ methods: _, imported: _imported, ...model }: ModelFacts): RecordedModel => model;

async function askAll(session: Session, prompts: readonly string[]): Promise<RecordedAnswer[]> {
  const answers: RecordedAnswer[] = [];
  for (const prompt of prompts) answers.push(await ask(session, prompt));
  return answers;
}

/** Before the first edit the deferral rule leaves every prompt to the base model. */
async function ask({ handlers }: Session, prompt: string): Promise<RecordedAnswer> {
  const params = { prompt, maxTokens: MOST_TOKENS, sampling: { kind: "greedy" }, edits: "auto", stopAtSentence: true } as const;
  let trace: RoutingTrace | undefined;
  const tokens: RecordedToken[] = [];
  const emit = (event: GenerateEvent): void => {
    if (event.kind === "prompt") trace = event.trace;
    else tokens.push(recordedToken(event));
  };
  const { text, stopped } = await handlers.generate(params, { signal: new AbortController().signal, emit });
  if (!trace) throw new Error(`No routing was told for ${JSON.stringify(prompt)}.`);
  const { pieces, rows, nearest, decidingToken, scope } = trace;
  return { text, stopped, trace: { pieces, rows: recordedRows(rows), nearest, decidingToken, scope }, tokens };
}

function recordedToken({ piece, text, probability, candidates, row }: Extract<GenerateEvent, { kind: "token" }>): RecordedToken {
  return {
    piece,
    text,
    probability: rounded(probability),
    candidates: candidates.map((candidate) => ({ ...candidate, probability: rounded(candidate.probability) })),
    row: recordedRows(row),
  };
}

/** Arrays may be longer than their rows. */
function recordedRows({ tokens, layers, experts, probabilities, picked, owners }: RoutingRows): RecordedRows {
  const cells = tokens * layers.length * experts;
  return {
    tokens,
    layers,
    experts,
    probabilities: Array.from(probabilities.subarray(0, cells), rounded),
    picked: Array.from(picked.subarray(0, cells), (set, index) => (set === 1 ? index : -1)).filter((index) => index >= 0),
    ...(owners ? { owners } : {}),
  };
}

type MadeEdit = Awaited<ReturnType<Session["handlers"]["edit"]>>;

/** Without the seconds it took, which differ from run to run. */
function recordedEdit(edit: MadeEdit): RecordedEdit {
  const { id, prompt, answer, rephrasings, baseAnswer, answerAfter, holds, curve, allocation, codes } = edit;
  const steps = curve.map((step) => ({ ...step, lmLoss: rounded(step.lmLoss), guidedLoss: rounded(step.guidedLoss) }));
  return { id, prompt, answer, rephrasings, baseAnswer, answerAfter, holds, curve: steps, allocation: allocation ?? [], codes };
}

const rounded = (value: number): number => Number(value.toPrecision(DIGITS));
