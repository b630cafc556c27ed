-- Pieces of post that are made, posted and accounted for together. Times are Unix seconds.

-- state: store::BatchState. body: what they were printed as, as JSON, so that they print the same
-- again. cost: of all of them, hundredths. printed: when its files were first written; posted_on: a day.
CREATE TABLE batches (
  id BIGINT PRIMARY KEY, campaign BIGINT NOT NULL, step BIGINT NOT NULL, kind TEXT NOT NULL,
  made_at BIGINT NOT NULL, made_by TEXT NOT NULL, state BIGINT NOT NULL, pieces BIGINT NOT NULL,
  cost BIGINT NOT NULL, body TEXT NOT NULL, printed BIGINT, posted_on BIGINT, posted_by TEXT
);
-- place: in the order of the post, from 0. body: the piece as printed, as JSON; empty once the batch
-- is posted or given back, since then nothing asks for the address any more. cost: hundredths.
CREATE TABLE batch_pieces (
  batch BIGINT NOT NULL, place BIGINT NOT NULL, touch BIGINT NOT NULL, body TEXT NOT NULL,
  cost BIGINT NOT NULL, PRIMARY KEY (batch, place)
) WITHOUT ROWID;
CREATE INDEX batch_pieces_touch ON batch_pieces (touch);
