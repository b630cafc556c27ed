-- The phone desk. taken: when a person took a touch in hand (Unix seconds); what they hold longer than
-- they may is anybody's again.
ALTER TABLE touches ADD COLUMN taken BIGINT;
CREATE INDEX touches_calls ON touches (due) WHERE channel = 4 AND state = 0;
CREATE INDEX touches_in_hand ON touches (worker) WHERE taken IS NOT NULL;

-- One call, one row, beside its attempt. result: model::CallResult. cost: hundredths. left_for: why the
-- customer said they left; empty where they did not. closed: numbers of the must-nots it made, apart by
-- commas. day, kind, told: the activity it wrote, kind NULL where none. undone: when its caller took it back.
CREATE TABLE calls (
  touch BIGINT NOT NULL, n BIGINT NOT NULL, customer BIGINT NOT NULL, at BIGINT NOT NULL,
  caller TEXT NOT NULL, result BIGINT NOT NULL, note TEXT NOT NULL, branch TEXT NOT NULL,
  left_for TEXT NOT NULL, minutes BIGINT NOT NULL, cost BIGINT NOT NULL, closed TEXT NOT NULL,
  day BIGINT NOT NULL, kind BIGINT, told TEXT NOT NULL, undone BIGINT, PRIMARY KEY (touch, n)
) WITHOUT ROWID;
CREATE INDEX calls_customer ON calls (customer);
CREATE INDEX calls_caller ON calls (caller, at);

-- What is to be done next with a customer, by whom, by when. touch, made_n: the call it came of; done_n:
-- the call of the same touch that settled it.
CREATE TABLE tasks (
  id BIGINT COUNTED, customer BIGINT NOT NULL, what TEXT NOT NULL, due BIGINT NOT NULL,
  owner TEXT NOT NULL, touch BIGINT, made_n BIGINT, made_by TEXT NOT NULL, made_at BIGINT NOT NULL,
  done_by TEXT, done_at BIGINT, done_n BIGINT
);
CREATE INDEX tasks_open ON tasks (due) WHERE done_at IS NULL;
CREATE INDEX tasks_customer ON tasks (customer);
CREATE INDEX tasks_touch ON tasks (touch);
