import { useSyncExternalStore } from "react";
import type { ReactNode } from "react";
import { useLab } from "../store/lab.ts";
import { useTexts } from "../texts/useTexts.ts";
import { formatBytes, formatCount } from "../ui/format.ts";
import { Stat, StatList } from "../ui/Stat.tsx";
import { Term } from "../ui/Term.tsx";
import { usePageKeeping } from "./offline/pageKeeping.ts";
import { sinceSettled, useTraffic } from "./trafficLog.ts";
import type { Traffic } from "./trafficLog.ts";
import "./badge.css";

/** What the page costs: bytes, GPU memory, speed, and what it asks of the network once it is there. */
export function Badge(): ReactNode {
  const { badge: words, common } = useTexts();
  const traffic = useTraffic();
  const memory = useLab((state) => state.device.memory?.gpuAllocatedBytes ?? null);
  const speed = useLab(({ answers }) => answers.edited.tokensPerSecond ?? answers.base.tokensPerSecond);
  const since = sinceSettled(traffic);
  const last = since.at(-1);
  return (
    <div className="badge" role="group" aria-label={words.label}>
      <StatList>
        <Stat label={words.loaded[0]} hint={words.loaded[1]}>
          {loadedText(traffic, words.atLeast)}
        </Stat>
        <Stat label={words.memory[0]} hint={words.memory[1]}>
          {memory === null ? common.none : formatBytes(memory)}
        </Stat>
        <Stat label={words.speed[0]} hint={words.speed[1]}>
          {speed === null ? common.none : words.perSecond(speed)}
        </Stat>
        <Stat label={words.requests[0]} hint={words.requests[1] + (last ? words.last(last.address) : "")}>
          {traffic.settledAt === null ? common.none : formatCount(since.length)}
        </Stat>
      </StatList>
      <Kept />
    </div>
  );
}

/** Hosts that keep a size to themselves make it a least. */
function loadedText({ files }: Traffic, atLeast: (bytes: string) => string): string {
  const bytes = formatBytes(files.reduce((sum, file) => sum + (file.bytes ?? 0), 0));
  return files.some((file) => file.bytes === null && !file.address.startsWith(location.origin)) ? atLeast(bytes) : bytes;
}

function Kept(): ReactNode {
  const words = useTexts().badge.offline;
  const keeping = usePageKeeping();
  const { status } = useSyncExternalStore(keeping.subscribe, keeping.read);
  if (status === "none") return null;
  const [word, hint] = words[status];
  return (
    <span className="badge-kept" data-kept={status}>
      <Term hint={hint}>{word}</Term>
    </span>
  );
}
