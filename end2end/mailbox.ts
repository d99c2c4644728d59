// A real mail server that keeps what it receives.

import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

const ARRIVAL_LIMIT = 15_000; // the job runner looks every second or is told; a debug build is slow

/** A letter as it came in. */
export interface Letter {
  /** The envelope's recipients. */
  recipients: string[];
  mail: ParsedMail;
}

export class Mailbox {
  readonly letters: Letter[] = [];
  private readonly server: SMTPServer;

  private constructor() {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      onData: (stream, session, done) => {
        simpleParser(stream).then((mail) => {
          this.letters.push({ recipients: session.envelope.rcptTo.map(({ address }) => address), mail });
          done();
        }, done);
      },
    });
  }

  static async open(): Promise<Mailbox> {
    const mailbox = new Mailbox();
    await new Promise<void>((listening) => mailbox.server.listen(0, '127.0.0.1', listening));
    return mailbox;
  }

  /** For VESTIBULE_SMTP_URL. */
  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  /** Waits for the newest letter to somebody with this subject. */
  async letterTo(recipient: string, subject: string | RegExp): Promise<ParsedMail> {
    const deadline = Date.now() + ARRIVAL_LIMIT;
    for (;;) {
      const letter = this.lettersTo(recipient).findLast(({ mail }) => fits(mail.subject ?? '', subject));
      if (letter) return letter.mail;
      if (Date.now() > deadline) throw new Error(`no letter to ${recipient} with the subject ${subject}`);
      await sleep(50);
    }
  }

  lettersTo(recipient: string): Letter[] {
    return this.letters.filter(({ recipients }) => recipients.includes(recipient));
  }

  async close(): Promise<void> {
    await new Promise<void>((closed) => this.server.close(closed));
  }
}

function fits(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? text === wanted : wanted.test(text);
}

/** The one link into the portal that begins with this path. */
export function linkIn(text: string, path: string): string {
  const found = new Set(text.match(/https?:\/\/[^\s"'<>]+/g)?.filter((link) => new URL(link).pathname.startsWith(path)));
  if (found.size !== 1) throw new Error(`expected one link to ${path}, found ${[...found].join(', ') || 'none'}`);
  return [...found][0];
}
