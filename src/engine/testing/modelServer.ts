import { tinyConfig, tinyTensors, tinyTokenizerConfig, tinyTokenizerJson, type Family } from "../../model/testing/tinyModel.ts";
import { encodeModel } from "../../weights/encodeModel.ts";

export interface ModelServer {
  /** Stands for the global fetch. */
  readonly fetch: (url: string) => Promise<Response>;
  /** Bytes of all files but the manifest. */
  readonly bytes: number;
}

/** Serves a tiny int8 model under `https://host/<family>/`; `without` leaves tensors out of it. */
export async function serveModel(family: Family, without: readonly string[] = []): Promise<ModelServer> {
  const { manifest, files } = await encodeModel({
    name: `tiny-${family}`,
    config: tinyConfig(family),
    tokenizerJson: tinyTokenizerJson,
    tokenizerConfig: tinyTokenizerConfig,
    quantization: { bits: 8, group: 32 },
    tensors: tinyTensors(family, { format: "int8", without }),
    shardBytes: 20_000,
  });
  const answer = (file: string): BodyInit | undefined => (file === "manifest.json" ? JSON.stringify(manifest) : files.get(file));
  return {
    fetch: async (url) => {
      const [, folder, file = ""] = /^https:\/\/host\/([^/]+)\/(.+)$/.exec(url) ?? [];
      const body = folder === family ? answer(file) : undefined;
      return body === undefined ? new Response("gone", { status: 404 }) : new Response(body);
    },
    bytes: [...files.values()].reduce((sum, { length }) => sum + length, 0),
  };
}

export const sourceOf = (folder: string) => ({ kind: "manifest", url: `https://host/${folder}/manifest.json` }) as const;
