import { Transform } from "node:stream";

/** What a remote command says first, on its error output: which process group it is, for the moment it must end. */
interface Announcement {
  /** Shell text that says it. */
  readonly script: string;
  /** The error output without the announcement. */
  readonly rest: Transform;
  /** The process group, once it is known. */
  group(): number | undefined;
}

/**
 * @param nonce a word that nothing else prints: a login script may print something before the command starts
 */
export function announcement(nonce: string): Announcement {
  const pattern = new RegExp(`${nonce} (\\d+)\\n`);
  let held = "";
  let group: number | undefined;
  const rest = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (group !== undefined) {
        done(null, chunk);
        return;
      }
      // latin1 keeps every byte as it is.
      held += chunk.toString("latin1");
      const found = pattern.exec(held);
      if (!found) {
        done();
        return;
      }
      group = Number(found[1]);
      done(null, Buffer.from(held.replace(pattern, ""), "latin1"));
    },
    flush(done) {
      done(null, group === undefined ? Buffer.from(held, "latin1") : undefined);
    },
  });
  // sshd makes every command the leader of a session, so its process group has its number.
  return { script: `echo "${nonce} $$" >&2`, rest, group: () => group };
}
