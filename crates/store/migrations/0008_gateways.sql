-- What a gateway said when it was handed a message. name: its own name of it, by which its reports find
-- the touch. parts: as charged, each at price (hundredths; 0: not known). again_until: it may have arrived,
-- and may be asked for again under the same reference up to then (Unix seconds); NULL: nothing is open.
CREATE TABLE handovers (
  touch BIGINT PRIMARY KEY, name TEXT NOT NULL, parts BIGINT NOT NULL, price BIGINT NOT NULL, again_until BIGINT
) WITHOUT ROWID;
CREATE INDEX handovers_name ON handovers (name);
CREATE INDEX handovers_open ON handovers (touch) WHERE again_until IS NOT NULL;
-- What friends at LINE last did. key: model::MatchKey of the id; at: milliseconds, by LINE's clock, since calls
-- come twice and out of order.
CREATE TABLE friends (key BIGINT PRIMARY KEY, at BIGINT NOT NULL, blocked BIGINT NOT NULL) WITHOUT ROWID;
