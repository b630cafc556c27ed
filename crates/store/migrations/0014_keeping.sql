-- Files and orders that came by themselves. way: 0 the watched folder, 1 a call with a file, 2 a call with
-- orders. state: 0 waiting, 1 done, 2 failed. reports: what each table in it came to, as JSON; why: the reason
-- of a failure. seen_by: the operator who has taken note of a failure.
CREATE TABLE arrivals (
  id BIGINT COUNTED, at BIGINT NOT NULL, way BIGINT NOT NULL, name TEXT NOT NULL, bytes BIGINT NOT NULL,
  state BIGINT NOT NULL, settled BIGINT, reports TEXT, why TEXT NOT NULL, seen_by TEXT, seen_at BIGINT
);
CREATE INDEX arrivals_failed ON arrivals (id) WHERE state = 2 AND seen_by IS NULL;
-- Who looked at or took out what about people. act: app's word for it. customer: whose, where it was one;
-- people: how many, where it was a list; what: the condition or the campaign, never a name or an address.
CREATE TABLE accesses (
  id BIGINT COUNTED, at BIGINT NOT NULL, who TEXT NOT NULL, act TEXT NOT NULL, customer BIGINT,
  people BIGINT, what TEXT NOT NULL
);
CREATE INDEX accesses_at ON accesses (at);
CREATE INDEX accesses_customer ON accesses (customer, id) WHERE customer IS NOT NULL;
-- Backups that were put back into this place. released: an operator has looked at what was sent since.
CREATE TABLE restores (
  id BIGINT COUNTED, at BIGINT NOT NULL, made BIGINT NOT NULL, released_by TEXT, released BIGINT
);
