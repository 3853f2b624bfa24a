import { createTransport } from "nodemailer";
import type { Message } from "../notifier/message.ts";
import { DeliveryError, codeOf, type Channel } from "./channel.ts";
import { credential } from "./credential.ts";

export interface MailOptions {
  readonly host: string;
  readonly port: number;
  /** `implicit` from the first byte (465), `starttls` before anything is said (587), `none` for this machine's own. */
  readonly tls: "implicit" | "starttls" | "none";
  /** Who logs in. Without it nobody does. */
  readonly login?: { readonly user: string; readonly passwordFile: string };
  readonly from: string;
  /** One address, so that a message is out or is not; people share a list's. */
  readonly to: string;
}

/** How long a connection, a greeting and each answer may take, in milliseconds. */
const PATIENCE = 20_000;

/** A mailbox, by SMTP: a connection a message. */
export function mail({ host, port, tls, login, from, to }: MailOptions): Channel {
  const name = "mail";
  return {
    name,
    longest: 100_000,
    async send({ id, subject, text }: Message, signal) {
      const password = login && (await credential(login.passwordFile));
      const transport = createTransport({
        ...{ host, port, secure: tls === "implicit", requireTLS: tls === "starttls", ignoreTLS: tls === "none" },
        ...{ connectionTimeout: PATIENCE, greetingTimeout: PATIENCE, socketTimeout: PATIENCE },
        // What a message names is never read from this machine or asked for.
        ...{ disableFileAccess: true, disableUrlAccess: true },
        ...(login && password !== undefined && { auth: { user: login.user, pass: password } }),
      });
      const stop = () => {
        transport.close();
      };
      signal.addEventListener("abort", stop);
      const domain = from.slice(from.lastIndexOf("@") + 1).replace(/[^A-Za-z0-9.-]/g, "");
      try {
        await transport.sendMail({ from, to, subject, text, messageId: `<${id}@${domain}>` });
      } catch (error) {
        throw failure(name, error);
      } finally {
        signal.removeEventListener("abort", stop);
        transport.close();
      }
    },
  };
}

/** By its codes alone: a server's own words may repeat what it was told. */
function failure(name: string, error: unknown): DeliveryError {
  const answer = error instanceof Error && "responseCode" in error ? Number(error.responseCode) : 0;
  const command = error instanceof Error && "command" in error ? String(error.command).slice(0, 20) : "";
  const words = [codeOf(error), answer > 0 && `answered ${answer}`, /^[A-Z ]+$/.test(command) && `to ${command}`];
  const refused = answer >= 500 && command === "DATA";
  return new DeliveryError(name, words.filter((word) => typeof word === "string").join(" "), { refused });
}
