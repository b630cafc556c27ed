-- Campaigns, who was drawn for them, what was sent and what came back. Times are Unix seconds where
-- nothing else is said. "id BIGINT COUNTED" is a number that the database gives by itself.

-- body: the document as JSON; frozen with the approval. plan: the one approved. rooted: the local
-- midnight of the first step's day. waits: why nothing fires although it is approved; empty otherwise.
CREATE TABLE campaigns (
  id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE, body TEXT NOT NULL, state BIGINT NOT NULL,
  seed BIGINT NOT NULL, made_by TEXT NOT NULL, made_at BIGINT NOT NULL, plan BIGINT,
  approved_by TEXT, approved_at BIGINT, rooted BIGINT, waits TEXT NOT NULL DEFAULT ''
);
CREATE TABLE campaign_log (
  id BIGINT PRIMARY KEY, campaign BIGINT NOT NULL, at BIGINT NOT NULL, made_by TEXT NOT NULL,
  what TEXT NOT NULL, note TEXT NOT NULL
);
CREATE INDEX campaign_log_campaign ON campaign_log (campaign);

-- A drawing: drafted in chunks, frozen when the campaign names it. print: a hash of the document it
-- was drawn for. body: its forecast as JSON; NULL while the drafting is under way.
CREATE TABLE plans (
  id BIGINT PRIMARY KEY, campaign BIGINT NOT NULL, at BIGINT NOT NULL, as_of BIGINT NOT NULL,
  print BIGINT NOT NULL, body TEXT
);
-- arm, variant, stratum: model::Assignment. kind: bought once or regularly. rule: why skipped.
CREATE TABLE assignments (
  plan BIGINT NOT NULL, customer BIGINT NOT NULL, arm BIGINT NOT NULL, variant BIGINT NOT NULL,
  stratum BIGINT NOT NULL, p_return DOUBLE PRECISION, profit BIGINT NOT NULL, kind BIGINT NOT NULL,
  rule TEXT NOT NULL, PRIMARY KEY (plan, customer)
) WITHOUT ROWID;
CREATE INDEX assignments_customer ON assignments (customer);

-- One contact. destination is a hash (model::MatchKey), NULL where it never had one. value: the
-- expected profit, by which one wins a cap. rule: why skipped or failed. settled: when it ended.
CREATE TABLE touches (
  id BIGINT PRIMARY KEY, campaign BIGINT NOT NULL, step BIGINT NOT NULL, customer BIGINT NOT NULL,
  channel BIGINT NOT NULL, destination BIGINT, variant BIGINT NOT NULL, value BIGINT NOT NULL,
  due BIGINT NOT NULL, state BIGINT NOT NULL, tries BIGINT NOT NULL, worker TEXT NOT NULL,
  rule TEXT NOT NULL, settled BIGINT,
  UNIQUE (campaign, step, customer, channel), UNIQUE (campaign, step, channel, destination)
);
CREATE INDEX touches_open ON touches (state, due);
CREATE INDEX touches_customer ON touches (customer);
CREATE INDEX touches_destination ON touches (destination);

-- Steps whose touches are all made.
CREATE TABLE steps_made (
  campaign BIGINT NOT NULL, step BIGINT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (campaign, step)
) WITHOUT ROWID;
-- An attempt is written before the point of no return, its outcome after. outcome NULL: none yet.
CREATE TABLE attempts (
  touch BIGINT NOT NULL, n BIGINT NOT NULL, at BIGINT NOT NULL, worker TEXT NOT NULL,
  outcome BIGINT, said TEXT NOT NULL, ended BIGINT, PRIMARY KEY (touch, n)
) WITHOUT ROWID;
-- Who works. What a worker claimed is free again once its beat is old and nothing was attempted.
CREATE TABLE workers (name TEXT PRIMARY KEY, started BIGINT NOT NULL, beat BIGINT NOT NULL);

-- Everything that came back, as raw as it came, but no addresses. at: milliseconds. proof: what makes
-- a doubled report the same one.
CREATE TABLE responses (
  id BIGINT COUNTED, touch BIGINT NOT NULL, kind BIGINT NOT NULL, at BIGINT NOT NULL, link BIGINT,
  agent TEXT NOT NULL, network BIGINT NOT NULL, said TEXT NOT NULL, verdict BIGINT NOT NULL,
  proof TEXT UNIQUE
);
CREATE INDEX responses_touch ON responses (touch);
CREATE INDEX responses_network ON responses (network, at);

CREATE TABLE coupons (
  code TEXT PRIMARY KEY, campaign BIGINT NOT NULL, customer BIGINT NOT NULL, issued BIGINT NOT NULL,
  redeemed BIGINT, order_id BIGINT, UNIQUE (campaign, customer)
);
-- What a campaign brought, as told at a moment; the last is the one shown.
CREATE TABLE measurements (
  id BIGINT PRIMARY KEY, campaign BIGINT NOT NULL, at BIGINT NOT NULL, final BIGINT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX measurements_campaign ON measurements (campaign);

-- Who may open the pages from another machine; word: an argon2 hash.
CREATE TABLE operators (name TEXT PRIMARY KEY, word TEXT NOT NULL, made_at BIGINT NOT NULL, shut_at BIGINT);
-- token: a hash of the one in the browser.
CREATE TABLE logins (
  token TEXT PRIMARY KEY, operator TEXT NOT NULL, made_at BIGINT NOT NULL, seen_at BIGINT NOT NULL
);
