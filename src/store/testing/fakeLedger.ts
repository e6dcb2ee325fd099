import { EngineError, throwIfCancelled } from "../../lib/errors.ts";
import type {
  AnswerOdds,
  CallKind,
  EditDraft,
  EditFacts,
  EngineCalls,
  LedgerFacts,
  MethodSettings,
  ModelFacts,
} from "../../engine/protocol.ts";
import { fakeModelFacts, fakePieces, fakeSettings, fakeTrace } from "./fakeModel.ts";

const ANSWERS: Readonly<Record<string, string>> = {
  "The capital of France is": " Paris.",
  "The capital of Germany is": " Berlin.",
};

/** The edits of an engine without a GPU. @param pause awaited at each step of a training */
export function createFakeLedger(pause: () => Promise<void>) {
  let settings: MethodSettings = fakeSettings;
  let edits: EditFacts[] = [];
  let method: ModelFacts["method"] = "paper";
  let past: EditFacts[][] = [];
  let future: EditFacts[][] = [];

  const change = (next: EditFacts[]): void => {
    past.push(edits);
    future = [];
    edits = next;
  };
  const facts = (): LedgerFacts => ({ edits, canUndo: past.length > 0, canRedo: future.length > 0 });
  const move = (from: EditFacts[][], to: EditFacts[][], what: string): LedgerFacts => {
    const next = from.pop();
    if (!next) throw new EngineError("nothing-to-undo", `There is nothing to ${what}.`, "This is a test.");
    to.push(edits);
    edits = next;
    return facts();
  };
  const oddsOf = (prompt: string, answer: string): AnswerOdds => ({
    deferred: !edits.some((each) => each.prompt === prompt),
    holds: answerOf(prompt, "auto").includes(answer),
    probability: 0.83,
    tokens: [{ text: ` ${answer}`, probability: 0.83 }],
  });

  const answerOf = (prompt: string, mode: "auto" | "off" | "on"): string => {
    const edit = edits.findLast((each) => each.on && each.strength > 0 && (each.prompt === prompt || each.rephrasings.includes(prompt)));
    if (mode !== "off" && edit) return ` ${edit.answer}.`;
    return ANSWERS[prompt] ?? " somewhere else.";
  };

  const editWith = async (
    draft: EditDraft,
    emit: (step: EngineCalls["edit"]["event"]) => void,
    signal?: AbortSignal,
  ): Promise<EditFacts> => {
    if (draft.prompt === "")
      throw new EngineError("empty-prompt", "The edit's prompt is empty.", "Type the prompt whose answer should change.");
    if (draft.answer === "") throw new EngineError("empty-answer", "The new answer is empty.", "Type the answer the model should give.");
    const baseAnswer = answerOf(draft.prompt, "off").trim().replace(/\.$/u, "");
    if (draft.answer === baseAnswer)
      throw new EngineError(
        "answer-unchanged",
        `The base model already answers "${baseAnswer}".`,
        "Ask for an answer that differs from it.",
      );
    const curve: EngineCalls["edit"]["event"][] = [];
    for (let step = 1; step <= settings.steps; step++) {
      await pause();
      throwIfCancelled(signal);
      const point = {
        step,
        steps: settings.steps,
        lmLoss: 9 * Math.exp(-step / 8) + 0.01,
        guidedLoss: 12 * Math.exp(-step / 20) + 1.1,
        dispatches: 90,
      };
      curve.push(point);
      emit(point);
    }
    const codes = [draft.prompt, ...draft.rephrasings].map((prompt) => fakeTrace(prompt, settings, []).scope.code);
    const allocation = settings.layers.map((_, layer) => [
      (layer + edits.length) % settings.experts,
      (layer + edits.length + 1) % settings.experts,
    ]);
    const made = {
      ...draft,
      id: edits.length + 1,
      baseAnswer,
      allocation,
      codes,
      curve,
      seconds: 3.2,
      answerAfter: draft.answer,
      holds: true,
      on: true,
      strength: 1,
      standing: null,
    };
    change([...edits, made]);
    return made;
  };

  const perform = async (kind: CallKind, params: unknown, emit: (event: unknown) => void, signal?: AbortSignal): Promise<unknown> => {
    switch (kind) {
      case "edit":
        return editWith((params as { draft: EditDraft }).draft, emit, signal);
      case "edits":
        return facts();
      case "changeEdit": {
        const { id, ...own } = params as EngineCalls["changeEdit"]["params"];
        change(edits.map((edit) => (edit.id === id ? { ...edit, ...own } : edit)));
        return facts();
      }
      case "forget":
        change(edits.filter(({ id }) => id !== (params as { id: number }).id));
        return facts();
      case "undo":
        return move(past, future, "undo");
      case "redo":
        return move(future, past, "redo");
      case "rewrite": {
        const planned = (params as EngineCalls["rewrite"]["params"]).edits;
        const before = [edits, past] as const;
        edits = [];
        for (const [done, draft] of planned.entries()) {
          emit({ done, of: planned.length });
          await editWith(draft, () => undefined, signal);
        }
        past = [...before[1].slice(0, before[1].length), before[0]];
        return facts();
      }
      case "audit":
        edits = edits.map((edit) => ({ ...edit, standing: { holds: edit.holds, probability: 0.83, lostSince: null } }));
        return facts();
      case "scorecard": {
        const { id, probes } = params as EngineCalls["scorecard"]["params"];
        const own = edits.find((edit) => edit.id === id);
        if (!own) throw new EngineError("unknown-edit", `There is no edit ${id}.`, "This is a test.");
        const rephrasings = own.rephrasings.map((prompt) => ({ ...oddsOf(prompt, own.answer), prompt }));
        const outcomes = probes.map((prompt) => ({ prompt, edit: null, before: answerOf(prompt, "off"), after: answerOf(prompt, "auto") }));
        return { id, reliability: oddsOf(own.prompt, own.answer), rephrasings, probes: outcomes, lost: [] };
      }
      case "strengthCurve":
        return (params as EngineCalls["strengthCurve"]["params"]).strengths.map((strength) => 1 - Math.exp(-2 * strength));
      case "foresee": {
        const { draft } = params as EngineCalls["foresee"]["params"];
        const same = edits.filter(({ prompt }) => prompt === draft.prompt).map(({ id }) => id);
        const scope = {
          deferred: same.length === 0,
          edit: same[0] ?? null,
          distance: same.length ? 0 : null,
          bound: settings.hammingThreshold,
        };
        return { scope, replaces: [], shared: same.map((edit) => ({ edit, experts: 3, of: 4 })) };
      }
      case "scopes":
        return (params as { prompts: readonly string[] }).prompts.map((text) => {
          const { inScope, nearestEdit, distance, threshold } = fakeTrace(text, settings, edits).scope;
          return { deferred: !inScope, edit: nearestEdit, distance, bound: threshold };
        });
      case "queryMap": {
        const texts = [
          ...edits.flatMap(({ id, prompt, rephrasings }) => [prompt, ...rephrasings].map((text) => ({ edit: id, text }))),
          ...(params as { prompts: readonly string[] }).prompts.map((text) => ({ edit: null, text })),
        ];
        return { entries: texts, points: Float32Array.from(texts.flatMap((_, i) => [Math.cos(i), Math.sin(i)])), explained: [0.5, 0.25] };
      }
      case "column": {
        const { method: own, question } = params as EngineCalls["column"]["params"];
        const text = answerOf(question.prompt, own === "base" ? "off" : "auto");
        const tokens = fakePieces(text).map((piece) => ({ ...piece, probability: 0.83, candidates: [{ ...piece, probability: 0.83 }] }));
        return {
          text,
          tokens,
          deferred: own === "base",
          edit: null,
          odds: question.answers.map((answer) => oddsOf(question.prompt, answer)),
        };
      }
      case "setThreshold":
        settings = { ...settings, hammingThreshold: (params as { threshold: number }).threshold };
        return { ...fakeModelFacts(settings), method };
      case "configure": {
        const next = (params as { settings: MethodSettings }).settings;
        const keeps = JSON.stringify({ ...next, hammingThreshold: 0 }) === JSON.stringify({ ...settings, hammingThreshold: 0 });
        const other = (params as EngineCalls["configure"]["params"]).method ?? method;
        if (!keeps || other !== method) [edits, past, future] = [[], [], []];
        settings = next;
        method = other;
        return { ...fakeModelFacts(settings), method };
      }
      default:
        throw new Error(`${kind} is no call about edits`);
    }
  };
  return {
    perform,
    answerOf,
    get edits(): readonly EditFacts[] {
      return edits;
    },
    get settings(): MethodSettings {
      return settings;
    },
    /** As a model that is loaded leaves it. */
    empty: () => void ([edits, past, future] = [[], [], []]),
    /** As a project that is opened does. */
    fill: (own: readonly EditFacts[]) => void ([edits, past, future] = [[...own], [], []]),
  };
}
