-- What customers write to us, one row a talk. record: whose (any record of theirs), NULL while nobody knows.
-- way: model::InquiryWay; touch: the newest of ours it answers. day, last_day: of its first and last words.
-- since: when the oldest words came that nobody answered. contact: what they gave to be answered by, where they
-- are not known. severity: model::Severity, above 0 a complaint, opened on complained_day. leaves: model::Leaving.
-- owner, due: who sees to it, by when. Times are Unix seconds.
CREATE TABLE inquiries (
  id BIGINT COUNTED, record BIGINT, way BIGINT NOT NULL, touch BIGINT, day BIGINT NOT NULL,
  last_day BIGINT NOT NULL, at BIGINT NOT NULL, since BIGINT NOT NULL, last_at BIGINT NOT NULL,
  subject TEXT NOT NULL, contact TEXT NOT NULL, severity BIGINT NOT NULL, complained_day BIGINT,
  leaves BIGINT NOT NULL, owner TEXT NOT NULL, due BIGINT, answered_by TEXT, answered_at BIGINT,
  closed_by TEXT, closed_at BIGINT, closed_day BIGINT
);
CREATE INDEX inquiries_record ON inquiries (record);
CREATE INDEX inquiries_last ON inquiries (last_at);
CREATE INDEX inquiries_waiting ON inquiries (since) WHERE answered_at IS NULL AND closed_at IS NULL;
CREATE INDEX inquiries_complaints ON inquiries (last_at) WHERE severity > 0 AND closed_at IS NULL;
-- said_by: an operator's name; empty: the customer. proof: what makes words told twice the same.
CREATE TABLE inquiry_words (
  id BIGINT COUNTED, inquiry BIGINT NOT NULL, at BIGINT NOT NULL, said_by TEXT NOT NULL, said TEXT NOT NULL,
  proof TEXT UNIQUE
);
CREATE INDEX inquiry_words_inquiry ON inquiry_words (inquiry);
-- Complaints that files told of: whoever has more of them opened than closed is kept out (M046).
CREATE INDEX activities_complaints ON activities (record) WHERE kind IN (6, 7);
-- What operators noted of customers. kind: model::NoteKind; place: where it was, or an address of the web.
-- proof: what makes a note imported twice the same. struck: by whom and when it was taken back (Unix seconds).
CREATE TABLE notes (
  id BIGINT COUNTED, record BIGINT NOT NULL, day BIGINT NOT NULL, kind BIGINT NOT NULL, said TEXT NOT NULL,
  place TEXT NOT NULL, made_by TEXT NOT NULL, made_at BIGINT NOT NULL, proof TEXT NOT NULL UNIQUE,
  struck_by TEXT, struck_at BIGINT
);
CREATE INDEX notes_record ON notes (record);
-- People who speak for a company. since: on the post since (a day). state: model::PostState, since state_on.
-- successor: the one who has the post now. met_on, met_at: when and where first met.
CREATE TABLE contact_persons (
  id BIGINT COUNTED, record BIGINT NOT NULL, name TEXT NOT NULL, department TEXT NOT NULL, title TEXT NOT NULL,
  mail TEXT NOT NULL, phone TEXT NOT NULL, since BIGINT, state BIGINT NOT NULL, state_on BIGINT,
  successor BIGINT, met_on BIGINT, met_at TEXT NOT NULL, interests TEXT NOT NULL,
  made_by TEXT NOT NULL, made_at BIGINT NOT NULL, changed_by TEXT NOT NULL, changed_at BIGINT NOT NULL
);
CREATE INDEX contact_persons_record ON contact_persons (record);
-- What may be shown in letters: usage scenes, customers' voices, posts on social media. kind: model::ContentKind.
-- holder: whose it is; permitted_on: the day they allowed it; until: up to when. advertising: 0 not asked or paid
-- for, 1 asked or paid for and marked so, 2 asked or paid for and not marked (L-26). word: how letters name it.
CREATE TABLE contents (
  id BIGINT COUNTED, word TEXT NOT NULL UNIQUE, kind BIGINT NOT NULL, title TEXT NOT NULL, said TEXT NOT NULL,
  holder TEXT NOT NULL, permitted_on BIGINT, until BIGINT, advertising BIGINT NOT NULL, link TEXT NOT NULL,
  made_by TEXT NOT NULL, made_at BIGINT NOT NULL, retired_at BIGINT
);
