import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ALERT_LEVEL } from "../events/event.ts";
import type { Notice } from "./notice.ts";
import { SpoolError, spoolError } from "./spool-error.ts";
import { VERSION, tables } from "./spool-tables.ts";

/** How far a source has been read. Stored together with what was read. */
export interface Position {
  readonly source: string;
  readonly inode: string;
  readonly offset: number;
}

/** An alert, or a digest, as it lies in the spool. `count` of it have come, of which `told` were told on a channel. */
export interface Stored {
  readonly id: number;
  readonly isDigest: boolean;
  readonly level: number;
  readonly text: string;
  readonly count: number;
  readonly told: number;
  /** Of the latest, in milliseconds. */
  readonly last: number;
}

/** Times in milliseconds. */
export interface SpoolLimits {
  /** Alike alerts within it are one; how many there were is told when it ends. */
  readonly window: number;
  readonly bytes: number;
  /** Lower levels are counted together in the digest. */
  readonly digestFrom: number;
  /** Lines of one digest. What is of another kind is counted together. */
  readonly digestLines: number;
}

/** Digests that a channel may be behind; the oldest give way. Alerts never do. */
const KEPT_DIGESTS = 10;
/** Ids of alerts that are remembered, so that a repeated line is no second alert. */
const REMEMBERED = 100_000;
const PAGE = 4096;

/**
 * Alerts and the digest's counts on disk. What {@link accept} has returned from survives a kill and a power cut: SQLite
 * with its write-ahead log, synced at each commit (`synchronous=FULL`). Only one process can open it.
 */
export class Spool {
  readonly #file: string;
  readonly #limits: SpoolLimits;
  readonly #database: DatabaseSync;

