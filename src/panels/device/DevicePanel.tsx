import type { ReactNode } from "react";
import type { DeviceFacts } from "../../engine/protocol.ts";
import { useLab } from "../../store/lab.ts";
import { formatBytes, formatCount } from "../../ui/format.ts";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Stat, StatList } from "../../ui/Stat.tsx";
import { Problem } from "../Problem.tsx";
import { texts } from "../texts.ts";
import { KernelProofs } from "./KernelProofs.tsx";
import "./device.css";

const WORDS = texts.device;

export function DevicePanel(): ReactNode {
  const facts = useLab((state) => state.device.facts);
  const errors = useLab((state) => state.device.gpuErrors);
  return (
    <Panel title={texts.regions.device} id="device">
      {facts ? <DeviceFigures facts={facts} /> : <p className="faint">{WORDS.waiting}</p>}
      {facts && <KernelProofs />}
      {errors[0] && <Problem error={errors[0]} title={WORDS.gpuErrors} />}
    </Panel>
  );
}

function DeviceFigures({ facts }: { readonly facts: DeviceFacts }): ReactNode {
  const memory = useLab((state) => state.device.memory);
  const limits = Object.entries(WORDS.limits) as [keyof DeviceFacts["limits"], readonly [string, string]][];
  const adapter = [facts.vendor, facts.architecture].filter(Boolean).join(" · ");
  return (
    <div className="device-figures">
      {facts.software && <Notice tone="warning">{WORDS.software}</Notice>}
      <StatList>
        <Stat label={WORDS.adapter[0]} hint={WORDS.adapter[1]}>
          {adapter || texts.common.none}
        </Stat>
        <Stat label={WORDS.description[0]} hint={WORDS.description[1]}>
          {facts.description || texts.common.none}
        </Stat>
        <Stat label={WORDS.memory[0]} hint={WORDS.memory[1]}>
          {memory
            ? WORDS.memoryText(formatBytes(memory.gpuBytes), formatBytes(memory.gpuAllocatedBytes), formatBytes(memory.gpuPeakBytes))
            : texts.common.none}
        </Stat>
        <Stat label={WORDS.tensors[0]} hint={WORDS.tensors[1]}>
          {memory ? formatCount(memory.tensors) : texts.common.none}
        </Stat>
        {limits.map(([name, [label, hint]]) => (
          <Stat key={name} label={label} hint={hint}>
            {formatBytes(facts.limits[name])}
          </Stat>
        ))}
        <Stat label={WORDS.features[0]} hint={WORDS.features[1]}>
          {facts.features.length > 0 ? facts.features.join(", ") : WORDS.noFeatures}
        </Stat>
      </StatList>
      <div className="fallbacks">
        <h3>{WORDS.fallbacks}</h3>
        {facts.fallbacks.length === 0 ? (
          <p className="faint">{WORDS.noFallbacks}</p>
        ) : (
          <ul>
            {facts.fallbacks.map((fallback) => (
              <li key={fallback}>{fallback}</li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
