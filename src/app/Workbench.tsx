import type { ReactNode } from "react";
import { DeviceBack, DeviceLost } from "../panels/device/DeviceLost.tsx";
import { DevicePanel } from "../panels/device/DevicePanel.tsx";
import { NoWebGpu } from "../panels/device/NoWebGpu.tsx";
import { EditPanel } from "../panels/edit/EditPanel.tsx";
import { EditsPanel } from "../panels/edit/EditsPanel.tsx";
import { EvaluationPanel } from "../panels/evaluation/EvaluationPanel.tsx";
import { AnswersPanel } from "../panels/generate/AnswersPanel.tsx";
import { PromptPanel } from "../panels/generate/PromptPanel.tsx";
import { LearnDock } from "../panels/learn/LearnDock.tsx";
import { LinkBand } from "../panels/learn/LinkBand.tsx";
import { Part } from "../panels/learn/Part.tsx";
import { ChooseModel } from "../panels/model/ChooseModel.tsx";
import { DropTarget } from "../panels/model/DropTarget.tsx";
import { LoadingBand } from "../panels/model/LoadingBand.tsx";
import { ModelPanel } from "../panels/model/ModelPanel.tsx";
import { Overlays } from "../panels/palette/Overlays.tsx";
import { ProjectsPanel } from "../panels/projects/ProjectsPanel.tsx";
import { RecordedFirst, RecordedInstead } from "../panels/recorded/RecordedColumns.tsx";
import { RoutingPanel } from "../panels/routing/RoutingPanel.tsx";
import { ScopePanel } from "../panels/routing/ScopePanel.tsx";
import { StoragePanel } from "../panels/storage/StoragePanel.tsx";
import { useLab } from "../store/lab.ts";
import { Header } from "./Header.tsx";
import { UpdateNotice } from "./offline/UpdateNotice.tsx";

/** The page: what the person does at the left, what the routers do at the right, what it runs on below. */
export function Workbench(): ReactNode {
  const device = useLab((state) => state.device);
  return (
    <>
      <Header />
      <UpdateNotice />
      <LearnDock />
      <main className="page">
        {device.status === "unsupported" && device.error ? (
          <>
            <RecordedInstead error={device.error} />
            <NoWebGpu error={device.error} />
          </>
        ) : (
          <>
            {(device.status === "lost" || device.status === "recovering") && device.error && <DeviceLost error={device.error} />}
            <DeviceBack />
            <LinkBand />
            <RecordedFirst>
              <LoadingBand />
              <div className="columns">
                <div className="column">
                  <Part id="prompt">
                    <PromptPanel />
                  </Part>
                  <Part id="answers">
                    <AnswersPanel />
                  </Part>
                  <Part id="edit">
                    <EditPanel />
                  </Part>
                </div>
                <div className="column">
                  <Part id="routing">
                    <RoutingPanel />
                  </Part>
                  <Part id="scope">
                    <ScopePanel />
                  </Part>
                  <Part id="edits">
                    <EditsPanel />
                  </Part>
                </div>
              </div>
            </RecordedFirst>
            <Part id="evaluation">
              <EvaluationPanel />
            </Part>
            <div className="columns" data-part="base">
              <Part id="model">
                <ModelPanel />
              </Part>
              <div className="column">
                <Part id="projects">
                  <ProjectsPanel />
                </Part>
                <Part id="device">
                  <DevicePanel />
                </Part>
                <Part id="storage">
                  <StoragePanel />
                </Part>
              </div>
            </div>
            <ChooseModel />
            <DropTarget />
          </>
        )}
      </main>
      <Overlays />
    </>
  );
}
