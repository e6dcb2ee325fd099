import type { AdapterExport } from "../../engine/protocol.ts";
import { useActions } from "../../store/lab.ts";
import { downloadText } from "../../ui/downloadText.ts";

/** Gives a project to the person as a file; null is what is on the page now. */
export function useProjectExport(): (id: string | null) => Promise<void> {
  const { exportProject } = useActions();
  return async (id) => {
    const file = await exportProject(id);
    if (file) downloadText(new Blob([file.bytes]), `${fileName(file.name)}.elder`);
  };
}

/** Gives what was learned to the person, for other programs. */
export function useAdapterExport(): (form: AdapterExport["form"]) => Promise<void> {
  const { exportAdapters } = useActions();
  return async (form) => {
    const file = await exportAdapters(form);
    if (file) downloadText(new Blob([file.bytes]), file.name);
  };
}

/** Without what file systems do not take. */
const fileName = (name: string): string => name.replaceAll(/[^\p{L}\p{N} ._()-]+/gu, "-").trim() || "project";
