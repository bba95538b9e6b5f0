ALTER TABLE tokens DROP COLUMN longest_life;
