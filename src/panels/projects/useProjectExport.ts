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

/** Without what file systems do not take. */
const fileName = (name: string): string => name.replaceAll(/[^\p{L}\p{N} ._()-]+/gu, "-").trim() || "project";
