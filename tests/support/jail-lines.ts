/** Lines of logs, as the programs of Debian 12 write them: ones that a jail is for, all by 198.51.100.9, and others. */
interface Lines {
  readonly trips: readonly string[];
  readonly passes: readonly string[];
}

/** A line of an access log; what the visitor claims comes last. */
const access = (request: string, status: number, user = "-"): string =>
  `198.51.100.9 - ${user} [01/Dec/2026:04:00:00 +0000] "${request}" ${String(status)} 12 "-" "curl" "203.0.113.50"`;

const ssh = (words: string): string => `Dec  1 04:00:00 web sshd[7]: ${words}`;
const ban = (jail: string, words: string): string =>
  `2026-12-01 04:00:00,123 fail2ban.actions        [7]: NOTICE  [${jail}] ${words}`;

export const LINES = {
  sshd: {
    trips: [ssh("Invalid user guess from 198.51.100.9 port 4000")],
    passes: [ssh("Accepted publickey for deploy from 198.51.100.9 port 4000 ssh2: ED25519 SHA256:x")],
  },
  "nginx-bad-request": {
    trips: [access("\\x16\\x03\\x01", 400), access("", 400), access("GET / HTTP/1.1 x", 400)],
    // What an application says of a form.
    passes: [access("POST /api/messages HTTP/1.1", 400), access("\\x16\\x03\\x01", 200)],
  },
  "nginx-botsearch": {
    trips: [access("GET /wp-login.php HTTP/1.1", 404), access("GET /phpMyAdmin HTTP/1.1", 404)],
    passes: [access("GET /favicon.ico HTTP/1.1", 404), access("GET /webmail HTTP/1.1", 200)],
  },
  "nginx-hidden-files": {
    trips: [
      access("GET /.env HTTP/1.1", 404),
      access("HEAD /shop/.git/config HTTP/1.1", 403),
      access("GET /.env HTTP/1.1", 404, "[01/Dec/2020:04:00:00 +0000] x"),
      access("GET /%2eenv HTTP/1.1", 404),
      access("GET /shop%2F.git/config HTTP/1.1", 404),
    ],
    passes: [
      access("GET /.well-known/security.txt HTTP/1.1", 404),
      access("GET /search?q=/.env HTTP/1.1", 404),
      access("GET /.hidden HTTP/1.1", 200),
      access("GET /a HTTP/1.1", 404, "GET /.env 404"),
    ],
  },
  "nginx-limit-req": {
    trips: [access("GET /a HTTP/1.1", 429), access("POST /a HTTP/2.0", 429, "a b")],
    passes: [access("GET /429 HTTP/1.1", 200), access("GET /?a=\\x22 429 HTTP/1.1", 404)],
  },
  authelia: {
    trips: [
      access("POST /api/firstfactor HTTP/1.1", 401),
      access("POST /api/%66irstfactor HTTP/2.0", 401),
      access("POST /api/secondfactor/totp HTTP/1.1", 403),
      access("PUT /api/user/session/elevation HTTP/1.1", 403),
    ],
    passes: [
      access("POST /api/firstfactor HTTP/1.1", 200),
      access("GET /api/state HTTP/1.1", 401),
      access("GET /?a=\\x22POST /api/firstfactor HTTP/1.1\\x22 401", 404),
    ],
  },
  recidive: {
    trips: [ban("sshd", "Ban 198.51.100.9")],
    passes: [ban("recidive", "Ban 198.51.100.9"), ban("sshd", "Unban 198.51.100.9")],
  },
} satisfies Readonly<Record<string, Lines>>;
