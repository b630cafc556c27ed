-- Why customers went quiet, what they answer when asked, and what the shop does about it. Days are days
-- since 1970-01-01, times Unix seconds.

-- One thing that speaks for a reason. reason: a word of the shop's own list. source: model::ReasonSource.
-- confidence: 0..1. words: what was said or seen. proof: what makes the same thing told twice one.
-- dropped_by, dropped_at: an operator took it back. Calls and activities speak from their own tables.
CREATE TABLE statements (
  id BIGINT COUNTED, record BIGINT NOT NULL, reason TEXT NOT NULL, source BIGINT NOT NULL,
  confidence DOUBLE PRECISION NOT NULL, day BIGINT NOT NULL, words TEXT NOT NULL, made_by TEXT NOT NULL,
  at BIGINT NOT NULL, proof TEXT UNIQUE, dropped_by TEXT, dropped_at BIGINT
);
CREATE INDEX statements_record ON statements (record);
-- The few calls (result 12: goods are left) and activities (8: competitor, 9: dissatisfied) that say why.
CREATE INDEX calls_left ON calls (customer) WHERE left_for <> '' OR result = 12;
CREATE INDEX activities_left ON activities (record) WHERE kind IN (8, 9);

-- A survey as it was made: body is its document as JSON, never changed, since answers rest on it. in_force:
-- the one that letters lead to. touch and survey: a link answers once. expected, evaluated: 1..5. stock_days:
-- for how many days goods are left; NULL where it was not said.
CREATE TABLE surveys (
  id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE, body TEXT NOT NULL, made_by TEXT NOT NULL,
  made_at BIGINT NOT NULL, in_force BIGINT NOT NULL
);
CREATE TABLE survey_answers (
  id BIGINT COUNTED, survey BIGINT NOT NULL, touch BIGINT NOT NULL, record BIGINT NOT NULL,
  day BIGINT NOT NULL, at BIGINT NOT NULL, body TEXT NOT NULL, reason TEXT NOT NULL, expected BIGINT,
  evaluated BIGINT, stock_days BIGINT, may_contact BIGINT NOT NULL, grave BIGINT NOT NULL,
  UNIQUE (survey, touch)
);
CREATE INDEX survey_answers_record ON survey_answers (record);

-- Columns written before do not know what customers said of their goods: everyone's are written anew.
INSERT INTO changes (customer, seq) VALUES (0, 1) ON CONFLICT (customer) DO NOTHING;

-- What the shop makes better: the issue, the reason it answers, and what customers are told once it is done.
CREATE TABLE improvements (
  id BIGINT PRIMARY KEY, issue TEXT NOT NULL, reason TEXT NOT NULL, message TEXT NOT NULL,
  made_by TEXT NOT NULL, made_at BIGINT NOT NULL, fixed_on BIGINT, fixed_by TEXT, campaign BIGINT
);

-- What goes with what, as counted over everybody's orders (M085). bought_both: customers who bought both.
CREATE TABLE goods_pairs (
  a TEXT NOT NULL, b TEXT NOT NULL, bought_both BIGINT NOT NULL, confidence DOUBLE PRECISION NOT NULL,
  lift DOUBLE PRECISION NOT NULL, PRIMARY KEY (a, b)
) WITHOUT ROWID;
-- Names of the products in pairs, as the shop last sold them.
CREATE TABLE goods_names (sku TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
-- What a customer does not want to be offered.
CREATE TABLE goods_refused (
  record BIGINT NOT NULL, sku TEXT NOT NULL, made_by TEXT NOT NULL, at BIGINT NOT NULL,
  PRIMARY KEY (record, sku)
) WITHOUT ROWID;

-- What customers wrote of what they bought. looked_at: whether it was asked what it says of a reason.
CREATE TABLE reviews (
  record BIGINT NOT NULL, day BIGINT NOT NULL, stars BIGINT, words TEXT NOT NULL, import BIGINT NOT NULL,
  looked_at BIGINT NOT NULL, PRIMARY KEY (record, day, words)
) WITHOUT ROWID;
CREATE INDEX reviews_new ON reviews (record) WHERE looked_at = 0;
