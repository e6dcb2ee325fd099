import type { ReactNode } from "react";
import type { DeviceFacts } from "../../engine/protocol.ts";
import { useLab } from "../../store/lab.ts";
import { useTexts } from "../../texts/useTexts.ts";
import { formatBytes, formatCount } from "../../ui/format.ts";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Stat, StatList } from "../../ui/Stat.tsx";
import { Problem } from "../Problem.tsx";
import { KernelProofs } from "./KernelProofs.tsx";
import "./device.css";

export function DevicePanel(): ReactNode {
  const texts = useTexts();
  const words = texts.device;
  const facts = useLab((state) => state.device.facts);
  const errors = useLab((state) => state.device.gpuErrors);
  return (
    <Panel title={texts.regions.device} id="device">
      {facts ? <DeviceFigures facts={facts} /> : <p className="faint">{words.waiting}</p>}
      {facts && <KernelProofs />}
      {errors[0] && <Problem error={errors[0]} title={words.gpuErrors} />}
    </Panel>
  );
}

function DeviceFigures({ facts }: { readonly facts: DeviceFacts }): ReactNode {
  const texts = useTexts();
  const words = texts.device;
  const memory = useLab((state) => state.device.memory);
  const limits = Object.entries(words.limits) as [keyof DeviceFacts["limits"], readonly [string, string]][];
  const adapter = [facts.vendor, facts.architecture].filter(Boolean).join(" · ");
  return (
    <div className="device-figures">
      {facts.software && <Notice tone="warning">{words.software}</Notice>}
      <StatList>
        <Stat label={words.adapter[0]} hint={words.adapter[1]}>
          {adapter || texts.common.none}
        </Stat>
        <Stat label={words.description[0]} hint={words.description[1]}>
          {facts.description || texts.common.none}
        </Stat>
        <Stat label={words.memory[0]} hint={words.memory[1]}>
          {memory
            ? words.memoryText(formatBytes(memory.gpuBytes), formatBytes(memory.gpuAllocatedBytes), formatBytes(memory.gpuPeakBytes))
            : texts.common.none}
        </Stat>
        <Stat label={words.tensors[0]} hint={words.tensors[1]}>
          {memory ? formatCount(memory.tensors) : texts.common.none}
        </Stat>
        {limits.map(([name, [label, hint]]) => (
          <Stat key={name} label={label} hint={hint}>
            {formatBytes(facts.limits[name])}
          </Stat>
        ))}
        <Stat label={words.features[0]} hint={words.features[1]}>
          {facts.features.length > 0 ? facts.features.join(", ") : words.noFeatures}
        </Stat>
      </StatList>
      <div className="fallbacks">
        <h3>{words.fallbacks}</h3>
        {facts.fallbacks.length === 0 ? (
          <p className="faint">{words.noFallbacks}</p>
        ) : (
          // In the words of the engine, which speaks English.
          <ul lang="en">
            {facts.fallbacks.map((fallback) => (
              <li key={fallback}>{fallback}</li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}
