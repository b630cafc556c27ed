-- One text for both databases; `migrate.rs` says what differs: on SQLite BIGINT PRIMARY KEY is
-- the row number; on PostgreSQL every TEXT sorts by its bytes and WITHOUT ROWID is left out.
-- Days are days since 1970-01-01, times Unix seconds, money hundredths.

CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE sources (id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE);

-- state: running, finished, interrupted.
CREATE TABLE imports (
  id BIGINT PRIMARY KEY, path TEXT NOT NULL, source BIGINT NOT NULL, kind TEXT NOT NULL,
  encoding TEXT NOT NULL, at BIGINT NOT NULL, state TEXT NOT NULL, summary TEXT
);

-- What one source says of one person, without the words: those are in profiles. customer is the
-- lowest record of those that are one person. known: first day the shop knew of them. bits: bits.rs.
-- stated: hash of the last statement of a file of customers.
CREATE TABLE records (
  id BIGINT PRIMARY KEY, customer BIGINT NOT NULL, known BIGINT NOT NULL, bits BIGINT NOT NULL,
  source BIGINT NOT NULL, ext_id TEXT NOT NULL, stated BIGINT, import BIGINT NOT NULL,
  UNIQUE (source, ext_id)
);
CREATE INDEX records_customer ON records (customer);

-- from_file: a file of customers gave facts, so that orders only fill gaps. facts_at: time of the
-- newest order whose facts were taken.
CREATE TABLE profiles (
  record BIGINT PRIMARY KEY, profile TEXT NOT NULL, from_file BIGINT NOT NULL, facts_at BIGINT
);

-- Folded names for searching by their beginning. Earlier names stay: people are asked for by them.
CREATE TABLE names (folded TEXT NOT NULL, record BIGINT NOT NULL, PRIMARY KEY (folded, record)) WITHOUT ROWID;

-- Hashes of what records may share. Earlier ones stay: an opt-out of an old address still holds.
CREATE TABLE match_keys (key BIGINT NOT NULL, record BIGINT NOT NULL, PRIMARY KEY (key, record)) WITHOUT ROWID;
CREATE INDEX match_keys_record ON match_keys (record);
CREATE TABLE match_queue (record BIGINT PRIMARY KEY);

-- Edges between records: one person are those that edges not undone connect.
CREATE TABLE merges (
  id BIGINT PRIMARY KEY, a BIGINT NOT NULL, b BIGINT NOT NULL, facts TEXT NOT NULL,
  made_by TEXT NOT NULL, at BIGINT NOT NULL, undone_by TEXT, undone_at BIGINT
);
CREATE INDEX merges_a ON merges (a);
CREATE INDEX merges_b ON merges (b);
-- Pairs that a person said are two; a < b.
CREATE TABLE kept_apart (
  a BIGINT NOT NULL, b BIGINT NOT NULL, said_by TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (a, b)
) WITHOUT ROWID;
CREATE INDEX kept_apart_b ON kept_apart (b);
CREATE TABLE suggestions (
  id BIGINT PRIMARY KEY, a BIGINT NOT NULL, b BIGINT NOT NULL, facts TEXT NOT NULL, conflict TEXT,
  at BIGINT NOT NULL, UNIQUE (a, b)
);
CREATE INDEX suggestions_b ON suggestions (b);

-- Columns that every reading of all orders needs come first: SQLite reads a row only as far as asked.
CREATE TABLE orders (
  id BIGINT PRIMARY KEY, record BIGINT NOT NULL, day BIGINT NOT NULL, kind BIGINT NOT NULL,
  standing BIGINT NOT NULL, gift BIGINT NOT NULL, total BIGINT NOT NULL, refunded BIGINT NOT NULL,
  category_set BIGINT NOT NULL, goods BIGINT, points BIGINT,
  source BIGINT NOT NULL, ext_id TEXT NOT NULL, at BIGINT NOT NULL, fingerprint BIGINT NOT NULL,
  import BIGINT NOT NULL, shipping BIGINT, tax BIGINT, discount BIGINT, shipped BIGINT, medium TEXT,
  refund_of TEXT
);
CREATE TABLE lines (
  order_id BIGINT NOT NULL, place BIGINT NOT NULL, name TEXT NOT NULL, sku TEXT NOT NULL,
  category TEXT NOT NULL, quantity BIGINT NOT NULL, price BIGINT NOT NULL, PRIMARY KEY (order_id, place)
) WITHOUT ROWID;
-- names: a JSON list, sorted; number 0 is the empty one.
CREATE TABLE category_sets (id BIGINT PRIMARY KEY, names TEXT NOT NULL UNIQUE);
INSERT INTO category_sets (id, names) VALUES (0, '[]');

