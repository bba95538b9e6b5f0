-- For how long, in seconds, a token may let those live that are made with it. NULL in rows from before: tokens of the
-- host are not bounded, others by their own life.
ALTER TABLE tokens ADD COLUMN longest_life BIGINT;
