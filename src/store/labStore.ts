import { createStore } from "zustand/vanilla";
import type { StoreApi } from "zustand/vanilla";
import { initialAnswers } from "./answersSlice.ts";
import type { AnswersState } from "./answersSlice.ts";
import { initialChoice } from "./choiceSlice.ts";
import type { ChoiceState } from "./choiceSlice.ts";
import { initialDevice } from "./deviceSlice.ts";
import type { DeviceState } from "./deviceSlice.ts";
import { initialEdit } from "./editSlice.ts";
import type { EditState } from "./editSlice.ts";
import { initialEvaluation } from "./evaluationSlice.ts";
import type { EvaluationState } from "./evaluationSlice.ts";
import { noExamples } from "./examples.ts";
import type { Examples } from "./examples.ts";
import { initialImport } from "./importSlice.ts";
import type { ImportState } from "./importSlice.ts";
import { initialLedger } from "./ledgerSlice.ts";
import type { LedgerState } from "./ledgerSlice.ts";
import { initialLessons } from "./lessonsSlice.ts";
import type { LessonsState } from "./lessonsSlice.ts";
import { initialLink } from "./linkSlice.ts";
import type { LinkSlice } from "./linkSlice.ts";
import { initialModel } from "./modelSlice.ts";
import type { ModelState } from "./modelSlice.ts";
import type { Overlay } from "./overlaySlice.ts";
import { initialProjects } from "./projectsSlice.ts";
import type { ProjectsState } from "./projectsSlice.ts";
import { initialPrompt } from "./promptSlice.ts";
import type { PromptState } from "./promptSlice.ts";
import { initialProof } from "./proofSlice.ts";
import type { ProofState } from "./proofSlice.ts";
import { initialQueue } from "./queueSlice.ts";
import type { QueueState } from "./queueSlice.ts";
import { initialRouting } from "./routingSlice.ts";
import type { RoutingState } from "./routingSlice.ts";
import { initialStorage } from "./storageSlice.ts";
import type { StorageState } from "./storageSlice.ts";

/** Everything the page shows, as small plain data; routing rows are beside it, in the routing frames. */
export interface LabState {
  readonly device: DeviceState;
  readonly model: ModelState;
  readonly choice: ChoiceState;
  readonly storage: StorageState;
  readonly projects: ProjectsState;
  readonly prompt: PromptState;
  readonly routing: RoutingState;
  readonly answers: AnswersState;
  readonly edit: EditState;
  readonly ledger: LedgerState;
  readonly queue: QueueState;
  readonly imports: ImportState;
  readonly proof: ProofState;
  readonly evaluation: EvaluationState;
  readonly examples: Examples;
  readonly lessons: LessonsState;
  readonly link: LinkSlice;
  readonly overlay: Overlay;
}

export type LabStore = StoreApi<LabState>;

export function createLabStore(): LabStore {
  return createStore<LabState>()(() => ({
    device: initialDevice,
    model: initialModel,
    choice: initialChoice,
    storage: initialStorage,
    projects: initialProjects,
    prompt: initialPrompt,
    routing: initialRouting,
    answers: initialAnswers,
    edit: initialEdit,
    ledger: initialLedger,
    queue: initialQueue,
    imports: initialImport,
    proof: initialProof,
    evaluation: initialEvaluation,
    examples: noExamples,
    lessons: initialLessons,
    link: initialLink,
    overlay: "none",
  }));
}

/** Changes some fields of one slice. */
export function patch<K extends Exclude<keyof LabState, "overlay">>(store: LabStore, slice: K, fields: Partial<LabState[K]>): void {
  update(store, slice, (value) => ({ ...value, ...fields }));
}

/** Replaces one slice by a function of itself. */
export function update<K extends keyof LabState>(store: LabStore, slice: K, change: (value: LabState[K]) => LabState[K]): void {
  store.setState((state) => ({ ...state, [slice]: change(state[slice]) }), true);
}
