-- What was learned of this shop, one row a time it was learned. as_of: the day it stands on. card:
-- the model card, body: what is needed to say the same of anybody; both JSON.
CREATE TABLE models (
  id BIGINT PRIMARY KEY, at BIGINT NOT NULL, as_of BIGINT NOT NULL, card TEXT NOT NULL, body TEXT NOT NULL
);

-- Columns written before do not know how long goods last: everyone's are written anew.
INSERT INTO changes (customer, seq) VALUES (0, 1) ON CONFLICT (customer) DO NOTHING;