  constructor(directory: string, limits: SpoolLimits) {
    this.#file = join(directory, "spool.db");
    this.#limits = limits;
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      this.#database = new DatabaseSync(this.#file);
    } catch (error) {
      throw spoolError(error, this.#file, () => false);
    }
    this.#guarded(() => {
      this.#database.exec("PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
      this.#database.exec(`PRAGMA page_size=${PAGE}; PRAGMA max_page_count=${Math.ceil(limits.bytes / PAGE)};`);
      const version = this.#number("PRAGMA user_version");
      if (version > VERSION) {
        throw new SpoolError(
          "newer",
          this.#file,
          `of version ${version}; expected at most ${VERSION}: update the notifier`,
        );
      }
      this.#transaction(() => {
        this.#database.exec(tables);
      });
    });
  }

  /** Stores all of it and how far its source was read, or throws a {@link SpoolError} and stores nothing. */
  accept(notices: readonly Notice[], now: number, position?: Position): void {
    this.#guarded(() => {
      this.#transaction(() => {
        for (const notice of notices) {
          if (notice.level < ALERT_LEVEL) this.#count(notice);
          else if (this.#isNew(notice.id)) this.#alert(notice, now);
        }
        if (position) this.#readTo(position);
        this.#run("INSERT OR REPLACE INTO state VALUES ('clock', ?)", now);
      });
    });
  }

  /** The first that `channel` has not been told of, alerts before digests, in the order in which they came. */
  due(channel: string, now: number, without: readonly number[], most: number): Stored[] {
    const rows = this.#database
      .prepare(
        `SELECT a.id, a.digest, a.level, a.text, a.count, a.last, coalesce(t.count, 0) AS told
         FROM alert a LEFT JOIN told t ON t.alert = a.id AND t.channel = ?
         WHERE (t.count IS NULL OR (t.count < a.count AND a.first <= ?)) AND a.id NOT IN (SELECT value FROM json_each(?))
         ORDER BY a.digest, a.id LIMIT ?`,
      )
      .all(channel, now - this.#limits.window, JSON.stringify(without), most);
    return rows.map((row) => ({
      id: Number(row.id),
      isDigest: Number(row.digest) === 1,
      level: Number(row.level),
      text: String(row.text),
      count: Number(row.count),
      told: Number(row.told),
      last: Number(row.last),
    }));
  }

  /** Remembers what `channel` was told; forgets what all of `channels` know and nothing can be added to. */
  told(
    channel: string,
    stored: readonly Pick<Stored, "id" | "count">[],
    channels: readonly string[],
    now: number,
  ): void {
    this.#guarded(() => {
      this.#transaction(() => {
        for (const { id, count } of stored)
          this.#run("INSERT OR REPLACE INTO told VALUES (?, ?, ?)", id, channel, count);
        this.#run(
          `DELETE FROM alert WHERE first <= ? AND NOT EXISTS (SELECT 1 FROM json_each(?) c WHERE NOT EXISTS
             (SELECT 1 FROM told t WHERE t.alert = alert.id AND t.channel = c.value AND t.count >= alert.count))`,
          now - this.#limits.window,
          JSON.stringify(channels),
        );
        this.#run("DELETE FROM told WHERE alert NOT IN (SELECT id FROM alert)");
      });
    });
  }

  /** Makes the digest of what was counted where `every` milliseconds have passed since the last one. */
  digest(now: number, every: number): void {
    const since = this.#state("digest");
    if (since !== undefined && now - since < every) return;
    this.#guarded(() => {
      this.#transaction(() => {
        this.#run("INSERT OR REPLACE INTO state VALUES ('digest', ?)", now);
        const lines = this.#database.prepare("SELECT text, count FROM counted ORDER BY level DESC, count DESC").all();
        if (since === undefined || lines.length === 0) return;
        const from = new Date(since).toISOString();
        const text = [`Since ${from}:`, ...lines.map((row) => `${String(row.count)} x ${String(row.text)}`)];
        this.#run("INSERT INTO alert VALUES (NULL, 1, ?, 0, ?, 1, ?, ?)", `digest ${now}`, text.join("\n"), now, now);
        this.#run("DELETE FROM counted");
        this.#run(
          "DELETE FROM alert WHERE digest = 1 AND id NOT IN (SELECT id FROM alert WHERE digest = 1 ORDER BY id DESC LIMIT ?)",
          KEPT_DIGESTS,
        );
      });
    });
  }

  /** By how many milliseconds this machine's clock is behind what was stored; windows are moved to it. Mostly 0. */
  clockWentBack(now: number): number {
    const back = (this.#state("clock") ?? now) - now;
    if (back <= 0) return 0;
    this.#guarded(() => {
      this.#transaction(() => {
        this.#run("UPDATE alert SET first = min(first, ?), last = min(last, ?)", now, now);
        this.#run("UPDATE state SET value = min(value, ?)", now);
      });
    });
    return back;
  }

  /** How far `source` was read; undefined where it never was. */
  position(source: string): Position | undefined {
    const row = this.#database.prepare("SELECT inode, offset FROM source WHERE source = ?").get(source);
    return row && { source, inode: String(row.inode), offset: Number(row.offset) };
  }

  close(): void {
    this.#database.close();
  }

  #readTo({ source, inode, offset }: Position): void {
    this.#run("INSERT OR REPLACE INTO source VALUES (?, ?, ?)", source, inode, offset);
  }

  #isNew(id: string): boolean {
    if (this.#run("INSERT OR IGNORE INTO seen VALUES (NULL, ?)", id) === 0) return false;
    this.#run("DELETE FROM seen WHERE number <= (SELECT max(number) FROM seen) - ?", REMEMBERED);
    return true;
  }

  #alert({ key, level, text }: Notice, now: number): void {
    const again = this.#run(
      "UPDATE alert SET count = count + 1, last = ? WHERE key = ? AND first > ?",
      now,
      key,
      now - this.#limits.window,
    );
    if (again === 0) this.#run("INSERT INTO alert VALUES (NULL, 0, ?, ?, ?, 1, ?, ?)", key, level, text, now, now);
  }

  #count({ key, level, text }: Notice): void {
    const { digestFrom, digestLines } = this.#limits;
    if (level < digestFrom) this.#add("low", level, `events below level ${digestFrom}`);
    else if (this.#add(key, level, text, true) > 0) return;
    else if (this.#number("SELECT count(*) FROM counted") < digestLines) this.#add(key, level, text);
    else this.#add("others", 0, "events of other kinds");
  }

  #add(key: string, level: number, text: string, onlyKnown = false): number {
    const known = this.#run("UPDATE counted SET count = count + 1 WHERE key = ?", key);
    if (known > 0 || onlyKnown) return known;
    return this.#run("INSERT INTO counted VALUES (?, ?, ?, 1)", key, level, text);
  }

  #state(name: string): number | undefined {
    const row = this.#database.prepare("SELECT value FROM state WHERE name = ?").get(name);
    return row && Number(row.value);
  }

  #number(sql: string): number {
    return Number(Object.values(this.#database.prepare(sql).get() ?? {})[0]);
  }

  #run(sql: string, ...values: (string | number)[]): number {
    return Number(this.#database.prepare(sql).run(...values).changes);
  }

  #transaction(body: () => void): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      body();
      this.#database.exec("COMMIT");
    } catch (error) {
      // SQLite rolls back by itself where the disk is full.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  #guarded(body: () => void): void {
    try {
      body();
    } catch (error) {
      throw spoolError(
        error,
        this.#file,
        () => this.#number("PRAGMA page_count") >= this.#number("PRAGMA max_page_count"),
      );
    }
  }
}
