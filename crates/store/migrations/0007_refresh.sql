-- What customers said of themselves on their own page, and what became of their former addresses.

-- One fact of one record: confirmed (was = now_is) or corrected. was, now_is: hashes of the value
-- (model::OwnFact), which outlive the words: old and new are NULL once erased. was NULL: none before.
CREATE TABLE profile_changes (
  id BIGINT COUNTED, record BIGINT NOT NULL, field BIGINT NOT NULL, was BIGINT, now_is BIGINT NOT NULL,
  old TEXT, new TEXT, at BIGINT NOT NULL, how TEXT NOT NULL, touch BIGINT NOT NULL
);
CREATE INDEX profile_changes_record ON profile_changes (record);

-- The page of a touch: wrong answers so far, and when it was used up. Times are Unix seconds.
CREATE TABLE refreshes (touch BIGINT PRIMARY KEY, tries BIGINT NOT NULL, done BIGINT);

-- Addresses that a customer said are theirs no more. channel -1: what is known against the address
-- itself (it does not reach) holds for this record no longer; a channel: its opt-outs neither, since
-- the customer agreed to that channel anew, at another address. For everybody else both still hold.
CREATE TABLE former_keys (
  key BIGINT NOT NULL, record BIGINT NOT NULL, channel BIGINT NOT NULL, PRIMARY KEY (key, record, channel)
) WITHOUT ROWID;
