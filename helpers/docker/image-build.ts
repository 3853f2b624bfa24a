import type Docker from "dockerode";

/** Told at every step of a Dockerfile. */
type SayStep = (step: string) => void;

export interface BuildImage {
  /** The context as a tar stream. */
  readonly context: NodeJS.ReadableStream;
  readonly tag: string;
  readonly args: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** `none` where everything that it needs is in the context. @default the daemon's */
  readonly network?: "none";
  /** Whether every step is done again. @default false */
  readonly fresh?: boolean;
}

const TAIL_LINES = 8;

/** Builds the image. @returns its id @throws with the last lines that the build said */
export async function buildImage(docker: Docker, build: BuildImage, say: SayStep): Promise<string> {
  const { context, tag, args, labels, network, fresh = false } = build;
  const stream = await docker.buildImage(context, {
    t: tag,
    buildargs: args,
    labels,
    ...(network !== undefined && { networkmode: network }),
    nocache: fresh,
    forcerm: true,
  });
  await follow(docker, stream, say);
  return (await docker.getImage(tag).inspect()).Id;
}

/** An account at a registry. */
export interface RegistryAccount {
  readonly username: string;
  readonly password: string;
}

/** Pushes what was built. @returns the digest under which the registry has it */
export async function pushImage(
  docker: Docker,
  tag: string,
  say: SayStep,
  account: RegistryAccount = { username: "", password: "" },
): Promise<string> {
  const serveraddress = tag.split("/")[0] ?? "";
  const push = await docker.getImage(tag).push({ authconfig: { ...account, serveraddress } });
  const lines = await follow(docker, push, say);
  const digest = lines.map(({ aux }) => aux?.Digest).find((value) => value !== undefined);
  if (digest === undefined) throw new Error(`the registry did not say under which digest it keeps ${tag}`);
  return digest;
}

/** One line of the stream in which Docker tells how a build or a push goes. */
interface Line {
  readonly stream?: string;
  readonly error?: string;
  readonly aux?: { readonly Digest?: string };
}

/** Waits for the end. A build that failed ends like any other: only its last line says so. */
async function follow(docker: Docker, stream: NodeJS.ReadableStream, say: SayStep): Promise<Line[]> {
  const lines = await new Promise<Line[]>((resolve, reject) => {
    docker.modem.followProgress(
      stream,
      (error: Error | null, output: Line[]) => {
        if (error) reject(error);
        else resolve(output);
      },
      ({ stream: text }: Line) => {
        if (text?.startsWith("Step ") === true) say(text.trim());
      },
    );
  });
  const failure = lines.find(({ error }) => error !== undefined)?.error;
  if (failure === undefined) return lines;
  const said = lines.flatMap(({ stream: text }) => (text === undefined ? [] : [text])).join("");
  const tail = said.trim().split("\n").slice(-TAIL_LINES);
  throw new Error([...tail, failure].filter((line) => line !== "").join("\n"));
}