CREATE TABLE subscriptions (
  id BIGINT PRIMARY KEY, source BIGINT NOT NULL, ext_id TEXT NOT NULL, record BIGINT NOT NULL,
  standing BIGINT NOT NULL, started BIGINT, ended BIGINT, next_delivery BIGINT, product TEXT NOT NULL,
  seen BIGINT NOT NULL, changed BIGINT NOT NULL, UNIQUE (source, ext_id)
);
CREATE INDEX subscriptions_record ON subscriptions (record);
CREATE TABLE activities (
  record BIGINT NOT NULL, day BIGINT NOT NULL, kind BIGINT NOT NULL, note TEXT NOT NULL,
  import BIGINT NOT NULL, PRIMARY KEY (record, day, kind, note)
) WITHOUT ROWID;
CREATE TABLE balances (record BIGINT PRIMARY KEY, points BIGINT NOT NULL, expires BIGINT);
CREATE TABLE products (
  sku TEXT PRIMARY KEY, name TEXT NOT NULL, category TEXT NOT NULL, days_per_unit DOUBLE PRECISION,
  margin DOUBLE PRECISION, successor TEXT NOT NULL, sensitive BIGINT NOT NULL
);

-- Proofs of permission, kept for good. day: the day given, or of the import.
CREATE TABLE consents (
  id BIGINT PRIMARY KEY, record BIGINT NOT NULL, channel BIGINT NOT NULL, basis BIGINT NOT NULL,
  given BIGINT NOT NULL, given_on BIGINT, day BIGINT NOT NULL, evidence TEXT NOT NULL,
  source BIGINT NOT NULL, import BIGINT NOT NULL
);
CREATE INDEX consents_record ON consents (record);
-- Must-nots. Of a record, or of an address or number (match_key) whoever has it. Never deleted:
-- an operator lifts them by name.
CREATE TABLE suppressions (
  id BIGINT PRIMARY KEY, record BIGINT, match_key BIGINT, channel BIGINT, reason BIGINT NOT NULL,
  since BIGINT, note TEXT NOT NULL, source TEXT NOT NULL, made_by TEXT NOT NULL, at BIGINT NOT NULL,
  lifted_by TEXT, lifted_why TEXT, lifted_at BIGINT
);
CREATE INDEX suppressions_record ON suppressions (record);
CREATE INDEX suppressions_match_key ON suppressions (match_key);
CREATE TABLE attestations (
  id BIGINT PRIMARY KEY, channel BIGINT NOT NULL, basis BIGINT NOT NULL, source TEXT,
  wording TEXT NOT NULL, made_by TEXT NOT NULL, at BIGINT NOT NULL, revoked_by TEXT, revoked_at BIGINT
);

CREATE TABLE policies (
  id BIGINT PRIMARY KEY, name TEXT NOT NULL, version BIGINT NOT NULL, body TEXT NOT NULL,
  saved_by TEXT NOT NULL, at BIGINT NOT NULL, active BIGINT NOT NULL, UNIQUE (name, version)
);
CREATE TABLE segments (name TEXT PRIMARY KEY, condition TEXT NOT NULL, at BIGINT NOT NULL);

-- Customers touched since the columns were written; customer 0 stands for everyone.
CREATE TABLE changes (customer BIGINT PRIMARY KEY, seq BIGINT NOT NULL);
INSERT INTO changes (customer, seq) VALUES (0, 1);
