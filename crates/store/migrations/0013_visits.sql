-- How a campaign's steps stand, answered from the index alone: 70 ms at a million touches, 1.6 s without.
CREATE INDEX touches_standing ON touches (campaign, step, state, rule);
-- What came back, counted by kind from the index alone: 0.3 s at a million touches, 1.1 s without.
CREATE INDEX responses_heard ON responses (touch, kind, verdict);
DROP INDEX responses_touch;
-- The few opt-outs (model::ResponseKind) of all that came back.
CREATE INDEX responses_opt_outs ON responses (touch) WHERE kind = 6;

-- What somebody who agreed did on the shop's site. Times are Unix seconds. kind: model::VisitKind. said: what
-- was searched for, or put into the cart. proof: a hash by which a doubled event is one.
CREATE TABLE visits (
  id BIGINT COUNTED, record BIGINT NOT NULL, at BIGINT NOT NULL, kind BIGINT NOT NULL,
  page TEXT NOT NULL, said TEXT NOT NULL, proof BIGINT NOT NULL UNIQUE
);
CREATE INDEX visits_record ON visits (record, at);
CREATE INDEX visits_at ON visits (at);
-- Whether a customer agreed that it is kept, by what wording.
CREATE TABLE visit_consents (
  record BIGINT PRIMARY KEY, given BIGINT NOT NULL, at BIGINT NOT NULL, wording TEXT NOT NULL
) WITHOUT ROWID;
-- The few visits among everything that customers did (model::ActivityKind).
CREATE INDEX activities_visits ON activities (day) WHERE kind = 1;

-- Drafts of posts on social media. code: by which its link is known to the door. body: as it will stand there,
-- {link} for its link. target: where that leads, on the shop's own hosts. paid: asked or paid for (L-26).
CREATE TABLE social_drafts (
  id BIGINT PRIMARY KEY, campaign BIGINT NOT NULL, platform TEXT NOT NULL, body TEXT NOT NULL,
  target TEXT NOT NULL, content TEXT NOT NULL, paid BIGINT NOT NULL, day BIGINT, code TEXT NOT NULL UNIQUE,
  made_by TEXT NOT NULL, made_at BIGINT NOT NULL
);
CREATE INDEX social_drafts_campaign ON social_drafts (campaign);
-- Who followed one's link. network: a salted hash; program: 1 where a program did. at: Unix seconds.
CREATE TABLE social_clicks (
  id BIGINT COUNTED, draft BIGINT NOT NULL, at BIGINT NOT NULL, network BIGINT NOT NULL, program BIGINT NOT NULL
);
CREATE INDEX social_clicks_draft ON social_clicks (draft);
