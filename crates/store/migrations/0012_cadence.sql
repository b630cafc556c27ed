-- Points, coupons and codes; how often somebody wants to hear; cards of the season.

-- as_of: the day of which a balance was told; NULL: taken in before balances were dated.
ALTER TABLE balances ADD COLUMN as_of BIGINT;
CREATE INDEX balances_expires ON balances (expires);
-- Coupons that the cart gave somebody.
CREATE TABLE held_coupons (
  record BIGINT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, expires BIGINT, used BIGINT NOT NULL,
  as_of BIGINT NOT NULL, PRIMARY KEY (record, code)
) WITHOUT ROWID;
CREATE INDEX held_coupons_expires ON held_coupons (expires);
-- Codes that the cart made for a campaign. given: when one went to a customer (it is in coupons then).
CREATE TABLE cart_codes (
  code TEXT PRIMARY KEY, campaign BIGINT NOT NULL, place BIGINT NOT NULL, given BIGINT
);
CREATE INDEX cart_codes_free ON cart_codes (campaign, place) WHERE given IS NULL;
-- Orders that named a shared or spoken code. step, variant: -1 where the code is the whole campaign's.
CREATE TABLE redemptions (
  order_id BIGINT NOT NULL, campaign BIGINT NOT NULL, code TEXT NOT NULL, step BIGINT NOT NULL,
  variant BIGINT NOT NULL, PRIMARY KEY (order_id, campaign)
) WITHOUT ROWID;
CREATE INDEX redemptions_campaign ON redemptions (campaign);
-- By what an order says of its code; most orders say nothing.
CREATE INDEX orders_medium ON orders (UPPER(medium)) WHERE medium IS NOT NULL;

-- How often somebody wants the newsletter (wish), and how often they get it by now (model::Cadence). Of a
-- person: whichever of their records was last spoken of. said: when somebody last said what they want.
CREATE TABLE cadences (
  record BIGINT PRIMARY KEY, wish BIGINT NOT NULL, cadence BIGINT NOT NULL, since BIGINT NOT NULL, said BIGINT
);
CREATE TABLE cadence_log (
  id BIGINT COUNTED, record BIGINT NOT NULL, at BIGINT NOT NULL, was BIGINT NOT NULL, cadence BIGINT NOT NULL,
  ja TEXT NOT NULL, en TEXT NOT NULL, made_by TEXT NOT NULL
);
CREATE INDEX cadence_log_record ON cadence_log (record);

-- In mourning until a day: no New Year's card.
CREATE TABLE mournings (
  id BIGINT COUNTED, record BIGINT NOT NULL, since BIGINT NOT NULL, until BIGINT NOT NULL, note TEXT NOT NULL,
  made_by TEXT NOT NULL, at BIGINT NOT NULL, lifted_by TEXT, lifted_at BIGINT
);
CREATE INDEX mournings_record ON mournings (record);
-- What somebody answered to an invitation, or did; the last word counts. customer: as assigned.
CREATE TABLE attendances (
  id BIGINT COUNTED, campaign BIGINT NOT NULL, customer BIGINT NOT NULL, answer BIGINT NOT NULL,
  people BIGINT NOT NULL, note TEXT NOT NULL, made_by TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX attendances_campaign ON attendances (campaign, customer);
